"""
Asks real n8n what it makes of our fixtures. A tool for developers; the tests only read its answers.

    python -m tests.oracle record fixtures/set/*.json      writes <case>.expected.json beside each
    python -m tests.oracle check fixtures/set/*.json       says where the answers are out of date

N8NLITE_ORACLE names the folder of the oracle (default ../shared/oracle beside this repository).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.compare import differences
from tests.fixture import ROOT, Fixture, is_fixture
from tests.oracle_mocks import MockServer

KEPT = ("status", "error", "lastNodeExecuted", "nodeExecutionOrder", "runData")
KEPT_IF_ANY = ("webhookResponse", "staticData", "stillWaitingForInput")
KEPT_OF_RUN = ("executionIndex", "status", "source", "outputs", "other", "error")
KEPT_OF_ERROR = ("name", "message", "description", "httpCode", "node", "messages", "context")
DROPPED_OF_BINARY = {"id", "directory", "base64"}
LONGEST = 400  # seconds for one workflow


class Oracle:
    """Real n8n, in one process that runs one workflow after another."""

    def __init__(self, server: MockServer, home: Path) -> None:
        self._server = server
        self._log = home / "log"
        command = ["sh", str(script()), "--jsonl", "--home", str(home), "--mock", server.url]
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self._answer()  # n8n is up

    def ask(self, fixture: Fixture) -> dict[str, Any]:
        """What n8n makes of a fixture, without all that changes from run to run."""
        self._server.load(fixture.companion("mocks") or [])
        answer = cleaned(self.run(job(fixture)))
        for request in self._server.unanswered:
            print(f"{fixture.id}: no mock answers {request}", file=sys.stderr)
        return answer

    def run(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Run one job of the oracle's --jsonl mode."""
        assert self._process.stdin is not None
        print(json.dumps(job), file=self._process.stdin, flush=True)
        return self._answer()

    def close(self) -> None:
        """End n8n."""
        self._process.communicate(timeout=60)

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            last = "\n".join(self._log.read_text().splitlines()[-10:])
            raise SystemExit(f"the oracle ended with status {self._process.wait()}:\n{last}")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def oracle() -> Iterator[Oracle]:
    """Real n8n, for as long as it is needed."""
    if not script().exists():
        raise SystemExit(f"no oracle at {script().parent}: name its folder in N8NLITE_ORACLE")
    with (
        tempfile.TemporaryDirectory(prefix="n8nlite-oracle-") as home,
        closing(MockServer()) as server,
        closing(Oracle(server, Path(home))) as asked,
    ):
        yield asked


def script() -> Path:
    """What starts the oracle."""
    return Path(os.environ.get("N8NLITE_ORACLE", ROOT.parent / "shared/oracle"), "run_oracle.sh")


def job(fixture: Fixture) -> dict[str, Any]:
    """A fixture as a job for the oracle."""
    wanted: dict[str, Any] = {"workflow": fixture.workflow, "timeout": LONGEST}
    wanted |= {key: each for key, each in fixture.options.items() if key in ("start", "mode")}
    if (items := fixture.companion("input")) is not None:
        wanted["input"] = items
    if credentials := fixture.companion("credentials"):
        wanted["credentials"] = _by_id(credentials)
    wanted["sub"] = fixture.sub_workflows
    return wanted


def cleaned(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer without times, ids and all else that changes from run to run."""
    kept = {key: answer.get(key) for key in KEPT}
    kept |= {key: answer[key] for key in KEPT_IF_ANY if answer.get(key)}
    kept["error"] = _error(answer.get("error"))
    kept["runData"] = {
        node: [_run(run) for run in runs] for node, runs in answer.get("runData", {}).items()
    }
    return kept


def _by_id(credentials: Any) -> Any:
    if isinstance(credentials, Mapping):
        return credentials
    return {key: each["data"] for each in credentials for key in (each["id"], each["type"])}


def _run(run: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: run[key] for key in KEPT_OF_RUN if key in run}
    if "error" in kept:
        kept["error"] = _error(kept["error"])
    if kept.get("outputs"):
        kept["outputs"] = [items and [_item(item) for item in items] for items in kept["outputs"]]
    return kept


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(item)
    if "error" in kept:
        kept["error"] = _error(kept["error"])
    if "binary" in kept:
        kept["binary"] = {
            name: {key: each for key, each in entry.items() if key not in DROPPED_OF_BINARY}
            for name, entry in kept["binary"].items()
        }
    return kept


def _error(error: Any) -> Any:
    if not isinstance(error, Mapping):
        return error
    return {key: error[key] for key in KEPT_OF_ERROR if error.get(key) is not None}


def record(asked: Oracle, fixture: Fixture) -> bool:
    """Write down what n8n makes of a fixture."""
    expected = asked.ask(fixture)
    text = json.dumps(expected, indent=2, ensure_ascii=False)
    fixture.file("expected").write_text(f"{text}\n", encoding="utf-8")
    error = f"  {expected['error']['message']}" if expected["error"] else ""
    print(
        f"{expected['status']:12} {len(expected['nodeExecutionOrder'])} nodes  {fixture.id}{error}"
    )
    return bool(expected["status"] != "setup_error")


def check(asked: Oracle, fixture: Fixture) -> bool:
    """Say where what is written down of a fixture is not what n8n makes of it."""
    found = differences(fixture.companion("expected"), asked.ask(fixture))
    print(f"{'differs' if found else 'holds':8} {fixture.id}", *found, sep="\n    ")
    return not found


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 1 when a workflow could not be run, or differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", choices=["record", "check"])
    parser.add_argument("files", nargs="+", type=Path)
    chosen = parser.parse_args(arguments)
    act = record if chosen.what == "record" else check
    cases = [Fixture(path.resolve()) for path in chosen.files if is_fixture(path)]
    with oracle() as asked:
        fine = [act(asked, case) for case in cases]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
