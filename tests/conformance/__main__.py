"""The command line: a line for each case that fails, then one for each group."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests import known
from tests.conformance.cases import GROUPS, cases
from tests.conformance.judge import Outcome, judged


def main(arguments: Sequence[str] | None = None) -> int:
    """1 when a case fails that is not listed as a known difference, or one passes that is."""
    chosen = _parser().parse_args(arguments)
    if not (chosen.folder / "INDEX.json").is_file():
        print(f"{chosen.folder}: expected a folder of cases with an INDEX.json", file=sys.stderr)
        return 2
    groups = tuple(chosen.group or GROUPS)
    outcomes: dict[str, list[Outcome]] = {group: [] for group in groups}
    for outcome in judged(cases(chosen.folder, groups), chosen.jobs):
        outcomes[outcome.case.group].append(outcome)
    listed = known.read()
    if chosen.update:
        for group in groups:
            listed[group] = known.updated(listed.get(group, {}), failing(outcomes[group]))
        known.write(listed)
    bad = [
        complain(group, outcomes[group], listed.get(group, {}), chosen.verbose) for group in groups
    ]
    for group in groups:
        print(summary(group, outcomes[group], listed.get(group, {})))
    return 1 if any(bad) else 0


def failing(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """The ids of the cases that fail, with the kind of their first difference."""
    return {each.case.id: kind(each.differences[0]) for each in outcomes if each.differences}


def kind(difference: str) -> str:
    """What sort of difference it is, without the values: `.error.message`, `KeyError` ..."""
    return difference.partition(": ")[0]


def complain(
    group: str, outcomes: Sequence[Outcome], listed: Mapping[str, str], verbose: bool
) -> int:
    """Say what is not as the list has it; how many cases that are."""
    bad = 0
    for each in sorted(outcomes, key=lambda outcome: outcome.case.id):
        unlisted = bool(each.differences) and each.case.id not in listed
        passes = passed(each) and each.case.id in listed
        bad += unlisted or passes
        if passes:
            print(f"{group} {each.case.id}: passes, strike it off the known differences")
        elif unlisted or (verbose and each.differences):
            print(
                f"{group} {each.case.id}", *each.differences[: 20 if verbose else 3], sep="\n    "
            )
        elif verbose and each.not_there:
            print(f"{group} {each.case.id}: {each.not_there}")
    return bad


def summary(group: str, outcomes: Sequence[Outcome], listed: Mapping[str, str]) -> str:
    """`expressions 580 of 589 pass, 9 known, 0 failed`"""
    count = Counter(
        "pass"
        if passed(each)
        else "known"
        if each.not_there or each.case.id in listed
        else "failed"
        for each in outcomes
    )
    return (
        f"{group} {count['pass']} of {len(outcomes)} pass, "
        f"{count['known']} known, {count['failed']} failed"
    )


def passed(outcome: Outcome) -> bool:
    """Whether n8nlite does as n8n does."""
    return not outcome.differences and not outcome.not_there


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.conformance", description="Lay n8nlite beside n8n's own test cases."
    )
    parser.add_argument("folder", type=Path, help="the folder of cases, with an INDEX.json")
    parser.add_argument("--group", action="append", choices=GROUPS, help="only this group")
    parser.add_argument("--verbose", action="store_true", help="every difference, known ones too")
    parser.add_argument("--update", action="store_true", help="list what fails as known")
    parser.add_argument("--jobs", type=int, default=2, help="how many processes")
    return parser


if __name__ == "__main__":
    sys.exit(main())
