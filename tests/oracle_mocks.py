"""The network as real n8n sees it while the oracle runs: a local server that answers with mocks."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

Mock = Mapping[str, Any]
UNANSWERED = 598


class MockServer:
    """
    Answers requests with the mocks of one case at a time, each mock once unless it says `persist`.

    The oracle leads all of n8n's requests here; the header `x-oracle-url` has the original URL.
    """

    def __init__(self) -> None:
        self._mocks: list[Mock] = []
        self._uses: list[int] = []
        self._lock = threading.Lock()
        self.unanswered: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def load(self, mocks: Sequence[Mock]) -> None:
        """Answer with these from now on."""
        with self._lock:
            self._mocks, self._uses, self.unanswered = list(mocks), [0] * len(mocks), []

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def take(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Mock:
        """The mock that answers a request."""
        with self._lock:
            for index, mock in enumerate(self._mocks):
                spent = self._uses[index] >= mock.get("used_times", 1) and not mock.get("persist")
                if not spent and fits(mock, method, url, headers, body):
                    self._uses[index] += 1
                    return mock
            self.unanswered.append(f"{method} {url} {body[:500]!r}")
        return {"status": UNANSWERED, "response": {"message": f"no mock answers {method} {url}"}}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer = self.take

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                pass

            def answer(self) -> None:
                url = self.headers.get("x-oracle-url") or self.path
                headers = {key.lower(): value for key, value in self.headers.items()}
                mock = answer(self.command, url, headers, self._body())
                payload, kind = _payload(mock.get("response"))
                sent = {"content-type": kind} if kind else {}
                sent |= {key.lower(): str(value) for key, value in mock.get("headers", {}).items()}
                sent |= {"content-length": str(len(payload))}
                self.send_response(mock.get("status", 200))
                for key, value in sent.items():
                    self.send_header(key, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(payload)

            def _body(self) -> bytes:
                if "chunked" not in self.headers.get("transfer-encoding", ""):
                    return self.rfile.read(int(self.headers.get("content-length", 0)))
                chunks = []
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    chunks.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                return b"".join(chunks)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = answer

        return Handler


def fits(mock: Mock, method: str, url: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a mock answers a request; header names are in lower case."""
    asked, wanted = urlsplit(url), urlsplit(mock["url"])
    same_place = (asked.scheme, asked.netloc, asked.path.rstrip("/")) == (
        wanted.scheme,
        wanted.netloc,
        wanted.path.rstrip("/"),
    )
    return (
        method == mock.get("method", "GET").upper()
        and same_place
        and _fits_query(mock.get("query", True), asked.query)
        and all(
            headers.get(key.lower()) == str(value)
            for key, value in mock.get("match_headers", {}).items()
        )
        and ("body" not in mock or _fits_body(mock["body"], body))
    )


def _fits_query(wanted: Any, text: str) -> bool:
    if wanted is True:
        return True
    got = {key: each if len(each) > 1 else each[0] for key, each in parse_qs(text, True).items()}
    return got == {key: _texts(value) for key, value in wanted.items()}


def _texts(value: Any) -> Any:
    if isinstance(value, list):
        return [_texts(each) for each in value]
    return value if isinstance(value, str) else json.dumps(value)


def _fits_body(wanted: Any, body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    if isinstance(wanted, dict) and "$matcher" in wanted:
        return True
    try:
        got = json.loads(text)
    except ValueError:
        got = dict(parse_qsl(text, True)) if isinstance(wanted, dict) else text
    return wanted in (got, text) or got == _form(wanted)


def _form(wanted: Any) -> Any:
    return {key: _texts(each) for key, each in wanted.items()} if isinstance(wanted, dict) else None


def _payload(response: Any) -> tuple[bytes, str]:
    if response is None:
        return b"", ""
    if isinstance(response, str):
        return response.encode(), "text/plain"
    if isinstance(response, dict) and response.get("$type") == "Buffer":
        return base64.b64decode(response["base64"]), "application/octet-stream"
    return json.dumps(response).encode(), "application/json"
