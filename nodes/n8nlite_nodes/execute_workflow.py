"""
Execute Sub-workflow: another workflow's work, done in the middle of this one.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.executeworkflow/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import httpx

from n8nlite import javascript, js_json
from n8nlite.context import SubWorkflow
from n8nlite.errors import NodeError
from n8nlite.failures import NAMELESS
from n8nlite.node import BatchNode, Inputs, Item, ItemNode, Locator, Node
from n8nlite.types import Misfit, validate_field_type
from n8nlite_expressions import UNDEFINED

if TYPE_CHECKING:
    from n8nlite.context import Context

TYPE = "n8n-nodes-base.executeWorkflow"
VERSIONS = (1, 1.1, 1.2, 1.3, 1.4)
MAPPING_SINCE = 1.2


class _Call(Node):
    """Which workflow is called, and how."""

    source: str = "database"
    workflow_id: Locator = ""
    workflow_json: Any = ""
    workflow_path: str = ""
    workflow_url: str = ""
    options: dict[str, Any] = {}

    @property
    def waits(self) -> bool:
        """Whether the node gives back what the called workflow makes of the items."""
        return self.options.get("waitForSubWorkflow", True) is not False

    def reference(self, ctx: Context) -> SubWorkflow:
        """The workflow to call."""
        if self.source == "parameter":
            return SubWorkflow(inline=_parsed(javascript.text(self.workflow_json)))
        if self.source == "url":
            return SubWorkflow(inline=_parsed(_fetched(self.workflow_url, ctx)))
        if self.source == "localFile":
            raise NodeError(
                f'The workflow in "{self.workflow_path}" is not read from the disk',
                description="Give it to the run (--sub) and call it by its id or name",
            )
        return SubWorkflow(id=self.workflow_id)

    def mapped(self, items: Sequence[Item], rows: Sequence[Any]) -> list[Item]:
        """The items as the called workflow gets them."""
        if self.version < MAPPING_SINCE or self.source != "database":
            return list(items)
        return [
            _mapped(item, row, index)
            for index, (item, row) in enumerate(zip(items, rows, strict=True))
        ]


class CallOnce(
    _Call, BatchNode, type=TYPE, versions=VERSIONS, when={"mode": "once"}, default=("mode",)
):
    """Call it once, with all items."""

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        items = inputs[0]
        mapping = ctx.spec.parameters.get("workflowInputs")
        rows = ctx.resolve_all(mapping)[: len(items)] if mapping else [None] * len(items)
        lanes = ctx.run_workflow(self.reference(ctx), self.mapped(items, rows), wait=self.waits)
        if not self.waits:
            return items
        return lanes[0] if lanes else ()

    @classmethod
    def error_items(cls, inputs: Inputs, error: Exception, message: str) -> list[Item]:
        return [Item({"error": message}, paired=tuple(range(len(inputs[0]))))]


class CallForEach(_Call, ItemNode, type=TYPE, versions=VERSIONS, when={"mode": "each"}):
    """Call it for each item."""

    workflow_inputs: Any = None

    def run(self, item: Item, ctx: Context) -> Iterable[Item]:
        given = self.mapped([item], [self.workflow_inputs])
        lanes = ctx.run_workflow(self.reference(ctx), given, wait=self.waits)
        if not self.waits:
            return [item]
        return [Item(each.json, each.binary, None, each.error) for each in (lanes or [[]])[0]]


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        workflow = js_json.parse(text)
    except js_json.JsonSyntaxError as error:
        raise NodeError(str(error), name=NAMELESS) from None
    if not isinstance(workflow, dict):
        raise NodeError("The workflow to call is no JSON object")
    return workflow


def _fetched(url: str, ctx: Context) -> str:
    try:
        response = ctx.http.get(url)
        response.raise_for_status()
    except httpx.HTTPError as error:
        raise NodeError(f'The workflow at "{url}" could not be fetched: {error}') from None
    return response.text


def _mapped(item: Item, mapping: Any, index: int) -> Item:
    """The item with the fields that the node's resource mapper sets."""
    if not isinstance(mapping, dict):
        return item
    json = dict(item.json)
    fields = [field for field in mapping.get("schema") or () if isinstance(field, dict)]
    for field in fields:
        if field.get("removed"):
            json.pop(str(field.get("displayName")), None)
    types = {str(field.get("id")): field.get("type") for field in fields}
    values = mapping.get("value") if mapping.get("mappingMode") == "defineBelow" else None
    for name, value in (values or {}).items():
        value = _converted(name, value, types.get(name), mapping, index)
        if value is None or value is UNDEFINED:
            json.pop(name, None)
        else:
            json[name] = value
    return Item(json, item.binary, item.paired)


def _converted(name: str, value: Any, type: Any, mapping: Mapping[str, Any], index: int) -> Any:
    as_text = bool(mapping.get("convertFieldsToString"))
    if not isinstance(type, str) or (type == "string" and not as_text):
        return value
    try:
        return validate_field_type(
            name,
            value,
            type,
            strict=not mapping.get("attemptToConvertTypes"),
            parse_strings=as_text,
        )
    except Misfit as misfit:
        raise NodeError(
            f"Invalid input for '{name}' [item {index}]",
            description=misfit.message,
            name="ExpressionError",
        ) from None
