"""Files made to hurt: each ends in one clear line, soon, and never in a traceback."""

from __future__ import annotations

import copy
import json
import os
import random
from pathlib import Path
from typing import Any

import pytest

from n8nlite import importing
from n8nlite.errors import UnreadableWorkflow
from n8nlite.plan import Plan
from n8nlite.workflow import Workflow

FOLDER = Path(__file__).parents[1] / "fixtures" / "import"
NODES = FOLDER / "nodes"
MISFITS: list[Any] = [5, "x", None, True, [], [{}], {}, -1, 1e308, "", [1, 2, 3], {"x": {}}, "[]"]
WORKFLOW = "expected an n8n workflow (an object with `nodes`)"
TEXT = 'expected a string that ends (")'
ONE_LINE = {
    "archive": "expected JSON text in UTF-8, got a ZIP archive",
    "binary": "expected JSON text in UTF-8, got binary data",
    "blank": "expected JSON, got an empty file",
    "empty": "expected JSON, got an empty file",
    "empty_list": f"{WORKFLOW}, got an empty list",
    "latin_1": "line 2, column 15: expected JSON text in UTF-8, got the byte 0xe9",
    "missing_comma": "line 3, column 3: expected ',' or '}', got \"\\\"nodes\\\": [\"",
    "no_node_is_a_node": "nodes[0]: expected a node (an object), got 1",
    "no_workflow": f"{WORKFLOW}, got an object with name, steps",
    "nodes_is_a_number": "nodes: expected a list of nodes, got 5",
    "page": 'line 1, column 1: expected JSON, got HTML or XML: "<!DOCTYPE html>"',
    "single_quotes": 'line 1, column 2: expected a key in double quotes ("), got "\'nodes\': []}"',
    "text": f'{WORKFLOW}, got "nodes"',
    "truncated": "line 10, column 19: expected a JSON value, got the end of the file",
    "unending_text": f'line 1, column 21: {TEXT}, got "\\"x" without an end',
    "unquoted_keys": 'line 1, column 2: expected a key in double quotes ("), got "nodes: []}"',
}


@pytest.mark.parametrize("name", ONE_LINE)
@pytest.mark.parametrize("strict", [False, True])
def test_a_file_that_is_no_workflow_is_told_in_one_line(name: str, strict: bool) -> None:
    """File, place, expected, got."""
    path = FOLDER / "hostile" / f"{name}.json"
    with pytest.raises(UnreadableWorkflow) as error:
        importing.load(path, strict=strict)
    assert str(error.value) == f"{path}: {ONE_LINE[name]}"


def test_every_hostile_file_is_told() -> None:
    """None is forgotten in the table above."""
    assert {path.stem for path in (FOLDER / "hostile").iterdir()} == ONE_LINE.keys()


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("no/such/file.json", "no/such/file.json: expected a workflow file, got no such file"),
        (FOLDER, f"{FOLDER}: expected a workflow file, got a directory"),
        (Path("a\0b"), "a\ufffdb: expected a workflow file, got embedded null byte"),
        (Path("x" * 5000), "expected a workflow file, got file name too long"),
        (b"", "<workflow>: expected JSON, got an empty file"),
        (b"\xff\xfe{\0", "line 1, column 2: expected a key in double quotes"),
        ('{"nodes": NaN}', "<workflow>: nodes: expected a list of nodes, got null"),
        ('{"nodes": [], "x": "\ud800"}', "expected JSON text in UTF-8, got the byte 0xed"),
        ({"nodes": [object()]}, "<workflow>: expected JSON data, got"),
        ({"a\nb": 1, "c" * 99: 2}, f"got an object with a\\nb, {'c' * 18}…"),
        (5, "expected an n8n workflow (an object with `nodes`), got 5"),
    ],
)
def test_a_source_that_cannot_be_read_is_told_in_one_line(source: Any, line: str) -> None:
    """Paths, texts, bytes and values alike."""
    with pytest.raises(UnreadableWorkflow) as error:
        importing.load(source)
    assert line in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400


@pytest.mark.parametrize(
    "opening", ["[", '{"nodes":[', '{"nodes":', '{"nodes":[{"parameters":{"a":[']
)
@pytest.mark.parametrize("closed", [False, True])
def test_deep_nesting_is_refused(opening: str, closed: bool) -> None:
    """10,000 levels, whole and cut off."""
    closing = "".join({"[": "]", "{": "}"}.get(each, "") for each in reversed(opening))
    text = opening * 10_000 + "1" + (closing * 10_000 if closed else "")
    with pytest.raises(UnreadableWorkflow, match="at most 250 levels of nesting"):
        importing.load(text)


def test_deep_and_endless_values_are_refused() -> None:
    """Python values can be deeper than any text, and contain themselves."""
    deep: dict[str, Any] = {"nodes": []}
    for _ in range(10_000):
        deep = {"nodes": [deep]}
    endless: dict[str, Any] = {"nodes": []}
    endless["again"] = endless
    for value in (deep, endless):
        with pytest.raises(UnreadableWorkflow, match="at most 250 levels of nesting"):
            importing.load(value)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    """200 MB, which take no room on the disk; the limit and its setting are named."""
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.write(b'{"nodes": [')
        file.truncate(200 * 2**20)
    with pytest.raises(UnreadableWorkflow, match=r"at most 32 MB \(N8NLITE_MAX_FILE_MB\), got 200"):
        importing.load(path)


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="a device of Unix")
def test_an_endless_file_is_refused() -> None:
    """No more than the limit is read of it."""
    with pytest.raises(UnreadableWorkflow, match="at most 32 MB"):
        importing.load("/dev/zero")


def test_the_limit_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """N8NLITE_MAX_FILE_MB."""
    text = json.dumps({"nodes": [], "meta": "x" * 2**20})
    assert importing.load(text).nodes == []
    monkeypatch.setenv("N8NLITE_MAX_FILE_MB", "1")
    with pytest.raises(UnreadableWorkflow, match="at most 1 MB"):
        importing.load(text)


@pytest.mark.parametrize("part", ["workflow", "node", "connections", "slots", "link"])
def test_wrong_types_anywhere_are_repaired_or_told(part: str) -> None:
    """Every known key of every part, with values of all other types."""
    whole = json.loads((NODES / "flags_as_text.json").read_text("utf-8"))
    whole |= {"id": "1", "active": False, "pinData": {"Start": []}, "staticData": {}}
    whole["nodes"][1] |= {"credentials": {}, "webhookId": "", "onError": "x", "continueOnFail": 1}

    def of(document: dict[str, Any]) -> Any:
        connections = document["connections"]
        return {
            "workflow": document,
            "node": document["nodes"][1],
            "connections": connections["Start"],
            "slots": connections["Start"]["main"],
            "link": connections["Start"]["main"][0][0],
        }[part]

    for key in list(of(whole)) if isinstance(of(whole), dict) else [0]:
        for misfit in MISFITS:
            changed = copy.deepcopy(whole)
            of(changed)[key] = misfit
            check(changed)


@pytest.mark.parametrize("seed", range(10))
def test_workflows_changed_at_random_are_repaired_or_told(seed: int) -> None:
    """Values swapped for others at random places, and texts cut at random ones."""
    chance = random.Random(seed)
    whole = json.loads((FOLDER / "connections" / "flattened_if.json").read_text("utf-8"))
    text = json.dumps(whole)
    for _ in range(60):
        changed = copy.deepcopy(whole)
        for _ in range(chance.randint(1, 4)):
            mutate(changed, chance)
        check(changed)
        place = chance.randrange(len(text))
        check(text[:place])
        check(text[:place] + chance.choice('{}[]",:0 \\') + text[place:])


def mutate(value: Any, chance: random.Random) -> None:
    """Put a misfit at a random place."""
    for _ in range(7):
        if not isinstance(value, dict | list) or not value:
            return
        key = chance.choice(list(value) if isinstance(value, dict) else range(len(value)))
        if chance.random() < 0.3:
            value[key] = copy.deepcopy(chance.choice(MISFITS))
            return
        value = value[key]


def check(source: Any) -> None:
    """It reads, plans, draws and is written; or ends in one line."""
    text = source if isinstance(source, str) else json.dumps(source)
    workflow: Workflow | None
    try:
        workflow = importing.read(text if text.strip() else b"")
    except UnreadableWorkflow as error:
        message = str(error)
        workflow = None
    if workflow is None:
        assert "\n" not in message
        return
    plan = Plan.of(workflow)
    assert plan.tree(plan.start())
    assert workflow.to_json() == text
    assert importing.read(workflow.to_bytes(repaired=True)).connections == workflow.connections
