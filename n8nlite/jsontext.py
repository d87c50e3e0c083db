"""
JSON in and out, as JavaScript would have it.

The fast path is orjson. What it refuses although JSON allows it (lone surrogates, deep values,
undefined, JavaScript's way of writing numbers) takes the slow one.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson

import n8nlite_expressions
from n8nlite.errors import UnreadableJson

_NUMBER = re.compile(
    rb"""
    ( (?: [^"\d-]++                                        # brackets, commas, words
        | "(?:[^"\\]++|\\.)*+"                              # strings
        | -?\d{1,15}+ (?:\.(?!0(?!\d))\d++)? (?![\d.e])    # numbers alike in both languages
      )*+ )
    ( -?\d++ (?:\.\d++)? (?:e[+-]?\d++)? )
    """,
    re.VERBOSE | re.DOTALL,
)
"""What stands before the next number that JavaScript writes otherwise than orjson, and that."""

_EXACT = 2**53
_NESTING = 250


@dataclass(frozen=True, slots=True)
class Layout:
    """
    How a JSON text is laid out; without `indent` it is one line.

    `verbatim` may give the text of a member's value: of its container, its key or index, itself.
    """

    indent: str | None = None
    colon: str = ":"
    comma: str = ","
    newline: str = "\n"
    ascii: bool = False
    verbatim: Callable[[Any, str | int, Any], str | None] = lambda container, key, value: None

    def line(self, level: int) -> str:
        """What stands before a member on that level."""
        return "" if self.indent is None else self.newline + self.indent * level


COMPACT = Layout()
INDENTED = Layout("  ", ": ")


def loads(data: bytes | str, name: str = "<json>") -> Any:
    """
    The value of a JSON text in UTF-8 or UTF-16, with or without a byte order mark.

    Raises UnreadableJson, with line and column, where it is no JSON.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    from n8nlite import jsonrepair

    text = data if isinstance(data, str) else decode(data, name)
    return jsonrepair.parse(text.removeprefix("\ufeff"), name, strict=True).value


def dumps(value: Any, indent: bool = False) -> bytes:
    """
    The JSON text of a value, as `JSON.stringify` writes it, in UTF-8.

    NaN and infinities become null, keys whose value is UNDEFINED are left out. `indent` is by two
    spaces. Raises TypeError for what JSON has no form for.
    """
    try:
        text = orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else None)
    except TypeError:
        text = None
    if text is None:
        return text_of(value, INDENTED if indent else COMPACT).encode()
    return b"".join(_with_numbers_of_javascript(text))


def _with_numbers_of_javascript(text: bytes) -> Iterator[bytes]:
    at = 0
    while match := _NUMBER.match(text, at):
        before, written = match.groups()
        yield before
        value = int(written) if written.lstrip(b"-").isdigit() else float(written)
        yield number(value).encode()
        at = match.end()
    yield text[at:] if at else text


def text_of(value: Any, layout: Layout) -> str:
    """The JSON text of a value in a layout; else as `dumps`."""
    return "".join(_pieces(value, layout))


def decode(data: bytes, name: str = "<json>") -> str:
    """The text of a file in UTF-8 or UTF-16. Raises UnreadableJson when it is neither."""
    encoding = encoding_of(data)
    if (kind := _known_format(data)) or (encoding.startswith("utf-8") and b"\0" in data[:1000]):
        raise UnreadableJson(name, "", "JSON text in UTF-8", kind or "binary data")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - before.rfind(b"\n")
        place, got = f"line {line}, column {column}", f"the byte 0x{data[error.start]:02x}"
        raise UnreadableJson(name, place, "JSON text in UTF-8", got) from None


def encoding_of(data: bytes) -> str:
    """The encoding that a JSON text shows by its first bytes."""
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if data[1:2] == b"\0" and data[:1] in (b"{", b"["):
        return "utf-16-le"
    if data[:1] == b"\0" and data[1:2] in (b"{", b"["):
        return "utf-16-be"
    return "utf-8"


def number(value: float) -> str:
    """A finite number as JavaScript writes it: 100.0 -> 100, 1e21 -> 1e+21."""
    if isinstance(value, int) and abs(value) <= _EXACT:
        return str(int(value))
    sign, figures, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    digits, scale = "".join(map(str, figures)), int(exponent)
    point = len(digits) + scale
    minus = "-" if sign and digits != "0" else ""
    if digits == "0":
        return "0"
    if 0 < point <= 21:
        text = digits.ljust(point, "0")
        return minus + text[:point] + (f".{text[point:]}" if len(text) > point else "")
    if -6 < point <= 0:
        return f"{minus}0.{'0' * -point}{digits}"
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{minus}{mantissa}e{point - 1:+d}"


def deeper_than(value: Any, levels: int = _NESTING) -> bool:
    """Whether lists and objects are nested in the value more than that many levels deep."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(levels + 1):
        level = [
            child
            for each in level
            for child in (each.values() if isinstance(each, dict) else each)
            if isinstance(child, dict | list) and child
        ]
        if not level:
            return False
    return True


_FORMATS = {
    b"PK\3\4": "a ZIP archive",
    b"\x1f\x8b": "a gzip file",
    b"\x89PNG": "a PNG image",
    b"%PDF": "a PDF file",
    b"\xff\xd8\xff": "a JPEG image",
    b"SQLite format 3": "an SQLite database",
}


def _known_format(data: bytes) -> str | None:
    return next((kind for start, kind in _FORMATS.items() if data.startswith(start)), None)


_UNDEFINED = getattr(n8nlite_expressions, "UNDEFINED", object())


def _scalar(value: Any, layout: Layout) -> str | None:
    """The JSON text of anything but lists and objects; None for those."""
    if value is None or value is _UNDEFINED:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return number(value) if abs(value) < 10**308 else "null"
    if isinstance(value, float):
        return number(value) if math.isfinite(value) else "null"
    if isinstance(value, str):
        return _string(value, layout)
    if isinstance(value, Mapping | list | tuple):
        return None
    return orjson.dumps(value).decode()


def _string(value: str, layout: Layout) -> str:
    try:
        if not layout.ascii or value.isascii():
            return orjson.dumps(str(value)).decode()
    except TypeError:
        pass
    return json.dumps(str(value))


def _pieces(value: Any, layout: Layout) -> Iterator[str]:
    """The text in pieces, without recursion, so that no value is too deep."""
    text = _scalar(value, layout)
    if text is not None:
        yield text
        return
    open_ones = [(value, iter(_members(value)))]
    yield _brackets(value)[0]
    first = True
    while open_ones:
        container, members = open_ones[-1]
        key, member = next(members, _END)
        if key is None:
            open_ones.pop()
            line = "" if first else layout.line(len(open_ones))
            yield line + _brackets(container)[1]
            first = False
            continue
        name = _string(key, layout) + layout.colon if isinstance(container, Mapping) else ""
        yield ("" if first else layout.comma) + layout.line(len(open_ones)) + name
        text = layout.verbatim(container, key, member) or _scalar(member, layout)
        first = text is None
        if text is None:
            open_ones.append((member, iter(_members(member))))
        yield _brackets(member)[0] if text is None else text


_END: tuple[Any, Any] = (None, None)


def _members(value: Any) -> Iterator[tuple[Any, Any]]:
    if not isinstance(value, Mapping):
        return enumerate(value)
    return ((str(key), each) for key, each in value.items() if each is not _UNDEFINED)


def _brackets(value: Any) -> str:
    return "{}" if isinstance(value, Mapping) else "[]"
