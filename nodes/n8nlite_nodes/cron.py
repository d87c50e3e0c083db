"""
Cron: the schedule trigger of older workflows.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.scheduletrigger/
"""

from __future__ import annotations

from n8nlite.node import TriggerNode


class Cron(TriggerNode, type="n8n-nodes-base.cron", versions=(1,)):
    """Start at given times, with one empty item."""
