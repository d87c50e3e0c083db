"""Bodies of HTTP requests: JSON, forms, multipart, raw text, files."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from n8nlite.context import Context
from n8nlite.errors import ApiError, NodeError
from n8nlite.javascript import stringify, text
from n8nlite.node import Item
from n8nlite.paths import set_path
from n8nlite_expressions import UNDEFINED
from n8nlite_nodes._http import encode


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of a body and their Content-Type; `content` None: no body."""

    content: bytes | None = None
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a multipart body; one with a file name is a file."""

    name: str
    content: bytes
    file_name: str = ""
    content_type: str = ""


def json_body(value: Any) -> Body:
    """JSON data as a body; text that is no object is sent bare, as a form."""
    if value is None or isinstance(value, str):
        return Body((value or "").encode(), "application/x-www-form-urlencoded")
    if not isinstance(value, dict | list):
        message = (
            "Data after transformation must be a string, an ArrayBuffer, a Buffer, or a Stream"
        )
        raise ApiError(message, http_code="ERR_BAD_REQUEST", messages=[message])
    return Body(stringify(value).encode(), "application/json")


def form_body(values: Mapping[str, Any]) -> Body:
    """A form; lists and objects become `a[0]`, `a[b]`."""
    return Body(encode(values).encode(), "application/x-www-form-urlencoded")


def multipart_body(parts: Iterable[Part]) -> Body:
    """A multipart form."""
    boundary = "-" * 26 + secrets.token_hex(12)
    pieces = [piece for part in parts for piece in _piece(part, boundary)]
    if pieces:
        pieces.append(f"--{boundary}--\r\n".encode())
    return Body(b"".join(pieces), f"multipart/form-data; boundary={boundary}")


def file_part(ctx: Context, item: Item, name: str, field: str) -> Part:
    """The part that sends the file `field` of an item. Raises NodeError when there is none."""
    content = ctx.binary.get(item.binary, field)
    about = (item.binary or {})[field]
    return Part(name, content, about.get("fileName") or field, about.get("mimeType") or "")


def file_body(ctx: Context, item: Item, field: str) -> Body:
    """The file `field` of an item as a body. Raises NodeError when there is none."""
    content = ctx.binary.get(item.binary, field)
    return Body(content, (item.binary or {})[field].get("mimeType") or "application/octet-stream")


def text_part(name: str, value: Any) -> Part:
    """A field of a multipart form."""
    shown = stringify(value) if isinstance(value, dict | list) else text(value)
    return Part(name, shown.encode())


def pairs(given: Any, *, dots: bool = False) -> dict[str, Any]:
    """
    Name-value pairs of a parameter as an object; of several with one name the last counts.

    With `dots` a name is a path: `a.b[0]`.
    """
    found: dict[str, Any] = {}
    for pair in given or ():
        name = str(pair.get("name") or "")
        if dots:
            set_path(found, name, pair.get("value", ""))
        else:
            found[name] = pair.get("value", "")
    return found


def parse_json(value: Any, label: str) -> Any:
    """The data of a JSON parameter. Raises NodeError that names the parameter."""
    if not isinstance(value, str):
        if value is not UNDEFINED and label == "JSON Body":
            return value
        value = text(value)
    try:
        return json.loads(value, parse_constant=_no_constant)
    except ValueError as error:
        raise NodeError(
            f'The value in the "{label}" field is not valid JSON',
            description=explain(value, error),
        ) from None


def as_object(value: Any) -> dict[str, Any]:
    """Data as an object: a list by its indexes, anything else empty."""
    if isinstance(value, list):
        return {str(index): each for index, each in enumerate(value)}
    return dict(value) if isinstance(value, Mapping) else {}


def explain(value: str, error: ValueError) -> str:
    """What is wrong with a JSON text, in the words of JavaScript where they are simple."""
    if not value.strip():
        return "Unexpected end of JSON input"
    if value in {"undefined", "[object Object]"} or not isinstance(error, json.JSONDecodeError):
        return f'"{value[:40]}" is not valid JSON'
    place = f"at position {error.pos} (line {error.lineno} column {error.colno})"
    if error.pos >= len(value):
        return "Unexpected end of JSON input"
    if error.msg.startswith("Expecting property name"):
        return f"Expected property name or '}}' in JSON {place}"
    if error.msg.startswith("Expecting ',' delimiter"):
        return f"Expected ',' or '}}' after property value in JSON {place}"
    if error.pos == 0 or error.msg == "Expecting value":
        return f'Unexpected token {value[error.pos]!r}, "{value[:40]}" is not valid JSON'
    return f"{error.msg} in JSON {place}"


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _piece(part: Part, boundary: str) -> list[bytes]:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_escaped(part.name)}"'
    if part.file_name:
        head += f'; filename="{_escaped(part.file_name)}"'
    if part.content_type:
        head += f"\r\nContent-Type: {part.content_type}"
    return [f"{head}\r\n\r\n".encode(), part.content, b"\r\n"]


def _escaped(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
