"""
Webhook: a run that an HTTP request starts.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.webhook/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from n8nlite import webhooks
from n8nlite.node import Credential, Item, TriggerNode

if TYPE_CHECKING:
    from n8nlite.context import Context


class HttpBasicAuth(Credential):
    """A user and a password that callers must give."""

    type = "httpBasicAuth"
    user: str = ""
    password: str = ""


class HttpHeaderAuth(Credential):
    """A header that callers must send."""

    type = "httpHeaderAuth"
    name: str = ""
    value: str = ""


class Webhook(
    TriggerNode,
    type=webhooks.TYPE,
    versions=(1, 1.1, 2, 2.1),
    credentials=(HttpBasicAuth, HttpHeaderAuth),
):
    """Start with what the request holds: headers, params, query, body."""

    path: str = ""
    http_method: Any = "GET"

    @classmethod
    def output_names(cls, parameters: Mapping[str, Any], version: float) -> tuple[str, ...]:
        methods = parameters.get("httpMethod", "GET")
        if not parameters.get("multipleMethods") or not isinstance(methods, list):
            return ("main",)
        return tuple(str(method) for method in methods)

    def run(self, ctx: Context) -> Iterable[Item]:
        if ctx.request is None:
            return [Item({})]
        names = self.output_names(ctx.spec.parameters, self.version)
        item = webhooks.item_for(ctx.spec, ctx.request, ctx)
        return [item.to(ctx.request.method) if ctx.request.method in names else item]
