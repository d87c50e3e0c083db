"""Plain paths give the same in Python as in V8."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from n8nlite_expressions import (
    Evaluator,
    ExpressionError,
    Item,
    NodeData,
    Pair,
    Run,
    Scope,
    Source,
    native,
    scanner,
)

KEYS = st.sampled_from(
    ["a", "b", "a b", "0", "1", "length", "toString", "hasOwnProperty", "ä", "", "json", "valueOf"]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) - 1, 2**53 + 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=4)
    | st.sampled_from([1e21, 1e-7, 0.1, 100.0, -0.0, 123456789.125, 1e16])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(KEYS, JSON, max_size=4)
PAIRS = st.none() | st.integers(0, 3) | st.lists(st.integers(0, 3), max_size=2).map(tuple)


def step(key: str) -> str:
    return f".{key}" if key.isidentifier() and key.isascii() else f'["{key}"]'


STEPS = st.lists(
    KEYS.map(step) | st.integers(0, 2).map("[{}]".format) | st.just("?.a"), max_size=3
).map("".join)
ROOTS = st.sampled_from(
    """
    $json $input.item.json $input.first().json $input.last().json $('X').item.json
    $('X').first().json $('X').last().json $node["X"].json $node.X.json $vars
    $itemIndex $runIndex $workflow $('Before').item.json $('No').item.json
    """.strip().split()
)
PATHS = st.builds("{}{}".format, ROOTS, STEPS)


@pytest.fixture(scope="module")
def evaluator() -> Iterator[Evaluator]:
    with Evaluator() as evaluator:
        yield evaluator


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    earlier = [Item(json, None, 0) for json in draw(st.lists(OBJECTS, min_size=1, max_size=4))]
    count = draw(st.integers(1, 4))
    items = [Item(draw(OBJECTS), None, draw(PAIRS)) for _ in range(count)]
    if draw(st.booleans()):
        items = [Item(item.json, None, Pair(0)) for item in items]
    nodes = {
        "X": NodeData([Run([earlier])]),
        "Before": NodeData([Run([items], [Source("X")])]),
    }
    return Scope(
        input=items,
        sources=[Source("Before")],
        nodes=nodes,
        vars=draw(OBJECTS),
        workflow={"id": "1", "name": "w", "active": False},
        timezone="UTC",
    )


def results(evaluator: Evaluator, text: str, scope: Scope) -> list[Any]:
    from n8nlite_expressions import compile_template

    resolved = evaluator.resolve_items(compile_template(text), scope, len(scope.input))
    found = []
    for index in range(len(scope.input)):
        try:
            found.append(typed(resolved[index]))
        except ExpressionError as error:
            found.append(("error", error.message))
    return found


def typed(value: Any) -> Any:
    """The value with its JavaScript types: numbers are doubles, and 1 is not true."""
    if isinstance(value, dict):
        return {key: typed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [typed(each) for each in value]
    if isinstance(value, bool):
        return ("boolean", value)
    return float(value) if isinstance(value, int) else value


@settings(max_examples=300, deadline=None)
@given(scope=scopes(), path=PATHS)
def test_a_path(evaluator: Evaluator, scope: Scope, path: str) -> None:
    """Alone, where it keeps its type. Parentheses make V8 evaluate it."""
    assert scanner.path_of(path) is not None
    ours = results(evaluator, f"={{{{ {path} }}}}", scope)
    theirs = results(evaluator, f"={{{{ ({path}) }}}}", scope)
    assert ours == theirs


@settings(max_examples=300, deadline=None)
@given(scope=scopes(), path=PATHS, other=PATHS)
def test_text(evaluator: Evaluator, scope: Scope, path: str, other: str) -> None:
    """In text, where it is printed."""
    ours = results(evaluator, f"=a {{{{ {path} }}}}{{{{ {other} }}}}\n", scope)
    theirs = results(evaluator, f"=a {{{{ ({path}) }}}}{{{{ ({other}) }}}}\n", scope)
    assert ours == theirs


def test_python_suffices() -> None:
    """The common paths do not start V8."""
    item = Item({"a": {"b": [1, 2]}}, None, 0)
    nodes = {"X": NodeData([Run([[item]])])}
    scope = Scope(input=[item], sources=[Source("X")], nodes=nodes)
    texts = ["={{ $json.a.b[0] }}", "=x {{ $('X').item.json.a.b[1] }}", "={{ $json.no.such }}"]
    assert native.columns([scanner.scan(text) for text in texts], scope, range(1)) is not None
