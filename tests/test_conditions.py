"""If, Filter and Switch: what the fixtures do not show."""

from __future__ import annotations

from typing import Any

import pytest

from n8nlite.errors import NodeError
from n8nlite.testing import run_node
from n8nlite_nodes._conditions import repair
from n8nlite_nodes.filter import Filter
from n8nlite_nodes.switch import Switch


def conditions(type: str, operation: str, left: Any, right: Any = "") -> dict[str, Any]:
    condition = {
        "leftValue": left,
        "rightValue": right,
        "operator": {"type": type, "operation": operation},
    }
    return {"combinator": "and", "conditions": [condition], "options": {}}


def test_an_expression_that_fails_has_the_advice_of_the_node() -> None:
    """n8n gives it to every error of If and Filter that has none."""
    given = {"conditions": conditions("string", "equals", "={{ $('Nope').item.json.a }}", "x")}
    with pytest.raises(NodeError, match="Referenced node doesn't exist") as caught:
        run_node("n8n-nodes-base.if", given, version=2.2)
    assert str(caught.value.description).startswith("Try changing the type of comparison.")


@pytest.mark.parametrize(
    ("type", "written", "meant"),
    [
        ("string", "isNotEmpty", "notEmpty"),
        ("number", "larger", "gt"),
        ("boolean", "isTrue", "true"),
        ("string", "equal", "equals"),
        ("string", "larger", "larger"),
        ("string", "isTrue", "isTrue"),
        ("string", "contains", "contains"),
    ],
)
def test_repair_of_operations(type: str, written: str, meant: str) -> None:
    given = conditions(type, written, "x")
    done = repair(given)
    assert given["conditions"][0]["operator"]["operation"] == meant
    assert bool(done) is (written != meant)


def test_repaired_conditions_have_one_side() -> None:
    given = conditions("number", "isNotEmpty", 1, "")
    repair(given)
    assert run_node("n8n-nodes-base.if", {"conditions": given}, version=2.2)[0]


def test_repair_of_the_combinator() -> None:
    given = {**conditions("string", "equals", "a", "a"), "combinator": "any"}
    assert repair(given) == ["combinator 'any' became 'or'"]


@pytest.mark.parametrize("given", [None, 1, "x", [], {"conditions": 1}, {"conditions": [1, {}]}])
def test_repair_takes_anything(given: Any) -> None:
    assert repair(given) == []


def test_filter_shows_no_second_output() -> None:
    assert Filter.about.outputs[: -Filter.hidden_outputs] == ("kept",)


def test_outputs_of_switch() -> None:
    rule = {"conditions": conditions("string", "equals", "a", "a")}
    named = {**rule, "renameOutput": True, "outputKey": "Named"}
    parameters = {"rules": {"values": [rule, named]}, "options": {"fallbackOutput": "extra"}}
    assert Switch.output_names(parameters, 3.2) == ("0", "Named", "Fallback")
    parameters["options"] = {"fallbackOutput": "extra", "renameFallbackOutput": "Rest"}
    assert Switch.output_names(parameters, 3.2)[-1] == "Rest"
    assert Switch.output_names({}, 3.2) == ("0",)


def test_repair_of_rules() -> None:
    rule = {"conditions": conditions("string", "isEmpty", "")}
    parameters: dict[str, Any] = {"rules": {"rules": [rule]}}
    assert len(Switch.repair(parameters, 3.2)) == 2
    assert parameters["rules"]["values"] == [rule]


@pytest.mark.parametrize("output", ["={{ null }}", "={{ undefined }}", "={{ 1.5 }}", "={{ -1 }}"])
@pytest.mark.parametrize("version", [1, 2, 3.2])
def test_no_output_of_that_index(output: str, version: float) -> None:
    parameters = {"mode": "expression", "output": output}
    with pytest.raises(NodeError, match=r"reading 'push'|The ouput -1 is not allowed"):
        run_node("n8n-nodes-base.switch", parameters, version=version)
