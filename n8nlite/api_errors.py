"""
What n8n says when a service answers with an error, or does not answer.

The words are n8n's own, since workflows look into them.
"""

from __future__ import annotations

import errno
import json
import socket
import ssl
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from n8nlite.errors import ApiError
from n8nlite.failures import causes

if TYPE_CHECKING:
    import httpx

STATUS = {
    "400": "Bad request - please check your parameters",
    "401": "Authorization failed - please check your credentials",
    "402": "Payment required - perhaps check your payment details?",
    "403": "Forbidden - perhaps check your credentials?",
    "404": "The resource you are requesting could not be found",
    "405": "Method not allowed - please check you are using the right HTTP method",
    "429": "The service is receiving too many requests from you",
    "500": "The service was not able to process your request",
    "502": "Bad gateway - the service failed to handle your request",
    "503": "Service unavailable - try again later or consider setting this node to retry "
    "automatically (in the node settings)",
    "504": "Gateway timed out - perhaps try again later?",
}
"""HTTP status -> message."""

REFUSED, FAILED = (
    "Your request is invalid or could not be processed by the service",
    "The service failed to process your request",
)
"""The messages of other statuses: 4xx and 5xx."""

CODES = {
    "ECONNABORTED": "The connection was aborted, perhaps the server is offline",
    "ECONNREFUSED": "The service refused the connection - perhaps it is offline",
    "ECONNRESET": "The connection to the server was closed unexpectedly, perhaps it is offline. "
    "You can retry the request immediately or wait and retry later.",
    "ENOTFOUND": "The connection cannot be established, this usually occurs due to an incorrect "
    "host (domain) value",
    "ETIMEDOUT": "The connection timed out, consider setting the 'Retry on Fail' option in the "
    "node settings",
}
"""Code of a failed connection -> message."""

TLS = "SSL Issue: consider using the 'Ignore SSL issues' option"

KEYS = (
    *("cause", "error", "message", "Message", "msg", "messages", "description", "reason"),
    *("detail", "details", "errors", "errorMessage", "errorMessages", "ErrorMessage"),
    *("error_message", "_error_message", "errorDescription", "error_description"),
    *("error_summary", "error_info", "title", "text", "field", "err", "type"),
)
"""Where services put what went wrong, best first."""


def from_status(status: int, body: Any, *, quoted: str | None = None) -> ApiError:
    """
    The error for an answer with that status; `body` is JSON data or text.

    The description is what the body says went wrong, `messages[0]` the status and the body
    (`quoted`: the body as it is to stand there).
    """
    code = str(status)
    raw = f"{code} - {quoted if quoted is not None else json.dumps(body, ensure_ascii=False)}"
    message = STATUS.get(code)
    if message is None:
        message = REFUSED if code[0] == "4" else FAILED if code[0] == "5" else raw
    description = reason(body) or (raw if message != raw else None)
    return ApiError(message, description=description, http_code=code, messages=[raw])


def reason(body: Any) -> str | None:
    """What a service's error body says went wrong; None where it says nothing."""
    if isinstance(body, bool) or body is None:
        return None
    if isinstance(body, str | int | float):
        return str(body) or None
    if isinstance(body, list):
        return " | ".join(found for each in body if (found := reason(each))) or None
    if isinstance(body, Mapping):
        return next((found for key in KEYS if key in body and (found := reason(body[key]))), None)
    return None


def from_failure(error: httpx.RequestError) -> ApiError:
    """The error for a connection that failed, in n8n's words; `messages[0]` are the system's."""
    cause = _cause(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return ApiError(TLS, description=cause.verify_message, messages=[TLS])
    code, raw = _explain(error, cause)
    message = CODES.get(code, raw)
    return ApiError(message, http_code=code or None, messages=[raw, raw] if code else [raw])


def _explain(error: httpx.RequestError, cause: BaseException | None) -> tuple[str, str]:
    """The code that Node gives a failure, and its words for it."""
    import httpx

    place = ""
    if error._request is not None:
        url = error.request.url
        place = f"{url.host}:{url.port or (443 if url.scheme == 'https' else 80)}"
    if isinstance(cause, socket.gaierror) or str(error) == "ENOTFOUND":
        return "ENOTFOUND", f"getaddrinfo ENOTFOUND {place.rpartition(':')[0]}"
    if isinstance(cause, ssl.SSLError):
        return "EPROTO", f"write EPROTO {cause.reason or cause}"
    if isinstance(error, httpx.ConnectTimeout):
        return "ETIMEDOUT", f"connect ETIMEDOUT {place}"
    if isinstance(error, httpx.TimeoutException):
        seconds = (error.request.extensions.get("timeout") or {}).get("read") or 0
        return "ECONNABORTED", f"timeout of {round(seconds * 1000)}ms exceeded"
    if isinstance(error, httpx.ConnectError):
        number = cause.errno if isinstance(cause, OSError) else None
        code = errno.errorcode.get(number or errno.ECONNREFUSED, "ECONNREFUSED")
        return code, f"connect {code} {place}"
    if isinstance(error, httpx.ReadError | httpx.WriteError | httpx.RemoteProtocolError):
        return "ECONNRESET", "socket hang up"
    return "", str(error) or type(error).__name__


def _cause(error: BaseException) -> BaseException | None:
    """The error of the operating system that stands behind an error."""
    others = (each for each in causes(error) if each is not error)
    return next((each for each in others if isinstance(each, OSError)), None)
