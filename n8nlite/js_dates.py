"""
Dates written freely, as V8's `Date.parse` takes them: `Jun 4, 2013 5:30 PM`, `5 Jan UTC+3`.

What is ISO 8601 is read in `n8nlite.dates`; no page documents this grammar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

_TOKEN = re.compile(r"(?P<number>[0-9]+)|(?P<word>[^\x00-@\s]+)|(?P<other>.)", re.S)
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
LONGEST = 1000
"""A text of more characters is no date, whatever it says."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ZONES = {
    **dict.fromkeys(("ut", "utc", "z", "gmt"), 0),
    **{"edt": -4, "est": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8},
}


class _Rejected(Exception):
    pass


@dataclass
class _Parts:
    day: list[int] = field(default_factory=list)
    month: int | None = None
    time: list[int] = field(default_factory=list)
    time_done: bool = False
    half: int | None = None
    sign: int | None = None
    hour_offset: int | None = None
    minute_offset: int | None = None
    number_read: bool = False

    def expects_minute_of_zone(self, number: int) -> bool:
        return self.hour_offset is not None and self.minute_offset is None and number < 60

    def expects_time(self, number: int) -> bool:
        if self.time_done:
            return False
        limit = (0, 60, 60, 1000)[len(self.time)] if len(self.time) < 4 else 0
        return bool(self.time) and number < limit

    def add_time(self, number: int) -> None:
        if self.time_done or len(self.time) >= 4:
            raise _Rejected
        self.time.append(number)

    def add_day(self, number: int) -> None:
        if len(self.day) >= 3:
            raise _Rejected
        self.day.append(number)


def parse(text: str) -> datetime | None:
    """
    The date, with a time zone if the text has one, else without; None if it is no date.

    A year of two digits is one of 1950 to 2049; without a year it is 2001.
    """
    if len(text) > LONGEST:
        return None
    tokens = [(match.lastgroup or "", match.group()) for match in _TOKEN.finditer(_bare(text))]
    try:
        moment = _compose(_read(tokens))
    except (_Rejected, OverflowError, ValueError):
        return None
    return moment.replace(tzinfo=UTC) if _ISO_DAY.match(text) else moment


def _bare(text: str) -> str:
    """Without what stands in parentheses."""
    kept, depth = [], 0
    for char in text:
        if char == "(":
            depth += 1
            kept.append(" ")
        elif char == ")" and depth:
            depth -= 1
        elif not depth:
            kept.append(char)
    return "".join(kept)


def _read(tokens: Sequence[tuple[str, str]]) -> _Parts:
    parts, at = _Parts(), 0
    while at < len(tokens):
        kind, token = tokens[at]
        following = tokens[at + 1] if at + 1 < len(tokens) else ("", "")
        if kind == "number":
            at += _number(parts, _significant(token), following, tokens[at + 2 : at + 3])
        elif kind == "word":
            at += _word(parts, token.lower(), following)
        elif token in "+-" and (parts.time or (parts.hour_offset, parts.minute_offset) == (0, 0)):
            at += _offset(parts, 1 if token == "+" else -1, tokens[at + 1 : at + 3])
        elif token in "+-)" and parts.number_read:
            raise _Rejected
        at += 1
    return parts


def _significant(digits: str) -> int:
    return int(digits.lstrip("0")[:9] or "0")


def _number(
    parts: _Parts, number: int, following: tuple[str, str], after: Sequence[tuple[str, str]]
) -> int:
    """Take a number; how many tokens after it were taken too."""
    parts.number_read = True
    if following[1] == ":":
        if after and after[0][1] == ":":
            parts.add_time(number)
            parts.add_time(0)
            return 2
        parts.add_time(number)
        return 2 if after and after[0][1] == "." else 1
    if following[1] == "." and parts.expects_time(number):
        if not after or after[0][0] != "number":
            raise _Rejected
        parts.add_time(number)
        parts.time.append(int(after[0][1][:3].ljust(3, "0")))
        parts.time_done = True
        return 2
    taken = 1 if following[1] == "." else 0
    if parts.expects_minute_of_zone(number):
        parts.minute_offset = number
        return taken
    if parts.expects_time(number):
        parts.add_time(number)
        parts.time_done = True
        ends = following[1].isspace() or following[1] in ("", "+", "-") or following[1] in "zZ"
        if not ends:
            raise _Rejected
        return taken
    parts.add_day(number)
    return 1 if following[1] in ("-", ".") and following[1] else taken


def _word(parts: _Parts, word: str, following: tuple[str, str]) -> int:
    if word in ("am", "pm") and parts.time:
        parts.half = 12 if word == "pm" else 0
    elif word[:3] in _MONTHS:
        parts.month = _MONTHS.index(word[:3]) + 1
        return 1 if following[1] == "-" else 0
    elif word in _ZONES and parts.number_read:
        hours = _ZONES[word]
        parts.sign = -1 if hours < 0 else 1
        parts.hour_offset, parts.minute_offset = abs(hours), 0
    elif parts.number_read or following[0] == "number":
        raise _Rejected
    return 0


def _offset(parts: _Parts, sign: int, after: Sequence[tuple[str, str]]) -> int:
    """Take what follows the sign of a UTC offset: `3`, `03`, `0300`, `03:00`."""
    parts.sign, parts.number_read = sign, True
    digits = after[0][1] if after and after[0][0] == "number" else ""
    taken = 1 if digits else 0
    number = int(digits or "0")
    if len(after) > taken and after[taken][1] == ":":
        parts.hour_offset, parts.minute_offset = number, None
    elif len(digits) in (1, 2):
        parts.hour_offset, parts.minute_offset = number, 0
    elif len(digits) in (3, 4):
        parts.hour_offset, parts.minute_offset = divmod(number, 100)
    else:
        raise _Rejected
    return taken


def _compose(parts: _Parts) -> datetime:
    year, month, day = _date(parts)
    hour, minute, second, ms = (*parts.time, 0, 0, 0, 0)[:4]
    if parts.half is not None:
        if hour > 12:
            raise _Rejected
        hour = hour % 12 + parts.half
    end_of_day = hour == 24 and not (minute or second or ms)
    if not (hour < 24 or end_of_day) or minute > 59 or second > 59:
        raise _Rejected
    moment = datetime(year, month, 1) + timedelta(
        days=day - 1, hours=hour, minutes=minute, seconds=second, milliseconds=ms
    )
    if parts.sign is None:
        return moment
    offset = timedelta(hours=parts.hour_offset or 0, minutes=parts.minute_offset or 0)
    return (moment - parts.sign * offset).replace(tzinfo=UTC)


def _date(parts: _Parts) -> tuple[int, int, int]:
    if not parts.day:
        raise _Rejected
    first, second, third = (*parts.day, 1, 1, 1)[:3]
    first_is_day = 1 <= first <= 31
    if parts.month is None:
        year, month, day = (third, first, second) if first_is_day else (first, second, third)
    else:
        month = parts.month
        year, day = (second, first) if first_is_day else (first, second)
    if year < 100:
        year += 2000 if year < 50 else 1900
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise _Rejected
    return year, month, day
