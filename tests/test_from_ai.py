"""`$fromAI(...)` calls as agents read them."""

from __future__ import annotations

import pytest

from n8nlite_expressions import ExpressionError
from n8nlite_expressions.from_ai import FromAI, from_ai_calls


def test_calls() -> None:
    """In their order, whatever stands around them."""
    text = """={{ $fromAI('a', `b, (c)`, "number", 5) }} and {{ $fromAi("d") }} fromAI("e")"""
    assert from_ai_calls(text) == [FromAI("a", "b, (c)", "number", 5), FromAI("d")]


@pytest.mark.parametrize(
    ("default", "value"),
    [("'number', 1.5", 1.5), ("'boolean', true", True), ("'json', '{\"x\": [1]}'", {"x": [1]})],
)
def test_defaults(default: str, value: object) -> None:
    """They have the type that the call names."""
    (call,) = from_ai_calls(f"$fromAI('a', '', {default})")
    assert call.default == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("$fromAI()", "Add a key"),
        ("$fromAI('a b')", "Invalid parameter key"),
        ("$fromAI('a', 'b', 'date')", "Invalid type: date"),
        ("$fromAI('a', 'b'", "Unbalanced parentheses"),
        ("$fromAI('a', 'b', 'number', 'x')", "Failed to parse"),
    ],
)
def test_wrong_calls(text: str, message: str) -> None:
    """They are refused in words."""
    with pytest.raises(ExpressionError, match=message):
        from_ai_calls(text)
