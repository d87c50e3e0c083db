"""Mistakes that everybody makes once: each is told with its cure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import n8nlite
from n8nlite.errors import NodeError
from n8nlite.mistakes import mistakes
from tests.flow import assign, chain, node, trigger, workflow
from tests.test_cli import run

WEBHOOK = {"headers": {}, "params": {}, "query": {}, "body": {"name": "Ada"}}


def greet(text: str) -> dict[str, Any]:
    return assign("Greet", text=text)


def failure(flow: n8nlite.Workflow, *items: dict[str, Any], strict: bool = True) -> NodeError:
    """The error that ends a run."""
    result = flow.run(items or [{}], strict_expressions=strict)
    assert isinstance(result.cause, NodeError), result.to_dict()
    return result.cause


def told(flow: n8nlite.Workflow) -> list[str]:
    """What is said of a workflow without running it."""
    return [str(each) for each in mistakes(flow.plan)]


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("Hello {{ $json.name }}", "put = before the text"),
        (" ={{ $json.name }}", "take away the blank before the ="),
        ("=$json.name", "write ={{ $json.name }}"),
        ("={ $json.name }", "write ={{ $json.name }}"),
    ],
)
def test_no_expression(text: str, cure: str, tmp_path: Path) -> None:
    """Text that was meant to be an expression is text, as in n8n: `run` and `show` say so."""
    flow = chain(trigger(), greet(text))
    assert [each.endswith(f"({cure})") for each in told(flow)] == [True]
    flow.save(tmp_path / "w.json")
    for command in ("run", "show"):
        done = run(command, str(tmp_path / "w.json"))
        assert (done.returncode, cure in done.stderr) == (0, True)
    assert run("run", "-q", str(tmp_path / "w.json")).stderr == ""


@pytest.mark.parametrize("text", ["=Hello {{ $json.name }}", "{{ placeholder }}", "={{ 1 }}", "="])
def test_no_mistake(text: str) -> None:
    """Braces of other templates, and text, are nobody's business."""
    assert told(chain(trigger(), greet(text))) == []


def test_wrong_case_of_a_node_name() -> None:
    """n8n's words, then the node that will be meant; before the run, too."""
    flow = chain(trigger(), greet("={{ $('start').item.json.a }}"))
    error = failure(flow, strict=False)
    assert str(error) == (
        "'Greet' [item 0]: Referenced node doesn't exist "
        "(there is no node 'start' in the workflow; did you mean 'Start'?)"
    )
    assert "did you mean 'Start'?" in told(flow)[0]


def test_body_forgotten() -> None:
    flow = chain(node("Start", "webhook", {"path": "p"}, typeVersion=2), greet("={{ $json.name }}"))
    assert failure(flow, WEBHOOK).hint == "did you mean $json.body.name?"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("={{ $json.name }", "the {{ is not closed: a }} is missing"),
        ("={{ {a: {b: 1}} }}", "put a blank between braces"),
        ("={{ ($json.name }}", "the parentheses do not match"),
        ("={{ {{ $json.name }} }}", "a {{ stands inside another"),
        ("={{ \u201cname\u201d }}", "quotes must be straight"),
        ("={{ }}", "there is nothing between {{ and }}"),
        ("={{ const a = 1; a }}", "belongs in a Code node"),
    ],
)
def test_unmatched_braces(text: str, hint: str) -> None:
    error = failure(chain(trigger(), greet(text)), strict=False)
    assert error.message == "invalid syntax"
    assert hint in str(error.hint)


def test_moment_format() -> None:
    flow = chain(trigger(), greet("={{ $now.toFormat('YYYY-MM-DD') }}"))
    assert "write 'yyyy-MM-dd'" in str(failure(flow).hint)
    assert "write 'yyyy-MM-dd'" in told(flow)[0]


def test_list_taken_for_an_object() -> None:
    flow = chain(trigger(), greet("={{ $json.items.name }}"))
    hint = str(failure(flow, {"items": [{"name": "a"}, {"name": "b"}]}).hint)
    assert "$json.items is a list of 2" in hint
    assert "$json.items[0].name" in hint
    assert "$json.items.map(each => each.name)" in hint


def test_object_taken_for_a_list() -> None:
    flow = chain(trigger(), greet("={{ $json.items.first() }}"))
    error = failure(flow, {"items": {"a": 1}}, strict=False)
    assert error.message == 'first() is only callable on type "Array"'
    assert "$json.items is an object, no list" in str(error.hint)


def test_optional_chaining_missing() -> None:
    flow = chain(trigger(), greet("={{ $json.user.name }}"))
    error = failure(flow, {"id": 1})
    assert error.message == "$json.user is undefined"
    assert "write $json.user?.name where it may be missing" in str(error.hint)
    assert flow.run([{"id": 1}]).ok


def test_text_in_a_number_field() -> None:
    users = {"resource": "user", "operation": "getAll", "limit": "={{ $json.count }}"}
    slack = node("Slack", "slack", users, typeVersion=2.2)
    error = failure(chain(trigger(), slack), {"count": "ten"})
    assert "Parameter 'limit'" in error.message
    assert error.hint == "give it a number, not text, for instance with {{ ... .toNumber() }}"
    number = {"id": "n", "name": "n", "type": "number", "value": "={{ $json.count }}"}
    fields = node("Set", "set", {"assignments": {"assignments": [number]}, "options": {}})
    error = failure(chain(trigger(), fields), {"count": "ten"})
    assert "expects a number but we got 'ten'" in error.message
    assert "toNumber()" in str(error.hint)


BRANCHES = {"Start": [["If"]], "If": [["Greet"], ["Other"]]}


def branches(text: str, links: dict[str, list[list[str]]]) -> n8nlite.Workflow:
    true = {"leftValue": True, "operator": {"type": "boolean", "operation": "true"}}
    conditions = {"conditions": [true], "combinator": "and", "options": {}}
    choice = node("If", "if", {"conditions": conditions})
    return workflow(trigger(), choice, greet(text), assign("Other", a="1"), links=links)


def test_node_that_has_not_run() -> None:
    """On the way here but not reached, or not on the way at all: n8n tells `.item` apart."""
    apart = branches("={{ $('Other').first().json.a }}", BRANCHES)
    error = failure(apart, strict=False)
    assert error.message == "Node 'Other' hasn't been executed"
    assert "'Other' does not lead to 'Greet'" in str(error.hint)
    above = {**BRANCHES, "Other": [["Greet"]]}
    error = failure(branches("={{ $('Other').item.json.a }}", above), strict=False)
    assert error.message == "Node 'Other' hasn't been executed"
    assert "ask $('Other').isExecuted first" in str(error.hint)


def test_node_that_does_not_lead_here() -> None:
    flow = branches("={{ $('Other').item.json.a }}", BRANCHES)
    error = failure(flow, strict=False)
    assert error.message == "Invalid expression"
    assert "'Other' does not lead to 'Greet': connect it" in str(error.hint)


def test_lost_paired_item() -> None:
    code = node("Code", "code", {"jsCode": "return [{json: {}}, {json: {}}, {json: {}}]"})
    flow = chain(trigger(), code, greet("={{ $('Start').item.json.id }}"))
    error = failure(flow, {"id": 1}, {"id": 2}, strict=False)
    assert error.message.startswith("Paired item data for item from node 'Code' is unavailable")
    assert "pairedItem" in str(error.hint)
    assert "$('Start').first()" in str(error.hint)


def test_one_line_and_carets_when_asked(tmp_path: Path) -> None:
    """The error is one line; `-v` shows the place in the expression and what was there."""
    chain(trigger(), greet("=Hello {{ $json.nme }}!")).save(tmp_path / "w.json")
    arguments = ("run", str(tmp_path / "w.json"), "--strict-expressions", "--input", "-")
    done = run(*arguments, input='{"name": "Ada"}')
    line = "n8nlite: 'Greet' [item 0]: $json.nme is undefined (did you mean $json.name?)\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", line)
    more = run(*arguments, "-v", input='{"name": "Ada"}').stderr.removeprefix(line)
    assert more.splitlines() == [
        "parameter assignments.assignments[0].value:",
        "  =Hello {{ $json.nme }}!",
        "            ^^^^^^^^^",
        '  $json = {"name":"Ada"}',
    ]
