"""The JavaScript that runs inside V8, as hatch_build.py bundled it: a file per use of a context."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .errors import ExpressionError

SOURCE_TREE = Path(__file__).parents[1] / "js/dist"
INSTALLED = "_n8nlite_js"


@cache
def source(use: str) -> str:
    """
    The JavaScript of contexts for that use: as last built in the source tree, else as installed.

    Raises ExpressionError when the package was built without it.
    """
    file = f"{use}.js"
    try:
        return (SOURCE_TREE / file).read_text(encoding="ascii")
    except OSError:
        pass
    from importlib.resources import files

    try:
        return (files(INSTALLED) / file).read_text(encoding="ascii")
    except (OSError, ModuleNotFoundError):
        raise ExpressionError(
            "n8nlite was installed without its JavaScript: reinstall it"
        ) from None
