"""
Junk and secrets at the command line: one line for the first, nothing of the second.

The ids are those of the cases in our security review.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from n8nlite import cli
from tests.flow import chain, node, trigger

SECRET = "s3cret-token-abcdef"
SIGNED = {"authentication": "genericCredentialType", "genericAuthType": "httpHeaderAuth"}


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `n8nlite` in this process, in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["n8nlite", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        sys.stdout.flush()
        out, err = capfd.readouterr()
        return Done(int(ended.value.code or 0), out, err)

    return command


JUNK: dict[str, bytes] = {
    **{each: each.encode() for each in ("5", "null", "true", "[]", "{}", "[5]", "[null]", "[[]]")},
    "text": b'"x"',
    "json is no object": b'[{"json": []}]',
    "binary is no object": b'[{"json": {}, "binary": 5}]',
    "binary entry": b'[{"json": {}, "binary": {"data": 5}}]',
    "binary data": b'[{"json": {}, "binary": {"data": {"data": "!"}}}]',
    "pairing": b'[{"json": {}, "pairedItem": {"item": "x", "input": []}}]',
    "pairing far": b'[{"json": {}, "pairedItem": 99999}, {"json": {}, "pairedItem": -7}]',
    "error": b'[{"json": {}, "error": 5}]',
    "cut off": b'[{"a":',
    "empty": b"",
    "blank": b" \n",
    "deep": b"[" * 100_000,
    "deep whole": b"[" * 5000 + b"]" * 5000,
    "long number": b'[{"a": ' + b"9" * 6000 + b"}]",
    "odd numbers": b'[{"a": NaN, "b": 1e999, "c": -0}]',
    "surrogate": b'[{"\\ud800": "\\udfff"}]',
    "prototypes": b'[{"__proto__": {"a": 1}, "constructor": 1}]',
    "utf-16": '[{"a": 1}]'.encode("utf-16"),
    "latin-1": b'[{"a": "\xe9"}]',
    "binary junk": bytes(range(256)) * 20,
    "zip": b"PK\x03\x04" + bytes(100),
    "mocks": b'{"mocks": 5}',
    "mock url": b'[{"url": 5}]',
    "mock status": b'[{"url": "http://a.test/", "status": "x"}]',
    "mock headers": b'[{"url": "http://a.test/", "headers": {"a\\nb": "c\\r\\nd", "\xc3\xa9": 1}}]',
    "mock buffer": b'[{"url": "http://a.test/", "response": {"$type": "Buffer", "base64": 5}}]',
    "mock pattern": b'[{"url": {"$regex": "("}}]',
    "mock gzip": b'[{"url": "http://a.test/", "headers": {"content-encoding": "gzip"}}]',
    "credential": b'{"httpHeaderAuth": 5}',
    "credential list": b'[{"id": 5, "name": [], "type": {}, "data": 7}]',
    "credential value": b'{"httpHeaderAuth": {"name": ["x"], "value": {"a": 1}}}',
    "credential lines": b'{"httpHeaderAuth": {"name": "a\\nb", "value": "x\\r\\ny: z\\u0000"}}',
    "credential encrypted": b'[{"type": "httpHeaderAuth", "data": "U2FsdGVkX1+abc"}]',
}  # fmt: skip
WAYS: dict[str, list[str]] = {
    "input": ["run", "workflow.json", "--offline", "--input"],
    "body": ["run", "workflow.json", "--offline", "--body"],
    "mocks": ["run", "workflow.json", "--mocks"],
    "credentials": ["run", "workflow.json", "--offline", "--credentials"],
    "sub": ["run", "workflow.json", "--offline", "--sub"],
    "eval": ["eval"],
    "show": ["show"],
    "run": ["run", "--offline"],
}


def check(done: Done) -> None:
    """It ended in words: one line, or click's on usage."""
    assert done.status in (0, 1, 2)
    assert "Traceback" not in done.err + done.out
    assert "internal error" not in done.err
    assert "\x1b" not in done.err + done.out
    if done.status:
        assert done.err.startswith("n8nlite: ")
        assert len(done.err.strip().splitlines()) == 1


@pytest.fixture
def asking(tmp_path: Path) -> Path:
    """A workflow with a signed request."""
    file = tmp_path / "workflow.json"
    url = "={{ $json.url ?? 'http://a.test/' }}"
    chain(trigger(), node("Ask", "httpRequest", {"url": url, **SIGNED})).save(file)
    return file


@pytest.mark.parametrize("way", WAYS)
def test_junk_is_one_line(run: Run, asking: Path, tmp_path: Path, way: str) -> None:
    """Wrong types, broken and binary files, wherever a file is read."""
    for name, content in JUNK.items():
        file = tmp_path / "junk.json"
        file.write_bytes(content)
        try:
            check(run(*WAYS[way], str(file)))
        except AssertionError as error:
            raise AssertionError(f"{way}, {name}: {error}") from None


@pytest.mark.parametrize("way", WAYS)
def test_files_that_are_none_are_one_line(run: Run, asking: Path, tmp_path: Path, way: str) -> None:
    """Folders, missing and unreadable files, names that cannot be."""
    locked = tmp_path / "locked.json"
    locked.write_text("[]")
    locked.chmod(0)
    for name in (str(tmp_path), "missing.json", "x" * 5000, "", str(locked), "/dev/null"):
        check(run(*WAYS[way], name))


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *product(["--timeout"], ["nan", "-5", "inf", "1e308", "0"]),
        *product(["--start", "--until"], ["", "nope", "\x1b[31m", "__proto__"]),
        *product(["--now"], ["", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "x"]),
        *product(["--timezone"], ["", "../../etc/passwd", "/etc/passwd", "a\nb", "UTC\0"]),
        *product(["--query"], ["", "[", "(" * 3000, "@.nope(@)", "sort_by(@, &a)"]),
        *product(["--var"], ["=x", "x"]),
        *product(["--sub"], ["http://=", "http://x"]),
    ],
)
def test_odd_options_are_one_line(run: Run, asking: Path, option: str, value: str) -> None:
    """Numbers, names, times, zones and queries that make no sense."""
    check(run("run", str(asking), "--offline", option, value))


@pytest.mark.parametrize("name", ["../../etc/passwd", "os.path", "x\n\x1b[31m", "", "__init__"])
def test_no_node_is_found_by_a_path(run: Run, name: str) -> None:
    """FILE-010."""
    check(run("nodes", name))


def test_names_give_a_terminal_no_commands(run: Run, tmp_path: Path) -> None:
    """FILE-009: control characters of names and messages come out as blanks."""
    evil = "\x1b]0;pwned\x07\x1b[31mRed\r\n\u202eesrever"
    stop = node(evil, "stopAndError", {"errorMessage": "a\x1b[2Jb\r\nc"})
    chain(trigger(), stop).save(tmp_path / "workflow.json")
    for arguments in (["run"], ["run", "--json"], ["show"]):
        done = run(*arguments, "workflow.json")
        assert not {"\x1b", "\x07", "\u202e"} & set(done.err)
        if arguments == ["show"]:
            assert not {"\x1b", "\x07", "\u202e"} & set(done.out)


SHAPES: list[Any] = [
    {"httpHeaderAuth": {"name": "X-Key", "value": SECRET}},
    {"httpHeaderAuth": {"name": "X-Key", "value": SECRET, "more": [SECRET, {"a": SECRET}]}},
    {"httpHeaderAuth": {"name": "X-Key", "value": {"deep": SECRET}}},
    {"httpHeaderAuth": SECRET},
    {"httpHeaderAuth": [SECRET]},
    [{"id": SECRET}],
    [{"id": "1", "name": "n", "type": "httpHeaderAuth", "data": SECRET}],
    SECRET,
]
BROKEN = ['{"httpHeaderAuth": {"value": "%s" oops}}', '{"a": "%s', "%s", '["%s",,]', '{"%s": }']


@pytest.mark.parametrize("content", [*map(json.dumps, SHAPES), *(each % SECRET for each in BROKEN)])
@pytest.mark.parametrize("debug", ["", "1"])
def test_secrets_are_in_no_error_about_them(
    run: Run, asking: Path, monkeypatch: pytest.MonkeyPatch, content: str, debug: str
) -> None:
    """Files of credentials that are wrong, and requests that are refused."""
    monkeypatch.setenv("N8NLITE_DEBUG", debug)
    Path("credentials.json").write_text(content)
    for more in ([], ["--json"]):
        done = run("run", str(asking), "--offline", "--credentials", "credentials.json", *more)
        assert done.status
        assert SECRET not in done.out + done.err


@pytest.mark.parametrize(
    "answer",
    [
        {"response": {"headers": {"x-key": SECRET}, "again": [SECRET]}},
        {"status": 401, "response": {"message": f"bad key {SECRET}"}},
        {"status": 500, "response": f"<pre>x-key: {SECRET}</pre>"},
        {"status": 403, "headers": {"x-echo": SECRET, "www-authenticate": SECRET}},
        {"status": 302, "headers": {"location": f"http://b.test/?key={SECRET}"}},
        {"error": "ECONNREFUSED"},
        None,
    ],
)
def test_secrets_stay_inside_when_a_service_gives_them_back(
    run: Run, asking: Path, answer: dict[str, Any] | None
) -> None:
    """In data, errors, headers, redirects; as items, as a whole, or picked by a query."""
    mocks = [{"url": "http://a.test/", "persist": True, **answer}] if answer else []
    Path("mocks.json").write_text(json.dumps(mocks))
    Path("credentials.json").write_text(json.dumps(SHAPES[0]))
    input = f'[{{"url": "http://a.test/?token={SECRET}"}}]'
    Path("input.json").write_text(input if answer is None else "[{}]")
    options = [
        "--mocks",
        "mocks.json",
        "--credentials",
        "credentials.json",
        "--input",
        "input.json",
    ]
    for more in ([], ["--json"], ["--query", "@"], ["--quiet"]):
        done = run("run", str(asking), *options, *more)
        assert SECRET not in done.out + done.err


def test_the_environment_is_not_shown(run: Run, tmp_path: Path) -> None:
    """Expressions see none of it; nor does a result."""
    os.environ["N8NLITE_CANARY"] = SECRET
    try:
        looks = "={{ $env.N8NLITE_CANARY }}"
        fields = {"assignments": [{"id": "1", "name": "a", "type": "string", "value": looks}]}
        chain(trigger(), node("Set", "set", {"assignments": fields})).save("workflow.json")
        done = run("run", "workflow.json", "--json")
    finally:
        del os.environ["N8NLITE_CANARY"]
    assert done.status == 1
    assert "access to env vars denied" in done.err
    assert SECRET not in done.out + done.err
