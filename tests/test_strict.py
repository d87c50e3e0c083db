"""Strict mode: what n8n passes over in silence is an error, unless the expression asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from n8nlite_expressions import (
    UNDEFINED,
    Evaluator,
    ExpressionError,
    Item,
    NodeData,
    Run,
    Scope,
    Source,
    compile_template,
)
from tests.flow import chain, node, trigger
from tests.test_expressions_native import PATHS, results, scopes

DATA: dict[str, Any] = {
    "name": "Ada",
    "user": {"email": "a@b.c", "none": None},
    "list": [{"name": "p"}, {"other": 1}],
    "said": "undefined, NaN and [object Object]",
    "nothing": None,
}
SILENT = {key: value for key, value in DATA.items() if key != "said"}


def scope(json: dict[str, Any] = DATA) -> Scope:
    items = [Item(json, None, 0)]
    nodes = {"Before": NodeData(runs=[Run([items])])}
    return Scope(input=items, sources=[Source("Before")], nodes=nodes, active="Here")


@pytest.fixture(scope="module")
def strict() -> Iterator[Evaluator]:
    with Evaluator(strict=True) as evaluator:
        yield evaluator


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("={{ $json.no?.such.thing }}", UNDEFINED),
        ("={{ $json.user?.phone }}", UNDEFINED),
        ("=Hello {{ $json.no?.name }}!", "Hello !"),
        ("={{ $json.no ?? 'x' }}", "x"),
        ("={{ $json.no || 'x' }}", "x"),
        ("={{ $json.no && $json.no.deep }}", UNDEFINED),
        ("={{ $json.no ? $json.no : 'x' }}", "x"),
        ("={{ $if($json.no, 1, 2) }}", 2),
        ("={{ $ifEmpty($json.no, 'x') }}", "x"),
        ("={{ $json.no.isEmpty() }}", True),
        ("={{ !$json.no }}", True),
        ("={{ typeof $json.no }}", "undefined"),
        ("={{ $json.no === 'x' }}", False),
        ("={{ 'no' in $json }}", False),
        ("={{ undefined }}", UNDEFINED),
        ("={{ (() => { try { return $json.no.deep } catch { return 'x' } })() }}", "x"),
        ("={{ $json.list.map(each => each.name).filter(Boolean) }}", ["p"]),
        ("={{ $json.list.filter(each => each.name).length }}", 1),
        ("={{ ((a, b) => b ?? a)(1) }}", 1),
        ("={{ $json.said }}", DATA["said"]),
        ("=- {{ $json.said.trim() }}", f"- {DATA['said']}"),
        ("={{ JSON.stringify($json) }}", None),
        ("={{ 'undefined' }}", "undefined"),
        ("={{ $json.nothing }}", None),
        ("=({{ $json.nothing }})", "()"),
        ("={{ $now.toFormat('DD') }}", None),
        ("={{ $json.user }}", DATA["user"]),
    ],
)
def test_allowed(strict: Evaluator, expression: str, value: Any) -> None:
    """What may be missing is missing, as in n8n."""
    found = strict.resolve(expression, scope())
    assert value is None or found == value
    assert (found is UNDEFINED) == (value is UNDEFINED)


@pytest.mark.parametrize(
    ("expression", "message", "part"),
    [
        ("={{ $json.nme }}", "$json.nme is undefined", "$json.nme"),
        ("=Hello {{ $json.nme }}!", "$json.nme is undefined", "$json.nme"),
        ("={{ $json.usr.email }}", "$json.usr is undefined", "$json.usr"),
        ("={{ $json.user.none.deep }}", "$json.user.none is null", "$json.user.none"),
        ("={{ 1 }}{{ $json.no + 1 }}", "$json.no is undefined", "$json.no"),
        ("={{ 'Hello ' + $json.no }}", "$json.no is undefined", "$json.no"),
        ("={{ `Hello ${$json.no}` }}", "$json.no is undefined", "$json.no"),
        ("={{ $json.no > 3 }}", "$json.no is undefined", "$json.no"),
        ("={{ [$json.no] }}", "$json.no is undefined", "$json.no"),
        ("={{ {a: $json.no} }}", "$json.no is undefined", "$json.no"),
        ("={{ Number($json.no) }}", "$json.no is undefined", "$json.no"),
        ("={{ $json.x ? 1 : $json.no }}", "$json.no is undefined", "$json.no"),
        ("={{ $json.x ?? $json.no }}", "$json.no is undefined", "$json.no"),
        ("={{ $json.list.map(x => x.name) }}", "x.name is undefined", "x.name"),
        ("={{ name }}", "name is undefined", "name"),
        ("={{ $json.list[7].name }}", "$json.list[7] is undefined", "$json.list[7]"),
        ("={{ $json.user.map(x => x) }}", "$json.user.map is not a function", "map"),
        ("={{ Number($json.name) }}", "Number($json.name) is NaN", "Number($json.name)"),
        (
            "=Hi {{ $json.user }}",
            "$json.user is an object, which as text is [object Object]",
            "$json.user",
        ),
        (
            "={{ 'Hi ' + $json.user }}",
            "$json.user is an object, which as text is [object Object]",
            "$json.user",
        ),
        (
            "={{ DateTime.fromISO($json.name) }}",
            "DateTime.fromISO($json.name) is an invalid date",
            "DateTime.fromISO($json.name)",
        ),
        ("={{ (() => { throw new Error('bang') })() }}", "bang", None),
    ],
)
def test_refused(strict: Evaluator, expression: str, message: str | None, part: str | None) -> None:
    """It says what was undefined, and where; without strict mode there is no error."""
    with Evaluator() as lenient:
        lenient.resolve(expression, scope(SILENT))
    with pytest.raises(ExpressionError) as caught:
        strict.resolve(expression, scope(SILENT))
    error = caught.value
    assert (error.message, error.expression, error.node) == (message, expression, "Here")
    assert error.span is not None
    if part is not None:
        assert expression[slice(*error.span)] == part


@pytest.mark.parametrize(
    ("expression", "hint"),
    [
        ("={{ $json.nme }}", "did you mean $json.name?"),
        ("={{ $json.email }}", "did you mean $json.user.email?"),
        ("={{ $json.Name }}", "did you mean $json.name?"),
        ("={{ name }}", "did you mean $json.name?"),
        ("={{ $json.user.phone }}", "$json.user has email, none; write $json.user.phone ??"),
    ],
)
def test_hint(strict: Evaluator, expression: str, hint: str) -> None:
    """The nearest names, or the names there are."""
    with pytest.raises(ExpressionError) as caught:
        strict.resolve(expression, scope())
    assert str(caught.value.hint).startswith(hint)


def test_preview_shows_no_secrets(strict: Evaluator) -> None:
    """The value is shown that something was missing from, but of the secret ones."""
    with pytest.raises(ExpressionError) as caught:
        strict.resolve("={{ $json.user.phone }}", scope())
    assert caught.value.preview == '$json.user = {"email":"a@b.c","none":null}'
    secret = Scope(secrets={"vault": {"key": "s3cret"}})
    with pytest.raises(ExpressionError) as caught:
        strict.resolve("={{ $secrets.vault.kex }}", secret)
    assert caught.value.preview is None
    assert "s3cret" not in str(caught.value.hint)


def test_places_that_may_be_missing(strict: Evaluator) -> None:
    """A lone path may lead nowhere where the template says so; nothing else may."""
    texts = {"a": "={{ $json.no.deep }}", "b": "={{ $json.no + 1 }}", "c": "={{ $json.no }}"}
    template = compile_template(texts, optional={"a", "b"})
    value, failed = strict.resolve_items(template, scope(), 1).fields(0)
    assert value == {"a": UNDEFINED}
    assert failed.keys() == {"b", "c"}


@settings(max_examples=200, deadline=None)
@given(scope=scopes(), path=PATHS)
def test_both_paths_agree(strict: Evaluator, scope: Scope, path: str) -> None:
    """What Python evaluates is refused just where V8 refuses it, alone and in text."""
    for before in ("", "a "):
        ours = results(strict, f"={before}{{{{ {path} }}}}", scope)
        theirs = results(strict, f"={before}{{{{ {path} /**/ }}}}", scope)
        assert ours == theirs


@pytest.mark.parametrize(
    ("operation", "fine"),
    [("exists", True), ("notExists", True), ("empty", True), ("notEmpty", True), ("equals", False)],
)
def test_conditions_that_ask_whether_there_is_a_value(operation: str, fine: bool) -> None:
    """An If that asks for existence gets its answer."""
    condition = {
        "leftValue": "={{ $json.user.phone }}",
        "rightValue": "1",
        "operator": {"type": "string", "operation": operation},
    }
    conditions = {"conditions": [condition], "combinator": "and", "options": {"version": 2}}
    flow = chain(trigger(), node("If", "if", {"conditions": conditions, "options": {}}))
    result = flow.run([{"user": {}}], strict_expressions=True)
    assert result.ok is fine
    assert flow.run([{"user": {}}]).ok
