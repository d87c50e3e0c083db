"""HTTP Request, versions 1 and 2."""

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
    sign,
)
from n8nlite_nodes._http_body import (
    Body,
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
from n8nlite_nodes._http_request import exchange, failed_json, option, pace, seconds
from n8nlite_nodes._http_response import Format

TYPE = "n8n-nodes-base.httpRequest"


class HttpRequestV1(ItemNode, type=TYPE, versions=(1, 2), plain=True, concurrent=True):
    """Send an HTTP request for every item, as the node did before version 3."""

    authentication: Any = "none"
    node_credential_type: Any = ""
    generic_auth_type: Any = ""
    request_method: Any = "GET"
    url: Any = ""
    allow_unauthorized_certs: Any = False
    response_format: Any = "json"
    data_property_name: Any = "data"
    json_parameters: Any = False
    options: Any = Field(default_factory=dict)
    send_binary_data: Any = False
    binary_property_name: Any = "data"
    body_parameters_json: Any = ""
    body_parameters_ui: Any = Field(default_factory=dict)
    header_parameters_json: Any = ""
    header_parameters_ui: Any = Field(default_factory=dict)
    query_parameters_json: Any = ""
    query_parameters_ui: Any = Field(default_factory=dict)

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        """The items of the response."""
        url = checked_url(self.url)
        signed = sign(ctx, self._credential_type(), url)
        size = option(self.options, "batchSize")
        if size is not None:
            pace(ctx, size, option(self.options, "batchInterval", default=1000))
        kind = {"string": "text"}.get(self.response_format, self.response_format)
        wanted = Format(
            kind,
            str(self.data_property_name),
            bool(option(self.options, "fullResponse")),
            bool(option(self.options, "ignoreResponseCode")),
            legacy=True,
            split=bool(option(self.options, "splitIntoItems")),
        )
        yield from exchange(ctx, item, self._draft(item, ctx, url, wanted, signed), signed, wanted)

    @classmethod
    def error_json(cls, item: Item, error: Exception, message: str) -> dict[str, Any]:
        """`{error: {name, message}}`, name and message of the HTTP library."""
        return failed_json(error, message)

    def _credential_type(self) -> str:
        if self.authentication == "predefinedCredentialType":
            return str(self.node_credential_type or "")
        if self.authentication == "genericCredentialType":
            return str(self.generic_auth_type or "")
        return OLD_TYPES.get(self.authentication, "")

    def _draft(self, item: Item, ctx: Context, url: str, wanted: Format, signed: Signed) -> Draft:
        method = str(self.request_method).upper()
        body = self._body(item, ctx, method, signed.parts.body)
        own = self._values("header", "Header Parameters")
        headers = {"Accept": ACCEPTS.get(wanted.kind, ACCEPT_ANY)}
        named = {name.lower() for name in own}
        if body.content_type is not None and "content-type" not in named:
            headers["Content-Type"] = body.content_type
        if "accept" in named:
            del headers["Accept"]
        follow = option(self.options, "followRedirect", default=True) and (
            method in {"GET", "HEAD"} or option(self.options, "followAllRedirects")
        )
        return Draft(
            method=method,
            url=url,
            query=self._query(),
            headers={**headers, **header_values(own, lower=not self.json_parameters)},
            content=body.content,
            arrays="repeat" if option(self.options, "useQueryString") else "indices",
            timeout=seconds(option(self.options, "timeout"), TIMEOUT),
            redirects=21 if follow else 0,
            verify=not self.allow_unauthorized_certs,
            proxy=str(option(self.options, "proxy", default="")),
        )

    def _query(self) -> dict[str, Any]:
        """The query; several values with one name become a list."""
        if self.json_parameters:
            return self._values("query", "Query Parameters")
        found: dict[str, Any] = {}
        for pair in option(self.query_parameters_ui, "parameter", default=[]):
            name, value = str(pair.get("name") or ""), pair.get("value", "")
            found[name] = [*as_list(found[name]), value] if name in found else value
        return found

    def _values(self, kind: str, label: str) -> dict[str, Any]:
        """The values of the body, header or query parameters."""
        if not self.json_parameters:
            return pairs(option(getattr(self, f"{kind}_parameters_ui"), "parameter"))
        given = getattr(self, f"{kind}_parameters_json")
        if given in (None, ""):
            return {}
        try:
            return as_object(parse_json(given, "JSON Body"))
        except NodeError:
            raise NodeError(
                f'The data in "{label}" is no valid JSON. Set Body Content Type to "RAW/Custom" '
                "for XML or other types of payloads"
                if kind == "body"
                else f'The data in "{label}" is no valid JSON'
            ) from None

    def _body(self, item: Item, ctx: Context, method: str, more: Mapping[str, Any]) -> Body:
        if method not in {"PATCH", "POST", "PUT", "DELETE"}:
            return Body()
        kind = option(self.options, "bodyContentType", default="json")
        if self.send_binary_data and self.json_parameters:
            return self._binary_body(item, ctx, kind)
        if kind == "raw":
            mime = option(self.options, "bodyContentCustomMimeType", default="")
            content = self.body_parameters_json if self.json_parameters else ""
            content = content if isinstance(content, str) else stringify(content)
            return Body(content.encode(), mime or "application/x-www-form-urlencoded")
        if self.json_parameters and isinstance(self.body_parameters_json, list):
            return json_body(self.body_parameters_json)
        data = {**self._values("body", "Body Parameters"), **more}
        if not data:
            return Body()
        if kind == "form-urlencoded":
            return form_body(data)
        if kind == "multipart-form-data":
            return multipart_body(text_part(name, value) for name, value in data.items())
        return json_body(data)

    def _binary_body(self, item: Item, ctx: Context, kind: str) -> Body:
        named = str(self.binary_property_name)
        if kind == "raw":
            body = file_body(ctx, item, named)
            mime = option(self.options, "bodyContentCustomMimeType", default="")
            return Body(body.content, mime or body.content_type)
        if kind != "multipart-form-data":
            raise NodeError(
                'Sending binary data is only supported when option "Body Content Type" is set to '
                '"RAW/CUSTOM" or "FORM-DATA/MULTIPART"!'
            )
        values = self._values("body", "Body Parameters")
        parts = [text_part(name, value) for name, value in values.items()]
        for each in named.split(","):
            name, _, field = each.strip().rpartition(":")
            parts.append(file_part(ctx, item, name or field, field))
        return multipart_body(parts)


def as_list(value: Any) -> list[Any]:
    """A list as it is, anything else as the only one in a list."""
    return value if isinstance(value, list) else [value]


OLD_TYPES = {
    "basicAuth": "httpBasicAuth",
    "digestAuth": "httpDigestAuth",
    "headerAuth": "httpHeaderAuth",
    "oAuth1": "oAuth1Api",
    "oAuth2": "oAuth2Api",
    "queryAuth": "httpQueryAuth",
}
"""What version 1 called the credential types."""
