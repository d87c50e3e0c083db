"""HTTP Request, versions 1 and 2."""

from __future__ import annotations

from typing import Any

import pytest

from n8nlite.errors import NodeError
from tests.http_node import BINARY, jsons, received, sent


@pytest.mark.parametrize("version", [1, 2])
def test_old_versions_send(version: float) -> None:
    """The parameter names of versions 1 and 2; JSON is what they ask for and send."""
    request = sent(
        {
            "requestMethod": "POST",
            "bodyParametersUi": {"parameter": [{"name": "a.b", "value": "1"}]},
            "queryParametersUi": {
                "parameter": [{"name": "q", "value": "1"}, {"name": "q", "value": "2"}]
            },
            "headerParametersUi": {"parameter": [{"name": "X-Abc", "value": "1"}]},
        },
        version=version,
    )
    assert request.content == b'{"a.b":"1"}'
    assert request.url.query == b"q%5B0%5D=1&q%5B1%5D=2"
    assert request.headers["Accept"] == "application/json,text/*;q=0.99"
    assert (b"x-abc", b"1") in request.headers.raw


@pytest.mark.parametrize(
    ("options", "parameters", "content_type", "body"),
    [
        (
            {"bodyContentType": "form-urlencoded"},
            {"bodyParametersUi": {"parameter": [{"name": "a", "value": "1 2"}]}},
            "application/x-www-form-urlencoded",
            "a=1%202",
        ),
        (
            {},
            {"jsonParameters": True, "bodyParametersJson": '{"a": [1]}'},
            "application/json",
            '{"a":[1]}',
        ),
        (
            {"bodyContentType": "raw", "bodyContentCustomMimeType": "text/x"},
            {"jsonParameters": True, "bodyParametersJson": "hello"},
            "text/x",
            "hello",
        ),
        (
            {"bodyContentType": "raw"},
            {"jsonParameters": True, "sendBinaryData": True},
            "text/csv",
            "hello",
        ),
    ],
)
def test_old_bodies(options: Any, parameters: Any, content_type: str, body: str) -> None:
    request = sent(
        {"requestMethod": "POST", "options": options, **parameters},
        [{"json": {}, "binary": BINARY}],
        1,
    )
    assert request.headers["Content-Type"] == content_type
    assert request.content.decode() == body


def test_old_versions_receive() -> None:
    """A list stays one item unless `splitIntoItems`; text is `string` there."""
    rows = {"response": [{"i": 0}, {"i": 1}]}
    assert jsons(received(rows, version=1)) == [[{"i": 0}, {"i": 1}]]
    split = {"options": {"splitIntoItems": True}}
    assert jsons(received(rows, split, version=2)) == [{"i": 0}, {"i": 1}]
    text = {"responseFormat": "string", "dataPropertyName": "t"}
    assert jsons(received({"response": "hi"}, text, version=1)) == [{"t": "hi"}]
    with pytest.raises(NodeError, match='Change "Response Format" to "String"'):
        received({"response": "hi"}, version=1)


def test_old_authentication() -> None:
    request = sent(
        {"authentication": "queryAuth"},
        version=1,
        credentials={"httpQueryAuth": {"name": "q", "value": "v"}},
    )
    assert request.url.query == b"q=v"
