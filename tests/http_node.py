"""Short ways to run the HTTP Request node against mocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from n8nlite.mocks import Mocks
from n8nlite.node import Item
from n8nlite.testing import run_node

TYPE = "n8n-nodes-base.httpRequest"
URL = "https://api.test/x"
BINARY = {"data": {"data": "aGVsbG8=", "mimeType": "text/csv", "fileName": "h.csv"}}


def pairs(**values: Any) -> dict[str, Any]:
    """n8n's key-value pairs."""
    return {"parameters": [{"name": name, "value": value} for name, value in values.items()]}


def response_options(**settings: Any) -> dict[str, Any]:
    """The node's options for the response."""
    return {"options": {"response": {"response": settings}}}


def sent(
    parameters: Mapping[str, Any], items: Any = ({},), version: float = 4.2, **more: Any
) -> httpx.Request:
    """The one request that a node with these parameters sends."""
    mocks = Mocks([{"url": {"$regex": "."}, "response": {}}])
    run_node(TYPE, {"url": URL, **parameters}, items, version=version, http=mocks, **more)
    (request,) = mocks.requests
    return request


def received(
    mock: Mapping[str, Any],
    parameters: Mapping[str, Any] | None = None,
    version: float = 4.2,
    **more: Any,
) -> list[Item]:
    """The items that a response becomes."""
    given = {"url": URL, **(parameters or {})}
    http = Mocks([{"url": URL, **mock}])
    return run_node(TYPE, given, [{}], version=version, http=http, **more)[0]


def jsons(items: list[Item]) -> list[Any]:
    return [item.json for item in items]
