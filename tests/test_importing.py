"""Reading workflow files: every shape, every tolerance, every repair said aloud."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from n8nlite import importing
from n8nlite.errors import UnreadableWorkflow
from n8nlite.plan import Plan
from n8nlite.repairs import CODES

FOLDER = Path(__file__).parents[1] / "fixtures" / "import"
CASES = [
    path
    for part in ("shapes", "text", "nodes", "connections")
    for path in sorted((FOLDER / part).glob("*.json"))
]
AS_N8N_WRITES = {
    "api_list",
    "array_of_one",
    "bare",
    "clipboard",
    "data",
    "empty",
    "execution",
    "items",
    "null_slots",
    "nulls",
    "site_template",
    "windows_line_breaks",
    "workflow",
}


def shown(path: Path) -> str:
    """What `n8nlite show` says of a file: the plan, and below it the repairs."""
    plan = Plan.of(importing.read(path))
    return plan.tree() + "".join(f"repaired: {repair}\n" for repair in plan.repairs)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_is_read_and_every_repair_is_said(path: Path) -> None:
    """The plan and the repairs of each file are those recorded beside it."""
    assert shown(path) == path.with_suffix(".shown.txt").read_text("utf-8")


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_strict_takes_what_n8n_writes_and_nothing_else(path: Path) -> None:
    """What needs a repair is an error with a place, what needs none is read alike."""
    if path.stem in AS_N8N_WRITES:
        assert importing.load(path, strict=True).repairs == ()
    else:
        with pytest.raises(UnreadableWorkflow) as error:
            importing.load(path, strict=True)
        assert "\n" not in str(error.value)
        assert error.value.file == str(path)
        assert error.value.expected
        assert error.value.got


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_repaired_file_needs_no_repair(path: Path) -> None:
    """What is written with its repairs is read again without any, and means the same."""
    workflow = importing.read(path)
    again = importing.read(workflow.to_bytes(repaired=True))
    left = {repair.code for repair in again.repairs}
    assert left <= {"missing-type", "several-workflows", "encoding"}
    assert again.connections == workflow.connections
    assert [node.name for node in again.nodes] == [node.name for node in workflow.nodes]


def test_every_code_is_explained_and_every_explanation_shown() -> None:
    """The table of codes is the list of codes that files can bring about."""
    given = {repair.code for path in CASES for repair in Plan.of(importing.read(path)).repairs} - {
        "dialect"
    }
    assert given == CODES.keys() - {"dialect"}


@pytest.mark.parametrize("kind", ["path", "str", "text", "bytes", "dict", "binary", "file"])
def test_takes_a_path_text_bytes_value_or_file(kind: str) -> None:
    """All say the same of the same workflow."""
    path = FOLDER / "shapes" / "bare.json"
    text = path.read_text("utf-8")
    source = {
        "path": path,
        "str": str(path),
        "text": text,
        "bytes": text.encode(),
        "dict": json.loads(text),
        "binary": io.BytesIO(text.encode()),
        "file": io.StringIO(text),
    }[kind]
    workflow = importing.read(source)
    assert [node.name for node in workflow.nodes] == ["Start", "Step"]
    assert workflow.repairs == ()


def test_a_value_that_is_read_is_not_changed() -> None:
    """Repairs are made on a copy."""
    value = {"nodes": [{"type": "n8n-nodes-base.noOp", "parameters": {"onError": "x"}}]}
    before = json.dumps(value)
    importing.load(value)
    assert json.dumps(value) == before


def test_reads_all_workflows_of_a_file() -> None:
    """Each is a workflow of its own, which is written by itself."""
    first, second = importing.read_all(FOLDER / "shapes" / "array_of_two.json")
    assert (first.name, second.name) == ("Import", "Second")
    second.name = "Changed"
    assert json.loads(second.to_json())["name"] == "Changed"
    assert json.loads(first.to_json())["name"] == "Import"


def test_the_name_given_stands_in_messages() -> None:
    """For text that comes from no file."""
    with pytest.raises(UnreadableWorkflow, match=r"^stdin: nodes: expected a list of nodes, got 5"):
        importing.read('{"nodes": 5}', name="stdin")


def test_made_ids_are_the_same_every_time() -> None:
    """So that a file reads alike on two days."""
    path = FOLDER / "nodes" / "no_id.json"
    first, second = importing.read(path), importing.read(path)
    assert [node.id for node in first.nodes] == [node.id for node in second.nodes]
    assert all(node.id for node in first.nodes)
