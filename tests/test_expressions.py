"""The evaluator: what `={{ }}` gives, item by item."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from n8nlite_expressions import (
    UNDEFINED,
    DateText,
    DateTimeText,
    Evaluator,
    ExpressionError,
    Item,
    NodeData,
    Run,
    Scope,
    Source,
    compile_template,
)


@pytest.fixture(scope="module")
def evaluator() -> Iterator[Evaluator]:
    with Evaluator() as evaluator:
        yield evaluator


def scope(*jsons: dict[str, Any], **more: Any) -> Scope:
    items = [Item(json, None, i) for i, json in enumerate(jsons)]
    nodes = {"Before": NodeData(runs=[Run([items])])}
    return Scope(input=items, sources=[Source("Before")], nodes=nodes, timezone="UTC", **more)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("={{ $json.n + 1 }}", 3),
        ("={{ $json.n }}", 2),
        ("={{ $json.n }} ", "2 "),
        ("=a {{ $json.missing.deep }} b", "a  b"),
        ("={{ $json.missing.deep }}", UNDEFINED),
        ("={{ $json.o }}!", "[object Object]!"),
        ("={{ $json.list }}!", "1,2!"),
        ("={{ 1e21 }} {{ 1.0 }} {{ 0.1 + 0.2 }}", "1e+21 1 0.30000000000000004"),
        ("={{ unknown }}", UNDEFINED),
        ("={{ (() => { throw new Error('bang') })() }}", UNDEFINED),
        ("={{ Promise }}", {}),
        ("={{ new Date(0) }}", DateText("1970-01-01T00:00:00.000Z")),
        ("=<< $json.n >>", 2),
        ("=plain", "plain"),
        ("plain {{ 1 }}", "plain {{ 1 }}"),
    ],
)
def test_value(evaluator: Evaluator, expression: str, value: Any) -> None:
    """The value is n8n's, and of its type."""
    found = evaluator.resolve(expression, scope({"n": 2, "o": {"a": 1}, "list": [1, 2]}))
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("={{ }}", "invalid syntax"),
        ("={{ 1 + }}", "invalid syntax"),
        ("={{ Math.max }}", "this is a function, please add ()"),
        (
            "={{ $json['con' + 'structor'] }}",
            'Cannot access "constructor" due to security concerns',
        ),
        ("={{ $('Nope').item.json.a }}", "Referenced node doesn't exist"),
        ("={{ $env.HOME }}", "access to env vars denied"),
    ],
)
def test_error(evaluator: Evaluator, expression: str, message: str) -> None:
    """n8n's own errors are raised, with the expression and its place."""
    with pytest.raises(ExpressionError) as caught:
        evaluator.resolve({"a": ["x", {"b": expression}]}, scope({}))
    assert caught.value.message == message
    assert (caught.value.expression, caught.value.parameter) == (expression, "a[1].b")


def test_errors_belong_to_their_items(evaluator: Evaluator) -> None:
    """One item's failure leaves the others their values."""
    template = compile_template({"v": "={{ $json.bad ? $('No').first() : $json.n }}"})
    resolved = evaluator.resolve_items(template, scope({"n": 1}, {"bad": True}, {"n": 3}), 3)
    assert (resolved[0], resolved[2]) == ({"v": 1}, {"v": 3})
    with pytest.raises(ExpressionError) as caught:
        resolved[1]
    assert caught.value.item == 1


def test_static_parts_are_shared(evaluator: Evaluator) -> None:
    """What holds no expression is the same object in every value."""
    template = compile_template({"static": {"deep": [1]}, "v": "={{ $json.n }}"})
    resolved = evaluator.resolve_items(template, scope({"n": 1}, {"n": 2}), 2)
    assert resolved[0]["static"] is resolved[1]["static"]
    assert not resolved.constant


def test_constant(evaluator: Evaluator) -> None:
    """A value in which nothing depends on the item is made once."""
    resolved = evaluator.resolve_items(compile_template(["={{ $vars.a }}"]), scope({}, {}), 2)
    assert resolved.constant
    assert resolved[0] is resolved[1]


def test_mutation_stays_with_its_item(evaluator: Evaluator) -> None:
    """An expression may sort or change what it sees; nobody else sees that."""
    given = scope({"list": [3, 1]}, {"list": [2, 1]})
    template = compile_template("={{ $json.list.sort() }}")
    resolved = evaluator.resolve_items(template, given, 2)
    assert [resolved[0], resolved[1]] == [[1, 3], [1, 2]]
    assert evaluator.resolve("={{ $json.list.map(x => x) }}", given) == [3, 1]
    assert given.input[0].json == {"list": [3, 1]}


def test_date_time_has_its_zone(evaluator: Evaluator) -> None:
    """A DateTime leaves as text with the offset of the workflow's zone."""
    given = Scope(input=[Item({})], timezone="America/New_York")
    value = evaluator.resolve("={{ DateTime.fromISO('2026-01-02T08:04:05Z') }}", given)
    assert isinstance(value, DateTimeText)
    assert value == "2026-01-02T03:04:05.000-05:00"
