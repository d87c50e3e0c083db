"""What `this.helpers` of a Code node does: HTTP requests and binary data."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from n8nlite.context import Context
from n8nlite.errors import NodeError
from n8nlite.javascript import stringify
from n8nlite.node import Item
from n8nlite_nodes._http import Draft, HttpFailure, Signed, encode, header_values, send

ACCEPT = "application/json, text/plain, */*"
FORM = "application/x-www-form-urlencoded"
REDIRECTS = 5
_ABSOLUTE = re.compile(r"([a-z][a-z\d+.-]*:)?//", re.I)
BYTES = "$buffer"
"""The key under which bytes travel to and from JavaScript, as base64."""


class RequestError(NodeError):
    """A request failed; `told` is what the code sees of the error."""

    def __init__(self, message: str, **told: Any) -> None:
        super().__init__(message)
        self.told = told


class Helpers:
    """The host of a Code node: answers the calls that its code makes."""

    def __init__(self, ctx: Context, items: Sequence[Item]) -> None:
        self.ctx = ctx
        self.items = items
        self.calls: Mapping[str, Callable[..., Any]] = {
            "httpRequest": self._http_request,
            "request": self._request,
            "prepareBinaryData": self._prepare_binary_data,
            "setBinaryDataBuffer": self._set_binary_data_buffer,
            "getBinaryDataBuffer": self._get_binary_data_buffer,
            "assertBinaryData": self._assert_binary_data,
        }

    def __call__(self, call: dict[str, Any]) -> Any:
        """Answer a call. Raises NodeError for what the code may catch."""
        if call["call"] == "sleep":
            return self.ctx.sleep(call["seconds"])
        return self.calls[call["call"]](*call["arguments"])

    # -- requests ------------------------------------------------------------------------------

    def _http_request(self, options: Any = None) -> Any:
        given = options if isinstance(options, dict) else {}
        response = self._send(given, given.get("ignoreHttpStatusErrors") is True)
        body = self._body(response, given.get("encoding"))
        return _full(response, body) if given.get("returnFullResponse") else body

    def _request(self, uri: Any = None, options: Any = None) -> Any:
        """The older helper: text unless `json` says otherwise."""
        given = {**(options or {}), "url": uri} if isinstance(uri, str) else dict(uri or {})
        given = {"url": given.get("uri"), **given}
        if "form" in given:
            given |= {"body": given["form"], "headers": {"content-type": FORM}}
        if "followRedirect" in given:
            given["disableFollowRedirect"] = not given["followRedirect"]
        response = self._send(given, given.get("simple") is False, accept="*/*")
        raw = "encoding" in given and given["encoding"] is None
        body = self._body(response, "arraybuffer" if raw else "text")
        if given.get("json") is True and isinstance(body, str):
            body = _parsed(response.text)
        return _full(response, body) if given.get("resolveWithFullResponse") else body

    def _send(
        self, given: dict[str, Any], any_status: bool, accept: str = ACCEPT
    ) -> httpx.Response:
        draft = _draft(given, accept)
        try:
            response = send(self.ctx, draft, Signed())
        except HttpFailure as error:
            raise _unreachable(error, draft) from error
        if not any_status and not response.is_success:
            status = response.status_code
            raise RequestError(
                f"Request failed with status code {status}",
                name="AxiosError",
                code="ERR_BAD_RESPONSE" if status >= 500 else "ERR_BAD_REQUEST",
                status=status,
            )
        return response

    def _body(self, response: httpx.Response, encoding: Any) -> Any:
        if encoding in ("arraybuffer", "stream"):
            return _bytes(response.content)
        text = response.content.decode("utf-8", "replace")
        return text if encoding == "text" else _parsed(text)

    # -- binary data ---------------------------------------------------------------------------

    def _prepare_binary_data(
        self, data: Any, file_name: Any = None, mime_type: Any = None
    ) -> dict[str, Any]:
        return self.ctx.binary.put(
            _unpacked(data), mime_type=mime_type or None, file_name=file_name or None
        )

    def _set_binary_data_buffer(self, entry: Any, data: Any) -> dict[str, Any]:
        known = entry if isinstance(entry, dict) else {}
        return self.ctx.binary.put(
            _unpacked(data), mime_type=known.get("mimeType"), file_name=known.get("fileName")
        )

    def _get_binary_data_buffer(self, index: Any = 0, name: Any = "data") -> Any:
        binary = self.items[index].binary if 0 <= index < len(self.items) else None
        return _bytes(self.ctx.binary.get(binary, name))

    def _assert_binary_data(self, index: Any = 0, name: Any = "data") -> Any:
        self._get_binary_data_buffer(index, name)
        return (self.items[index].binary or {})[name]


def _draft(given: dict[str, Any], accept: str) -> Draft:
    url = str(given.get("url", ""))
    if (base := given.get("baseURL")) and not _ABSOLUTE.match(url):
        url = f"{str(base).rstrip('/')}/{url.lstrip('/')}" if url else str(base)
    method = str(given.get("method", "GET")).upper()
    headers = {"accept": "application/json" if given.get("json") is True else accept}
    for name, value in header_values(given.get("headers") or {}, lower=True).items():
        headers[name] = value
    content = None if method == "GET" else _content(given.get("body"), headers)
    if isinstance(auth := given.get("auth"), dict):
        user, password = auth.get("username", ""), auth.get("password", "")
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        headers["authorization"] = f"Basic {token}"
    draft = Draft(method, url, given.get("qs") or {}, headers, content)
    draft.arrays = given.get("arrayFormat", draft.arrays)
    draft.redirects = 0 if given.get("disableFollowRedirect") else REDIRECTS
    if given.get("timeout"):
        draft.timeout = float(given["timeout"]) / 1000
    if given.get("skipSslCertificateValidation") or given.get("rejectUnauthorized") is False:
        draft.verify = False
    return draft


def _content(body: Any, headers: dict[str, str]) -> bytes | None:
    """The body's bytes; sets the content type that goes with them."""
    if body is None or body == "":
        return None
    if isinstance(body, str):
        headers.setdefault("content-type", FORM)
        return body.encode()
    if isinstance(body, dict) and BYTES in body:
        headers.setdefault("content-type", "application/octet-stream")
        return _unpacked(body)
    if isinstance(body, dict) and headers.get("content-type", "").startswith(FORM):
        return encode(body).replace("%20", "+").encode()
    headers.setdefault("content-type", "application/json")
    return str(stringify(body)).encode()


def _unreachable(error: HttpFailure, draft: Draft) -> RequestError:
    message = str(error.cause.get("message", error.message))
    if error.http_code in ("ETIMEDOUT", "ECONNABORTED"):
        return RequestError(
            f"timeout of {draft.timeout * 1000:g}ms exceeded",
            name="AxiosError",
            code="ECONNABORTED",
        )
    return RequestError(message, name="Error", code=error.http_code)


def _full(response: httpx.Response, body: Any) -> dict[str, Any]:
    return {
        "body": body,
        "headers": dict(response.headers.items()),
        "statusCode": response.status_code,
        "statusMessage": response.reason_phrase,
    }


def _parsed(text: str) -> Any:
    """JSON's value, whatever the content type says; other text as it is."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _bytes(data: bytes) -> dict[str, str]:
    return {BYTES: base64.b64encode(data).decode("ascii")}


def _unpacked(data: Any) -> bytes:
    if isinstance(data, dict) and BYTES in data:
        return base64.b64decode(data[BYTES])
    return str("" if data is None else data).encode()
