"""
JavaScript's conversions of JSON values: `String(x)`, `Number(x)`, `JSON.stringify(x)`, `typeof x`.

https://developer.mozilla.org/docs/Web/JavaScript/Data_structures#type_coercion
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Any

from n8nlite import jsontext
from n8nlite_expressions import UNDEFINED, DateText

_NUMERAL = re.compile(r"[+-]?(?:Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\Z", re.ASCII)
_PREFIXED = re.compile(r"0(?:[xX][0-9a-fA-F]+|[bB][01]+|[oO][0-7]+)\Z")
_SPACE = " \t\n\r\v\f\xa0\ufeff\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)


def text(value: Any) -> str:
    """The value as `String(value)` writes it."""
    if isinstance(value, str):
        return _date_text(value) if isinstance(value, DateText) else str(value)
    if value is None:
        return "null"
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return numeral(value)
    if isinstance(value, (list, tuple)):
        return ",".join("" if each is None or each is UNDEFINED else text(each) for each in value)
    return "[object Object]"


def numeral(value: float) -> str:
    """The number as JavaScript prints it: `100`, `1e+21`, `1e-7`, `NaN`."""
    value = _double(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return jsontext.number(value)


def _double(value: float) -> float:
    """A whole number that no double can hold is infinite."""
    try:
        return value if isinstance(value, float) or abs(value) < 2**53 else float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def number(value: Any) -> float:
    """The value as `Number(value)` reads it; NaN where it is none. An int where it is whole."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return value
    if value is None:
        return 0
    if isinstance(value, (list, tuple)):
        return number(text(value))
    if isinstance(value, DateText):
        return int(datetime.fromisoformat(value).timestamp() * 1000)
    if isinstance(value, str):
        return _read(value.strip(_SPACE))
    return math.nan


def _date_text(value: DateText) -> str:
    moment = f"{datetime.fromisoformat(value):%a %b %d %Y %H:%M:%S}"
    return f"{moment} GMT+0000 (Coordinated Universal Time)"


def _read(numeral: str) -> float:
    if not numeral:
        return 0
    if _PREFIXED.match(numeral):
        return _whole(_double(int(numeral, 0)))
    if not _NUMERAL.match(numeral):
        return math.nan
    return _whole(float(numeral.replace("Infinity", "inf")))


def _whole(value: float) -> float:
    return int(value) if float(value).is_integer() else value


def stringify(value: Any) -> str:
    """The value as `JSON.stringify(value)` writes it."""
    return jsontext.dumps(value).decode()


def type_of(value: Any) -> str:
    """What `typeof value` says."""
    if isinstance(value, str):
        return "object" if isinstance(value, DateText) else "string"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "undefined" if value is UNDEFINED else "object"


def truthy(value: Any) -> bool:
    """What `Boolean(value)` says: empty lists and objects are true, NaN is false."""
    if isinstance(value, (list, dict)):
        return True
    return bool(value) and value == value and value is not UNDEFINED


def same(left: Any, right: Any) -> bool:
    """What `left === right` says of two values, each a copy: no object or list equals another."""
    if isinstance(left, (list, dict)) or isinstance(right, (list, dict)):
        return False
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def less(left: Any, right: Any) -> bool:
    """What `left < right` says: texts by their characters, all else by number."""
    if type_of(left) == type_of(right) == "string":
        return _units(left) < _units(right)
    return number(left) < number(right)


def _units(value: str) -> bytes:
    return value.encode("utf-16-be", "surrogatepass")
