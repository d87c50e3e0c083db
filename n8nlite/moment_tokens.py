"""
Date formats spelled for moment.js, which n8n's dates (Luxon) do not know: `YYYY-MM-DD`.

Luxon has no token with a `Y`, so a format that has one was meant for moment.
https://moment.github.io/luxon/#/formatting?id=table-of-tokens
"""

from __future__ import annotations

import re
from typing import Any

from n8nlite.repairs import at

_FORMAT = re.compile(r"""(\.(?:format|toFormat)\(\s*)(['"])((?:(?!\2)[^\\])*Y(?:(?!\2)[^\\])*)\2""")
_TOKEN = re.compile(r"\[([^\]]*)\]|YYYY|YY|Do|DDDD|DDD|DD|D|dddd|ddd|dd|d|ww|w|A|a|ZZ|Z|X|.")
_LUXON = {
    "YYYY": "yyyy",
    "YY": "yy",
    "DDDD": "ooo",
    "DDD": "o",
    "DD": "dd",
    "Do": "d",
    "D": "d",
    "dddd": "cccc",
    "ddd": "ccc",
    "dd": "ccc",
    "d": "c",
    "ww": "WW",
    "w": "W",
    "A": "a",
    "ZZ": "ZZZ",
    "Z": "ZZ",
}


def repair(parameters: dict[str, Any], place: str) -> list[tuple[str, str]]:
    """Respell the formats in expressions, in place; the place and the words of each change."""
    changes: list[tuple[str, str]] = []
    left: list[tuple[Any, str]] = [(parameters, place)]
    while left:
        values, where = left.pop()
        for key in list(values) if isinstance(values, dict) else range(len(values)):
            value = values[key]
            spot = at(where, key)
            if isinstance(value, dict | list):
                left.append((value, spot))
            elif isinstance(value, str) and value.startswith("="):
                values[key], words = respelled(value)
                changes += [(spot, each) for each in words]
    return changes


def respelled(expression: str) -> tuple[str, list[str]]:
    """The expression with Luxon's tokens, and what became what."""
    words: list[str] = []

    def luxon(match: re.Match[str]) -> str:
        call, quote, old = match.groups()
        new = _TOKEN.sub(lambda token: _token(token, quote), old)
        words.append(f"the date format {old} became {new}")
        return f"{call}{quote}{new}{quote}"

    return _FORMAT.sub(luxon, expression), words


def _token(token: re.Match[str], quote: str) -> str:
    if token[1] is None:
        return _LUXON.get(token[0], token[0])
    return f"\\'{token[1]}\\'" if quote == "'" else f"'{token[1]}'"
