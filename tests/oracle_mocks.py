"""The network as real n8n sees it while the oracle runs: a local server that answers with mocks."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from n8nlite.mocks import Mocks

UNANSWERED = 598


class MockServer:
    """
    Answers real n8n's requests with the mocks of one fixture at a time, as n8nlite's door would.

    The oracle leads all of n8n's requests here; the header `x-oracle-url` has the original URL.
    """

    def __init__(self) -> None:
        self._mocks = Mocks()
        self.unanswered: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def load(self, mocks: Sequence[Any]) -> None:
        """Answer with these from now on."""
        self._mocks, self.unanswered = Mocks(mocks), []

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What a mock says. Raises httpx.RequestError when it says that the network fails."""
        answer = self._mocks.answer(request)
        if answer is None:
            hints = "; ".join(self._mocks.nearest(request))
            self.unanswered.append(f"{request.method} {request.url} {hints}")
            answer = httpx.Response(UNANSWERED, json={"message": "no mock answers this request"})
        return answer

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer = self.answer

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                pass

            def respond(self) -> None:
                url = self.headers.get("x-oracle-url") or self.path
                try:
                    given = answer(
                        httpx.Request(
                            self.command,
                            url,
                            headers=self.headers.items(),
                            content=self._body(),
                        )
                    )
                except httpx.RequestError:
                    self.close_connection = True
                    return
                content = given.read()
                self.send_response(given.status_code)
                for name, value in given.headers.multi_items():
                    if name != "content-length":
                        self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            def _body(self) -> bytes:
                if "chunked" not in self.headers.get("transfer-encoding", ""):
                    return self.rfile.read(int(self.headers.get("content-length", 0)))
                chunks = []
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    chunks.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                return b"".join(chunks)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = respond

        return Handler
