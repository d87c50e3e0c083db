"""A real HTTP server on 127.0.0.1 that tells what it was asked: `with LocalServer() as server`."""

from __future__ import annotations

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class LocalServer:
    """
    Answers any request with it as JSON: method, path, headers (lower case), body.

    /gzip answers compressed, /redirect?to=URL&code=302 with a redirect, /loop with one to itself,
    /status/404 with that status, /hang never, /drop closes the connection. `seen` are the requests
    so far.
    """

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.connections = 0
        self.released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> LocalServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                server.connections += 1
                super().setup()

            def log_message(self, *_: object) -> None:
                """Quiet."""

            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                asked = {
                    "method": self.command,
                    "path": self.path,
                    "headers": {name.lower(): value for name, value in self.headers.items()},
                    "body": self.rfile.read(length).decode("utf-8", "backslashreplace"),
                }
                server.seen.append(asked)
                url = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(url.query).items()}
                if url.path == "/redirect":
                    code = int(query.get("code", "302"))
                    self.reply(code, b"moved", {"Location": query.get("to", "/echo")})
                elif url.path == "/loop":
                    self.reply(302, b"", {"Location": "/loop"})
                elif url.path.startswith("/status/"):
                    self.reply(int(url.path.rpartition("/")[2]), b'{"message": "server says no"}')
                elif url.path == "/gzip":
                    body = gzip.compress(b'{"zipped": true}')
                    self.reply(200, body, {"Content-Encoding": "gzip"})
                elif url.path == "/cookie":
                    self.reply(200, b"{}", {"Set-Cookie": "session=1"})
                elif url.path == "/hang":
                    server.released.wait(30)
                elif url.path == "/drop":
                    self.close_connection = True
                else:
                    self.reply(200, json.dumps(asked).encode())

            def reply(
                self, status: int, body: bytes, headers: dict[str, str] | None = None
            ) -> None:
                self.send_response_only(status)
                sent = {"Content-Type": "application/json", "Content-Length": str(len(body))}
                for name, value in {**sent, **(headers or {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer

        return Handler
