"""Responses to HTTP requests: turned into items, or into n8n's errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Any

import httpx

from n8nlite import api_errors
from n8nlite.context import Context
from n8nlite.errors import NodeError
from n8nlite.javascript import stringify
from n8nlite.node import Item
from n8nlite_nodes._http import HttpFailure

BINARY = (
    *("image/", "audio/", "video/", "application/octet-stream", "application/gzip"),
    *("application/zip", "application/vnd.rar", "application/epub+zip", "application/x-bzip"),
    *("application/x-bzip2", "application/x-cdf", "application/vnd.amazon.ebook"),
    *("application/msword", "application/vnd.ms-excel", "application/vnd.openxmlformats"),
    *("application/vnd.ms-fontobject", "application/vnd.visio", "application/pdf"),
    *("application/x-tar", "application/x-7z-compressed"),
)
"""Beginnings of content types that `autodetect` takes for files."""

TRIES = "Try spacing your requests out using the batching settings under 'Options'"

_NOT_JSON: Any = object()


@dataclass(frozen=True, slots=True)
class Format:
    """
    What a node makes of a response. `kind`: autodetect, json, text, file; `field` is the
    one for text or file, `full` adds headers and status. `legacy`: as node versions 1 and 2 do it;
    `split`: a list there becomes several items.
    """

    kind: str = "autodetect"
    field: str = "data"
    full: bool = False
    never_error: bool = False
    legacy: bool = False
    split: bool = True

    @property
    def hint(self) -> str:
        """The response format that takes any text, as the editor calls it."""
        return "String" if self.legacy else "Text"

    def of(self, response: httpx.Response) -> str:
        """The kind for a response: `autodetect` goes by its content type."""
        if self.kind != "autodetect":
            return self.kind
        content_type = response.headers.get("Content-Type", "")
        if "application/json" in content_type:
            return "json"
        return "file" if content_type.startswith(BINARY) else "text"


def check(response: httpx.Response, wanted: Format) -> None:
    """Raises HttpFailure for any status but 2xx."""
    if wanted.never_error or response.is_success:
        return
    body = _loads(response.text)
    body = response.text if body is _NOT_JSON else body
    streamed = not wanted.legacy and wanted.kind in {"autodetect", "file"}
    quoted = stringify(response.text if streamed or isinstance(body, str) else body)
    error = api_errors.from_status(response.status_code, body, quoted=quoted)
    cause = {"name": "AxiosError", "message": error.messages[0]}
    if response.status_code == 429:
        error.messages = [TRIES]
    if wanted.legacy:
        error.description = None
        error.messages = [] if error.message == error.messages[0] else error.messages
    raise HttpFailure(error, cause)


def items(ctx: Context, item: Item, response: httpx.Response, wanted: Format) -> Iterator[Item]:
    """
    The items that the response to an item's request becomes; a file is added to that item.

    Raises NodeError when the response is not in the format wanted.
    """
    kind = wanted.of(response)
    if kind == "file":
        binary = {**(item.binary or {}), wanted.field: _file(ctx, response)}
        yield Item(about(response) if wanted.full else item.json, binary)
    elif not response.content:
        body: dict[str, Any] = (
            {"body": {}} if kind == "json" and response.headers.get("Content-Type") else {}
        )
        yield Item({**body, **about(response)} if wanted.full else {})
    elif kind == "text":
        value = _text(response, wanted)
        yield Item({wanted.field: value, **(about(response) if wanted.full else {})})
    else:
        yield from _json_items(_json(response, wanted), response, wanted)


def about(response: httpx.Response) -> dict[str, Any]:
    """Headers and status of a response, as n8n shows them."""
    headers: dict[str, Any] = {}
    for name, value in response.headers.multi_items():
        if name == "set-cookie":
            headers.setdefault(name, []).append(value)
        elif name != "content-encoding":
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return {
        "headers": headers,
        "statusCode": response.status_code,
        "statusMessage": response.reason_phrase or _phrase(response.status_code),
    }


def body_of(response: httpx.Response, wanted: Format) -> Any:
    """The body as pagination expressions see it: JSON data where it is some, else text."""
    if wanted.of(response) == "file":
        return None
    body = _loads(response.text)
    if wanted.of(response) == "text" or body is _NOT_JSON:
        return response.text
    return body


def decoded(response: httpx.Response) -> str:
    """The body as text, in the charset that its content type names, else UTF-8."""
    charset = _message(response).get_content_charset() or "utf-8"
    try:
        return response.content.decode(charset, "replace")
    except LookupError:
        return response.content.decode("utf-8", "replace")


def _text(response: httpx.Response, wanted: Format) -> Any:
    """The body as text; JSON data in it comes as data in the old versions, else rewritten."""
    content = decoded(response)
    parsed = _NOT_JSON if wanted.kind == "autodetect" else _loads(content)
    if parsed is _NOT_JSON:
        return content
    rewritten = isinstance(parsed, dict | list) and not wanted.legacy
    return stringify(parsed) if rewritten else parsed


def _json_items(body: Any, response: httpx.Response, wanted: Format) -> Iterator[Item]:
    if wanted.full:
        yield Item({"body": body, **about(response)})
    elif isinstance(body, list) and wanted.split:
        for each in body:
            yield Item(each)
    else:
        yield Item({} if body is None else body)


def _json(response: httpx.Response, wanted: Format) -> Any:
    body = _loads(decoded(response))
    if body is _NOT_JSON and wanted.kind == "autodetect":
        raise NodeError("Invalid JSON in response body")
    if body is _NOT_JSON or (isinstance(body, str) and not wanted.full):
        raise NodeError(
            f'Response body is not valid JSON. Change "Response Format" to "{wanted.hint}"'
        )
    return body


def _loads(content: str) -> Any:
    try:
        return json.loads(content.removeprefix("\ufeff"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return _NOT_JSON


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _file(ctx: Context, response: httpx.Response) -> dict[str, Any]:
    """The entry for the file: its type by Content-Type, its name by Content-Disposition or URL."""
    content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    name = _file_name(response)
    entry = ctx.binary.put(response.content, mime_type=content_type or None, file_name=name or None)
    if not content_type and not PurePosixPath(name).suffix:
        entry.pop("fileExtension", None)
    return {**entry, "directory": str(response.request.url)}


def _file_name(response: httpx.Response) -> str:
    message = _message(response)
    name = message.get_filename() or PurePosixPath(response.request.url.path).name
    return PurePosixPath(name.replace("\\", "/")).name


def _message(response: httpx.Response) -> Message:
    message = Message()
    for name in ("Content-Type", "Content-Disposition"):
        if name in response.headers:
            message[name] = response.headers[name]
    return message


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
