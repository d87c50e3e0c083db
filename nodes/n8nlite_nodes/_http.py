"""The HTTP request of a node: put together, signed, sent through the door, redirects followed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from n8nlite import api_errors
from n8nlite.authenticate import Authentication, authentication, check_domain
from n8nlite.context import Context
from n8nlite.errors import ApiError, NodeError
from n8nlite.javascript import text, type_of
from n8nlite_expressions import UNDEFINED

TIMEOUT = 300.0
"""Seconds, where the node sets no timeout."""

ACCEPT = "application/json,text/html,application/xhtml+xml,application/xml,text/*;q=0.9"
ACCEPTS = {
    "json": "application/json,text/*;q=0.99",
    "text": f"{ACCEPT}, */*;q=0.1",
}
ACCEPT_ANY = f"{ACCEPT}, image/*;q=0.8, */*;q=0.7"
"""What is asked for, by response format."""

SCHEMES = frozenset(("http", "https"))

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_SECRET = {"authorization", "cookie", "proxy-authorization"}


class HttpFailure(ApiError):
    """A request that failed; `cause` is what n8n puts into the item when the node continues."""

    def __init__(self, error: ApiError, cause: Mapping[str, Any]) -> None:
        super().__init__(
            error.message,
            description=error.description,
            http_code=error.http_code,
            messages=error.messages,
            name=error.name,
        )
        self.cause = cause


@dataclass(slots=True)
class Draft:
    """
    A request before it is sent. `query` values may be lists and objects, written as `arrays` says
    (repeat, brackets, indices). `content` None: no body.
    """

    method: str
    url: str
    query: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    arrays: str = "indices"
    timeout: float = TIMEOUT
    redirects: int = 21
    verify: bool = True
    proxy: str = ""
    send_credentials: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """A credential's part in a request, and the data that says where it may go."""

    type: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    parts: Authentication = field(default_factory=Authentication)


def sign(ctx: Context, type_name: str, url: str) -> Signed:
    """The node's credential of that type, if it may be used for the URL."""
    if not type_name:
        return Signed()
    data = ctx.credential_data(type_name)
    try:
        check_domain(data, url)
    except ApiError as error:
        told = {"name": "Error", "message": error.message, "level": "info"}
        raise HttpFailure(error, told) from None
    return Signed(type_name, data, authentication(type_name, data))


def send(ctx: Context, draft: Draft, signed: Signed, *, legacy: bool = False) -> httpx.Response:
    """
    The response to a request, redirects followed, read to its end.

    Raises HttpFailure where there is no response, NodeError where the request cannot be made.
    """
    request = _request(ctx, draft, signed)
    try:
        for _ in range(draft.redirects + 1):
            response = ctx.http.send(request, auth=signed.parts.auth or httpx.USE_CLIENT_DEFAULT)
            if not draft.redirects or not response.has_redirect_location:
                return response
            request = _redirected(ctx, request, response, draft, signed)
    except httpx.RequestError as error:
        raise _failure(error, legacy) from error
    message = "Maximum number of redirects exceeded"
    raise _refused(message, "ERR_FR_TOO_MANY_REDIRECTS")


def checked_url(given: Any) -> str:
    """The URL of a parameter. Raises NodeError for what is none."""
    if not isinstance(given, str):
        kind = "object" if given is None else type_of(given)
        raise NodeError(f"URL parameter must be a string, got {kind}")
    url = given.strip()
    if not url.startswith(("http://", "https://")):
        raise NodeError(f'Invalid URL: {url}. URL must start with "http" or "https".')
    return url


def header_values(values: Mapping[str, Any], *, lower: bool) -> dict[str, str]:
    """Headers as they are sent: no empty names, nothing for null and undefined, no line breaks."""
    return {
        (name.lower() if lower else name): re.sub(r"[\r\n]", "", str(text(value)))
        for name, value in values.items()
        if name and value is not None and value is not UNDEFINED
    }


def encode(values: Mapping[str, Any], arrays: str = "indices") -> str:
    """A query or form: `a=1&b%5B0%5D=2`; undefined is left out, null is empty."""
    return "&".join(
        f"{quote(name, safe='~')}={quote(text('' if each is None else each), safe='~')}"
        for key, value in values.items()
        for name, each in _flat(key, value, arrays)
    )


def _flat(name: str, value: Any, arrays: str) -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [
            pair for key, each in value.items() for pair in _flat(f"{name}[{key}]", each, arrays)
        ]
    if isinstance(value, list):
        index = {"repeat": "", "brackets": "[]"}
        return [
            pair
            for number, each in enumerate(value)
            for pair in _flat(name + index.get(arrays, f"[{number}]"), each, arrays)
        ]
    return [] if value is UNDEFINED else [(name, value)]


def _request(ctx: Context, draft: Draft, signed: Signed) -> httpx.Request:
    headers = dict(draft.headers)
    for name, value in signed.parts.headers.items():
        _without(headers, name)
        headers[name] = value
    query = encode({**draft.query, **signed.parts.query}, draft.arrays)
    for name in headers:
        if not _TOKEN.match(name):
            message = f'Header name must be a valid HTTP token ["{name}"]'
            raise _refused(message, "ERR_INVALID_HTTP_TOKEN")
    try:
        url = httpx.URL(draft.url)
        if not url.scheme or (url.scheme in SCHEMES and not url.host):
            raise httpx.InvalidURL(draft.url)
    except httpx.InvalidURL:
        raise _refused("Invalid URL", "ERR_INVALID_URL") from None
    _check_scheme(url)
    if query:
        joined = b"&".join(part for part in (url.query, query.encode()) if part)
        url = url.copy_with(query=joined)
    return ctx.http.build_request(
        draft.method,
        url.copy_with(fragment=None),
        headers=[(name.encode(), _header(name, value)) for name, value in headers.items()],
        content=draft.content,
        timeout=httpx.Timeout(draft.timeout, pool=None),
        extensions=_extensions(draft),
    )


def _extensions(draft: Draft) -> dict[str, Any]:
    return {"verify": draft.verify} | ({"proxy": draft.proxy} if draft.proxy else {})


def _redirected(
    ctx: Context, request: httpx.Request, response: httpx.Response, draft: Draft, signed: Signed
) -> httpx.Request:
    """The request that a redirect asks for. Secrets do not go along to another origin."""
    try:
        url = request.url.join(response.headers["Location"])
    except httpx.InvalidURL:
        raise _refused("Invalid URL", "ERR_INVALID_URL") from None
    _check_scheme(url)
    _check_redirect(signed, str(url))
    headers = {name: value for name, value in request.headers.items() if name != "host"}
    if (url.scheme, url.host, url.port) != _origin(request.url) and not draft.send_credentials:
        for name in _SECRET | {name.lower() for name in signed.parts.headers}:
            headers.pop(name, None)
    method, content = request.method, request.content
    status = response.status_code
    if (status == 303 and method not in {"GET", "HEAD"}) or (
        status in {301, 302} and method == "POST"
    ):
        method, content = "GET", b""
        headers = {key: value for key, value in headers.items() if not key.startswith("content-")}
    return ctx.http.build_request(
        method,
        url.copy_with(fragment=None),
        headers=headers,
        content=content or None,
        timeout=httpx.Timeout(draft.timeout, pool=None),
        extensions=_extensions(draft),
    )


def _check_scheme(url: httpx.URL) -> None:
    if url.scheme not in SCHEMES:
        raise _refused(f"Unsupported protocol {url.scheme}:", "ERR_INVALID_PROTOCOL")


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _check_redirect(signed: Signed, url: str) -> None:
    try:
        check_domain(signed.data, url)
    except ApiError as error:
        message = f"Redirected request failed: {error.message}"
        raise HttpFailure(
            ApiError(
                message,
                description=error.message,
                http_code="ERR_FR_REDIRECTION_FAILURE",
                messages=[message],
            ),
            {"name": "Error", "message": message},
        ) from None


def _failure(error: httpx.RequestError, legacy: bool) -> HttpFailure:
    told = api_errors.from_failure(error)
    raw = told.messages[0]
    words = {"name": "Error", "message": raw}
    cause = {**words, "cause": words} if len(told.messages) > 1 else words
    if legacy:
        known = str(told.http_code) in raw
        message = told.message if known else raw
        told = ApiError(message, http_code="rejected", messages=[raw] if known else [])
    return HttpFailure(told, cause)


def _refused(message: str, code: str) -> HttpFailure:
    error = ApiError(message, http_code=code, messages=[message])
    return HttpFailure(error, {"name": "Error", "message": message})


def _header(name: str, value: str) -> bytes:
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        message = f'Invalid character in header content ["{name}"]'
        raise _refused(message, "ERR_INVALID_CHAR") from None


def _without(headers: dict[str, str], name: str) -> None:
    for known in [each for each in headers if each.lower() == name.lower()]:
        del headers[known]
