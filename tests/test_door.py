"""n8nlite.door and n8nlite.network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from pytest_httpx import HTTPXMock

from n8nlite.door import Door, Mode
from n8nlite.errors import InputError, RequestRefused
from n8nlite.mocks import Mocks
from n8nlite.network import BLOCKED, Guard
from tests.local_server import LocalServer

URL = "https://api.example.com/x"


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as running:
        yield running


@pytest.mark.parametrize("mode", ["live", "refuse"])
def test_routes_come_before_mocks(mode: Mode) -> None:
    """A local workflow answers first; the longest prefix wins, and ends at a slash."""
    mocks = Mocks([{"url": URL, "persist": True, "response": "mock"}])
    routes = {
        "https://api.example.com": lambda request: httpx.Response(200, text="short"),
        "https://api.example.com/x/": lambda request: httpx.Response(200, text="long"),
    }
    with Door(mode, mocks=mocks, routes=routes) as door:
        texts = [door.client.get(URL + tail).text for tail in ("", "/y?z=1", "y")]
    assert texts == ["long", "long", "short"]
    assert [exchange.by for exchange in door.log] == ["route"] * 3


def test_refuse_names_the_request_and_the_nearest_mock() -> None:
    """The error shows method, URL, body and what the mock expected."""
    mocks = Mocks([{"method": "POST", "url": URL, "body": {"a": 1}}])
    with Door("refuse", mocks=mocks) as door, pytest.raises(RequestRefused) as caught:
        door.client.post(URL, json={"a": 2})
    assert str(caught.value) == (
        f'no mock fits POST {URL} with body {{"a":2}}; '
        f'mocks[0] (POST {URL}) expects body {{"a": 1}}'
    )


def test_refuse_without_mocks_says_offline() -> None:
    with Door("refuse") as door, pytest.raises(RequestRefused, match=f"offline: GET {URL}"):
        door.client.get(URL)


def test_secrets_are_masked_in_errors_and_log() -> None:
    """What the mask hides is in neither."""
    with Door("refuse", mask=lambda text: text.replace("s3cret", "***")) as door:
        with pytest.raises(RequestRefused) as caught:
            door.client.post(URL + "?key=s3cret", content=b"token=s3cret")
        assert "s3cret" not in str(caught.value) + repr(door.log)
        assert door.log[0].url == URL + "?key=***"


def test_live_reaches_the_network(httpx_mock: HTTPXMock) -> None:
    """What neither route nor mock answers goes out, beneath the door's client."""
    httpx_mock.add_response(url=URL, text="from outside")
    with Door() as door:
        assert door.client.get(URL).text == "from outside"


def test_log_and_hooks(server: LocalServer) -> None:
    """The log knows who answered, the status, the sizes; the hooks see both ends."""
    seen: list[str] = []
    door = Door(
        on_request=lambda request: seen.append(request.method),
        on_response=lambda request, response: seen.append(str(response.status_code)),
    )
    with door:
        door.client.post(server.url + "/status/404", content=b"12345")
    (exchange,) = door.log
    assert (exchange.by, exchange.status) == ("live", 404)
    assert (exchange.request_size, exchange.response_size) == (5, 29)
    assert exchange.ms > 0
    assert seen == ["POST", "404"]


def test_connections_are_kept_and_cookies_are_not(server: LocalServer) -> None:
    with Door() as door:
        door.client.get(server.url + "/cookie")
        door.client.get(server.url + "/echo")
    assert server.connections == 1
    assert "cookie" not in server.seen[1]["headers"]


def test_unpacks_gzip(server: LocalServer) -> None:
    with Door() as door:
        assert door.client.get(server.url + "/gzip").json() == {"zipped": True}


def test_redirects_are_the_requests_business(server: LocalServer) -> None:
    with Door() as door:
        assert door.client.get(server.url + "/redirect").status_code == 302
        followed = door.client.get(server.url + "/redirect", follow_redirects=True)
    assert followed.json()["path"] == "/echo"
    assert [exchange.status for exchange in door.log] == [302, 302, 200]


def test_timeouts_hold(server: LocalServer) -> None:
    with Door(timeout=0.2) as door, pytest.raises(httpx.ReadTimeout):
        door.client.get(server.url + "/hang")
    assert door.log[0].error


def test_other_schemes_are_refused() -> None:
    with Door() as door, pytest.raises(httpx.UnsupportedProtocol):
        door.client.get("ftp://example.com/x")


def test_many_threads_share_one_door(server: LocalServer) -> None:
    """Every request gets its own answer and its line in the log."""
    with Door(per_host=2) as door, ThreadPoolExecutor(8) as pool:
        paths = [f"/n/{number}" for number in range(40)]
        answers = list(pool.map(lambda path: door.client.get(server.url + path).json(), paths))
    assert [answer["path"] for answer in answers] == paths
    assert len(door.log) == 40


def test_per_host_limits_what_is_on_its_way() -> None:
    """No more requests than allowed are with a host at once."""
    inside, most, lock = 0, 0, threading.Lock()

    class Slow(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal inside, most
            with lock:
                inside += 1
                most = max(most, inside)
            threading.Event().wait(0.02)
            with lock:
                inside -= 1
            return httpx.Response(200)

    with Door(per_host=2) as door, ThreadPoolExecutor(8) as pool:
        door._network._transports[True, None] = Slow()  # type: ignore[assignment]
        list(pool.map(door.client.get, ["http://127.0.0.1/"] * 12))
    assert most == 2


def test_a_proxy_from_the_environment_is_used(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    with Door() as door:
        assert door.client.get("http://far.away.invalid/x").json()["path"] == (
            "http://far.away.invalid/x"
        )
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert door.client.get(server.url + "/near").json()["path"] == "/near"


def test_a_request_may_bring_its_own_proxy(server: LocalServer) -> None:
    with Door() as door:
        answer = door.client.get("http://far.invalid/y", extensions={"proxy": server.url})
    assert answer.json()["path"] == "http://far.invalid/y"


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "0.0.0.0"),
        *("10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("[::1]", "[::ffff:127.0.0.1]", "[fe80::1]", "[fc00::1]", "[64:ff9b::7f00:1]"),
    ],
)
def test_guard_keeps_private_addresses_private(host: str) -> None:
    """However the address is spelt."""
    with Door(guard=Guard(), timeout=2) as door, pytest.raises(RequestRefused, match="SSRF"):
        door.client.get(f"http://{host}/latest/meta-data")


def test_guard_checks_redirects(server: LocalServer) -> None:
    """An allowed host may not send the request on to a private address."""
    guard = Guard(allowed_hosts=("localhost",))
    with Door(guard=guard) as door, pytest.raises(RequestRefused, match=r"127\.0\.0\.1"):
        door.client.get(
            f"http://localhost:{server.port}/redirect?to={server.url}/secret",
            follow_redirects=True,
        )
    assert [request["path"].partition("?")[0] for request in server.seen] == ["/redirect"]


def test_guard_checks_the_target_behind_a_proxy(server: LocalServer) -> None:
    with Door(guard=Guard()) as door, pytest.raises(RequestRefused):
        door.client.get("http://10.0.0.1/", extensions={"proxy": server.url})


def test_guard_from_n8ns_environment() -> None:
    """Off unless N8N_SSRF_PROTECTION_ENABLED; `default` stands for the usual ranges."""
    assert Guard.from_env({}) is None
    guard = Guard.from_env(
        {
            "N8N_SSRF_PROTECTION_ENABLED": "true",
            "N8N_SSRF_BLOCKED_IP_RANGES": "default, 8.8.0.0/16",
            "N8N_SSRF_ALLOWED_IP_RANGES": "10.0.1.0/24",
            "N8N_SSRF_ALLOWED_HOSTNAMES": "*.n8n.internal",
        }
    )
    assert guard is not None
    assert guard.blocked == (*BLOCKED, "8.8.0.0/16")
    allowed = {
        ("a.n8n.internal", "10.9.9.9"): True,
        ("n8n.internal", "10.9.9.9"): False,
        ("evil-n8n.internal", "10.9.9.9"): False,
        ("x.test", "10.0.1.7"): True,
        ("x.test", "10.0.2.7"): False,
        ("x.test", "8.8.8.8"): False,
        ("x.test", "1.1.1.1"): True,
    }
    assert {pair: guard.allows(*pair) for pair in allowed} == allowed


def test_guard_with_a_wrong_range_says_so() -> None:
    with pytest.raises(InputError, match="CIDR"):
        Guard.from_env({"N8N_SSRF_PROTECTION_ENABLED": "true", "N8N_SSRF_BLOCKED_IP_RANGES": "ten"})
