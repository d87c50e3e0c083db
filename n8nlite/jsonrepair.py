"""
A JSON parser for text that is not quite JSON, and for the place where it is not.

It takes comments, trailing commas, raw line breaks in strings, wrong escapes, NaN, and text before
or after the value; it says what it took. It never recurses.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any, NoReturn

from n8nlite.errors import UnreadableJson
from n8nlite.repairs import Repair

MAX_DEPTH = 250
"""Lists and objects may be nested so deep; real workflows stay below 40."""

_BLANK = re.compile(r"[ \t\r\n]*")
_COMMENT = re.compile(r"//[^\r\n]*|/\*.*?\*/", re.DOTALL)
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])")
_WORDS = {"true": True, "false": False, "null": None}
_NOT_NUMBERS = re.compile(r"[+-]?(?:NaN|Infinity|undefined)\b")
_WORD = re.compile(r"(?:true|false|null)\b")
_CONTROL = re.compile(r"[\x00-\x1f]")
_BAD_ESCAPE = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|(.))', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_START = re.compile(r"^[ \t]*[{\[]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Span:
    """A list or object and where it stood: from, to, and each member's value, from and to."""

    container: dict[str, Any] | list[Any]
    start: int
    end: int
    members: dict[str | int, tuple[Any, int, int]]


@dataclass(slots=True)
class Parsed:
    """
    The value of a text, and what had to be overlooked for it.

    `spans` are those of all lists and objects, inner ones first.
    """

    value: Any
    repairs: list[Repair] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)


def parse(text: str, name: str = "<json>", *, strict: bool = False) -> Parsed:
    """
    The value of a text. Raises UnreadableJson where it cannot be read; when `strict`, where it is
    not JSON.
    """
    parser = _Parser(text, name, strict)
    start = parser.skip(0)
    if strict or text[start : start + 1] in ("{", "["):
        return parser.whole(start)
    return _after_leading_text(text, name) or parser.whole(start)


def _after_leading_text(text: str, name: str) -> Parsed | None:
    if text.lstrip()[:1] in ("", "<"):
        return None
    for _, match in zip(range(3), _START.finditer(text), strict=False):
        parser = _Parser(text, name)
        parser.fix("leading-text", 0, "text before the JSON was left out")
        try:
            return parser.whole(match.end() - 1)
        except UnreadableJson:
            continue
    return None


@dataclass(slots=True)
class _Open:
    """A list or object that is being read."""

    value: dict[str, Any] | list[Any]
    start: int
    key: str = ""
    members: dict[str | int, tuple[Any, int, int]] = field(default_factory=dict)

    @property
    def closer(self) -> str:
        return "}" if isinstance(self.value, dict) else "]"

    def take(self, member: Any, start: int, end: int) -> None:
        if isinstance(self.value, dict):
            self.value[self.key] = member
            self.members[self.key] = (member, start, end)
        else:
            self.members[len(self.value)] = (member, start, end)
            self.value.append(member)


class _Parser:
    def __init__(self, text: str, name: str, strict: bool = False) -> None:
        self.text, self.name, self.strict = text, name, strict
        self.repairs: list[Repair] = []
        self.lines: list[int] = []
        self.spans: list[Span] = []

    def whole(self, start: int) -> Parsed:
        value, at = self.value(start)
        at = self.skip(at)
        if at < len(self.text):
            self.fix("trailing-text", at, "text after the JSON was left out", "the end of the file")
        return Parsed(value, self.repairs, self.spans)

    def skip(self, at: int) -> int:
        """The place of the next thing that is neither blank nor comment."""
        while True:
            at = _BLANK.match(self.text, at).end()  # type: ignore[union-attr]
            comment = _COMMENT.match(self.text, at)
            if comment is None:
                return at
            self.fix("comment", at, "a comment was left out", "JSON, which has no comments")
            at = comment.end()

    def value(self, at: int) -> tuple[Any, int]:
        """The value that begins there, and where it ends."""
        open_ones: list[_Open] = []
        while True:
            start = at
            if self.text[at : at + 1] in ("{", "["):
                if len(open_ones) == MAX_DEPTH:
                    self.fail(at, f"at most {MAX_DEPTH} levels of nesting", "a deeper one")
                inner = _Open({} if self.text[at] == "{" else [], at)
                at = self.skip(at + 1)
                if self.text[at : at + 1] != inner.closer:
                    at = self.key(at, inner)
                    open_ones.append(inner)
                    continue
                at += 1
                value = self.closed(inner, at)
            else:
                value, at = self.scalar(at)
            while open_ones:
                outer = open_ones[-1]
                outer.take(value, start, at)
                at, more = self.separator(self.skip(at), outer.closer)
                if more:
                    at = self.key(at, outer)
                    break
                value, start = self.closed(open_ones.pop(), at), outer.start
            else:
                return value, at

    def closed(self, container: _Open, end: int) -> Any:
        self.spans.append(Span(container.value, container.start, end, container.members))
        return container.value

    def separator(self, at: int, closer: str) -> tuple[int, bool]:
        """Past the comma or the closing bracket; whether another member follows."""
        char = self.text[at : at + 1]
        if char == closer:
            return at + 1, False
        if char != ",":
            self.fail(at, f"',' or '{closer}'")
        after = self.skip(at + 1)
        if self.text[after : after + 1] != closer:
            return after, True
        self.fix("trailing-comma", at, f"a comma before '{closer}' was left out", f"'{closer}'")
        return after + 1, False

    def key(self, at: int, container: _Open) -> int:
        """Past the key of the member that begins there; the same place in a list."""
        if container.closer == "]":
            return at
        if self.text[at : at + 1] != '"':
            self.fail(at, 'a key in double quotes (")')
        container.key, at = self.string(at)
        at = self.skip(at)
        if self.text[at : at + 1] != ":":
            self.fail(at, "':' after the key")
        return self.skip(at + 1)

    def scalar(self, at: int) -> tuple[Any, int]:
        if self.text[at : at + 1] == '"':
            return self.string(at)
        if word := _WORD.match(self.text, at):
            return _WORDS[word[0]], word.end()
        if digits := _NUMBER.match(self.text, at):
            return self.number(digits[0], at), digits.end()
        if word := _NOT_NUMBERS.match(self.text, at):
            self.fix("not-a-number", at, f"{word[0]} became null", "a JSON value", word[0])
            return None, word.end()
        return self.fail(at, "a JSON value")

    def number(self, digits: str, at: int) -> float | None:
        if len(digits) <= 19 and digits.lstrip("-").isdigit():
            return int(digits)
        value = float(digits)
        if value in (float("inf"), float("-inf")):
            self.fix("not-a-number", at, "a number out of range became null", "a smaller number")
            return None
        return value

    def string(self, at: int) -> tuple[str, int]:
        match = _STRING.match(self.text, at)
        if match is None:
            self.fail(at, 'a string that ends (")', f"{_preview(self.text, at)} without an end")
        try:
            value: str = json.loads(match[0])
        except ValueError:
            value = json.loads(self.mended(match[0], at), strict=False)
        if not self.strict and _SURROGATE.search(value):
            self.fix("lone-surrogate", at, "half a UTF-16 pair became U+FFFD")
            value = _SURROGATE.sub("\ufffd", value)
        return value, match.end()

    def mended(self, literal: str, at: int) -> str:
        if control := _CONTROL.search(literal):
            wanted = "an escape such as \\n in a string"
            message = "a raw control character in a string was taken as it is"
            self.fix("control-character", at + control.start(), message, wanted)
        wrong = next((each for each in _BAD_ESCAPE.finditer(literal) if each[2]), None)
        if wrong is None:
            return literal
        message = f"{wrong[0]!r} is no escape; the backslash was taken as it is"
        self.fix("bad-escape", at + wrong.start(), message, "an escape that JSON has")
        return _BAD_ESCAPE.sub(lambda each: each[0] if each[1] else f"\\\\{each[2]}", literal)

    def fix(self, code: str, at: int, message: str, expected: str = "JSON", got: str = "") -> None:
        """Take note of something that is overlooked; when strict, raise instead."""
        if self.strict:
            self.fail(at, expected, got)
        self.repairs.append(Repair(code, self.place(at), message))

    def fail(self, at: int, expected: str, got: str = "") -> NoReturn:
        place, got = self.place(at), got or _preview(self.text, at)
        start = self.text.lstrip()[:1]
        if not start:
            place, expected, got = "", "JSON", "an empty file"
        elif start == "<":
            expected, got = "JSON", f"HTML or XML: {got}"
        raise UnreadableJson(self.name, place, expected, got)

    def place(self, at: int) -> str:
        if not self.lines:
            self.lines = [-1, *(match.start() for match in re.finditer("\n", self.text))]
        line = bisect_left(self.lines, at)
        return f"line {line}, column {at - self.lines[line - 1]}"


def _preview(text: str, at: int) -> str:
    """What stands there, short enough for a message."""
    if at >= len(text):
        return "the end of the file"
    if text[at] in "\r\n":
        return "a line break"
    line = text[at : at + 26].splitlines()[0].encode("utf-8", "replace").decode()
    return json.dumps(line if len(line) <= 25 else f"{line[:25]}…", ensure_ascii=False)
