"""Resource locators that may hold a URL: what n8n takes out of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any


def locator(url: str | None = None) -> Callable[[Any], Any]:
    """
    A validator that turns a locator into its value; `url` is the pattern whose group 1 is taken
    from the value of one with mode `url`. A plain value stays as it is.

    Raises ValueError for a URL that does not fit.
    """
    pattern = re.compile(url) if url else None

    def value_of(given: Any) -> Any:
        if not isinstance(given, dict) or not given.keys() & {"__rl", "mode"}:
            return given
        value = given.get("value")
        if pattern is None or given.get("mode") != "url" or value in (None, ""):
            return value
        found = pattern.match(str(value))
        if not found:
            raise ValueError(f"{value!r} is no URL of the kind wanted")
        return found[1]

    return value_of
