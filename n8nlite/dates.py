"""
Dates as n8n reads them from text: ISO 8601, HTTP, RFC 2822, SQL, and what JavaScript takes besides.

https://moment.github.io/luxon/#/parsing
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_TIME = (
    r"(?P<hour>\d\d)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,30}))?)?)?"
)
_OFFSET = r"(?P<utc>Z)|(?P<offset>[+-]\d\d(?::?\d\d)?)"
_ISO_TIME = rf"{_TIME}(?:{_OFFSET})?(?:\[(?P<zone>[^\]]+)\])?"
_DAY = r"(?P<year>[+-]\d{6}|\d{4})(?:-?(?P<month>\d\d)(?:-?(?P<day>\d\d))?)?"
_WEEK = r"(?P<week_year>\d{4})-?W(?P<week>\d\d)(?:-?(?P<weekday>\d))?"
_ORDINAL = r"(?P<ordinal_year>\d{4})-?(?P<ordinal>\d{3})"
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_WEEKDAYS = "Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_FULL_WEEKDAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
_NAME = rf"(?P<month_name>{_MONTHS})"
_NAMED_OFFSETS = {"UT": 0, "GMT": 0} | {
    f"{zone}{kind}T": -hours + (kind == "D")
    for zone, hours in (("E", 5), ("C", 6), ("M", 7), ("P", 8))
    for kind in "SD"
}

_FORMATS = tuple(
    re.compile(pattern + r"\Z", re.ASCII)
    for pattern in (
        rf"{_DAY}(?:[Tt]{_ISO_TIME})?",
        rf"{_WEEK}(?:[Tt]{_ISO_TIME})?",
        rf"{_ORDINAL}(?:[Tt]{_ISO_TIME})?",
        _ISO_TIME,
        rf"(?P<name>{_WEEKDAYS}), (?P<day>\d\d) {_NAME} (?P<year>\d{{4}}) {_CLOCK} (?P<utc>GMT)",
        rf"(?:{_FULL_WEEKDAYS}), (?P<day>\d\d)-{_NAME}-(?P<short_year>\d\d) {_CLOCK} (?P<utc>GMT)",
        rf"(?P<name>{_WEEKDAYS}) {_NAME} (?P<day> \d|\d\d) {_CLOCK} (?P<year>\d{{4}})(?P<utc>)",
        rf"(?:(?P<name>{_WEEKDAYS}),\s)?(?P<day>\d{{1,2}})\s{_NAME}\s"
        r"(?:(?P<year>\d{3,4})|(?P<short_year>\d\d))\s(?P<hour>\d\d):(?P<minute>\d\d)"
        r"(?::(?P<second>\d\d))?\s(?:(?P<utc>[Zz])|(?P<obsolete>UT|GMT|[ECMP][SD]T)"
        r"|(?P<offset>[+-]\d{4}))",
        rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)"
        rf"(?: {_TIME} ?(?:{_OFFSET}|(?P<zone>[A-Za-z_+-]{{1,256}}(?:/[A-Za-z0-9_+/-]+)?))?)?",
        rf"{_TIME} ?(?:{_OFFSET})?",
    )
)


@lru_cache(maxsize=256)
def zone(name: str) -> tzinfo | None:
    """The time zone of an IANA name; None if there is none of the name."""
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def parse_date(
    text: str, default_zone: tzinfo = UTC, *, now: Callable[[tzinfo], datetime] = datetime.now
) -> datetime | None:
    """
    The date that the text says, to the millisecond; None if it says none.

    A text without a zone is read in `default_zone`; with one, the date keeps it. `now` tells what
    day a time of day is on.
    """
    text = text.strip()
    for pattern in _FORMATS:
        if match := pattern.match(text):
            try:
                moment = _moment(match.groupdict(), default_zone, now)
            except (ValueError, OverflowError):
                continue
            if moment is not None:
                return moment
    from n8nlite import js_dates

    free = js_dates.parse(text)
    if free is None:
        return None
    try:
        return free.astimezone(default_zone)
    except (OverflowError, ValueError, OSError):
        return None


def to_iso(moment: datetime) -> str:
    """The date as n8n writes it: `2024-01-31T10:00:00.000+02:00`, `Z` for UTC."""
    local = moment.replace(tzinfo=None).isoformat(timespec="milliseconds")
    if moment.tzinfo is UTC or moment.tzinfo is None:
        return f"{local}Z"
    minutes = int((moment.utcoffset() or timedelta()).total_seconds() // 60)
    if minutes == 0 and isinstance(moment.tzinfo, timezone):
        return f"{local}Z"
    hours, rest = divmod(abs(minutes), 60)
    return f"{local}{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _moment(
    found: Mapping[str, str | None], default_zone: tzinfo, now: Callable[[tzinfo], datetime]
) -> datetime | None:
    where = _zone(found, default_zone)
    if where is None:
        return None
    day = _day(found) or now(where).date()
    if (name := found.get("name")) and _WEEKDAYS.split("|")[day.weekday()] != name:
        return None
    hour, minute, second = (int(found.get(part) or 0) for part in ("hour", "minute", "second"))
    ms = int(((found.get("fraction") or "") + "000")[:3])
    if hour > 24 or (hour == 24 and (minute or second or ms)):
        return None
    midnight = datetime(day.year, day.month, day.day)
    if minute > 59 or second > 59:
        return None
    clock = timedelta(hours=hour, minutes=minute, seconds=second, milliseconds=ms)
    return (midnight + clock).replace(tzinfo=where)


def _day(found: Mapping[str, str | None]) -> date | None:
    if year := found.get("week_year"):
        return date.fromisocalendar(int(year), int(found["week"] or 1), int(found["weekday"] or 1))
    if year := found.get("ordinal_year"):
        days, first = int(found["ordinal"] or 1), date(int(year), 1, 1)
        day = first + timedelta(days=days - 1)
        if days < 1 or day.year != first.year:
            raise ValueError(days)
        return day
    year = found.get("year")
    if short := found.get("short_year"):
        year = str(int(short) + (1900 if int(short) > 60 else 2000))
    if year is None:
        return None
    if name := found.get("month_name"):
        month = _MONTHS.split("|").index(name) + 1
    else:
        month = int(found.get("month") or 1)
    return date(int(year), month, int(found.get("day") or 1))


def _zone(found: Mapping[str, str | None], default: tzinfo) -> tzinfo | None:
    written = default
    if found.get("utc") is not None:
        written = UTC
    elif offset := found.get("offset"):
        digits = offset[1:].replace(":", "").ljust(4, "0")
        delta = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        written = UTC if not delta else timezone(-delta if offset[0] == "-" else delta)
    elif obsolete := found.get("obsolete"):
        hours = _NAMED_OFFSETS[obsolete]
        written = timezone(timedelta(hours=hours)) if hours else UTC
    if name := found.get("zone"):
        return zone(name)
    return written
