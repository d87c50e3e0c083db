"""Day 67: the orchestrator as the course has it and as n8n exports it, and three patterns."""

from __future__ import annotations

import json
import re
import runpy
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

import n8nlite
from tests.fixture import FOLDER

DAY = FOLDER / "day67"
ORCHESTRATORS = ("orchestrator-verbatim", "orchestrator")
NODES = [
    "Orchestration Trigger",
    "Initialize Orchestration",
    *(f"Execute Workflow {letter}" for letter in "ABCDE"),
    "Aggregate Workflow Results",
    "AI Orchestration Analysis",
    "Store Orchestration Results",
    "Send Orchestration Report",
]
FIVE = {f"https://api.workflow-{letter}.com": DAY / f"workflow_{letter}.json" for letter in "abcde"}
CALLABLE = [*FIVE.values(), DAY / "sequential.json", DAY / "parallel.json"]
NOON = "2026-03-05T12:00:00Z"


def data(name: str) -> Any:
    return json.loads((DAY / f"{name}.json").read_text(encoding="utf-8"))


@dataclass
class Orchestration:
    """A run of an orchestrator, with the requests that it sent."""

    result: n8nlite.Result
    sent: list[httpx.Request]

    def bodies(self, host: str) -> list[Any]:
        return [json.loads(each.content) for each in self.sent if host in each.url.host]


def orchestrate(
    name: str, request: str = "request", workflow: Any = None, mode: Any = "refuse", **options: Any
) -> Orchestration:
    sent: list[httpx.Request] = []
    body = data(request)
    given = {"items": [body]} if name == "orchestrator-verbatim" else {"body": body}
    mocks = n8nlite.Mocks(DAY / "mocks.json")
    result = n8nlite.load(workflow or DAY / f"{name}.json").run(
        **given,
        credentials=DAY / "credentials.json",
        http=n8nlite.Door(mode, mocks=mocks, on_request=sent.append),
        **{"routes": FIVE, **options},
    )
    return Orchestration(result, sent)


def pattern(name: str, request: Any) -> tuple[n8nlite.Result, dict[str, Any]]:
    """A pattern's run, and the report that its caller gets."""
    result = n8nlite.load(DAY / f"{name}.json").run(
        body=request, start="Orchestration Trigger", http="refuse", subs=CALLABLE
    )
    result.raise_for_error()
    assert result.response is not None
    return result, result.response.body


def statuses(report: dict[str, Any]) -> dict[str, str]:
    return {name[-1]: answer["status"] for name, answer in report["workflow_results"].items()}


@pytest.mark.parametrize("name", ORCHESTRATORS)
def test_eleven_of_eleven_nodes_run(name: str) -> None:
    result = orchestrate(name).result.raise_for_error()
    assert result.status == "success"
    assert result.order == NODES


@pytest.mark.parametrize("name", ORCHESTRATORS)
def test_five_requests_hold_id_workflow_data_and_the_previous_result(name: str) -> None:
    run = orchestrate(name)
    bodies = run.bodies("api.workflow-")
    assert [body["workflow_id"] for body in bodies] == [f"workflow_{x}" for x in "abcde"]
    asked = data("request")["orchestration_data"]
    for letter, body in zip("abcde", bodies, strict=True):
        assert body["orchestration_id"] == bodies[0]["orchestration_id"]
        assert re.fullmatch(r"\d{14}", body["orchestration_id"])
        assert body["data"] == {**asked, "start_time": body["data"]["start_time"]}
        assert body["timestamp"][:2] == "20"
        if letter != "a":
            before = chr(ord(letter) - 1)
            answer = run.result.node(f"Execute Workflow {before.upper()}").items[0].json
            assert body[f"workflow_{before}_result"] == answer


def test_all_five_answers_say_success() -> None:
    aggregated = orchestrate("orchestrator").result.node("Aggregate Workflow Results").items[0].json
    assert statuses(aggregated) == dict.fromkeys("abcde", "success")
    assert aggregated["orchestration_status"] == "completed"


def test_repairs_of_the_verbatim_orchestrator_are_listed() -> None:
    """Connections, versions and every parameter dialect are told, each with its place."""
    repairs = n8nlite.load(DAY / "orchestrator-verbatim.json").plan.repairs
    places: dict[str, set[str]] = {}
    for repair in repairs:
        places.setdefault(repair.code, set()).add(repair.place)
    assert places["chained"] == {"connections"}
    assert places["missing-version"] == {f"nodes[{n}].typeVersion" for n in range(11)}
    dialects = {int(place.split("[")[1].split("]")[0]) for place in places["dialect"]}
    assert dialects >= {1, 2, 3, 4, 5, 6, 8, 9, 10}


def test_verbatim_orchestrator_stores_what_real_n8n_would() -> None:
    """Its Set node keeps no other fields, so most of the record is empty: no repair of ours."""
    [record] = orchestrate("orchestrator-verbatim").bodies("api.airtable.com")
    assert list(record["fields"]) == ["AI Analysis", "Timestamp"]


def test_rewritten_orchestrator_needs_no_repair() -> None:
    for name in ("orchestrator", "sequential", "parallel", "conditional"):
        assert not n8nlite.load(DAY / f"{name}.json", strict=True).plan.repairs
    for path in FIVE.values():
        assert not n8nlite.load(path, strict=True).plan.repairs


def test_rewritten_orchestrator_leaves_no_field_empty() -> None:
    run = orchestrate("orchestrator", now=NOON, timezone="UTC")
    [record] = run.bodies("api.airtable.com")
    fields = record["fields"]
    assert len(fields) == 9
    assert all(value not in (None, "", "null", "undefined") for value in fields.values())
    assert fields["Orchestration ID"] == "20260305120000"
    assert fields["Workflows"] == "workflow_a, workflow_b, workflow_c, workflow_d, workflow_e"
    assert fields["Status"] == "completed"
    assert fields["AI Analysis"].startswith("All five workflows ran")
    assert json.loads(fields["Workflow Results"])["workflow_c"]["result"]["grade"] == "hot"
    [message] = run.bodies("slack.com")
    assert message["channel"] == "#orchestration-reports"
    assert message["text"] == (
        "🎭 Workflow Orchestration Completed\n"
        "ID: 20260305120000\n"
        "Workflows: workflow_a, workflow_b, workflow_c, workflow_d, workflow_e\n"
        "Status: completed\n"
        "Execution Time: 0ms"
    )


def test_model_is_asked_with_everything_filled() -> None:
    [asked] = orchestrate("orchestrator", now=NOON, timezone="UTC").bodies("api.openai.com")
    assert asked["model"] == "gpt-4"
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert "Type: client_onboarding\nWorkflows: workflow_a, " in asked["messages"][1]["content"]
    assert "undefined" not in asked["messages"][1]["content"]


@pytest.mark.parametrize("name", ORCHESTRATORS)
def test_one_failing_workflow_makes_the_orchestration_partial(name: str) -> None:
    """The one that fails has answered before it failed, and the others go on."""
    run = orchestrate(name, "request-partial")
    aggregated = run.result.raise_for_error().node("Aggregate Workflow Results").items[0].json
    assert aggregated["orchestration_status"] == "partial"
    assert statuses(aggregated) == {**dict.fromkeys("abde", "success"), "c": "error"}


def test_sequential_runs_one_after_the_other() -> None:
    _, report = pattern("sequential", data("request"))
    assert report["orchestration_status"] == "completed"
    assert statuses(report) == dict.fromkeys("abcde", "success")
    assert report["summary"].count("\n+ workflow_") == 3


def test_sequential_stops_at_the_workflow_that_fails() -> None:
    result, report = pattern("sequential", data("request-partial"))
    assert (report["orchestration_status"], report["stopped_at"]) == ("stopped", "workflow_c")
    assert "is not a number" in report["reason"]
    assert statuses(report) == {"a": "success", "b": "success"}
    assert "Execute Workflow D" not in result.runs


def test_parallel_keeps_the_rest_when_one_fails() -> None:
    _, report = pattern("parallel", data("request-partial"))
    assert (report["orchestration_status"], report["failed"]) == ("partial", ["workflow_c"])
    assert statuses(report) == {**dict.fromkeys("abde", "success"), "c": "error"}


def test_parallel_completes() -> None:
    result, report = pattern("parallel", data("request"))
    assert (report["orchestration_status"], report["failed"]) == ("completed", [])
    assert len(result.node("Collect Answers").items) == 5


@pytest.mark.parametrize(
    ("budget", "route", "ran"),
    [
        ("18500", "validate, enrich, score, schedule, summarise", "abcde"),
        ("4000", "validate, enrich, score, summarise", "abce"),
        ("500", "validate, enrich, score", "abc"),
    ],
)
def test_conditional_goes_as_far_as_the_lead_is_worth(budget: str, route: str, ran: str) -> None:
    request = data("request")
    request["execution_mode"] = "conditional"
    project = request["orchestration_data"]["project"]
    project.update(budget=budget)
    if budget == "500":
        project.update(urgency="low", deadline="2026-03-20")
    _, report = pattern("conditional", request)
    assert report["route"] == route
    assert statuses(report) == dict.fromkeys(ran, "success")


def test_conditional_leaves_an_unusable_request_to_a_person() -> None:
    request = data("request")
    request["execution_mode"] = "conditional"
    request["orchestration_data"]["client"]["email"] = "nobody"
    result, report = pattern("conditional", request)
    assert report["reason"] == 'Request rejected: "nobody" is not an e-mail address'
    assert "Execute Workflow B" not in result.runs


@pytest.mark.parametrize(
    ("mode", "request_name", "status"),
    [
        ("sequential", "request", "completed"),
        ("parallel", "request", "completed"),
        ("parallel", "request-partial", "partial"),
    ],
)
def test_conditional_hands_on_to_the_orchestration_that_is_asked_for(
    mode: str, request_name: str, status: str
) -> None:
    """Two levels deep: the conditional one calls the other, which calls the five."""
    result, report = pattern("conditional", {**data(request_name), "execution_mode": mode})
    assert (report["route"], report["orchestration_status"]) == (mode, status)
    assert f"Run {mode.capitalize()} Orchestration" in result.runs


@contextmanager
def served(path: Path) -> Iterator[str]:
    """A local HTTP server that answers POST /execute as the workflow's webhook does; its URL."""
    workflow = n8nlite.load(path)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            response = workflow.run(body=body, start="Webhook", http="refuse").response
            content = json.dumps(response.body if response else {}).encode()
            self.send_response(response.status if response and self.path == "/execute" else 404)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("name", ORCHESTRATORS)
def test_live_against_five_local_servers(name: str) -> None:
    """The same orchestrator over real sockets: no mocks and no routes for the five hosts."""
    text = (DAY / f"{name}.json").read_text(encoding="utf-8")
    with ExitStack() as stack:
        for prefix, path in FIVE.items():
            text = text.replace(prefix, stack.enter_context(served(path)))
        run = orchestrate(name, workflow=text, mode="live", routes={})
    result = run.result.raise_for_error()
    assert result.order == NODES
    assert len(run.bodies("127.0.0.1")) == 5
    aggregated = result.node("Aggregate Workflow Results").items[0].json
    assert statuses(aggregated) == dict.fromkeys("abcde", "success")


def test_secrets_stay_out_of_the_result() -> None:
    written = json.dumps(orchestrate("orchestrator").result.to_dict())
    for credential in data("credentials"):
        for key in ("apiKey", "accessToken"):
            assert credential["data"].get(key, "\0") not in written


def test_demo_ends_with_a_readable_summary(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `make demo` shows."""
    monkeypatch.setattr("sys.argv", ["demo.py"])
    monkeypatch.setenv("COLUMNS", "140")
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(DAY / "demo.py"), run_name="__main__")
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    for name in NODES:
        assert name in shown
    for expected in ("11 of 11 nodes", "92 of 100 points", "Orchestration ID", "🎭 Workflow"):
        assert expected in shown
