"""Airtable records, since v2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any

from n8nlite import dates, failures, javascript
from n8nlite.errors import ApiError, NodeError
from n8nlite.node import Item, ItemNode
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
from n8nlite_nodes._airtable_dialect import repair
from n8nlite_nodes._resource_mapper import Columns, InvalidInput
from n8nlite_nodes._url_path import url_path

if TYPE_CHECKING:
    from n8nlite.context import Context

VERSIONS = (2, 2.1, 2.2)
SEVERAL_FOUND = "Cannot update more than one record"
"""What Airtable says when an upsert fits several records."""


def operation(
    name: str, versions: Sequence[float] = VERSIONS, *, default: bool = False
) -> dict[str, Any]:
    """The keywords of the class of a record operation."""
    return {
        "type": TYPE,
        "versions": tuple(versions),
        "when": {"resource": "record", "operation": name},
        "default": ("resource", "operation") if default else ("resource",),
        "credentials": CREDENTIALS,
    }


class Records(ItemNode):
    """Base: where the records are."""

    pairs_errors = False
    authentication: str = "airtableTokenApi"
    base: Base = ""
    table: Table = ""

    @classmethod
    def repair(cls, parameters: dict[str, Any], version: float) -> list[str]:
        return repair(parameters, version)

    @property
    def path(self) -> str:
        """Where the table is."""
        return url_path(self.base, self.table)

    def airtable(self, ctx: Context) -> Airtable:
        """The API, signed in."""
        return Airtable(ctx, self.authentication)


class OneRecord(Records):
    """Base of what deals with the record of an id."""

    id: str = ""

    def ask(self, ctx: Context, method: str) -> dict[str, Any]:
        """The answer about the record. Raises ApiError."""
        try:
            return self.airtable(ctx).call(method, f"{self.path}/{url_path(self.id)}")
        except ApiError as error:
            if error.description == "NOT_FOUND":
                error.description = f"{self.id} is not a valid Record ID"
            raise


class GetRecord(OneRecord, **operation("get", default=True)):
    """A record."""

    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Item:
        record = self.ask(ctx, "GET")
        return item_of(ctx, record, names_of(self.options.get("downloadFields")))


class DeleteRecord(OneRecord, **operation("deleteRecord")):
    """Delete a record."""

    def run(self, item: Item, ctx: Context) -> Item:
        return Item(self.ask(ctx, "DELETE"))


class Rows(Records):
    """Base of the operations whose error items hold the whole error."""

    @classmethod
    def error_json(cls, item: Item, error: Exception, message: str) -> dict[str, Any]:
        return {"message": message, "error": failures.error_data(error)}


class SearchRecords(Rows, **operation("search")):
    """The records that fit a formula, or all."""

    filter_by_formula: str | None = ""
    return_all: bool = True
    limit: int = 100
    options: dict[str, Any] = {}
    sort: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        view = self.options.get("view")
        query = listing(
            self.options.get("fields"),
            self.filter_by_formula or "",
            self.sort,
            view.get("value") if isinstance(view, Mapping) else None,
        )
        airtable = self.airtable(ctx)
        if self.return_all:
            records = airtable.pages(self.path, "records", {**query, "pageSize": PAGE})
        else:
            answer = airtable.call("GET", self.path, query={**query, "maxRecords": self.limit})
            records = iter(answer.get("records") or ())
        names = names_of(self.options.get("downloadFields"))
        for record in records:
            yield item_of(ctx, record, names, paired=(ctx.item_index,))


class Write(Rows):
    """Base of what writes a row."""

    columns: Any = {"mappingMode": "defineBelow", "value": None}
    options: dict[str, Any] = {}

    @property
    def typecast(self) -> bool:
        """Whether Airtable converts the values, so that n8n need not."""
        return bool(self.options.get("typecast", False))

    @property
    def all_matches(self) -> bool:
        """Whether every record that fits is changed, not the first alone."""
        return bool(self.options.get("updateAllMatches", False))

    def row(self, columns: Columns, item: Item, ctx: Context) -> dict[str, Any]:
        """What is written."""
        ignored = self.options.get("ignoreFields") or ""
        zone = dates.zone(ctx.scope.timezone) or UTC
        try:
            return columns.row(item, ignored=ignored, convert=not self.typecast, zone=zone)
        except InvalidInput as error:
            error.message += f" [item {ctx.item_index}]"
            raise


class CreateRecord(Write, **operation("create", (1, *VERSIONS))):
    """Create a record. (v1 of n8n's node cannot; files that language models wrote want it to.)"""

    def run(self, item: Item, ctx: Context) -> Item:
        fields = self.row(Columns.of(self.columns), item, ctx)
        body = {"typecast": self.typecast, "fields": fields}
        return Item(self.airtable(ctx).call("POST", self.path, body))


class UpdateRecord(Write, **operation("update")):
    """Change the record of an id, or those that have certain values."""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        columns = Columns.of(self.columns)
        row = self.row(columns, item, ctx)
        airtable = self.airtable(ctx)
        if "id" in columns.matching:
            records = [with_id(row)]
        else:
            left_out = () if columns.automatic else columns.matching
            fields = {key: value for key, value in row.items() if key not in left_out}
            found = self._matches(airtable, columns.matching, row, ctx)
            records = [{"id": each["id"], "fields": fields} for each in found]
        for record in airtable.write(self.path, records, typecast=self.typecast):
            yield Item(record)

    def _matches(
        self, airtable: Airtable, names: Sequence[str], row: Mapping[str, Any], ctx: Context
    ) -> list[dict[str, Any]]:
        """The records that have the row's values in those columns."""
        records = ctx.memory.get("records")
        if records is None:
            query = {**listing(names), "pageSize": PAGE}
            records = ctx.memory["records"] = list(airtable.pages(self.path, "records", query))
        found = [
            each
            for each in records
            if all(_same(each.get("fields") or {}, row, name) for name in names)
        ]
        if not found:
            raise NodeError("Record matching provided keys was not found")
        return found if self.all_matches else found[:1]


class UpsertRecord(Write, **operation("upsert")):
    """Change the record that has certain values, or create it."""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        columns = Columns.of(self.columns)
        row = self.row(columns, item, ctx)
        airtable = self.airtable(ctx)
        if "id" in columns.matching:
            made = list(airtable.write(self.path, [with_id(row)], typecast=self.typecast))
        else:
            made = self._upsert(airtable, columns.matching, row)
        yield from map(Item, made)

    def _upsert(
        self, airtable: Airtable, names: Sequence[str], row: dict[str, Any]
    ) -> list[dict[str, Any]]:
        more = {"typecast": self.typecast, "performUpsert": {"fieldsToMergeOn": list(names)}}
        try:
            return list(airtable.write(self.path, [{"fields": row}], **more))
        except ApiError as error:
            if error.http_code != "422" or error.description != SEVERAL_FOUND:
                raise
            conditions = ",".join(
                f"{{{name}}} = '{javascript.text(row.get(name))}'" for name in names
            )
            query = {**listing(names, f"AND({conditions})"), "pageSize": PAGE}
            found = list(airtable.pages(self.path, "records", query))
            if not found:
                raise
        changed = found if self.all_matches else found[:1]
        records = [{"id": each["id"], "fields": row} for each in changed]
        return list(airtable.write(self.path, records, **more))


def with_id(row: Mapping[str, Any]) -> dict[str, Any]:
    """The record of a row that has an `id` column."""
    fields = {key: value for key, value in row.items() if key != "id"}
    return ({"id": row["id"]} if "id" in row else {}) | {"fields": fields}


def _same(fields: Mapping[str, Any], row: Mapping[str, Any], name: str) -> bool:
    if name not in fields or name not in row:
        return name not in fields and name not in row
    theirs, ours = fields[name], row[name]
    if isinstance(ours, dict | list):
        return javascript.stringify(theirs) == javascript.stringify(ours)
    return javascript.same(theirs, ours)
