"""A short run of the fuzzer; `python -m tests.fuzz` is the long one."""

from __future__ import annotations

from tests.corpus_expressions import expressions
from tests.fuzz import FOLDER, fuzz


def test_hostile_expressions_neither_hang_nor_leave_anything_behind() -> None:
    """By grammar, and changed ones of the fixtures; the same ones each time."""
    found = fuzz(400, 7, expressions(FOLDER.parent / "fixtures"))
    assert not found.failures
    assert found.canaries > 10
    assert found.outcomes["values"] > 100
    assert found.outcomes["errors"] > 100
