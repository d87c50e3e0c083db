"""
Execute Sub-workflow Trigger: a run that another workflow calls.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.executeworkflowtrigger/
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

TYPE = "n8n-nodes-base.executeWorkflowTrigger"


class AcceptEverything(BatchNode, type=TYPE, versions=(1,), inputs=0):
    """Start with the items as the caller gave them."""

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        return inputs[0]


class PassThrough(
    BatchNode, type=TYPE, versions=(1.1, 1.2), when={"inputSource": "passthrough"}, inputs=0
):
    """The same in newer versions."""

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        return inputs[0]


class _Picking(BatchNode):
    """Starts with the declared fields of the items; those the caller left out are null."""

    def fields(self) -> Iterable[str]:
        """The names of the declared fields."""
        raise NotImplementedError

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        names = list(self.fields())
        return [
            Item({name: item.json.get(name) for name in names}, item.binary, index)
            for index, item in enumerate(inputs[0])
        ]


class DeclaredFields(
    _Picking,
    type=TYPE,
    versions=(1.1, 1.2),
    when={"inputSource": "workflowInputs"},
    default=("inputSource",),
    inputs=0,
):
    """Start with fields that are declared one by one."""

    workflow_inputs: dict[str, Any] = {}

    def fields(self) -> Iterable[str]:
        return [str(field["name"]) for field in self.workflow_inputs.get("values") or ()]


class FieldsOfExample(
    _Picking, type=TYPE, versions=(1.1, 1.2), when={"inputSource": "jsonExample"}, inputs=0
):
    """Start with the fields that an example has."""

    json_example: Any = (
        '{"aField": "a string", "aNumber": 123, "thisFieldAcceptsAnyType": null, "anArray": []}'
    )

    def fields(self) -> Iterable[str]:
        try:
            example = js_json.parse(javascript.text(self.json_example))
        except js_json.JsonSyntaxError as error:
            raise NodeError(str(error), name=NAMELESS) from None
        return example if isinstance(example, dict) else {}
