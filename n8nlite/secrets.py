"""Keeps the secrets of a run out of everything that leaves it as text."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "***"

SHORTEST = 6
"""Values with fewer characters are not masked: they would hide half of every text."""

HARMLESS = frozenset(
    {
        *("name", "host", "hostname", "url", "baseurl", "domain", "subdomain", "port", "server"),
        *("alloweddomains", "allowedhttprequestdomains", "user", "username", "email", "region"),
        *("environment", "scope", "customscopes", "granttype", "authurl", "accesstokenurl"),
        *("authquery", "authentication", "signaturemethod", "method", "type", "tokentype"),
        *("organizationid", "organization", "database", "apiversion", "version", "workspace"),
        *("resource",),
    }
)
"""Fields of credentials that are no secrets, in lower case and without `_`."""


class Secrets:
    """The secret values of the credentials that a run has used so far."""

    def __init__(self) -> None:
        self._values: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def add(self, data: Mapping[str, Any]) -> None:
        """Learn the secrets of a credential, also as they look in URLs, JSON and Basic auth."""
        found = set(_secrets(data))
        user, password = data.get("user", data.get("username")), data.get("password")
        if isinstance(user, str) and isinstance(password, str):
            found.add(base64.b64encode(f"{user}:{password}".encode()).decode())
        new = {form for value in found for form in _forms(value) if len(value) >= SHORTEST}
        if not new <= self._values:
            self._values |= new
            longest_first = sorted(self._values, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def mask(self, text: str) -> str:
        """The text with every secret in it replaced."""
        return self._pattern.sub(MASK, text) if self._pattern else text

    def mask_data(self, value: Any) -> Any:
        """The same for all text inside JSON data, keys too."""
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, Mapping):
            return {self.mask_data(key): self.mask_data(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.mask_data(inner) for inner in value]
        return value


def _secrets(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _secrets(inner, str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _secrets(inner, key)
    elif isinstance(value, str) and key.lower().replace("_", "") not in HARMLESS:
        yield value.strip()
        parsed = _parse(value)
        if isinstance(parsed, Mapping | list):
            yield from _secrets(parsed)


def _parse(text: str) -> Any:
    try:
        return json.loads(text) if text.lstrip()[:1] in {"{", "["} else None
    except ValueError:
        return None


def _forms(value: str) -> set[str]:
    return {value, quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1]}
