"""The body of an HTTP request as a webhook's item has it: JSON, form fields, XML, or text."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from n8nlite import js_json
from n8nlite.errors import InputError


def read_body(content: bytes, content_type: str) -> Any:
    """
    The data of a request's body; `{}` where there is none, or none that n8n reads as data.

    Raises InputError when the body is not what its content type says.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if not content:
        return {}
    if kind == "application/x-www-form-urlencoded":
        return _fields(parse_qsl(_text(content), keep_blank_values=True))
    if kind == "multipart/form-data":
        return _fields(_parts(content, content_type))
    if kind == "application/json" or kind.endswith("+json"):
        try:
            return js_json.parse(_text(content))
        except js_json.JsonSyntaxError as error:
            raise InputError(f"Failed to parse request body: {error}") from None
    if kind in ("application/xml", "text/xml") or kind.endswith("+xml"):
        try:
            root = ElementTree.fromstring(content)
        except ElementTree.ParseError as error:
            raise InputError(f"Failed to parse request body: {error}") from None
        return {_tag(root): _element(root)}
    return _text(content) if kind.startswith("text/") else {}


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _fields(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Fields by name; one that comes several times is a list."""
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name not in fields:
            fields[name] = value
        elif isinstance(fields[name], list):
            fields[name].append(value)
        else:
            fields[name] = [fields[name], value]
    return fields


def _parts(content: bytes, content_type: str) -> list[tuple[str, str]]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + content)
    found = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str) and part.get_filename() is None:
            data = part.get_payload(decode=True)
            found.append((name, _text(data) if isinstance(data, bytes) else ""))
    return found


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2].lower()


def _element(element: ElementTree.Element) -> Any:
    text = (element.text or "").strip()
    if not len(element) and not element.attrib:
        return text
    data = _fields_of(element)
    if element.attrib:
        data["$"] = dict(element.attrib)
    if text:
        data["_"] = text
    return data


def _fields_of(element: ElementTree.Element) -> dict[str, Any]:
    children: dict[str, list[Any]] = {}
    for child in element:
        children.setdefault(_tag(child), []).append(_element(child))
    return {tag: each[0] if len(each) == 1 else each for tag, each in children.items()}
