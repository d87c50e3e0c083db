"""What the operations of the langchain OpenAI node share."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator

from n8nlite import api_errors
from n8nlite.errors import ApiError, NodeError
from n8nlite.node import Item, ItemNode
from n8nlite_nodes._http_body import Part, file_part
from n8nlite_nodes._locators import locator
from n8nlite_nodes._open_ai_api import OpenAi, OpenAiApi

if TYPE_CHECKING:
    from n8nlite.context import Context

TYPE = "@n8n/n8n-nodes-langchain.openAi"
V1 = (1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8)
V2 = (2, 2.1, 2.2, 2.3)

Model = Annotated[str | None, BeforeValidator(locator())]
"""A model by id; None: the server's choice."""

JSON_HINT = "You are a helpful assistant designed to output JSON."

HELP = (
    "https://docs.n8n.io/integrations/builtin/app-nodes/n8n-nodes-langchain.openai/common-issues/"
)
LIMITS = {
    "insufficient_quota": f'Insufficient quota detected. <a href="{HELP}#insufficient-quota" '
    'target="_blank">Learn more</a> about resolving this issue',
    "rate_limit_exceeded": "OpenAI: Rate limit reached",
}
"""Codes of answers with status 429 -> message."""


def operation(
    resource: str, name: str, versions: Sequence[float], *, default: bool = False
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


class Service(OpenAi):
    """The API; its limits have messages of their own."""

    def _send(self, *args: Any, **more: Any) -> Any:
        try:
            return super()._send(*args, **more)
        except ApiError as error:
            if error.http_code == "429":
                error.message = LIMITS.get(_code(error.messages), error.message)
            raise


class OpenAiNode(ItemNode):
    """Base of all operations."""

    @classmethod
    def error_json(cls, item: Item, error: Exception, message: str) -> dict[str, Any]:
        limited = isinstance(error, ApiError) and error.http_code == "429"
        return {"error": api_errors.STATUS["429"] if limited else message}

    @classmethod
    def repair(cls, parameters: dict[str, Any], version: float) -> list[str]:
        return repair(parameters, version)

    def open_ai(self, ctx: Context) -> Service:
        """The API, signed in."""
        return Service(ctx)


def refuse_tools(ctx: Context) -> None:
    """Raises NodeError when the node has tools or a memory attached: they are not run yet."""
    for name, kinds in ctx.workflow.connections.items():
        for kind, outputs in kinds.items():
            if not kind.startswith("ai_"):
                continue
            if any(wire.node == ctx.spec.name for wires in outputs for wire in wires or ()):
                attached = f"{name!r} ({kind})"
                raise NodeError(f"n8nlite does not run what an OpenAI node uses yet: {attached}")


def require_prompt(contents: Sequence[Any]) -> None:
    """Raises NodeError when none of the messages says anything."""
    if not any(isinstance(each, str) and each.strip() for each in contents):
        raise NodeError("A non-empty prompt is required.")


def parsed(text: Any) -> Any:
    """The data of a JSON text; anything else as it is."""
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return text


def read_json(text: Any, name: str) -> Any:
    """The data of an option that holds JSON. Raises NodeError that names it."""
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except ValueError:
        raise NodeError(f"Failed to parse {name}") from None


def data_url(ctx: Context, item: Item, name: str) -> str:
    """A file of the item as a URL. Raises NodeError when there is none."""
    import base64

    content = ctx.binary.get(item.binary, name)
    about = (item.binary or {})[name]
    return f"data:{about.get('mimeType')};base64,{base64.b64encode(content).decode()}"


def file_of(ctx: Context, item: Item, name: str) -> Part:
    """A file of the item for a multipart form. Raises NodeError when there is none."""
    return file_part(ctx, item, "file", name)


def repair(parameters: dict[str, Any], version: float) -> list[str]:
    """Turn the resource and operation of other OpenAI nodes and libraries into this node's."""
    done = []
    if parameters.get("resource") == "chat":
        parameters["resource"] = "text"
        done.append("resource 'chat' became 'text'")
    operation = parameters.get("operation")
    meant = "message" if version < 2 else "response"
    wrong = {"create", "complete", "message"} - {meant}
    if parameters.get("resource", "text") == "text" and operation in wrong:
        parameters["operation"] = meant
        done.append(f"operation {operation!r} became {meant!r}")
    if isinstance(parameters.get("messages"), list):
        parameters["messages"] = {"values": parameters["messages"]}
        done.append("messages became a collection")
    return done


def _code(messages: Sequence[str]) -> str:
    _, _, body = (messages[0] if messages else "").partition(" - ")
    data = parsed(body)
    error = data.get("error") if isinstance(data, Mapping) else None
    return str(error.get("code")) if isinstance(error, Mapping) else ""
