"""What all versions of HTTP Request do: send one item's request, turn the response into items."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from n8nlite.context import Context
from n8nlite.errors import NodeError
from n8nlite.node import Item
from n8nlite_nodes._http import Draft, HttpFailure, Signed, send
from n8nlite_nodes._http_response import Format, check, items

_started: WeakKeyDictionary[Any, dict[tuple[str, int], float]] = WeakKeyDictionary()
_lock = threading.Lock()


def exchange(
    ctx: Context, item: Item, draft: Draft, signed: Signed, wanted: Format
) -> Iterator[Item]:
    """The items of the response to an item's request."""
    response = send(ctx, draft, signed, legacy=wanted.legacy)
    check(response, wanted)
    yield from items(ctx, item, response, wanted)


def failed_json(error: Exception, message: str) -> dict[str, Any]:
    """The json of a failed item, as n8n's node makes it when it continues."""
    return {"error": dict(error.cause) if isinstance(error, HttpFailure) else message}


def pace(ctx: Context, size: Any, interval: Any) -> None:
    """Wait for the turn of the item's batch: `interval` ms lie between batches of `size` items."""
    if not _positive(size) or not _positive(interval):
        return
    batch = ctx.item_index // int(size)
    with _lock:
        runs = _started.setdefault(ctx.services, {})
        began = runs.setdefault((ctx.spec.name, ctx.run_index), time.monotonic())
    left = batch * interval / 1000 - (time.monotonic() - began)
    if batch and left > 0:
        ctx.sleep(left)


def option(options: Any, *path: str, default: Any = None) -> Any:
    """A value in n8n's nested option collections; the default where it is not set."""
    found = options
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return default if found is None else found


def seconds(milliseconds: Any, default: float) -> float:
    """A timeout in seconds. Raises NodeError for what is no number."""
    if milliseconds in (None, "", 0):
        return default
    try:
        return float(milliseconds) / 1000
    except (TypeError, ValueError):
        raise NodeError(f"The timeout must be a number, got {milliseconds!r}") from None


def _positive(value: Any) -> bool:
    return isinstance(value, int | float) and value > 0
