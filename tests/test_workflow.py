"""Workflows are written as they were read: byte for byte, or in the style of their file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from n8nlite import importing
from n8nlite.workflow import NodeSpec, Wire, Workflow

FOLDER = Path(__file__).parents[1] / "fixtures" / "import"
FILES = sorted(FOLDER.glob("[!h]*/*.json"))
START = {
    "parameters": {"path": "in"},
    "name": "Start",
    "color": "red",
    "type": "n8n-nodes-base.webhook",
    "typeVersion": 2.1,
    "position": [0, -20],
    "id": "a",
}
DOCUMENT: dict[str, Any] = {
    "wrapped": True,
    "data": {
        "$note": "kept",
        "nodes": [START, {**START, "name": "Ünd", "id": "b", "notes": "1\n2"}],
        "connections": {"Start": {"main": [[{"node": "Ünd", "type": "main", "index": 0}]]}},
        "pinData": {},
        "name": "Written",
        "unknown": [1, 2.5, None, {"deep": [True]}],
    },
}
LAYOUTS: dict[str, dict[str, Any]] = {
    "two": {"indent": 2, "ensure_ascii": False},
    "four": {"indent": 4},
    "tab": {"indent": "\t"},
    "line": {},
    "tight": {"separators": (",", ":")},
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_unchanged_file_is_written_byte_for_byte(path: Path, tmp_path: Path) -> None:
    """Whatever was repaired on reading it, and whatever encoding it has."""
    copy = tmp_path / "copy.json"
    importing.read(path).save(copy)
    assert copy.read_bytes() == path.read_bytes()


def test_planning_does_not_change_what_is_written() -> None:
    """Dialects and versions are repaired in the plan alone."""
    text = json.dumps({"nodes": [{"name": "A", "type": "n8n-nodes-base.set", "parameters": {}}]})
    workflow = importing.load(text)
    assert workflow.plan.repairs
    assert workflow.to_json() == text


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("end", ["", "\n"])
def test_a_change_keeps_the_rest_and_the_style(layout: str, end: str) -> None:
    """Only the changed value differs: order, unknown keys, wrapper and layout stay."""
    text = json.dumps(DOCUMENT, **LAYOUTS[layout]) + end
    workflow = importing.read(text)
    workflow.node("Start").parameters["path"] = "out"
    assert workflow.to_json() == text.replace('"in"', '"out"', 1)


MIXED = """\
// by hand
{
  "nodes": [
    { "name": "A", "type": "n8n-nodes-base.noOp", "typeVersion": 1.0, "id": "\\u00e4",
      "position": [100, 2e2], "parameters": {"a": 1.50,   "b": [1,2,
        3] } },
    {"name": "B", "type": "n8n-nodes-base.noOp", "typeVersion": 1, "id": "b", "position": [0, 0],
     "parameters": {}}
  ],
  "connections": {},   "ratio": 10.00
}

That is all.
"""


def test_a_change_leaves_all_other_text_alone() -> None:
    """Lists on one line, spellings of numbers and letters, comments, text before and after."""
    workflow = importing.read(MIXED)
    workflow.node("B").parameters["new"] = "ä"
    before, changed, after = workflow.to_json().partition('{\n      "name": "B"')
    assert before.startswith("// by hand\n{")
    assert MIXED[MIXED.index("{ ") : MIXED.index(",\n    {")] in before
    assert changed
    assert '"position": [0, 0],\n' in after
    assert '"new": "\\u00e4"' in after
    assert '"ratio": 10.00\n}\n\nThat is all.\n' in after
    assert importing.read(before + changed + after).node("B").parameters == {"new": "ä"}


def test_a_change_keeps_line_breaks_and_encoding() -> None:
    """Windows line breaks and UTF-16 stay."""
    text = json.dumps(DOCUMENT, indent=2).replace("\n", "\r\n")
    workflow = importing.read(text.encode("utf-16"))
    workflow.name = "Renamed"
    assert workflow.to_bytes() == text.replace("Written", "Renamed").encode("utf-16")


def test_each_kind_of_change_is_written() -> None:
    """Nodes added, renamed and removed; connections, settings and fields once absent."""
    workflow = importing.read(json.dumps(DOCUMENT))
    workflow.node("Ünd").name = "End"
    workflow.node("Start").disabled = True
    workflow.nodes.append(NodeSpec(name="New", type="n8n-nodes-base.noOp", position=(1, 2)))
    workflow.connections = {"Start": {"main": [[Wire(node="End")], [Wire(node="New")]]}}
    workflow.settings["timezone"] = "Europe/Vienna"
    written = json.loads(workflow.to_json())["data"]
    assert list(written)[:6] == list(DOCUMENT["data"])
    start, end, new = written["nodes"]
    assert start == START | {"disabled": True}
    assert end == START | {"name": "End", "id": "b", "notes": "1\n2"}
    assert new["name"] == "New"
    assert new["position"] == [1, 2]
    assert "disabled" not in new
    assert [slot[0]["node"] for slot in written["connections"]["Start"]["main"]] == ["End", "New"]
    assert written["settings"] == {"timezone": "Europe/Vienna"}


def test_a_removed_node_is_gone_from_the_file() -> None:
    """And the others keep their unknown keys."""
    workflow = importing.read(json.dumps(DOCUMENT))
    del workflow.nodes[0]
    workflow.connections = {}
    written = json.loads(workflow.to_json())["data"]
    assert [node["name"] for node in written["nodes"]] == ["Ünd"]
    assert written["nodes"][0]["color"] == "red"
    assert written["connections"] == {}


def test_repairs_are_written_when_asked_for() -> None:
    """`repaired` brings the file to n8n's form; what needs no repair stays as it was."""
    workflow = importing.read(FOLDER / "nodes" / "on_error_in_parameters.json")
    node = json.loads(workflow.to_json(repaired=True))["nodes"][1]
    assert node["onError"] == "continueErrorOutput"
    assert node["retryOnFail"] is True
    assert node["parameters"] == {"url": "x"}
    bare = FOLDER / "shapes" / "bare.json"
    assert importing.read(bare).to_bytes(repaired=True) == bare.read_bytes()


def test_a_workflow_made_in_python_is_written_as_n8n_does() -> None:
    """With the keys that n8n always writes, and no others."""
    workflow = Workflow(name="Mine", nodes=[NodeSpec(name="A", type="n8n-nodes-base.noOp")])
    written = json.loads(workflow.to_json())
    assert list(written) == ["name", "nodes", "connections", "settings"]
    assert list(written["nodes"][0])[:3] == ["parameters", "type", "typeVersion"]
    assert importing.read(workflow.to_json()).nodes[0].name == "A"


def test_unknown_keys_are_there_for_programs() -> None:
    """On the workflow and on its nodes."""
    workflow = importing.read(json.dumps(DOCUMENT))
    assert workflow.model_extra == {"$note": "kept", "unknown": [1, 2.5, None, {"deep": [True]}]}
    assert workflow.node("Ünd").model_extra == {"color": "red", "notes": "1\n2"}
