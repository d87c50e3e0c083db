"""
Manual Trigger: a run that somebody starts by hand.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.manualworkflowtrigger/
"""

from __future__ import annotations

from n8nlite.node import TriggerNode


class ManualTrigger(TriggerNode, type="n8n-nodes-base.manualTrigger", versions=(1,)):
    """Start with one empty item."""
