"""Which items of two inputs belong together: those whose fields to match are equal."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple

from n8nlite import javascript
from n8nlite.node import Item
from n8nlite.paths import read
from n8nlite_expressions import UNDEFINED


class FieldPair(NamedTuple):
    """A field of input 1 and the field of input 2 that must equal it."""

    first: str
    second: str


@dataclass(frozen=True)
class Matching:
    """For each item of input 1 the items of input 2 that match it, by their indexes."""

    matches: dict[int, list[int]] = field(default_factory=dict)
    unmatched_first: list[int] = field(default_factory=list)
    unmatched_second: list[int] = field(default_factory=list)

    @property
    def matched_second(self) -> list[int]:
        """The items of input 2 that match any."""
        return sorted({index for found in self.matches.values() for index in found})


def find(
    first: Sequence[Item],
    second: Sequence[Item],
    fields: Sequence[FieldPair],
    *,
    dots: bool = True,
    fuzzy: bool = False,
    only_first: bool = False,
) -> Matching:
    """
    Match the items of two inputs.

    `fuzzy` takes `1`, `"1"` and true, and all empty values, for equal; `only_first` gives an item
    of input 1 its first match only. An item of input 1 that lacks a field matches none.
    """
    places: dict[Hashable, list[int]] = {}
    for index, item in enumerate(second):
        values = (read(item.json, pair.second, dots=dots, default=UNDEFINED) for pair in fields)
        places.setdefault(tuple(_key(value) for value in values), []).append(index)
    found = Matching()
    for index, item in enumerate(first):
        wanted = [read(item.json, pair.first, dots=dots, default=UNDEFINED) for pair in fields]
        matches = sorted(set(_lookup(places, wanted, fuzzy)))
        if matches:
            found.matches[index] = matches[:1] if only_first else matches
        else:
            found.unmatched_first.append(index)
    taken = set(found.matched_second)
    found.unmatched_second.extend(index for index in range(len(second)) if index not in taken)
    return found


def _lookup(places: dict[Hashable, list[int]], wanted: Sequence[Any], fuzzy: bool) -> Iterator[int]:
    if UNDEFINED in wanted:
        return
    keys = [_fuzzy_keys(value) if fuzzy else [_key(value)] for value in wanted]
    for key in product(*keys):
        yield from places.get(key, ())


def _key(value: Any) -> Hashable:
    """Something hashable that is equal for deeply equal values, and for those only."""
    if isinstance(value, dict):
        return "object", frozenset((key, _key(each)) for key, each in value.items())
    if isinstance(value, list):
        return "array", tuple(_key(each) for each in value)
    return javascript.type_of(value), value


def _fuzzy_keys(value: Any) -> list[Hashable]:
    """The keys of all values that are equal to this one by fuzzy comparison."""
    alike: list[Any] = [value]
    if value is None or value in ("", []):
        alike = [None, "", [], UNDEFINED]
    elif isinstance(value, bool):
        word = str(value)
        alike += [word, word.lower(), word.upper(), int(value), str(int(value))]
    elif isinstance(value, (int, float)):
        alike += [javascript.text(value)]
        alike += [bool(value)] if value in (0, 1) else []
    elif isinstance(value, str):
        number = javascript.number(value)
        if javascript.text(number) == value:
            alike += [number]
            alike += [bool(number)] if value in ("0", "1") else []
        word = value.lower()
        alike += [word == "true"] if word in ("true", "false") else []
    return list(dict.fromkeys(_key(each) for each in alike))
