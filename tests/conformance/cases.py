"""The cases: JSON files in a folder that INDEX.json lists."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

GROUPS = ("expressions", "filters", "types", "engine", "engine_probes", "nodes", "node_units")


class NotThere(Exception):
    """What the case is about is not in n8nlite (yet), by a rule; the text says why."""


@dataclass(frozen=True, slots=True)
class Case:
    """
    One case. `shared` is what its file says of all the cases in it, `differs` what n8n 2.41 does
    where that is not what the case says (the cases come from n8n 1.108).
    """

    id: str
    group: str
    file: Path
    data: Mapping[str, Any]
    shared: Mapping[str, Any] = field(default_factory=dict)
    differs: Mapping[str, Any] | None = None

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    def get(self, key: str, default: Any = None) -> Any:
        """A value of the case, or the default."""
        return self.data.get(key, default)

    @property
    def folder(self) -> Path:
        """The folder that the case's file, and the files it names, are in."""
        return self.file.parent


def cases(folder: Path, groups: tuple[str, ...] = GROUPS) -> Iterator[Case]:
    """The cases of these groups, in the order of the index."""
    differs = _read(folder / "differs-in-2.41.json")
    for entry in _read(folder / "INDEX.json")["cases"]:
        if entry["group"] in groups:
            file = folder / entry["file"]
            content = _read(file)
            if entry.get("in_file"):
                data = _by_id(file)[entry["id"]]
                shared = {key: value for key, value in content.items() if key != "cases"}
            else:
                data, shared = content, {}
            yield Case(entry["id"], entry["group"], file, data, shared, differs.get(entry["id"]))


@cache
def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


@cache
def _by_id(file: Path) -> dict[str, Any]:
    return {case["id"]: case for case in _read(file)["cases"]}
