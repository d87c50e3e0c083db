"""Airtable bases: which there are, and their tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from n8nlite.node import Item, ItemNode
from n8nlite_nodes._airtable_api import CREDENTIALS, TYPE, Airtable, Base
from n8nlite_nodes._url_path import url_path

if TYPE_CHECKING:
    from n8nlite.context import Context


def operation(name: str, *, default: bool = False) -> dict[str, Any]:
    """The keywords of the class of a base operation."""
    return {
        "type": TYPE,
        "versions": (2, 2.1, 2.2),
        "when": {"resource": "base", "operation": name},
        "default": ("operation",) if default else (),
        "credentials": CREDENTIALS,
    }


class GetBases(ItemNode, **operation("getMany", default=True)):
    """The bases that the token may see. (n8n itself never comes past the first page.)"""

    pairs_errors = False
    authentication: str = "airtableTokenApi"
    return_all: bool = True
    limit: int = 100
    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        found = list(Airtable(ctx, self.authentication).pages("meta/bases", "bases", {}))
        levels = self.options.get("permissionLevel")
        for base in found if self.return_all else found[: self.limit]:
            if not levels or base.get("permissionLevel") in levels:
                yield Item(base, paired=(ctx.item_index,))


class GetSchema(ItemNode, **operation("getSchema")):
    """The tables of a base, with their fields."""

    pairs_errors = False
    authentication: str = "airtableTokenApi"
    base: Base = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        path = url_path("meta", "bases", self.base, "tables")
        yield from map(Item, Airtable(ctx, self.authentication).call("GET", path).get("tables", ()))
