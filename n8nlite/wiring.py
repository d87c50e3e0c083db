"""The connections of a workflow file, brought into n8n's shape whatever shape they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from n8nlite import node_types
from n8nlite.repairs import Repairs, at, shown

Link = dict[str, Any]
Slots = list[list[Link] | None]
Connections = dict[str, dict[str, Slots]]

_MAX_INDEX = 1000
_ERROR_TYPES = ("error", "onError")
_MAIN_TYPES = ("output", "outputs", "out")
_SOURCE_KEYS = ("source", "from", "sourceNode", "source_node", "fromNode", "from_node")
_TARGET_KEYS = ("node", "target", "to", "targetNode", "target_node", "toNode", "to_node", "name")
_OUTPUT_KEYS = ("sourceOutput", "from_output", "fromOutput", "sourceIndex", "outputIndex")
_INPUT_KEYS = ("index", "targetInput", "to_input", "toInput", "targetIndex", "inputIndex")


def repair(raw: Any, nodes: list[dict[str, Any]], place: str, log: Repairs) -> Connections:
    """
    The connections as n8n writes them. Sets `onError` of nodes whose error output is connected
    under a type of its own.
    """
    wiring = _Wiring(nodes, log)
    if isinstance(raw, dict):
        for source, outputs in raw.items():
            wiring.source(source, outputs, at(place, source))
        return wiring.connections
    if isinstance(raw, list):
        wiring.edges(raw, place)
    if not wiring.connections and len(nodes) > 1:
        wiring.chain(place, raw)
    return wiring.connections


@dataclass(slots=True)
class _Wiring:
    nodes: list[dict[str, Any]]
    log: Repairs
    connections: Connections = field(default_factory=dict)
    by_name: dict[str, dict[str, Any]] = field(init=False)
    by_id: dict[str, str] = field(init=False)
    by_key: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.by_name = {node["name"]: node for node in self.nodes}
        self.by_id = {node["id"]: node["name"] for node in reversed(self.nodes) if node.get("id")}
        self.by_key = {name.strip().casefold(): name for name in self.by_name}

    def source(self, source: str, outputs: Any, place: str) -> None:
        """The connections that leave one node."""
        by_type = self.by_type(outputs, place)
        if not any(slots for slots in by_type.values()):
            return
        name = self.node_name(source, place, "connection-from-nowhere")
        if name is None:
            return
        for kind, slots in by_type.items():
            spot = at(place, kind)
            if kind in _ERROR_TYPES:
                self.error_output(name, self.slots(slots, "main", name, spot), spot)
                continue
            wanted = "main" if kind in _MAIN_TYPES else kind
            if wanted != "main" and not wanted.startswith("ai_"):
                self.note("connection-type", spot, f"n8n has no connections of type {shown(kind)}")
            elif wanted != kind:
                self.note("connection-type", spot, f"the type {shown(kind)} became main")
            self.add(name, wanted, self.slots(slots, wanted, name, spot))

    def by_type(self, outputs: Any, place: str) -> dict[str, Any]:
        if outputs is None:
            return {}
        if isinstance(outputs, dict) and not isinstance(outputs.get("node"), str):
            return outputs
        if isinstance(outputs, dict | list | str):
            self.note("connection-shape", place, "links without a type were taken as main")
            return {"main": outputs}
        self.note("wrong-type", place, f"{shown(outputs)} was left out")
        return {}

    def slots(self, raw: Any, kind: str, source: str, place: str) -> Slots:
        """The links of every output, in order."""
        if raw is None:
            return []
        if isinstance(raw, dict) and raw and all(str(key).isdigit() for key in raw):
            self.note("connection-shape", place, "outputs in an object became a list")
            raw = [raw.get(str(index)) for index in range(min(len(raw), _MAX_INDEX))]
        if not isinstance(raw, list):
            self.note("connection-shape", place, "a link outside of a list was put into one")
            raw = [[raw]]
        if raw and not any(isinstance(slot, list) for slot in raw) and any(raw):
            self.note("connection-shape", place, "the list of outputs was missing")
            many = kind == "main" and node_types.has_many_outputs(self.by_name[source]["type"])
            raw = [[link] for link in raw] if many else [raw]
        return [self.slot(slot, kind, at(place, index)) for index, slot in enumerate(raw)]

    def slot(self, raw: Any, kind: str, place: str) -> list[Link] | None:
        if raw is None:
            return None
        if not isinstance(raw, list):
            self.note("connection-shape", place, "a link outside of a list was put into one")
            raw = [raw]
        links = (self.link(link, kind, at(place, index)) for index, link in enumerate(raw))
        return [link for link in links if link is not None]

    def link(self, raw: Any, kind: str, place: str) -> Link | None:
        if isinstance(raw, str):
            self.note("connection-shape", place, "a bare name became a link")
            raw = {"node": raw, "type": kind, "index": 0}
        if not isinstance(raw, dict):
            self.note("wrong-type", place, f"{shown(raw)} was left out")
            return None
        target = self.node_name(_first(raw, _TARGET_KEYS), place, "connection-to-nowhere")
        if target is None:
            return None
        return {**raw, "node": target, **self.ends(raw, kind, place)}

    def ends(self, raw: Link, kind: str, place: str) -> Link:
        """The type and the index of a link."""
        index = raw.get("index")
        if not isinstance(index, int) or not 0 <= index <= _MAX_INDEX or index is True:
            found = str(_first(raw, _INPUT_KEYS)).strip()
            index = int(found) if found.isdecimal() and int(found) <= _MAX_INDEX else 0
            self.note("incomplete-link", at(place, "index"), f"the index became {index}")
        kept = raw.get("type")
        if not isinstance(kept, str):
            self.note("incomplete-link", at(place, "type"), f"the type became {kind}")
            kept = kind
        elif kept != kind:
            self.note("connection-type", at(place, "type"), f"the type {shown(kept)} became {kind}")
            kept = kind
        return {"type": kept, "index": index}

    def node_name(self, reference: Any, place: str, code: str) -> str | None:
        """The name of the node that a connection means."""
        if isinstance(reference, str) and reference in self.by_name:
            return reference
        text = str(reference) if isinstance(reference, str | int) else ""
        if name := self.by_id.get(text):
            self.note("connection-by-id", place, f"the id {shown(text)} became {shown(name)}")
            return name
        if name := self.by_key.get(text.strip().casefold()):
            if name != text:
                self.note("connection-name", place, f"{shown(text)} became {shown(name)}")
            return name
        self.note(code, place, f"{shown(reference)} is no node here; the connection was left out")
        return None

    def error_output(self, name: str, slots: Slots, place: str) -> None:
        node = self.by_name[name]
        regular = len(node_types.output_names(node["type"]))
        main = self.connections.setdefault(name, {}).setdefault("main", [])
        main.extend([] for _ in range(regular - len(main)))
        main.append([link for slot in slots for link in slot or ()])
        node["onError"] = "continueErrorOutput"
        self.note("error-connection", place, "became the error output, and onError was set to it")

    def edges(self, raw: list[Any], place: str) -> None:
        """Connections written as a list of edges."""
        for index, edge in enumerate(raw):
            spot = at(place, index)
            if not isinstance(edge, dict):
                self.note("wrong-type", spot, f"{shown(edge)} was left out")
                continue
            source = _first(edge, _SOURCE_KEYS)
            name = self.node_name(source, spot, "connection-from-nowhere")
            target = self.node_name(_first(edge, _TARGET_KEYS), spot, "connection-to-nowhere")
            if name is None or target is None:
                continue
            output, to = _index(edge, _OUTPUT_KEYS), _index(edge, _INPUT_KEYS)
            self.note("connection-shape", spot, f"the edge became a connection of {shown(name)}")
            slots: Slots = [[] for _ in range(output)]
            self.add(name, "main", [*slots, [{"node": target, "type": "main", "index": to}]])

    def add(self, name: str, kind: str, slots: Slots) -> None:
        known = self.connections.setdefault(name, {}).setdefault(kind, [])
        known.extend(None for _ in range(len(slots) - len(known)))
        for index, slot in enumerate(slots):
            if slot is not None:
                known[index] = [*(known[index] or ()), *slot]

    def chain(self, place: str, raw: Any) -> None:
        """Connect the nodes in file order, each trigger to the first that is none."""
        runnable = [node for node in self.nodes if not _stands_apart(node["type"])]
        triggers = [node for node in runnable if node_types.is_trigger(node["type"])]
        steps = [node for node in runnable if not node_types.is_trigger(node["type"])]
        if not steps:
            return
        pairs = [(trigger, steps[0]) for trigger in triggers]
        pairs += pairwise(steps)
        for source, target in pairs:
            link = {"node": target["name"], "type": "main", "index": 0}
            self.connections[source["name"]] = {"main": [[link]]}
        message = f"there are none; {len(runnable)} nodes were chained in file order"
        self.note("chained", place, message, "an object", "nothing" if raw is None else shown(raw))

    def note(self, code: str, place: str, message: str, expected: str = "", got: str = "") -> None:
        self.log.note(code, place, message, expected=expected or "connections of n8n", got=got)


def _stands_apart(type_name: str) -> bool:
    return node_types.is_note(type_name) or node_types.is_sub_node(type_name)


def _first(values: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return next((values[key] for key in keys if values.get(key) is not None), None)


def _index(values: Mapping[str, Any], keys: tuple[str, ...]) -> int:
    value = _first(values, keys)
    return value if isinstance(value, int) and 0 <= value <= _MAX_INDEX else 0
