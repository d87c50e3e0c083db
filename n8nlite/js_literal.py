"""Object literals as JavaScript writes them: `{a: 'x', "b": [1, -2]}`. Data only, never code."""

from __future__ import annotations

import re
from typing import Any

from n8nlite import javascript

_SKIP = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.S)
_NAME = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")
_NUMBER = re.compile(
    r"-?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
)
_STRING = re.compile(r""""((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'""", re.S)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.S)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_WORDS = {"true": True, "false": False, "null": None}
_DEEPEST = 200


def parse(text: str) -> dict[str, Any]:
    """
    The object that the text writes. A bare name stands for its own text, as n8n takes it.

    Raises ValueError if the text is no object literal, or holds anything but data.
    """
    text = text.strip()
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    return _Reader(text).document()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def document(self) -> dict[str, Any]:
        value = self.value()
        self.skip()
        if not isinstance(value, dict) or self.at < len(self.text):
            raise ValueError("not an object literal")
        return value

    def skip(self) -> str:
        match = _SKIP.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()
        return match

    def expect(self, char: str) -> None:
        if self.skip() != char:
            raise ValueError(f"expected {char!r} at {self.at}")
        self.at += 1

    def value(self) -> Any:
        char = self.skip()
        if char in ("{", "["):
            self.at += 1
            self.depth += 1
            if self.depth > _DEEPEST:
                raise ValueError("nested too deep")
            value = self.members() if char == "{" else self.elements()
            self.depth -= 1
            return value
        if match := self.take(_STRING):
            return unescaped(match[1] if match[1] is not None else match[2])
        if match := self.take(_NUMBER):
            sign = -1 if match.group().startswith("-") else 1
            return sign * javascript.number(match.group().lstrip("-"))
        if match := self.take(_NAME):
            return _WORDS.get(match.group(), match.group())
        raise ValueError(f"unexpected {char!r} at {self.at}")

    def members(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self.skip() != "}":
            key = self.key()
            if self.skip() in (",", "}"):
                found[key] = key
            else:
                self.expect(":")
                found[key] = self.value()
            if self.skip() != "}":
                self.expect(",")
        self.at += 1
        return found

    def key(self) -> str:
        if match := self.take(_STRING):
            return unescaped(match[1] if match[1] is not None else match[2])
        if match := self.take(_NAME):
            return match.group()
        if match := self.take(_NUMBER):
            return javascript.text(javascript.number(match.group()))
        raise ValueError(f"expected a key at {self.at}")

    def elements(self) -> list[Any]:
        found: list[Any] = []
        while (char := self.skip()) != "]":
            if char == ",":
                found.append(None)
            else:
                found.append(self.value())
            if self.skip() != "]":
                self.expect(",")
        self.at += 1
        return found


def unescaped(text: str) -> str:
    """The text between two quotes, its escapes resolved."""
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    braced, unicode, byte, char = match.groups()
    code = braced or unicode or byte
    if code:
        number = int(code, 16)
        if number > 0x10FFFF:
            raise ValueError("no such character")
        return chr(number)
    return _ESCAPED.get(char, char)
