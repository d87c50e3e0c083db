"""What was done to a file that is not as n8n writes it. The codes are stable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import orjson

from n8nlite.errors import UnreadableWorkflow

CODES = {
    "encoding": "the text is in UTF-16 or has a byte order mark",
    "leading-text": "there is text before the JSON, such as a Markdown fence",
    "trailing-text": "there is text after the JSON",
    "trailing-comma": "a comma stands before a closing bracket",
    "comment": "the JSON has a comment",
    "control-character": "a string has a raw line break or tab",
    "bad-escape": "a string has an escape that JSON does not know",
    "not-a-number": "NaN, Infinity, undefined or a number out of range stands for a value",
    "lone-surrogate": "a string has half a UTF-16 pair",
    "several-workflows": "the file has several workflows; the first is taken",
    "json-in-text": "a part of the workflow is JSON inside a string",
    "wrong-type": "a value has another type than n8n writes",
    "not-a-node": "an entry of `nodes` is no node",
    "missing-type": "a node has no type",
    "missing-name": "a node has no name",
    "duplicate-name": "several nodes have the same name; n8n runs the last",
    "missing-id": "a node has no id",
    "missing-position": "a node has no usable position",
    "missing-parameters": "a node has no parameters",
    "missing-version": "a node has no typeVersion",
    "misplaced-setting": "a setting of the node stands among its parameters",
    "old-name": "a setting has a name that n8n no longer writes",
    "unknown-value": "a setting has a value that n8n does not know",
    "chained": "there are no connections; the nodes are chained in file order",
    "connection-shape": "connections are nested in another way than n8n nests them",
    "connection-by-id": "a connection names a node by its id",
    "connection-name": "a connection names a node with other case or spaces",
    "connection-from-nowhere": "a connection comes from a node that is not there",
    "connection-to-nowhere": "a connection leads to a node that is not there",
    "connection-type": "a connection has a type that n8n does not know, or two that differ",
    "error-connection": "a connection of type `error` stands for the error output",
    "incomplete-link": "a connection lacks its type or index",
    "bare-pin-item": "pinned items lack their `json` wrapper",
    "dialect": "the parameters of a node are spelled in another way than n8n's",
}
"""Every code, and when it is given."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing that was done: its code, the place (a JSON path, or line and column), and what."""

    code: str
    place: str
    message: str

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.message} [{self.code}]"


class Repairs:
    """
    The repairs of one file, in the order they were made.

    When `strict`, the first raises UnreadableWorkflow instead.
    """

    def __init__(self, file: str, *, strict: bool = False) -> None:
        self.file, self.strict = file, strict
        self.made: list[Repair] = []

    def note(self, code: str, place: str, message: str, *, expected: str, got: str = "") -> None:
        """Take note of a repair; `expected` and `got` are what a strict reading says instead."""
        if self.strict:
            raise UnreadableWorkflow(self.file, place, expected, got or message)
        self.made.append(Repair(code, place, message))


def at(place: str, key: str | int) -> str:
    """The path of a member: `nodes[3]`, `nodes[3].position`, `connections["My node"]`."""
    if isinstance(key, int):
        return f"{place}[{key}]"
    if not re.fullmatch(r"[A-Za-z_$][\w$]*", key):
        return f"{place}[{shown(key)}]"
    return f"{place}.{key}" if place else key


def shown(value: Any, width: int = 40) -> str:
    """A value on one line, short enough for a message."""
    if isinstance(value, dict):
        keys = ", ".join(shown(str(key), 20).strip('"') for key in list(value)[:6])
        return f"an object with {keys}" if value else "an empty object"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    try:
        text = orjson.dumps(value).decode()
    except TypeError:
        text = ascii(value)
    return text if len(text) <= width else f"{text[: width - 1]}…"
