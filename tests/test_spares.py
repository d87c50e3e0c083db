"""Contexts made ahead of time."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from n8nlite_expressions import spares, v8
from tests.fixture import FOLDER

MEMORY = 64 << 20


@pytest.fixture(autouse=True)
def no_spares(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test begins as a process does."""
    wait_for_helpers()
    monkeypatch.setattr(spares, "_spares", {})
    monkeypatch.setattr(spares, "_wanted", Counter())
    yield
    for spare in spares._spares.values():
        context = spare.take()
        if context is not None:
            context.close()


def wait_for_helpers() -> None:
    for helper in list(v8._helpers):
        helper.join()


def test_who_wants_one_context_gets_no_other() -> None:
    """A command that runs once makes nothing that it throws away."""
    context = spares.acquire("code", MEMORY)
    spares.release(context)
    wait_for_helpers()
    assert not context.is_open
    assert not spares._spares


def test_who_wants_a_second_one_finds_the_third_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next context is made when one is done with; nobody makes one while he waits."""
    for _ in range(2):
        spares.release(spares.acquire("code", MEMORY))
    wait_for_helpers()
    monkeypatch.delattr(spares, "Context")
    third = spares.acquire("code", MEMORY)
    assert third.is_open
    third.close()


def test_a_context_is_never_given_twice() -> None:
    """What one execution leaves in a context, no other sees."""
    seen = []
    for _ in range(4):
        seen.append(spares.acquire("code", MEMORY))
        spares.release(seen[-1])
    wait_for_helpers()
    assert len(set(map(id, seen))) == 4
    assert not any(each.is_open for each in seen)


def test_a_spare_that_could_not_be_made_is_made_by_who_wants_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A helper that fails does not keep anyone waiting."""
    spare = spares._Spare("code")
    spares._spares["code"] = spare
    with monkeypatch.context() as patch:
        patch.setattr(spares, "Context", lambda use: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            spare.make()
    context = spares.acquire("code", MEMORY)
    assert context.is_open
    context.close()


def test_contexts_are_made_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads that make the process's first contexts at once abort it."""
    making, most = 0, 0

    class Racer:
        def __init__(self) -> None:
            nonlocal making, most
            making += 1
            most = max(most, making)
            time.sleep(0.01)
            making -= 1

        def eval(self, source: str) -> None:
            pass

    monkeypatch.setattr("py_mini_racer.MiniRacer", Racer)
    threads = [threading.Thread(target=v8._make_racer, args=["code"]) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert most == 1


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_memory_does_not_grow() -> None:
    """A thousand runs take no more memory than a hundred, but for 5 MB."""
    code = f"""
import resource, n8nlite
def megabytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6
workflow = n8nlite.load({str(FOLDER / "bench/trivial.json")!r})
def least(runs):
    found = []
    for _ in range(runs):
        workflow.run()
        found.append(megabytes())
    return min(found[-50:])
before = least(100)
print(least(900) - before)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 5
