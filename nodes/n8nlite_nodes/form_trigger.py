"""
n8n Form Trigger: a run that starts with a submitted form.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.formtrigger/
"""

from __future__ import annotations

from n8nlite.node import TriggerNode


class FormTrigger(
    TriggerNode, type="n8n-nodes-base.formTrigger", versions=(1, 2, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6)
):
    """Start with the fields of the form; with one empty item when started by hand."""
