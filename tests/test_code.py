"""The JavaScript of Code nodes: its world, its limits, what it may ask of the host."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from n8nlite.errors import NodeError
from n8nlite.testing import run_node
from n8nlite_expressions import (
    Code,
    CodeError,
    CodeResult,
    Evaluator,
    ExpressionTimeout,
    Item,
    NodeData,
    Run,
    Scope,
    Source,
)

ITEMS = [Item({"n": 1}, None, 0), Item({"n": 2}, {"data": {"mimeType": "text/plain"}}, 0)]
SCOPE = Scope(
    input=ITEMS,
    sources=[Source("Before")],
    nodes={"Before": NodeData([Run([ITEMS])]), "Other": NodeData([Run([[Item({"o": 1})]])])},
    timezone="UTC",
)


@pytest.fixture(scope="module")
def evaluator() -> Iterator[Evaluator]:
    with Evaluator() as evaluator:
        yield evaluator


def no_host(call: dict[str, Any]) -> Any:
    raise AssertionError(f"not expected: {call}")


def run(evaluator: Evaluator, source: str, host: Any = no_host, **how: Any) -> CodeResult:
    return evaluator.run_code(Code(source, **how), SCOPE, host)


def test_each_run_has_a_world_of_its_own(evaluator: Evaluator) -> None:
    """What one run leaves in globals and prototypes the next one does not see."""
    run(evaluator, "x = 1; Array.prototype.y = 2; globalThis.z = 3; return []")
    found = run(evaluator, "return [{ seen: [typeof x, [].y === undefined, typeof z] }]")
    assert found.items[0]["json"] == {"seen": ["undefined", True, "undefined"]}


def test_items_are_copies(evaluator: Evaluator) -> None:
    """Code may change its items; the data of the execution stays as it was."""
    found = run(evaluator, "items[0].json.n = 9; $('Other').first().json.o = 9; return items")
    assert [item["json"] for item in found.items] == [{"n": 9}, {"n": 2}]
    assert (ITEMS[0].json, SCOPE.nodes["Other"].runs[0].outputs[0][0].json) == ({"n": 1}, {"o": 1})  # type: ignore[index]


def test_a_node_named_by_a_variable(evaluator: Evaluator) -> None:
    """Its data is fetched when it turns out to be needed."""
    found = run(evaluator, "const name = 'Oth' + 'er'; return $(name).all()")
    assert found.items[0]["json"] == {"o": 1}


def test_host_calls_and_their_errors(evaluator: Evaluator) -> None:
    """The host answers in turn; what it raises the code may catch."""
    asked: list[Any] = []

    def host(call: dict[str, Any]) -> Any:
        asked.append(call["arguments"][0]["url"])
        if call["arguments"][0]["url"] == "bad":
            raise NodeError("refused")
        return {"ok": len(asked)}

    source = """
    const good = await Promise.all(['a', 'b'].map((url) => this.helpers.httpRequest({ url })));
    try { await this.helpers.httpRequest({ url: 'bad' }) }
    catch (error) { good.push(error.message) }
    return [{ good }];
    """
    found = run(evaluator, source, host)
    assert found.items[0]["json"] == {"good": [{"ok": 1}, {"ok": 2}, "refused"]}
    assert asked == ["a", "b", "bad"]


def test_timers_sleep_through_the_host(evaluator: Evaluator) -> None:
    """They go off in their order, and nobody waits for those that are left."""
    slept: list[float] = []

    def host(call: dict[str, Any]) -> None:
        slept.append(call["seconds"])

    source = """
    const order = [];
    setTimeout(() => order.push('late'), 5000);
    const every = setInterval(() => order.push('every'), 400);
    await new Promise((done) => setTimeout(done, 1000));
    clearInterval(every);
    return [{ order }];
    """
    found = run(evaluator, source, host)
    assert found.items[0]["json"] == {"order": ["every", "every"]}
    assert sum(slept) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "source",
    [
        "while (true) {}",
        "await new Promise(() => {})",
        "await 1; while (true) {}",
        "await new Promise((done) => setTimeout(done, 60_000))",
    ],
)
def test_time_limit(evaluator: Evaluator, source: str) -> None:
    """Code that does not end is stopped, wherever it hangs."""
    with pytest.raises(ExpressionTimeout, match="Task execution timed out"):
        run(evaluator, source, lambda call: None, timeout=0.3)


@pytest.mark.parametrize(
    ("source", "message", "description"),
    [
        ("throw new Error('boom')", "boom [line 1]", None),
        ("\n\nfoo.bar", "foo is not defined [line 3]", "ReferenceError"),
        ("const a = ;", "Unexpected token ';'", "SyntaxError"),
        ("throw 'text'", '"text"', None),
        ("return require('fs')", "Module 'fs' is disallowed [line 1]", None),
        ("return $('No').all()", "Referenced node doesn't exist", None),
        ("const a = []; a.push(a); return [{ a }]", "Unknown error", None),
        ("return process.exit(1)", "process is not defined [line 1]", "ReferenceError"),
    ],
)
def test_errors(evaluator: Evaluator, source: str, message: str, description: str | None) -> None:
    """n8n's words, with the line."""
    with pytest.raises(CodeError) as caught:
        run(evaluator, source)
    assert (caught.value.message, caught.value.description) == (message, description)


def test_allowed_modules(evaluator: Evaluator) -> None:
    """What is allowed, and can be had, `require` gives."""
    source = "return [{ hash: require('crypto').createHash('md5').update('hello').digest('hex') }]"
    found = run(evaluator, source, modules=("crypto",))
    assert found.items[0]["json"] == {"hash": "5d41402abc4b2a76b9719d911017c592"}


def test_console(evaluator: Evaluator) -> None:
    """What is printed comes back, line by line, as values."""
    found = run(evaluator, "console.log('a', { b: 1 }, undefined); console.error(2n); return []")
    assert found.console == [["a", {"b": 1}, None], ["2"]]


def test_uninitialised_memory_is_empty(evaluator: Evaluator) -> None:
    """Buffers hold nothing of anybody else's."""
    source = "return [{ sum: Buffer.allocUnsafe(10000).reduce((a, b) => a + b, 0) }]"
    assert run(evaluator, source).items[0]["json"] == {"sum": 0}


def test_large_binary_data_stays_in_python() -> None:
    """It passes through code whole, and its bytes can be asked for."""
    data = base64.b64encode(b"x" * 200_000).decode()
    item = Item({}, {"data": {"mimeType": "text/plain", "data": data}})
    ((same,),) = run_node("n8n-nodes-base.code", {"jsCode": "return items"}, [item])
    assert same.binary == item.binary
    source = "return [{ size: (await this.helpers.getBinaryDataBuffer(0, 'data')).length }]"
    ((sized,),) = run_node("n8n-nodes-base.code", {"jsCode": source}, [item])
    assert sized.json == {"size": 200_000}


def test_static_data_is_kept() -> None:
    """What code writes to it the workflow has."""
    source = "const d = $getWorkflowStaticData('global'); d.n = (d.n ?? 0) + 1; return [{ n: d.n }]"
    ((item,),) = run_node("n8n-nodes-base.code", {"jsCode": source}, [{}])
    assert item.json == {"n": 1}


def test_python_is_refused_in_words() -> None:
    """The node's other language."""
    with pytest.raises(NodeError, match="Only JavaScript"):
        run_node("n8n-nodes-base.code", {"language": "pythonNative", "pythonCode": "return []"})
