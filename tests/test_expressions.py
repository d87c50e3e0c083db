"""The evaluator: what `={{ }}` gives, item by item."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from n8nlite_expressions import (
    UNDEFINED,
    DateText,
    DateTimeText,
    Evaluator,
    ExpressionError,
    ExpressionTimeout,
    Item,
    Limits,
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


def test_a_node_that_is_not_there(evaluator: Evaluator) -> None:
    """The error names the nearest that is."""
    with pytest.raises(ExpressionError) as caught:
        evaluator.resolve("={{ $('Befor').item.json.a }}", scope({}))
    assert caught.value.hint == "there is no node 'Befor' in the workflow; did you mean 'Before'?"


@pytest.mark.parametrize(
    "code",
    [
        "(($$key) => (() => {})['constr' + 'uctor'])((key) => key)",
        "((\\u0024$key) => (() => {})['constr' + 'uctor'])((key) => key)",
        "(() => { { let Reflect } return typeof Reflect.ownKeys })()",
        "((a = Reflect) => { let Reflect; return typeof a.ownKeys })()",
        "(() => { for (let Proxy = 0; Proxy < 1; Proxy++) {} return typeof Proxy.revocable })()",
        "(() => { try { throw 1 } catch (Promise) {} return typeof Promise.resolve })()",
        "(() => { switch (1) { case 1: let globalThis } return typeof globalThis.run })()",
        "(function globalThis() {}, typeof globalThis.run)",
        "(() => { class globalThis {} })(), typeof globalThis.run",
        "[1].map(function () { return typeof this?.run })[0]",
        "(() => { return typeof ({ run }).run })()",
        "(() => { let { a = globalThis } = {}; return typeof a.run })()",
        "(() => { let [a = globalThis] = []; return typeof a.run })()",
        "(() => { let a; ({ a = globalThis } = {}); return typeof a.run })()",
        "(() => { let a; [a = globalThis] = []; return typeof a.run })()",
        "(() => { let a; for (a of [globalThis]); return typeof a.run })()",
        "(() => { class A { b = globalThis; static c = globalThis } return typeof A.c.run })()",
        "(() => { class A { [`x${typeof globalThis.run}`]() {} } return 'undefined' })()",
        "((strings, a) => typeof a.run)`x${globalThis}`",
        "typeof (a ??= globalThis).run",
        "typeof [...[globalThis]][0].run",
        "typeof Function('return this')?.run",
    ],
)
def test_no_way_out(evaluator: Evaluator, code: str) -> None:
    """Globals cannot be reached, nor the rewriter's own names taken, whatever is declared where."""
    try:
        found = evaluator.resolve(f"={{{{ {code} }}}}", scope({}))
    except ExpressionError:
        return
    assert found in ("undefined", UNDEFINED)


def test_nothing_is_left_behind(evaluator: Evaluator) -> None:
    """Built-in objects and globals cannot be changed for the next expression."""
    for code in (
        "globalThis.left = 1",
        "left = 1",
        "[].__proto__.left = 1",
        "Object.assign(Object.getPrototypeOf([]), { left: 1 })",
        "(Math.left = 1)",
        "(DateTime.left = 1)",
        "Object.assign(String, { left: 1 })",
        "(() => { Array.from.left = 1 })()",
        "(JSON.stringify = () => 1)",
    ):
        with contextlib.suppress(ExpressionError):
            evaluator.resolve(f"={{{{ {code} }}}}", scope({}))
    text = "={{ [typeof left, [].left, Math.left, DateTime.left, String.left, Array.from.left] }}"
    assert evaluator.resolve(text, scope({})) == ["undefined", None, None, None, None, None]


def test_deep_nesting(evaluator: Evaluator) -> None:
    """Data and parameters nested beyond reason end in words, not in a traceback."""
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"a": deep}
    with pytest.raises(ExpressionError, match="nested too deep"):
        evaluator.resolve("={{ $json.a + 1 }}", scope(deep))
    with pytest.raises(ExpressionError, match="nested too deep"):
        evaluator.resolve(deep, scope({}))
    text = "={{ (() => { let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; return o })() }}"
    with pytest.raises(ExpressionError):
        evaluator.resolve(text, scope({}))
    assert evaluator.resolve("={{ 1 + 1 }}", scope({})) == 2


def test_a_timeout_says_where() -> None:
    """The parameter and the expression, where there is but one."""
    value = {"a": "={{ (() => { while (true) {} })() }}"}
    short = Evaluator(limits=Limits(timeout=0.1))
    with short, pytest.raises(ExpressionTimeout) as caught:
        short.resolve(value, scope({}))
    assert caught.value.parameter == "a"
