"""OpenAI's API as n8n's nodes call it: https://platform.openai.com/docs/api-reference"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from n8nlite import api_errors, clients, jsontext
from n8nlite.errors import ApiError, NodeError
from n8nlite.node import Credential, Item, Parameters
from n8nlite_nodes._http_body import Part

if TYPE_CHECKING:
    import httpx
    import openai

    from n8nlite.context import Context

KINDS = {
    b"\x89PNG\r\n\x1a\n\x00": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"RIFF": "image/webp",
    b"GIF8": "image/gif",
}
"""The first bytes of a picture -> its type."""

OFFICIAL = "https://api.openai.com/v1"


class OpenAiApi(Credential):
    """An API key, with the place of another server where there is one."""

    type = "openAiApi"
    api_key: SecretStr
    organization_id: str | None = None
    url: str = OFFICIAL
    header: bool = False
    header_name: str = ""
    header_value: SecretStr = SecretStr("")

    @property
    def headers(self) -> dict[str, str]:
        """The header that the credential adds."""
        if not (self.header and self.header_name):
            return {}
        return {self.header_name: self.header_value.get_secret_value()}


class Message(Parameters):
    """A message of a conversation, as the form has it."""

    role: str = "user"
    content: Any = ""


class OpenAi:
    """The API, signed in; `base_url` overrides the credential's. Calls raise ApiError."""

    def __init__(self, ctx: Context, base_url: str | None = None) -> None:
        credential = ctx.credential(OpenAiApi)
        self.headers = credential.headers
        self.client: openai.OpenAI = clients.open_ai(
            ctx.http,
            credential.api_key.get_secret_value(),
            (base_url or credential.url or OFFICIAL).rstrip("/"),
            credential.organization_id or None,
        )

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON that a method answers."""
        return _json(self._send("POST", path, body=body))

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The same for a method that takes a query."""
        return _json(self._send("GET", path, options={"params": query or {}}))

    def delete(self, path: str) -> dict[str, Any]:
        """The same for a deletion."""
        return _json(self._send("DELETE", path))

    def upload(self, path: str, fields: Mapping[str, Any], file: Part) -> dict[str, Any]:
        """The same for a form with a file."""
        return _json(self._send("POST", path, body=fields, file=file))

    def bytes_of(self, path: str, body: Mapping[str, Any]) -> bytes:
        """What a method answers that makes a file."""
        return self._send("POST", path, body=body).content

    def _send(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        file: Part | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        import httpx
        import openai

        more: Any = {**(options or {}), "headers": dict(self.headers)}
        files = None
        if file is not None:
            more["headers"]["Content-Type"] = "multipart/form-data"
            files = {file.name: (file.file_name, file.content, file.content_type)}
        try:
            if method == "GET":
                return self.client.get(path, cast_to=httpx.Response, options=more)
            if method == "DELETE":
                return self.client.delete(path, cast_to=httpx.Response, options=more)
            return self.client.post(
                path, cast_to=httpx.Response, body=body, files=files, options=more
            )
        except openai.APIStatusError as error:
            raise refusal(error.response) from error
        except openai.APIConnectionError as error:
            if isinstance(error.__cause__, httpx.RequestError):
                raise api_errors.from_failure(error.__cause__) from error
            raise


def refusal(response: httpx.Response) -> ApiError:
    """The error for an answer of 400 and more."""
    try:
        body = jsontext.loads(response.content)
    except Exception:
        body = response.text
    quoted = jsontext.dumps(body).decode()
    return api_errors.from_status(response.status_code, body, quoted=quoted)


def named(values: Mapping[str, Any], renamed: Mapping[str, str]) -> dict[str, Any]:
    """An options collection with OpenAI's names for some of n8n's."""
    return {renamed.get(key, key): value for key, value in values.items()}


def items(data: Any) -> list[Item]:
    """A list as so many items, anything else as one."""
    entries = data if isinstance(data, list) else [data]
    return [Item(each if isinstance(each, dict) else {}) for each in entries]


def picture(ctx: Context, data: bytes, name: str = "data") -> dict[str, Any]:
    """The bytes of a picture as binary data; its type is seen by its first bytes."""
    kind = next((kind for start, kind in KINDS.items() if data.startswith(start)), "text/plain")
    entry = ctx.binary.put(data, mime_type=kind, file_name=name)
    if kind == "text/plain":
        entry.pop("fileExtension", None)
    return entry


def without_data(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What an item's json says of its file."""
    return {key: value for key, value in entry.items() if key != "data"}


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        data = response.json()
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise NodeError("OpenAI's answer is no JSON object", description=response.text[:200])
    return data
