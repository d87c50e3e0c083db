"""What the name of a node's type says by itself, without its class."""

from __future__ import annotations

import re

STICKY_NOTE = "n8n-nodes-base.stickyNote"

_TRIGGERS = {
    "n8n-nodes-base.webhook",
    "n8n-nodes-base.start",
    "n8n-nodes-base.cron",
    "n8n-nodes-base.interval",
    "n8n-nodes-base.emailReadImap",
    "n8n-nodes-base.rssFeedReadTrigger",
}

_SUB_NODE = re.compile(
    r"(?:lm[A-Z]|memory[A-Z]|embeddings|outputParser|tool[A-Z]|mcpClientTool|textSplitter"
    r"|document[A-Z]|retriever|reranker|modelSelector).*|.+Tool"
)

_OUTPUTS = {
    "n8n-nodes-base.if": ("true", "false"),
    "n8n-nodes-base.splitInBatches": ("done", "loop"),
    "n8n-nodes-base.filter": ("kept",),
    "n8n-nodes-base.compareDatasets": ("in A only", "same", "different", "in B only"),
}

_MANY_OUTPUTS = {
    "n8n-nodes-base.switch",
    "@n8n/n8n-nodes-langchain.textClassifier",
    "@n8n/n8n-nodes-langchain.sentimentAnalysis",
}


def short(type_name: str) -> str:
    """The type without its package: `n8n-nodes-base.set` -> `set`."""
    return type_name.rpartition(".")[2]


def is_note(type_name: str) -> bool:
    """Whether it is a sticky note, which never runs."""
    return type_name == STICKY_NOTE


def is_trigger(type_name: str) -> bool:
    """Whether it starts runs."""
    return type_name in _TRIGGERS or short(type_name).lower().endswith("trigger")


def is_sub_node(type_name: str) -> bool:
    """Whether it hangs below an AI node (a model, a tool, a memory) and never runs by itself."""
    package, _, name = type_name.rpartition(".")
    if package.endswith("langchain"):
        return _SUB_NODE.fullmatch(name) is not None
    return name.endswith("Tool")


def output_names(type_name: str) -> tuple[str, ...]:
    """The outputs that every node of the type has."""
    return _OUTPUTS.get(type_name, ("main",))


def has_many_outputs(type_name: str) -> bool:
    """Whether its outputs are branches."""
    return len(output_names(type_name)) > 1 or type_name in _MANY_OUTPUTS


def title(type_name: str) -> str:
    """A name for a node that has none: `n8n-nodes-base.httpRequest` -> `Http Request`."""
    words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", short(type_name))
    return " ".join(word[0].upper() + word[1:] for word in words) or "Node"
