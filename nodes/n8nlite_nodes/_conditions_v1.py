"""The comparisons of If 1, Filter 1, Switch 1 and 2: JavaScript's own, with hardly a check."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from typing import Any

from n8nlite import javascript, js_regex
from n8nlite.dates import parse_date
from n8nlite.errors import NodeError
from n8nlite_expressions import UNDEFINED, DateText

DEFAULTS: dict[str, tuple[Any, str]] = {
    "boolean": (False, "equal"),
    "dateTime": ("", "after"),
    "number": (0, "smaller"),
    "string": ("", "equal"),
}
"""Type -> the values and the operation that a condition has where it says none."""


def outcomes(conditions: Any) -> Iterator[bool]:
    """Whether each condition of `{type: [{value1, operation, value2}]}` holds, one by one."""
    for kind, (value, operation) in DEFAULTS.items():
        for condition in (conditions or {}).get(kind) or ():
            yield holds(
                kind,
                condition.get("operation", operation),
                condition.get("value1", value),
                condition.get("value2", value),
            )


def rule_holds(kind: str, value: Any, rule: Mapping[str, Any]) -> bool:
    """Whether a rule of a Switch holds for the value."""
    default, operation = DEFAULTS.get(kind, ("", "equal"))
    return holds(kind, rule.get("operation", operation), value, rule.get("value2", default))


def holds(kind: str, operation: str, left: Any, right: Any) -> bool:
    """Whether the comparison holds. Raises NodeError with the message that n8n gives."""
    if kind == "dateTime":
        left, right = _instant(left), _instant(right)
    compare = _OPERATIONS.get(operation)
    if compare is None:
        raise NodeError(f"The operation {operation!r} does not exist")
    return compare(left, right)


def _instant(value: Any) -> float:
    """Milliseconds since 1970."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if isinstance(value, DateText):
        return javascript.number(value)
    moment = parse_date(value, UTC) if isinstance(value, str) else None
    if moment is None:
        raise NodeError(f'The value "{javascript.text(value)}" is not a valid DateTime.')
    return moment.timestamp() * 1000


def _or(value: Any, default: Any) -> Any:
    return value if javascript.truthy(value) else default


def _text(value: Any) -> str:
    return javascript.text(_or(value, ""))


def _is_empty(value: Any) -> bool:
    if isinstance(value, (dict, list, str)):
        return not value
    return value is None or value is UNDEFINED or (isinstance(value, float) and math.isnan(value))


def _method(name: str) -> Callable[[Any, Any], bool]:
    """A method of texts, called without a look at what the left value is."""
    python = {"startsWith": str.startswith, "endsWith": str.endswith}[name]

    def call(left: Any, right: Any) -> bool:
        if left is None or left is UNDEFINED:
            absent = javascript.text(left)
            raise NodeError(f"Cannot read properties of {absent} (reading '{name}')")
        if not isinstance(left, str):
            raise NodeError(f"value1.{name} is not a function")
        return python(left, javascript.text(right))

    return call


def _not(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda left, right: not compare(left, right)


def _contains(left: Any, right: Any) -> bool:
    return _text(right) in _text(left)


def _matches(left: Any, right: Any) -> bool:
    return js_regex.found(js_regex.from_text(_text(right)), _text(left))


def _smaller(left: Any, right: Any) -> bool:
    return javascript.less(_or(left, 0), _or(right, 0))


def _smaller_equal(left: Any, right: Any) -> bool:
    left, right = _or(left, 0), _or(right, 0)
    return _comparable(left, right) and not javascript.less(right, left)


def _comparable(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return True
    return not any(math.isnan(javascript.number(value)) for value in (left, right))


_OPERATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "after": lambda left, right: left > right,
    "before": lambda left, right: left < right,
    "contains": _contains,
    "notContains": _not(_contains),
    "startsWith": _method("startsWith"),
    "notStartsWith": _not(_method("startsWith")),
    "endsWith": _method("endsWith"),
    "notEndsWith": _not(_method("endsWith")),
    "equal": javascript.same,
    "notEqual": _not(javascript.same),
    "regex": _matches,
    "notRegex": _not(_matches),
    "smaller": _smaller,
    "smallerEqual": _smaller_equal,
    "larger": lambda left, right: _smaller(right, left),
    "largerEqual": lambda left, right: _smaller_equal(right, left),
    "isEmpty": lambda left, right: _is_empty(left),
    "isNotEmpty": lambda left, right: not _is_empty(left),
}
