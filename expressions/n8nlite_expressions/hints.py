"""What an error says besides n8n's words: the place in the expression, and the cure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .errors import ExpressionError
from .scanner import Code, Expression
from .scope import Scope

Facts = Mapping[str, Any]
"""What is known of an error; the runtime's `facts` are among them."""

_SHOWN = 6  # names that a hint lists
_NAME = re.compile(r"[A-Za-z_$][\w$]*\Z", re.ASCII)
_QUOTES = re.compile("[\u2018\u2019\u201c\u201d]")
_MOMENT = {"YYYY": "yyyy", "YY": "yy", "DD": "dd", "D": "d", "A": "a", "dddd": "EEEE"}
_MOMENT_TOKENS = re.compile("YYYY|YY|DD|D|A|dddd")


def explain(error: ExpressionError, expression: Expression, scope: Scope) -> None:
    """Fill in the error's `span`, `preview` and `hint` from its `facts`."""
    facts = error.facts
    found = facts.get("facts") or {}
    error.span = _span(facts, expression)
    error.preview = _preview(found, expression)
    kind = found.get("kind") or facts.get("type")
    rule = _RULES.get(kind, _nothing)
    error.hint = error.hint or rule({**facts, **found}, expression, scope)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that is most like it: but for case and blanks the same, or a few letters off."""
    known = [each for each in names if each != name]
    folded = _folded(name)
    for each in known:
        if _folded(each) == folded:
            return each
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.7)
    return close[0] if close else None


def in_luxon(format: str) -> str:
    """A Moment date format as Luxon writes it."""
    return _MOMENT_TOKENS.sub(lambda token: _MOMENT[token[0]], format)


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).casefold()


# -- the place ---------------------------------------------------------------------------------


def _span(facts: Facts, expression: Expression) -> tuple[int, int] | None:
    code, at = _code(facts, expression), facts.get("at")
    if code and at:
        return _trimmed(expression.text, code.start + at[0], code.start + at[1])
    if name := facts.get("node"):
        return _node_span(expression.text, name)
    if code:
        return _trimmed(expression.text, code.start, code.start + len(code.source))
    return None


def _code(facts: Facts, expression: Expression) -> Code | None:
    """The code that failed; what fails only when its result is written down does so outside it."""
    chunk = facts.get("chunk")
    code = expression.chunks[chunk] if isinstance(chunk, int) else None
    return code if isinstance(code, Code) else None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    if not part.strip():
        return start, max(end, start + 1)
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def _node_span(text: str, name: str) -> tuple[int, int] | None:
    """Where a text asks for a node: `$('X')`, `$node["X"]`, `$node.X`, `$items("X")`."""
    quoted = re.escape(name)
    match = re.search(rf"\$(?:\(|items\(|node\s*\[)\s*(['\"`]){quoted}\1|\$node\.{quoted}", text)
    if match is None:
        return None
    end = match.end()
    closing = re.compile(r"\s*[\])]").match(text, end)
    return match.start(), closing.end() if closing else end


def _preview(facts: Facts, expression: Expression) -> str | None:
    shown = facts.get("preview")
    if shown is None or "$secrets" in expression.text or "$env" in expression.text:
        return None
    return f"{facts['object']} = {shown}" if "object" in facts else f"it is {shown}"


# -- hints -------------------------------------------------------------------------------------

Rule = Callable[[Facts, Expression, Scope], str | None]


def _nothing(facts: Facts, expression: Expression, scope: Scope) -> None:
    return None


def _missing(facts: Facts, expression: Expression, scope: Scope) -> str | None:
    what, key, owner = facts["what"], facts.get("key"), facts.get("object")
    if key is None or owner is None:
        return _unknown_name(facts, scope)
    if facts.get("is") == "a list":
        return _of_list(facts, owner, key)
    if "keys" not in facts:
        return f"{owner} is {facts.get('is')}" if facts.get("is") else None
    if key in facts["keys"]:
        return f"write {facts.get('optional', what + '?.name')} where it may be null"
    for field in facts.get("under") or ():
        return f"did you mean {owner}{_step(field)}{_step(key)}?"
    near = nearest(key, facts["keys"])
    if near is not None:
        return f"did you mean {owner}{_step(near)}?"
    return f"{_has(owner, facts['keys'])}; {_allowed(facts)}"


def _allowed(facts: Facts) -> str:
    cure = facts.get("optional") or f"{facts['what']} ?? 'a default'"
    return f"write {cure} where it may be missing"


def _has(owner: str, keys: list[str]) -> str:
    if not keys:
        return f"{owner} is empty"
    more = ", ..." if len(keys) > _SHOWN else ""
    return f"{owner} has {', '.join(keys[:_SHOWN])}{more}"


def _of_list(facts: Facts, owner: str, key: str) -> str:
    if not facts.get("length"):
        return f"{owner} is an empty list"
    if key.isdigit():
        return f"{owner} has {facts['length']}, the first is [0]"
    step = _step(key) if facts.get("inside") else ""
    name = step or ".name"
    return (
        f"{owner} is a list of {facts['length']}: take one of it, {owner}[0]{step}, or all, "
        f"{owner}.map(each => each{name})"
    )


def _step(key: str) -> str:
    return f".{key}" if _NAME.match(key) else f"[{key!r}]"


def _unknown_name(facts: Facts, scope: Scope) -> str | None:
    name = facts.get("variable")
    if name is None:
        return _allowed(facts)
    json = scope.input[scope.item_index].json if scope.item_index < len(scope.input) else {}
    if name in json:
        return f"did you mean $json.{name}?"
    return "names of the data begin with $, and text stands in quotes"


def _thrown(facts: Facts, expression: Expression, scope: Scope) -> str | None:
    key, owner = facts.get("key"), facts.get("object")
    if not key or not owner or "is" not in facts:
        return None
    if facts["is"] in ("undefined", "null"):
        return f"{owner} is {facts['is']}; write {owner}?.{key} where it may be missing"
    if facts["is"] == "an object" and key in _OF_LISTS:
        return (
            f"{owner} is an object, no list: Object.values({owner}).{key}(...) goes over its values"
        )
    return f"{owner} is {facts['is']}"


_OF_LISTS = frozenset(
    (
        *("every", "filter", "find", "first", "flatMap", "forEach", "includes", "indexOf", "join"),
        *("last", "length", "map", "reduce", "slice", "some", "sort", "sum", "unique"),
    )
)


def _extension(facts: Facts, expression: Expression, scope: Scope) -> str | None:
    name, code = facts["name"], _code(facts, expression)
    if code is None:
        return None
    owner = code.source[facts["from"] : facts["at"][0]].strip().rstrip(".?").strip()
    if len(owner) > 60:
        owner = "the value before it"
    if facts["is"] in ("undefined", "null"):
        return f"{owner} is {facts['is']}; write {owner}?.{name}() where it may be missing"
    if facts["is"] == "an object" and name in _OF_LISTS:
        return f"{owner} is an object, no list; {_has('it', facts['keys'])}"
    if facts["is"] == "a list":
        return f"{owner} is a list: take one of it, {owner}[0].{name}(...)"
    return None


def _object(facts: Facts, expression: Expression, scope: Scope) -> str | None:
    what = facts["what"].strip()
    if facts.get("is") == "a list":
        return f"write {what}.map(each => each.name).join(', '), or JSON.stringify({what})"
    field = _step(facts["keys"][0]) if facts.get("keys") else ".name"
    return f"take a field of it, {what}{field}, or write JSON.stringify({what})"


def _format(facts: Facts, expression: Expression, scope: Scope) -> str:
    return f"write '{in_luxon(facts['format'])}': Luxon's years are yyyy, its days dd"


def _odd(facts: Facts, expression: Expression, scope: Scope) -> str | None:
    return facts.get("reason") or "a value in it is no number, or missing"


def _word(facts: Facts, expression: Expression, scope: Scope) -> str:
    return "a value that is missing was made text: give it a default with ??"


def _list(facts: Facts, expression: Expression, scope: Scope) -> str:
    return (
        "leave out what is missing, .filter(each => each !== undefined), or give it a default, ??"
    )


def _syntax(facts: Facts, expression: Expression, scope: Scope) -> str | None:
    text, code = expression.text, _code(facts, expression)
    if code is None:
        return None
    if not code.source.strip():
        return "there is nothing between {{ and }}"
    if text.find("}}", code.start + len(code.source)) != code.start + len(code.source):
        return "the {{ is not closed: a }} is missing"
    if "{{" in code.source:
        return "a {{ stands inside another: names need no braces of their own there"
    if code.source.count("{") > code.source.count("}"):
        return "}} ends the expression: put a blank between braces that belong to the code, } }"
    if code.source.count("(") != code.source.count(")"):
        return "the parentheses do not match"
    if _QUOTES.search(code.source):
        return "quotes must be straight, ' or \""
    if re.match(r"\s*(?:const|let|var|if|for|return|while)\b", code.source):
        return "an expression is one value, no statements; more than that belongs in a Code node"
    return None


def _not_run(facts: Facts, expression: Expression, scope: Scope) -> str:
    name = facts.get("node") or ""
    guard = f"$('{name}').isExecuted"
    node = scope.nodes.get(name)
    if node is not None and not node.leads:
        return (
            f"'{name}' does not lead to '{scope.active}': connect it before, or ask {guard} first"
        )
    return f"in this run '{name}' was not reached before '{scope.active}': ask {guard} first"


def _no_connection(facts: Facts, expression: Expression, scope: Scope) -> str:
    name = facts.get("node") or ""
    return (
        f"'{name}' does not lead to '{scope.active}': connect it, or take an item that needs no "
        f"pairing, $('{name}').first()"
    )


def _lost_pair(facts: Facts, expression: Expression, scope: Scope) -> str:
    name = facts.get("node") or ""
    return (
        f"the items on the way from '{name}' do not say which they were made from: give them "
        f"pairedItem in the Code node, or take $('{name}').first() or $('{name}').all()"
    )


def _several(facts: Facts, expression: Expression, scope: Scope) -> str:
    name = facts.get("node") or ""
    return (
        f"the item was made from several of '{name}': take $('{name}').first(), .last() or "
        ".all()[index]"
    )


_RULES: dict[Any, Rule] = {
    "missing": _missing,
    "thrown": _thrown,
    "extension": _extension,
    "object": _object,
    "format": _format,
    "odd": _odd,
    "word": _word,
    "list": _list,
    "syntax": _syntax,
    "no_execution_data": _not_run,
    "paired_item_no_connection": _no_connection,
    "paired_item_no_info": _lost_pair,
    "paired_item_invalid_info": _lost_pair,
    "paired_item_multiple_matches": _several,
}
