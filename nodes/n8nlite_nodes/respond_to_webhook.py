"""
Respond to Webhook: what the caller of a webhook gets as answer.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.respondtowebhook/
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from n8nlite import javascript, js_json
from n8nlite.context import Response
from n8nlite.errors import NodeError
from n8nlite.node import BatchNode, Credential, Inputs, Item
from n8nlite.paths import set_path

if TYPE_CHECKING:
    from n8nlite.context import Context

CALLED_BY_HTTP = {
    "n8n-nodes-base.webhook",
    "n8n-nodes-base.formTrigger",
    "n8n-nodes-base.wait",
    "@n8n/n8n-nodes-langchain.chatTrigger",
}
EXAMPLE = '{\n  "myField": "value"\n}'
HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}


class JwtAuth(Credential):
    """A key that tokens are signed with."""

    type = "jwtAuth"
    key_type: str = "passphrase"
    secret: str = ""
    algorithm: str = "HS256"


class RespondToWebhook(
    BatchNode,
    type="n8n-nodes-base.respondToWebhook",
    versions=(1, 1.1, 1.2, 1.3, 1.4, 1.5),
    credentials=(JwtAuth,),
):
    """Answer the HTTP request that started the run; the items pass as they are."""

    respond_with: str = "firstIncomingItem"
    response_body: Any = None
    payload: Any = EXAMPLE
    redirect_url: Annotated[str, Field(alias="redirectURL")] = ""
    response_data_source: str = "automatically"
    input_field_name: str = "data"
    enable_response_output: bool = False
    options: dict[str, Any] = {}

    @classmethod
    def output_names(cls, parameters: Mapping[str, Any], version: float) -> tuple[str, ...]:
        shown = version >= 1.4 and bool(parameters.get("enableResponseOutput"))
        return ("main", "response") if shown or version == 1.3 else ("main",)

    @classmethod
    def error_items(cls, inputs: Inputs, error: Exception, message: str) -> list[Item]:
        return [Item({"error": message}, paired=tuple(range(len(inputs[0]))))]

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        if not any(
            ctx.workflow.by_name[name].type in CALLED_BY_HTTP
            for name in ctx.workflow.plan.graph.ancestors(ctx.spec.name)
        ):
            raise NodeError(
                "No Webhook node found in the workflow",
                description="Insert a Webhook node to your workflow and set the “Respond” parameter"
                " to “Using Respond to Webhook Node” ",
            )
        answer = KINDS.get(self.respond_with)
        if answer is None:
            raise NodeError(f'The Response Data option "{self.respond_with}" is not supported!')
        response = Response(headers=self._headers())
        answer(self, inputs[0], response, ctx)
        if "responseCode" in self.options:
            response.status = int(javascript.number(self.options["responseCode"]))
        ctx.respond(response)
        shown = "response" in self.output_names(ctx.spec.parameters, self.version)
        return [*inputs[0], *([_shown(response)] if shown else [])]

    def _headers(self) -> dict[str, str]:
        entries = (self.options.get("responseHeaders") or {}).get("entries") or ()
        return {str(each["name"]).lower(): str(each.get("value", "")) for each in entries}

    def _keyed(self, data: Any) -> Any:
        key = self.options.get("responseKey")
        if not key:
            return data
        json: dict[str, Any] = {}
        set_path(json, str(key), data)
        return json


def _first_item(node: RespondToWebhook, items: Any, response: Response, ctx: Context) -> None:
    response.body = node._keyed(items[0].json if items else {})


def _all_items(node: RespondToWebhook, items: Any, response: Response, ctx: Context) -> None:
    response.body = node._keyed([item.json for item in items])


def _json(node: RespondToWebhook, items: Any, response: Response, ctx: Context) -> None:
    body = EXAMPLE if "responseBody" not in ctx.spec.parameters else node.response_body
    if isinstance(body, str) and body:
        body = _parsed(body, "Response Body")
    response.body = None if body == "" else body


def _parsed(value: Any, field: str) -> Any:
    try:
        return js_json.parse(javascript.text(value))
    except js_json.JsonSyntaxError:
        raise NodeError(
            f"Invalid JSON in '{field}' field",
            description=f"Check that the syntax of the JSON in the '{field}' parameter is valid",
        ) from None


def _text(node: RespondToWebhook, items: Any, response: Response, ctx: Context) -> None:
    response.body = "" if node.response_body is None else node.response_body


def _nothing(node: RespondToWebhook, items: Any, response: Response, ctx: Context) -> None:
    response.body = None


def _redirect(node: RespondToWebhook, items: Any, response: Response, ctx: Context) -> None:
    response.status = 307
    response.headers["location"] = node.redirect_url


def _binary(node: RespondToWebhook, items: Any, response: Response, ctx: Context) -> None:
    binary = items[0].binary if items else None
    name = node.input_field_name
    if node.response_data_source == "automatically":
        if not binary:
            raise NodeError("No binary data exists on the first item!")
        name = next(iter(binary))
    if not binary or name not in binary:
        raise NodeError(
            f"The item has no binary field '{name}' [item 0]",
            description="Check that the parameter where you specified the input binary field name"
            " is correct, and that it matches a field in the binary input",
            item=0,
        )
    response.body = ctx.binary.get(binary, name)
    response.headers.setdefault("content-type", str(binary[name].get("mimeType", "")))
    response.headers["content-length"] = str(len(response.body))


def _jwt(node: RespondToWebhook, items: Any, response: Response, ctx: Context) -> None:
    credential = ctx.credential(JwtAuth)
    digest = HASHES.get(credential.algorithm)
    if credential.key_type != "passphrase" or digest is None:
        raise NodeError(f"Tokens of the algorithm {credential.algorithm} are not supported yet")
    payload = node.payload if isinstance(node.payload, dict) else _parsed(node.payload, "Payload")
    if not isinstance(payload, dict):
        raise NodeError("The payload of a token must be an object")
    claims = {**payload, "iat": payload.get("iat", int(ctx.now().timestamp()))}
    header = {"alg": credential.algorithm, "typ": "JWT"}
    signed = f"{_encoded(header)}.{_encoded(claims)}"
    mac = hmac.new(credential.secret.encode(), signed.encode(), digest)
    response.body = {"token": f"{signed}.{_base64(mac.digest())}"}


def _encoded(data: Mapping[str, Any]) -> str:
    return _base64(javascript.stringify(dict(data)).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _shown(response: Response) -> Item:
    """The response as data, for the node's second output."""
    body = response.body
    if isinstance(body, bytes):
        body = {"type": "Buffer", "data": list(body)}
    data = {"headers": response.headers, "statusCode": response.status}
    return Item({"response": data if body is None else {"body": body, **data}}).to("response")


KINDS: dict[str, Callable[[RespondToWebhook, Any, Response, Any], None]] = {
    "firstIncomingItem": _first_item,
    "allIncomingItems": _all_items,
    "json": _json,
    "jwt": _jwt,
    "text": _text,
    "noData": _nothing,
    "redirect": _redirect,
    "binary": _binary,
}
"""What `respondWith` may be."""
