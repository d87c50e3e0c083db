"""n8nlite_nodes._http: redirects, credentials, timeouts, on a real local server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from n8nlite.door import Door
from n8nlite.errors import ApiError, NodeError
from n8nlite.mocks import Mocks
from n8nlite.testing import run_node
from tests.http_node import TYPE, URL, pairs, sent
from tests.local_server import LocalServer


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as running:
        yield running


def test_items_go_side_by_side_and_come_in_order(server: LocalServer) -> None:
    (items,) = run_node(
        TYPE,
        {"url": f"={server.url}/{{{{ $json.i }}}}"},
        [{"i": number} for number in range(30)],
        http="live",
    )
    assert [item.json["path"] for item in items] == [f"/{number}" for number in range(30)]


@pytest.mark.parametrize(
    ("code", "method", "becomes"),
    [
        (301, "POST", "GET"),
        (302, "PUT", "PUT"),
        (303, "PUT", "GET"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
    ],
)
def test_redirects(server: LocalServer, code: int, method: str, becomes: str) -> None:
    """Followed from version 4 on; the method and the body as browsers do it."""
    parameters = {
        "url": f"{server.url}/redirect?code={code}",
        "method": method,
        "sendBody": True,
        "bodyParameters": pairs(a="1"),
    }
    ((item,),) = run_node(TYPE, parameters, [{}], version=4.2, http="live")
    assert item.json["method"] == becomes
    assert item.json["body"] == ("" if becomes == "GET" else '{"a":"1"}')


def test_version_3_follows_no_redirects(server: LocalServer) -> None:
    with pytest.raises(ApiError, match='302 - "moved"'):
        run_node(TYPE, {"url": server.url + "/redirect"}, [{}], version=3, http="live")


def test_redirects_end(server: LocalServer) -> None:
    loop = {"url": server.url + "/loop"}
    with pytest.raises(ApiError, match="Maximum number of redirects exceeded"):
        run_node(TYPE, loop, [{}], version=4.2, http="live")
    assert len(server.seen) == 22


@pytest.mark.parametrize("allowed", [False, True])
def test_credentials_stay_at_their_origin(server: LocalServer, allowed: bool) -> None:
    """A redirect to another origin takes them along only when the node says so."""
    other = f"http://localhost:{server.port}"
    parameters = {
        "url": f"{server.url}/redirect?to={other}/echo",
        "authentication": "genericCredentialType",
        "genericAuthType": "httpHeaderAuth",
        "options": {"sendCredentialsOnCrossOriginRedirect": allowed},
    }
    credentials = {"httpHeaderAuth": {"name": "X-Key", "value": "s3cret"}}
    run_node(TYPE, parameters, [{}], http="live", credentials=credentials)
    first, second = server.seen
    assert first["headers"]["x-key"] == "s3cret"
    assert ("x-key" in second["headers"]) is allowed


def test_a_restricted_credential_is_not_redirected_away(server: LocalServer) -> None:
    other = f"http://localhost:{server.port}"
    parameters = {
        "url": f"{server.url}/redirect?to={other}/echo",
        "authentication": "genericCredentialType",
        "genericAuthType": "httpHeaderAuth",
    }
    data = {"name": "X-Key", "value": "s3cret", "allowedHttpRequestDomains": "domains"}
    credentials = {"httpHeaderAuth": {**data, "allowedDomains": "127.0.0.1"}}
    with pytest.raises(ApiError, match="Redirected request failed: Domain not allowed"):
        run_node(TYPE, parameters, [{}], http="live", credentials=credentials)
    assert len(server.seen) == 1


def test_timeout(server: LocalServer) -> None:
    with pytest.raises(ApiError) as caught:
        run_node(TYPE, {"url": server.url + "/hang", "options": {"timeout": 150}}, http="live")
    assert caught.value.message == "The connection was aborted, perhaps the server is offline"
    assert caught.value.messages[0] == "timeout of 150ms exceeded"


def test_a_connection_that_breaks(server: LocalServer) -> None:
    with pytest.raises(ApiError, match="closed unexpectedly") as caught:
        run_node(TYPE, {"url": server.url + "/drop"}, http="live")
    assert caught.value.http_code == "ECONNRESET"


def test_compressed_answers(server: LocalServer) -> None:
    ((item,),) = run_node(TYPE, {"url": server.url + "/gzip"}, http="live")
    assert item.json == {"zipped": True}


@pytest.mark.parametrize(
    ("authentication", "credentials", "expected"),
    [
        (
            {"authentication": "genericCredentialType", "genericAuthType": "httpBasicAuth"},
            {"httpBasicAuth": {"user": "u", "password": "p"}},
            ("authorization", "Basic dTpw"),
        ),
        (
            {"authentication": "predefinedCredentialType", "nodeCredentialType": "slackApi"},
            {"slackApi": {"accessToken": "xoxb"}},
            ("authorization", "Bearer xoxb"),
        ),
    ],
)
def test_authentication(authentication: Any, credentials: Any, expected: tuple[str, str]) -> None:
    """The credential's header wins over the node's own."""
    own = {"sendHeaders": True, "headerParameters": pairs(Authorization="mine")}
    request = sent({**own, **authentication}, credentials=credentials)
    assert request.headers.get_list(expected[0]) == [expected[1]]


def test_digest(server: LocalServer) -> None:
    """Two requests: the first is told to sign, the second does."""
    challenge = {"WWW-Authenticate": 'Digest realm="r", nonce="abc", qop="auth", algorithm=MD5'}
    mocks = Mocks([{"url": URL, "status": 401, "headers": challenge}, {"url": URL}])
    parameters = {
        "url": URL,
        "authentication": "genericCredentialType",
        "genericAuthType": "httpDigestAuth",
    }
    credentials = {"httpDigestAuth": {"user": "u", "password": "p"}}
    run_node(TYPE, parameters, http=mocks, credentials=credentials)
    assert mocks.requests[1].headers["Authorization"].startswith('Digest username="u", realm="r"')


def test_secrets_stay_out_of_errors() -> None:
    """A refused request shows its URL, with the key in it masked."""
    parameters = {
        "url": URL,
        "authentication": "genericCredentialType",
        "genericAuthType": "httpQueryAuth",
    }
    credentials = {"httpQueryAuth": {"name": "key", "value": "s3cret-key"}}
    with pytest.raises(NodeError) as caught:
        run_node(TYPE, parameters, http=[], credentials=credentials)
    assert "s3cret-key" not in str(caught.value)
    assert f"{URL}?key=***" in str(caught.value)


def test_a_proxy_and_any_certificate_can_be_asked_for() -> None:
    """Both reach the door with the request."""
    seen: list[Mapping[str, Any]] = []
    with Door(
        "refuse",
        mocks=Mocks([{"url": URL, "response": {}}]),
        on_request=lambda request: seen.append(request.extensions),
    ) as door:
        options = {"allowUnauthorizedCerts": True, "proxy": "http://proxy.test:1"}
        run_node(TYPE, {"url": URL, "options": options}, http=door)
    assert (seen[0]["verify"], seen[0]["proxy"]) == (False, "http://proxy.test:1")
