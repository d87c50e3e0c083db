"""Expressions: their values, types and errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from n8nlite_expressions import (
    UNDEFINED,
    DateText,
    DateTimeText,
    Evaluator,
    ExpressionError,
    from_ai,
    is_expression,
    scanner,
)
from tests.compare import json_differences
from tests.conformance.cases import Case, NotThere
from tests.conformance.scopes import scope
from tests.conformance.values import moment, value_differences

TYPES: tuple[tuple[type, str], ...] = (
    (type(UNDEFINED), "undefined"),
    (type(None), "null"),
    (bool, "boolean"),
    (int, "number"),
    (float, "number"),
    (DateTimeText, "DateTime"),
    (DateText, "Date"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
)
SPECIAL = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}
EARLIER_REFUSAL = "Expression contains invalid constructor function call"


def check(case: Case) -> Iterator[str]:
    """Most cases are an expression and its value; a few files ask for something else."""
    why = (case.differs or {}).get("why", "")
    if why.endswith("leave out"):
        raise NotThere(why)
    return CHECKERS.get(case.file.stem, expression)(case)


def expression(case: Case) -> Iterator[str]:
    """The value of an expression; where n8n 2.41 differs its answer counts, or either does."""
    answer = _evaluated(case)
    answers = [_Answer(case.data)]
    if case.differs:
        answers.append(_Answer(_of_241(case.differs)))
        if "either" not in case.differs["why"]:
            answers.pop(0)
    found = [list(each.differences(answer)) for each in answers]
    yield from min(found, key=len)


class _Answer:
    """What n8n answers."""

    def __init__(self, case: Mapping[str, Any]) -> None:
        self.case = {**case, **case.get("expected_when_system_tz_is_UTC", {})}
        if "error" in (whole := case.get("full_expression_result", {})):
            self.case["expect_error"] = f"^{re.escape(whole['error'])}$"

    def differences(self, ours: Any) -> Iterator[str]:
        """What is different about ours: a value, or the error that was raised."""
        pattern = self.case.get("expect_error")
        if isinstance(ours, ExpressionError):
            if not pattern:
                yield f"error: expected none, got {ours.message!r}"
            elif not re.search(pattern, ours.message):
                yield f"error.message: expected {pattern!r}, got {ours.message!r}"
        elif pattern:
            yield f"error: expected {pattern!r}, got the value {ours!r}"
        else:
            yield from self._of_value(ours)

    def _of_value(self, ours: Any) -> Iterator[str]:
        kind, expected = self.case.get("expected_type"), self.case.get("expected")
        if kind in {name for _, name in TYPES} and not self.case.get("invalid"):
            yield from json_differences(kind, js_type(ours), "type")
        if self.case.get("match") == "type_only" or kind == "undefined":
            return
        if special := self.case.get("special_number"):
            yield from json_differences(SPECIAL.get(special, special), str(ours), "value")
        elif kind in ("Date", "DateTime") and expected is not None:
            yield from _moments(expected, ours)
        elif kind == "bigint":
            yield from json_differences(str(expected).rstrip("n"), str(ours), "value")
        else:
            yield from value_differences(expected, ours, "value")


def is_an_expression(case: Case) -> Iterator[str]:
    """isExpression(value)"""
    value = UNDEFINED if case["value_type"] == "undefined" else case["value"]
    return json_differences(case["expected"], is_expression(value), "result")


def template_split(case: Case) -> Iterator[str]:
    """How text is cut into literal text and code."""
    expected = [
        (chunk["type"], chunk["text"])
        for chunk in case["expected_chunks"]
        if chunk["text"] or chunk["type"] == "code"
    ]
    ours = [
        ("text", chunk) if isinstance(chunk, str) else ("code", chunk.source)
        for chunk in scanner.split(case["template"])
    ]
    return json_differences(expected, ours, "chunks")


def sandboxing(case: Case) -> Iterator[str]:
    """What may not be reached; the whole evaluator may refuse earlier than the case says."""
    ours = _evaluated(case)
    if not (isinstance(ours, ExpressionError) and EARLIER_REFUSAL in ours.message):
        yield from _Answer(case.data).differences(ours)


def from_ai_calls(case: Case) -> Iterator[str]:
    """The calls of $fromAI in a text."""
    try:
        calls = from_ai.from_ai_calls(case["text"])
    except ExpressionError as error:
        yield from _Answer(case.data).differences(error)
        return
    found = [
        {"key": call.key, "description": call.description, "type": call.type}
        | ({} if call.default is UNDEFINED else {"defaultValue": call.default})
        for call in calls
    ]
    yield from json_differences(case["expected"], found, "calls")


CHECKERS: dict[str, Callable[[Case], Iterator[str]]] = {
    "is_expression": is_an_expression,
    "template_split": template_split,
    "sandboxing": sandboxing,
    "from_ai_calls": from_ai_calls,
}


def js_type(value: Any) -> str:
    """The JavaScript type that a result had."""
    return next((name for kind, name in TYPES if isinstance(value, kind)), type(value).__name__)


def _evaluated(case: Case) -> Any:
    with Evaluator() as evaluator:
        try:
            return evaluator.resolve(case["expression"], scope(case))
        except ExpressionError as error:
            return error


def _of_241(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer of eval_expressions as a case would put it."""
    error = answer.get("error")
    return {
        "expected": answer.get("value"),
        "expected_type": answer.get("type"),
        "expect_error": f"^{re.escape(error['message'])}$" if error else None,
    }


def _moments(expected: str, ours: Any) -> Iterator[str]:
    """The same instant, and in a zone with the same offset."""
    try:
        got = datetime.fromisoformat(ours)
    except (TypeError, ValueError):
        yield f"value: expected {expected!r}, got {ours!r}"
        return
    wanted = moment(expected)
    yield from json_differences((wanted, wanted.utcoffset()), (got, got.utcoffset()), "value")
