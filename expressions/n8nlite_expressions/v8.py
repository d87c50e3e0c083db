"""
V8 contexts: one per execution, never used again after a limit was hit.

What must be kept in mind of mini-racer is kept here: a context left open can hang the interpreter
at its exit, one inherited by a fork hangs when touched, one that hit a limit may hang when used
again, one made inside a running asyncio loop cannot have timeouts, and two threads that make the
process's first ones at the same moment abort it.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import json
import os
import sys
import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from . import _bundle
from .errors import ExpressionError, ExpressionTimeout

if TYPE_CHECKING:
    from py_mini_racer import MiniRacer

T = TypeVar("T")
Use = Literal["compiler", "expressions", "strict", "code"]
"""
What a context is for: to read expressions for all others, to run those of one execution (hardened
against them), or to run the code of one Code node. Each has a file in js/uses.
"""

_LAST_WORDS = 5.0  # seconds that V8 has to answer what it was last asked
_PATIENCE = 10.0  # seconds that the process waits at its exit for V8 to give up
_LITERAL_LIMIT = 10_000  # characters; up to here source text is the faster way in

_open: weakref.WeakSet[Context] = weakref.WeakSet()
_helpers: weakref.WeakSet[threading.Thread] = weakref.WeakSet()
_making = threading.Lock()


class Context:
    """A V8 context with the runtime loaded. `call` may come from any thread, one at a time."""

    def __init__(self, use: Use) -> None:
        self.use = use
        self._lock = threading.Lock()
        self._racer: MiniRacer | None = _off_loop(lambda: _make_racer(use))
        self._run: Any = None
        _open.add(self)

    @property
    def is_open(self) -> bool:
        """Whether the context can still be called."""
        return self._racer is not None

    def limit(self, memory: int) -> None:
        """Bytes of V8's heap that it may use."""
        if self._racer is not None:
            self._racer.set_hard_memory_limit(memory)

    def call(self, request: str, timeout: float) -> str:
        """
        Hand the runtime a request, get its answer; both are JSON.

        Raises ExpressionTimeout when it takes longer than `timeout` seconds or too much memory; the
        context is closed then.
        """
        from py_mini_racer import JSEvalException, JSOOMException, JSTimeoutException
        from py_mini_racer._exc import JSTerminatedException

        with self._lock:
            if self._racer is None:
                raise ExpressionError("the evaluator is closed")
            try:
                answer = self._enter(self._racer, request, timeout)
            except (JSTimeoutException, JSTerminatedException):
                self.discard()
                raise ExpressionTimeout("Expression timed out") from None
            except JSOOMException:
                self.discard()
                raise ExpressionTimeout("Expression ran out of memory") from None
            except JSEvalException as error:
                self.discard()
                raise ExpressionError(_internal(error)) from None
        if not isinstance(answer, str):
            raise ExpressionError("Expression evaluation failed")
        return answer

    def _enter(self, racer: MiniRacer, request: str, timeout: float) -> Any:
        if len(request) < _LITERAL_LIMIT:
            return racer.eval(f"run({json.dumps(request)})", timeout_sec=timeout)
        if self._run is None:
            self._run = racer.eval("run", timeout_sec=timeout)
        return self._run(request, timeout_sec=timeout)

    def close(self) -> None:
        """Free the context. Waits for a call that is under way."""
        racer, self._racer, self._run = self._racer, None, None
        _open.discard(self)
        if racer is not None:
            racer.close()

    def discard(self) -> None:
        """Free the context without waiting: V8 may be busy for seconds yet."""
        racer, self._racer, self._run = self._racer, None, None
        _open.discard(self)
        if racer is not None:
            in_background(_close_when_idle, racer)


def _internal(error: Exception) -> str:
    """An error of the runtime itself, without its source."""
    first = next((line for line in str(error).splitlines() if "Error: " in line), "unknown error")
    return f"Expression evaluation failed: {first.partition(': ')[2][:200]}"


def in_background(work: Callable[..., None], *given: Any) -> None:
    """Work that nobody waits for, but the process at its exit."""
    helper = threading.Thread(target=work, args=given, daemon=True, name="n8nlite-v8")
    _helpers.add(helper)
    helper.start()


def _close_when_idle(racer: MiniRacer) -> None:
    """
    V8's last answer must find the event loop open; it comes before that of another question. What
    never ends by itself (promises that make promises) ends with the context, its answers unheard.
    """
    try:
        racer.eval("0", timeout_sec=_LAST_WORDS)
    except Exception:
        with contextlib.suppress(AttributeError, TypeError):
            object.__setattr__(racer._ctx, "handle_callback_from_v8", _unheard)
    racer.close()


def _unheard(callback_id: int, raw_val_handle: Any) -> None:
    """What becomes of an answer that comes when nobody is there any more."""


def _make_racer(use: Use) -> MiniRacer:
    from py_mini_racer import MiniRacer

    with _making:
        racer = MiniRacer()
    racer.eval(f"{_bundle.source(use)};0")
    return racer


def _off_loop(make: Callable[[], T]) -> T:
    """Call it where no asyncio loop runs. Importing asyncio to see whether one does costs 17 ms."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None or asyncio._get_running_loop() is None:
        return make()
    made: list[T] = []
    thread = threading.Thread(target=lambda: made.append(make()))
    thread.start()
    thread.join()
    return made[0]


def _close_all() -> None:
    for context in list(_open):
        context.discard() if context._lock.locked() else context.close()
    for helper in list(_helpers):
        helper.join(timeout=_PATIENCE)
    for context in list(_open):  # made meanwhile
        context.close()


def _abandon_inherited() -> None:
    """In a forked child: never touch, and never free, the parent's contexts."""
    global _making
    _making = threading.Lock()
    _helpers.clear()
    for context in list(_open):
        racer = context._racer
        for inherited in (racer, getattr(racer, "_own_context_maker", None)):
            if inherited is not None:
                ctypes.pythonapi.Py_IncRef(ctypes.py_object(inherited))
        context._racer = context._run = None
        context._lock = threading.Lock()
    _open.clear()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_abandon_inherited)
