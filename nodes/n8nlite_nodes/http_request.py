"""
HTTP Request: any API or web page.

Where it differs from n8n on purpose: a credential is not sent on to another origin by a redirect,
in no version, unless `sendCredentialsOnCrossOriginRedirect` says so (n8n: from version 4.4).

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.httprequest/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from n8nlite.context import Context
from n8nlite.errors import NodeError
from n8nlite.javascript import stringify
from n8nlite.node import Item, ItemNode
from n8nlite_nodes._http import (
    ACCEPT_ANY,
    ACCEPTS,
    TIMEOUT,
    Draft,
    Signed,
    checked_url,
    header_values,
    send,
    sign,
)
from n8nlite_nodes._http_body import (
    Body,
    Part,
    as_object,
    file_body,
    file_part,
    form_body,
    json_body,
    multipart_body,
    pairs,
    parse_json,
    text_part,
)
from n8nlite_nodes._http_pagination import Pagination
from n8nlite_nodes._http_request import exchange, failed_json, option, pace, seconds
from n8nlite_nodes._http_request_v1 import TYPE
from n8nlite_nodes._http_request_v1 import HttpRequestV1 as HttpRequestV1
from n8nlite_nodes._http_response import Format, check, items

FORMS = {"form-urlencoded", "multipart-form-data"}
ONE_PAIR = {"parameters": [{"name": "", "value": ""}]}


class HttpRequest(
    ItemNode,
    type=TYPE,
    versions=(3, 4, 4.1, 4.2, 4.3, 4.4, 4.5),
    plain=True,
    concurrent=True,
):
    """Send an HTTP request for every item."""

    repairs_foreign_only = True

    method: Any = "GET"
    url: Any = ""
    authentication: Any = "none"
    node_credential_type: Any = ""
    generic_auth_type: Any = ""
    send_query: Any = False
    specify_query: Any = "keypair"
    query_parameters: Any = Field(ONE_PAIR)
    json_query: Any = ""
    send_headers: Any = False
    specify_headers: Any = "keypair"
    header_parameters: Any = Field(ONE_PAIR)
    json_headers: Any = ""
    send_body: Any = False
    content_type: Any = "json"
    specify_body: Any = "keypair"
    body_parameters: Any = Field(ONE_PAIR)
    json_body: Any = ""
    body: Any = ""
    input_data_field_name: Any = ""
    raw_content_type: Any = ""
    options: Any = Field(default_factory=dict)

    @classmethod
    def prepare(cls, parameters: Mapping[str, Any], version: float) -> Mapping[str, Any]:
        """The settings of pagination are evaluated for each page, not before."""
        options = parameters.get("options")
        if not isinstance(options, dict) or "pagination" not in options:
            return parameters
        kept = {key: each for key, each in options.items() if key != "pagination"}
        return {**parameters, "options": kept}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        """The items of the response, or of all pages."""
        url = checked_url(self.url)
        wanted = self._format()
        paging = Pagination.of(ctx)
        signed = sign(ctx, self._credential_type(), url)
        batch = option(self.options, "batching", "batch")
        if batch is not None:
            size, interval = option(batch, "batchSize"), option(batch, "batchInterval")
            pace(ctx, 50 if size is None else size, 1000 if interval is None else interval)
        if paging is None:
            yield from exchange(
                ctx, item, self._draft(item, ctx, url, wanted, signed), signed, wanted
            )
            return

        def page(draft: Draft, more: Mapping[str, Any]) -> Any:
            sent = self._draft(item, ctx, draft.url, wanted, signed, more)
            sent.query, sent.headers = draft.query, {**sent.headers, **draft.headers}
            response = send(ctx, sent, signed)
            if not paging.expected(ctx, response.status_code):
                check(response, wanted)
            return response

        base = Draft(str(self.method), url, self._query(), self._headers())
        for response in paging.pages(ctx, base, wanted, page):
            yield from items(ctx, item, response, wanted)

    @classmethod
    def error_json(cls, item: Item, error: Exception, message: str) -> dict[str, Any]:
        """`{error: {name, message}}`, name and message of the HTTP library."""
        return failed_json(error, message)

    @classmethod
    def repair(cls, parameters: dict[str, Any], version: float) -> list[str]:
        """
        Bodies as LLMs write them: `jsonBody` without `sendBody` and `specifyBody`, version 1's
        `bodyContentType` for `contentType`, `requestMethod` for `method`.
        """
        done = []
        for old, new in (("bodyContentType", "contentType"), ("requestMethod", "method")):
            if old in parameters and new not in parameters:
                parameters[new] = parameters.pop(old)
                done.append(f"{old} is called {new} in this version")
        if parameters.get("jsonBody") and "sendBody" not in parameters:
            parameters["sendBody"] = True
            done.append("sendBody set, since there is a jsonBody")
            if "specifyBody" not in parameters and "bodyParameters" not in parameters:
                parameters["specifyBody"] = "json"
                done.append("specifyBody set to json, since there is a jsonBody")
        return done

    def _credential_type(self) -> str:
        if self.authentication == "predefinedCredentialType":
            return str(self.node_credential_type or "")
        if self.authentication == "genericCredentialType":
            return str(self.generic_auth_type or "")
        return ""

    def _format(self) -> Format:
        response = option(self.options, "response", "response", default={})
        return Format(
            option(response, "responseFormat", default="autodetect"),
            option(response, "outputPropertyName", default="data"),
            bool(option(response, "fullResponse")),
            bool(option(response, "neverError")),
        )

    def _draft(
        self,
        item: Item,
        ctx: Context,
        url: str,
        wanted: Format,
        signed: Signed,
        more: Mapping[str, Any] | None = None,
    ) -> Draft:
        body = self._body(item, ctx, {**signed.parts.body, **(more or {})})
        headers = {"Accept": ACCEPTS.get(wanted.kind, ACCEPT_ANY)}
        own = self._headers()
        named = {name.lower() for name in own}
        if body.content_type is not None and (
            "content-type" not in named
            or self.content_type in {"form-urlencoded", "multipart-form-data"}
        ):
            own = {name: value for name, value in own.items() if name.lower() != "content-type"}
            headers["Content-Type"] = body.content_type
        if "accept" in named:
            del headers["Accept"]
        return Draft(
            method=str(self.method).upper(),
            url=url,
            query=self._query(),
            headers={**headers, **own},
            content=body.content,
            arrays=option(self.options, "queryParameterArrays", default="indices"),
            timeout=seconds(option(self.options, "timeout"), TIMEOUT),
            redirects=self._redirects(),
            verify=not option(self.options, "allowUnauthorizedCerts", default=False),
            proxy=str(option(self.options, "proxy", default="")),
            send_credentials=bool(option(self.options, "sendCredentialsOnCrossOriginRedirect")),
        )

    def _redirects(self) -> int:
        redirect = option(self.options, "redirect", "redirect", default={})
        follow = option(redirect, "followRedirects", default=self.version >= 4)
        return int(option(redirect, "maxRedirects", default=21)) if follow else 0

    def _query(self) -> dict[str, Any]:
        if not self.send_query:
            return {}
        if self.specify_query == "json":
            return as_object(parse_json(self.json_query, "JSON Query Parameters"))
        return pairs(option(self.query_parameters, "parameters"))

    def _headers(self) -> dict[str, str]:
        if not self.send_headers:
            return {}
        if self.specify_headers == "json":
            given = as_object(parse_json(self.json_headers, "JSON Headers"))
        else:
            given = pairs(option(self.header_parameters, "parameters"))
        lower = option(self.options, "lowercaseHeaders", default=True)
        return header_values(given, lower=bool(lower))

    def _body(self, item: Item, ctx: Context, more: Mapping[str, Any]) -> Body:
        if not self.send_body:
            return json_body(dict(more)) if more else Body()
        given = option(self.body_parameters, "parameters", default=[])
        if self.content_type == "json":
            if self.specify_body == "json":
                data = parse_json(self.json_body, "JSON Body")
            else:
                data = pairs(given, dots=self.version >= 4)
            return json_body({**data, **more} if more and isinstance(data, dict) else data)
        if self.content_type == "form-urlencoded":
            if self.specify_body == "string":
                return form_body({**_form(str(self.body)), **more})
            return form_body({**pairs(given), **more})
        if self.content_type == "multipart-form-data":
            parts = [_part(each, item, ctx) for each in given if each.get("name") not in more]
            return multipart_body([*parts, *(text_part(name, more[name]) for name in more)])
        if self.content_type == "binaryData":
            return file_body(ctx, item, str(self.input_data_field_name))
        if self.content_type == "raw":
            content = self.body if isinstance(self.body, str) else stringify(self.body)
            return Body(content.encode(), str(self.raw_content_type or ""))
        raise NodeError(f"The body content type {self.content_type!r} is not known")


def _part(given: Mapping[str, Any], item: Item, ctx: Context) -> Part:
    name = str(given.get("name") or "")
    if given.get("parameterType", "formData") == "formBinaryData":
        return file_part(ctx, item, name, str(given.get("inputDataFieldName") or ""))
    return text_part(name, given.get("value", ""))


def _form(given: str) -> dict[str, Any]:
    """A form written as text, `a=1&b=2`, taken apart."""
    found: dict[str, Any] = {}
    for part in given.split("&"):
        if part:
            name, _, value = part.partition("=")
            found[name] = value
    return found
