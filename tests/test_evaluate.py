"""`n8nlite eval`, on expressions that real n8n was asked: fixtures/expressions.jsonl."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from n8nlite_expressions.evaluate import evaluate_lines

ASKED = Path(__file__).parents[1] / "fixtures/expressions.jsonl"


def test_as_real_n8n_answers() -> None:
    """Value, type and error message of every expression in the file."""
    lines = ASKED.read_text(encoding="utf-8").rstrip("\n").split("\n")
    wrong = [
        f"{line}\n  got {answer}"
        for line, answer in zip(lines, evaluate_lines(lines), strict=True)
        if not _agrees(json.loads(line), answer)
    ]
    assert not wrong, "\n".join(wrong[:20])


def _agrees(asked: dict[str, Any], answer: dict[str, Any]) -> bool:
    if "error" in asked:
        return bool(answer["error"]) and answer["error"]["message"] == asked["error"]
    expected = (asked["value"], asked["type"], None)
    return (answer["value"], answer["type"], answer["error"]) == expected


@pytest.mark.parametrize(
    "line", ["{", "[]", "{}", '{"expression": 1', '{"expression":"=a","items":5}']
)
def test_a_line_that_cannot_be_read(line: str) -> None:
    """It gives an error, and the next line is evaluated."""
    bad, good = evaluate_lines([line, '{"expression": "={{ 1 + 1 }}", "id": 7}'])
    assert bad["error"]["name"] == "InputError"
    assert good == {
        "id": 7,
        "expression": "={{ 1 + 1 }}",
        "value": 2,
        "type": "number",
        "error": None,
    }


def test_text_is_no_expression() -> None:
    """Without `=` a value is what it is."""
    (answer,) = evaluate_lines(['{"expression": {"a": [1, "={{ 1 + 1 }}"]}}'])
    assert (answer["value"], answer["type"]) == ({"a": [1, 2]}, "object")


def test_the_clock_and_the_zone() -> None:
    """`now` stands still; `timezone` is the workflow's."""
    line = {
        "expression": "={{ [$now.toISO(), $today.toISO(), new Date().toISOString()] }}",
        "now": "2026-01-02T03:04:05+00:00",
        "timezone": "America/New_York",
    }
    (answer,) = evaluate_lines([json.dumps(line)])
    assert answer["value"] == [
        "2026-01-01T22:04:05.000-05:00",
        "2026-01-01T00:00:00.000-05:00",
        "2026-01-02T03:04:05.000Z",
    ]
