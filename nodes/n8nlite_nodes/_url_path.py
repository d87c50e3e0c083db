"""Paths of URLs, made of parts that come from parameters."""

from __future__ import annotations

from urllib.parse import quote

from n8nlite.errors import NodeError


def url_path(*parts: str) -> str:
    """
    The parts with slashes between them: each stays one part of the path, whatever is in it.

    Raises NodeError for `.` and `..`, which would lead elsewhere.
    """
    for part in parts:
        if part.strip() in (".", ".."):
            raise NodeError(f"{part!r} cannot be part of a URL's path")
    return "/".join(quote(part, safe=":=&@,;+$!*'()~") for part in parts)
