"""
Airtable's Web API as n8n's Airtable node calls it.

https://airtable.com/developers/web/api/introduction
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, SecretStr

from n8nlite import api_errors, clients, jsontext
from n8nlite.errors import ApiError, NodeError
from n8nlite.node import Credential, Item
from n8nlite_nodes._connection import told
from n8nlite_nodes._locators import locator
from n8nlite_nodes._oauth2 import OAuth2

if TYPE_CHECKING:
    import pyairtable

    from n8nlite.context import Context

TYPE = "n8n-nodes-base.airtable"
BASE_URL = "https://api.airtable.com/v0/"
PAGE = 100
BATCH = 10
"""How many records one request writes at most."""

_PART = "[a-zA-Z0-9]{2,}"
_SITE = r"https://airtable\.com/"
Base = Annotated[str, BeforeValidator(locator(rf"{_SITE}({_PART})"))]
"""A base by id or URL; its id."""

Table = Annotated[str, BeforeValidator(locator(rf"{_SITE}{_PART}/({_PART})"))]
"""A table by id, name or URL; its id or name."""


class AirtableTokenApi(Credential):
    """A personal access token."""

    type = "airtableTokenApi"
    access_token: SecretStr


class AirtableOAuth2Api(OAuth2):
    """An OAuth2 connection."""

    type = "airtableOAuth2Api"


CREDENTIALS = (AirtableTokenApi, AirtableOAuth2Api)


class Airtable:
    """The API, signed in. Every call raises ApiError where Airtable says no."""

    def __init__(self, ctx: Context, authentication: str) -> None:
        if authentication == "airtableApi":
            raise NodeError(
                "The API Key connection was deprecated by Airtable, please use Access Token or "
                "OAuth2 instead."
            )
        if authentication == "airtableOAuth2Api":
            token = ctx.credential(AirtableOAuth2Api).token
        else:
            token = ctx.credential(AirtableTokenApi).access_token.get_secret_value()
        self.api: pyairtable.Api = clients.airtable(ctx.http, token)

    def call(
        self, method: str, path: str, body: Any = None, query: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The answer to one request; the parts of `path` are encoded (`url_path`)."""
        import requests

        url = BASE_URL + path
        try:
            with told():
                answer = self.api.request(method, url, params=dict(query or {}), json=body)
        except requests.HTTPError as error:
            raise refusal(error.response) from error
        except ValueError as error:
            raise NodeError("Airtable's answer is no JSON", description=str(error)) from None
        return answer if isinstance(answer, dict) else {}

    def pages(self, path: str, key: str, query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """All entries that are under `key`, page after page."""
        offset = ""
        while True:
            asked = {**query, "offset": offset} if offset else query
            page = self.call("GET", path, query=asked)
            yield from page.get(key) or ()
            offset = page.get("offset") or ""
            if not offset:
                return

    def write(
        self, path: str, records: Sequence[Mapping[str, Any]], **more: Any
    ) -> Iterator[dict[str, Any]]:
        """Change records, ten at a time."""
        for first in range(0, len(records), BATCH):
            body = {**more, "records": records[first : first + BATCH]}
            yield from self.call("PATCH", path, body).get("records") or ()


def refusal(response: Any) -> ApiError:
    """The error for an answer of 400 and more."""
    try:
        body = response.json()
    except ValueError:
        body = response.text
    quoted = jsontext.dumps(body).decode()
    return api_errors.from_status(response.status_code, body, quoted=quoted)


def listing(
    fields: Any = None,
    formula: str = "",
    sort: Mapping[str, Any] | None = None,
    view: str | None = None,
) -> dict[str, Any]:
    """The query that says which records are wanted, and in which order."""
    query: dict[str, Any] = {}
    if formula:
        query["filterByFormula"] = formula
    names = names_of(fields)
    query |= {f"fields[{index}]": name for index, name in enumerate(names)}
    for index, rule in enumerate((sort or {}).get("property") or ()):
        query[f"sort[{index}][field]"] = rule.get("field", "")
        query[f"sort[{index}][direction]"] = rule.get("direction", "asc")
    if view:
        query["view"] = view
    return query


def names_of(fields: Any) -> list[str]:
    """Field names, given as a list or as `a, b`."""
    names = fields.split(",") if isinstance(fields, str) else fields or ()
    return [name.strip() for name in names]


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with its fields beside `id` and `createdTime`."""
    rest = {key: value for key, value in record.items() if key != "fields"}
    return {**rest, **(record.get("fields") or {})}


def attachments(
    ctx: Context, record: Mapping[str, Any], names: Sequence[str]
) -> dict[str, Any] | None:
    """The files in those fields of a record, for an item's `binary`: `Files_0`, `Files_1`."""
    found = {}
    for name in names:
        for index, file in enumerate((record.get("fields") or {}).get(name) or ()):
            with told():
                response = ctx.http.get(file["url"])
            if response.status_code >= 400:
                raise api_errors.from_status(response.status_code, response.text)
            found[f"{name}_{index}"] = ctx.binary.put(
                response.content, mime_type=file.get("type"), file_name=file.get("filename")
            )
    return found or None


def item_of(ctx: Context, record: Mapping[str, Any], names: Sequence[str], **more: Any) -> Item:
    """A record as an item, with the files that are wanted of it."""
    json = flat(record) if more.pop("flattened", True) else dict(record)
    return Item(json, attachments(ctx, record, names) if names else None, **more)
