"""Values of a workflow file, brought to the type that n8n writes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from n8nlite import jsontext
from n8nlite.errors import UnreadableJson
from n8nlite.repairs import Repairs, at, shown

_NUMERIC = re.compile(r"\s*v?(-?\d{1,15}(?:\.\d{1,15})?)\s*")
_HUGE = 1e300


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of values: its name, whether a value is of it, and what another value means in it."""

    name: str
    fits: Callable[[Any], bool]
    convert: Callable[[Any], Any]
    opens: bool = False


def convert(values: dict[str, Any], key: str, kind: Kind, place: str, log: Repairs) -> None:
    """Bring one of the values to its kind; what cannot be is left out, as null is."""
    if key not in values or kind.fits(values[key]):
        return
    value, spot = values.pop(key), at(place, key)
    if value is None:
        return
    inner = opened(value, spot, log) if kind.opens else value
    converted = inner if kind.fits(inner) else kind.convert(inner)
    if converted is not None:
        values[key] = converted
    if converted is None or inner is value:
        outcome = "was left out" if converted is None else f"became {shown(converted)}"
        message = f"{shown(value)} {outcome}"
        log.note("wrong-type", spot, message, expected=kind.name, got=shown(value))


def opened(value: Any, place: str, log: Repairs) -> Any:
    """What a string holds where a list or an object is wanted, as rows of n8n's database do."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        inner = jsontext.loads(value, log.file)
    except UnreadableJson:
        return value
    if jsontext.deeper_than(inner):
        return value
    log.note("json-in-text", place, "JSON inside a string was taken", expected="no string")
    return inner


def is_number(value: Any) -> bool:
    """Whether it is a finite number that is no boolean."""
    return type(value) in (int, float) and math.isfinite(value) and abs(value) < _HUGE


def number(value: Any) -> float | None:
    """The number that a value is, or that its text holds; whole ones as int."""
    if isinstance(value, str) and (found := _NUMERIC.fullmatch(value)):
        value = float(found[1])
    if not is_number(value):
        return None
    return int(value) if value == int(value) else float(value)


def _version(value: Any) -> float | None:
    version = number(value)
    return version if version is not None and 0 < version < _NEWEST else None


def _whole(value: Any) -> int | None:
    whole = number(value)
    return None if whole is None or abs(whole) > 2**53 else int(whole)


def _flag(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False, "1": True, "0": False}.get(value.strip().lower())
    return bool(value) if value in (0, 1) else None


def _text(value: Any) -> str | None:
    return str(value) if is_number(value) else None


_NEWEST = 1_000_000

TEXT = Kind("text", lambda value: isinstance(value, str), _text)
FLAG = Kind("true or false", lambda value: isinstance(value, bool), _flag)
NUMBER = Kind("a number", is_number, number)
WHOLE = Kind("a whole number", lambda value: type(value) is int and abs(value) <= 2**53, _whole)
VERSION = Kind("a version", lambda value: is_number(value) and 0 < value < _NEWEST, _version)
OBJECT = Kind(
    "an object",
    lambda value: isinstance(value, dict),
    lambda value: {} if value == [] else None,
    opens=True,
)
