"""V8 contexts: limits, exit, fork, threads, asyncio."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from n8nlite.errors import NodeError
from n8nlite.testing import run_node
from n8nlite_expressions import (
    Evaluator,
    ExpressionError,
    ExpressionTimeout,
    Item,
    Limits,
    Scope,
    v8,
)

SCOPE = Scope(input=[Item({"n": 1})], timezone="UTC")
SHORT = Limits(timeout=0.2, memory=64 << 20)


@pytest.mark.parametrize(
    "code",
    [
        "(() => { while (true) {} })()",
        "(() => { for (;;) { try { while (true) {} } catch {} } })()",
        "/^(a+)+$/.test('a'.repeat(40) + '!')",
        "[1].map(function f() { return [1].map(f) })",
        "Array.from({ length: 1e9 }, (_, i) => i)",
        "(() => { const all = []; while (true) all.push('x'.repeat(1000) + all.length) })()",
    ],
)
def test_limits(code: str) -> None:
    """Code that takes too long or too much ends in an error, or in nothing; the next one works."""
    with Evaluator(limits=SHORT) as evaluator:
        with contextlib.suppress(ExpressionTimeout):
            evaluator.resolve(f"={{{{ {code} }}}}", SCOPE)
        assert evaluator.resolve("={{ $json.n + 1 }}", SCOPE) == 2


def test_a_result_that_is_too_large() -> None:
    """The size of what comes back is limited."""
    with Evaluator(limits=Limits(result=1000)) as evaluator:
        with pytest.raises(ExpressionError, match="too large"):
            evaluator.resolve("={{ 'x'.repeat(2000) }}", SCOPE)
        assert evaluator.resolve("={{ 1 + 1 }}", SCOPE) == 2


@pytest.mark.parametrize(
    ("code", "value"),
    [("'\\ud800'", "\ud800"), ("new Date(NaN)", None), ("10n ** 20n", 10**20), ("-0", 0)],
)
def test_values_that_mini_racer_cannot_return(code: str, value: object) -> None:
    """Only JSON text leaves V8, so nothing hangs."""
    with Evaluator(limits=SHORT) as evaluator:
        assert evaluator.resolve(f"={{{{ {code} }}}}", SCOPE) == value


def test_resident_items_make_room() -> None:
    """Beyond the budget the oldest items leave V8, and come back when they are wanted."""
    scopes = [
        Scope(input=[Item({"n": n, "text": "x" * 1000}) for _ in range(10)]) for n in range(5)
    ]
    with Evaluator(limits=Limits(resident=25_000)) as evaluator:
        for _ in range(2):
            found = [evaluator.resolve("={{ $json.n + 0 }}", scope) for scope in scopes]
            assert found == [0, 1, 2, 3, 4]


def test_threads() -> None:
    """One evaluator, many threads."""
    with Evaluator() as evaluator, ThreadPoolExecutor(8) as pool:
        jobs = [
            pool.submit(evaluator.resolve, f"={{{{ $json.n + {n} }}}}", SCOPE) for n in range(100)
        ]
        assert [job.result() for job in jobs] == [n + 1 for n in range(100)]


def test_inside_a_running_loop() -> None:
    """A timeout works when an asyncio loop runs in the thread."""

    async def evaluate() -> object:
        with Evaluator(limits=SHORT) as evaluator:
            with pytest.raises(ExpressionTimeout):
                evaluator.resolve("={{ (() => { while (true) {} })() }}", SCOPE)
            return evaluator.resolve("={{ 1 + 1 }}", SCOPE)

    assert asyncio.run(evaluate()) == 2


def test_a_closed_evaluator_says_so() -> None:
    """No crash, no hang."""
    evaluator = Evaluator()
    evaluator.close()
    with pytest.raises(ExpressionError, match="closed"):
        evaluator.resolve("={{ 1 + 1 }}", SCOPE)


def in_a_process(code: str) -> str:
    """What a Python process prints that runs the code; it must end by itself."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


OPEN = """
from n8nlite_expressions import *
scope = Scope(input=[Item({"n": 1})], timezone="UTC")
evaluator = Evaluator(limits=Limits(timeout=0.2))
print(evaluator.resolve("={{ $json.n + 1 }}", scope), flush=True)
"""


def test_a_process_that_closes_nothing_ends() -> None:
    """Contexts left open are closed at exit."""
    more = (
        "others = [Evaluator() for _ in range(3)]\n[e.resolve('={{ 1+1 }}', scope) for e in others]"
    )
    assert in_a_process(OPEN + more) == "2"


def test_a_process_ends_after_a_timeout() -> None:
    """A context that was thrown away does not keep the process, nor make it complain."""
    more = """
try:
    evaluator.resolve("={{ (() => { while (true) {} })() }}", scope)
except ExpressionTimeout as error:
    print(error)
"""
    assert in_a_process(OPEN + more) == "2\nExpression timed out"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_fork() -> None:
    """A forked child makes contexts of its own and leaves its parent's alone."""
    more = """
import os
child = os.fork()
if not child:
    print(Evaluator().resolve("={{ 20 + 1 }}", scope), flush=True)
else:
    assert os.waitpid(child, 0)[1] == 0
    print(evaluator.resolve("={{ 30 + 1 }}", scope), flush=True)
"""
    assert in_a_process("import warnings; warnings.simplefilter('ignore')\n" + OPEN + more) == (
        "2\n21\n31"
    )


def test_importing_is_cheap() -> None:
    """`import n8nlite_expressions` starts no V8."""
    code = "import sys, n8nlite_expressions; print('py_mini_racer' in sys.modules)"
    assert in_a_process(code) == "False"


def test_promises_without_end_are_ended_with_their_context(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """No thread spins on, and nobody hears of answers that came too late."""
    endless = "const again = () => Promise.resolve().then(again); again(); return []"
    with pytest.raises(NodeError, match="timed out"):
        run_node(
            "n8n-nodes-base.code",
            {"jsCode": endless},
            version=2,
            env={"N8N_RUNNERS_TASK_TIMEOUT": "1"},
        )
    for helper in list(v8._helpers):
        helper.join(timeout=30)
        assert not helper.is_alive()
    assert capfd.readouterr().err == ""
