"""
Set (Edit Fields): items with fields set to values.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.set/
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from functools import lru_cache
from typing import Any

from n8nlite import javascript
from n8nlite.context import Context
from n8nlite.dates import to_iso, zone
from n8nlite.errors import NodeError
from n8nlite.node import Item, ItemNode, by_version
from n8nlite.paths import PROTECTED, get_path, names, set_path, unset_path
from n8nlite.types import Misfit, validate_field_type
from n8nlite_expressions import UNDEFINED, DateTimeText, is_expression

from ._json_text import filled, pieces
from ._set_v1 import SetValues as SetValues

_DEFAULT_JSON = '{\n  "my_field_1": "value",\n  "my_field_2": 1\n}\n'
_VALUE_DEFAULTS = {"booleanValue": "true", "objectValue": {}}
_MISSING: Any = object()


class _EditFields(ItemNode):
    """What all modes and versions from 3 on share."""

    repairs_foreign_only = True

    duplicate_item: Any = False
    duplicate_count: Any = 0
    include: Any = "all"
    include_other_fields: Any = by_version({3: True, 3.3: False})
    include_fields: Any = ""
    exclude_fields: Any = ""
    options: Any = {}

    def run(self, item: Item, ctx: Context) -> Iterable[Item] | Item:
        dots = (self.options or {}).get("dotNotation", True)
        json = self._kept(item.json, dots)
        for name, value in self.entries(ctx):
            if dots and ("." in name or "[" in name or name in PROTECTED):
                set_path(json, name, value)
            else:
                json[name] = value
        binary = item.binary if self._keeps_binary() else None
        if not self.duplicate_item:
            return Item(json, binary)
        times = javascript.number(self.duplicate_count)
        count = 1 + int(times) if math.isfinite(times) else 0
        return [Item(dict(json), binary) for _ in range(count)]

    def entries(self, ctx: Context) -> Iterator[tuple[str, Any]]:
        """The names and values to set."""
        raise NotImplementedError

    def fit(self, name: str, value: Any, type: str, ctx: Context) -> Any:
        """The value, brought to the type."""
        try:
            if type == "dateTime":
                date = validate_field_type(name, value, type, zone=zone(ctx.scope.timezone) or UTC)
                return DateTimeText(to_iso(date))
            return validate_field_type(name, value, type, parse_strings=True)
        except Misfit as misfit:
            if (self.options or {}).get("ignoreConversionErrors"):
                return value
            raise _misfit(name, misfit.message, ctx, _CONVERSIONS.get(type)) from None

    def _kept(self, json: dict[str, Any], dots: bool) -> dict[str, Any]:
        """The fields of the input item that stay."""
        if not self.include_other_fields or self.include == "none":
            return {}
        if self.include == "selected":
            return _selected(json, names(self.include_fields), dots)
        kept = dict(json)
        if self.include == "except":
            for name in names(self.exclude_fields):
                if dots:
                    unset_path(kept, name)
                else:
                    kept.pop(name, None)
        return kept

    def _keeps_binary(self) -> bool:
        options = self.options or {}
        if self.version < 3.4:
            return bool(options.get("includeBinary"))
        return bool(self.include_other_fields) and not options.get("stripBinary")


class Assign(
    _EditFields,
    type="n8n-nodes-base.set",
    versions=(3.3, 3.4, 3.5),
    when={"mode": "manual"},
    default=("mode",),
    plain=True,
    wraps=True,
):
    """Set fields to values of the types chosen."""

    assignments: Any = {}

    def entries(self, ctx: Context) -> Iterator[tuple[str, Any]]:
        for assignment in (self.assignments or {}).get("assignments") or ():
            name, kind = assignment.get("name", UNDEFINED), assignment.get("type")
            value = assignment.get("value")
            if not isinstance(name, str):
                name = javascript.text(name)
            if value is None or value is UNDEFINED:
                yield name, None
            elif kind == "string" and type(value) is str:
                yield name, value
            elif kind is None:
                raise NodeError("Cannot read properties of undefined (reading 'toLowerCase')")
            else:
                yield name, self.fit(name, value, kind, ctx)

    @classmethod
    def repair(cls, parameters: dict[str, Any], version: float) -> list[str]:
        """Fields without a type, a bare list of fields, and fields as older versions have them."""
        done = []
        if "assignments" not in parameters and parameters.get("mode", "manual") == "manual":
            older = list(_older_fields(parameters))
            if older:
                parameters["assignments"] = {"assignments": older}
                done.append("fields written as in an older version became assignments")
        if isinstance(parameters.get("assignments"), list):
            parameters["assignments"] = {"assignments": parameters["assignments"]}
            done.append("assignments must be an object that holds the list")
        untyped = [
            each
            for each in _entries(parameters.get("assignments"), "assignments")
            if not isinstance(each.get("type"), str)
        ]
        for each in untyped:
            each["type"] = _type_of(each.get("value"))
        if untyped:
            named = ", ".join(str(each.get("name")) for each in untyped)
            done.append(f"type added to assignments: {named}")
        return done


class SetFields(
    _EditFields,
    type="n8n-nodes-base.set",
    versions=(3, 3.1, 3.2),
    when={"mode": "manual"},
    default=("mode",),
    plain=True,
    wraps=True,
):
    """Set fields, the value of each type in a parameter of its own."""

    fields: Any = {}

    @classmethod
    def prepare(cls, parameters: Mapping[str, Any], version: float) -> Mapping[str, Any]:
        fields = [
            {**field, "objectValue": pieces(field.get("objectValue", {}))}
            if field.get("type") == "objectValue"
            else field
            for field in _entries(parameters.get("fields"), "values")
        ]
        return {**parameters, "fields": {"values": fields}}

    def entries(self, ctx: Context) -> Iterator[tuple[str, Any]]:
        written = _entries(ctx.spec.parameters.get("fields"), "values")
        _check_literals(ctx, map(_literal, written))
        for field, template in zip(self.fields["values"], written, strict=True):
            name = javascript.text(field.get("name", ""))
            key = field.get("type", "stringValue")
            value = field.get(key, _VALUE_DEFAULTS.get(key, ""))
            if value is None or value is UNDEFINED:
                yield name, self._absent(name, value, key, ctx)
            else:
                if key == "objectValue":
                    entry = f"The entry \"{name}\" inside 'Fields to Set' in item {ctx.item_index}"
                    value = _json(filled(template.get(key), value), entry)
                    if not isinstance(value, dict):
                        raise NodeError(f"{entry} does not contain a valid JSON object")
                yield name, self.fit(name, value, key.removesuffix("Value"), ctx)

    def _absent(self, name: str, value: Any, key: str, ctx: Context) -> Any:
        if key != "stringValue" or self.version >= 3.2:
            return None
        text = javascript.text(value)
        if self.version < 3.1 or (self.options or {}).get("ignoreConversionErrors"):
            return text if self.version < 3.1 else None
        raise _misfit(name, f"'{name}' expects a string but we got '{text}'", ctx)


class SetJson(
    _EditFields,
    type="n8n-nodes-base.set",
    versions=(3, 3.1, 3.2, 3.3, 3.4, 3.5),
    when={"mode": "raw"},
    plain=True,
    wraps=True,
):
    """Set the fields of a JSON object."""

    json_output: Any = _DEFAULT_JSON

    @classmethod
    def prepare(cls, parameters: Mapping[str, Any], version: float) -> Mapping[str, Any]:
        return {**parameters, "jsonOutput": pieces(parameters.get("jsonOutput", _DEFAULT_JSON))}

    def entries(self, ctx: Context) -> Iterator[tuple[str, Any]]:
        where = f"The 'JSON Output' in item {ctx.item_index}"
        template = ctx.spec.parameters.get("jsonOutput")
        _check_literals(ctx, [("jsonOutput", "object", template)])
        value = _json(filled(template, self.json_output), where)
        if value is None or value is UNDEFINED:
            raise NodeError("Cannot convert undefined or null to object")
        if not isinstance(value, dict):
            raise NodeError(f"{where} does not contain a valid JSON object")
        yield from value.items()


def _literal(field: Mapping[str, Any]) -> tuple[str, str, Any]:
    key = str(field.get("type", "stringValue"))
    return key, key.removesuffix("Value"), field.get(key, _VALUE_DEFAULTS.get(key, ""))


def _check_literals(ctx: Context, literals: Iterable[tuple[str, str, Any]]) -> None:
    """n8n does not start with a node whose parameters, as they are written, are of wrong types."""
    issues = "".join(_issue(*literal) for literal in literals if isinstance(literal[2], str))
    if issues:
        raise NodeError(f"The '{ctx.spec.name}' node has issues:{issues}")


@lru_cache(maxsize=512)
def _issue(name: str, kind: str, literal: str) -> str:
    if not is_expression(literal):
        try:
            validate_field_type(name, literal, kind)
        except Misfit as misfit:
            return f"\n- {misfit.message}"
    return ""


_CONVERSIONS = {
    "number": "toNumber",
    "boolean": "toBoolean",
    "string": "toString",
    "dateTime": "toDateTime",
    "object": "parseJson",
}


def _misfit(name: str, message: str, ctx: Context, method: str | None = None) -> NodeError:
    cure = f"convert the value with .{method}(), or " if method else ""
    return NodeError(
        f"{message} [item {ctx.item_index}]",
        description=f'To fix the error try to change the type for the field "{name}" or activate '
        "the option “Ignore Type Conversion Errors” to apply a less strict type validation",
        hint=f"{cure}give the field another type",
    )


def _selected(json: Mapping[str, Any], wanted: list[str], dots: bool) -> dict[str, Any]:
    """The fields wanted; with dots, a nested one comes out under the last part of its name."""
    if not dots:
        return {name: json[name] for name in wanted if name in json}
    kept: dict[str, Any] = {}
    for name in wanted:
        value = get_path(json, name, _MISSING)
        if value is not _MISSING:
            set_path(kept, name.rpartition(".")[2], value)
    return kept


def _json(value: Any, where: str) -> Any:
    """The value, read if it is text. Raises NodeError, saying where, if it cannot be read."""
    if not isinstance(value, str):
        return value
    from n8nlite import loose_json

    try:
        return loose_json.parse(value)
    except ValueError:
        raise NodeError(f"{where} contains invalid JSON") from None


def _older_fields(parameters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What versions 1 to 3.2 call fields, as assignments."""
    for kind in ("boolean", "number", "string"):
        for entry in _entries(parameters.get("values"), kind):
            yield {"name": entry.get("name"), "value": entry.get("value"), "type": kind}
    for entry in _entries(parameters.get("fields"), "values"):
        key = str(entry.get("type", "stringValue"))
        yield {
            "name": entry.get("name"),
            "value": entry.get(key, entry.get("value")),
            "type": key.removesuffix("Value"),
        }


def _entries(collection: Any, key: str) -> list[dict[str, Any]]:
    entries = collection.get(key) if isinstance(collection, dict) else None
    return [each for each in entries or () if isinstance(each, dict)]


def _type_of(value: Any) -> str:
    """The type of a literal; an expression may give any, and n8n leaves unknown types alone."""
    if isinstance(value, str):
        return "any" if value.startswith("=") else "string"
    if isinstance(value, (list, dict)):
        return "array" if isinstance(value, list) else "object"
    kind = javascript.type_of(value)
    return kind if kind in ("boolean", "number") else "any"
