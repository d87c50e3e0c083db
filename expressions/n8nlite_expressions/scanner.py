"""
Cuts the text of an expression into literal text and the code of its `{{ }}`, and tells plain paths
(`$json.a["b"][0]`, `$('X').item.json.a`) from JavaScript.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BLOCKED = _words(
    """
    __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ __proto__ _linkedBinding
    _load arguments binding callee caller constructor defineProperties defineProperty dlopen execve
    getBuiltinModule getOwnPropertyDescriptor getOwnPropertyDescriptors getPrototypeOf loadEnvFile
    mainModule prepareStackTrace prototype setPrototypeOf
    """
)
"""Keys that n8n refuses, whatever object they are asked of."""


@dataclass(frozen=True, slots=True)
class Code:
    """The JavaScript between `{{` and `}}`; `start` is its place in the text as written."""

    source: str
    start: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Path:
    """
    A plain path: where it starts, and the keys from there.

    `root` is `$json`, `$itemIndex` ...; or, with the name of a `node`, `item`, `first`, `last`
    (`$('X').item.json`) or `same` (`$node["X"].json`).
    """

    root: str
    keys: tuple[str | int, ...] = ()
    node: str = ""


Chunk = str | Code


@dataclass(frozen=True, slots=True)
class Expression:
    """
    An expression, read: its chunks in order, and the same with plain paths in place of code.

    `paths` is None when some of its code is JavaScript. `optional`: strict mode lets it be a path
    that leads nowhere.
    """

    text: str
    chunks: tuple[Chunk, ...]
    paths: tuple[str | Path, ...] | None
    node_names: frozenset[str]
    optional: bool = False

    @property
    def is_text(self) -> bool:
        """Whether the result is text put together, rather than a value that keeps its type."""
        return len(self.chunks) != 1 or isinstance(self.chunks[0], str)

    @property
    def may_fail(self) -> bool:
        """Whether a plain path in it may lead nowhere for some items."""
        return any(isinstance(path, Path) and path.root == "item" for path in self.paths or ())

    def wire(self) -> list[str | list[str]]:
        """The chunks as V8 gets them: text, and code in a list."""
        return [[chunk.source] if isinstance(chunk, Code) else chunk for chunk in self.chunks]


def is_expression(value: object) -> bool:
    """Whether a parameter value is an expression: a string that begins with `=`."""
    return isinstance(value, str) and value.startswith("=")


@lru_cache(maxsize=4096)
def scan(text: str) -> Expression:
    """Read an expression, as written in the workflow (with the leading `=`)."""
    whole = _whole(text[1:])
    if whole is not None:
        chunks: tuple[Chunk, ...] = (Code(whole, text.index("<<") + 2),)
    else:
        chunks = tuple(split(text[1:]))
    return Expression(text, chunks, _paths(text, chunks), node_names(text))


def _whole(text: str) -> str | None:
    """The code of `<< code >>`, when that is all there is."""
    stripped = text.strip()
    if not (stripped.startswith("<<") and stripped.endswith(">>") and len(stripped) >= 4):
        return None
    code = stripped[2:-2]
    return None if "<<" in code or ">>" in code else code


def split(text: str) -> list[Chunk]:
    """
    Literal text and code, in order.

    A backslash before `{{` makes it text, one before `}}` lets the code go on; a backslash before
    such a backslash takes its meaning away, and so two of them are one in text that code follows.
    Code that is never closed ends with the text. Places count a `=` before it.
    """
    chunks: list[Chunk] = []
    literal, at = "", 0
    while (opening := text.find("{{", at)) >= 0:
        slashes = _slashes_before(text, opening, at)
        if slashes % 2:
            literal += text[at : opening + 2]
            at = opening + 2
            continue
        literal = (literal + text[at:opening]).replace("\\\\", "\\")
        code, at = _code(text, opening + 2)
        if code is None:
            break
        if literal:
            chunks.append(literal)
        chunks.append(Code(code, opening + 3))
        literal = ""
    literal += text[at:]
    if literal or not chunks:
        chunks.append(literal)
    return chunks


def _code(text: str, start: int) -> tuple[str | None, int]:
    """The code that starts there, and where the text goes on; None for nothing at the very end."""
    code, at = "", start
    while (closing := text.find("}}", at)) >= 0:
        slashes = _slashes_before(text, closing, at)
        if not slashes % 2:
            return code + text[at:closing], closing + 2
        code += text[at : closing - 1] + "}}"
        at = closing + 2
    code += text[at:]
    return code or None, len(text)


def _slashes_before(text: str, position: int, start: int) -> int:
    count = 0
    while position - count > start and text[position - count - 1] == "\\":
        count += 1
    return count


# -- plain paths -------------------------------------------------------------------------------

_NAME = r"[A-Za-z_$][\w$]*"
_QUOTED = r"'[^'\\\n]*'|\"[^\"\\\n]*\"|`[^`\\$]*`"
_STEP = re.compile(
    rf"\s*(?:(?:\?\.|\.)\s*(?P<name>{_NAME})(?P<call>\s*\(\s*\))?"
    rf"|(?:\?\.)?\s*\[\s*(?:(?P<key>{_QUOTED})|(?P<index>0|[1-9]\d{{0,8}}))\s*\])",
    re.ASCII,
)
_ROOT = re.compile(rf"\s*(?:\$\(\s*(?P<node>{_QUOTED})\s*\)|(?P<root>\$[A-Za-z]+))", re.ASCII)
_END = re.compile(r"\s*;?\s*\Z")
_NODE_NAMES = re.compile(
    rf"\$(?:\(|items\(|node\s*\[)\s*(?P<quoted>{_QUOTED})|\$node\.(?P<name>{_NAME})", re.ASCII
)

_PLAIN = frozenset(
    ["$json", "$data", "$itemIndex", "$runIndex", "$position", "$vars", "$workflow", "$execution"]
)
_INPUT = {"item": "$json", "first()": "$first", "last()": "$last"}
_OF_NODE = {"item": "item", "first()": "first", "last()": "last"}


def node_names(text: str) -> frozenset[str]:
    """The nodes that a text names literally: `$('X')`, `$node["X"]`, `$node.X`, `$items("X")`."""
    if "$" not in text:
        return frozenset()
    return frozenset(match["name"] or match["quoted"][1:-1] for match in _NODE_NAMES.finditer(text))


def _paths(text: str, chunks: tuple[Chunk, ...]) -> tuple[str | Path, ...] | None:
    if "constructor" in text:
        return None
    found: list[str | Path] = []
    for chunk in chunks:
        path = chunk if isinstance(chunk, str) else path_of(chunk.source)
        if path is None:
            return None
        found.append(path)
    return tuple(found)


def path_of(code: str) -> Path | None:
    """The plain path that the code is; None when it is anything else."""
    start = _ROOT.match(code)
    if start is None:
        return None
    steps: list[str | int] = []
    at = start.end()
    while step := _STEP.match(code, at):
        at = step.end()
        if step["name"]:
            steps.append(step["name"] + ("()" if step["call"] else ""))
        elif step["key"] is not None:
            steps.append(step["key"][1:-1])
        else:
            steps.append(int(step["index"]))
    if not _END.match(code, at) or not BLOCKED.isdisjoint(map(str, steps)):
        return None
    return _rooted(start, steps)


def _rooted(start: re.Match[str], steps: list[str | int]) -> Path | None:
    root, node = start["root"] or "", (start["node"] or "")[1:-1]
    if root in _PLAIN:
        return _path(root, steps)
    if root == "$node" and len(steps) > 1 and isinstance(steps[0], str) and steps[1] == "json":
        return _path("same", steps[2:], steps[0])
    if len(steps) < 2 or steps[1] != "json" or (root and root != "$input"):
        return None
    kind = (_INPUT if root else _OF_NODE).get(str(steps[0]))
    return _path(kind, steps[2:], node) if kind else None


def _path(root: str, keys: list[str | int], node: str = "") -> Path | None:
    if any(isinstance(key, str) and key.endswith("()") for key in keys):
        return None
    return Path(root, tuple(keys), node)
