"""
n8n's filter parameter: the conditions of If, Switch and Filter from version 2 (3) on.

`{"options": {..}, "combinator": "and", "conditions": [{"leftValue", "rightValue", "operator"}]}`;
https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.if/
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from n8nlite import javascript, js_regex
from n8nlite.errors import NodeError
from n8nlite.types import Misfit, validate_field_type
from n8nlite_expressions import UNDEFINED

TRY_OTHER_TYPE = (
    "Try changing the type of comparison. Alternatively you can enable 'Convert types where"
    " required'."
)
_TRY_OTHER_TYPE_LOOSE = "Try changing the type of the comparison."
_TRY_EITHER = (
    "\n<p>Try either:</p>\n<ol>\n  <li>Enabling 'Convert types where required'</li>\n"
    "  <li>Converting the {side} field to a {type} by adding <code>.{method}()</code></li>\n"
    "</ol>\n\t\t\t"
)
_UNARY = ("exists", "notExists", "empty", "notEmpty", "true", "false")
_CONVERSIONS = {"string": "toString", "number": "toNumber", "boolean": "toBoolean"}
_NATIVE: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "any": (str, int, float, bool, list, dict),
}


class FilterError(NodeError):
    """A value cannot be compared as its condition wants."""


def matches(filter: Mapping[str, Any], *, item: int = 0, zone: tzinfo = UTC) -> bool:
    """
    Whether the conditions hold; all their values must be evaluated.

    `item` is the index of the item, for messages; dates without a zone are read in `zone`.
    Raises FilterError with n8n's message and description.
    """
    conditions = filter.get("conditions") or ()
    if not isinstance(conditions, list | tuple):
        raise FilterError("The conditions are no list")
    options = filter.get("options") or {}
    combinator = filter.get("combinator", "and")
    if combinator == "and":
        for index, condition in enumerate(conditions):
            if not holds(condition, options, index, item=item, zone=zone):
                return False
        return True
    if combinator == "or":
        for index, condition in enumerate(conditions):
            if holds(condition, options, index, item=item, zone=zone):
                return True
    return False


def holds(
    condition: Mapping[str, Any],
    options: Mapping[str, Any],
    index: int = 0,
    *,
    item: int = 0,
    zone: tzinfo = UTC,
) -> bool:
    """Whether one condition holds; `index` is its place, for messages. Raises FilterError."""
    if not isinstance(condition, dict):
        raise FilterError(f"Condition {index} is no object")
    wanted = condition.get("operator")
    kind = wanted.get("type") if isinstance(wanted, dict) else None
    if not isinstance(wanted, dict) or not isinstance(kind, str):
        missing = "toLowerCase" if wanted else "rightType"
        raise FilterError(
            f"Cannot read properties of undefined (reading '{missing}')",
            description=TRY_OTHER_TYPE,
        )
    operation = wanted.get("operation", "")
    left = condition.get("leftValue", UNDEFINED)
    right = condition.get("rightValue", UNDEFINED)
    single = bool(wanted.get("singleValue"))
    right_kind = str(wanted.get("rightType") or kind)
    if type(left) not in _NATIVE.get(kind, ()) or (
        type(right) not in _NATIVE.get(right_kind, ()) and not (single and operation in _UNARY)
    ):
        check = _Check(options, index, item, zone)
        left, right = check.both(left, kind, right, right_kind, single)
    if operation == "exists":
        return _exists(left)
    if operation == "notExists":
        return not _exists(left)
    compare = _OPERATIONS.get((kind, operation)) if isinstance(operation, str) else None
    return compare is not None and compare(left, right, options.get("caseSensitive") is False)


def array_contains(array: list[Any], value: Any, ignore_case: bool = False) -> bool:
    """Whether the list has the value; objects and lists are never equal to another."""
    if ignore_case and isinstance(value, str):
        value = value.lower()
        return any(isinstance(each, str) and each.lower() == value for each in array)
    return any(javascript.same(each, value) for each in array)


class _Check:
    """Brings both values of a condition to the types of its operator."""

    def __init__(self, options: Mapping[str, Any], index: int, item: int, zone: tzinfo) -> None:
        self.strict = options.get("typeValidation", "strict") == "strict"
        self.version = options.get("version", 1)
        self.place = f" [condition {index}, item {item}]"
        self.zone = zone

    def both(self, left: Any, left_kind: str, right: Any, right_kind: str, single: bool) -> Any:
        """Both values; with `single`, a right one that does not fit counts as missing."""
        left_error = right_error = None
        try:
            left = self.one(left, left_kind, "first")
        except FilterError as error:
            left_error = error
        try:
            right = self.one(right, right_kind, "second")
        except FilterError as error:
            if single:
                right = UNDEFINED
            else:
                right_error = error
        if left_error and right_error and javascript.type_of(left) == javascript.type_of(right):
            raise FilterError(
                f"Comparison type expects {_article(left_kind)} but both fields are "
                f"{_article(javascript.type_of(left))}",
                description=TRY_OTHER_TYPE if self.strict else _TRY_OTHER_TYPE_LOOSE,
            )
        if left_error or right_error:
            raise left_error or right_error or AssertionError
        return left, right

    def one(self, value: Any, kind: str, side: str) -> Any:
        if self.version >= 3 and kind == "number" and value == "":
            return None
        if kind == "any" or value is None or value is UNDEFINED:
            return value
        if kind == "number" and isinstance(value, float):
            return value
        if kind == "boolean" and not self.strict:
            return self.boolean(value)
        try:
            return validate_field_type(
                "", value, kind, strict=self.strict, parse_strings=True, zone=self.zone
            )
        except Misfit:
            raise self.error(value, kind, side) from None

    def boolean(self, value: Any) -> bool:
        if self.version >= 2:
            try:
                return bool(validate_field_type("", value, "boolean"))
            except Misfit:
                pass
        return javascript.truthy(value)

    def error(self, value: Any, kind: str, side: str) -> FilterError:
        text, own = javascript.text(value), javascript.type_of(value)
        if not self.strict:
            return FilterError(
                f"Conversion error: the {own} '{text}' can't be converted to {_article(kind)}"
                + self.place,
                description=_TRY_OTHER_TYPE_LOOSE,
            )
        method = _CONVERSIONS.get(kind)
        return FilterError(
            f"Wrong type: '{text}' is {_article(own)} but was expecting {_article(kind)}"
            + self.place,
            description=_TRY_EITHER.format(side=side, type=kind, method=method)
            if method
            else TRY_OTHER_TYPE,
        )


def _article(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def _exists(value: Any) -> bool:
    return value is not None and value is not UNDEFINED and value == value


def _missing(value: Any) -> bool:
    return value is None or value is UNDEFINED


Compare = Callable[[Any, Any, bool], bool]


def _texts(compare: Callable[[str, str], bool], outcome: bool = True) -> Compare:
    def both(left: Any, right: Any, ignore_case: bool) -> bool:
        left, right = left or "", right or ""
        if ignore_case:
            left, right = left.lower(), right.lower()
        return compare(left, right) is outcome

    return both


def _pattern(outcome: bool) -> Compare:
    def search(left: Any, right: Any, ignore_case: bool) -> bool:
        text = (left or "").lower() if ignore_case else left or ""
        return js_regex.found(js_regex.from_text(right or ""), text) is outcome

    return search


def _numbers(compare: Callable[[Any, Any], bool]) -> Compare:
    def both(left: Any, right: Any, ignore_case: bool) -> bool:
        if left is UNDEFINED or right is UNDEFINED:
            return False
        return compare(0 if left is None else left, 0 if right is None else right)

    return both


def _dates(compare: Callable[[datetime, datetime], bool]) -> Compare:
    def both(left: Any, right: Any, ignore_case: bool) -> bool:
        return not (_missing(left) or _missing(right)) and compare(left, right)

    return both


def _lengths(compare: Callable[[Any, Any], bool]) -> Compare:
    def both(left: Any, right: Any, ignore_case: bool) -> bool:
        length = 0 if _missing(left) else len(left)
        right = math.nan if right is UNDEFINED else right or 0
        return compare(length, right)

    return both


def _same(outcome: bool) -> Compare:
    return lambda left, right, ignore_case: javascript.same(left, right) is outcome


def _empty_text(outcome: bool) -> Compare:
    return lambda left, right, ignore_case: (not left) is outcome


def _absent(outcome: bool) -> Compare:
    return lambda left, right, ignore_case: (not _exists(left)) is outcome


def _empty_container(outcome: bool) -> Compare:
    return lambda left, right, ignore_case: (not left) is outcome


def _contained(outcome: bool) -> Compare:
    def both(left: Any, right: Any, ignore_case: bool) -> bool:
        return array_contains(left or [], right, ignore_case) is outcome

    return both


def _truth(outcome: bool) -> Compare:
    return lambda left, right, ignore_case: bool(left) is outcome


_ORDER = {"gt": operator.gt, "lt": operator.lt, "gte": operator.ge, "lte": operator.le}
_OPERATIONS: dict[tuple[str, str], Compare] = {
    ("string", "empty"): _empty_text(True),
    ("string", "notEmpty"): _empty_text(False),
    ("string", "equals"): _texts(operator.eq),
    ("string", "notEquals"): _texts(operator.ne),
    ("string", "contains"): _texts(operator.contains),
    ("string", "notContains"): _texts(operator.contains, False),
    ("string", "startsWith"): _texts(str.startswith),
    ("string", "notStartsWith"): _texts(str.startswith, False),
    ("string", "endsWith"): _texts(str.endswith),
    ("string", "notEndsWith"): _texts(str.endswith, False),
    ("string", "regex"): _pattern(True),
    ("string", "notRegex"): _pattern(False),
    ("number", "empty"): _absent(True),
    ("number", "notEmpty"): _absent(False),
    ("number", "equals"): _same(True),
    ("number", "notEquals"): _same(False),
    **{("number", name): _numbers(compare) for name, compare in _ORDER.items()},
    ("dateTime", "empty"): _absent(True),
    ("dateTime", "notEmpty"): _absent(False),
    ("dateTime", "equals"): _dates(operator.eq),
    ("dateTime", "notEquals"): _dates(operator.ne),
    ("dateTime", "after"): _dates(operator.gt),
    ("dateTime", "before"): _dates(operator.lt),
    ("dateTime", "afterOrEquals"): _dates(operator.ge),
    ("dateTime", "beforeOrEquals"): _dates(operator.le),
    ("boolean", "empty"): _absent(True),
    ("boolean", "notEmpty"): _absent(False),
    ("boolean", "true"): _truth(True),
    ("boolean", "false"): _truth(False),
    ("boolean", "equals"): _same(True),
    ("boolean", "notEquals"): _same(False),
    ("array", "empty"): _empty_container(True),
    ("array", "notEmpty"): _empty_container(False),
    ("array", "contains"): _contained(True),
    ("array", "notContains"): _contained(False),
    ("array", "lengthEquals"): _lengths(operator.eq),
    ("array", "lengthNotEquals"): _lengths(operator.ne),
    **{
        ("array", f"length{name.capitalize()}"): _lengths(compare)
        for name, compare in _ORDER.items()
    },
    ("object", "empty"): _empty_container(True),
    ("object", "notEmpty"): _empty_container(False),
}
