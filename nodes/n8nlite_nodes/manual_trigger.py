"""Manual Trigger: a run that somebody starts by hand."""

from __future__ import annotations

from n8nlite.node import TriggerNode


class ManualTrigger(TriggerNode, type="n8n-nodes-base.manualTrigger", versions=(1,)):
    """Start with one empty item."""
