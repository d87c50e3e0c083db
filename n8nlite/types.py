"""
n8n's field types: whether a value is of a type, and its conversion to it.

Set, the conditions of If / Switch / Filter and resource mappers check values with this:
https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.set/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

import orjson

from n8nlite import javascript
from n8nlite.dates import parse_date
from n8nlite.errors import NodeError
from n8nlite_expressions import UNDEFINED, DateText

_LUXON = (
    ' <br/><br/> Consider using <a href="https://moment.github.io/luxon/api-docs/index.html'
    '#datetimefromformat" target="_blank"><code>DateTime.fromFormat</code></a> to work with custom'
    " date formats."
)
_TIME = re.compile(r"\d{2}:\d{2}(:\d{2})?((-|\+)\d{4})?((-|\+)\d{1,2}(:\d{2})?)?\Z", re.ASCII)
_ALPHANUMERIC = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*\Z")
_JWT = re.compile(r"[A-Za-z0-9-_=]+\.[A-Za-z0-9-_=]+\.?[A-Za-z0-9-_.+/=]*\Z")
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://\S+\Z")


class Misfit(NodeError):
    """A value is not of the type wanted and cannot be converted to it."""


class _Unfit(Exception):
    """Raised by a converter; `validate_field_type` words it."""


def validate_field_type(
    name: str,
    value: Any,
    type: str,
    *,
    strict: bool = False,
    parse_strings: bool = False,
    value_options: Sequence[Any] = (),
    zone: tzinfo = UTC,
) -> Any:
    """
    The value as one of the type; null and undefined are of every type, and given back.

    `strict` allows no conversion, `parse_strings` makes a text of anything for type `string`,
    `value_options` are the choices of type `options` (`{"name": .., "value": ..}` or plain values).
    A `dateTime` is an aware datetime; without a zone of its own it is read in `zone`.
    Raises Misfit with n8n's message. A type that n8n does not know allows everything.
    """
    if value is None or value is UNDEFINED:
        return value
    try:
        if type == "string":
            return _string(value, strict, parse_strings)
        if type == "dateTime":
            return _date(value, zone)
        if type == "options":
            return _option(value, value_options)
        converter = _CONVERTERS.get(type)
        if converter is None:
            return value
        if strict and type in _STRICT and not isinstance(value, _STRICT[type]):
            raise _Unfit
        if strict and type == "number" and isinstance(value, bool):
            raise _Unfit
        return converter(value)
    except _Unfit:
        raise Misfit(_message(name, value, type, value_options)) from None


def describe(value: Any) -> str:
    """The value as n8n's messages name it: `'abc'`, `array`, `object`."""
    if isinstance(value, (list, tuple)):
        return "array"
    if isinstance(value, (dict, DateText)):
        return "object"
    return f"'{javascript.text(value)}'"


def to_date(value: Any, zone: tzinfo = UTC) -> datetime:
    """The date that a value stands for; epoch numbers are none. Raises Misfit."""
    try:
        return _date(value, zone)
    except _Unfit:
        raise Misfit(_message("date", value, "dateTime", ())) from None


def _date(value: Any, zone: tzinfo) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, DateText):
        return datetime.fromisoformat(value).astimezone(zone)
    found = None if isinstance(value, dict) else parse_date(javascript.text(value), zone)
    if found is None:
        raise _Unfit
    return found


def _message(name: str, value: Any, type: str, options: Sequence[Any]) -> str:
    got = describe(value)
    if type == "string-alphanumeric":
        return (
            "Value is not a valid alphanumeric string, only letters, numbers and underscore allowed"
        )
    if type == "jwt":
        return "Value is not a valid JWT token"
    if type == "time":
        return f"'{name}' expects time (hh:mm:(:ss)) but we got {got}."
    if type == "options":
        choices = ", ".join(javascript.text(_choice(option)) for option in options)
        return f"'{name}' expects one of the following values: [{choices}] but we got {got}"
    more = _LUXON if type == "dateTime" else ""
    return f"'{name}' expects a {type} but we got {got}{more}"


def _string(value: Any, strict: bool, parse: bool) -> Any:
    if isinstance(value, str) and not isinstance(value, DateText):
        return value
    if strict:
        raise _Unfit
    if not parse:
        return value
    if isinstance(value, (dict, list, DateText)):
        return javascript.stringify(value)
    return javascript.text(value)


def _alphanumeric(value: Any) -> str:
    text = javascript.text(value)
    if not _ALPHANUMERIC.match(text):
        raise _Unfit
    return text


def _number(value: Any) -> float:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    number = javascript.number(value)
    if number != number:
        raise _Unfit
    return number


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and not isinstance(value, DateText):
        lowered = value.lower()
        if lowered in ("true", "false"):
            return lowered == "true"
        if not value.strip():
            raise _Unfit
    number = javascript.number(value)
    if number not in (0, 1):
        raise _Unfit
    return number == 1


def _time(value: Any) -> str:
    text = javascript.text(value)
    if not _TIME.match(text):
        raise _Unfit
    return text


def _object(value: Any) -> Any:
    if isinstance(value, (dict, DateText)):
        return value
    if not isinstance(value, str):
        raise _Unfit
    try:
        found = orjson.loads(value)
    except ValueError:
        from n8nlite import js_literal

        try:
            found = js_literal.parse(value)
        except ValueError:
            raise _Unfit from None
    if found is not None and not isinstance(found, dict):
        raise _Unfit
    return found


def _array(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    if not isinstance(value, str) or isinstance(value, DateText):
        raise _Unfit
    for text in (value, value.replace("'", '"')):
        try:
            found = orjson.loads(text)
        except ValueError:
            continue
        if isinstance(found, list):
            return found
    raise _Unfit


def _choice(option: Any) -> Any:
    return option.get("value") if isinstance(option, dict) else option


def _option(value: Any, options: Sequence[Any]) -> Any:
    if not any(javascript.same(_choice(option), value) for option in options):
        raise _Unfit
    return value


def _url(value: Any) -> str:
    text = javascript.text(value)
    if isinstance(value, str) and not _URL.match(text):
        text = f"https://{text}"
    if not isinstance(value, str) or not _URL.match(text):
        raise _Unfit
    return text


def _jwt(value: Any) -> str:
    text = javascript.text(value)
    if not _JWT.match(text):
        raise _Unfit
    return text


_STRICT: dict[str, Any] = {
    "number": (int, float),
    "boolean": bool,
    "object": (dict, DateText),
    "array": list,
}
_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "string-alphanumeric": _alphanumeric,
    "number": _number,
    "boolean": _boolean,
    "time": _time,
    "object": _object,
    "array": _array,
    "url": _url,
    "jwt": _jwt,
    "form-fields": _array,
}
