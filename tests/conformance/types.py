"""Field types and their conversions; what n8n's editor does with parameters is not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from n8nlite.types import Misfit, describe, to_date, validate_field_type
from tests.compare import json_differences
from tests.conformance.cases import Case, NotThere
from tests.conformance.values import decoded, moment

ZONE = ZoneInfo("America/New_York")  # the zone of the process that the cases were made in


def check(case: Case) -> Iterator[str]:
    """By the file that the case is in."""
    checker = CHECKERS.get(case.file.stem)
    if checker is None:
        raise NotThere(f"nothing in n8nlite does this yet: {case.file.stem}")
    return checker(case)


def type_validation(case: Case) -> Iterator[str]:
    """validateFieldType(name, value, type, options)"""
    options = case.get("options") or {}
    expected = case["expected"]
    try:
        value = validate_field_type(
            case["field_name"],
            decoded(case["value"]),
            case["type"],
            strict=bool(options.get("strict")),
            parse_strings=bool(options.get("parseStrings")),
            value_options=options.get("valueOptions", ()),
            zone=ZONE,
        )
    except Misfit as error:
        if expected["valid"]:
            yield f"valid: expected {expected!r}, got {error.message!r}"
        else:
            yield from json_differences(expected["error_message"], error.message, "error_message")
        return
    if not expected["valid"]:
        yield f"valid: expected {expected['error_message']!r}, got {value!r}"
    else:
        yield from _value(expected["new_value"], expected.get("new_value_type"), value)


def parse_datetime(case: Case) -> Iterator[str]:
    """tryToParseDateTime(value, defaultZone)"""
    found = to_date(decoded(case["value"]), ZoneInfo(case["default_zone"]))
    yield from _value(case["expected"], "DateTime", found)
    yield from json_differences(moment(case["expected"]).utcoffset(), found.utcoffset(), "zone")


def value_description(case: Case) -> Iterator[str]:
    """How messages name a value."""
    return json_differences(case["expected"], describe(decoded(case["value"])), "description")


def _value(expected: Any, kind: str | None, ours: Any) -> Iterator[str]:
    if kind == "DateTime" and isinstance(ours, datetime):
        yield from json_differences(moment(expected), ours, "new_value")
    else:
        yield from json_differences(expected, ours, "new_value")


CHECKERS = {
    "type_validation": type_validation,
    "parse_datetime": parse_datetime,
    "value_description": value_description,
}
