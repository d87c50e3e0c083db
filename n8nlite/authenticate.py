"""
How a credential goes onto a request: what HTTP Request's generic and predefined types add to it.

https://docs.n8n.io/integrations/builtin/credentials/httprequest/
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from n8nlite.errors import ApiError, CredentialError, NodeError

if TYPE_CHECKING:
    import httpx

TYPES = Path(__file__).with_name("credential_types.json")
"""Credential type -> the headers, query, body and Basic user it adds, with `{field}` holes."""

OAUTH1 = {"oAuth1Api", "trelloOAuth1Api", "twitterOAuth1Api"}


@dataclass(frozen=True, slots=True)
class Authentication:
    """What a credential adds to a request; `auth` signs the finished request, where one must."""

    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    auth: httpx.Auth | None = None


def authentication(type_name: str, data: Mapping[str, Any]) -> Authentication:
    """
    What a credential of that type adds to a request.

    Raises CredentialError for a type that signs requests in a way of its own that is not known
    here, ApiError where an OAuth2 credential was never connected.
    """
    generic = GENERIC.get(type_name)
    if generic:
        return generic(data)
    template = _templates().get(type_name)
    if template is not None:
        return _filled(template, data)
    if type_name in OAUTH1:
        return _oauth1(data)
    if "OAuth2" in type_name:
        return _oauth2(data)
    raise CredentialError(
        f"n8nlite does not know how credentials of type {type_name} sign a request; use a generic "
        "credential (header, query, basic or bearer auth) instead"
    )


def check_domain(data: Mapping[str, Any], url: str) -> None:
    """Raises NodeError when the credential must not be used for that URL."""
    restriction = data.get("allowedHttpRequestDomains", "all")
    if restriction == "none":
        raise NodeError(
            "This credential is configured to prevent use within an HTTP Request or GraphQL node"
        )
    if restriction != "domains":
        return
    allowed = str(data.get("allowedDomains") or "")
    if not allowed.strip():
        raise NodeError(
            "No allowed domains specified. Configure allowed domains or change restriction setting."
        )
    host, port = _host(url)
    patterns = [each.strip().lower() for each in allowed.split(",") if each.strip()]
    if not any(_domain_fits(host, pattern) for pattern in patterns):
        message = (
            f"Domain not allowed: This credential is restricted from accessing {host}{port}. "
            f"Only the following domains are allowed: {allowed}"
        )
        raise ApiError(message, messages=[message])


def _host(url: str) -> tuple[str, str]:
    """The host that the request will go to, as its sender reads the URL, and `:port`."""
    import httpx

    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        raise ApiError("Invalid URL", messages=["Invalid URL"]) from None
    return parts.host.lower(), f":{parts.port}" if parts.port else ""


def _domain_fits(host: str, pattern: str) -> bool:
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def _basic(data: Mapping[str, Any]) -> Authentication:
    user, password = str(data.get("user") or ""), str(data.get("password") or "")
    return Authentication(headers={"Authorization": _encoded(user, password)})


def _digest(data: Mapping[str, Any]) -> Authentication:
    import httpx

    user, password = str(data.get("user") or ""), str(data.get("password") or "")
    return Authentication(auth=httpx.DigestAuth(user, password))


def _bearer(data: Mapping[str, Any]) -> Authentication:
    return Authentication(headers={"Authorization": f"Bearer {data.get('token', '')}"})


def _header(data: Mapping[str, Any]) -> Authentication:
    name = str(data.get("name") or "")
    return Authentication(headers={name: str(data.get("value") or "")} if name else {})


def _headers(data: Mapping[str, Any]) -> Authentication:
    values = (data.get("headers") or {}).get("values") or []
    return Authentication(
        headers={each["name"]: str(each.get("value") or "") for each in values if each.get("name")}
    )


def _query(data: Mapping[str, Any]) -> Authentication:
    name = str(data.get("name") or "")
    return Authentication(query={name: str(data.get("value") or "")} if name else {})


def _custom(data: Mapping[str, Any]) -> Authentication:
    given = data.get("json") or "{}"
    try:
        parts = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        parts = None
    if not isinstance(parts, Mapping):
        raise NodeError("Invalid Custom Auth JSON")
    headers = {name: str(value) for name, value in (parts.get("headers") or {}).items()}
    return Authentication(headers, parts.get("qs") or {}, parts.get("body") or {})


def _oauth2(data: Mapping[str, Any]) -> Authentication:
    return Authentication(headers={"Authorization": f"Bearer {_token(data)}"})


def _oauth1(data: Mapping[str, Any]) -> Authentication:
    from n8nlite.oauth1 import OAuth1

    return Authentication(auth=OAuth1(data))


GENERIC = {
    "httpBasicAuth": _basic,
    "httpBearerAuth": _bearer,
    "httpCustomAuth": _custom,
    "httpDigestAuth": _digest,
    "httpHeaderAuth": _header,
    "httpMultipleHeadersAuth": _headers,
    "httpQueryAuth": _query,
    "oAuth1Api": _oauth1,
    "oAuth2Api": _oauth2,
}


@cache
def _templates() -> Mapping[str, Mapping[str, Any]]:
    templates: Mapping[str, Mapping[str, Any]] = json.loads(TYPES.read_text(encoding="utf-8"))
    return templates


def _filled(template: Mapping[str, Any], data: Mapping[str, Any]) -> Authentication:
    if "access_token" in json.dumps(template) and "oauthTokenData" in data:
        data = {**data, "access_token": _token(data)}
    parts = {
        part: {name: _fill(text, data) for name, text in template.get(part, {}).items()}
        for part in ("headers", "query", "body")
    }
    headers = parts["headers"]
    if "basic" in template:
        user, password = (_fill(text, data) for text in template["basic"])
        headers["Authorization"] = _encoded(user, password)
    if data.get("header") is True and data.get("headerName"):
        headers[str(data["headerName"])] = str(data.get("headerValue") or "")
    return Authentication(headers, parts["query"], parts["body"])


def _fill(text: str, data: Mapping[str, Any]) -> str:
    return re.sub(r"\{(\w+)\}", lambda hole: str(data.get(hole[1]) or ""), text)


def _token(data: Mapping[str, Any]) -> str:
    """The access token of an OAuth2 credential, in n8n's form or given plainly."""
    stored = data.get("oauthTokenData")
    if isinstance(stored, str) and stored.startswith("{"):
        stored = json.loads(stored)
    token = stored.get("access_token") if isinstance(stored, Mapping) else None
    token = token or data.get("access_token") or data.get("accessToken")
    if not token:
        message = "Unable to sign without access token"
        raise ApiError(message, messages=[message])
    return str(token)


def _encoded(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode("ascii")
