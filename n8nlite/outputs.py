"""The outputs of one node run: items bound for their lanes, and paired with what they came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from n8nlite.errors import NodeError
from n8nlite.node import Inputs, Item, Pair
from n8nlite_expressions.scope import Pairing

Lanes = list[list[Item]]


class Outputs:
    """Collects the items of a run; `names` are the node's outputs in order."""

    def __init__(self, names: Sequence[str]) -> None:
        self.lanes: Lanes = [[] for _ in names]
        self._indexes = {name: index for index, name in enumerate(names)}

    def take(self, produced: Iterable[Item] | Item | None, item: Item, index: int) -> None:
        """What an ItemNode made of an input item."""
        if produced is None:
            return
        for each in (produced,) if isinstance(produced, Item) else produced:
            lane = self.lanes[0] if each.output is None else self._lane(each.output)
            paired = index if each.paired is None or each.json is item.json else each.paired
            lane.append(Item(each.json, each.binary, paired, each.error))

    def take_batch(self, produced: Iterable[Item], inputs: Inputs) -> None:
        """What a BatchNode made of its inputs: an item given back is paired with itself."""
        places: dict[int, tuple[int, int]] = {}
        for number, items in reversed(list(enumerate(inputs))):
            for index in range(len(items) - 1, -1, -1):
                item = items[index]
                places[id(item)] = places[id(item.json)] = number, index
        for each in produced:
            lane = self.lanes[0] if each.output is None else self._lane(each.output)
            paired = each.paired
            place = places.get(id(each))
            if place is None and paired is None:
                place = places.get(id(each.json))
            if place is not None:
                number, index = place
                paired = Pair(index, number) if number else index
            lane.append(Item(each.json, each.binary, paired, each.error))

    def _lane(self, output: str | int) -> list[Item]:
        index = self._indexes.get(output) if isinstance(output, str) else output
        if index is None or not 0 <= index < len(self.lanes):
            raise NodeError(f"there is no output {output!r}")
        return self.lanes[index]


def passed_on(items: Iterable[Item]) -> list[Item]:
    """Items that a node lets pass as they are, each paired with itself."""
    return [Item(item.json, item.binary, index, item.error) for index, item in enumerate(items)]


def pair_rest(lanes: Lanes, inputs: Inputs) -> None:
    """
    Pair the items that no node paired, as n8n does: with the only item that came in; of a node with
    one output, a lone item with the first, or one by one where as many went out as came in.

    https://docs.n8n.io/data/data-mapping/data-item-linking/item-linking-concepts/
    """
    source = inputs[0] if inputs else ()
    alone = len(lanes) == 1
    for lane in lanes:
        if all(item.paired is not None for item in lane):
            continue
        paired: list[Pairing]
        if len(source) == 1 or (source and alone and len(lane) == 1):
            paired = [0] * len(lane)
        elif alone and len(source) == len(lane):
            paired = list(range(len(lane)))
        else:
            continue
        lane[:] = [
            item if item.paired is not None else Item(item.json, item.binary, own, item.error)
            for item, own in zip(lane, paired, strict=True)
        ]


def move_errors(lanes: Lanes, inputs: Inputs) -> None:
    """
    onError "continueErrorOutput": items that stand for an error go to the last lane, over what the
    input item they are paired with holds.
    """
    for lane in lanes[:-1]:
        moved = [item for item in lane if _is_error(item)]
        if moved:
            lane[:] = [item for item in lane if not _is_error(item)]
            lanes[-1].extend(_over_input(item, inputs) for item in moved)


def _is_error(item: Item) -> bool:
    if item.error is not None:
        return True
    keys = item.json.keys()
    return "error" in keys and bool(item.json["error"]) and keys <= {"error", "message"}


def _over_input(item: Item, inputs: Inputs) -> Item:
    paired = item.paired[0] if isinstance(item.paired, tuple) and item.paired else item.paired
    if not isinstance(paired, int | Pair):
        return item
    index, number = (paired, 0) if isinstance(paired, int) else (paired.item, paired.input)
    if number >= len(inputs) or index >= len(inputs[number]):
        return item
    origin = inputs[number][index]
    json = {**origin.json, **item.json}
    if item.error is not None and "error" not in item.json:
        json["error"] = item.error
    return Item(json, item.binary, item.paired)
