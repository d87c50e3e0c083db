"""The JavaScript that runs inside V8, bundled by hatch_build.py."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

SOURCE_TREE = Path(__file__).parents[2] / "expressions/js/dist/runtime.js"
INSTALLED = "_n8nlite_js"


def runtime_source() -> str:
    """The text of runtime.js: as last built in the source tree, else as installed."""
    if SOURCE_TREE.is_file():
        return SOURCE_TREE.read_text(encoding="utf-8")
    return (files(INSTALLED) / "runtime.js").read_text(encoding="utf-8")
