"""
Chat Trigger: a run that starts with a chat message.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-langchain.chattrigger/
"""

from __future__ import annotations

from n8nlite.node import TriggerNode


class ChatTrigger(
    TriggerNode, type="@n8n/n8n-nodes-langchain.chatTrigger", versions=(1, 1.1, 1.2, 1.3, 1.4)
):
    """Start with `{sessionId, action, chatInput}`; with one empty item when started by hand."""
