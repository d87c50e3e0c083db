"""
The `$fromAI(key, description, type, default)` calls in a text: what an agent may fill in.

https://docs.n8n.io/advanced-ai/examples/using-the-fromai-function/
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Literal, get_args

from .errors import ExpressionError
from .values import UNDEFINED

Type = Literal["string", "number", "boolean", "json"]

TYPES: dict[str, Type] = {kind: kind for kind in get_args(Type)}

_CALL = re.compile(r"\$from[aA][iI]\(")
_KEY = re.compile(r"[a-zA-Z0-9_-]{1,64}\Z")


@dataclass(frozen=True, slots=True)
class FromAI:
    """One call; `default` is UNDEFINED where it gives none."""

    key: str
    description: str = ""
    type: Type = "string"
    default: Any = UNDEFINED


def from_ai_calls(text: str) -> list[FromAI]:
    """
    The calls in a text, in their order.

    Raises ExpressionError for arguments that are none.
    """
    calls: list[FromAI] = []
    at = 0
    while call := _CALL.search(text, at):
        at = _end(text, call.end())
        calls.append(_read(text[call.end() : at]))
    return calls


def _end(text: str, start: int) -> int:
    """Where the parenthesis closes that is open at `start`."""
    depth, quote, at = 1, "", start
    while at < len(text):
        sign = text[at]
        if sign == "\\":
            at += 1
        elif quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'`":
            quote = sign
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            if not depth:
                return at
        at += 1
    raise ExpressionError(
        f"Unbalanced parentheses while parsing $fromAI call: {text[start:]}", expression=text
    )


def _read(arguments: str) -> FromAI:
    try:
        given = [_unquoted(part) for part in _split(arguments)]
        return _call(*given[:4])
    except (ValueError, TypeError) as error:
        raise ExpressionError(
            f"Failed to parse $fromAI arguments: {arguments}: Error: {error}"
        ) from None


def _split(arguments: str) -> list[str]:
    parts, quote, escaped = [""], "", False
    for sign in arguments:
        if escaped or sign == "\\":
            escaped = not escaped
        elif quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'`":
            quote = sign
        elif sign == ",":
            parts.append("")
            continue
        parts[-1] += sign
    return parts if arguments.strip() else []


def _unquoted(part: str) -> str:
    part = part.strip()
    if len(part) > 1 and part[0] == part[-1] and part[0] in "\"'`":
        part = part[1:-1]
    return re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL)


def _call(
    key: str = "", description: str = "", kind: str = "string", default: str | None = None
) -> FromAI:
    if not key:
        raise ValueError("Add a key, e.g. $fromAI('placeholder_name')")
    if not _KEY.match(key):
        raise ValueError(f"Invalid parameter key: {key}")
    known = TYPES.get(kind)
    if known is None:
        raise ValueError(f"Invalid type: {kind}")
    return FromAI(
        key, description, known, UNDEFINED if default is None else _default(known, default)
    )


def _default(kind: Type, text: str) -> Any:
    if kind == "number":
        number = float(text)
        return int(number) if number.is_integer() else number
    if kind == "boolean":
        return text.lower() == "true"
    return json.loads(text) if kind == "json" else text
