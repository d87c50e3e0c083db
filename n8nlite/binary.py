"""
Binary data of items: n8n's shape in the item, the bytes as base64 in its `data`.

https://docs.n8n.io/data/binary-data/
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from n8nlite.errors import InputError, NodeError

SHOWN = 64 << 10
"""Bytes up to which a result shows binary data itself."""


class BinaryStore:
    """Puts bytes into items and takes them out again."""

    def put(
        self, data: bytes, *, mime_type: str | None = None, file_name: str | None = None
    ) -> dict[str, Any]:
        """The entry for an item's `binary`, as n8n shapes it."""
        mime_type = mime_type or _guess(file_name)
        entry: dict[str, Any] = {
            "mimeType": mime_type,
            "fileType": _file_type(mime_type),
            "fileExtension": _extension(file_name, mime_type),
            "data": base64.b64encode(data).decode("ascii"),
            "fileSize": _size(len(data)),
            "bytes": len(data),
        }
        if file_name:
            entry["fileName"] = PurePosixPath(file_name).name
        return {key: value for key, value in entry.items() if value is not None}

    def get(self, binary: Mapping[str, Any] | None, name: str) -> bytes:
        """The bytes of an item's `binary[name]`. Raises NodeError when there are none."""
        if not binary or name not in binary:
            raise NodeError(
                f"This operation expects the node's input data to contain a binary file '{name}', "
                "but none was found [item 0]",
                description="Make sure that the previous node outputs a binary file",
            )
        return decoded(binary[name])


def read_binary(data: Any) -> dict[str, Any] | None:
    """The `binary` of an item from outside. Raises InputError for what has not n8n's shape."""
    if data is None:
        return None
    entries = data.values() if isinstance(data, Mapping) else [data]
    for entry in entries:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("data", ""), str):
            raise InputError("an item: binary: expected objects with data as base64 text")
    return dict(data) or None


def decoded(entry: Mapping[str, Any]) -> bytes:
    """The bytes of an entry; as in n8n, what is no base64 is left out."""
    data = entry.get("data") or ""
    try:
        return base64.b64decode(data, validate=True)
    except ValueError:
        plain = _NO_BASE64.sub("", data.translate(_URL_SAFE).partition("=")[0])
        plain = plain[:-1] if len(plain) % 4 == 1 else plain
        return base64.b64decode(plain + "=" * (-len(plain) % 4))


_URL_SAFE = str.maketrans("-_", "+/")
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/]")


def described(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What a result shows of binary data: size and checksum, small data itself as base64."""
    about = {key: value for key, value in entry.items() if key not in {"data", "id"}}
    data = decoded(entry)
    about |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    if len(data) <= SHOWN:
        about["base64"] = entry.get("data") or ""
    return about


def _guess(file_name: str | None) -> str:
    import mimetypes

    guessed = mimetypes.guess_type(file_name)[0] if file_name else None
    return guessed or "text/plain"


def _file_type(mime_type: str) -> str | None:
    if mime_type.startswith("application/json"):
        return "json"
    if mime_type.startswith("text/html"):
        return "html"
    if mime_type.startswith("application/pdf"):
        return "pdf"
    family = mime_type.partition("/")[0]
    return family if family in {"image", "video", "audio", "text"} else None


def _extension(file_name: str | None, mime_type: str) -> str | None:
    import mimetypes

    suffix = PurePosixPath(file_name).suffix if file_name else ""
    return (suffix or mimetypes.guess_extension(mime_type.partition(";")[0]) or "")[1:] or None


def _size(count: int) -> str:
    size, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1000
    return f"{float(f'{size:.3g}'):g} {unit}"
