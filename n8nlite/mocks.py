"""
Answers to HTTP requests, given beforehand: the network of a test.

A mock is a table of `method`, `url`, `query`, `body`, `match_headers` (what fits) and `status`,
`response`, `headers`, `error` (what is answered). `persist` answers for ever, `used_times` so many
times, neither of them once. Mocks are tried in their order.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from n8nlite.errors import InputError
from n8nlite.matching import Incoming, body_fits, headers_fit, query_fits, url_fits

if TYPE_CHECKING:
    import httpx

Answerer = Callable[["httpx.Request"], Any]

KEYS: dict[str, Any] = {
    "method": str,
    "url": (str, dict),
    "url_base": str,
    "path": (str, dict),
    "query": (dict, bool),
    "match_headers": dict,
    "status": int,
    "headers": dict,
    "error": str,
    "persist": bool,
    "used_times": int,
}
"""The keys of a mock and their types; others (`body`, `response`) take any value."""

NEAREST = 3
"""How many of the nearest mocks an error names."""


@dataclass(slots=True)
class Mock:
    """One answer given beforehand, and how often it was used. `times` None: for ever."""

    place: str
    method: str = ""
    url: Any = None
    query: Any = True
    body: Any = None
    match_headers: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    response: Any = None
    headers: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    times: int | None = 1
    used: int = 0
    has_body: bool = False

    @property
    def spent(self) -> bool:
        """Whether it has been used as often as it may."""
        return self.times is not None and self.used >= self.times

    def differences(self, request: Incoming) -> list[str]:
        """In what the request is not the one expected; of another URL nothing more is said."""
        found = []
        if self.method and self.method != request.method:
            found.append(f"method {self.method}")
        if not url_fits(self.url, request.url):
            return [*found, f"url {_short(self.url)}"]
        if not query_fits(self.query, request.query):
            found.append(f"query {_short(self.query)}")
        if not headers_fit(self.match_headers, request.headers):
            found.append(f"headers {_short(dict(self.match_headers))}")
        if self.has_body and not body_fits(self.body, request):
            found.append(f"body {_short(self.body)}")
        return found

    def __str__(self) -> str:
        return f"{self.method or '*'} {_short(self.url)}"


class Mocks:
    """
    Mocks from a file, from a list, or a Python function per mock.

    An entry of the list may be a function instead of a table: it gets the `httpx.Request` and
    answers with an `httpx.Response`, JSON data or text, or with None (not mine). A table's
    `response` may be such a function too. Raises InputError for a list or file that is wrong.
    """

    def __init__(self, source: str | Path | Sequence[Any] | Mapping[str, Any] = ()) -> None:
        place, entries = _entries(source)
        self.mocks: list[Mock | Answerer] = [
            entry if callable(entry) else _mock(entry, f"{place}[{index}]")
            for index, entry in enumerate(entries)
        ]
        self.requests: list[httpx.Request] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.mocks)

    def answer(self, request: httpx.Request) -> httpx.Response | None:
        """The answer of the first mock that fits and is not used up; None when there is none."""
        incoming = Incoming(request)
        with self._lock:
            self.requests.append(request)
            for mock in self.mocks:
                if not isinstance(mock, Mock):
                    if (given := mock(request)) is not None:
                        return _response(given, request)
                elif not mock.spent and not mock.differences(incoming):
                    mock.used += 1
                    return _answer(mock, request)
        return None

    def unused(self) -> list[Mock]:
        """The mocks that no request has used."""
        return [mock for mock in self._tables() if not mock.used]

    def nearest(self, request: httpx.Request) -> list[str]:
        """What the mocks most like a request expected instead of it, a line for each."""
        incoming = Incoming(request)
        ranked = sorted(
            ((mock.differences(incoming), mock) for mock in self._tables()),
            key=lambda pair: (_distance(pair[1], incoming), len(pair[0])),
        )
        return [_hint(mock, differences) for differences, mock in ranked[:NEAREST]]

    def _tables(self) -> Iterator[Mock]:
        return (mock for mock in self.mocks if isinstance(mock, Mock))


def _entries(source: Any) -> tuple[str, Sequence[Any]]:
    place = "mocks"
    if isinstance(source, str | Path):
        place = str(source)
        try:
            source = orjson.loads(Path(source).read_bytes())
        except OSError as error:
            raise InputError(f"{place}: cannot be read: {error.strerror}") from None
        except orjson.JSONDecodeError as error:
            raise InputError(f"{place}: expected JSON, got {error}") from None
    if isinstance(source, Mapping) and "mocks" in source:
        source, place = source["mocks"], f"{place}: mocks"
    if isinstance(source, Mapping) and ("url" in source or "method" in source):
        source = [source]
    if isinstance(source, Mapping | str | bytes) or not isinstance(source, Sequence):
        raise InputError(f"{place}: expected a list of mocks, got {_kind(source)}")
    return place, source


def _mock(entry: Any, place: str) -> Mock:
    if not isinstance(entry, Mapping):
        raise InputError(f"{place}: expected an object with method, url ..., got {_kind(entry)}")
    for key, expected in KEYS.items():
        value = entry.get(key)
        wrong = value is not None and not isinstance(value, expected)
        if wrong or (expected is int and isinstance(value, bool)):
            raise InputError(f"{place}.{key}: expected {_names(expected)}, got {_kind(value)}")
    status = entry.get("status", 200)
    if not 100 <= status <= 599:
        raise InputError(f"{place}.status: expected a number from 100 to 599, got {status}")
    url, query = _address(entry, place)
    return Mock(
        place=place,
        method=(entry.get("method") or "").upper(),
        url=url,
        query=query,
        body=entry.get("body"),
        has_body="body" in entry,
        match_headers=entry.get("match_headers") or {},
        status=status,
        response=entry.get("response"),
        headers=entry.get("headers") or {},
        error=entry.get("error") or "",
        times=None if entry.get("persist") else entry.get("used_times", 1),
    )


def _address(entry: Mapping[str, Any], place: str) -> tuple[Any, Any]:
    url: Any = entry.get("url")
    if url is None and "url_base" in entry:
        path = entry.get("path", "")
        base = str(entry["url_base"]).rstrip("/")
        url = [base, path] if isinstance(path, dict) else f"{base}/{path.lstrip('/')}"
    if url is None:
        raise InputError(f"{place}.url: expected a URL, got nothing")
    query = entry.get("query", True)
    if isinstance(url, str) and "?" in url:
        if query is True:
            query = urlsplit(url).query
        url = url.partition("?")[0]
    return url, True if query is None else query


def _answer(mock: Mock, request: httpx.Request) -> httpx.Response:
    if mock.error:
        raise _failure(mock.error, request)
    given = mock.response(request) if callable(mock.response) else mock.response
    return _response(given, request, mock.status, mock.headers)


def _response(
    given: Any, request: httpx.Request, status: int = 200, headers: Mapping[str, Any] | None = None
) -> httpx.Response:
    import httpx

    if isinstance(given, httpx.Response):
        return given
    sent = [(name, str(one)) for name, value in (headers or {}).items() for one in _list(value)]
    named = {name.lower() for name, _ in sent}
    if isinstance(given, dict) and given.get("$type") == "Buffer":
        given = base64.b64decode(given.get("base64", ""))
    if given is None or isinstance(given, bytes):
        content = given or b""
    elif isinstance(given, str):
        content = given.encode()
    else:
        content = json.dumps(given, ensure_ascii=False, separators=(",", ":")).encode()
        if "content-type" not in named:
            sent.append(("Content-Type", "application/json"))
    sent = [(name, value) for name, value in sent if name.lower() != "transfer-encoding"]
    return httpx.Response(status, headers=sent, stream=httpx.ByteStream(content), request=request)


def _failure(code: str, request: httpx.Request) -> Exception:
    import httpx

    kinds: dict[str, type[httpx.RequestError]] = {
        "ETIMEDOUT": httpx.ConnectTimeout,
        "ECONNABORTED": httpx.ReadTimeout,
        "ECONNRESET": httpx.ReadError,
    }
    return kinds.get(code, httpx.ConnectError)(code, request=request)


def _hint(mock: Mock, differences: list[str]) -> str:
    if differences:
        return f"{mock.place} ({mock}) expects {', '.join(differences)}"
    return f'{mock.place} ({mock}) fits but was used already; "persist": true keeps it'


def _distance(mock: Mock, request: Incoming) -> float:
    from difflib import SequenceMatcher

    return -SequenceMatcher(None, _short(mock.url), request.url).ratio()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else f"{text[:120]}..."


def _names(expected: Any) -> str:
    kinds = expected if isinstance(expected, tuple) else (expected,)
    words = {str: "text", int: "a number", bool: "true or false", dict: "an object"}
    return " or ".join(words[kind] for kind in kinds)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, Mapping | list):
        return "an object" if isinstance(value, Mapping) else "a list"
    return _short(json.dumps(value, ensure_ascii=False, default=str))
