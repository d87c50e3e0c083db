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


@dataclass(frozen=True, slots=True)
class Trouble:
    """
    Why an item has no match: n8n's message, its kind of error, and its hint.

    `{method}` in the message stands for the word that asked: item, pairedItem or itemMatching.
    """

    message: str
    type: str
    description: str | None = None

    def error(self, name: str) -> ExpressionError:
        """The same as an exception, of an expression that asked node `name`."""
        message = self.message.replace("{method}", "item")
        error = ExpressionError(message, description=self.description)
        error.facts = {"type": self.type, "node": name}
        return error


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
    The matches of a stretch of the input's items, beginning with item `start`.

    Mostly they lie in one list: then `source` names it and `indexes` are theirs (a range where they
    follow each other). Otherwise `rows` has them one by one.
    """

    start: int
    source: Source | None = None
    indexes: Sequence[int] = ()
    rows: Sequence[Match] = ()


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


def match(scope: Scope, name: str, start: int = 0, end: int | None = None) -> Matches:
    """The items of node `name` that items `start` to `end` - 1 of the input were made from."""
    stretch = range(start, len(scope.input) if end is None else min(end, len(scope.input)))
    return _match_column(scope, name, stretch) or _match_each(scope, name, stretch)


def _match_column(scope: Scope, name: str, stretch: range) -> Matches | None:
    """The common case, all items at once: each was made from one item of the first input."""
    source = scope.sources[0] if scope.sources else None
    indexes: Sequence[int] = stretch
    for _ in range(len(scope.nodes) + 1):
        items = output(scope, source) if source else None
        if source is None or items is None or (indexes and max(indexes) >= len(items)):
            return None
        if source.node == name:
            return Matches(stretch.start, source, indexes)
        if isinstance(indexes, range):
            paired: list[Any] = [item.paired for item in items[indexes.start : indexes.stop]]
        else:
            paired = [items[index].paired for index in indexes]
        if not all(type(pair) is int for pair in paired) or (paired and min(paired) < 0):
            return None
        indexes = indexes if paired == list(indexes) else paired
        run = run_of(scope, source)
        source = run.sources[0] if run and run.sources else None
    return None


def _match_each(scope: Scope, name: str, stretch: range) -> Matches:
    walk = _Walk(scope, name)
    source = scope.sources[0] if scope.sources else None
    return Matches(stretch.start, rows=[walk.match(source, index) for index in stretch])


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
        if not pairs and self._is_pinned(source.node):
            return Trouble(
                "Using the {method} method doesn't work with pinned data in this scenario. "
                f"Please unpin '{source.node}' and try again.",
                "paired_item_no_info",
            )
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
            message = self._unless_pinned("Multiple matches found")
            return Trouble(message, "paired_item_multiple_matches")
        return found[0]

    def _is_pinned(self, name: str) -> bool:
        node = self.scope.nodes.get(name)
        return node is not None and node.pinned

    def _unless_pinned(self, message: str) -> str:
        return f"Unpin '{self.name}' to execute" if self._is_pinned(self.name) else message

    def _no_path(self) -> Trouble:
        return Trouble(
            self._unless_pinned("Invalid expression"),
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
