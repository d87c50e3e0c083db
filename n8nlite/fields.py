"""
A node's fields: from the parameters in the file to instances of its class, one for each item.

Only declared fields are evaluated. A field whose expression fails, or whose value is of the wrong
type, raises when the node reads it and not before: n8n evaluates a parameter when a node asks for
it, so what is left over from another operation does no harm.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_core import PydanticUndefined

from n8nlite.errors import Error, NodeError
from n8nlite.node import ByVersion, Node
from n8nlite_expressions import UNDEFINED, Template, compile_template

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from n8nlite_expressions import Resolved


class NodeFields:
    """The fields of one node of a workflow, ready to be evaluated."""

    def __init__(self, cls: type[Node], parameters: Mapping[str, Any], version: float) -> None:
        self.cls = cls
        self.version = version
        raw = raw_fields(cls, cls.prepare(parameters, version), version)
        self.template: Template = compile_template(raw, optional=frozenset(presence_tests(raw)))

    def instance(self, resolved: Resolved, index: int) -> Node:
        """The node with the values of that item."""
        values, failed = resolved.fields(index)
        for name, error in failed.items():
            error.parameter = error.parameter.replace(name, _camel(self.cls, name), 1)
        if self.cls.about.plain:
            return self._plain(values, failed)
        return self._checked(values, dict(failed))

    def _plain(self, values: Mapping[str, Any], failed: Mapping[str, Error]) -> Node:
        node = self.cls.__new__(self.cls)
        fields = {**values, "version": self.version}
        if failed:
            fields["_failed"] = failed
        object.__setattr__(node, "__dict__", fields)
        return node

    def _checked(self, values: Mapping[str, Any], failed: dict[str, Error]) -> Node:
        if not self.template.is_static:
            values = {
                name: _defined(value) for name, value in values.items() if value is not UNDEFINED
            }
        values = {**values, "version": self.version}
        try:
            node = self.cls.model_validate(values)
        except ValidationError as error:
            node = self._salvaged(values, error, failed)
        for name in failed:
            node.__dict__.pop(name, None)
        if failed:
            node.__dict__["_failed"] = failed
        return node

    def _salvaged(
        self, values: dict[str, Any], error: ValidationError, failed: dict[str, Error]
    ) -> Node:
        for each in error.errors(include_url=False):
            name = str(each["loc"][0])
            if each["input"] is not None or len(each["loc"]) > 1:
                failed.setdefault(name, _wrong_value(each))
            values.pop(name, None)
        try:
            return self.cls.model_validate(values)
        except ValidationError as rest:
            missing = {str(each["loc"][0]): None for each in rest.errors(include_url=False)}
            for name in missing:
                failed.setdefault(
                    name, NodeError(f'Parameter "{_camel(self.cls, name)}" is required')
                )
            return self.cls.model_construct(**{**values, **missing})


def raw_fields(cls: type[Node], parameters: Mapping[str, Any], version: float) -> dict[str, Any]:
    """
    The parameters of the declared fields by their Python names; defaults stand where n8n's export
    left a parameter out, when they depend on the version or the class checks nothing.
    """
    raw: dict[str, Any] = {}
    for name, field in cls.model_fields.items():
        alias = field.alias or name
        if name == "version":
            continue
        if alias in parameters:
            raw[name] = parameters[alias]
        elif isinstance(field.default, ByVersion):
            raw[name] = copy.deepcopy(field.default.at(version))
        elif cls.about.plain:
            raw[name] = _default(field)
    return raw


def presence_tests(value: Any, place: str = "") -> Iterator[str]:
    """The places of values in filter conditions that ask no more than whether there is a value."""
    if isinstance(value, dict):
        operator = value.get("operator")
        operation = operator.get("operation") if isinstance(operator, dict) else None
        if operation in _PRESENCE or value.get("operation") in _PRESENCE_V1:
            start = f"{place}." if place else ""
            yield from (f"{start}{key}" for key in ("leftValue", "value1"))
        for key, each in value.items():
            yield from presence_tests(each, f"{place}.{key}" if place else key)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from presence_tests(each, f"{place}[{index}]")


_PRESENCE = frozenset(["exists", "notExists", "empty", "notEmpty"])
_PRESENCE_V1 = frozenset(["isEmpty", "isNotEmpty"])


def _default(field: FieldInfo) -> Any:
    value = field.get_default(call_default_factory=True)
    return None if value is PydanticUndefined else value


def _defined(value: Any) -> Any:
    """The value as JSON would carry it: undefined fields are left out, undefined elements null."""
    if value is UNDEFINED:
        return None
    if type(value) is dict:
        return {key: _defined(each) for key, each in value.items() if each is not UNDEFINED}
    if type(value) is list:
        return [_defined(each) for each in value]
    return value


def _camel(cls: type[Node], name: str) -> str:
    field = cls.model_fields.get(name)
    return (field.alias if field else None) or name


def _wrong_value(error: Any) -> NodeError:
    place = ".".join(str(part) for part in error["loc"])
    text = repr(error["input"])
    preview = text if len(text) <= 60 else f"{text[:57]}..."
    wanted = _WANTED.get(error["type"].partition("_")[0])
    hint = None
    if wanted and isinstance(error["input"], str):
        cure = f", for instance with {{{{ ... .{wanted[1]}() }}}}" if wanted[1] else ""
        hint = f"give it {wanted[0]}, not text{cure}"
    return NodeError(f"Parameter '{place}': {error['msg']}, got {preview}", hint=hint)


_WANTED = {
    "int": ("a number", "toNumber"),
    "float": ("a number", "toNumber"),
    "bool": ("true or false", "toBoolean"),
    "list": ("a list", ""),
    "dict": ("an object", "parseJson"),
}
