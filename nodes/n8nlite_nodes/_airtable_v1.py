"""Airtable in v1 of the node: records go ten at a time, fields are those of the items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from n8nlite.node import BatchNode, Inputs, Item, ItemNode, Node
from n8nlite_nodes._airtable_api import (
    CREDENTIALS,
    PAGE,
    TYPE,
    Airtable,
    Base,
    Table,
    item_of,
    listing,
    names_of,
)
from n8nlite_nodes._url_path import url_path

if TYPE_CHECKING:
    from n8nlite.context import Context


def operation(name: str, *, default: bool = False) -> dict[str, Any]:
    """The keywords of the class of an operation."""
    return {
        "type": TYPE,
        "versions": (1,),
        "when": {"operation": name},
        "default": ("operation",) if default else (),
        "credentials": CREDENTIALS,
    }


class Records(Node):
    """Base: where the records are."""

    authentication: str = "airtableApi"
    application: Base = ""
    table: Table = ""

    @property
    def path(self) -> str:
        """Where the table is."""
        return url_path(self.application, self.table)

    def airtable(self, ctx: Context) -> Airtable:
        """The API, signed in."""
        return Airtable(ctx, self.authentication)


class ReadRecord(Records, ItemNode, **operation("read", default=True)):
    """A record (v1)."""

    id: str = ""

    def run(self, item: Item, ctx: Context) -> Item:
        return Item(self.airtable(ctx).call("GET", f"{self.path}/{url_path(self.id)}"))


class ListRecords(Records, BatchNode, **operation("list")):
    """The records of a table (v1); asked for once, however many items come in."""

    return_all: bool = True
    limit: int = 100
    download_attachments: bool = False
    download_field_names: str = ""
    additional_options: dict[str, Any] = {}

    def run(self, inputs: Inputs, ctx: Context) -> Iterator[Item]:
        chosen = self.additional_options
        query = listing(
            chosen.get("fields"),
            chosen.get("filterByFormula") or "",
            chosen.get("sort"),
            chosen.get("view"),
        )
        airtable = self.airtable(ctx)
        if self.return_all:
            records = airtable.pages(self.path, "records", {**query, "pageSize": PAGE})
        else:
            answer = airtable.call("GET", self.path, query={**query, "maxRecords": self.limit})
            records = iter(answer.get("records") or ())
        wanted = names_of(self.download_field_names) if self.download_attachments else ()
        pairs = tuple(range(len(inputs[0])))
        for record in records:
            yield item_of(ctx, record, wanted, paired=pairs, flattened=False)


class Bulk(Records, BatchNode):
    """Base of what sends the items' records several at a time."""

    options: dict[str, Any] = {}

    @classmethod
    def error_items(cls, inputs: Inputs, error: Exception, message: str) -> list[Item] | None:
        return [Item({"error": message}, paired=0)]

    def run(self, inputs: Inputs, ctx: Context) -> Iterator[Item]:
        airtable, size = self.airtable(ctx), int(self.options.get("bulkSize") or 10)
        records: list[Any] = []
        for index, item in enumerate(inputs[0]):
            records.append(self.record(item, index, ctx))
            if len(records) == size or index == len(inputs[0]) - 1:
                for made in self.send(airtable, records):
                    yield Item(made, paired=index)
                records = []

    def record(self, item: Item, index: int, ctx: Context) -> Any:
        """What is sent of an item."""
        raise NotImplementedError

    def send(self, airtable: Airtable, records: list[Any]) -> list[dict[str, Any]]:
        """The records that come back."""
        raise NotImplementedError

    def own_id(self, index: int, ctx: Context) -> str:
        """The parameter `id`, for that item."""
        return str(ctx.resolve(ctx.spec.parameters.get("id", ""), index))


class AppendRecords(Bulk, **operation("append")):
    """Add records (v1)."""

    add_all_fields: bool = True
    fields: list[str] = []

    def record(self, item: Item, index: int, ctx: Context) -> Any:
        if self.add_all_fields:
            return {"fields": without(item.json, "id")}
        return {"fields": only(item.json, self.fields)}

    def send(self, airtable: Airtable, records: list[Any]) -> list[dict[str, Any]]:
        body = {"typecast": True} if self.options.get("typecast") else {}
        return records_of(airtable.call("POST", self.path, {**body, "records": records}))


class UpdateRecords(Bulk, **operation("update")):
    """Change records (v1)."""

    update_all_fields: bool = True
    fields: list[str] = []

    def record(self, item: Item, index: int, ctx: Context) -> Any:
        if self.update_all_fields:
            ignored = self.options.get("ignoreFields") or "id"
            fields = without(item.json, *names_of(ignored))
        else:
            fields = only(item.json, self.fields)
        return {"id": self.own_id(index, ctx), "fields": fields}

    def send(self, airtable: Airtable, records: list[Any]) -> list[dict[str, Any]]:
        typecast = bool(self.options.get("typecast"))
        return list(airtable.write(self.path, records, typecast=typecast))


class DeleteRecords(Bulk, **operation("delete")):
    """Delete records (v1)."""

    def record(self, item: Item, index: int, ctx: Context) -> Any:
        return self.own_id(index, ctx)

    def send(self, airtable: Airtable, records: list[Any]) -> list[dict[str, Any]]:
        query = {f"records[{index}]": each for index, each in enumerate(records)}
        return records_of(airtable.call("DELETE", self.path, query=query))


def records_of(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The records in an answer."""
    return list(answer.get("records") or ())


def only(json: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    """Those fields of an item that it has."""
    return {name: json[name] for name in names if name in json}


def without(json: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The other fields of an item."""
    return {key: value for key, value in json.items() if key not in names}
