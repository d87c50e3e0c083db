"""
JavaScript's `JSON.parse`, with the messages that V8 gives and n8n shows.

https://developer.mozilla.org/docs/Web/JavaScript/Reference/Errors/JSON_bad_parse
"""

from __future__ import annotations

import json
import re
from typing import Any

_AROUND = 10
"""How many characters V8 shows on either side of an unexpected one."""

_MESSAGES = {
    "Expecting ':' delimiter": "Expected ':' after property name in JSON",
    "Invalid control character at": "Bad control character in string literal in JSON",
    "Invalid \\escape": "Bad escaped character in JSON",
    "Invalid \\uXXXX escape": "Bad Unicode escape in JSON",
    "Extra data": "Unexpected non-whitespace character after JSON",
    "Illegal trailing comma before end of object": "Expected double-quoted property name in JSON",
}
_CONSTANTS = ("NaN", "Infinity", "-Infinity")
_SPECIAL = ("undefined", "NaN", "Infinity", "[object Object]")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)


class JsonSyntaxError(ValueError):
    """The text is no JSON; its own text is V8's message."""


def parse(text: str) -> Any:
    """The value of a JSON text. Raises JsonSyntaxError."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise JsonSyntaxError(_message(text, error)) from None
    except (RecursionError, ValueError) as error:
        if text in _SPECIAL:
            raise JsonSyntaxError(f'"{text}" is not valid JSON') from None
        at = text.find(str(error)) if str(error) in _CONSTANTS else 0
        raise JsonSyntaxError(_unexpected(text, max(at, 0))) from None


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _message(text: str, error: json.JSONDecodeError) -> str:
    reason, at = error.msg, error.pos
    if text in _SPECIAL:
        return f'"{text}" is not valid JSON'
    if reason.startswith("Unterminated string"):
        return f"Unterminated string in JSON{_place(text, len(text))}"
    if reason.startswith("Invalid \\escape"):
        at += 1
    while not reason.startswith("Invalid") and text[at : at + 1] in tuple(" \t\r\n"):
        at += 1
    if at >= len(text) and reason.startswith(("Expecting value", "Illegal")):
        return "Unexpected end of JSON input"
    if reason.startswith("Expecting property name"):
        after_comma = text[:at].rstrip().endswith(",")
        wanted = "double-quoted property name" if after_comma else "property name or '}'"
        return f"Expected {wanted} in JSON{_place(text, at)}"
    if reason.startswith("Expecting ',' delimiter"):
        wanted = "']' after array element" if _in_list(text[:at]) else "'}' after property value"
        return f"Expected ',' or {wanted} in JSON{_place(text, at)}"
    known = next((_MESSAGES[key] for key in _MESSAGES if reason.startswith(key)), None)
    return f"{known}{_place(text, at)}" if known else _unexpected(text, at)


def _place(text: str, at: int) -> str:
    before = text[:at]
    line, column = before.count("\n") + 1, at - before.rfind("\n")
    return f" at position {at} (line {line} column {column})"


def _in_list(before: str) -> bool:
    opened: list[str] = []
    for char in _STRING.sub("", before):
        if char in "[{":
            opened.append(char)
        elif char in "]}" and opened:
            opened.pop()
    return bool(opened) and opened[-1] == "["


def _unexpected(text: str, at: int) -> str:
    start = at - _AROUND if at >= _AROUND else 0
    end = at + _AROUND if at < len(text) - _AROUND else len(text)
    if len(text) <= 2 * _AROUND:
        start, end = 0, len(text)
    shown = f'{"..." if start else ""}"{text[start:end]}"{"..." if end < len(text) else ""}'
    return f"Unexpected token '{text[at]}', {shown} is not valid JSON"
