"""Plans: where a run starts, what follows what, loops, merges, and the drawing of it all."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest

from n8nlite import registry
from n8nlite.errors import UnreadableWorkflow, WorkflowError
from n8nlite.plan import Plan, start_node
from n8nlite.workflow import NodeSpec, Wire, Workflow

Links = Mapping[str, Sequence[Sequence[str]]]
Nodes = Mapping[str, Mapping[str, Any]]
SET = {"type": "n8n-nodes-base.set"}
TRIGGERS = ("errorTrigger", "scheduleTrigger", "webhook", "executeWorkflowTrigger", "manualTrigger")


def workflow(links: Links, nodes: Nodes | None = None, *, order: str = "v1") -> Workflow:
    """A workflow of no-operation nodes; `a1` is input 1 of node `a`."""
    nodes = nodes or {}
    names = dict.fromkeys(
        [
            *links,
            *(to.rstrip("0123456789") for out in links.values() for each in out for to in each),
        ]
    )
    specs = [
        NodeSpec(name=name, **{"type": "n8n-nodes-base.noOp", **nodes.get(name, {})})
        for name in {**names, **nodes}
    ]
    connections = {
        source: {
            "main": [
                [
                    Wire(node=to.rstrip("0123456789"), index=int(to[-1]) if to[-1].isdigit() else 0)
                    for to in targets
                ]
                for targets in outputs
            ]
        }
        for source, outputs in links.items()
    }
    return Workflow(nodes=specs, connections=connections, settings={"executionOrder": order})


def trigger(name: str) -> dict[str, Any]:
    """The type of a trigger."""
    return {"type": f"n8n-nodes-base.{name}"}


def test_the_graph_knows_both_ends() -> None:
    """Edges by output and by input, children and parents, each once."""
    graph = Plan.of(workflow({"a": [["b", "c"], ["b1"]], "c": [["d"]]})).graph
    assert [(edge.output, edge.target, edge.input) for edge in graph.outgoing("a")] == [
        (0, "b", 0),
        (0, "c", 0),
        (1, "b", 1),
    ]
    assert [edge.target for edge in graph.outgoing("a", 1)] == ["b"]
    assert [edge.source for edge in graph.incoming("b", 1)] == ["a"]
    assert graph.children("a") == ["b", "c"]
    assert graph.parents("b") == ["a"]
    assert graph.descendants("a") == {"b", "c", "d"}
    assert graph.ancestors("d") == {"a", "c"}
    assert graph.input_count("b") == 2


@pytest.mark.parametrize("place", range(1, len(TRIGGERS)))
def test_better_triggers_start_first(place: int) -> None:
    """Manual, then sub-workflow, then webhook, then others, an error trigger last."""
    names = [*TRIGGERS[: place + 1], TRIGGERS[0]]
    nodes = {f"t{index}": trigger(name) for index, name in enumerate(names)}
    assert start_node(workflow({}, nodes)) == f"t{place}"


def test_the_first_of_equal_triggers_starts() -> None:
    """In the order of the file."""
    plan = Plan.of(workflow({}, {"a": trigger("cronTrigger"), "b": trigger("slackTrigger")}))
    assert plan.start() == "a"


def test_a_disabled_trigger_starts_nothing() -> None:
    """The next one does."""
    nodes = {"a": trigger("manualTrigger") | {"disabled": True}, "b": trigger("webhook")}
    assert start_node(workflow({}, nodes)) == "b"


def test_a_single_node_starts_whatever_it_is() -> None:
    """Sticky notes beside it do not count."""
    assert start_node(workflow({}, {"a": {}, "note": trigger("stickyNote")})) == "a"


def test_without_a_trigger_nothing_starts_unless_wanted() -> None:
    """Any node can be wanted; a name that is not there is answered with the nearest."""
    plan = Plan.of(workflow({"first": [["second"]]}))
    assert plan.start() is None
    assert plan.start("second") == "second"
    with pytest.raises(WorkflowError, match='no node "secnd"; did you mean "second"'):
        plan.start("secnd")


def test_v1_follows_the_topmost_then_the_leftmost() -> None:
    """Of equal positions the later connection goes first, as in n8n."""
    places = {
        "low": {"position": (0, 200)},
        "right": {"position": (50, 0)},
        "left": {"position": (0, 0)},
        "same": {"position": (0, 0)},
    }
    links = {"a": [["low", "right"], ["left", "same"]]}
    v1 = Plan.of(workflow(links, places))
    assert [edge.target for edge in v1.next_edges("a")] == ["same", "left", "right", "low"]
    assert [edge.target for edge in v1.next_edges("a", 0)] == ["right", "low"]
    v0 = Plan.of(workflow(links, places, order="v0"))
    assert [edge.target for edge in v0.next_edges("a")] == ["low", "right", "left", "same"]
    assert v1.by_position(["low", "left", "same", "right"]) == ["same", "left", "right", "low"]


def test_loops_are_found() -> None:
    """Each set of nodes that lead to each other, a node that leads to itself too."""
    links = {"a": [["b"]], "b": [["c"]], "c": [["b", "d"]], "d": [["d", "e"]], "e": [["f"]]}
    plan = Plan.of(workflow(links))
    assert plan.loops == [frozenset("bc"), frozenset("d")]
    assert plan.looping == frozenset("bcd")


def test_merges_are_nodes_with_several_inputs() -> None:
    """Several connections to one input are none."""
    plan = Plan.of(workflow({"a": [["m", "n"]], "b": [["m1", "n"]]}))
    assert plan.merges == {"m"}


def test_sub_nodes_hang_below_their_agent() -> None:
    """A model and a tool with a model of its own are reached with the agent."""
    made = workflow({"start": [["agent"]]}, {"model": {}, "tool": {}, "x": {}})
    made.connections |= {
        "model": {"ai_languageModel": [[Wire(node="agent", type="ai_languageModel")]]},
        "tool": {"ai_tool": [[Wire(node="agent", type="ai_tool")]]},
        "x": {"ai_memory": [[Wire(node="tool", type="ai_memory")]]},
    }
    plan = Plan.of(made)
    assert plan.graph.sub_nodes("agent") == {"ai_languageModel": ["model"], "ai_tool": ["tool"]}
    assert plan.reachable("start") == {"start", "agent", "model", "tool", "x"}
    assert plan.graph.children("model") == []


def test_a_connection_to_nowhere_is_a_problem_and_no_error() -> None:
    """Plans are made of workflows built in Python, too."""
    made = workflow({"a": [["b"]]})
    made.nodes.pop()
    plan = Plan.of(made)
    assert plan.problems == ('the connection from "a" to "b" leads nowhere',)
    assert plan.graph.children("a") == []


def test_an_unknown_type_stays_in_the_plan() -> None:
    """It is an error only when it runs."""
    plan = Plan.of(workflow({"a": [["b"]]}, {"b": {"type": "n8n-nodes-base.noSuchNode"}}))
    assert plan.nodes["b"].type == "n8n-nodes-base.noSuchNode"
    assert "b  [noSuchNode 1]" in plan.tree("a")


def test_a_missing_version_is_chosen_by_the_parameters() -> None:
    """The newest that knows them; the workflow itself stays as it is."""
    new: dict[str, Any] = {"assignments": {"assignments": []}}
    old: dict[str, Any] = {"values": {"string": []}}
    made = workflow(
        {},
        {
            "new": {**SET, "parameters": new},
            "old": {**SET, "parameters": old},
            "said": {**SET, "parameters": new, "type_version": 1},
        },
    )
    plan = Plan.of(made)
    assert plan.nodes["new"].type_version == max(
        version for cls in registry.classes(SET["type"]) for version in cls.about.versions
    )
    assert plan.nodes["old"].type_version == 2
    assert plan.nodes["said"].type_version == 1
    assert [repair.code for repair in plan.repairs] == ["missing-version"] * 2
    assert made.node("new").type_version == 1
    with pytest.raises(UnreadableWorkflow, match=r"nodes\[0\].typeVersion"):
        Plan.of(made, strict=True)


TREE = """\
Workflow (8 nodes, order v1, 1 loop)
start  [manualTrigger 1]
if  [if 2]
├─ true → one  [noOp 1]
│  merge  [noOp 1, waits for all inputs]
│  loop  [noOp 1, loop]
│  back  [noOp 1, loop]
│  loop ↩ loop
└─ false → two  [noOp 1, disabled]
   ├─ success → merge ↑ above
   └─ error → one ↑ above

not reached:
  alone  [noOp 1]
"""


def test_the_tree_names_outputs_and_marks_loops() -> None:
    """Branches are indented under their output, what was drawn is not drawn again."""
    made = workflow(
        {
            "start": [["if"]],
            "if": [["one"], ["two"]],
            "one": [["merge"]],
            "two": [["merge1"], ["one"]],
            "merge": [["loop"]],
            "loop": [["back"]],
            "back": [["loop"]],
        },
        {
            "start": trigger("manualTrigger"),
            "if": trigger("if") | {"type_version": 2},
            "two": {"disabled": True, "on_error": "continueErrorOutput"},
            "alone": {},
            "note": trigger("stickyNote"),
        },
    )
    assert Plan.of(made).tree() == TREE


def test_thousands_of_nodes_are_planned_without_recursion() -> None:
    """A chain, a ring with chords, and a wide fan of 5,000 nodes each."""
    names = [f"n{'x' * (index % 3)}_{index}_" for index in range(5000)]
    chain = {a: [[b]] for a, b in pairwise(names)}
    ring = chain | {names[-1]: [[names[0]]]}
    chords = {name: [[*ring[name][0], random.Random(name).choice(names)]] for name in names}
    fan = {names[0]: [names[1:]]}
    for links, loops in ((chain, 0), (ring, 1), (chords, 1), (fan, 0)):
        plan = Plan.of(workflow(links, {names[0]: trigger("manualTrigger")}))
        assert len(plan.loops) == loops
        assert len(plan.reachable(plan.start())) == len(names)
        assert plan.tree().count("\n") >= len(names)
