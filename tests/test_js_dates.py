"""V8's free reading of dates."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from n8nlite.js_dates import parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jun 4, 2013", datetime(2013, 6, 4)),
        ("4 June 13 5:30 PM", datetime(2013, 6, 4, 17, 30)),
        ("6/4/60", datetime(1960, 6, 4)),
        ("2013/6/4 12:00 AM", datetime(2013, 6, 4)),
        ("hello 5", datetime(2001, 5, 1)),
        ("1.5", datetime(2001, 1, 5)),
        ("Jan 5 2024 24:00", datetime(2024, 1, 6)),
        ("10:20:30.5 Jan 5 2024", datetime(2024, 1, 5, 10, 20, 30, 500_000)),
        ("Feb 30 2024", datetime(2024, 3, 1)),
        ("Sept 5 2024 EST", datetime(2024, 9, 5, 5, tzinfo=UTC)),
        ("Jan 5 2024 UTC+3", datetime(2024, 1, 4, 21, tzinfo=UTC)),
        ("Jan 5 2024 00:00 GMT-0130 (somewhere)", datetime(2024, 1, 5, 1, 30, tzinfo=UTC)),
        ("2024-02-30", datetime(2024, 3, 1, tzinfo=UTC)),
    ],
)
def test_reads(text: str, expected: datetime) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Jan",
        "5:30",
        "5pm",
        "May 17th 2023",
        "13/4/2013",
        "Jan 5 2024 25:00",
        "1e3",
        "1685084980",
        "1 2 3 4",
        "Jan 5 2024 13:00 PM",
        "Jan 5 2024 +12345",
        "999999999999999999999",
        "Jan 5 2024)",
    ],
)
def test_refuses(text: str) -> None:
    assert parse(text) is None
