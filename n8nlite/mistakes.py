"""Mistakes in expressions that can be seen without a run, and that n8n passes over in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from n8nlite import node_types
from n8nlite_expressions.hints import in_luxon, nearest
from n8nlite_expressions.scanner import is_expression, node_names

if TYPE_CHECKING:
    from n8nlite.plan import Plan

_DATA = r"\$(?:json|node|input|items|now|today|vars|env|workflow|execution|itemIndex|binary|if|\()"
_HOLE = re.compile(rf"\{{\{{(?:(?!\}}\}}).)*?{_DATA}(?:(?!\}}\}}).)*?\}}\}}", re.DOTALL)
_BARE = re.compile(rf"=\s*\{{?\s*{_DATA}[\w$.\[\]\"'()?]*\s*\}}*\s*\Z")
_FORMAT = re.compile(r"\.(?:toFormat|format)\(\s*(['\"])((?:(?!\1).)*)\1")
_MOMENT = re.compile(r"YYYY|\bDD[-./ ]|[-./ ]DD\b")
_TEMPLATES = frozenset(
    ["jsCode", "pythonCode", "functionCode", "html", "cssText", "query", "workflowJson"]
)
"""Parameters that are code or templates of their own."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that will hardly be meant: where it stands, what it is, and the cure."""

    node: str
    parameter: str
    message: str
    cure: str

    def __str__(self) -> str:
        return f"'{self.node}' {self.parameter}: {self.message} ({self.cure})"


def mistakes(plan: Plan) -> Iterator[Mistake]:
    """The mistakes in the expressions of all nodes that can run."""
    for spec in plan.nodes.values():
        if spec.disabled or node_types.is_note(spec.type):
            continue
        for place, text in _texts(spec.parameters, ""):
            for message, cure in _of_text(text, plan):
                yield Mistake(spec.name, place, message, cure)


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, each in value.items():
            if key not in _TEMPLATES:
                yield from _texts(each, f"{place}.{key}" if place else key)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, f"{place}[{index}]")


def _of_text(text: str, plan: Plan) -> Iterator[tuple[str, str]]:
    if not is_expression(text):
        if hole := _HOLE.search(text):
            yield _unmarked(text, hole[0])
        return
    if "{{" not in text and not text.startswith("=<<") and (bare := _BARE.match(text)):
        code = bare[0][1:].strip("{} ")
        yield "it is text, not an expression", f"write ={{{{ {code} }}}}"
    for call in _FORMAT.finditer(text):
        if _MOMENT.search(re.sub(r"'[^']*'", "", call[2])):
            yield (
                f"Luxon does not know the date format '{call[2]}'",
                f"write '{in_luxon(call[2])}': years are yyyy, days dd",
            )
    for name in sorted(node_names(text) - plan.nodes.keys()):
        near = nearest(name, plan.nodes)
        cure = f"did you mean '{near}'?" if near else "it was renamed, or removed"
        yield f"there is no node '{name}'", cure


def _unmarked(text: str, hole: str) -> tuple[str, str]:
    shown = hole if len(hole) <= 60 else f"{hole[:57]}..."
    message = f"{shown} is text, not an expression"
    if text.lstrip().startswith("="):
        return message, "take away the blank before the ="
    return message, "put = before the text"
