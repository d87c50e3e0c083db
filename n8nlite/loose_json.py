"""
JSON as templates leave it, `{"name": {{ $json.name }}, }`: bare words, missing values and commas,
quotes inside of quotes, an end that is missing. n8n mends such text where it asks for JSON.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from n8nlite import js_literal

_BLANK = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.S)
_NOT_SPACE = re.compile(r"\S")
_FENCE = re.compile(r"\s*```\w*\n(.*?)\n?```\s*\Z", re.S)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?=\s*(?:[,}\]:]|/[/*]|\Z|\s))")
_BARE = re.compile(r"[^,:\[\]{}\n\"']*(?::(?=//)[^,\[\]{}\n\"']*)?")
_KEY = re.compile(r"[^,:\[\]{}\s\"']+")
_QUOTES = {'"': '"', "'": "'", "“": "”", "\u2018": "\u2019", "`": "`"}
_WORDS: dict[str, Any] = {
    "": None,
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    "null": None,
    "None": None,
    "undefined": None,
}
_DEEPEST = 250


def parse(text: str) -> Any:
    """The value of the text. Raises ValueError where it cannot be mended."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    fenced = _FENCE.match(text)
    return _Reader(fenced[1] if fenced else text).document()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def document(self) -> Any:
        if not self.skip():
            raise ValueError("there is nothing")
        value = self.value()
        while self.skip() in ("}", "]") and self.at < len(self.text):
            self.at += 1
        if self.at < len(self.text):
            raise ValueError(f"text after the value at {self.at}")
        return value

    def skip(self) -> str:
        """The next character that counts; "" at the end."""
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def value(self) -> Any:
        char = self.skip()
        if char in ("{", "["):
            self.depth += 1
            if self.depth > _DEEPEST:
                raise ValueError("nested too deep")
            self.at += 1
            value = self.members() if char == "{" else self.elements()
            self.depth -= 1
            return value
        if char in _QUOTES:
            return self.string(_QUOTES[char])
        if match := _NUMBER.match(self.text, self.at):
            self.at = match.end()
            return orjson.loads(match.group())
        return self.bare()

    def bare(self) -> Any:
        match = _BARE.match(self.text, self.at)
        word = match.group().strip() if match else ""
        if word[:1] in ("+", "."):
            raise ValueError(f"unexpected {word!r}")
        self.at = match.end() if match else self.at
        return _WORDS.get(word, word)

    def members(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while (char := self.skip()) not in ("}", ""):
            key = self.string(_QUOTES[char]) if char in _QUOTES else self.bare_key()
            if self.skip() == ":":
                self.at += 1
            elif char not in _QUOTES:
                raise ValueError(f"expected a colon at {self.at}")
            found[key] = self.value()
            self.comma()
            if self.skip() == "'" and self.text[self.at - 1 : self.at].isalnum():
                raise ValueError(f"a quote inside of a word at {self.at}")
        self.at += 1
        return found

    def bare_key(self) -> str:
        match = _KEY.match(self.text, self.at)
        if not match:
            raise ValueError(f"expected a key at {self.at}")
        self.at = match.end()
        return match.group()

    def elements(self) -> list[Any]:
        found: list[Any] = []
        while (char := self.skip()) not in ("]", ""):
            if char in (",", "}", ":"):
                raise ValueError(f"expected a value at {self.at}")
            found.append(self.value())
            self.comma()
        self.at += 1
        return found

    def comma(self) -> None:
        if self.skip() == ",":
            self.at += 1

    def string(self, closing: str) -> str:
        """A text up to its last quote; one that no delimiter follows belongs to the text."""
        start = self.at + 1
        at = start
        while at < len(self.text):
            if self.text[at] == "\\":
                at += 2
                continue
            if self.text[at] == closing and self.ends(at + 1):
                self.at = at + 1
                return js_literal.unescaped(self.text[start:at])
            at += 1
        cut = re.compile(r"[,}\]]|\Z").search(self.text, start)
        self.at = cut.start() if cut else len(self.text)
        return js_literal.unescaped(self.text[start : self.at])

    def ends(self, at: int) -> bool:
        after = _NOT_SPACE.search(self.text, at)
        rest = after.group() if after else ""
        if rest == "/" and (comment := _BLANK.match(self.text, at)):
            rest = self.text[comment.end() : comment.end() + 1]
        return rest in ("", ",", "}", "]", ":") or (
            self.text[at : at + 1].isspace() and rest == '"'
        )
