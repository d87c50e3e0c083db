"""
Contexts made ahead of time, while the process does something else.

A process that has wanted two of a kind has the next one made as soon as one is done with. Who comes
before it is ready waits for it: that takes less time than to make another.
"""

from __future__ import annotations

import os
import threading
from collections import Counter

from . import v8
from .v8 import Context, Use


class _Spare:
    """A context in the making."""

    def __init__(self, use: Use) -> None:
        self._use = use
        self._ready = threading.Event()
        self._context: Context | None = None

    def make(self) -> None:
        try:
            self._context = Context(self._use)
        finally:
            self._ready.set()

    def take(self) -> Context | None:
        self._ready.wait()
        return self._context


_lock = threading.Lock()
_spares: dict[Use, _Spare] = {}
_wanted: Counter[Use] = Counter()


def acquire(use: Use, memory: int) -> Context:
    """A context of one's own, with so many bytes of heap; `release` it when done."""
    with _lock:
        spare = _spares.pop(use, None)
        _wanted[use] += 1
    context = (spare and spare.take()) or Context(use)
    context.limit(memory)
    return context


def release(context: Context) -> None:
    """Free the context; get the next one ready where there is likely to be a next."""
    if _wanted[context.use] < 2:
        context.close()
    else:
        v8.in_background(_renew, context)


def _renew(context: Context) -> None:
    context.close()
    with _lock:
        if context.use in _spares:
            return
        spare = _spares[context.use] = _Spare(context.use)
    spare.make()


def _forget() -> None:
    """In a forked child, where nobody goes on making them."""
    global _lock
    _lock = threading.Lock()
    _spares.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
