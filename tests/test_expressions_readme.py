"""The examples of expressions/README.md run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "expressions/README.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_example(example: str) -> None:
    """As it stands there, with its assertions."""
    exec(compile(example, str(README), "exec"), {})


def test_there_are_examples() -> None:
    """The pattern above still finds them."""
    assert len(EXAMPLES) == 3
