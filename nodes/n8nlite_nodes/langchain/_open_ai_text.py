"""The langchain OpenAI node: chat completions (v1) and moderation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from n8nlite.node import Item, Parameters
from n8nlite_nodes._open_ai_api import Message, items, named
from n8nlite_nodes.langchain._open_ai_node import (
    JSON_HINT,
    V1,
    V2,
    Model,
    OpenAiNode,
    operation,
    parsed,
    refuse_tools,
    require_prompt,
)

if TYPE_CHECKING:
    from n8nlite.context import Context

REASONING = re.compile(r"(^o1([-\d]+)?$)|(^o[3-9].*)|(^gpt-5.*)")
"""The models that can be told how much to think."""

RENAMED = {"maxTokens": "max_completion_tokens", "topP": "top_p"}
"""n8n's options -> OpenAI's, where they differ."""


class Messages(Parameters):
    """A conversation."""

    values: list[Message] = [Message()]


class MessageModel(OpenAiNode, **operation("text", "message", V1, default=True)):
    """Answer a conversation, by chat completion."""

    model_id: Model = ""
    messages: Messages = Messages()
    simplify: bool = True
    json_output: bool = False
    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> list[Item]:
        refuse_tools(ctx)
        reply = self.open_ai(ctx).post("/chat/completions", self._body())
        if self.json_output:
            choices = reply.get("choices") or ()
            reply = {**reply, "choices": [_with_data(each) for each in choices]}
        return items(reply.get("choices") or [] if self.simplify else reply)

    def _body(self) -> dict[str, Any]:
        messages = [each.model_dump() for each in self.messages.values]
        require_prompt([each["content"] for each in messages])
        body: dict[str, Any] = {} if self.model_id is None else {"model": self.model_id}
        if self.json_output:
            messages = [{"role": "system", "content": JSON_HINT}, *messages]
            body["response_format"] = {"type": "json_object"}
        left_out = {"maxToolsIterations"}
        if not REASONING.search(self.model_id or ""):
            left_out.add("reasoning_effort")
        chosen = {key: value for key, value in self.options.items() if key not in left_out}
        return {**body, "messages": messages, **named(chosen, RENAMED)}


class Classify(OpenAiNode, **operation("text", "classify", (*V1, *V2))):
    """Whether a text is against OpenAI's rules."""

    input: str = ""
    simplify: bool = False
    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        model = "omni-moderation-latest"
        if self.version < 2.1:
            stable = self.options.get("useStableModel", False)
            model = "text-moderation-stable" if stable else "text-moderation-latest"
        reply = self.open_ai(ctx).post("/moderations", {"input": self.input, "model": model})
        first = (reply.get("results") or [{}])[0]
        yield Item({"flagged": first.get("flagged")} if self.simplify else dict(first))


def _with_data(choice: Mapping[str, Any]) -> dict[str, Any]:
    message = choice.get("message") or {}
    return {**choice, "message": {**message, "content": parsed(message.get("content"))}}
