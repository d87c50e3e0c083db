"""
Which item of an earlier node the items of the active node were made from: `$('X').item`.

Every item knows the item, or items, of its node's input that it was made from, and every run where
its inputs came from; following both leads back to X.
https://docs.n8n.io/data/data-mapping/data-item-linking/
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .errors import ExpressionError
from .scope import Item, Pair, Run, Scope, Source

MAX_PLACES = 100_000
"""How many places one item's ancestry may have before the search is given up."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """
    Why an item has no match: n8n's message, its kind of error, and its hint.

    `{method}` in the message stands for the word that asked: item, pairedItem or itemMatching.
    """

    message: str
    type: str
    description: str | None = None

    def error(self) -> ExpressionError:
        """The same as an exception."""
        message = self.message.replace("{method}", "item")
        return ExpressionError(message, description=self.description)


@dataclass(frozen=True, slots=True)
class Place:
    """An item: where its list is, and its index there."""

    source: Source
    index: int


Match = Place | Trouble | None
"""None is JavaScript's `undefined`: the item names an input that its node does not have."""


@dataclass(frozen=True, slots=True)
class Matches:
    """
    The matches of all items of the input.

    Mostly they lie in one list: then `source` names it and `indexes` are theirs (None: item by item
    the same index). Otherwise `rows` has them one by one.
    """

    count: int
    source: Source | None = None
    indexes: Sequence[int] | None = None
    rows: Sequence[Match] = ()

    def __getitem__(self, item: int) -> Match:
        if self.source is None:
            return self.rows[item]
        return Place(self.source, item if self.indexes is None else self.indexes[item])


def output(scope: Scope, source: Source) -> Sequence[Item] | None:
    """The items of that output of that run; None when there is no such thing."""
    run = run_of(scope, source)
    if run is None or source.output >= len(run.outputs):
        return None
    return run.outputs[source.output]


def run_of(scope: Scope, source: Source) -> Run | None:
    """That run of that node; None when there is no such thing."""
    node = scope.nodes.get(source.node)
    if node is None or not 0 <= source.run < len(node.runs):
        return None
    return node.runs[source.run]


def match(scope: Scope, name: str) -> Matches:
    """The items of node `name` that the items of the input were made from."""
    return _match_column(scope, name) or _match_each(scope, name)


def _match_column(scope: Scope, name: str) -> Matches | None:
    """The common case, all items at once: each was made from one item of the first input."""
    count = len(scope.input)
    source = scope.sources[0] if scope.sources else None
    indexes: Sequence[int] | None = None
    for _ in range(len(scope.nodes) + 1):
        if source is None:
            return None
        items = output(scope, source)
        if items is None or (len(items) < count if indexes is None else False):
            return None
        if source.node == name:
            return Matches(count, source, indexes)
        try:
            chosen = items[:count] if indexes is None else [items[i] for i in indexes]
        except IndexError:
            return None
        paired: list[Any] = [item.paired for item in chosen]
        if not all(type(pair) is int for pair in paired):
            return None
        indexes = None if paired == list(range(count)) else paired
        if paired and min(paired) < 0:
            return None
        run = run_of(scope, source)
        before = run.sources if run else ()
        source = before[0] if before else None
        if source and indexes and max(indexes) >= len(output(scope, source) or ()):
            return None
    return None


def _match_each(scope: Scope, name: str) -> Matches:
    walk = _Walk(scope, name)
    source = scope.sources[0] if scope.sources else None
    rows = [walk.match(source, i) for i in range(len(scope.input))]
    return Matches(len(rows), rows=rows)


class _Walk:
    """The search back from single items, which remembers the places it has been to."""

    def __init__(self, scope: Scope, name: str) -> None:
        self.scope = scope
        self.name = name
        self.known: dict[tuple[Source, int], Match] = {}

    def match(self, source: Source | None, index: int) -> Match:
        if source is None:
            return self._no_path()
        start = (source, index)
        if start not in self.known:
            self._search(start)
        return self.known[start]

    def _search(self, start: tuple[Source, int]) -> None:
        """Depth first, without recursion: chains of thousands of runs are real (loops)."""
        pending = [start]
        opened: set[tuple[Source, int]] = set()
        while pending:
            place = pending[-1]
            if place in self.known:
                pending.pop()
                continue
            found = self._here(*place)
            if isinstance(found, list):
                unknown = [each for each in found if each not in self.known]
                if unknown and place not in opened:
                    opened.add(place)
                    pending.extend(each for each in unknown if each not in opened)
                    continue
                found = self._join([self.known.get(each, self._no_path()) for each in found])
            self.known[place] = found
            pending.pop()

    def _here(self, source: Source, index: int) -> Match | list[tuple[Source, int]]:
        """The match, if it is here; else the places that this item was made from."""
        items = output(self.scope, source)
        if items is None or not 0 <= index < len(items):
            return Trouble(
                "Can't get data for expression",
                "paired_item_invalid_info",
                f"Node '{source.node}' has put out no item {index}, though a later one names it.",
            )
        if source.node == self.name:
            return Place(source, index)
        run = run_of(self.scope, source)
        before = run.sources if run else ()
        pairs = _pairs(items[index])
        if not before and not any(pair.source for pair in pairs):
            return self._no_path()
        if not pairs:
            return Trouble(
                f"Paired item data for {{method}} from node '{source.node}' is unavailable. "
                f"Ensure '{source.node}' is providing the required output.",
                "paired_item_no_info",
            )
        found: list[tuple[Source, int]] = []
        for pair in pairs:
            origin = pair.source
            if origin is None and 0 <= pair.input < len(before):
                origin = before[pair.input]
            if origin is not None:
                found.append((origin, pair.item))
        return found

    def _join(self, found: list[Match]) -> Match:
        if not found:
            return None
        places = {each for each in found if isinstance(each, Place)}
        if len(places) == 1:
            return places.pop()
        if places:
            return Trouble("Multiple matches found", "paired_item_multiple_matches")
        return found[0]

    def _no_path(self) -> Trouble:
        return Trouble(
            "Invalid expression",
            "paired_item_no_connection",
            f"There is no connection back to the node '{self.name}', but an expression uses it.",
        )


def _pairs(item: Item) -> list[Pair]:
    paired = item.paired
    if paired is None:
        return []
    if isinstance(paired, int):
        return [Pair(paired)]
    if isinstance(paired, Pair):
        return [paired]
    return [Pair(each) if isinstance(each, int) else each for each in paired]
