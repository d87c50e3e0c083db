"""HTTP Request: what it sends, what it makes of the answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from n8nlite.errors import ApiError, NodeError
from n8nlite.mocks import Mocks
from n8nlite.testing import run_node
from n8nlite_nodes.http_request import HttpRequest
from tests.http_node import BINARY, TYPE, URL, jsons, pairs, received, response_options, sent
from tests.local_server import LocalServer


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as running:
        yield running


def test_default_headers() -> None:
    request = sent({})
    assert request.method == "GET"
    assert request.headers["User-Agent"] == "n8n"
    assert request.headers["Accept"].startswith("application/json,text/html,")


@pytest.mark.parametrize(
    ("parameters", "version", "content_type", "body"),
    [
        (
            {"bodyParameters": pairs(**{"a": "1", "b.c": "={{ 5 }}", "n": None})},
            4.2,
            "application/json",
            '{"a":"1","b":{"c":5},"n":null}',
        ),
        ({"bodyParameters": pairs(**{"b.c": "x"})}, 3, "application/json", '{"b.c":"x"}'),
        ({"bodyParameters": pairs(a="={{ $json.no }}")}, 4.2, "application/json", "{}"),
        (
            {"specifyBody": "json", "jsonBody": '{"u": "é", "l": [1, 2.0]}'},
            4.2,
            "application/json",
            '{"u":"é","l":[1,2]}',
        ),
        (
            {"specifyBody": "json", "jsonBody": "={{ {a: $json.i} }}"},
            4.2,
            "application/json",
            '{"a":7}',
        ),
        (
            {"contentType": "form-urlencoded", "bodyParameters": pairs(a="1 2", b="={{ [1, 2] }}")},
            4.2,
            "application/x-www-form-urlencoded",
            "a=1%202&b%5B0%5D=1&b%5B1%5D=2",
        ),
        (
            {"contentType": "form-urlencoded", "specifyBody": "string", "body": "a=1&b=2 3"},
            4.2,
            "application/x-www-form-urlencoded",
            "a=1&b=2%203",
        ),
        (
            {"contentType": "raw", "rawContentType": "text/xml", "body": "<a/>"},
            4.2,
            "text/xml",
            "<a/>",
        ),
        ({"contentType": "binaryData", "inputDataFieldName": "data"}, 4.2, "text/csv", "hello"),
    ],
)
def test_bodies(parameters: Any, version: float, content_type: str, body: str) -> None:
    """Each way to say a body, as real n8n sends it."""
    request = sent(
        {"method": "POST", "sendBody": True, **parameters},
        [{"json": {"i": 7}, "binary": BINARY}],
        version,
    )
    assert request.headers["Content-Type"] == content_type
    assert request.content.decode() == body


def test_multipart_with_a_file(server: LocalServer) -> None:
    """Text fields and binary data, on a real connection."""
    parameters = {
        "method": "POST",
        "url": server.url,
        "sendBody": True,
        "contentType": "multipart-form-data",
        "bodyParameters": {
            "parameters": [
                {"name": "a", "value": "1"},
                {"parameterType": "formBinaryData", "name": "f", "inputDataFieldName": "data"},
            ]
        },
    }
    ((item,),) = run_node(TYPE, parameters, [{"json": {}, "binary": BINARY}], http="live")
    boundary = item.json["headers"]["content-type"].partition("boundary=")[2]
    assert item.json["body"] == (
        f'--{boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="f"; filename="h.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\nhello\r\n--{boundary}--\r\n"
    )


@pytest.mark.parametrize(
    ("arrays", "query"),
    [
        (None, "z=1&a%5B0%5D=1&a%5B1%5D=2&o%5Bp%5D=x%20y&n=&t=true"),
        ("brackets", "z=1&a%5B%5D=1&a%5B%5D=2&o%5Bp%5D=x%20y&n=&t=true"),
        ("repeat", "z=1&a=1&a=2&o%5Bp%5D=x%20y&n=&t=true"),
    ],
)
def test_query(arrays: str | None, query: str) -> None:
    """Lists and objects as `queryParameterArrays` says, after what the URL has already."""
    request = sent(
        {
            "url": URL + "?z=1",
            "sendQuery": True,
            "specifyQuery": "json",
            "jsonQuery": '{"a": [1, 2], "o": {"p": "x y"}, "n": null, "t": true}',
            "options": {"queryParameterArrays": arrays} if arrays else {},
        }
    )
    assert request.url.query.decode() == query


def test_headers_are_lower_case_unless_asked_otherwise() -> None:
    """Null is not sent, and a header of the node's own wins over the defaults."""
    headers = pairs(**{"X-Abc": "={{ 1 }}", "Nul": "={{ null }}", "Accept": "text/x"})
    raw = sent({"sendHeaders": True, "headerParameters": headers}).headers.raw
    assert (b"x-abc", b"1") in raw
    assert b"nul" not in dict(raw)
    assert [value for name, value in raw if name.lower() == b"accept"] == [b"text/x"]
    kept = {"sendHeaders": True, "headerParameters": headers}
    raw = sent({**kept, "options": {"lowercaseHeaders": False}}).headers.raw
    assert (b"X-Abc", b"1") in raw


@pytest.mark.parametrize(
    ("parameters", "message", "description"),
    [
        ({"url": "api.test/x"}, 'Invalid URL: api.test/x. URL must start with "http"', None),
        ({"url": "={{ 5 }}"}, "URL parameter must be a string, got number", None),
        ({"url": "={{ $json.no }}"}, "URL parameter must be a string, got undefined", None),
        (
            {"method": "POST", "sendBody": True, "specifyBody": "json", "jsonBody": "{a"},
            'The value in the "JSON Body" field is not valid JSON',
            "Expected property name or '}' in JSON at position 1 (line 1 column 2)",
        ),
        (
            {"method": "POST", "sendBody": True, "specifyBody": "json", "jsonBody": ""},
            'The value in the "JSON Body" field is not valid JSON',
            "Unexpected end of JSON input",
        ),
        (
            {"sendHeaders": True, "headerParameters": pairs(**{"N x": "a"})},
            'Header name must be a valid HTTP token ["n x"]',
            None,
        ),
        (
            {"sendBody": True, "contentType": "binaryData", "inputDataFieldName": "no"},
            "This operation expects the node's input data to contain a binary file 'no', "
            "but none was found [item 0]",
            "Make sure that the previous node outputs a binary file",
        ),
    ],
)
def test_requests_that_cannot_be_made(
    parameters: Any, message: str, description: str | None
) -> None:
    with pytest.raises(NodeError) as caught:
        run_node(TYPE, {"url": URL, **parameters}, [{}], version=4.2, http=[])
    assert caught.value.message.startswith(message)
    assert caught.value.description == description


@pytest.mark.parametrize(
    ("content", "content_type", "expected"),
    [
        ('{"a": 1}', "application/json; charset=utf-8", [{"a": 1}]),
        ('[{"a": 1}, {"b": 2}]', "application/json", [{"a": 1}, {"b": 2}]),
        ("[]", "application/json", []),
        ("[1, [2]]", "application/json", [1, [2]]),
        ("null", "application/json", [{}]),
        ("", "application/json", [{}]),
        ('{"a": 1}', "text/plain", [{"data": '{"a": 1}'}]),
        ('{"a": 1}', "application/vnd.api+json", [{"data": '{"a": 1}'}]),
        ("<p>", None, [{"data": "<p>"}]),
    ],
)
def test_autodetect(content: str, content_type: str | None, expected: list[Any]) -> None:
    """The content type decides; a list becomes several items."""
    headers = {"Content-Type": content_type} if content_type else {}
    assert jsons(received({"response": content, "headers": headers})) == expected


def test_a_charset_is_honoured() -> None:
    mock = {
        "response": {"$type": "Buffer", "base64": "6Q=="},
        "headers": {"Content-Type": 'text/plain; charset="latin1"'},
    }
    assert jsons(received(mock)) == [{"data": "é"}]


def test_files() -> None:
    """Name by Content-Disposition, else by the URL; type by Content-Type."""
    mock = {"response": "%PDF", "headers": {"Content-Type": "application/pdf"}}
    (item,) = received(mock)
    assert item.binary is not None
    assert item.json == {}
    assert item.binary["data"]["mimeType"] == "application/pdf"
    assert item.binary["data"]["fileName"] == "x"
    named = {"Content-Disposition": 'attachment; filename="my rep.txt"'}
    wanted = response_options(responseFormat="file", outputPropertyName="doc")
    (item,) = received({"response": "hi", "headers": named}, wanted)
    assert item.binary is not None
    assert item.binary["doc"]["fileName"] == "my rep.txt"
    assert item.binary["doc"]["fileExtension"] == "txt"


def test_a_file_is_added_to_the_item() -> None:
    """The item's json and its other files stay."""
    mocks = Mocks(
        [{"url": URL, "response": "%PDF", "headers": {"Content-Type": "application/pdf"}}]
    )
    given = {"json": {"i": 1}, "binary": {"old": BINARY["data"]}}
    ((item,),) = run_node(TYPE, {"url": URL}, [given], http=mocks)
    assert item.json == {"i": 1}
    assert item.binary is not None
    assert list(item.binary) == ["old", "data"]


def test_full_response() -> None:
    mock = {"status": 201, "response": [{"a": 1}], "headers": {"Set-Cookie": ["a=1", "b=2"]}}
    assert jsons(received(mock, response_options(fullResponse=True))) == [
        {
            "body": [{"a": 1}],
            "headers": {"content-type": "application/json", "set-cookie": ["a=1", "b=2"]},
            "statusCode": 201,
            "statusMessage": "Created",
        }
    ]


def test_text_under_another_name() -> None:
    wanted = response_options(responseFormat="text", outputPropertyName="page")
    assert jsons(received({"response": "<p>"}, wanted)) == [{"page": "<p>"}]


def test_text_where_json_was_wanted() -> None:
    with pytest.raises(NodeError, match='Change "Response Format" to "Text"'):
        received({"response": "<p>"}, response_options(responseFormat="json"))


def test_error_statuses() -> None:
    """n8n's message, the server's words, the raw answer."""
    with pytest.raises(ApiError) as caught:
        received({"status": 404, "response": {"message": "no such thing"}})
    error = caught.value
    assert error.message == "The resource you are requesting could not be found"
    assert (error.description, error.http_code) == ("no such thing", "404")
    assert error.messages == ['404 - "{\\"message\\":\\"no such thing\\"}"']
    assert error.name == "NodeApiError"


def test_never_error() -> None:
    wanted = response_options(neverError=True)
    assert jsons(received({"status": 500, "response": {"a": 1}}, wanted)) == [{"a": 1}]


def test_continuing_gives_the_libraries_words() -> None:
    """The failed item's json is `{error: {name, message}}`, the others go on."""
    mocks = Mocks(
        [
            {"url": "https://api.test/1", "response": {"ok": 1}},
            {"url": "https://api.test/2", "status": 404, "response": "no"},
            {"url": "https://api.test/3", "response": {"ok": 3}},
        ]
    )
    (items,) = run_node(
        TYPE,
        {"url": "=https://api.test/{{ $json.i }}"},
        [{"i": 1}, {"i": 2}, {"i": 3}],
        http=mocks,
        spec={"onError": "continueRegularOutput"},
    )
    assert jsons(items) == [
        {"ok": 1},
        {"error": {"name": "AxiosError", "message": '404 - "no"'}},
        {"ok": 3},
    ]
    assert [item.paired for item in items] == [0, 1, 2]


def test_batches_wait_for_each_other() -> None:
    """Two items at once, then a pause, by the run's own clock."""
    mocks = Mocks([{"url": URL, "persist": True, "response": {}}])
    batching = {"batch": {"batchSize": 2, "batchInterval": 10_000}}
    parameters = {"url": URL, "options": {"batching": batching}}
    run_node(TYPE, parameters, [{}] * 5, http=mocks, now="2026-01-01T00:00:00Z")
    assert len(mocks.requests) == 5


def test_repairs_bodies_as_llms_write_them() -> None:
    """`jsonBody` with version 1's `bodyContentType` and nothing else is meant to be sent."""
    parameters = {"method": "POST", "url": URL, "bodyContentType": "json", "jsonBody": "={{ {} }}"}
    done = HttpRequest.repair(parameters, 4.2)
    assert parameters == {
        "method": "POST",
        "url": URL,
        "contentType": "json",
        "sendBody": True,
        "specifyBody": "json",
        "jsonBody": "={{ {} }}",
    }
    assert len(done) == 3
    assert HttpRequest.repair(parameters, 4.2) == []


def test_json_bodies_are_javascripts() -> None:
    """Dates, undefined and whole floats as JSON.stringify writes them."""
    body = "={{ {n: 1.0, u: undefined, d: new Date(0), b: 1e21} }}"
    request = sent({"method": "POST", "sendBody": True, "specifyBody": "json", "jsonBody": body})
    assert request.content == b'{"n":1,"d":"1970-01-01T00:00:00.000Z","b":1e+21}'
    assert json.loads(request.content)["b"] == 1e21
