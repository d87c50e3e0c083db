"""
Measures whole processes and warm runs of the workflows in fixtures/bench: `python -m tests.bench`.

With `--n8n` real n8n is measured beside them, in the same run, where the oracle is at hand
(N8NLITE_ORACLE): machines differ and are noisy, so only ratios of one run count. n8n evaluates
expressions with its default engine; N8N_EXPRESSION_ENGINE=legacy chooses the faster one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.fixture import FOLDER
from tests.oracle import script

NAMES = ("plain_paths", "trivial", "chain_20", "items_10k")


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians: seconds and peak megabytes of a whole process, seconds of a warm run."""

    process: float
    memory: float
    warm: float


def ours(file: Path, times: int) -> Figures:
    """n8nlite on a workflow."""
    command = [sys.executable, "-m", "n8nlite", "run", str(file), "--json"]
    process, memory = _processes(command, times)
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--warm", str(file), "--times", str(times)],
        capture_output=True,
        text=True,
        check=True,
    )
    return Figures(process, memory, median(json.loads(done.stdout)))


def theirs(file: Path, times: int, home: Path) -> Figures:
    """Real n8n on a workflow."""
    command = ["sh", str(script()), str(file), "--home", str(home), "--out", str(home / "out")]
    process, memory = _processes(command, times, strict=False)  # n8n may crash once it is done
    subprocess.run([*command, "--repeat", str(times)], capture_output=True, check=False)
    answer = json.loads((home / "out" / file.name).read_text(encoding="utf-8"))
    walls = answer["wallMs"]
    return Figures(process, memory, median(walls if isinstance(walls, list) else [walls]) / 1000)


def warm(file: Path, times: int) -> Iterator[float]:
    """Seconds of runs in this process, after one that does not count."""
    import n8nlite

    workflow = n8nlite.load(file)
    for turn in range(times + 1):
        begin = time.perf_counter()
        workflow.run()
        if turn:
            yield time.perf_counter() - begin


def _processes(command: Sequence[str], times: int, strict: bool = True) -> tuple[float, float]:
    runs = [_process(command, strict) for _ in range(times)]
    return median(run[0] for run in runs), median(run[1] for run in runs)


def _process(command: Sequence[str], strict: bool) -> tuple[float, float]:
    begin = time.perf_counter()
    process = subprocess.Popen(
        command, env=_compiled(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if strict and process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with status {process.returncode}")
    return took, usage.ru_maxrss / 1024


def _compiled() -> dict[str, str]:
    """The environment, in which Python keeps what it compiled, as it does of installed packages."""
    return {key: each for key, each in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def table(names: Sequence[str], times: int, n8n: bool) -> Table:
    """The figures of all the workflows."""
    found = Table(title=f"medians of {times}", title_justify="left")
    found.add_column("workflow")
    for column in ("process", "memory", "warm run"):
        found.add_column(column, justify="right")
    for column in ("n8n process", "memory", "warm run", "process", "warm run") if n8n else ():
        found.add_column(column, justify="right")
    with tempfile.TemporaryDirectory(prefix="n8nlite-bench-") as home:
        for name in names:
            file = FOLDER / "bench" / f"{name}.json"
            our = ours(file, times)
            row = [name, *_row(our)]
            if n8n:
                their = theirs(file, times, Path(home))
                row += _row(their)
                row += [f"{their.process / our.process:.0f}x", f"{their.warm / our.warm:.0f}x"]
            found.add_row(*row)
    return found


def _row(figures: Figures) -> list[str]:
    return [
        f"{figures.process:.2f} s",
        f"{figures.memory:.0f} MB",
        f"{figures.warm * 1000:.1f} ms",
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--n8n", action="store_true", help="measure real n8n too")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--only", choices=NAMES, action="append")
    parser.add_argument("--warm", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.warm:
        print(json.dumps(list(warm(chosen.warm, chosen.times))))
        return 0
    if chosen.n8n and not script().exists():
        print(f"no oracle at {script().parent}: name its folder in N8NLITE_ORACLE", file=sys.stderr)
        return 2
    Console().print(table(chosen.only or NAMES, chosen.times, chosen.n8n))
    return 0


if __name__ == "__main__":
    sys.exit(main())
