"""Expressions are made safe to run once per process."""

from __future__ import annotations

import pytest

from n8nlite_expressions import Evaluator, ExpressionError, Item, Limits, Scope, rewriting
from n8nlite_expressions.rewriting import rewrite
from n8nlite_expressions.scanner import scan

SCOPE = Scope(input=[Item({"n": 1})], timezone="UTC")
LIMITS = Limits()


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "_known", {})


def test_text_stays_and_code_is_led_to_the_data() -> None:
    """Names are looked up in n8n's data, not among V8's globals."""
    (found,) = rewrite([scan("=n is {{ $json.n + 1 }}!")], LIMITS)
    assert found["chunks"] == ["n is ", ["$$S.$json.n + 1"], "!"]


def test_an_expression_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other executions are given what the first one found out."""
    before = rewrite([scan("={{ 1 + 1 }}")], LIMITS)
    monkeypatch.setattr(rewriting, "_ask", lambda expressions, limits: [{}] * len(expressions))
    with Evaluator() as evaluator:
        assert evaluator.resolve("={{ 1 + 1 }}", SCOPE) == 2
    assert rewrite([scan("={{ 1 + 1 }}")], LIMITS) == before


def test_what_is_wrong_is_known_too() -> None:
    """An error in the source comes out again and again, and spoils no other expression."""
    with Evaluator() as evaluator:
        for _ in range(2):
            with pytest.raises(ExpressionError, match="invalid syntax"):
                evaluator.resolve({"a": "={{ 1 + }}", "b": "={{ 1 + 1 }}"}, SCOPE)
    wrong, right = rewrite([scan("={{ 1 + }}"), scan("={{ 1 + 1 }}")], LIMITS)
    assert wrong["error"]["message"] == "invalid syntax"
    assert right["chunks"] == [["1 + 1"]]


def test_deep_code_fails_alone() -> None:
    """Source that is nested too deep for the parser leaves the others alone."""
    deep = "={{ " + "(" * 50_000 + "1" + ")" * 50_000 + " }}"
    wrong, right = rewrite([scan(deep), scan("={{ 2 + 1 }}")], LIMITS)
    assert "error" in wrong
    assert right["chunks"] == [["2 + 1"]]


def test_what_is_known_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest go first."""
    monkeypatch.setattr(rewriting, "_KEPT", 3)
    for n in range(5):
        rewrite([scan(f"={{{{ {n} + 1 }}}}")], LIMITS)
    assert list(rewriting._known) == [f"={{{{ {n} + 1 }}}}" for n in (2, 3, 4)]
