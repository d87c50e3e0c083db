"""Columns picked in n8n's editor (`resourceMapper`): the values of a row, in the columns' types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, Literal

from n8nlite import dates
from n8nlite.errors import NodeError
from n8nlite.node import Item, Parameters
from n8nlite.types import Misfit, validate_field_type


class InvalidInput(NodeError):
    """A value is not of its column's type, or missing."""

    name = "ExpressionError"


class Column(Parameters):
    """A column as the editor knew it when the node was set."""

    id: str = ""
    type: str | None = None
    required: bool = False
    removed: bool = False
    options: Sequence[Any] | None = None


class Columns(Parameters):
    """
    The parameter: values by column (`defineBelow`), or the item's own (`autoMapInputData`);
    `matching_columns` say which row is meant.
    """

    mapping_mode: Literal["defineBelow", "autoMapInputData"] = "defineBelow"
    value: dict[str, Any] | None = None
    matching_columns: list[str] | None = None
    # `schema` is a method of pydantic models
    columns: list[Column] | None = None

    @classmethod
    def of(cls, raw: Any) -> Columns:
        """The parameter from the file. Raises NodeError where it does not say how to map."""
        if not isinstance(raw, Mapping) or "mappingMode" not in raw:
            raise NodeError('Could not get parameter "columns.mappingMode"')
        return cls.model_validate({**raw, "columns": raw.get("schema")})

    @property
    def automatic(self) -> bool:
        """Whether the items' own fields are the row."""
        return self.mapping_mode == "autoMapInputData"

    @property
    def matching(self) -> list[str]:
        """The columns that say which row is meant."""
        return self.matching_columns or []

    def row(
        self, item: Item, *, ignored: str = "", convert: bool = True, zone: tzinfo = UTC
    ) -> dict[str, Any]:
        """
        The row: of an item without the `ignored` fields (`a, b`), or of the values in their types.

        Raises InvalidInput where a value is not of its column's type.
        """
        if self.automatic:
            left_out = {name.strip() for name in ignored.split(",")}
            return {key: value for key, value in item.json.items() if key not in left_out}
        values = self.value or {}
        if not convert or not self.columns:
            return dict(values)
        return _converted(values, self.columns, zone)


def _converted(
    values: Mapping[str, Any], columns: Sequence[Column], zone: tzinfo
) -> dict[str, Any]:
    known = {column.id: column for column in columns}
    for column in columns:
        if column.required and not column.removed and values.get(column.id) is None:
            raise _invalid(column.id, f'The value "{column.id}" is required but not set')
    row = {}
    for name, value in values.items():
        known_as = known.get(name)
        if known_as is None or known_as.type is None:
            row[name] = value
        elif value is not None:
            row[name] = _of_type(known_as, value, zone)
    return row


def _of_type(column: Column, value: Any, zone: tzinfo) -> Any:
    try:
        made = validate_field_type(
            column.id, value, column.type or "", value_options=column.options or (), zone=zone
        )
    except Misfit as error:
        raise _invalid(column.id, error.message) from None
    return dates.to_iso(made) if isinstance(made, datetime) else made


def _invalid(name: str, why: str) -> InvalidInput:
    return InvalidInput(f"Invalid input for '{name}'", description=why)
