"""One execution of one workflow: what it is given, and the services its nodes may use."""

from __future__ import annotations

import math
import os
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from n8nlite.binary import BinaryStore
from n8nlite.context import Request, Response, SubWorkflow
from n8nlite.errors import Canceled, InputError, NodeError
from n8nlite.events import Event, Listener
from n8nlite.failures import NAMELESS
from n8nlite.node import Item
from n8nlite.plan import Plan
from n8nlite.state import State, Task
from n8nlite.workflow import NodeSpec, Workflow
from n8nlite_expressions import Evaluator
from n8nlite_expressions.scope import DEFAULT_TIMEZONE, NodeData, Scope

if TYPE_CHECKING:
    import httpx

    from n8nlite.credentials import Credentials
    from n8nlite.door import Door
    from n8nlite.entrance import Entrance

MAX_DEPTH = 32
"""How deep workflows may call workflows; n8n itself has no limit and runs out of memory."""

DEPTH = ContextVar("DEPTH", default=0)
"""How many workflows have called each other to get here; the engine counts."""


@dataclass(frozen=True, slots=True)
class Settings:
    """
    What the caller gives every run, the same for sub-workflows.

    `now` stops the clock; `subs` are the workflows that Execute Workflow nodes may call; `env` is
    the environment that settings are read from; `vars` are n8n's variables; `use_pins` takes pinned
    data for a node's output, as n8n's editor does.
    """

    credentials: Credentials
    door: Entrance
    mode: str = "manual"
    now: datetime | None = None
    timezone: str | None = None
    vars: Mapping[str, Any] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)
    subs: Sequence[Workflow] = ()
    listeners: Sequence[Listener] = ()
    use_pins: bool = True
    stop: threading.Event = field(default_factory=threading.Event)
    timeout: float | None = None
    strict_expressions: bool = False


class Execution:
    """One execution; the nodes see it through their `Context`."""

    def __init__(
        self,
        plan: Plan,
        settings: Settings,
        *,
        request: Request | None = None,
        state: State | None = None,
        use_pins: bool | None = None,
    ) -> None:
        self.plan = plan
        self.workflow = plan.workflow
        self.settings = settings
        self.mode = settings.mode
        self.request = request
        self.response: Response | None = None
        self.depth = DEPTH.get()
        if self.depth > MAX_DEPTH:
            raise NodeError(f"workflows call each other more than {MAX_DEPTH} deep")
        self.id = str(uuid.uuid4())
        self.state = state or State()
        if not self.state.static_data and plan.workflow.static_data:
            self.state.static_data.update(deepcopy(plan.workflow.static_data))
        self.use_pins = settings.use_pins if use_pins is None else use_pins
        self.binary = BinaryStore()
        self.evaluator = Evaluator(strict=settings.strict_expressions)
        self.console: list[Any] = []
        self._deadline = time.monotonic() + settings.timeout if settings.timeout else None

    def close(self) -> None:
        """Give back what the execution holds; its results stay."""
        self.evaluator.close()

    def emit(self, event: Event) -> None:
        """Tell everyone who listens."""
        for listener in self.settings.listeners:
            listener(event)

    def check(self) -> None:
        """Raises Canceled when the run was stopped from outside or its time is up."""
        if self.settings.stop.is_set():
            raise Canceled("the run was stopped")
        if self.timed_out:
            raise Canceled("the run took longer than its time limit")

    @property
    def timed_out(self) -> bool:
        """Whether the execution's time is up."""
        return self.seconds_left() <= 0

    def seconds_left(self) -> float:
        """Of the time that the run may take; infinite where it has no limit."""
        return math.inf if self._deadline is None else self._deadline - time.monotonic()

    @property
    def door(self) -> Door:
        """The door to the network; made when the first node needs it."""
        return self.settings.door()

    @property
    def http(self) -> httpx.Client:
        return self.door.client

    def credential(self, spec: NodeSpec, type_name: str) -> Mapping[str, Any]:
        return self.settings.credentials.lookup(spec, type_name)

    def now(self) -> datetime:
        moment = self.settings.now or datetime.now().astimezone()
        return moment.astimezone(zone(self.timezone))

    def sleep(self, seconds: float) -> None:
        if self.settings.now is not None:
            return
        if self._deadline is not None:
            seconds = min(seconds, max(self._deadline - time.monotonic(), 0))
        self.settings.stop.wait(seconds)
        self.check()

    def static_data(self, key: str) -> dict[str, Any]:
        data: dict[str, Any] = self.state.static_data.setdefault(key, {})
        return data

    def node_state(self, name: str) -> dict[str, Any]:
        return self.state.node_state.setdefault(name, {})

    def setting(self, name: str, default: str) -> str:
        return self.settings.env.get(name, default)

    def run_workflow(
        self, reference: SubWorkflow, items: Sequence[Item], *, wait: bool
    ) -> list[list[Item]]:
        from n8nlite import sub_workflow
        from n8nlite.engine import run
        from n8nlite.importing import read

        if reference.inline is not None:
            workflow = read(dict(reference.inline), name="the node's workflow")
        else:
            workflow = self._sub(reference.id)
        child = Execution(
            Plan.of(workflow),
            replace(self.settings, mode="integrated"),
            use_pins=False,
        )
        start, given = sub_workflow.begin(child, items)
        result = run(child, start=start, items=given)
        if not result.ok and result.cause is not None and wait:
            raise result.cause
        return sub_workflow.returned(result)

    def _sub(self, wanted: str) -> Workflow:
        from n8nlite import sub_workflow

        for key in ("id", "name"):
            for workflow in self.settings.subs:
                if wanted and getattr(workflow, key) == wanted:
                    sub_workflow.check_caller(workflow, self.workflow)
                    return workflow
        raise NodeError("Workflow does not exist.", context={"workflow": wanted}, name=NAMELESS)

    @cached_property
    def timezone(self) -> str:
        """The workflow's time zone: its own, the caller's, GENERIC_TIMEZONE, or n8n's default."""
        own = self.workflow.settings.get("timezone")
        if own in (None, "", "DEFAULT"):
            own = self.settings.timezone or self.setting("GENERIC_TIMEZONE", DEFAULT_TIMEZONE)
        return str(own)

    def scope(self, task: Task, run_index: int) -> Scope:
        """What the expressions of a node see in this run."""
        spec = self.plan.nodes[task.node]
        main = next((lane for lane in task.inputs if lane), ())
        blocked = self.setting("N8N_BLOCK_ENV_ACCESS_IN_NODE", "true") != "false"
        return Scope(
            input=main,
            run_index=run_index,
            sources=tuple(task.sources),
            nodes=_Nodes(self, task.node),
            active=task.node,
            parameters=spec.parameters,
            workflow=self._about_workflow,
            execution=self._about_execution,
            vars=self.settings.vars,
            env=None if blocked else self.settings.env,
            timezone=self.timezone,
            now=self.settings.now,
            node=_about_node(spec),
        )

    @cached_property
    def _about_workflow(self) -> Mapping[str, Any]:
        return {
            "id": self.workflow.id or None,
            "name": self.workflow.name,
            "active": self.workflow.active,
        }

    @cached_property
    def _about_execution(self) -> Mapping[str, Any]:
        base = self.setting("WEBHOOK_URL", "http://localhost:5678/").rstrip("/")
        return {
            "id": self.id,
            "mode": "test" if self.mode == "manual" else "production",
            "resumeUrl": f"{base}/webhook-waiting/{self.id}",
            "resumeFormUrl": f"{base}/form-waiting/{self.id}",
        }


class _Nodes(Mapping[str, NodeData]):
    """The nodes of a workflow as an expression of the node `active` sees them."""

    def __init__(self, execution: Execution, active: str) -> None:
        self._execution = execution
        self._active = active

    def __getitem__(self, name: str) -> NodeData:
        execution = self._execution
        spec = execution.plan.nodes[name]
        branch = self._branch(name)
        return NodeData(
            runs=execution.state.runs.get(name, ()),
            parameters=spec.parameters,
            branch=branch or 0,
            leads=branch is not None,
            context=execution.state.node_state.get(name, {}),
            pinned=execution.use_pins and name in execution.workflow.pin_data,
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._execution.plan.nodes)

    def __len__(self) -> int:
        return len(self._execution.plan.nodes)

    def __contains__(self, name: object) -> bool:
        return name in self._execution.plan.nodes

    def _branch(self, name: str) -> int | None:
        """
        The output of that node through which, by the shortest way, the active one is reached; None
        when it does not lead there.
        """
        graph = self._execution.plan.graph
        level, seen = [self._active], {self._active}
        while level:
            above = []
            for each in level:
                for edge in graph.incoming(each):
                    if edge.source == name:
                        return edge.output
                    if edge.source not in seen:
                        seen.add(edge.source)
                        above.append(edge.source)
            level = above
        return None


def _about_node(spec: NodeSpec) -> dict[str, Any]:
    about = {"id": spec.id or None, "typeVersion": spec.type_version, "webhookId": spec.webhook_id}
    return {name: value for name, value in about.items() if value is not None}


def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name. Raises InputError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise InputError(f"unknown time zone {name!r}") from None
