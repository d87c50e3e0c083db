"""OAuth 1.0a signatures (RFC 5849) for the requests of oAuth1Api credentials."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx

DIGESTS = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256, "HMAC-SHA512": hashlib.sha512}


class OAuth1(httpx.Auth):
    """Signs requests with a consumer's key and, once a user has agreed, that user's token."""

    requires_request_body = True

    def __init__(self, data: Mapping[str, Any]) -> None:
        token = data.get("oauthTokenData") or {}
        token = json.loads(token) if isinstance(token, str) else token
        self.method = str(data.get("signatureMethod") or "HMAC-SHA1")
        self.consumer = str(data.get("consumerKey") or "")
        self.token = str(token.get("oauth_token") or "")
        self.key = "&".join(
            _quoted(str(part or ""))
            for part in (data.get("consumerSecret"), token.get("oauth_token_secret"))
        )

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        """Put the Authorization header on the request."""
        fields = {
            "oauth_consumer_key": self.consumer,
            "oauth_nonce": secrets.token_hex(16),
            "oauth_signature_method": self.method,
            "oauth_timestamp": str(int(time.time())),
            "oauth_version": "1.0",
        }
        if self.token:
            fields["oauth_token"] = self.token
        fields["oauth_signature"] = self.signature(request, fields)
        listed = ", ".join(f'{key}="{_quoted(fields[key])}"' for key in sorted(fields))
        request.headers["Authorization"] = f"OAuth {listed}"
        yield request

    def signature(self, request: httpx.Request, fields: Mapping[str, str]) -> str:
        """The signature of a request with these `oauth_` fields."""
        if self.method == "PLAINTEXT":
            return self.key
        pairs = [*fields.items(), *parse_qsl(request.url.query.decode(), keep_blank_values=True)]
        if request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            pairs += parse_qsl(request.content.decode(), keep_blank_values=True)
        sorted_pairs = sorted((_quoted(key), _quoted(value)) for key, value in pairs)
        listed = "&".join(f"{key}={value}" for key, value in sorted_pairs)
        url = str(request.url.copy_with(query=None, fragment=None, userinfo=b""))
        text = "&".join(map(_quoted, (request.method.upper(), url, listed)))
        digest = DIGESTS.get(self.method, hashlib.sha1)
        return base64.b64encode(hmac.digest(self.key.encode(), text.encode(), digest)).decode()


def _quoted(text: str) -> str:
    return quote(text, safe="~")
