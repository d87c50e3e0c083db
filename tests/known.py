"""known_differences.toml: where n8nlite is known to differ from n8n, and why."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

FILE = Path(__file__).with_name("known_differences.toml")
HEAD = """\
# Where n8nlite is known to differ from n8n: group, case, reason. A case that is listed and agrees
# is an error: strike it off. `python -m tests.conformance DIR --update` keeps the list and leaves
# reasons written by hand alone; its own begin with "baseline:" and wait for somebody to look.
"""
BASELINE = "baseline: "

Known = dict[str, dict[str, str]]


def read(file: Path | None = None) -> Known:
    """Group -> id -> reason."""
    file = file or FILE
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def write(known: Mapping[str, Mapping[str, str]], file: Path | None = None) -> None:
    """The list, sorted, one line for each case."""
    parts = [HEAD]
    for group in sorted(known):
        if known[group]:
            lines = [f"{_key(id)} = {_text(known[group][id])}" for id in sorted(known[group])]
            parts.append("\n".join([f"[{group}]", *lines, ""]))
    (file or FILE).write_text("\n".join(parts), encoding="utf-8")


def updated(listed: Mapping[str, str], failing: Mapping[str, str]) -> dict[str, str]:
    """A group's list once these ids fail for these reasons; reasons written by hand stay."""
    return {
        id: listed[id]
        if id in listed and not listed[id].startswith(BASELINE)
        else f"{BASELINE}{reason}"
        for id, reason in failing.items()
    }


def _key(id: str) -> str:
    return id if id.replace("-", "").replace("_", "").isalnum() and id.isascii() else _text(id)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
