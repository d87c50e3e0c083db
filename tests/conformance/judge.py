"""Runs cases in processes of their own: a case that hangs or crashes fails alone."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import time
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import Any

from tests.conformance.cases import Case, NotThere

LIMIT = 30.0  # seconds for one case, the start of a process included
MOST = 20  # differences of a case that are kept


@dataclass(slots=True)
class Outcome:
    """What came of a case: what differs, or why it cannot be judged at all (`not_there`)."""

    case: Case
    differences: list[str] = field(default_factory=list)
    not_there: str = ""
    seconds: float = 0.0


def judged(cases: Iterable[Case], jobs: int = 2, limit: float = LIMIT) -> Iterator[Outcome]:
    """The outcome of every case, as they are ready."""
    waiting = iter(cases)
    workers = [_Worker(limit) for _ in range(jobs)]
    try:
        for worker in workers:
            worker.take(next(waiting, None))
        while busy := {worker.pipe: worker for worker in workers if worker.case}:
            soonest = min(worker.remaining() for worker in busy.values())
            wait(list(busy), timeout=max(0.0, soonest))
            for worker in busy.values():
                if outcome := worker.outcome():
                    yield outcome
                    worker.take(next(waiting, None))
    finally:
        for worker in workers:
            worker.stop()


class _Worker:
    def __init__(self, limit: float) -> None:
        self._limit = limit
        self.case: Case | None = None
        self._since = 0.0
        self._start()

    def take(self, case: Case | None) -> None:
        self.case, self._since = case, time.monotonic()
        if case:
            self.pipe.send(case)

    def remaining(self) -> float:
        return self._since + self._limit - time.monotonic()

    def outcome(self) -> Outcome | None:
        assert self.case
        took = time.monotonic() - self._since
        try:
            if self.pipe.poll():
                differences, not_there = self.pipe.recv()
                return Outcome(self.case, differences, not_there, took)
            ended = "no answer in time"
        except EOFError:
            self._process.join(5)
            ended = f"the process ended with status {self._process.exitcode}"
            took = self._limit
        if took < self._limit:
            return None
        self.stop()
        self._start()
        return Outcome(self.case, [ended], "", took)

    def stop(self) -> None:
        self._process.kill()
        self._process.join()
        self.pipe.close()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()


def _work(pipe: Connection[Any, Any]) -> None:
    os.environ["TZ"] = "UTC"
    time.tzset()
    while True:
        try:
            case = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        pipe.send(_judge(case))


def _judge(case: Case) -> tuple[list[str], str]:
    try:
        module = importlib.import_module(f"tests.conformance.{case.group}")
        return list(islice(module.check(case), MOST)), ""
    except NotThere as missing:
        return [], str(missing)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{os.path.basename(last.filename)}:{last.lineno}"
        return [f"{type(error).__name__}: {error} ({place})"], ""
