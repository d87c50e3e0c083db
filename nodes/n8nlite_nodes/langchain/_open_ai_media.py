"""The langchain OpenAI node: images, audio and files."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

from n8nlite.node import Item
from n8nlite_nodes._open_ai_api import items, picture, without_data
from n8nlite_nodes._url_path import url_path
from n8nlite_nodes.langchain._open_ai_node import (
    V1,
    V2,
    Model,
    OpenAiNode,
    data_url,
    file_of,
    operation,
)

if TYPE_CHECKING:
    from n8nlite.context import Context

ALL = (*V1, *V2)
BY_ID = tuple(version for version in V2 if version >= 2.2)
BY_NAME = tuple(version for version in ALL if version < 2.2)
VISION = "gpt-4-vision-preview"
"""What looks at images before v1.4, where no model can be chosen."""

IMAGE_OPTIONS: dict[str, dict[str, str]] = {
    "dall-e-2": {"n": "n", "size": "size"},
    "dall-e-3": {"size": "size", "style": "style", "dalleQuality": "quality"},
    "gpt-image": {"quality": "quality", "size": "size"},
}
"""Family of models -> the options that n8n offers for it, and OpenAI's names for them."""


class Image(OpenAiNode):
    """Base of the making of images."""

    prompt: str = ""
    options: dict[str, Any] = {}

    def create(self, ctx: Context, model: str) -> Iterator[Item]:
        """The images, or where they are."""
        family = "gpt-image" if "gpt-image" in model else model
        body = {"prompt": self.prompt, "model": model}
        urls = family != "gpt-image" and bool(self.options.get("returnImageUrls"))
        if family != "gpt-image":
            body["response_format"] = "url" if urls else "b64_json"
        for old, new in IMAGE_OPTIONS.get(family, {}).items():
            if old in self.options:
                body[new] = self.options[old]
        made = self.open_ai(ctx).post("/images/generations", body).get("data") or []
        if urls:
            yield from items(made)
            return
        named = "returnImageUrls" in self.options
        name = self.options.get("binaryPropertyOutput", "data") if named else "data"
        for each in made:
            entry = picture(ctx, base64.b64decode(each["b64_json"]))
            yield Item(without_data(entry), {name: entry})


class GenerateImage(Image, **operation("image", "generate", BY_NAME, default=True)):
    """Make images (before v2.2)."""

    model: str = "dall-e-3"

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        yield from self.create(ctx, self.model)


class GenerateImageByModel(Image, **operation("image", "generate", BY_ID, default=True)):
    """Make images."""

    model_id: Model = "gpt-image-1-mini"

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        yield from self.create(ctx, self.model_id or "")


class Look(OpenAiNode):
    """Base of what says what is in an image."""

    model_id: Model = ""
    text: str = "What's in this image?"
    input_type: str = "url"
    image_urls: str = ""
    binary_property_name: str = "data"
    simplify: bool = True
    options: dict[str, Any] = {}

    def urls(self, item: Item, ctx: Context) -> list[str]:
        """Where the images are, or what they are."""
        names = self.image_urls if self.input_type == "url" else self.binary_property_name
        found = [name.strip() for name in names.split(",") if name.strip()]
        return found if self.input_type == "url" else [data_url(ctx, item, n) for n in found]


class AnalyzeImage(Look, **operation("image", "analyze", V1)):
    """Say what is in an image (v1)."""

    def run(self, item: Item, ctx: Context) -> Item:
        detail = self.options.get("detail", "auto")
        parts = [
            {"type": "image_url", "image_url": {"url": url, "detail": detail}}
            for url in self.urls(item, ctx)
        ]
        body = {
            "model": self.model_id if self.version >= 1.4 else VISION,
            "messages": [
                {"role": "user", "content": [{"type": "text", "text": self.text}, *parts]}
            ],
            "max_tokens": self.options.get("maxTokens", 300),
        }
        reply = self.open_ai(ctx).post("/chat/completions", body)
        if not self.simplify:
            return Item(reply)
        return Item(
            {"content": (reply.get("choices") or [{}])[0].get("message", {}).get("content")}
        )


class AnalyzeImageByResponse(Look, **operation("image", "analyze", V2)):
    """Say what is in an image."""

    def run(self, item: Item, ctx: Context) -> Item:
        detail = self.options.get("detail", "auto")
        parts = [
            {"type": "input_image", "detail": detail, "image_url": url}
            for url in self.urls(item, ctx)
        ]
        body = {
            "model": self.model_id,
            "input": [
                {"role": "user", "content": [{"type": "input_text", "text": self.text}, *parts]}
            ],
            "max_output_tokens": self.options.get("maxTokens", 300),
        }
        reply = self.open_ai(ctx).post("/responses", body)
        # n8n gives the list itself as the item's json
        return Item(cast("dict[str, Any]", reply.get("output")) if self.simplify else reply)


class GenerateSpeech(OpenAiNode, **operation("audio", "generate", ALL, default=True)):
    """Say a text."""

    model: str = "tts-1"
    input: str = ""
    voice: str = "alloy"
    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Item:
        kind = self.options.get("response_format", "mp3")
        body = {
            "model": self.model,
            "input": self.input,
            "voice": self.voice,
            "response_format": kind,
            "speed": self.options.get("speed", 1),
        }
        sound = self.open_ai(ctx).bytes_of("/audio/speech", body)
        entry = ctx.binary.put(sound, mime_type=f"audio/{kind}", file_name=f"audio.{kind}")
        name = self.options.get("binaryPropertyOutput") or "data"
        return Item(without_data(entry), {name: entry})


class Listen(OpenAiNode):
    """Base of what makes a text of speech."""

    path: ClassVar[str]
    binary_property_name: str = "data"
    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Item:
        file = file_of(ctx, item, self.binary_property_name)
        fields = {"model": "whisper-1", **self.options}
        return Item(self.open_ai(ctx).upload(self.path, fields, file))


class Transcribe(Listen, **operation("audio", "transcribe", ALL)):
    """Write down what is said."""

    path = "/audio/transcriptions"


class Translate(Listen, **operation("audio", "translate", ALL)):
    """Write down in English what is said."""

    path = "/audio/translations"


class UploadFile(OpenAiNode, **operation("file", "upload", ALL, default=True)):
    """Give OpenAI a file."""

    binary_property_name: str = "data"
    options: dict[str, Any] = {}
    purpose: ClassVar[Mapping[bool, str]] = {False: "assistants", True: "user_data"}

    def run(self, item: Item, ctx: Context) -> Item:
        purpose = self.options.get("purpose") or self.purpose[self.version >= 2]
        file = file_of(ctx, item, self.binary_property_name)
        return Item(self.open_ai(ctx).upload("/files", {"purpose": purpose}, file))


class ListFiles(OpenAiNode, **operation("file", "list", ALL)):
    """The files that OpenAI keeps."""

    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> list[Item]:
        purpose = self.options.get("purpose", "any")
        query = {} if purpose == "any" else {"purpose": purpose}
        return items(self.open_ai(ctx).get("/files", query).get("data") or [])


class DeleteFile(OpenAiNode, **operation("file", "deleteFile", ALL)):
    """Delete a file that OpenAI keeps."""

    file_id: Model = ""

    def run(self, item: Item, ctx: Context) -> Item:
        return Item(self.open_ai(ctx).delete(f"/files/{url_path(str(self.file_id))}"))
