"""
What an expression may see, as plain data that a test can write by hand.

n8n's names for the same things: https://docs.n8n.io/data/data-structure/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

DEFAULT_TIMEZONE = "America/New_York"


class Source(NamedTuple):
    """Where the items of an input come from: one output of one run of a node."""

    node: str
    output: int = 0
    run: int = 0


class Pair(NamedTuple):
    """
    The input item that an item was made from.

    `source` is where that input came from, where it is not what the run itself got it from: a loop
    puts out items of the run that it began with.
    """

    item: int
    input: int = 0
    source: Source | None = None


Pairing = int | Pair | tuple[int | Pair, ...] | None
"""What an item was made from: an item of input 0, of another input, several, or unknown."""


@dataclass(slots=True)
class Item:
    """
    One item on a wire. Nobody changes an item, or anything in it, once it is on the wire.

    `output` is used while a node runs only: the output (name or index) that the item is bound for.
    """

    json: dict[str, Any]
    binary: dict[str, Any] | None = None
    paired: Pairing = None
    error: Any = None
    output: str | int | None = None

    def to(self, output: str | int) -> Item:
        """The same item, bound for that output."""
        return Item(self.json, self.binary, self.paired, self.error, output)


@dataclass(slots=True)
class Run:
    """One run of a node: its items, output by output, and where each of its inputs came from."""

    outputs: Sequence[Sequence[Item] | None]
    sources: Sequence[Source | None] = ()


@dataclass(frozen=True, slots=True)
class NodeData:
    """
    What `$('Name')` sees of a node.

    `leads`: connections lead from it to the active node, `branch` is the output where they begin.
    """

    runs: Sequence[Run] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    branch: int = 0
    context: Mapping[str, Any] = field(default_factory=dict)
    pinned: bool = False
    leads: bool = True


@dataclass(frozen=True, slots=True)
class Scope:
    """
    Everything one parameter value is evaluated against.

    `input` are the items of the active node's input 0, `sources` where each input comes from,
    `node` the active node's id, typeVersion and webhookId, `now` a clock that stands still (None:
    the real time), `env` the environment (None: access denied).
    """

    input: Sequence[Item] = ()
    item_index: int = 0
    run_index: int = 0
    sources: Sequence[Source | None] = ()
    nodes: Mapping[str, NodeData] = field(default_factory=dict)
    active: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    workflow: Mapping[str, Any] = field(default_factory=dict)
    execution: Mapping[str, Any] = field(default_factory=dict)
    vars: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, Any] = field(default_factory=dict)
    env: Mapping[str, str] | None = None
    timezone: str = DEFAULT_TIMEZONE
    now: datetime | None = None
    node: Mapping[str, Any] = field(default_factory=dict)
