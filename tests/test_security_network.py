"""
Hostile addresses, redirects, headers and bodies: what is sent, what is believed of what comes in.

The ids are those of the cases in our security review.
"""

from __future__ import annotations

import contextlib
import json
import socket
from typing import Any
from urllib.parse import quote

import httpx
import pytest

import n8nlite
from n8nlite import webhooks
from n8nlite.door import Door
from n8nlite.errors import InputError, NodeError, RequestRefused
from n8nlite.mocks import Mocks
from n8nlite.network import Guard
from n8nlite.testing import run_node
from tests.flow import chain, node, trigger
from tests.local_server import LocalServer

HTTP = "n8n-nodes-base.httpRequest"
SECRET = "s3cret-value-1234"
HOME = "https://api.example.com/a"
SIGNED = {"authentication": "genericCredentialType", "genericAuthType": "httpHeaderAuth"}
CREDENTIALS = {
    "httpHeaderAuth": {
        "name": "X-Key",
        "value": SECRET,
        "allowedHttpRequestDomains": "domains",
        "allowedDomains": "*.example.com",
    }
}
ANYTHING = {"url": {"$regex": "."}, "response": {"ok": 1}, "persist": True}


def sent(url: str, *mocks: Any, **parameters: Any) -> list[httpx.Request]:
    """What a signed HTTP Request node sends; nothing where it fails."""
    answers = Mocks([*mocks, ANYTHING])
    with contextlib.suppress(NodeError):
        given = {"url": url, **SIGNED, **parameters}
        run_node(HTTP, given, version=4.2, http=answers, credentials=CREDENTIALS)
    return answers.requests


# -- NET-001, NET-002: the guard ---------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.255.0.9", "0x7f.1", "017700000001", "2130706433", "0", "localhost"),
        *("10.1.2.3", "172.31.0.1", "192.168.9.9", "169.254.169.254", "100.64.0.1", "192.0.0.9"),
        *("[::]", "[::1]", "[::ffff:10.0.0.1]", "[fd00::1]", "[fe80::1]", "[64:ff9b::a00:1]"),
        *("[2002:7f00:1::]", "224.0.0.1", "255.255.255.255"),
    ],
)
def test_private_addresses_in_every_spelling(host: str) -> None:
    """NET-001."""
    with Door(guard=Guard(), timeout=2) as door, pytest.raises(RequestRefused, match="SSRF"):
        door.client.get(f"http://{host}/")


def test_the_address_that_is_checked_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """NET-002: the name is looked up once; a second answer would not be asked for."""
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    connected: list[Any] = []

    def lookup(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        found = answers.pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    def connect(address: Any, *_: Any, **__: Any) -> socket.socket:
        connected.append(address)
        raise OSError("no network in tests")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", connect)
    with Door(guard=Guard()) as door, pytest.raises(httpx.ConnectError):
        door.client.get("http://rebinding.test/")
    assert connected == [("93.184.216.34", 80)]
    assert len(answers) == 1


def test_one_private_address_among_others_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """NET-002: a name with a public and a private address is refused."""
    both = [(socket.AF_INET, 1, 6, "", (each, 80)) for each in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    with Door(guard=Guard()) as door, pytest.raises(RequestRefused):
        door.client.get("http://both.test/")


# -- NET-003, NET-004: redirects and credentials -----------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        *("file:///etc/passwd", "gopher://api.example.com/", "ftp://api.example.com/", "data:,x"),
        *("javascript:1", "http://[::1", "https://api.example.com@evil.test/"),
        *("//evil.test/x", "https://evil.test/", "https://api.example.com.evil.test/"),
    ],
)
def test_redirects_that_are_not_followed(target: str) -> None:
    """NET-003, NET-004: other schemes, and hosts that the credential is not for."""
    moved = {"url": HOME, "status": 302, "headers": {"Location": target}}
    assert [str(request.url) for request in sent(HOME, moved)] == [HOME]


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("https://api.example.com/b", True),
        ("/b", True),
        ("https://other.example.com/b", False),
        ("http://api.example.com/b", False),
        ("https://api.example.com:444/b", False),
    ],
)
def test_secrets_stay_with_their_origin(target: str, kept: bool) -> None:
    """NET-004."""
    moved = {"url": HOME, "status": 307, "headers": {"Location": target}}
    headers = {"parameters": [{"name": "Authorization", "value": "mine"}]}
    first, second = sent(HOME, moved, sendHeaders=True, headerParameters=headers)
    assert {first.headers.get("x-key"), first.headers.get("authorization")} == {SECRET, "mine"}
    assert ("x-key" in second.headers, "authorization" in second.headers) == (kept, kept)


HOSTS = [
    *("evil.test", "example.com.evil.test", "evilexample.com", "api.example.com@evil.test"),
    *("evil.test#.example.com", "api.example.com:80@evil.test/", "evil.test?.example.com"),
    *("evil.test/.example.com", "evil.test\\.example.com", "evil.test\\@api.example.com"),
    *("evil.test%2f.example.com", "evil.test%00.example.com", "[::1", "evil.test;.example.com"),
    *("api.example.com%2eevil.test", "api。example。com", "API.EXAMPLE.COM", "example.com"),
    *("api.example.com.", "xn--a.example.com", "api.example.com:99999", ".example.com"),
    *("api..example.com", "☃.example.com", "evil.test\t.example.com", "evil.test\n.example.com"),
    *("evil.test .example.com", ""),
]


@pytest.mark.parametrize("url", HOSTS)
def test_the_host_that_is_checked_is_the_host_that_is_asked(url: str) -> None:
    """NET-004, NET-005: whatever the spelling, the credential goes below example.com or nowhere."""
    for request in sent(f"https://{url}"):
        assert request.url.raw_host.decode().endswith(".example.com")
        assert request.headers["host"].partition(":")[0].endswith(".example.com")


# -- NET-006, DATA-008: parts of requests that come from data -----------------------------------


@pytest.mark.parametrize("part", ["../../meta/whoami", "x?y=z", "x#y", "%2e%2e/", "a/b", "..\\x"])
def test_ids_from_data_stay_in_their_place(part: str) -> None:
    """NET-006."""
    locator = {"__rl": True, "mode": "id", "value": "tblA1"}
    parameters = {"operation": "get", "base": {**locator, "value": "appA1"}, "table": locator}
    mocks = Mocks([ANYTHING])
    run_node(
        "n8n-nodes-base.airtable",
        {**parameters, "id": part},
        version=2.1,
        http=mocks,
        credentials={"airtableTokenApi": {"accessToken": "token"}},
    )
    (request,) = mocks.requests
    assert request.url.raw_path.decode() == f"/v0/appA1/tblA1/{quote(part, safe='=')}"


def test_parts_that_lead_elsewhere_are_refused() -> None:
    """NET-006."""
    for part in ("..", ".", " .. "):
        with pytest.raises(NodeError, match="cannot be part of a URL's path"):
            test_ids_from_data_stay_in_their_place(part)


@pytest.mark.parametrize("kind", ["__proto__", "constructor", "toString", "", 5, None])
def test_pagination_parameters_are_of_known_kinds(kind: Any) -> None:
    """DATA-008."""
    setting = {"type": kind, "name": "polluted", "value": "1"}
    options = {
        "pagination": {
            "pagination": {
                "paginationMode": "updateAParameterInEachRequest",
                "parameters": {"parameters": [setting]},
            }
        }
    }
    with pytest.raises(NodeError, match="Parameter type must be one of"):
        run_node(HTTP, {"url": HOME, "options": options}, version=4.2, http=Mocks([ANYTHING]))


def test_line_breaks_make_no_headers() -> None:
    """WEB-009, the other way: what is sent on a real connection."""
    with LocalServer() as server:
        headers = {"parameters": [{"name": "x-a", "value": "b\r\nx-injected: 1"}]}
        url = f"{server.url}/echo"
        parameters = {"url": url, "sendHeaders": True, "headerParameters": headers}
        run_node(HTTP, parameters, version=4.2, http="live")
        method = "GET / HTTP/1.1\\r\\nx-injected: 1\\r\\n\\r\\nGET"
        source = f"await this.helpers.httpRequest({{ url: '{url}', method: '{method}' }})"
        with pytest.raises(NodeError, match="Illegal method"):
            run_node("n8n-nodes-base.code", {"jsCode": source}, version=2, http="live")
        for bad in ("x\r\ny", "x: y", "é", ""):
            broken = {"parameters": [{"name": bad, "value": "1"}]}
            with contextlib.suppress(NodeError):
                run_node(HTTP, {**parameters, "headerParameters": broken}, version=4.2, http="live")
        assert not any("x-injected" in request["headers"] for request in server.seen)


# -- NET-008: offline --------------------------------------------------------------------------


def test_refused_means_that_nothing_is_even_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """NET-008: every client, proxies from the environment too; the error says what was wanted."""
    touched: list[str] = []
    for name in ("getaddrinfo", "create_connection"):
        monkeypatch.setattr(socket, name, lambda *_, _name=name, **__: touched.append(_name))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    credentials = {
        "slackApi": {"accessToken": SECRET},
        "openAiApi": {"apiKey": SECRET},
        "airtableTokenApi": {"accessToken": SECRET},
    }
    channel = {"__rl": True, "mode": "id", "value": "C1"}
    asks: list[tuple[str, float, dict[str, Any]]] = [
        (HTTP, 4.2, {"url": "https://far.test/x"}),
        ("n8n-nodes-base.slack", 2.3, {"select": "channel", "channelId": channel, "text": "x"}),
        ("n8n-nodes-base.airtable", 2.1, {"resource": "base", "operation": "getMany"}),
        ("n8n-nodes-base.openAi", 1, {"resource": "chat", "prompt": {"messages": []}}),
        ("n8n-nodes-base.executeWorkflow", 1, {"source": "url", "workflowUrl": "http://far.test"}),
        ("n8n-nodes-base.code", 2, {"jsCode": "await this.helpers.request('http://far.test')"}),
    ]
    for type_name, version, parameters in asks:
        with pytest.raises(RequestRefused, match=r"offline: (GET|POST) https?://\S+ was not sent"):
            run_node(type_name, parameters, version=version, credentials=credentials)
    assert not touched


@pytest.mark.parametrize("on_error", ["continueRegularOutput", "continueErrorOutput"])
def test_no_error_setting_hides_a_refused_request(on_error: str) -> None:
    """NET-008: the run fails, and names node, method and URL."""
    asking = node("Ask", "httpRequest", {"url": HOME}, onError=on_error, retryOnFail=True)
    result = chain(trigger(), asking).run([{}], http="refuse")
    assert result.status == "error"
    assert str(result.cause) == f"'Ask' [item 0]: offline: GET {HOME} was not sent"


# -- WEB-009, WEB-016, DATA-009, DATA-010: what comes to a webhook, and what goes back -----------


def hook(*more: dict[str, Any], **parameters: Any) -> n8nlite.Workflow:
    """A workflow that answers POST /a with its last node, or as `more` says."""
    mode = "responseNode" if any("respond" in each["type"] for each in more) else "lastNode"
    given = {"path": "a", "httpMethod": "POST", "responseMode": mode, **parameters}
    return chain(node("Hook", "webhook", given, typeVersion=2), *more)


def ask(workflow: n8nlite.Workflow, url: str = "http://h.test/a", **how: Any) -> httpx.Response:
    """What the workflow's webhook answers to a POST."""
    from n8nlite import running
    from n8nlite.routes import handler

    settings = running.execution(workflow, {"http": "refuse"}).settings
    answer = handler(workflow, "http://h.test", settings)
    return answer(httpx.Request("POST", url, **how))


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("x-a", "b\r\nset-cookie: c=1", None),
        ("x-a", "b\0c", None),
        ("x-a", "☃", None),
        ("x-a", "ü\t!", "ü\t!"),
        ("x-a\r\nx-b", "c", None),
        ("x a", "c", None),
        ("", "c", None),
        ("Transfer-Encoding", "chunked", None),
        ("Connection", "upgrade", None),
    ],
)
@pytest.mark.parametrize("by", ["webhook", "respond"])
def test_headers_of_answers_are_one_line_each(
    by: str, name: str, value: str, kept: str | None
) -> None:
    """WEB-009."""
    options = {"responseHeaders": {"entries": [{"name": name, "value": value}]}}
    respond = {"respondWith": "text", "responseBody": "x", "options": options}
    if by == "webhook":
        answer = ask(hook(options=options))
    else:
        answer = ask(hook(node("Respond", "respondToWebhook", respond, typeVersion=1.1)))
    assert answer.headers.get("x-a") == kept
    assert not {"set-cookie", "x-b", "transfer-encoding", "connection"} & set(answer.headers)


def test_an_error_page_says_nothing() -> None:
    """WEB-016: neither message, node, path nor secret of a run that failed."""
    stop = node("Stop", "stopAndError", {"errorMessage": f"{SECRET} in /home/me"})
    answer = ask(hook(stop))
    assert (answer.status_code, answer.json()) == (500, {"message": "Error in workflow"})


def test_queries_and_bodies_are_plain_data() -> None:
    """DATA-009, DATA-010: names with a meaning in JavaScript are names, paths in them text."""
    body = json.dumps({"__proto__": {"x": 1}, "constructor": {"prototype": {"y": 2}}})
    query = "__proto__[x]=1&constructor[prototype][y]=1&d=1&d=2"
    clean = {"jsCode": "return { item: $json, clean: ({}).x === undefined && [].y === undefined }"}
    code = node("Code", "code", clean)
    headers = {"content-type": "application/json"}
    answer = ask(hook(code), f"http://h.test/a?{query}", content=body, headers=headers).json()
    assert answer["clean"] is True
    assert answer["item"]["body"] == json.loads(body)
    assert answer["item"]["query"]["d"] == ["1", "2"]


LAUGHS = b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
FIELD = b'--x\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\n1'
HOSTILE_BODIES: list[tuple[str, bytes]] = [
    ("application/json", b'{"a":'),
    ("application/json", b"[" * 100_000),
    ("application/json", b"\xff\xfe\x00"),
    ("application/xml", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
    ("application/xml", b"<a>" * 50_000),
    ("application/xml", b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + LAUGHS + b"]><a>&m;</a>"),
    ("multipart/form-data; boundary=x", FIELD),
    ("multipart/form-data; boundary=x", b"--x\r\n" * 10_000),
    ("multipart/form-data", b"--x"),
    ("application/x-www-form-urlencoded", b"__proto__[a]=1&%zz=%00&" * 1000),
    ("text/plain; charset=nope", b"\xff"),
    ("\r\n", b"x"),
]


@pytest.mark.parametrize(("kind", "content"), HOSTILE_BODIES)
def test_hostile_bodies_are_read_or_told(kind: str, content: bytes) -> None:
    """DATA-007, DATA-010: no file, no explosion; data, or one line that says what is wrong."""
    read = ""
    with contextlib.suppress(InputError):
        read = json.dumps(webhooks.read_body(content, kind))
    assert "root:" not in read
    assert len(read) < 10_000_000


def test_a_file_in_a_form_keeps_no_path() -> None:
    """DATA-010: the name of an uploaded file is a name."""
    part = b'--x\r\nContent-Disposition: form-data; name="constructor"; filename="../../etc/x"'
    body = part + b"\r\nContent-Type: text/plain\r\n\r\nhi\r\n--x--\r\n"
    read = webhooks.read_body(body, "multipart/form-data; boundary=x")
    assert "etc" not in json.dumps(read, default=str)
