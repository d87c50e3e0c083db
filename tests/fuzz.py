"""
Hostile expressions on hostile items, made by grammar and by changing real ones.

    python -m tests.fuzz --count 50000 --seed 1

None may hang, end the process, raise anything but an ExpressionError, or leave something behind: a
canary is evaluated now and then, and after every context that was thrown away.
Real expressions come from N8NLITE_CORPUS (tests/corpus.py), ../shared/corpus, or our fixtures.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from n8nlite_expressions import (
    Evaluator,
    ExpressionError,
    ExpressionTimeout,
    Item,
    Limits,
    NodeData,
    Run,
    Scope,
    Source,
)
from tests import corpus
from tests.corpus_expressions import expressions
from tests.fuzz_grammar import SLOW, Grammar

FOLDER = Path(__file__).parent
LIMITS = Limits(timeout=0.4, memory=96 << 20, result=8 << 20)
PATIENCE = 5.0
"""Seconds over the limit after which an expression has hung: machines are busy."""

PER_CONTEXT = 400
CANARY_EVERY = 40
ALONE = 0.75
"""The share of contexts that see but a few expressions."""

CANARY = f"={{{{ {(FOLDER / 'canary.js').read_text(encoding='utf-8')} }}}}"
"""What the built-in world looks like from within: the same for ever."""

CLEAN = Scope(
    input=[Item({"n": 1})],
    sources=[Source("Before")],
    nodes={"Before": NodeData([Run([[Item({"ok": True})]])])},
    timezone="Europe/Berlin",
)


@dataclass(slots=True)
class Findings:
    """What came of the expressions, and what must not have been."""

    outcomes: Counter[str] = field(default_factory=Counter)
    canaries: int = 0
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {name}" for name, count in self.outcomes.most_common())
        lines = [f"{sum(self.outcomes.values())} expressions: {counts}"]
        lines.append(f"{self.canaries} canaries, slowest expression {self.slowest:.2f} s")
        return "\n".join([*lines, f"{len(self.failures)} failures", *self.failures])


class Fuzzer:
    """Evaluates what a grammar makes, one evaluator for many, and watches over it."""

    def __init__(self, grammar: Grammar, real: Sequence[str], chance: random.Random) -> None:
        self.grammar = grammar
        self.real = real
        self.chance = chance
        self.found = Findings()
        with Evaluator(limits=LIMITS) as untouched:
            self.expected = untouched.resolve(CANARY, CLEAN)

    def run(self, count: int, told: Callable[[str], None] = lambda text: None) -> Findings:
        """Evaluate so many expressions."""
        done = 0
        while done < count:
            alone = self.chance.random() < ALONE
            size = min(self.chance.choice([1, 1, 2, 5]) if alone else PER_CONTEXT, count - done)
            with Evaluator(limits=LIMITS) as evaluator:
                for number in range(size):
                    self._one(evaluator)
                    if number % CANARY_EVERY == 0:
                        self._canary(evaluator, "")
                self._canary(evaluator, "at the end")
            done += size
            told(f"{done} of {count}, {len(self.found.failures)} failures")
        return self.found

    def _one(self, evaluator: Evaluator) -> None:
        template, scope = self._template(), self._scope()
        began = time.monotonic()
        outcome = self._outcome(evaluator, template, scope)
        seconds = time.monotonic() - began
        self.found.outcomes[outcome] += 1
        self.found.slowest = max(self.found.slowest, seconds)
        if seconds > LIMITS.timeout + PATIENCE:
            self._fail(f"took {seconds:.1f} s", template)
        if outcome == "stopped":
            self._canary(evaluator, template)

    def _outcome(self, evaluator: Evaluator, template: str, scope: Scope) -> str:
        try:
            evaluator.resolve(template, scope)
        except ExpressionTimeout:
            return "stopped"
        except ExpressionError as error:
            if not isinstance(error.message, str) or "Traceback" in str(error):
                self._fail(f"error {error!r}", template)
            return "errors"
        except Exception as error:
            self._fail(f"raised {type(error).__name__}: {error}", template)
            return "failures"
        return "values"

    def _canary(self, evaluator: Evaluator, after: str) -> None:
        self.found.canaries += 1
        for _ in range(2):  # the machine may be busy
            try:
                seen = evaluator.resolve(CANARY, CLEAN)
            except ExpressionTimeout as error:
                seen = error
            else:
                break
        if seen != self.expected:
            self._fail(f"canary {seen}", after)
            evaluator.close()
            raise SystemExit(str(self.found))

    def _fail(self, what: str, template: str) -> None:
        self.found.failures.append(f"{what[:300]}: {template[:500]!r}")

    def _template(self) -> str:
        if self.chance.random() < 0.002:
            return f"={{{{ {self.chance.choice(SLOW)} }}}}"
        if self.real and self.chance.random() < 0.5:
            return self.grammar.changed(self.chance.choice(self.real), self.real)
        return self.grammar.template()

    def _scope(self) -> Scope:
        items = [Item(self.grammar.json()) for _ in range(self.chance.choice([1, 1, 1, 3]))]
        nodes = {
            name: NodeData([Run([[Item(self.grammar.json())]])], parameters=self.grammar.json())
            for name in ("Before", self.grammar.key())
        }
        return Scope(
            input=items,
            sources=[Source("Before")],
            nodes=nodes,
            vars=self.grammar.json(),
            timezone=self.chance.choice(["UTC", "America/New_York", "Asia/Kolkata"]),
        )


def real_expressions() -> list[str]:
    """Of the corpus, where there is one, else of the fixtures."""
    beside = FOLDER.parents[1] / "shared/corpus"
    return expressions(
        corpus.folder() or (beside if beside.is_dir() else FOLDER.parent / "fixtures")
    )


def fuzz(
    count: int, seed: int, real: Sequence[str], told: Callable[[str], None] | None = None
) -> Findings:
    """Evaluate so many expressions; the same ones for the same seed and the same real ones."""
    chance = random.Random(seed)
    return Fuzzer(Grammar(chance), real, chance).run(count, told or (lambda text: None))


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=50_000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    started = time.monotonic()
    result = fuzz(
        chosen.count,
        chosen.seed,
        real_expressions(),
        lambda text: print(text, file=sys.stderr, flush=True),
    )
    print(f"{result}\n{time.monotonic() - started:.0f} s")
    sys.exit(bool(result.failures))
