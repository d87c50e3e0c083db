"""n8n's field types, and the texts of fixtures/types.jsonl with what real n8n made of them."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from n8nlite.dates import to_iso
from n8nlite.types import Misfit, describe, to_date, validate_field_type
from n8nlite_expressions import UNDEFINED, DateText


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The time zone of the process, as it was in n8n's."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


RECORDED = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "fixtures" / "types.jsonl")
    .read_text("utf-8")
    .splitlines()
]


def outcome(text: str, type: str) -> dict[str, Any]:
    try:
        found = validate_field_type("x", text, type, parse_strings=True)
    except Misfit as misfit:
        return {"error": misfit.message.partition(" <br/>")[0]}
    return {"value": to_iso(found) if isinstance(found, datetime) else found}


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case["type"])
@pytest.mark.usefixtures("utc")
def test_reads_text_as_real_n8n_does(case: dict[str, Any]) -> None:
    """The value, or the message without its advice."""
    assert outcome(case["text"], case["type"]) == {
        key: case[key] for key in case if key in ("value", "error")
    }


@pytest.mark.parametrize("type", ["string", "number", "boolean", "array", "object", "dateTime"])
@pytest.mark.parametrize("value", [None, UNDEFINED])
def test_nothing_is_of_every_type(type: str, value: Any) -> None:
    assert validate_field_type("x", value, type, strict=True) is value


@pytest.mark.parametrize(
    ("value", "type"),
    [("42", "number"), (True, "number"), (1, "boolean"), ("[]", "array"), ([], "object")],
)
def test_strict_converts_nothing(value: Any, type: str) -> None:
    with pytest.raises(Misfit, match=f"'x' expects a {type} but we got"):
        validate_field_type("x", value, type, strict=True)


@pytest.mark.parametrize(
    ("value", "type", "expected"),
    [
        ([5], "number", 5),
        ([], "boolean", False),
        (True, "number", 1),
        (DateText("1970-01-01T00:00:00.005Z"), "number", 5),
        (1e21, "string", "1e+21"),
        ({"a": [1.0]}, "string", '{"a":[1]}'),
        (DateText("1970-01-01T00:00:00.000Z"), "string", '"1970-01-01T00:00:00.000Z"'),
        (["x"], "whatever", ["x"]),
    ],
)
def test_converts_as_javascript_does(value: Any, type: str, expected: Any) -> None:
    found = validate_field_type("x", value, type, parse_strings=True)
    assert (found, found.__class__) == (expected, expected.__class__)


@pytest.mark.parametrize("value", [{}, [1, 2], "x", math.nan, "1_000"])
def test_no_numbers(value: Any) -> None:
    with pytest.raises(Misfit, match="expects a number but we got"):
        validate_field_type("x", value, "number")


def test_options_name_the_choices() -> None:
    choices = [{"name": "Apples", "value": "apples"}, {"name": "One", "value": 1}]
    assert validate_field_type("x", 1, "options", value_options=choices) == 1
    with pytest.raises(Misfit) as caught:
        validate_field_type("x", "pears", "options", value_options=choices)
    assert (
        caught.value.message
        == "'x' expects one of the following values: [apples, 1] but we got 'pears'"
    )


def test_values_as_messages_name_them() -> None:
    values: list[Any] = ["a", None, [1], {}, 1e21, True]
    described = ["'a'", "'null'", "array", "object", "'1e+21'", "'true'"]
    assert list(map(describe, values)) == described


def test_epoch_numbers_are_no_dates() -> None:
    with pytest.raises(Misfit, match="expects a dateTime but we got '1685084980'"):
        to_date(1685084980)


def test_a_date_is_itself() -> None:
    now = datetime.now(UTC)
    assert to_date(now) is now
