"""`$('X').item`: which item of an earlier node an item was made from."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from n8nlite_expressions import Item, NodeData, Pair, Run, Scope, Source
from n8nlite_expressions.pairing import Match, Matches, Place, Trouble, match
from n8nlite_expressions.scope import Pairing


def run(pairs: Sequence[Pairing], *sources: Source | None) -> Run:
    return Run([[Item({"i": i}, None, pair) for i, pair in enumerate(pairs)]], sources)


def scope(last: str, **runs: Run | list[Run]) -> Scope:
    nodes = {
        name: NodeData(runs=each if isinstance(each, list) else [each])
        for name, each in runs.items()
    }
    items = nodes[last].runs[-1].outputs[0] or ()
    return Scope(input=items, sources=[Source(last)], nodes=nodes)


def rows(matches: Matches) -> list[Match]:
    if matches.source is None:
        return list(matches.rows)
    return [Place(matches.source, index) for index in matches.indexes]


def messages(matches: Matches) -> list[str | None]:
    return [each.message if isinstance(each, Trouble) else None for each in rows(matches)]


def test_all_at_once() -> None:
    """Items made from one item each are matched as a column, over several nodes."""
    given = scope("B", X=run([0, 0, 0]), A=run([2, 0], Source("X")), B=run([1, 0], Source("A")))
    found = match(given, "X")
    assert found.source == Source("X")
    assert list(found.indexes) == [0, 2]


def test_stretch() -> None:
    """A stretch of the input alone."""
    given = scope("A", X=run([0, 0, 0]), A=run([2, 1, 0], Source("X")))
    assert rows(match(given, "X", 1, 2)) == [Place(Source("X"), 1)]


def test_several_that_are_one() -> None:
    """Several ancestors that are the same item are no ambiguity; lost ones do not count."""
    given = scope("A", X=run([0, 0]), A=run([(1, Pair(1)), (0, 9)], Source("X")))
    assert rows(match(given, "X")) == [Place(Source("X"), 1), Place(Source("X"), 0)]


def test_several() -> None:
    """Different ancestors are one."""
    given = scope("A", X=run([0, 0]), A=run([(0, 1)], Source("X")))
    assert messages(match(given, "X")) == ["Multiple matches found"]


def test_other_inputs() -> None:
    """A pair says which input it is of; one that names its source needs no input."""
    given = scope(
        "M",
        X=run([0, 0]),
        Y=run([0]),
        M=run([Pair(1, 1), Pair(0, 0, Source("X"))], Source("Y"), Source("X")),
    )
    assert rows(match(given, "X")) == [Place(Source("X"), 1), Place(Source("X"), 0)]


@pytest.mark.parametrize("pair", [None, ()])
def test_lost(pair: Pairing) -> None:
    """An item without pairing ends the search, with the node that gave none."""
    given = scope("C", X=run([0, 0]), C=run([pair, pair], Source("X")))
    (message, _) = messages(match(given, "X"))
    assert message is not None
    assert message.startswith("Paired item data for {method} from node 'C' is unavailable.")


def test_no_way_back() -> None:
    """A node that is not upstream."""
    given = scope("A", X=run([0]), T=run([0]), A=run([0], Source("T")))
    assert messages(match(given, "X")) == ["Invalid expression"]


def test_an_index_that_does_not_exist() -> None:
    """An item that the earlier node did not put out."""
    given = scope("A", X=run([0]), A=run([99], Source("X")))
    assert messages(match(given, "X")) == ["Can't get data for expression"]


def test_an_input_that_does_not_exist() -> None:
    """JavaScript's undefined, as in n8n."""
    given = scope("A", X=run([0]), A=run([Pair(0, 3)], Source("X")))
    assert rows(match(given, "X")) == [None]


def test_loops_of_many_runs() -> None:
    """Thousands of runs back to back are searched without recursion."""
    loop = [run([0, None])] + [run([(0, 1), 1], Source("L", 0, i)) for i in range(5000)]
    given = scope("L", X=run([0]), L=[*loop[:1], *loop[1:]])
    items = loop[-1].outputs[0] or ()
    given = Scope(input=items, sources=[Source("L", 0, 5000)], nodes=given.nodes)
    assert messages(match(given, "X")) == ["Invalid expression", "Invalid expression"]
