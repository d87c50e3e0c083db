"""Dates from text."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest

from n8nlite.dates import parse_date, to_iso, zone

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024-01-02", "2024-01-02T00:00:00.000+09:00"),
        ("2024-W01-2", "2024-01-02T00:00:00.000+09:00"),
        ("2024-002", "2024-01-02T00:00:00.000+09:00"),
        ("2024-01-02T03:04:05.6789", "2024-01-02T03:04:05.678+09:00"),
        ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05.000Z"),
        ("2024-01-02T24:00", "2024-01-03T00:00:00.000+09:00"),
        ("2024-01-02T03:04-0330", "2024-01-02T03:04:00.000-03:30"),
        ("2024-01-02 03:04 Europe/Paris", "2024-01-02T03:04:00.000+01:00"),
        ("2024-01-02T03:04[Europe/Paris]", "2024-01-02T03:04:00.000+01:00"),
        ("Tue, 02 Jan 2024 03:04:05 GMT", "2024-01-02T03:04:05.000Z"),
        ("Tuesday, 02-Jan-24 03:04:05 GMT", "2024-01-02T03:04:05.000Z"),
        ("Tue Jan  2 03:04:05 2024", "2024-01-02T03:04:05.000Z"),
        ("2 Jan 24 03:04 PST", "2024-01-02T03:04:00.000-08:00"),
        (" 2024-01-02 ", "2024-01-02T00:00:00.000+09:00"),
    ],
)
def test_reads(text: str, iso: str) -> None:
    """In the zone that the text has, else in the one given."""
    found = parse_date(text, TOKYO)
    assert found
    assert to_iso(found) == iso


@pytest.mark.parametrize(
    "text", ["", "abc", "2024-13-01", "2023-366", "2024-W53", "1685084980", "25:00", "T10", "Mon"]
)
def test_refuses(text: str) -> None:
    assert parse_date(text, TOKYO) is None


def test_a_time_is_today() -> None:
    """`now` says what day it is, in the zone."""

    def now(where: tzinfo | None) -> datetime:
        return datetime(2024, 5, 6, 20, tzinfo=UTC).astimezone(where)

    found = parse_date("10:30", TOKYO, now=now)
    assert found == datetime(2024, 5, 7, 10, 30, tzinfo=TOKYO)


def test_what_javascript_alone_reads_is_told_in_the_zone() -> None:
    found = parse_date("Jan 2, 2024 03:04 GMT+2", TOKYO)
    assert found
    assert to_iso(found) == "2024-01-02T10:04:00.000+09:00"


def test_zones_without_offset_are_written_out() -> None:
    """Luxon writes Z for UTC itself only."""
    assert to_iso(datetime(2024, 1, 2, tzinfo=ZoneInfo("Europe/London"))).endswith("+00:00")
    assert zone("utc") is UTC
    assert zone("Middle/Earth") is None
    assert zone("../../etc/passwd") is None
