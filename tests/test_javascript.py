"""JavaScript's conversions."""

from __future__ import annotations

import math
from typing import Any

import pytest

from n8nlite import javascript
from n8nlite_expressions import UNDEFINED, DateText

DATE = DateText("1970-01-01T00:00:01.000Z")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (UNDEFINED, "undefined"),
        (True, "true"),
        (1.0, "1"),
        (1e21, "1e+21"),
        (1e-7, "1e-7"),
        (-0.0, "0"),
        (math.nan, "NaN"),
        (-math.inf, "-Infinity"),
        (123456789012345678901, "123456789012345680000"),
        (10**400, "Infinity"),
        ([1, None, [2, "x"], UNDEFINED], "1,,2,x,"),
        ({"a": 1}, "[object Object]"),
        (DATE, "Thu Jan 01 1970 00:00:01 GMT+0000 (Coordinated Universal Time)"),
    ],
)
def test_string(value: Any, text: str) -> None:
    assert javascript.text(value) == text


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("", 0),
        (" 12.50 ", 12.5),
        ("\n5\ufeff", 5),
        ("0x1F", 31),
        ("0b11", 3),
        ("0x" + "f" * 400, math.inf),
        ("1e3", 1000),
        ("-.5", -0.5),
        ("Infinity", math.inf),
        (None, 0),
        (True, 1),
        ([], 0),
        (["7"], 7),
        (DATE, 1000),
    ],
)
def test_number(value: Any, number: float) -> None:
    assert javascript.number(value) == number


@pytest.mark.parametrize(
    "value", ["x", "1_0", "5n", "-0x1", "1,0", "\u0661", "nan", "inf", {}, UNDEFINED]
)
def test_no_number(value: Any) -> None:
    assert math.isnan(javascript.number(value))


def test_truth() -> None:
    values = [[], {}, "0", 0, "", math.nan, None, UNDEFINED, -1]
    assert list(map(javascript.truthy, values)) == [True, True, True, *[False] * 5, True]


def test_same() -> None:
    """1 is 1.0 but not true; no list equals a list."""
    assert javascript.same(1, 1.0)
    assert not javascript.same(1, True)
    assert not javascript.same([1], [1])


def test_less() -> None:
    """Texts are compared by their characters, all else by number."""
    assert javascript.less("10", "9")
    assert javascript.less("9", 10)
    assert not javascript.less("x", 1)
    assert not javascript.less(UNDEFINED, 1)


def test_typeof() -> None:
    values = ["a", 1, True, None, [], UNDEFINED, DATE]
    types = ["string", "number", "boolean", "object", "object", "undefined", "object"]
    assert list(map(javascript.type_of, values)) == types
