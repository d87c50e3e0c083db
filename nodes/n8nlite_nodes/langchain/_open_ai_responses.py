"""The langchain OpenAI node: responses (v2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from n8nlite.errors import NodeError
from n8nlite.node import Item, Parameters
from n8nlite_nodes._http_body import as_object
from n8nlite_nodes.langchain._open_ai_node import (
    JSON_HINT,
    V2,
    Model,
    OpenAiNode,
    Service,
    data_url,
    operation,
    parsed,
    read_json,
    refuse_tools,
    require_prompt,
)

if TYPE_CHECKING:
    from n8nlite.context import Context

OPTIONS = {
    "instructions": "instructions",
    "maxTokens": "max_output_tokens",
    "previousResponseId": "previous_response_id",
    "promptCacheKey": "prompt_cache_key",
    "safetyIdentifier": "safety_identifier",
    "serviceTier": "service_tier",
    "temperature": "temperature",
    "topP": "top_p",
    "topLogprobs": "top_logprobs",
    "maxToolCalls": "max_tool_calls",
    "conversationId": "conversation",
    "include": "include",
}
"""n8n's options -> OpenAI's."""

SCHEMA = {
    "type": "object",
    "properties": {"message": {"type": "string"}},
    "additionalProperties": False,
    "required": ["message"],
}
"""The schema of an answer where the node names none."""

UNFINISHED = {"queued", "in_progress"}
POLL = 10
"""Seconds between two looks at a response that is made in the background."""


class Responses(Parameters):
    """A conversation: texts, images and files."""

    values: list[dict[str, Any]] = [{"type": "text"}]


class Respond(OpenAiNode, **operation("text", "response", V2, default=True)):
    """Answer a conversation, by the Responses API."""

    model_id: Model = ""
    responses: Responses = Responses()
    simplify: bool = True
    built_in_tools: dict[str, Any] = {}
    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Item:
        refuse_tools(ctx)
        body = self._body(item, ctx)
        service = self.open_ai(ctx)
        reply = service.post("/responses", body)
        if body["background"]:
            reply = self._finished(reply, service, ctx)
        output = reply.get("output") or []
        if body.get("text", {}).get("format", {}).get("type") in ("json_object", "json_schema"):
            output = [_with_data(each) for each in output]
        if self.simplify:
            return Item({"output": [each for each in output if each.get("type") == "message"]})
        return Item({**reply, "output": output})

    def _body(self, item: Item, ctx: Context) -> dict[str, Any]:
        given = self.responses.values
        require_prompt([each.get("content") for each in given])
        options = self.options
        body: dict[str, Any] = {} if self.model_id is None else {"model": self.model_id}
        body |= {
            "input": [message(each, item, ctx) for each in given],
            "parallel_tool_calls": options.get("parallelToolCalls", True),
            "store": options.get("store", True),
            "background": as_object(_values(options, "backgroundMode", "values")).get("enabled")
            is True,
        }
        body |= {OPTIONS[key]: value for key, value in options.items() if _is_set(key, value)}
        if tools := built_in(self.built_in_tools):
            body["tools"] = tools
        if "truncation" in options:
            body["truncation"] = "auto" if options["truncation"] else "disabled"
        if metadata := read_json(options.get("metadata"), "metadata"):
            body["metadata"] = metadata
        body |= reasoning(options) | prompt(options) | text(options)
        if body.get("text", {}).get("format", {}).get("type") == "json_object":
            hint = {"type": "text", "role": "system", "content": JSON_HINT}
            body["input"].insert(0, message(hint, item, ctx))
        return body

    def _finished(self, reply: dict[str, Any], service: Service, ctx: Context) -> dict[str, Any]:
        left = float(_values(self.options, "backgroundMode", "values").get("timeout", 300))
        while reply.get("status") in UNFINISHED:
            if left <= 0:
                raise NodeError("Timeout reached")
            ctx.sleep(min(POLL, left))
            left -= POLL
            reply = service.get(f"/responses/{reply.get('id')}")
        return reply


def message(given: Mapping[str, Any], item: Item, ctx: Context) -> dict[str, Any]:
    """A message of the form as the API has it: a text, an image or a file."""
    role = given.get("role", "user")
    kind = given.get("type", "text")
    if kind == "image":
        part = _image(given, item, ctx)
    elif kind == "file":
        part = _file(given, item, ctx)
    elif role == "assistant":
        part = {"type": "output_text", "text": given.get("content", ""), "annotations": []}
    else:
        part = {"type": "input_text", "text": given.get("content", "")}
    return {"role": role, "content": [part]}


def built_in(tools: Mapping[str, Any]) -> list[dict[str, Any]]:
    """OpenAI's own tools that the model may use."""
    made: list[dict[str, Any]] = []
    if isinstance(web := tools.get("webSearch"), Mapping):
        search: dict[str, Any] = {
            "type": "web_search",
            "search_context_size": web.get("searchContextSize", "medium"),
        }
        place = {key: web[key] for key in ("country", "city", "region") if web.get(key)}
        if place:
            search["user_location"] = {"type": "approximate", **place}
        if domains := web.get("allowedDomains"):
            names = [name.strip() for name in domains.split(",")]
            search["filters"] = {"allowed_domains": names}
        made.append(search)
    if tools.get("codeInterpreter"):
        made.append({"type": "code_interpreter", "container": {"type": "auto"}})
    if isinstance(files := tools.get("fileSearch"), Mapping):
        search = {"type": "file_search"}
        if "vectorStoreIds" in files:
            search["vector_store_ids"] = read_json(files["vectorStoreIds"], "vector store IDs")
        if filters := read_json(files.get("filters"), "filters"):
            search["filters"] = filters
        if "maxResults" in files:
            search["max_num_results"] = files["maxResults"]
        made.append(search)
    return made


def reasoning(options: Mapping[str, Any]) -> dict[str, Any]:
    """How much the model thinks."""
    if "reasoning" not in options:
        return {}
    chosen = _values(options, "reasoning", "reasoningOptions")
    summary = chosen.get("summary", "auto")
    more = {} if summary == "none" else {"summary": summary}
    return {"reasoning": {"effort": chosen.get("effort", "medium"), **more}}


def prompt(options: Mapping[str, Any]) -> dict[str, Any]:
    """A prompt that OpenAI keeps."""
    chosen = _values(options, "promptConfig", "promptOptions")
    if not chosen.get("promptId"):
        return {}
    made = {"id": chosen["promptId"]}
    if chosen.get("version"):
        made["version"] = chosen["version"]
    if variables := read_json(chosen.get("variables"), "prompt variables"):
        made["variables"] = variables
    return {"prompt": made}


def text(options: Mapping[str, Any]) -> dict[str, Any]:
    """The form of the answer."""
    if "textFormat" not in options:
        return {}
    chosen = _values(options, "textFormat", "textOptions")
    made: dict[str, Any] = {"verbosity": chosen.get("verbosity", "medium")}
    kind = chosen.get("type")
    if kind in ("text", "json_object"):
        made["format"] = {"type": kind}
    if kind == "json_schema":
        made["format"] = {
            "type": kind,
            "name": chosen.get("name", "my_schema"),
            "schema": read_json(chosen.get("schema", SCHEMA), "schema"),
        }
    return {"text": made}


def _values(options: Mapping[str, Any], outer: str, inner: str) -> dict[str, Any]:
    """The values of a collection in a collection; of a list nothing counts, as in n8n."""
    found = (options.get(outer) or {}).get(inner)
    return dict(found) if isinstance(found, Mapping) else {}


def _is_set(key: str, value: Any) -> bool:
    return key in OPTIONS and value not in (None, "", [])


def _image(given: Mapping[str, Any], item: Item, ctx: Context) -> dict[str, Any]:
    part = {"type": "input_image", "detail": given.get("imageDetail", "auto")}
    kind = given.get("imageType", "url")
    if kind == "fileId":
        return {**part, "file_id": given.get("fileId", "")}
    if kind == "base64":
        name = given.get("binaryPropertyName", "data")
        return {**part, "image_url": data_url(ctx, item, name)}
    return {**part, "image_url": given.get("imageUrl", "")}


def _file(given: Mapping[str, Any], item: Item, ctx: Context) -> dict[str, Any]:
    part = {"type": "input_file"}
    kind = given.get("fileType", "url")
    if kind == "fileId":
        return {**part, "file_id": given.get("fileId", "")}
    if kind == "base64":
        data = data_url(ctx, item, given.get("binaryPropertyName", "data"))
        return {**part, "filename": given.get("fileName", ""), "file_data": data}
    return {**part, "file_url": given.get("fileUrl", "")}


def _with_data(entry: Mapping[str, Any]) -> dict[str, Any]:
    content = entry.get("content")
    if entry.get("type") != "message" or not isinstance(content, list):
        return dict(entry)
    return {**entry, "content": [_data_of(each) for each in content]}


def _data_of(part: Mapping[str, Any]) -> dict[str, Any]:
    return {**part, "text": parsed(part["text"])} if "text" in part else dict(part)
