"""
Merge: the items of several inputs become one list.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.merge/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, product
from typing import TYPE_CHECKING, Any

from n8nlite import javascript
from n8nlite.errors import NodeError
from n8nlite.failures import NAMELESS
from n8nlite.node import BatchNode, Inputs, Item, Pair
from n8nlite.paths import names, read
from n8nlite_expressions import UNDEFINED
from n8nlite_nodes import _merge_matching as matching
from n8nlite_nodes._merge_items import Clash, Entry, entries, suffixed
from n8nlite_nodes._merge_matching import FieldPair
from n8nlite_nodes._merge_v1 import *  # noqa: F403

if TYPE_CHECKING:
    from n8nlite.context import Context

TYPE = "n8n-nodes-base.merge"
V2 = (2, 2.1)
V3 = (3, 3.1, 3.2)


class _Merge(BatchNode):
    """What the modes have in common: how many inputs there are, and that one is enough."""

    @classmethod
    def input_count(cls, parameters: Mapping[str, Any], version: float) -> int:
        wanted = javascript.number(parameters.get("numberInputs", 2)) if version >= 3 else 2
        return int(wanted) if 2 <= wanted <= 10 else 2

    @classmethod
    def required_inputs(
        cls, parameters: Mapping[str, Any], version: float
    ) -> int | tuple[int, ...]:
        return 1


class Append(
    _Merge, type=TYPE, versions=(*V2, *V3), when={"mode": "append"}, default=("mode",), inputs=2
):
    """The items of one input after those of another."""

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        rest = (
            Item(item.json, item.binary, Pair(index, number))
            for number, lane in enumerate(inputs[1:], 1)
            for index, item in enumerate(lane)
        )
        return [*inputs[0], *rest]


class _Combine(_Merge):
    options: dict[str, Any] = {}

    @property
    def clash(self) -> Clash:
        """What happens to fields of the same name; v2's "preferInput2" is v3's "preferLast"."""
        clash = Clash.of(self.options)
        if self.version < 3 and clash.resolve == "preferInput2":
            return replace(clash, resolve="preferLast")
        return clash

    def both(self, first: Entry, second: Entry, clash: Clash) -> Item:
        """One item of two."""
        match clash.resolve:
            case "addSuffix":
                return clash.merged([suffixed(first), suffixed(second)])
            case "preferInput1":
                return clash.merged([second, first])
            case "" | "preferLast":
                return clash.merged([first, second])
        return clash.merged([])


class _CombineByFields(_Combine):
    """Joins the items of two inputs whose fields to match are equal."""

    join_mode: str = "keepMatches"
    output_data_from: str = "both"

    def pairs(self) -> list[FieldPair]:
        """The fields that must be equal. Raises NodeError when they are not all named."""
        raise NotImplementedError

    def check(
        self, first: Sequence[Entry], second: Sequence[Entry], pairs: Sequence[FieldPair]
    ) -> None:
        """Raises NodeError where the version asks for more than the others do."""

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        pairs = self.pairs()
        first, second = entries([*inputs, [], []][:2])
        self.check(first, second, pairs)
        if not first or not second:
            return self._without_one(first, second)
        found = matching.find(
            inputs[0],
            inputs[1],
            pairs,
            dots=not self.options.get("disableDotNotation"),
            fuzzy=bool(self.options.get("fuzzyCompare")),
            only_first=self._joins and self.options.get("multipleMatches") == "first",
        )
        rest = (
            [first[i] for i in found.unmatched_first],
            [second[i] for i in found.unmatched_second],
        )
        if self.join_mode == "keepNonMatches":
            return self._unmatched(*rest)
        if self.join_mode == "keepMatches" and self.output_data_from == "input1":
            return [first[index].alone for index in found.matches]
        if self.join_mode == "keepMatches" and self.output_data_from == "input2":
            return [second[index].alone for index in found.matched_second]
        rows = [(first[i], second[j]) for i, found_j in found.matches.items() for j in found_j]
        return list(self._joined(rows, *rest))

    @property
    def _joins(self) -> bool:
        if self.join_mode == "keepMatches":
            return self.output_data_from == "both"
        return self.join_mode != "keepNonMatches"

    def _joined(
        self,
        rows: Iterable[tuple[Entry, Entry]],
        first: Sequence[Entry],
        second: Sequence[Entry],
    ) -> Iterator[Item]:
        clash = self.clash
        if not clash.resolve and self.join_mode == "enrichInput2":
            clash = replace(clash, resolve="preferInput1")
        for row in rows:
            yield self.both(*row, clash)
        if self.join_mode in ("enrichInput1", "keepEverything"):
            yield from (self._alone(entry, clash) for entry in first)
        if self.join_mode in ("enrichInput2", "keepEverything"):
            yield from (self._alone(entry, clash) for entry in second)

    def _alone(self, entry: Entry, clash: Clash) -> Item:
        return suffixed(entry).alone if clash.resolve == "addSuffix" else entry.alone

    def _unmatched(self, first: Sequence[Entry], second: Sequence[Entry]) -> list[Item]:
        match self.output_data_from:
            case "input1":
                return [entry.alone for entry in first]
            case "input2":
                return [entry.alone for entry in second]
        return [
            Item(
                {**entry.item.json, "_source": f"input{entry.input + 1}"},
                entry.item.binary,
                entry.pair,
            )
            for entry in (*first, *second)
        ]

    def _without_one(self, first: Sequence[Entry], second: Sequence[Entry]) -> list[Item]:
        """What is left where an input has no items."""
        kept = {
            "enrichInput1": first,
            "enrichInput2": second,
            "keepEverything": (*first, *second),
            "keepNonMatches": {"input1": first, "input2": second}.get(
                self.output_data_from, (*first, *second)
            ),
        }
        return [entry.alone for entry in kept.get(self.join_mode, ())]


class CombineByFields(
    _CombineByFields,
    type=TYPE,
    versions=V3,
    when={"mode": "combine", "combineBy": "combineByFields"},
    default=("combineBy",),
    inputs=2,
):
    """Join items by the values of fields."""

    advanced: bool = False
    fields_to_match_string: Any = ""
    merge_by_fields: dict[str, Any] = {}

    def pairs(self) -> list[FieldPair]:
        if self.advanced:
            return _pairs(self.merge_by_fields)
        fields = names(self.fields_to_match_string)
        return _pairs({"values": [{"field1": field, "field2": field} for field in fields]})


class CombineByFieldsV2(
    _CombineByFields,
    type=TYPE,
    versions=V2,
    when={"mode": "combine", "combinationMode": "mergeByFields"},
    default=("combinationMode",),
    inputs=2,
):
    """The same, with every pair of fields spelt out."""

    merge_by_fields: dict[str, Any] = {}

    def pairs(self) -> list[FieldPair]:
        return _pairs(self.merge_by_fields)

    def check(
        self, first: Sequence[Entry], second: Sequence[Entry], pairs: Sequence[FieldPair]
    ) -> None:
        if self.version != 2:
            return
        dots = not self.options.get("disableDotNotation")
        for number, lane in enumerate((first, second)):
            for name in (pair[number] for pair in pairs):
                if not any(_has(entry, name, dots) for entry in lane):
                    raise NodeError(
                        f"Field '{name}' is not present in any of items in 'Input {number + 1}'",
                        name=NAMELESS,
                    )


class _CombineByPosition(_Combine):
    """Joins the first items of all inputs, the second ones, and so on."""

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        lanes = entries(inputs)
        lengths = [len(lane) for lane in lanes]
        count = max(lengths) if self.options.get("includeUnpaired") else min(lengths)
        clash = self.clash
        return [self._row([lane[i : i + 1] for lane in lanes], clash) for i in range(count)]

    def _row(self, cells: Sequence[list[Entry]], clash: Clash) -> Item:
        found = list(chain.from_iterable(cells))
        if clash.resolve == "addSuffix":
            found = [suffixed(entry) for entry in found]
        return clash.merged([*found, *_preferred(cells, clash)])


class CombineByPosition(
    _CombineByPosition,
    type=TYPE,
    versions=V3,
    when={"mode": "combine", "combineBy": "combineByPosition"},
    inputs=2,
):
    """Join items by their order."""


class CombineByPositionV2(
    _CombineByPosition,
    type=TYPE,
    versions=V2,
    when={"mode": "combine", "combinationMode": "mergeByPosition"},
    inputs=2,
):
    """The same in older versions."""

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        if all(inputs):
            return super().run(inputs, ctx)
        return [entry.alone for lane in entries(inputs) for entry in lane]

    def _row(self, cells: Sequence[list[Entry]], clash: Clash) -> Item:
        if not all(cells):
            return self._alone(cells, clash)
        return self.both(cells[0][0], cells[1][0], clash)

    def _alone(self, cells: Sequence[list[Entry]], clash: Clash) -> Item:
        (entry,) = chain.from_iterable(cells)
        return suffixed(entry).alone if clash.resolve == "addSuffix" else entry.alone


class _CombineAll(_Combine):
    """Joins every item of input 1 with every item of input 2."""

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        clash = self.clash
        first, second = entries([*inputs, [], []][:2])
        if clash.resolve == "preferInput1":
            return [clash.merged(row) for row in product(second, first)]
        if clash.resolve == "addSuffix":
            first, second = [suffixed(each) for each in first], [suffixed(each) for each in second]
        return [clash.merged(row) for row in product(first, second)]


class CombineAll(
    _CombineAll,
    type=TYPE,
    versions=V3,
    when={"mode": "combine", "combineBy": "combineAll"},
    inputs=2,
):
    """Join all with all."""


class CombineAllV2(
    _CombineAll,
    type=TYPE,
    versions=V2,
    when={"mode": "combine", "combinationMode": "multiplex"},
    inputs=2,
):
    """The same in older versions."""


class _ChooseBranch(_Merge):
    """Waits for all inputs, then takes the items of one."""

    @classmethod
    def required_inputs(
        cls, parameters: Mapping[str, Any], version: float
    ) -> int | tuple[int, ...]:
        return tuple(range(cls.input_count(parameters, version)))


class ChooseBranch(_ChooseBranch, type=TYPE, versions=V3, when={"mode": "chooseBranch"}, inputs=2):
    """Take the items of one input, or one empty item."""

    output: str = "specifiedInput"
    use_data_of_input: Any = 1

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        if self.output == "empty":
            return [_empty(inputs)]
        number = javascript.number(self.use_data_of_input)
        if not 1 <= number <= len(inputs):
            raise NodeError(
                f"Input {javascript.text(self.use_data_of_input)} doesn't exist",
                description=f"The node has only {len(inputs)} inputs, so selecting input "
                f"{javascript.text(self.use_data_of_input)} is not possible.",
            )
        return [entry.alone for entry in entries(inputs)[int(number) - 1]]


class ChooseBranchV2(
    _ChooseBranch, type=TYPE, versions=V2, when={"mode": "chooseBranch"}, inputs=2
):
    """The same in older versions."""

    output: str = "input1"

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        if self.output == "empty":
            return [_empty(inputs)]
        chosen = entries(inputs)[0 if self.output == "input1" else 1]
        return [entry.alone for entry in chosen]


class CombineBySql(_Merge, type=TYPE, versions=V3, when={"mode": "combineBySql"}, inputs=2):
    """Join by a query."""

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        raise NodeError(
            "Merge by SQL query is not supported yet",
            description='Use the mode "Combine" or a Code node instead',
        )


def _pairs(parameter: Mapping[str, Any]) -> list[FieldPair]:
    values = parameter.get("values") or ()
    pairs = [
        FieldPair(str(each.get("field1") or ""), str(each.get("field2") or "")) for each in values
    ]
    if not pairs or pairs == [FieldPair("", "")]:
        raise NodeError(
            'You need to define at least one pair of fields in "Fields to Match" to match on',
            name=NAMELESS,
        )
    for number, pair in enumerate(pairs, 1):
        if not (pair.first and pair.second):
            raise NodeError(
                f'You need to define both fields in "Fields to Match" for pair {number},'
                f"\n\t\t\t\t field 1 = '{pair.first}'\n\t\t\t\t field 2 = '{pair.second}'",
                name=NAMELESS,
            )
    return pairs


def _has(entry: Entry, name: str, dots: bool) -> bool:
    return read(entry.item.json, name, dots=dots, default=UNDEFINED) is not UNDEFINED


def _preferred(cells: Sequence[list[Entry]], clash: Clash) -> list[Entry]:
    """The entry that wins, in a list; an empty one where that input has none."""
    number = javascript.number(clash.resolve.removeprefix("preferInput"))
    if 1 <= number <= len(cells):
        return cells[int(number) - 1]
    return cells[-1]


def _empty(inputs: Inputs) -> Item:
    pairs = tuple(entry.pair for lane in entries(inputs) for entry in lane)
    return Item({}, paired=pairs)
