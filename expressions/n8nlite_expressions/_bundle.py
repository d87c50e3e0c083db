"""The JavaScript that runs inside V8, bundled by hatch_build.py."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

INSTALLED = "_n8nlite_js"
SOURCE_TREE = Path(__file__).parents[1] / "js/dist"


def runtime_source() -> str:
    """The text of runtime.js: as installed, else as last built in the source tree."""
    try:
        bundle = files(INSTALLED)
    except ModuleNotFoundError:
        bundle = SOURCE_TREE
    return (bundle / "runtime.js").read_text(encoding="utf-8")
