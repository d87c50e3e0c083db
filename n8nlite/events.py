"""
What happens in a run, as it happens: progress display, traces, stores and tests listen to the same.

A listener is any callable that takes an event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from n8nlite.result import Result
    from n8nlite.state import NodeRun


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events; `depth` is 0 for the workflow itself, 1 for a sub-workflow, and so on."""

    workflow: str
    depth: int


@dataclass(frozen=True, slots=True)
class RunStarted(Event):
    """A run begins at the node `start`."""

    start: str


@dataclass(frozen=True, slots=True)
class NodeStarted(Event):
    """A node begins its run number `run` (from 0) on `items` items."""

    node: str
    run: int
    items: int


@dataclass(frozen=True, slots=True)
class NodeFinished(Event):
    """A node is done; its outputs are in `result`."""

    node: str
    run: int
    result: NodeRun


@dataclass(frozen=True, slots=True)
class NodeFailed(Event):
    """A node failed and the run stops; n8n's error shape is in `result.error`."""

    node: str
    run: int
    result: NodeRun


@dataclass(frozen=True, slots=True)
class RunFinished(Event):
    """The run is over."""

    result: Result


Listener = Callable[[Event], None]
