"""
Asks real n8n which expressions of real workflows it can read at all, and says where we differ.

    python -m tests.corpus_expressions FOLDER      FOLDER has *.json, and archives *.tar.xz of them

Every expression is evaluated with one empty item in every node; what counts is whether its syntax
is refused.
N8NLITE_ORACLE names the folder of the oracle (default ../shared/oracle beside this repository).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from n8nlite import importing
from n8nlite.errors import Error
from n8nlite_expressions import is_expression
from n8nlite_expressions.evaluate import evaluate_lines
from n8nlite_expressions.scanner import node_names
from tests.corpus import files
from tests.oracle import script

SYNTAX = (
    "invalid syntax",
    "Imports are not supported",
    'Cannot access "',
    "Cannot destructure",
    "Cannot use ",
    "Computed property names",
    "Expression contains invalid constructor",
)
"""How messages begin that are about how an expression is written, not what it comes to."""

Answer = Mapping[str, Any]


def expressions(folder: Path) -> list[str]:
    """The expressions of all workflows in the folder, each once, in the order they are found."""
    found: dict[str, None] = {}
    for name, data in files(folder):
        try:
            workflow = importing.read(data, name=name)
        except Error:
            continue
        for node in workflow.nodes:
            found |= dict.fromkeys(_strings(node.parameters))
    return list(found)


def _strings(value: Any) -> Iterator[str]:
    if is_expression(value):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def questions(texts: Sequence[str]) -> list[str]:
    """A line of `n8nlite eval`, and of the oracle, for each."""
    return [json.dumps(_question(text)) for text in texts]


def _question(text: str) -> dict[str, Any]:
    nodes: dict[str, Any] = {name: [{}] for name in sorted(node_names(text))}
    return {"expression": text, "nodes": nodes, "json": {}}


def real_answers(lines: Sequence[str]) -> list[Answer]:
    """What n8n makes of the lines."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        command = ["sh", str(script().with_name("eval_expressions.sh")), "--engine", "legacy"]
        done = subprocess.run([*command, file.name], stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.split("\n") if line]


def refused(answer: Answer) -> bool:
    """Whether the expression could not be read."""
    return str((answer["error"] or {}).get("message", "")).startswith(SYNTAX)


def main(folder: Path) -> int:
    """Compare, and print; 1 when there is a difference."""
    texts = expressions(folder)
    lines = questions(texts)
    differing = 0
    counts = [0, 0]
    for text, theirs, ours in zip(texts, real_answers(lines), evaluate_lines(lines), strict=True):
        verdicts = refused(theirs), refused(ours)
        counts = [count + verdict for count, verdict in zip(counts, verdicts, strict=True)]
        if verdicts[0] != verdicts[1]:
            differing += 1
            print(f"{text!r}\n    n8n: {_shown(theirs)}\n    we:  {_shown(ours)}")
    print(
        f"{len(texts)} expressions; n8n refuses {counts[0]}, we {counts[1]}; {differing} differ "
        f"({differing / max(1, len(texts)):.2%})"
    )
    return 1 if differing else 0


def _shown(answer: Answer) -> str:
    error = answer["error"]
    text = f"error: {error['message']}" if error else json.dumps(answer["value"])
    return text if len(text) <= 100 else f"{text[:97]}..."


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
