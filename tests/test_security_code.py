"""
Hostile code in Code nodes: what it cannot reach, how it ends, what it cannot make Python believe.

The ids are those of the cases in our security review.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from n8nlite.errors import Canceled, NodeError, RequestRefused
from n8nlite.mocks import Mocks
from n8nlite.testing import run_node
from n8nlite_expressions import (
    Code,
    CodeError,
    CodeResult,
    Evaluator,
    ExpressionError,
    ExpressionTimeout,
    Item,
    Limits,
    NodeData,
    Run,
    Scope,
)
from tests.flow import chain, node, trigger

TYPE = "n8n-nodes-base.code"
SCOPE = Scope(
    input=[Item({"n": 1})],
    nodes={"Far": NodeData([Run([[Item({"far": 1})]])])},
    timezone="UTC",
)


@pytest.fixture(scope="module")
def evaluator() -> Iterator[Evaluator]:
    with Evaluator(limits=Limits(result=1_000_000)) as evaluator:
        yield evaluator


def run(evaluator: Evaluator, source: str, timeout: float = 5, host: Any = None) -> CodeResult:
    """The code's result; its host answers every call with `{ok: 1}`."""
    code = Code(source, timeout=timeout)
    return evaluator.run_code(code, SCOPE, host or (lambda call: {"ok": 1}))


def by_node(source: str, **options: Any) -> list[Any]:
    """The json of the items that the code gives as a node."""
    (items,) = run_node(TYPE, {"jsCode": source}, [{"n": 1}], version=2, **options)
    return [item.json for item in items]


REFUSED = {
    "DATA-018-fs": ("require('fs')", "Module 'fs' is disallowed"),
    "DATA-018-scheme": ("require('node:child_process')", "is disallowed"),
    "DATA-018-path": ("require('./package.json')", "is disallowed"),
    "DATA-018-list": ("require(['os'])", "is disallowed"),
    "DATA-018-toString": ("require({ toString: () => 'net' })", "is disallowed"),
    "DATA-018-import": ("await import('node:os')", "A dynamic import callback was not specified"),
    "DATA-018-binding": ("process.binding('fs')", "process is not defined"),
    "DATA-018-cache": ("require.cache.fs", "Cannot read properties of undefined"),
    "DATA-018-parent": ("module.parent.require('fs')", "Cannot read properties of undefined"),
    "DATA-018-wasm": ("new WebAssembly.Memory({ initial: 1 })", "WebAssembly is not defined"),
    "DATA-018-shared": ("new SharedArrayBuffer(8)", "SharedArrayBuffer is not defined"),
    "DATA-021-exit": ("process.exit(1)", "process is not defined"),
    "DATA-021-split": ("return 'x'.repeat(2 ** 28).split('')", "Invalid string length"),
    "DATA-021-cycle": ("const a = {}; a.a = a; return [a]", "Unknown error"),
    "DATA-021-proxy": ("return new Proxy({}, { ownKeys() { throw 1 } })", "Unknown error"),
    "DATA-021-text": ("throw 'text'", '"text"'),
    "DATA-021-null": ("throw Object.create(null)", "{}"),
    "DATA-021-getter": ("throw { get message() { throw 1 } }", "Unknown error"),
    "DATA-021-late": (
        "setTimeout(() => { throw { toJSON() { throw 1 } } }); await new Promise(() => 0)",
        "Unknown error",
    ),
    "DATA-021-message": (
        "const e = Error(); Object.defineProperty(e, 'message', { get() { throw 1 } }); throw e",
        "Unknown error",
    ),
    "DATA-021-large": ("return [{ text: 'x'.repeat(2e6) }]", "The result of the code is too large"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_says_so(evaluator: Evaluator, case: str) -> None:
    """Modules, the process, threads; and values that are none."""
    source, message = REFUSED[case]
    with pytest.raises(CodeError) as caught:
        run(evaluator, source)
    assert message in caught.value.message


@pytest.mark.parametrize(
    "source",
    [
        "[].constructor.constructor('return typeof process + typeof __dirname')()",
        "(async () => {}).constructor('return 1')() && typeof process + typeof Deno",
        "(0, eval)('typeof process + typeof global.process')",
    ],
)
def test_made_up_functions_see_the_same_world(evaluator: Evaluator, source: str) -> None:
    """DATA-018: eval and Function are JavaScript's, and there is no host behind them."""
    found = run(evaluator, f"return [{{ seen: await {source} }}]").items[0]["json"]["seen"]
    assert found == "undefinedundefined"


ENDLESS = {
    "DATA-021-loop": "for (;;);",
    "DATA-021-promises": "for (;;) await 1",
    "DATA-021-never": "await new Promise(() => {})",
    "DATA-021-sleep": "await new Promise((done) => setTimeout(done, 1e12))",
    "DATA-021-interval": "setInterval(() => {}, 1); await new Promise(() => {})",
    "DATA-021-memory": "const all = []; for (;;) all.push(new Array(1e5).fill(all.length))",
    "DATA-021-string": "return [{ a: 'x'.repeat(5e8) }]",
    "DATA-022-regex": "return /^(\\w+)+$/.test('a'.repeat(50) + '!')",
    "DATA-021-restarts": "return $('node ' + Math.random()).all()",
    "DATA-021-slow": "for (const t = Date.now(); Date.now() - t < 400; ); $('F' + 'ar'); for (;;);",
}  # fmt: skip


@pytest.mark.parametrize("case", ENDLESS)
def test_limits_hold_and_the_next_one_works(case: str) -> None:
    """Time and memory, also over several starts of the same code."""
    with Evaluator(limits=Limits(memory=128 << 20)) as evaluator:
        with pytest.raises(ExpressionTimeout, match="Task execution timed out"):
            run(evaluator, ENDLESS[case], timeout=0.7, host=lambda call: None)
        assert run(evaluator, "return [{ n: $json.n + 1 }]").items[0]["json"] == {"n": 2}


def test_uninitialised_memory_is_nobodys(evaluator: Evaluator) -> None:
    """DATA-019."""
    run(evaluator, "Buffer.from('left by somebody '.repeat(1000)); return []")
    made = "Buffer.allocUnsafe(9000), new Buffer(9000), new Uint8Array(9000), new ArrayBuffer(9)"
    source = f"return [{made}].map((each) => ({{ any: Buffer.from(each).some((b) => b) }}))"
    assert [each["json"]["any"] for each in run(evaluator, source).items] == [False] * 4


TAMPERING = [
    "Object.prototype.toJSON = () => ({ evil: 1 }); return []",
    "Object.prototype.toJSON = () => 5; return []",
    "Object.prototype.toJSON = () => undefined; return [{}]",
    "Array.prototype.toJSON = () => ({ length: 1 }); return [{}]",
    "Array.prototype.map = () => [1, 2]; return [{}]",
    "Array.prototype.map = () => [{ json: 5, binary: 7 }]; return [{}]",
    "Array.prototype.splice = () => [5]; await this.helpers.httpRequest({}); return []",
    "Array.prototype.splice = () => [{ id: 1, call: 5 }]; await this.helpers.httpRequest({})",
    "Math.max = () => 'x'; setTimeout(() => {}, 5); await new Promise(() => {})",
    "return [{ json: {}, binary: { data: 5 } }]",
    "return [{ json: {}, binary: { __proto__: null, 'data': [] } }]",
    "console.log = 5; console.log('x')",
    "JSON.stringify = () => '{'; JSON.parse = () => 5; return [{ a: 1 }]",
    "run(JSON.stringify({ start: {} })); return []",
    "try { run(JSON.stringify({ answers: [{ id: 9 }] })) } catch {} return []",
    "Promise.prototype.then = () => 5; return [{}]",
    "Map.prototype.get = () => ({ resolve: 1 }); await this.helpers.httpRequest({}); return []",
]


@pytest.mark.parametrize("source", TAMPERING)
def test_python_believes_nothing(evaluator: Evaluator, source: str) -> None:
    """Code may change all of JavaScript: what comes out is still items, or an error."""
    try:
        items = run(evaluator, source, timeout=0.5).items
    except ExpressionError:
        items = []
    for item in items:
        assert isinstance(item["json"], dict)
        entries = (item.get("binary") or {}).values()
        assert all(isinstance(entry, dict) for entry in entries)
    assert run(evaluator, "return [{ n: 2 }]").items[0]["json"] == {"n": 2}


def test_prototypes_in_data_stay_data(evaluator: Evaluator) -> None:
    """DATA-005: keys with a meaning in JavaScript come and go like others."""
    source = 'return [JSON.parse(\'{"__proto__": {"x": 1}, "constructor": 2}\')]'
    assert run(evaluator, source).items[0]["json"] == {"__proto__": {"x": 1}, "constructor": 2}
    source = "$execution.customData.set('__proto__', 1); return [{ x: ({}).x === undefined }]"
    assert run(evaluator, source).items[0]["json"] == {"x": True}


def test_a_forged_binary_id_gives_nothing() -> None:
    """FILE-004: ids in items are data; no file and no other item's bytes come of them."""
    ids = ["filesystem:../../etc/passwd", "n8nlite-0", "/etc/passwd"]
    for each in ids:
        entry = {"id": each, "mimeType": "text/plain", "filepath": "/etc/passwd"}
        item = Item({}, {"data": entry})
        source = "return [{ text: (await this.helpers.getBinaryDataBuffer(0, 'data')).toString() }]"
        ((made,),) = run_node(TYPE, {"jsCode": source}, [item], version=2)
        assert made.json == {"text": ""}


def test_requests_are_not_repeated_when_code_starts_anew(evaluator: Evaluator) -> None:
    """What it asked before is answered as before."""
    asked: list[Any] = []

    def host(call: Mapping[str, Any]) -> Any:
        asked.append(call["arguments"])
        return len(asked)

    source = """
    const one = await this.helpers.httpRequest({ url: 'a' });
    const far = $('F' + 'ar').first().json.far;
    const two = await this.helpers.httpRequest({ url: 'b' });
    return [{ one, far, two }];
    """
    assert run(evaluator, source, host=host).items[0]["json"] == {"one": 1, "far": 1, "two": 2}
    assert asked == [[{"url": "a"}], [{"url": "b"}]]


def test_code_cannot_hide_a_refused_request() -> None:
    """NET-008: caught or not, the run ends with it."""
    source = (
        "try { await this.helpers.httpRequest({ url: 'http://far.test/a' }) } catch {} return []"
    )
    for options in ({}, {"http": Mocks([])}, {"spec": {"onError": "continueRegularOutput"}}):
        with pytest.raises(RequestRefused, match=r"GET http://far\.test/a"):
            by_node(source, **options)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "gopher://far.test", "//far.test", "", "5"])
def test_code_asks_by_http_alone(url: str) -> None:
    """NET-003: other schemes end in an error of the request."""
    source = f"try {{ return [{{ r: await this.helpers.httpRequest({{ url: '{url}' }}) }}] }}"
    assert "caught" in by_node(f"{source} catch (e) {{ return [{{ caught: e.message }}] }}")[0]


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ("httpRequest({ baseURL: 'http://one.test/a', url: 'http://two.test/b' })", "two.test/b"),
        ("httpRequest({ baseURL: 'http://one.test/a', url: '/b' })", "one.test/a/b"),
        ("request({ uri: 'http://one.test', url: 'http://two.test/b' })", "two.test/b"),
        ("request('http://one.test/a', { url: 'http://two.test/b' })", "one.test/a"),
    ],
)
def test_two_spellings_of_a_target_are_one(options: str, url: str) -> None:
    """NET-005: one URL is looked at, and that one is sent."""
    mocks = Mocks([{"url": {"$regex": "."}, "response": {}}])
    by_node(f"await this.helpers.{options}; return []", http=mocks)
    assert [str(request.url) for request in mocks.requests] == [f"http://{url}"]


def test_the_environment_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by `$env`, which is denied unless n8n's setting says otherwise, nor around it."""
    monkeypatch.setenv("N8NLITE_CANARY", "seen")
    looks = "[typeof process, JSON.stringify(this.env ?? {}), String(globalThis.N8NLITE_CANARY)]"
    assert "seen" not in str(by_node(f"return [{{ all: {looks} }}]"))
    with pytest.raises(NodeError, match="access to env vars denied"):
        by_node("return [{ v: $env.N8NLITE_CANARY }]")
    allowed = {**os.environ, "N8N_BLOCK_ENV_ACCESS_IN_NODE": "false"}
    assert by_node("return [{ v: $env.N8NLITE_CANARY }]", env=allowed) == [{"v": "seen"}]


def test_python_is_not_run() -> None:
    """DATA-013, DATA-014: nothing is imported, nothing evaluated, until it is done apart."""
    for language in ("python", "pythonNative"):
        parameters = {"language": language, "pythonCode": "import os; os.abort()"}
        with pytest.raises(NodeError, match="Only JavaScript"):
            run_node(TYPE, parameters, version=2)


def test_the_runs_time_limit_holds_inside_code() -> None:
    """DATA-021: code that does not end ends with its run."""
    workflow = chain(trigger(), node("Code", "code", {"jsCode": "for (;;);"}))
    began = time.monotonic()
    result = workflow.run(timeout=0.5)
    assert (result.status, result.timed_out) == ("canceled", True)
    assert isinstance(result.cause, Canceled)
    assert time.monotonic() - began < 60  # not the 300 seconds of a Code node
