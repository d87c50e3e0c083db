"""
Reads, plans and draws every workflow of a folder of real ones; prints the repairs that were made.

    python -m tests.corpus FOLDER        FOLDER has *.json, and archives *.tar.xz of them
"""

from __future__ import annotations

import os
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from n8nlite import importing
from n8nlite.errors import UnreadableWorkflow
from n8nlite.plan import Plan
from n8nlite.repairs import CODES


@dataclass(slots=True)
class Report:
    """What came of the files: how many were read, and each code's number of repairs and files."""

    read: int = 0
    unreadable: list[str] = field(default_factory=list)
    repairs: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)

    def take(self, name: str, data: bytes) -> None:
        """Read, plan, draw and write one file. Raises AssertionError when it is written changed."""
        try:
            workflow = importing.read(data, name=name)
        except UnreadableWorkflow as error:
            self.unreadable.append(str(error))
            return
        plan = Plan.of(workflow)
        plan.tree()
        assert workflow.to_bytes() == data, name
        self.read += 1
        self.repairs.update(repair.code for repair in plan.repairs)
        self.files.update({repair.code for repair in plan.repairs})

    def table(self) -> str:
        """The repairs, most frequent first."""
        lines = [f"{'repairs':>8} {'files':>6}  code"]
        for code, count in self.repairs.most_common():
            lines.append(f"{count:>8} {self.files[code]:>6}  {code}: {CODES[code]}")
        lines.append(f"{self.read} read, {len(self.unreadable)} unreadable")
        return "\n".join([*lines, *self.unreadable])


def folder() -> Path | None:
    """N8NLITE_CORPUS, or the folder `corpus` beside that of N8NLITE_CONFORMANCE."""
    if given := os.environ.get("N8NLITE_CORPUS"):
        return Path(given)
    beside = os.environ.get("N8NLITE_CONFORMANCE")
    found = Path(beside).parent / "corpus" if beside else None
    return found if found and found.is_dir() else None


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The name and content of every workflow, those in archives included."""
    for path in sorted(folder.glob("**/*.json")):
        if path.name != "selection.json":
            yield str(path), path.read_bytes()
    for path in sorted(folder.glob("**/*.tar.xz")):
        with tarfile.open(path) as archive:
            for member in archive:
                if member.name.endswith(".json") and (content := archive.extractfile(member)):
                    yield member.name, content.read()


def report(folder: Path) -> Report:
    """The report of a folder."""
    made = Report()
    for name, data in files(folder):
        made.take(name, data)
    return made


if __name__ == "__main__":
    started = time.monotonic()
    print(report(Path(sys.argv[1])).table())
    print(f"{time.monotonic() - started:.1f} s")
