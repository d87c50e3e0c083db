"""
The file a workflow was read from, and how to write it again when the workflow has changed.

What did not change stays as it stands: the order of keys, keys that n8nlite does not know, the
indentation, the encoding, and what is wrapped around the workflow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from n8nlite import jsontext

if TYPE_CHECKING:
    from n8nlite.jsonrepair import Span
    from n8nlite.workflow import Workflow

JsonObject = dict[str, Any]

_BARE: dict[str, JsonObject] = {
    "workflow": {"name": "", "nodes": [], "connections": {}, "settings": {}},
    "node": {"parameters": {}, "type": "", "typeVersion": 1, "position": [], "id": "", "name": ""},
}
"""The keys that n8n always writes, in its order."""

_OF_EVERY_NODE = ("parameters", "type", "position", "id", "name")


@dataclass(frozen=True, slots=True)
class Source:
    """
    The bytes of a file and where in it the workflow stands.

    `reread` reads the workflow again: what it was before anyone changed it.
    """

    data: bytes
    path: tuple[str | int, ...]
    reread: Callable[[], Workflow]

    @property
    def encoding(self) -> str:
        """The encoding of the file."""
        return jsontext.encoding_of(self.data)

    def rewritten(self, after: JsonObject, defaults: Defaults, *, repaired: bool) -> bytes:
        """The file with the workflow as `after` has it."""
        from n8nlite import jsonrepair

        text = self.data.decode(self.encoding)
        parsed = jsonrepair.parse(text)
        raw = parsed.value
        for key in self.path:
            raw = raw[key]
        before = defaults.workflow if repaired else dumped(self.reread())
        _merge(raw, after, before, defaults, repaired)
        layout = layout_of(text)
        if repaired and parsed.repairs:
            return jsontext.text_of(parsed.value, layout).encode()
        layout = replace(layout, verbatim=Unchanged(text, parsed.spans).text)
        whole = parsed.spans[-1]
        written = jsontext.text_of(parsed.value, layout)
        return (text[: whole.start] + written + text[whole.end :]).encode(self.encoding)


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a workflow and a node are where the file says nothing."""

    workflow: Mapping[str, Any]
    node: Mapping[str, Any]

    def fresh(self, after: JsonObject) -> JsonObject:
        """A workflow that comes from no file, with the keys that n8n writes."""
        nodes = [_without(node, self.node, _BARE["node"]) for node in after["nodes"]]
        return _without({**after, "nodes": nodes}, self.workflow, _BARE["workflow"])


def dumped(workflow: Workflow) -> JsonObject:
    """A workflow as n8n's JSON, defaults and unknown keys included."""
    values = workflow.model_dump(by_alias=True)
    for node in values["nodes"]:
        node["position"] = list(node["position"])
    return values


def _without(
    values: JsonObject, defaults: Mapping[str, Any], always: Mapping[str, Any]
) -> JsonObject:
    first = {key: values[key] for key in always}
    rest = {
        key: value
        for key, value in values.items()
        if key not in always and (key not in defaults or defaults[key] != value)
    }
    return first | rest


def _merge(
    raw: JsonObject,
    after: JsonObject,
    before: Mapping[str, Any],
    defaults: Defaults,
    repaired: bool,
) -> None:
    rest = dict(after)
    nodes, connections = rest.pop("nodes"), rest.pop("connections")
    rest_before = {key: before[key] for key in before if key not in ("nodes", "connections")}
    if repaired or nodes != before["nodes"]:
        raw["nodes"] = _nodes(raw["nodes"], nodes, before["nodes"], defaults, repaired)
    if repaired or connections != before["connections"]:
        old = raw.get("connections")
        raw["connections"] = old if isinstance(old, dict) else {}
        _update(raw["connections"], connections, {}, exact=True)
    keep = {key: raw[key] for key in ("nodes", "connections") if key in raw}
    _update(raw, rest | keep, rest_before | keep, exact=repaired)


def _nodes(
    raw: Any, after: list[JsonObject], before: list[JsonObject], defaults: Defaults, repaired: bool
) -> list[JsonObject]:
    entries = [each for each in raw if isinstance(each, dict)] if isinstance(raw, list) else []
    if repaired:
        before = after if len(entries) == len(after) else []
    places = {node["id"] or node["name"]: place for place, node in enumerate(before)}
    places |= {node["name"]: place for place, node in enumerate(before)}
    nodes = []
    for node in after:
        place = places.get(node["id"] or node["name"], places.get(node["name"]))
        if place is None or place >= len(entries):
            nodes.append(_without(node, defaults.node, _BARE["node"]))
            continue
        entry, known = entries[place], defaults.node if repaired else before[place]
        _update(entry, node, known, exact=repaired, needed=_OF_EVERY_NODE)
        nodes.append(entry)
    return nodes


def _update(
    raw: JsonObject,
    after: JsonObject,
    before: Mapping[str, Any],
    *,
    exact: bool,
    needed: tuple[str, ...] = (),
) -> None:
    """
    Bring `raw` from `before` to `after`; `exact`: also where `raw` itself is not as `before`. Keys
    that are `needed` are written even where they say nothing.
    """
    for key, value in after.items():
        old = raw.get(key)
        unchanged = key in before and before[key] == value
        if unchanged and (not exact or _same(old, value) or (old is None and key not in needed)):
            continue
        if isinstance(old, dict) and isinstance(value, dict):
            known = before.get(key)
            _update(old, value, known if isinstance(known, dict) else {}, exact=exact)
        elif not _same(old, value):
            raw[key] = value
    for key in list(raw):
        if key not in after and (exact or key in before):
            del raw[key]


def _same(old: Any, new: Any) -> bool:
    return bool(old == new) and isinstance(old, bool) == isinstance(new, bool)


class Unchanged:
    """The text that the unchanged parts of a document were read from."""

    def __init__(self, source: str, spans: list[Span]) -> None:
        self.source = source
        self.spans = {id(span.container): span for span in spans}
        self.whole: set[int] = set()
        for span in spans:
            now = span.container
            pairs = list(now.items() if isinstance(now, dict) else enumerate(now))
            if len(pairs) == len(span.members) and all(
                place == key and self.same(read, value)
                for (place, (read, _, _)), (key, value) in zip(
                    span.members.items(), pairs, strict=True
                )
            ):
                self.whole.add(id(now))

    def same(self, read: Any, now: Any) -> bool:
        """Whether a member is the one that was read, with all in it."""
        return read is now and (not isinstance(now, dict | list) or id(now) in self.whole)

    def text(self, container: Any, key: str | int, value: Any) -> str | None:
        """What a member's value was read from; None when it has changed."""
        if id(value) in self.whole:
            span = self.spans[id(value)]
            return self.source[span.start : span.end]
        if isinstance(value, dict | list) or id(container) not in self.spans:
            return None
        read, start, end = self.spans[id(container)].members.get(key, (value, 0, 0))
        return self.source[start:end] if read is value and end else None


def layout_of(text: str) -> jsontext.Layout:
    """How a JSON text is laid out."""
    head = text[:10_000]
    indent = re.search(r"[{\[]\r?\n([ \t]+)", head)
    colon = re.search(r'"(\s*:\s*)["\d{\[tfn-]', head)
    comma = re.search(r'["\d}\]el](, ?)["\d{\[tfn-]', head)
    escaped = re.search(r"\\u(?!00[0-7])[0-9a-fA-F]{4}", text) is not None and text.isascii()
    return jsontext.Layout(
        indent=indent[1] if indent else None,
        colon=colon[1] if colon else ": ",
        comma="," if indent or comma is None else comma[1],
        newline="\r\n" if "\r\n" in head else "\n",
        ascii=escaped,
    )
