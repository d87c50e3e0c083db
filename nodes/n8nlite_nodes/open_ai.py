"""
OpenAI, the older node: chat, text and images.

https://docs.n8n.io/integrations/builtin/app-nodes/n8n-nodes-langchain.openai/
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from n8nlite.errors import ApiError
from n8nlite.node import Item, ItemNode, Parameters
from n8nlite_nodes._open_ai_api import Message, OpenAi, OpenAiApi, items, named, picture
from n8nlite_nodes._open_ai_dialect import repair

if TYPE_CHECKING:
    from n8nlite.context import Context

TYPE = "n8n-nodes-base.openAi"
RENAMED = {"maxTokens": "max_tokens", "topP": "top_p"}
"""n8n's options -> OpenAI's, where they differ."""

IMAGE_OPTIONS = {"dall-e-2": {"n", "size"}, "dall-e-3": {"n", "quality", "size", "style"}}
"""Which options n8n offers for a model of images."""


def operation(
    resource: str, name: str, versions: Sequence[float] = (1, 1.1), *, default: bool = False
) -> dict[str, Any]:
    """The keywords of the class of an operation; `default`: it is its resource's first choice."""
    chosen = (("resource",) if resource == "text" else ()) + (("operation",) if default else ())
    return {
        "type": TYPE,
        "versions": tuple(versions),
        "when": {"resource": resource, "operation": name},
        "default": chosen,
        "credentials": (OpenAiApi,),
    }


class OpenAiNode(ItemNode):
    """Base of all operations."""

    @classmethod
    def repair(cls, parameters: dict[str, Any], version: float) -> list[str]:
        return repair(parameters, version)

    def post(self, ctx: Context, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What the API answers; of the credential's URL this node leaves the version out."""
        place = ctx.credential(OpenAiApi).url.rstrip("/").rpartition("/")[0]
        try:
            return OpenAi(ctx, f"{place}/v1").post(path, body)
        except ApiError as error:
            error.messages = []
            raise


class Prompt(Parameters):
    """A conversation; None: there is none."""

    messages: list[Message] | None = None


class Chat(OpenAiNode):
    """Base of the chat completion."""

    prompt: Prompt = Prompt()
    simplify_output: bool = True
    options: dict[str, Any] = {}

    def complete(self, ctx: Context, model: str) -> list[Item]:
        """The choices, or the whole answer."""
        body: dict[str, Any] = {"model": model}
        if self.prompt.messages is not None:
            body["messages"] = [each.model_dump() for each in self.prompt.messages]
        reply = self.post(ctx, "/chat/completions", body | named(self.options, RENAMED))
        return items(reply.get("choices") if self.simplify_output else reply)


class ChatCompleteV1(Chat, **operation("chat", "complete", (1,), default=True)):
    """Answer a conversation (v1)."""

    model: str = "gpt-3.5-turbo"

    def run(self, item: Item, ctx: Context) -> list[Item]:
        return self.complete(ctx, self.model)


class ChatComplete(Chat, **operation("chat", "complete", (1.1,), default=True)):
    """Answer a conversation."""

    chat_model: str = "gpt-3.5-turbo"

    def run(self, item: Item, ctx: Context) -> list[Item]:
        return self.complete(ctx, self.chat_model)


class CompleteText(OpenAiNode, **operation("text", "complete", default=True)):
    """Continue a text."""

    model: str = "gpt-3.5-turbo-instruct"
    prompt: str = ""
    simplify_output: bool = True
    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> list[Item]:
        body = {"model": self.model, "prompt": self.prompt, **named(self.options, RENAMED)}
        reply = self.post(ctx, "/completions", body)
        return items(_trimmed(reply.get("choices") or ()) if self.simplify_output else reply)


class EditText(OpenAiNode, **operation("text", "edit")):
    """Change a text as told."""

    model: str = "text-davinci-edit-001"
    input: str = ""
    instruction: str = ""
    simplify_output: bool = True
    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> list[Item]:
        body = {
            "model": self.model,
            "input": self.input,
            "instruction": self.instruction,
            **named(self.options, RENAMED),
        }
        reply = self.post(ctx, "/edits", body)
        return items(_trimmed(reply.get("choices") or ()) if self.simplify_output else reply)


class ModerateText(OpenAiNode, **operation("text", "moderate")):
    """Whether a text is against OpenAI's rules."""

    model: str = "text-moderation-latest"
    input: str = ""
    simplify_output: bool = True

    def run(self, item: Item, ctx: Context) -> list[Item]:
        reply = self.post(ctx, "/moderations", {"model": self.model, "input": self.input})
        return items(reply.get("results") if self.simplify_output else reply)


class Image(OpenAiNode):
    """Base of the making of images."""

    prompt: str = ""
    response_format: str = "binaryData"
    options: dict[str, Any] = {}

    def create(self, ctx: Context, model: str, options: Mapping[str, Any]) -> Iterator[Item]:
        """The images, or where they are."""
        as_files = self.response_format == "binaryData"
        body = {
            "prompt": self.prompt,
            "model": model,
            "response_format": "b64_json" if as_files else "url",
            **options,
        }
        made = self.post(ctx, "/images/generations", body).get("data") or []
        if not as_files:
            yield from items(made)
            return
        for each in made:
            yield Item({}, {"data": picture(ctx, base64.b64decode(each["b64_json"]))})


class CreateImageV1(Image, **operation("image", "create", (1,), default=True)):
    """Make images (v1)."""

    model: str = "dall-e-2"

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        offered = IMAGE_OPTIONS.get(self.model, {"n"})
        chosen = {key: value for key, value in self.options.items() if key in offered}
        yield from self.create(ctx, self.model, chosen)


class CreateImage(Image, **operation("image", "create", (1.1,), default=True)):
    """Make images; of its options n8n sends their number alone."""

    image_model: str = "dall-e-2"

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        chosen = {key: value for key, value in self.options.items() if key == "n"}
        yield from self.create(ctx, self.image_model, chosen)


def _trimmed(choices: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, "text": str(each.get("text", "")).strip()} for each in choices]
