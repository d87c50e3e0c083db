"""From a workflow and what the caller gives, to a Result: what `Workflow.run` and the CLI do."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from n8nlite.context import Request
from n8nlite.credentials import Credentials
from n8nlite.entrance import Entrance, as_workflow
from n8nlite.errors import InputError
from n8nlite.events import Listener
from n8nlite.execution import Execution, Settings, zone
from n8nlite.node import Item
from n8nlite.state import State, read_item
from n8nlite.workflow import Workflow

if TYPE_CHECKING:
    from n8nlite.result import Result


class RunOptions(TypedDict, total=False):
    """
    What `Workflow.run` takes besides items; all may be left out.

    * `request`: the HTTP request that a webhook answers; `body`: short for one with that body
    * `start`, `until`: the nodes to begin at and to end with
    * `credentials`: n8n's export, a map by id, name or type, a path, or a Credentials
    * `http`: "live" (the default), "refuse", Mocks or what they are made of, a Door, or a function
      that opens one when it is needed
    * `subs`: workflows (or paths) that Execute Workflow nodes may call, found by id or name
    * `routes`: URL prefix -> workflow (or path) whose webhook answers it in-process
    * `mode`: n8n's mode: "manual" (the default), "trigger", "webhook", ...
    * `now`: a clock that stands still (ISO text or datetime); waiting then takes no time
    * `timezone`: for workflows that name none; `vars`: n8n's variables; `env`: the environment
    * `pins`: whether pinned data stands for a node's output (the default), as in the editor
    * `strict_expressions`: where n8n would go on with something undefined, the node fails
    * `timeout`: seconds; `stop`: an Event that ends the run when set; `listeners`: get all events
    * `state`: go on from a run that `State.to_dict` stored
    """

    request: Request | None
    body: Any
    start: str | None
    until: str | None
    credentials: Any
    http: Any
    subs: Sequence[Any]
    routes: Mapping[str, Any]
    mode: str
    now: datetime | str | None
    timezone: str | None
    vars: Mapping[str, Any]
    env: Mapping[str, str]
    pins: bool
    strict_expressions: bool
    timeout: float | None
    stop: threading.Event
    listeners: Sequence[Listener]
    state: Mapping[str, Any] | None


def run(
    workflow: Workflow, items: Iterable[Any] | None = None, **options: Unpack[RunOptions]
) -> Result:
    """Run a workflow. Raises InputError for wrong options; errors of nodes are in the Result."""
    from n8nlite import engine

    given = None if items is None else [to_item(each) for each in items]
    begun = execution(workflow, options)
    try:
        return engine.run(
            begun, start=options.get("start"), items=given, until=options.get("until")
        )
    finally:
        begun.settings.door.close()


def execution(workflow: Workflow, options: RunOptions) -> Execution:
    """An execution of the workflow that has not begun. Raises InputError for wrong options."""
    request = options.get("request")
    if request is None and "body" in options:
        request = Request(body=options["body"])
    state = options.get("state")
    return Execution(
        workflow.plan,
        _settings(workflow, options),
        request=request,
        state=State.from_dict(state) if state else None,
    )


async def arun(
    workflow: Workflow, items: Iterable[Any] | None = None, **options: Unpack[RunOptions]
) -> Result:
    """The same for callers with an event loop: runs in a thread, and stops when cancelled."""
    import asyncio

    stop = options.setdefault("stop", threading.Event())
    try:
        return await asyncio.to_thread(run, workflow, items, **options)
    except asyncio.CancelledError:
        stop.set()
        raise


def to_item(value: Any) -> Item:
    """An Item from an Item, n8n's `{json: ...}`, or the json alone. Raises InputError."""
    if isinstance(value, Item):
        return value
    if not isinstance(value, Mapping):
        raise InputError(f"an item: expected an object, got {_shown(value)}")
    if isinstance(value.get("json"), Mapping) and value.keys() <= _ITEM_KEYS:
        return read_item(value)
    return Item(dict(value))


_ITEM_KEYS = {"json", "binary", "pairedItem", "error", "evaluationData", "metadata"}


def _settings(workflow: Workflow, options: RunOptions) -> Settings:
    credentials = options.get("credentials")
    if not isinstance(credentials, Credentials):
        credentials = Credentials(credentials)
    env = options.get("env", os.environ)
    entrance = Entrance(options.get("http", "live"), options.get("routes", {}), credentials.secrets)
    entrance.settings = Settings(
        credentials=credentials,
        door=entrance,
        mode=options.get("mode", "manual"),
        now=_moment(options.get("now")),
        timezone=_zone(options.get("timezone")),
        vars=options.get("vars", {}),
        env=env,
        subs=[as_workflow(each) for each in options.get("subs", ())],
        listeners=options.get("listeners", ()),
        use_pins=options.get("pins", True),
        strict_expressions=options.get("strict_expressions", False),
        stop=options.get("stop") or threading.Event(),
        timeout=options.get("timeout") or _timeout(workflow, env),
    )
    return entrance.settings


def _moment(now: datetime | str | None) -> datetime | None:
    if isinstance(now, str):
        try:
            now = datetime.fromisoformat(now)
        except ValueError:
            raise InputError(f"now: expected an ISO date and time, got {now!r}") from None
    if now is not None and now.tzinfo is None:
        now = now.replace(tzinfo=UTC)
    return now


def _zone(name: str | None) -> str | None:
    if name is not None:
        zone(name)
    return name


def _timeout(workflow: Workflow, env: Mapping[str, str]) -> float | None:
    """Seconds from the workflow's settings, else EXECUTIONS_TIMEOUT; n8n's -1 means none."""
    value = workflow.settings.get("executionTimeout") or env.get("EXECUTIONS_TIMEOUT") or -1
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        raise InputError(f"executionTimeout: expected seconds, got {_shown(value)}") from None
    return seconds if seconds > 0 else None


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
