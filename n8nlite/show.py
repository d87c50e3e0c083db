"""The drawing of a plan, for `n8nlite show`."""

from __future__ import annotations

from collections.abc import Iterator

from n8nlite import node_types
from n8nlite.dialect import outputs
from n8nlite.plan import Plan
from n8nlite.terminal import plain
from n8nlite.workflow import NodeSpec

_DEEPEST = 40


def draw(plan: Plan, start: str | None = None) -> str:
    """
    The nodes from the start on, one line each; what follows a single output stands below it, what
    follows several is indented under the output's name.
    """
    start = plan.start(start)
    lines = [_title(plan)]
    drawn: set[str] = set()
    if start is not None:
        lines += _branch(plan, start, drawn)
    lines += _rest(plan, drawn | plan.reachable(start))
    lines += [f"! {problem}" for problem in plan.problems]
    return "\n".join(lines) + "\n"


def _title(plan: Plan) -> str:
    count = sum(not node_types.is_note(node.type) for node in plan.nodes.values())
    order = "v1" if plan.is_v1 else "v0"
    loops = f", {len(plan.loops)} loop{'s' * (len(plan.loops) > 1)}" if plan.loops else ""
    return f"{plain(plan.workflow.name) or 'Workflow'} ({count} nodes, order {order}{loops})"


def _branch(plan: Plan, start: str, drawn: set[str]) -> Iterator[str]:
    """A depth-first walk with a stack of its own: (node, label, prefix, whether the last)."""
    left: list[tuple[str, str, str, str]] = [(start, "", "", "")]
    while left:
        name, label, lead, prefix = left.pop()
        head = f"{lead}{label}{plain(name)}"
        if name in drawn:
            yield f"{head} {'↩ loop' if name in plan.looping else '↑ above'}"
            continue
        drawn.add(name)
        yield head + _note(plan.nodes[name], name in plan.looping, name in plan.merges)
        yield from _sub_nodes(plan, name, prefix)
        left += reversed(list(_children(plan, name, prefix)))


def _children(plan: Plan, name: str, prefix: str) -> Iterator[tuple[str, str, str, str]]:
    edges = [
        (output, edge.target)
        for output in sorted({edge.output for edge in plan.graph.outgoing(name)})
        for edge in plan.next_edges(name, output)
    ]
    labels = _labels(plan.nodes[name], {output for output, _ in edges})
    if len(edges) == 1 and not labels.get(edges[0][0]):
        yield edges[0][1], "", prefix, prefix
        return
    for place, (output, target) in enumerate(edges, 1):
        label = f"{labels[output]} → " if labels.get(output) else ""
        last = place == len(edges)
        inner = prefix + ("   " if last else "│  ")
        deep = len(prefix) > 3 * _DEEPEST
        yield target, label, prefix + ("└─ " if last else "├─ "), prefix if deep else inner


def _labels(spec: NodeSpec, used: set[int]) -> dict[int, str]:
    names = outputs(spec, spec.parameters) or node_types.output_names(spec.type)
    labels = dict(enumerate(names)) if len(names) > 1 else {}
    if spec.on_error == "continueErrorOutput":
        labels = {0: "success", **labels, len(names): "error"}
    if len(used) > 1:
        labels |= {output: str(output) for output in used if output not in labels}
    return labels


def _note(spec: NodeSpec, looping: bool, merging: bool) -> str:
    notes = [f"{node_types.short(spec.type) or '?'} {spec.type_version:g}"]
    notes += ["disabled"] if spec.disabled else []
    notes += ["loop"] if looping else []
    notes += ["waits for all inputs"] if merging else []
    return f"  [{', '.join(notes)}]"


def _sub_nodes(plan: Plan, name: str, prefix: str) -> Iterator[str]:
    for kind, names in plan.graph.sub_nodes(name).items():
        for sub_node in names:
            spec = plan.nodes[sub_node]
            label = f"{kind.removeprefix('ai_')}: {plain(sub_node)}"
            yield f"{prefix}   · {label}{_note(spec, False, False)}"


def _rest(plan: Plan, seen: set[str]) -> list[str]:
    left = [
        node
        for node in plan.nodes.values()
        if node.name not in seen and not node_types.is_note(node.type)
    ]
    if not left:
        return []
    return [
        "",
        "not reached:",
        *(f"  {plain(node.name)}{_note(node, False, False)}" for node in left),
    ]
