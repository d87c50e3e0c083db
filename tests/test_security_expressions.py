"""
Hostile expressions: what they must not reach, how they end, what they must not leave behind.

The ids are those of the cases in our security review.
"""

from __future__ import annotations

import contextlib
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from n8nlite_expressions import (
    UNDEFINED,
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
    v8,
)
from n8nlite_expressions.v8 import Use

ITEM = Item({"n": 1, "name": "Ada", "__proto__": {"own": 1}, "constructor": "mine"})
SCOPE = Scope(
    input=[ITEM],
    sources=[Source("Before")],
    nodes={
        "Before": NodeData([Run([[ITEM]])], parameters={"note": "={{ 1 + 1 }}"}),
        "Far": NodeData([Run([[Item({"far": 1})]])]),
    },
    timezone="UTC",
)
FOLDER = Path(__file__).parent
CASES = tomllib.loads((FOLDER / "hostile_expressions.toml").read_text(encoding="utf-8"))
UNFROZEN = (FOLDER / "unfrozen.js").read_text(encoding="utf-8")
STAMP = (FOLDER / "stamp.js").read_text(encoding="utf-8").strip()


@pytest.fixture(scope="module")
def evaluator() -> Iterator[Evaluator]:
    with Evaluator() as evaluator:
        yield evaluator


def evaluate(evaluator: Evaluator, code: str, scope: Scope = SCOPE) -> Any:
    return evaluator.resolve(f"={{{{ {code} }}}}", scope)


@pytest.mark.parametrize("case", CASES["refused"])
def test_what_is_refused_says_so(evaluator: Evaluator, case: str) -> None:
    """Ways to function constructors, prototypes and the rewriter's own names."""
    code, message = CASES["refused"][case]
    with pytest.raises(ExpressionError) as caught:
        evaluate(evaluator, code)
    assert message in caught.value.message


@pytest.mark.parametrize("case", CASES["harmless"])
def test_what_is_allowed_finds_nothing(evaluator: Evaluator, case: str) -> None:
    """Names in every place where JavaScript has them lead to data, or to empty stubs."""
    code, value = CASES["harmless"][case]
    found = evaluate(evaluator, code)
    assert (value == "undefined") if found is UNDEFINED else (found == json.loads(value))


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import('node:fs')", id="EXPR-042"),
        pytest.param("(async () => 1)()", id="EXPR-064"),
        pytest.param("(async function* () {})()", id="EXPR-064-generator"),
        pytest.param("$('Befor').item.json.x", id="EXPR-069"),
        pytest.param("null.x.y ?? (() => { throw 1 })()", id="EXPR-039"),
    ],
)
def test_errors_say_nothing_of_the_host(evaluator: Evaluator, code: str) -> None:
    """No path, no frame, no address: neither in the error nor in what code sees of one."""
    seen = [
        evaluate(evaluator, "(() => { try { null.x } catch (e) { return String(e.stack) } })()")
    ]
    try:
        evaluate(evaluator, code)
    except ExpressionError as error:
        seen += [str(error), error.description or "", error.hint or ""]
    for text in seen:
        assert not any(
            word in text for word in ("Traceback", ".py", "/home", "site-packages", "0x")
        )


def test_a_missing_node_is_named_with_the_nearest(evaluator: Evaluator) -> None:
    """EXPR-069."""
    with pytest.raises(ExpressionError) as caught:
        evaluate(evaluator, "$('Befor').first()")
    assert "Before" in f"{caught.value.message} {caught.value.description} {caught.value.hint}"


@pytest.mark.parametrize(
    "template",
    [
        "={{ 2 }} */ {{ 3 }} // {{ 4 }}",
        "=`${ {{ 2 }} }",
        "={{ '`' }}${1}\\",
        "={{ 2 }}\u2028{{ 3 }}",
    ],
)
def test_text_between_expressions_is_text(evaluator: Evaluator, template: str) -> None:
    """EXPR-070: comments, quotes and line ends around holes mean nothing."""
    rest = template[1:]
    for code in ("{{ 2 }}", "{{ 3 }}", "{{ 4 }}", "{{ '`' }}"):
        rest = rest.replace(code, "`" if "`" in code else code[3])
    assert evaluator.resolve(template, SCOPE) == rest


@pytest.mark.parametrize("name", ["__proto__", "constructor", "toString", "hasOwnProperty"])
def test_names_of_prototypes_are_names(evaluator: Evaluator, name: str) -> None:
    """DATA-003: nodes, keys and arguments are looked up in what is there, not in prototypes."""
    with pytest.raises(ExpressionError, match="Referenced node doesn't exist"):
        evaluate(evaluator, f"$('{name}').first()")
    plain = Scope(input=[Item({"n": 1})], timezone="UTC")
    assert evaluate(evaluator, f"$fromAI('{name}')", plain) is UNDEFINED
    own = Scope(
        input=[ITEM], nodes={name: NodeData([Run([[Item({name: {"x": 5}})]])])}, timezone="UTC"
    )
    assert evaluate(evaluator, f"$('{name}').first().json", own) == {name: {"x": 5}}
    assert evaluate(evaluator, "Object.keys($json).length + ({}).own", own) != 5


# -- limits ------------------------------------------------------------------------------------

SHORT = Limits(timeout=0.3, memory=64 << 20, result=1_000_000)


@pytest.mark.parametrize("case", CASES["endless"])
def test_limits_hold_and_the_next_one_works(case: str) -> None:
    """Time, memory and size; the error names the expression, and a new context is in place."""
    with Evaluator(limits=SHORT) as evaluator:
        with pytest.raises(ExpressionError) as caught:
            evaluate(evaluator, CASES["endless"][case])
        assert isinstance(caught.value, ExpressionTimeout) or "too large" in caught.value.message
        assert evaluate(evaluator, "$json.n + $('Far').first().json.far") == 2


def test_a_string_that_is_too_long_is_no_value(evaluator: Evaluator) -> None:
    """EXPR-057: JavaScript's own limit."""
    assert evaluate(evaluator, "'x'.repeat(2 ** 29) + 'y'") is UNDEFINED


# -- nothing is left behind --------------------------------------------------------------------


def test_nothing_that_outlives_an_expression_can_be_marked() -> None:
    """EXPR-032: every object that can be reached is stamped; the next expression finds no stamp."""
    with Evaluator(limits=Limits(timeout=60)) as patient:
        for _ in range(2):
            assert evaluate(patient, STAMP) == {"many": True, "found": []}


@pytest.mark.parametrize("use", ["expressions", "strict"])
def test_the_whole_realm_is_frozen(use: Use) -> None:
    """EXPR-032, EXPR-036: built-in objects and all that hangs on them, however it is reached."""
    context = v8.Context(use)
    try:
        assert context._racer is not None
        found = json.loads(str(context._racer.eval(UNFROZEN)))
        fresh = {"an iterator", "a generator", "a generator.prototype"}
        assert found["many"]
        assert set(found["loose"]) <= fresh
    finally:
        context.close()


@pytest.mark.parametrize("case", CASES["left"])
def test_an_expression_does_not_see_the_one_before(case: str) -> None:
    """In the same call, item after item, and in the next: as if the first had never been."""
    write, read = CASES["left"][case]
    with Evaluator() as evaluator, Evaluator() as untouched:
        expected = evaluate(untouched, read)
        with contextlib.suppress(ExpressionError):
            evaluate(evaluator, write)
        assert evaluate(evaluator, read) == expected
        both = {"one": f"={{{{ typeof ({write}) }}}}", "two": f"={{{{ {read} }}}}"}
        assert evaluator.resolve(both, SCOPE)["two"] == expected


@pytest.mark.parametrize(
    "tamper",
    ["e.key = 999", "e.key = { node: {} }", "e.message = { toJSON() { throw 1 } }", "delete e.key"],
)
def test_requests_for_data_cannot_be_forged(tamper: str) -> None:
    """Code that catches one, and changes it, gets its data or an error; Python is not misled."""
    with Evaluator() as evaluator:
        code = f"try {{ return $('Far').first().json }} catch (e) {{ {tamper}; throw e }}"
        code = f"(() => {{ {code} }})()"
        assert evaluate(evaluator, code) == {"far": 1}


def test_what_is_thrown_may_be_anything(evaluator: Evaluator) -> None:
    """Errors that throw when they are looked at harm nobody but their own item."""
    hostile = "({ toJSON() { throw { __proto__: null, get message() { throw 1 } } } })"
    template = {"bad": f"={{{{ ({hostile}) }}}}", "good": "={{ $json.n + 1 }}"}
    with pytest.raises(ExpressionError, match="Expression evaluation failed"):
        evaluator.resolve(template, SCOPE)
    assert evaluate(evaluator, "$json.n + 1") == 2


def test_text_from_data_is_never_evaluated(evaluator: Evaluator) -> None:
    """DATA-001: once, and only what the author wrote."""
    scope = Scope(input=[Item({"x": "={{ 7 * 7 }}", "y": "{{ 7 * 7 }}"})], timezone="UTC")
    assert evaluator.resolve("={{ $json.x }}", scope) == "={{ 7 * 7 }}"
    assert (
        evaluator.resolve("=a {{ $json.y }} {{ $json.x + '' }}", scope)
        == "a {{ 7 * 7 }} ={{ 7 * 7 }}"
    )
    assert (
        evaluator.resolve("={{ [$json.x, $json.y].join() }}", scope) == "={{ 7 * 7 }},{{ 7 * 7 }}"
    )


def test_what_is_looked_up_late_is_of_its_own_item(evaluator: Evaluator) -> None:
    """Objects that read data only when they are written down do not read another item's."""
    items = [Item({"n": 1}), Item({"n": 2})]
    nodes = {"Before": NodeData([Run([items])])}
    scope = Scope(input=items, nodes=nodes, parameters={"a": "={{ $json.n }}"}, timezone="UTC")
    parameter = evaluator.resolve_items(compile_template("={{ $parameter }}"), scope, 2)
    node = evaluator.resolve_items(compile_template('={{ $node["Before"] }}'), scope, 2)
    assert [parameter[0], parameter[1]] == [{"a": 1}, {"a": 2}]
    assert [node[0]["json"], node[1]["json"]] == [{"n": 1}, {"n": 2}]
