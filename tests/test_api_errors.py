"""n8nlite.api_errors: n8n's words for what went wrong with a service."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from n8nlite import api_errors
from n8nlite.door import Door


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "Bad request - please check your parameters"),
        (404, "The resource you are requesting could not be found"),
        (418, "Your request is invalid or could not be processed by the service"),
        (501, "The service failed to process your request"),
        (300, '300 - {"message": "no"}'),
    ],
)
def test_messages_by_status(status: int, message: str) -> None:
    error = api_errors.from_status(status, {"message": "no"})
    assert (error.message, error.description) == (message, "no")
    assert (error.http_code, error.messages) == (str(status), [f'{status} - {{"message": "no"}}'])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"error": "e", "message": "m"}, "e"),
        ({"error": {"message": "em"}, "message": "m"}, "em"),
        ({"error": {"code": 1}}, None),
        ({"error": {"type": "t"}}, "t"),
        ({"detail": "d", "title": "t"}, "d"),
        ({"errors": ["a", {"detail": "b"}]}, "a | b"),
        ({"message": {"text": "x"}}, "x"),
        ({"message": 5}, "5"),
        ({"message": ""}, None),
        ({"data": {"message": "x"}}, None),
        ("text", "text"),
        (None, None),
        (True, None),
    ],
)
def test_finds_what_the_service_said(body: Any, reason: str | None) -> None:
    """In the places where services put it, the best first."""
    assert api_errors.reason(body) == reason


@pytest.mark.parametrize(
    ("url", "code", "raw"),
    [
        ("http://127.0.0.1:1/", "ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:1"),
        ("http://nope.invalid/", "ENOTFOUND", "getaddrinfo ENOTFOUND nope.invalid"),
    ],
)
def test_failed_connections(url: str, code: str, raw: str) -> None:
    with Door() as door, pytest.raises(httpx.ConnectError) as caught:
        door.client.get(url)
    error = api_errors.from_failure(caught.value)
    assert (error.http_code, error.messages) == (code, [raw, raw])
    assert error.message == api_errors.CODES[code]


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (httpx.ReadTimeout("x"), "ECONNABORTED"),
        (httpx.ConnectTimeout("x"), "ETIMEDOUT"),
        (httpx.RemoteProtocolError("x"), "ECONNRESET"),
        (httpx.ReadError("x"), "ECONNRESET"),
    ],
)
def test_failures_without_an_error_of_the_system(failure: httpx.RequestError, code: str) -> None:
    failure.request = httpx.Request("GET", "http://a.test/")
    assert api_errors.from_failure(failure).message == api_errors.CODES[code]
