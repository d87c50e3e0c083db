"""
The code of expressions, rewritten so that it is safe to run (js/rewrite.mjs): once per process.

What comes out depends on nothing but the source, so all executions share it. The V8 context that
does it reads code and runs none.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Sequence
from typing import Any

from . import v8, wire
from .limits import Limits
from .scanner import Expression

Rewritten = dict[str, Any]
"""`chunks` for V8, with code in a list, or the `error` that is in the source."""

_KEPT = 4096

_known: dict[str, Rewritten] = {}  # by the expression's text
_lock = threading.Lock()
_context: v8.Context | None = None


def rewrite(expressions: Sequence[Expression], limits: Limits) -> list[Rewritten]:
    """
    What V8 is to run for each of them.

    Raises ExpressionTimeout when reading them takes too long.
    """
    texts = [each.text for each in expressions]
    found = {text: _known.get(text) for text in texts}
    if None in found.values():
        with _lock:
            found = _with_missing({each.text: each for each in expressions}, limits)
    return [found[text] or {} for text in texts]


def _with_missing(wanted: dict[str, Expression], limits: Limits) -> dict[str, Rewritten | None]:
    found = {text: _known.get(text) for text in wanted}
    missing = [each for text, each in wanted.items() if found[text] is None]
    for each, rewritten in zip(missing, _ask(missing, limits), strict=True):
        found[each.text] = _known[each.text] = rewritten
    while len(_known) > _KEPT:
        del _known[next(iter(_known))]
    return found


def _ask(expressions: Iterable[Expression], limits: Limits) -> list[Rewritten]:
    global _context
    chunks = [each.wire() for each in expressions]
    if not chunks:
        return []
    if _context is None or not _context.is_open:
        _context = v8.Context("compiler")
        _context.limit(Limits().memory)
    found: list[Rewritten] = wire.loads(_context.call(wire.dumps(chunks), limits.timeout))
    return found


def _forget() -> None:
    """In a forked child, where nobody may ever let go of the lock."""
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
