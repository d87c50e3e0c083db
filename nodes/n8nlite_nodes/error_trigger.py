"""
Error Trigger: a run that starts because another one failed.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.errortrigger/
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from n8nlite.node import Item, TriggerNode

if TYPE_CHECKING:
    from n8nlite.context import Context


class ErrorTrigger(TriggerNode, type="n8n-nodes-base.errorTrigger", versions=(1,)):
    """Start with what is known of the failed run; with an example when started by hand."""

    def run(self, ctx: Context) -> Iterable[Item]:
        execution = {
            "id": 231,
            "url": "http://localhost:5678/execution/workflow/1/231",
            "retryOf": "34",
            "error": {"message": "Example Error Message", "stack": "Stacktrace"},
            "lastNodeExecuted": "Node With Error",
            "mode": "manual",
        }
        return [Item({"execution": execution, "workflow": {"id": "1", "name": "Example Workflow"}})]
