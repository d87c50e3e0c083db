"""The fixtures: workflows to paste into n8n, with what belongs to each in files beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import n8nlite

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "fixtures"
COMPANIONS = ("expected", "mocks", "credentials", "input", "options")


@dataclass(frozen=True, slots=True)
class Fixture:
    """
    A workflow, and beside it, where the case needs them: `.input.json` (items of the start node),
    `.mocks.json`, `.credentials.json` (type, name or id -> data), `.options.json` (`start`, `mode`,
    `sub`: files of workflows it may call) and `.expected.json` (what real n8n made of it).
    """

    path: Path

    @property
    def id(self) -> str:
        """`set/keep_only`"""
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def workflow(self) -> dict[str, Any]:
        """The workflow's JSON."""
        workflow: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
        return workflow

    @property
    def options(self) -> dict[str, Any]:
        """How to run it."""
        return self.companion("options") or {}

    @property
    def sub_workflows(self) -> list[dict[str, Any]]:
        """The workflows that it may call; one without an id is called by its file's name."""
        files = [self.path.parent / name for name in self.options.get("sub", ())]
        return [{"id": file.stem, **json.loads(file.read_text("utf-8"))} for file in files]

    def run(self) -> dict[str, Any]:
        """What n8nlite makes of it, in the oracle's shape; n8n's process is in UTC there."""
        how = {key: self.options[key] for key in ("start", "mode") if key in self.options}
        result = n8nlite.load(self.path).run(
            self.companion("input"),
            credentials=self.companion("credentials"),
            http=n8nlite.Mocks(self.companion("mocks") or []),
            subs=self.sub_workflows,
            timezone="UTC",
            **how,
        )
        return result.to_dict()

    def file(self, kind: str) -> Path:
        """Where a companion is, or would be."""
        return self.path.with_suffix(f".{kind}.json")

    def companion(self, kind: str) -> Any:
        """A companion's content; None when there is no such file."""
        file = self.file(kind)
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def is_fixture(path: Path) -> bool:
    """Whether a file is a workflow, not a companion of one."""
    return path.stem.rpartition(".")[2] not in COMPANIONS


def fixtures(folder: Path = FOLDER) -> Iterator[Fixture]:
    """All fixtures, by name."""
    return (Fixture(path) for path in sorted(folder.glob("*/*.json")) if is_fixture(path))
