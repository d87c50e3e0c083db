"""What JSON cannot say: the tagged values of the cases, and the comparison that knows of them."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from n8nlite_expressions import UNDEFINED
from tests.compare import json_differences

NUMBERS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf, "-0": -0.0}


def decoded(value: Any) -> Any:
    """The value with its tags resolved, as n8nlite has it."""
    if isinstance(value, list):
        return [decoded(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    kind = value.get("$type")
    if kind in NUMBERS:
        return NUMBERS[kind]
    if kind in ("Date", "DateTime"):
        return moment(value["iso"], value.get("zone"))
    if kind == "Buffer":
        return base64.b64decode(value.get("base64", ""))
    if kind == "undefined":
        return UNDEFINED
    return {key: decoded(each) for key, each in value.items()}


def moment(text: str, zone: str | None = None) -> datetime:
    """A moment from its ISO text, in a zone if one is named."""
    found = datetime.fromisoformat(text)
    return found.astimezone(ZoneInfo(zone)) if zone and "/" in zone else found


def value_differences(expected: Any, ours: Any, place: str = "") -> Iterator[str]:
    """As Jest's `toEqual` sees it: matchers and tags are known, undefined is like missing."""
    if isinstance(expected, Mapping) and expected.keys() & {"$matcher", "$regex", "$sha256"}:
        if "$regex" in expected and not re.search(expected["$regex"], str(ours)):
            yield f"{place}: expected {expected['$regex']!r}, got {ours!r}"
    elif isinstance(expected, Mapping) and "$type" in expected:
        yield from _tagged(expected, ours, place)
    elif isinstance(expected, Mapping) and isinstance(ours, Mapping):
        for key in expected.keys() | ours.keys():
            wanted, got = expected.get(key, UNDEFINED), ours.get(key, UNDEFINED)
            yield from value_differences(wanted, got, f"{place}.{key}")
    elif isinstance(expected, list) and isinstance(ours, list | tuple):
        yield from json_differences(len(expected), len(ours), f"{place}.length")
        for index, (wanted, got) in enumerate(zip(expected, ours, strict=False)):
            yield from value_differences(wanted, got, f"{place}[{index}]")
    else:
        yield from json_differences(expected, ours, place)


def _tagged(expected: Mapping[str, Any], ours: Any, place: str) -> Iterator[str]:
    kind = expected["$type"]
    if kind in NUMBERS:
        if ours is not None:  # JSON has no NaN
            yield from json_differences(repr(NUMBERS[kind]), repr(float(ours)), place)
    elif kind in ("Date", "DateTime"):
        got = datetime.fromisoformat(ours) if isinstance(ours, str) else ours
        yield from json_differences(moment(expected["iso"]), got, place)
    elif kind == "Error":
        message = ours.get("message") if isinstance(ours, Mapping) else ours
        yield from json_differences(expected.get("message"), message, f"{place}.message")
    elif kind in ("undefined", "function"):
        yield from json_differences(UNDEFINED, ours, place)
    else:
        yield from json_differences(decoded(expected), ours, place)


def error_differences(pattern: str, error: Exception | None) -> Iterator[str]:
    """What is wrong with an error that should have a message like this."""
    if error is None:
        yield f"error: expected {pattern!r}, got none"
    elif not re.search(pattern, message := getattr(error, "message", str(error))):
        yield f"error.message: expected {pattern!r}, got {message!r}"
