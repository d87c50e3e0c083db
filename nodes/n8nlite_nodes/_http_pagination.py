"""
HTTP Request's pagination: the same request again and again, a parameter or the URL changed.

https://docs.n8n.io/code/cookbook/http-node/pagination/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx

from n8nlite.context import Context
from n8nlite.errors import ApiError, NodeError
from n8nlite.javascript import text, truthy
from n8nlite_expressions import UNDEFINED
from n8nlite_nodes._http import Draft, HttpFailure
from n8nlite_nodes._http_response import Format, about, body_of

KINDS = ("body", "headers", "qs")
SAME = 5
"""How often the same response may come before n8n takes it for an endless loop."""

_OWN = re.compile(r"(?<![\w$.])\$(response|request|pageCount)\b")

Send = Callable[[Draft, Mapping[str, Any]], httpx.Response]
"""Sends a draft with these additions to its JSON or form body."""


@dataclass(frozen=True, slots=True)
class Pagination:
    """
    The settings, with their expressions still in them: those with `$response`, `$pageCount` and
    `$request` are evaluated before each page.
    """

    raw: Mapping[str, Any]

    @classmethod
    def of(cls, ctx: Context) -> Pagination | None:
        """The pagination that the node's parameters ask for, if they do."""
        found: Any = ctx.spec.parameters
        for key in ("options", "pagination", "pagination"):
            found = found.get(key) if isinstance(found, Mapping) else None
        if not isinstance(found, Mapping) or found.get("paginationMode") == "off":
            return None
        settings = cls(found)
        settings.check()
        return settings

    def check(self) -> None:
        """Raises NodeError for a parameter without name or of a kind there is not."""
        for number, each in enumerate(self.parameters, 1):
            place = f"for parameter [{number}] in pagination settings"
            if each.get("type", "qs") not in KINDS:
                raise NodeError(f"Parameter type must be one of: {', '.join(KINDS)} {place}")
            if not each.get("name"):
                raise NodeError(f"Parameter name must be set {place}")
        url = self.raw.get("nextURL", "")
        if self._follows_urls and not (isinstance(url, str) and url.startswith("=")):
            _check_next(url)

    @property
    def _follows_urls(self) -> bool:
        return bool(self.raw.get("paginationMode") == "responseContainsNextURL")

    @property
    def parameters(self) -> list[Mapping[str, Any]]:
        """The parameters that change from page to page."""
        if self._follows_urls:
            return []
        listed = (self.raw.get("parameters") or {}).get("parameters") or []
        return [each for each in listed if isinstance(each, Mapping)]

    def pages(
        self, ctx: Context, draft: Draft, wanted: Format, send: Send
    ) -> Iterator[httpx.Response]:
        """The responses, page by page, until the settings say it is enough."""
        names: dict[str, Any] = {
            "$request": _shown(draft),
            "$response": {"body": {}, "headers": {}, "statusCode": None},
            "$pageCount": 0,
        }
        previous, same = b"", 0
        while True:
            page, body = self._page(ctx, draft, names)
            response = send(page, body)
            yield response
            names = {
                "$request": names["$request"],
                "$response": {"body": body_of(response, wanted), **about(response)},
                "$pageCount": names["$pageCount"] + 1,
            }
            if self._complete(ctx, response, names):
                return
            same = same + 1 if response.content == previous else 1
            previous = response.content
            if same >= SAME:
                raise _endless()
            interval = self._number(ctx, "requestInterval", 0, names)
            if interval:
                ctx.sleep(interval / 1000)

    def expected(self, ctx: Context, status: int) -> bool:
        """Whether an error status is what ends the paging, not an error."""
        return status in self._codes(ctx, {})

    def _page(
        self, ctx: Context, draft: Draft, names: Mapping[str, Any]
    ) -> tuple[Draft, dict[str, Any]]:
        body: dict[str, Any] = {}
        page = replace(draft, query=dict(draft.query), headers=dict(draft.headers))
        for each in self.parameters:
            name, value = str(each["name"]), _value(ctx, each.get("value", ""), names)
            kind = each.get("type", "qs")
            if kind == "qs":
                page.query[name] = value
            elif kind == "headers":
                page.headers[name] = str(value)
            else:
                body[name] = value
        if self._follows_urls and names["$pageCount"]:
            url = _value(ctx, self.raw.get("nextURL", ""), names)
            if url is not UNDEFINED and url is not None:
                _check_next(url)
                page.url = url
        return page, body

    def _complete(self, ctx: Context, response: httpx.Response, names: Mapping[str, Any]) -> bool:
        if truthy(_value(ctx, self.raw.get("limitPagesFetched", False), names)):
            limit = self._number(ctx, "maxRequests", 100, names)
            if names["$pageCount"] >= limit:
                return True
        when = _value(ctx, self.raw.get("paginationCompleteWhen", "responseIsEmpty"), names)
        if when == "receiveSpecificStatusCodes":
            return response.status_code in self._codes(ctx, names)
        if when == "other":
            return truthy(_value(ctx, self.raw.get("completeExpression", ""), names))
        return names["$response"]["body"] in (None, "", [], {}, "[]", "{}")

    def _codes(self, ctx: Context, names: Mapping[str, Any]) -> set[int]:
        if self.raw.get("paginationCompleteWhen") != "receiveSpecificStatusCodes":
            return set()
        listed = str(_value(ctx, self.raw.get("statusCodesWhenComplete", ""), names))
        return {int(code) for code in listed.split(",") if code.strip().isdigit()}

    def _number(self, ctx: Context, key: str, default: float, names: Mapping[str, Any]) -> float:
        value = _value(ctx, self.raw.get(key, default), names)
        try:
            return float(value)
        except (TypeError, ValueError):
            return default


def _value(ctx: Context, raw: Any, names: Mapping[str, Any]) -> Any:
    """The value of a setting for a page; `$response` and its like are read from `$vars`."""
    if not isinstance(raw, str) or not raw.startswith("="):
        return raw
    scope = replace(ctx.scope, item_index=ctx.item_index, vars={**ctx.scope.vars, **names})
    return ctx.services.evaluator.resolve(_OWN.sub(r"$vars.$\1", raw), scope)


def _shown(draft: Draft) -> dict[str, Any]:
    """The request as expressions see it."""
    return {
        "method": draft.method,
        "uri": draft.url,
        "url": draft.url,
        "qs": draft.query,
        "headers": draft.headers,
    }


def _check_next(url: Any) -> None:
    if isinstance(url, str) and url.startswith(("http://", "https://")):
        return
    message = f"{text(url)!r} is not a valid URL."
    hint = 'Make sure the "Next URL" parameter evaluates to a valid URL.'
    told = {"message": message, "name": "NodeOperationError", "description": hint, "context": {}}
    raise HttpFailure(ApiError(message, description=hint, name="NodeOperationError"), told)


def _endless() -> HttpFailure:
    message = f"The returned response was identical {SAME}x, so requests got stopped"
    error = ApiError(
        message,
        description='Check if "Pagination Completed When" has been configured correctly.',
        messages=[message],
    )
    return HttpFailure(error, {"name": "NodeOperationError", "message": message})
