"""n8nlite.mocks and n8nlite.matching."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from n8nlite.errors import InputError
from n8nlite.mocks import Mocks

URL = "https://api.example.com/v1/things"


def ask(mocks: Mocks, method: str = "GET", url: str = URL, **more: Any) -> httpx.Response | None:
    response = mocks.answer(httpx.Request(method, url, **more))
    if response is not None:
        response.read()
    return response


def fits(mock: dict[str, Any], method: str = "GET", url: str = URL, **more: Any) -> bool:
    return ask(Mocks([{"url": URL, **mock}]), method, url, **more) is not None


def test_answers_with_status_headers_and_json() -> None:
    """JSON data is sent as JSON unless the headers say something else."""
    mocks = Mocks([{"url": URL, "status": 201, "response": {"a": 1}, "headers": {"X-A": ["1", 2]}}])
    response = ask(mocks)
    assert response is not None
    assert (response.status_code, response.json()) == (201, {"a": 1})
    assert response.headers["content-type"] == "application/json"
    assert response.headers.get_list("x-a") == ["1", "2"]


@pytest.mark.parametrize(
    ("given", "content"),
    [("text", b"text"), (None, b""), ({"$type": "Buffer", "base64": "dGVzdA=="}, b"test")],
)
def test_answers_with_text_bytes_or_nothing(given: Any, content: bytes) -> None:
    response = ask(Mocks([{"url": URL, "response": given}]))
    assert response is not None
    assert response.content == content
    assert "content-type" not in response.headers


def test_serves_in_order_once_each() -> None:
    """Two mocks for one request answer one after the other, then nobody does."""
    mocks = Mocks([{"url": URL, "response": "one"}, {"url": URL, "response": "two"}])
    texts = [response and response.text for response in (ask(mocks), ask(mocks), ask(mocks))]
    assert texts == ["one", "two", None]
    assert not mocks.unused()


def test_persist_and_used_times() -> None:
    forever = Mocks([{"url": URL, "persist": True}])
    twice = Mocks([{"url": URL, "used_times": 2}])
    assert [ask(forever) is not None for _ in range(5)] == [True] * 5
    assert [ask(twice) is not None for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("mock", "request_", "expected"),
    [
        ({"method": "get"}, {}, True),
        ({"method": "POST"}, {}, False),
        ({"url": URL + "/"}, {}, True),
        ({"url": {"$regex": "things$"}}, {}, True),
        ({"url": "https://api.example.com/v1/other"}, {}, False),
        ({"query": {"a": 1, "b": [2, 3]}}, {"url": URL + "?b=2&b=3&a=1"}, True),
        ({"query": {"a": "1"}}, {"url": URL + "?a=1&b=2"}, False),
        ({"query": True}, {"url": URL + "?a=1"}, True),
        ({"query": {"o": {"p": 1}}}, {"url": URL + "?o%5Bp%5D=1"}, True),
        ({"url": URL + "?a=1"}, {"url": URL + "?a=2"}, False),
        ({"match_headers": {"Authorization": "Bearer x"}}, {}, False),
        (
            {"match_headers": {"Authorization": {"$regex": "^Bearer"}}},
            {"headers": {"authorization": "Bearer x"}},
            True,
        ),
        ({"body": {"a": 1.0, "b": [True]}}, {"json": {"b": [True], "a": 1}}, True),
        ({"body": {"a": 1}}, {"json": {"a": 1, "b": 2}}, False),
        ({"body": {"a": {"$regex": "^\\d+$"}}}, {"json": {"a": "12"}}, True),
        ({"body": {"a": {"$matcher": "function"}}}, {"json": {"a": [1]}}, True),
        ({"body": {"a": 1, "b": "x y"}}, {"data": {"a": "1", "b": "x y"}}, True),
        ({"body": '{"a": 1}'}, {"json": {"a": 1}}, True),
        ({"body": "a=1&b=2"}, {"content": b"b=2&a=1"}, True),
        ({"body": "plain"}, {"content": b"plain"}, True),
        ({"body": "plain"}, {"content": b"other"}, False),
        ({"body": {}}, {"json": {}}, True),
        (
            {"body": '--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--X--\r\n'},
            {"content": b'--Y\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--Y--\r\n'},
            True,
        ),
    ],
)
def test_matching(mock: dict[str, Any], request_: dict[str, Any], expected: bool) -> None:
    """What fits, and what does not."""
    assert fits(mock, **request_) is expected


def test_url_base_with_a_pattern_for_the_path() -> None:
    mock = {"url_base": "https://api.example.com", "path": {"$regex": "^v1/th.*"}}
    assert ask(Mocks([mock])) is not None


def test_functions_answer() -> None:
    """A function may stand for a mock, or compute a mock's response."""

    def teapot(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(418) if request.url.path == "/tea" else None

    mocks = Mocks([teapot, {"url": URL, "response": lambda request: {"path": request.url.path}}])
    tea, things = ask(mocks, url="https://x.test/tea"), ask(mocks)
    assert tea is not None
    assert things is not None
    assert (tea.status_code, things.json()) == (418, {"path": "/v1/things"})


def test_a_mock_may_fail_like_a_network() -> None:
    with pytest.raises(httpx.ConnectError):
        ask(Mocks([{"url": URL, "error": "ECONNREFUSED"}]))


def test_nearest_says_what_differs() -> None:
    """The mock most like the request comes first, with what it expected instead."""
    mocks = Mocks(
        [
            {"url": "https://other.test/", "persist": True},
            {"method": "POST", "url": URL, "body": {"a": 1}},
        ]
    )
    first, second = mocks.nearest(httpx.Request("POST", URL, json={"a": 2}))
    assert first == f'mocks[1] (POST {URL}) expects body {{"a": 1}}'
    assert second.startswith("mocks[0]")


def test_nearest_knows_a_mock_that_is_used_up() -> None:
    mocks = Mocks([{"url": URL}])
    ask(mocks)
    assert '"persist": true' in mocks.nearest(httpx.Request("GET", URL))[0]


def test_reads_a_file(tmp_path: Path) -> None:
    """A file holds a list, or an object with `mocks`."""
    file = tmp_path / "m.json"
    file.write_text(json.dumps({"mocks": [{"url": URL}]}))
    assert len(Mocks(file)) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "expected JSON"),
        ('"x"', "expected a list of mocks"),
        ("[5]", "[0]: expected an object with method, url ..., got 5"),
        ("[{}]", "[0].url: expected a URL, got nothing"),
        ('[{"url": 5}]', "[0].url: expected text or an object, got 5"),
        ('[{"url": "u", "status": "200"}]', '[0].status: expected a number, got "200"'),
        ('[{"url": "u", "status": 99}]', "[0].status: expected a number from 100 to 599, got 99"),
        ('[{"url": "u", "query": "a"}]', "[0].query: expected an object or true or false"),
        ('[{"url": "u", "used_times": true}]', "[0].used_times: expected a number, got true"),
    ],
)
def test_a_wrong_file_ends_in_one_line(tmp_path: Path, content: str, message: str) -> None:
    """The line names the file, the place, what was expected and what was there."""
    file = tmp_path / "m.json"
    file.write_text(content)
    with pytest.raises(InputError) as caught:
        Mocks(str(file))
    text = str(caught.value)
    assert text.startswith(str(file))
    assert message in text
    assert "\n" not in text


def test_a_missing_file_ends_in_one_line() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        Mocks("no/such/file.json")
