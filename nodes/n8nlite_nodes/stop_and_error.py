"""
Stop and Error: the run fails here, with an error of the workflow's own.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.stopanderror/
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from n8nlite import javascript, js_json
from n8nlite.errors import NodeError
from n8nlite.failures import NAMELESS
from n8nlite.node import BatchNode, Inputs, Item

if TYPE_CHECKING:
    from n8nlite.context import Context


class StopWithMessage(
    BatchNode,
    type="n8n-nodes-base.stopAndError",
    versions=(1,),
    when={"errorType": "errorMessage"},
    default=("errorType",),
):
    """Fail with a message."""

    error_message: str = ""

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        raise NodeError(self.error_message)


class StopWithObject(
    BatchNode,
    type="n8n-nodes-base.stopAndError",
    versions=(1,),
    when={"errorType": "errorObject"},
):
    """Fail with data of one's own, from which n8n takes the message."""

    error_object: Any = ""

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        try:
            data = js_json.parse(javascript.text(self.error_object))
        except js_json.JsonSyntaxError as error:
            raise NodeError(str(error), name=NAMELESS) from None
        if data is None:
            raise NodeError("Cannot read properties of null (reading 'message')", name=NAMELESS)
        fields = data if isinstance(data, dict) else {}
        found = [fields[key] for key in ("message", "description", "error") if _said(fields, key)]
        message = found[0] if found else f"Error: {javascript.stringify(data)}"
        description = fields["description"] if _said(fields, "description") else None
        raise NodeError(
            message,
            description=None if description == message else description,
            context={"metadata": data},
        )


def _said(fields: dict[str, Any], key: str) -> bool:
    return isinstance(fields.get(key), str) and bool(fields[key])
