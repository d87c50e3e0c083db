"""
Hostile workflows: names, data, nodes and loops that would reach, or take, more than is theirs.

The ids are those of the cases in our security review.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import n8nlite
from n8nlite import registry
from n8nlite.context import Request
from n8nlite.errors import NodeError, UnknownNode
from n8nlite.node import Item
from n8nlite.testing import run_node
from tests.flow import assign, chain, node, trigger, workflow

ROOT = Path(__file__).parents[1]
SET = "n8n-nodes-base.set"
NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype", "__class__"]


def values(*pairs: tuple[str, Any], **more: Any) -> dict[str, Any]:
    """The parameters of a Set node with these fields."""
    fields = [{"id": name, "name": name, "type": "string", "value": value} for name, value in pairs]
    return {"assignments": {"assignments": fields}, "options": {}, **more}


# -- DATA-001, DATA-003, DATA-005: text and names ------------------------------------------------


@pytest.mark.parametrize("text", ["={{ 7 * 7 }}", "{{ 7 * 7 }}", "={{ $env.HOME }}", "=<<7>>"])
def test_text_from_outside_stays_text(text: str) -> None:
    """DATA-001: through a webhook, Set, Code, a condition, a request and the answer."""
    same = {
        "id": "1",
        "operator": {"type": "string", "operation": "equals"},
        "rightValue": "={{ $json.kept }}",
    }
    condition = {
        "options": {"version": 2, "caseSensitive": True, "typeValidation": "strict"},
        "combinator": "and",
        "conditions": [{**same, "leftValue": "={{ $json.kept }}"}],
    }
    hook = node("Hook", "webhook", {"path": "a", "httpMethod": "POST", "responseMode": "lastNode"})
    url = "=http://api.test/{{ encodeURIComponent($json.kept) }}"
    twice = ("twice", "=a {{ $json.body.x }}")
    old = ("old", "={{ $('Set').item.json.kept }}")
    raw = {"mode": "raw", "jsonOutput": '={ "kept": {{ JSON.stringify($json.kept) }} }'}
    made = chain(
        {**hook, "typeVersion": 2},
        node("Set", "set", values(("kept", "={{ $json.body.x }}"), twice)),
        node("Code", "code", {"jsCode": "return $input.all()"}),
        node("Set again", "set", values(("kept", "={{ $json.kept }}"), old)),
        node("Raw", "set", raw),
        node("Filter", "filter", {"conditions": condition}),
        node("Ask", "httpRequest", {"url": url}),
    )
    seen: list[str] = []

    def answer(request: Any) -> dict[str, Any]:
        seen.append(request.url.path)
        return {"text": text}

    result = made.run(request=Request(body={"x": text}), http=[answer])
    assert result.ok, result.error
    assert result.node("Set").items[0].json == {"kept": text, "twice": f"a {text}"}
    assert result.node("Set again").items[0].json == {"kept": text, "old": text}
    assert result.node("Raw").items[0].json == {"kept": text}
    assert result.items[0].json == {"text": text}
    assert seen == [f"/{text}"]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_prototypes_are_names(name: str) -> None:
    """DATA-003: a node, its connections, an item's key and a variable may be called that."""
    seen = f"={{{{ $('{name}').first().json['a'] + Object.keys($json).join() }}}}"
    made = chain(trigger(), node(name, "set", values(("a", "1"))), assign("Last", seen=seen))
    result = made.run([{}], vars={name: 1})
    assert result.ok, result.error
    assert result.items[0].json == {"a": "1", "seen": "1a"}
    assert result.to_dict()["runData"][name][0]["outputs"]
    again = n8nlite.load(made.to_json())
    assert again.plan.tree()
    ((kept,),) = run_node(SET, {"assignments": {}, "includeOtherFields": True}, [{name: {"x": 1}}])
    assert kept.json == {name: {"x": 1}}


@pytest.mark.parametrize(
    "path", ["__proto__.polluted", "constructor.prototype.polluted", "a.__proto__.b", "__proto__"]
)
def test_dotted_names_pollute_nothing(path: str) -> None:
    """DATA-005: stored as data or left out; fresh objects, here and in V8, are as ever."""
    clean = "={{ String(({}).polluted) + ({}).b + [].polluted + (() => 1).polluted }}"
    made = chain(trigger(), node("Set", "set", values((path, "1"))), assign("Look", clean=clean))
    result = made.run([json.loads('{"__proto__": {"polluted": 1}, "a": {"__proto__": {"b": 1}}}')])
    assert result.items[0].json["clean"] == "undefined" * 4
    assert not hasattr(object, "polluted")


def test_regular_expressions_from_parameters_have_a_limit() -> None:
    """DATA-022: one search is stopped, and the error says why."""
    for pattern in (r"^(\w+\s?)*$", "(x+x+)+y", "(.*a){25}"):
        condition = {
            "options": {"version": 2, "caseSensitive": True, "typeValidation": "strict"},
            "combinator": "and",
            "conditions": [
                {
                    "id": "1",
                    "leftValue": "x" * 40_000 + " a" * 30 + "!",
                    "rightValue": pattern,
                    "operator": {"type": "string", "operation": "regex"},
                }
            ],
        }
        try:
            run_node("n8n-nodes-base.filter", {"conditions": condition}, version=2.2)
        except NodeError as error:
            assert "took longer than" in error.message  # noqa: PT017


# -- FILE-...: nothing of the host ----------------------------------------------------------------


@pytest.mark.parametrize(
    "type_name",
    [
        *("../../evil.node", "os.path", "n8n-nodes-base.../x", "n8n-nodes-base.__init__", ""),
        *("n8n-nodes-base.os", "n8n-nodes-base._http", "n8nlite_nodes.code", "n8n-nodes-base."),
        *("/etc/passwd", "n8n-nodes-base.code/../set", "n8n-nodes-base.Code", "a\0b", "."),
    ],
)
def test_a_type_is_no_path_and_no_module(type_name: str) -> None:
    """FILE-010: looked up among the nodes there are; nothing is imported for it."""
    before = set(sys.modules)
    with pytest.raises(UnknownNode):
        registry.lookup(type_name, 1, {})
    new = {name for name in set(sys.modules) - before if not name.startswith("n8nlite_nodes")}
    assert new <= {"pkgutil"}


@pytest.mark.parametrize(
    "type_name", ["executeCommand", "ssh", "localFileTrigger", "readWriteFile", "git", "function"]
)
def test_nodes_that_reach_the_host_are_not_there(type_name: str) -> None:
    """FILE-002, FILE-006, FILE-007: a workflow with one is refused, and the node is named."""
    made = chain(trigger(), node("Reach", type_name, {"command": "id", "filePath": "/etc/passwd"}))
    result = made.run([{}])
    assert result.status in ("error", "setup_error")
    assert type_name in str(result.cause)


MODULES = [*ROOT.glob("n8nlite/**/*.py"), *ROOT.glob("nodes/**/*.py")]
MODULES += ROOT.glob("expressions/n8nlite_expressions/**/*.py")
FORBIDDEN = {
    *("subprocess", "pickle", "marshal", "shelve", "dill", "yaml", "code", "codeop", "pty"),
    *("multiprocessing", "commands", "ftplib", "telnetlib", "smtplib", "xmlrpc", "urllib3"),
}
CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "system",
    "popen",
    "spawnv",
    "execv",
    "posix_spawn",
}


def _uses(tree: ast.AST) -> Iterator[str]:
    for each in ast.walk(tree):
        if isinstance(each, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in each.names)
        elif isinstance(each, ast.ImportFrom) and not each.level:
            yield (each.module or "").partition(".")[0]
        elif isinstance(each, ast.Call) and isinstance(each.func, ast.Name):
            yield f"{each.func.id}()"
        elif isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
            owner = each.func.value
            if isinstance(owner, ast.Name) and owner.id in ("os", "builtins"):
                yield f"{each.func.attr}()"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_can_run_a_program_or_load_code(path: Path) -> None:
    """DATA-011, FILE-006, FILE-008: no subprocess, no pickle, no YAML, no eval anywhere."""
    used = set(_uses(ast.parse(path.read_text(encoding="utf-8"))))
    assert not used & (FORBIDDEN | {f"{name}()" for name in CALLS})


def test_running_workflows_touches_nothing_of_the_host(tmp_path: Path) -> None:
    """No file, socket or program, by an audit hook: our fixtures, and one that tries."""
    tries = [
        "require('fs').writeFileSync('canary', 'x')",
        "await import('node:fs')",
        "await this.helpers.httpRequest({ url: 'file:///etc/passwd' })",
        "await this.helpers.getBinaryDataBuffer(0, '/etc/passwd')",
        "await this.helpers.httpRequest({ url: 'http://127.0.0.1:9/' })",
    ]
    on = {"onError": "continueRegularOutput"}
    hostile = chain(
        trigger(),
        node("F", "executeWorkflow", {"source": "localFile", "workflowPath": "/etc/passwd"}, **on),
        *(
            node(f"T{n}", "code", {"jsCode": f"{each}; return []"}, **on)
            for n, each in enumerate(tries)
        ),
    )
    hostile.save(tmp_path / "hostile.json")
    files = [
        path
        for path in sorted((ROOT / "fixtures").glob("*/*.json"))
        if path.stem.count(".") == 0 and path.parent.name not in ("import", "day67")
    ]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.watch_host",
            str(tmp_path / "hostile.json"),
            *map(str, files),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert not list(ROOT.glob("canary"))


def test_looking_at_a_workflow_runs_nothing_of_it(tmp_path: Path) -> None:
    """DATA-004: plan, repairs, mistakes and drawing; V8 does not even start."""
    made = chain(
        trigger(),
        assign("Set", x="={{ (() => { for (;;); })() }}"),
        node("Code", "code", {"jsCode": "for (;;); require('fs').writeFileSync('canary', '')"}),
    )
    made.save(tmp_path / "workflow.json")
    code = (
        "import sys; from n8nlite.cli import app; app(['show', sys.argv[1]], standalone_mode=False)"
    )
    code += "; print('py_mini_racer' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "workflow.json")],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        check=False,
    )
    assert done.stdout.splitlines()[-1] == "False"
    assert [path.name for path in tmp_path.iterdir()] == ["workflow.json"]


# -- ENG-...: other workflows, time, state --------------------------------------------------------


def calling(**parameters: Any) -> dict[str, Any]:
    return node("Call", "executeWorkflow", parameters, typeVersion=1.2)


@pytest.mark.parametrize(
    ("policy", "ids", "allowed"),
    [
        (None, None, True),
        ("any", None, True),
        ("workflowsFromSameOwner", None, True),
        ("none", "caller", False),
        ("workflowsFromAList", "x, caller", True),
        ("workflowsFromAList", "x, y", False),
        ("workflowsFromAList", None, False),
    ],
)
def test_a_workflow_says_who_may_call_it(policy: Any, ids: Any, allowed: bool) -> None:
    """ENG-001."""
    start = node("Start", "executeWorkflowTrigger", {"inputSource": "passthrough"}, typeVersion=1.1)
    called = chain(start, id="called")
    called.settings.update({"callerPolicy": policy, "callerIds": ids})
    reference = {"__rl": True, "mode": "id", "value": "called"}
    caller = chain(trigger(), calling(source="database", workflowId=reference), id="caller")
    result = caller.run([{"n": 1}], subs=[called])
    assert result.ok is allowed
    if not allowed:
        assert "The sub-workflow (called) cannot be called by this workflow" in str(result.cause)


def test_workflows_come_from_no_file_and_no_forbidden_address() -> None:
    """ENG-001: files are never read; URLs go through the door like all requests."""
    kind = "n8n-nodes-base.executeWorkflow"
    with pytest.raises(NodeError, match="is not read from the disk"):
        run_node(kind, {"source": "localFile", "workflowPath": "/etc/passwd"}, version=1.1)
    for url in ("file:///etc/passwd", "http://[::1", ""):
        with pytest.raises(NodeError, match=r"could not be fetched|Invalid port|missing"):
            run_node(kind, {"source": "url", "workflowUrl": url}, version=1.1, http="live")


@pytest.mark.parametrize(
    "parameters",
    [
        {"resume": "timeInterval", "amount": 365_000, "unit": "days"},
        {"resume": "timeInterval", "amount": 1e300, "unit": "days"},
        {"resume": "specificTime", "dateTime": "9999-12-31T23:59:59-14:00"},
        {"resume": "specificTime", "dateTime": "+275760-09-13T00:00:00Z"},
        {"resume": "timeInterval", "amount": "x", "unit": "years"},
    ],
)
def test_waits_of_a_thousand_years_end_with_the_run(parameters: dict[str, Any]) -> None:
    """ENG-002: no overflow; the time limit, or a clear error, ends them."""
    result = chain(trigger(), node("Wait", "wait", parameters, typeVersion=1.1)).run(
        [{}], timeout=0.2
    )
    assert result.status in ("canceled", "error")
    assert isinstance(result.cause, n8nlite.Error)


def test_retries_are_counted_and_stopped() -> None:
    """ENG-002: as often as n8n allows, no longer than the run may take."""
    stop = node("Stop", "stopAndError", {"errorMessage": "x"}, retryOnFail=True, maxTries=10**9)
    result = chain(trigger(), {**stop, "waitBetweenTries": 10**9}).run([{}], timeout=0.2)
    assert (result.status, result.timed_out) == ("canceled", True)
    quick = chain(trigger(), {**stop, "waitBetweenTries": 0}).run([{}])
    assert quick.status == "error"


def test_loops_without_end_end_with_the_run() -> None:
    """ENG-002: back connections, and a Merge that feeds itself."""
    links = {"Start": [["A"]], "A": [["Merge"]], "Merge": [["A", "Merge:1"]]}
    made = workflow(trigger(), node("A", "noOp"), node("Merge", "merge"), links=links)
    result = made.run([{}], timeout=0.5)
    assert result.status in ("canceled", "error", "success")
    links = {"Start": [["A"]], "A": [["B"]], "B": [["A"]]}
    result = workflow(trigger(), node("A", "noOp"), node("B", "noOp"), links=links).run(timeout=0.5)
    assert result.status in ("canceled", "error")


def test_runs_share_nothing() -> None:
    """ENG-006: static data, custom data, globals, variables and items belong to one run."""
    source = """
    const data = $getWorkflowStaticData('global');
    data.n = (data.n ?? 0) + 1;
    globalThis.left = (globalThis.left ?? 0) + 1;
    $execution.customData.set('k', 'v' + data.n);
    const all = $execution.customData.getAll();
    return [{ n: data.n, left, own: $json.own, vars: $vars.v, all }];
    """
    made = chain(trigger(), node("Code", "code", {"jsCode": source}))
    for number in (1, 2):
        item = made.run([{"own": number}], vars={"v": number}).items[0].json
        assert item == {"n": 1, "left": 1, "own": number, "vars": number, "all": {"k": "v1"}}


def test_binary_data_from_outside_is_checked() -> None:
    """FILE-004: ids and paths in it mean nothing; what has not its shape is told."""
    entry = {"id": "filesystem:../../etc/passwd", "directory": "/etc", "fileName": "../x"}
    item = Item({}, {"data": entry})
    made = chain(trigger(), node("Same", "noOp"))
    shown = made.run([item]).to_dict()["runData"]["Same"][0]["outputs"][0][0]["binary"]["data"]
    assert (shown["bytes"], shown.get("id")) == (0, None)
    wrongs: list[Any] = [5, [], {"data": 5}, {"data": {"data": 5}}]
    for wrong in wrongs:
        with pytest.raises(n8nlite.Error, match="binary: expected objects"):
            made.run([{"json": {}, "binary": wrong}])
