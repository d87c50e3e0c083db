"""Run, test, check and serve n8n workflow JSON in plain Python."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from n8nlite.context import Context as Context
    from n8nlite.context import Request as Request
    from n8nlite.credentials import Credentials as Credentials
    from n8nlite.door import Door as Door
    from n8nlite.errors import Error as Error
    from n8nlite.importing import load as load
    from n8nlite.importing import load_all as load_all
    from n8nlite.mocks import Mocks as Mocks
    from n8nlite.node import BatchNode as BatchNode
    from n8nlite.node import Credential as Credential
    from n8nlite.node import Item as Item
    from n8nlite.node import ItemNode as ItemNode
    from n8nlite.node import TriggerNode as TriggerNode
    from n8nlite.result import Result as Result
    from n8nlite.workflow import Workflow as Workflow

_HOMES = {
    "BatchNode": "node",
    "Context": "context",
    "Credential": "node",
    "Credentials": "credentials",
    "Door": "door",
    "Error": "errors",
    "Item": "node",
    "ItemNode": "node",
    "Mocks": "mocks",
    "Request": "context",
    "Result": "result",
    "TriggerNode": "node",
    "Workflow": "workflow",
    "load": "importing",
    "load_all": "importing",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'n8nlite' has no attribute {name!r}")
    return getattr(import_module(f"n8nlite.{_HOMES[name]}"), name)
