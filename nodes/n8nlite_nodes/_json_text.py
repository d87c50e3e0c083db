"""JSON with expressions in it, as Set fills it in: objects and lists become JSON, not text."""

from __future__ import annotations

from typing import Any

from n8nlite import javascript
from n8nlite_expressions import DateText, DateTimeText, is_expression
from n8nlite_expressions.scanner import Code, split

_LITERAL = " "


def pieces(template: Any) -> Any:
    """The template in pieces, to be evaluated one by one; as it is where there is only one."""
    if not is_expression(template) or template.lstrip("= \n").startswith("<<"):
        return template
    chunks = split(template[1:])
    if len(chunks) < 2:
        return template
    return [
        f"={{{{{chunk.source}}}}}" if isinstance(chunk, Code) else f"{_LITERAL}{chunk}"
        for chunk in chunks
    ]


def filled(template: Any, evaluated: Any) -> Any:
    """The text of a template whose pieces are evaluated."""
    given = pieces(template)
    if not isinstance(given, list) or not isinstance(evaluated, list):
        return evaluated
    return "".join(
        _text(value) if is_expression(piece) else piece.removeprefix(_LITERAL)
        for piece, value in zip(given, evaluated, strict=True)
    )


def _text(value: Any) -> str:
    if isinstance(value, (dict, list, DateText, DateTimeText)):
        return javascript.stringify(value)
    return javascript.text(value)
