"""The command line, as a user meets it: a process with its streams and its exit status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.flow import assign, chain, node, trigger

COMMAND = [sys.executable, "-m", "n8nlite"]


def run(*arguments: str, input: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """The command with those arguments, in a process of its own."""
    return subprocess.run(
        [*COMMAND, *arguments],
        input=input,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **env},
        check=False,
    )


@pytest.fixture
def greeting(tmp_path: Path) -> str:
    """A workflow that greets everyone."""
    return _saved(tmp_path, trigger(), assign("Greet", text="=Hello {{ $json.name }}"))


def _saved(folder: Path, *nodes: Any, **more: Any) -> str:
    file = folder / "workflow.json"
    chain(*nodes, **more).save(file)
    return str(file)


def test_run_prints_the_last_items_and_nothing_else(greeting: str) -> None:
    done = run("run", greeting, "--input", "-", input='[{"name": "Ada"}]')
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == [{"name": "Ada", "text": "Hello Ada"}]


def test_json_prints_the_whole_result(greeting: str) -> None:
    done = run("run", greeting, "--json", "--input", "-", input='{"name": "Ada"}')
    data = json.loads(done.stdout)
    assert data["nodeExecutionOrder"] == ["Start", "Greet"]
    assert data["runData"]["Greet"][0]["outputs"][0][0]["pairedItem"] == {"item": 0}


def test_query_picks_from_the_result(greeting: str) -> None:
    expression = "runData.Greet[0].outputs[0][].json.text"
    done = run("run", greeting, "--query", expression, "--input", "-", input='{"name": "Ada"}')
    assert json.loads(done.stdout) == ["Hello Ada"]


def test_a_failed_run_is_one_line_and_status_1(tmp_path: Path) -> None:
    file = _saved(tmp_path, trigger(), node("Stop", "stopAndError", {"errorMessage": "not today"}))
    done = run("run", file)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "n8nlite: 'Stop': not today\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["run", "missing.json"], "missing.json: expected a workflow file, got no such file"),
        (["run", "{file}", "--input", "nowhere.json"], "nowhere.json: no such file"),
        (["run", "{file}", "--input", "{file}.bad"], "line 1"),
        (["run", "{file}", "--start", "Strat"], 'did you mean "Start"'),
        (["run", "{file}", "--now", "yesterday"], "expected an ISO date"),
        (["run", "{file}", "--var", "novalue"], "expected NAME=VALUE"),
        (["run", "{file}", "--query", "a["], "--query"),
        (["run", "{file}", "--timezone", "Mars/Base"], "Mars/Base"),
        (["nodes", "htpRequest"], "did you mean"),
        (["run", "{file}", "--nonsense"], "--nonsense"),
    ],
)
def test_wrong_usage_is_explained_with_status_2(
    greeting: str, arguments: list[str], expected: str
) -> None:
    Path(f"{greeting}.bad").write_text("{not json")
    done = run(*(each.format(file=greeting) for each in arguments))
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_secrets_never_leave_the_process(tmp_path: Path) -> None:
    """Not in data, not in errors: not even when the service gives them back."""
    request = node(
        "Ask",
        "httpRequest",
        {
            "url": "=https://api.example.com/{{ $json.path }}",
            "authentication": "genericCredentialType",
            "genericAuthType": "httpHeaderAuth",
            "options": {},
        },
    )
    file = _saved(tmp_path, trigger(), request)
    secret = "s3cret-token-1234"
    (tmp_path / "credentials.json").write_text(
        json.dumps({"httpHeaderAuth": {"name": "X-Key", "value": secret}})
    )
    mocks = [
        {"method": "GET", "url": "https://api.example.com/echo", "response": {"key": secret}},
        {
            "method": "GET",
            "url": "https://api.example.com/bad",
            "status": 401,
            "response": {"bad": secret},
        },
    ]
    (tmp_path / "mocks.json").write_text(json.dumps(mocks))
    given = [
        "--credentials",
        str(tmp_path / "credentials.json"),
        "--mocks",
        str(tmp_path / "mocks.json"),
    ]
    for path, status in (("echo", 0), ("bad", 1), ("unknown", 1)):
        done = run("run", file, "--json", "--input", "-", *given, input=json.dumps({"path": path}))
        assert done.returncode == status, done.stderr
        assert secret not in done.stdout + done.stderr


def test_options_come_from_flags_then_the_environment_then_pyproject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = _saved(tmp_path, trigger(), assign("Zone", zone="={{ $now.zoneName }}"))
    (tmp_path / "pyproject.toml").write_text('[tool.n8nlite.run]\ntimezone = "Asia/Tokyo"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", "")
    zone = ["run", file, "--query", "runData.Zone[0].outputs[0][0].json.zone"]
    environment = {"N8NLITE_RUN_TIMEZONE": "Europe/Paris"}
    assert json.loads(run(*zone).stdout) == "Asia/Tokyo"
    assert json.loads(run(*zone, **environment).stdout) == "Europe/Paris"
    assert json.loads(run(*zone, "--timezone", "UTC", **environment).stdout) == "UTC"


def test_eval_answers_line_by_line() -> None:
    lines = (
        '{"expression": "={{ $json.a + 1 }}", "json": {"a": 1}}\n{"expression": "={{ nope( }}"}\n'
    )
    done = run("eval", "-", input=lines)
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert (first["value"], first["type"]) == (2, "number")
    assert second["error"]


def test_show_draws_the_plan(greeting: str) -> None:
    done = run("show", greeting)
    assert done.returncode == 0
    assert "Greet" in done.stdout


def test_nodes_lists_and_details() -> None:
    assert "n8n-nodes-base.set" in run("nodes").stdout
    assert "maxItems = 1" in run("nodes", "limit").stdout
    assert json.loads(run("nodes", "limit", "--json").stdout)[0]["versions"] == [1]


def test_interrupt_prints_what_finished_and_status_130(tmp_path: Path) -> None:
    pause = node("Pause", "wait", {"amount": 30, "unit": "seconds"}, typeVersion=1.1)
    file = _saved(tmp_path, trigger(), pause)
    process = subprocess.Popen(
        [*COMMAND, "run", file, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert json.loads(out)["nodeExecutionOrder"] == ["Start"]
    assert err == "n8nlite: interrupted\n"


def test_a_closed_pipe_is_no_error(greeting: str) -> None:
    shell = f"{sys.executable} -m n8nlite nodes --json | head -c 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {shell}"], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_progress_is_on_a_terminal_only_and_without_colour_when_asked(greeting: str) -> None:
    """A pseudo terminal for stderr: a line for each node; NO_COLOR leaves no colours in it."""
    for no_colour in ("", "1"):
        main, other = os.openpty()
        process = subprocess.Popen(
            [*COMMAND, "run", greeting],
            stdout=subprocess.PIPE,
            stderr=other,
            env={**os.environ, "TERM": "xterm", **({"NO_COLOR": "1"} if no_colour else {})},
        )
        os.close(other)
        shown = _read_all(main)
        out = process.communicate(timeout=30)[0]
        assert json.loads(out) == [{"text": "Hello "}]
        assert "Greet" in shown
        assert ("\x1b[32m" in shown) is (not no_colour)


def _read_all(terminal: int) -> str:
    chunks = []
    while True:
        try:
            chunk = os.read(terminal, 4096)
        except OSError:
            break
        if not chunk:
            break
        chunks.append(chunk)
    os.close(terminal)
    return b"".join(chunks).decode()
