"""
The one door to the network: every request of a run, an SDK's too, leaves through `Door.client`.

A request is answered by the first of these that will: a local workflow (routes), a mock, and then,
by `mode`, the network ("live") or nobody ("refuse").
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from time import perf_counter
from typing import TYPE_CHECKING, Literal

import httpx

from n8nlite.errors import RequestRefused
from n8nlite.network import Guard, Network

if TYPE_CHECKING:
    from n8nlite.mocks import Mocks

Mode = Literal["live", "refuse"]
Handler = Callable[[httpx.Request], httpx.Response]
Mask = Callable[[str], str]

TIMEOUT = 300.0
"""Seconds a request may take where the node sets no timeout, as in n8n."""

PREVIEW = 200
"""How many characters of a body an error shows."""


@dataclass(slots=True)
class Exchange:
    """
    One request and what became of it; the URL has its secrets masked.

    `by` says who answered: "route", "mock", "live" or nobody (""). Sizes are bytes on the wire,
    `ms` counts until the response was read.
    """

    method: str
    url: str
    by: str = ""
    status: int | None = None
    request_size: int = 0
    response_size: int = 0
    ms: float = 0
    error: str = ""


class Door:
    """
    The network of one run.

    * `mode`: "live" lets through what no route and no mock answers, "refuse" does not
    * `mocks`: answers given beforehand
    * `routes`: URL prefix -> who answers it, in-process (the longest prefix wins)
    * `guard`: which addresses may be reached (n8n's SSRF protection); default: all
    * `timeout`: seconds, where the request brings none
    * `per_host`: how many requests may be on their way to one host at once
    * `mask`: hides secrets in what leaves the door as text
    * `on_request`, `on_response`: called with every request, and with it and its response

    Safe to use from many threads.
    """

    def __init__(
        self,
        mode: Mode = "live",
        *,
        mocks: Mocks | None = None,
        routes: Mapping[str, Handler] | None = None,
        guard: Guard | None = None,
        timeout: float = TIMEOUT,
        per_host: int = 50,
        mask: Mask = str,
        on_request: Callable[[httpx.Request], None] | None = None,
        on_response: Callable[[httpx.Request, httpx.Response], None] | None = None,
    ) -> None:
        self.mode = mode
        self.mocks = mocks
        self.routes = dict(routes or {})
        self.timeout = timeout
        self.mask = mask
        self.on_request = on_request
        self.on_response = on_response
        self.log: list[Exchange] = []
        self._network = Network(guard, per_host)
        weakref.finalize(self, self._network.close)
        self._client: httpx.Client | None = None
        self._lock = threading.Lock()

    @property
    def client(self) -> httpx.Client:
        """
        The client that all requests go through; it keeps no cookies and follows no redirects
        unless a request says so.

        A request's extensions may say `verify: False` (any certificate will do) and `proxy: URL`.
        """
        with self._lock:
            if self._client is None:
                self._client = httpx.Client(
                    transport=_Transport(self),
                    timeout=self.timeout,
                    headers={"User-Agent": "n8n"},
                    cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                )
            return self._client

    @property
    def offline(self) -> bool:
        """Whether no request can leave: items then run in turn, so that mocks come in order."""
        return self.mode == "refuse"

    def close(self) -> None:
        """Close all connections; the door opens again with the next request."""
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None

    def __enter__(self) -> Door:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def answer(self, request: httpx.Request) -> httpx.Response:
        """
        The response to a request, from whoever gives one.

        Raises RequestRefused where nobody may, httpx.TransportError where the network fails.
        """
        exchange = Exchange(request.method, self.mask(str(request.url)))
        with self._lock:
            self.log.append(exchange)
        if self.on_request:
            self.on_request(request)
        started = perf_counter()
        try:
            response = self._find(request, exchange)
        except Exception as error:
            exchange.error = self.mask(str(error)) or type(error).__name__
            raise
        finally:
            exchange.ms = (perf_counter() - started) * 1000
            exchange.request_size = _size(request)
        exchange.status = response.status_code
        response.stream = _Counted(response, exchange, started, self._seen(request, response))
        return response

    def _find(self, request: httpx.Request, exchange: Exchange) -> httpx.Response:
        route = self._route(str(request.url))
        if route is not None:
            exchange.by = "route"
            request.read()
            return route(request)
        if self.mocks is not None and (response := self.mocks.answer(request)) is not None:
            exchange.by = "mock"
            return response
        if self.mode == "refuse":
            raise RequestRefused(self._refusal(request))
        exchange.by = "live"
        return self._network.send(request)

    def _route(self, url: str) -> Handler | None:
        fitting = [prefix for prefix in self.routes if _begins(url, prefix)]
        return self.routes[max(fitting, key=len)] if fitting else None

    def _seen(self, request: httpx.Request, response: httpx.Response) -> Callable[[], None]:
        def done() -> None:
            if self.on_response:
                self.on_response(request, response)

        return done

    def _refusal(self, request: httpx.Request) -> str:
        text = f"no mock fits {request.method} {request.url}"
        if self.mocks is None:
            text = f"offline: {request.method} {request.url} was not sent"
        body = request.read().decode("utf-8", "replace")
        if body:
            short = body if len(body) <= PREVIEW else f"{body[:PREVIEW]}..."
            text += f" with body {short}"
        if self.mocks is not None:
            text += "".join(f"; {line}" for line in self.mocks.nearest(request))
        return self.mask(text)


class _Transport(httpx.BaseTransport):
    """Lets httpx.Client speak through a door."""

    def __init__(self, door: Door) -> None:
        self.door = door

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self.door.answer(request)

    def close(self) -> None:
        self.door._network.close()


class _Counted(httpx.SyncByteStream):
    """The bytes of a response on their way to the reader: counts them, and tells of the end."""

    def __init__(
        self,
        response: httpx.Response,
        exchange: Exchange,
        started: float,
        done: Callable[[], None],
    ) -> None:
        if not isinstance(response.stream, httpx.SyncByteStream):
            raise TypeError("a handler must give a response that can be read synchronously")
        self.inner = response.stream
        self.exchange = exchange
        self.started = started
        self.done = done
        if response.is_stream_consumed:
            exchange.response_size = len(response.content)

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.inner:
            self.exchange.response_size += len(chunk)
            yield chunk

    def close(self) -> None:
        self.inner.close()
        self.exchange.ms = (perf_counter() - self.started) * 1000
        self.done()


def _begins(url: str, prefix: str) -> bool:
    """Whether a URL begins with a prefix that ends at a `/`, `?` or `#` (or is all of it)."""
    prefix = prefix.rstrip("/")
    return url.startswith(prefix) and (len(url) == len(prefix) or url[len(prefix)] in "/?#")


def _size(request: httpx.Request) -> int:
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isdigit() else 0
