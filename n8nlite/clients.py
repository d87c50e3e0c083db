"""
The SDKs of services, led through the door: whatever HTTP library an SDK uses by itself, its
requests leave by the given `httpx.Client`, so routes, mocks and the log see all of them.

Tests guard the two places where this takes hold of an SDK's inside (slack-sdk, pyairtable).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from n8nlite.errors import Error

if TYPE_CHECKING:
    from urllib.request import Request

    import httpx
    import openai
    import pyairtable
    import slack_sdk

UNSENT = {"host", "connection", "content-length", "accept-encoding"}
"""Headers that belong to a connection: the door writes its own."""


def slack(door: httpx.Client, token: str, base_url: str | None = None) -> slack_sdk.WebClient:
    """A Slack client: https://docs.slack.dev/tools/python-slack-sdk"""
    import slack_sdk
    from slack_sdk.web.file_upload_v2_result import FileUploadV2Result

    class WebClient(slack_sdk.WebClient):
        def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
            body = req.data if isinstance(req.data, bytes) else None
            reply = door.request(req.get_method(), url, headers=_own(req.headers), content=body)
            binary = reply.headers.get("Content-Type", "").startswith("application/gzip")
            return {
                "status": reply.status_code,
                "headers": reply.headers,
                "body": reply.content if binary else reply.text,
            }

        def _upload_file(self, *, url: str, data: bytes, **_: Any) -> FileUploadV2Result:
            reply = door.post(url, content=data)
            return FileUploadV2Result(status=reply.status_code, body=reply.text)

    return WebClient(token, base_url=base_url or slack_sdk.WebClient.BASE_URL, retry_handlers=[])


def airtable(door: httpx.Client, token: str, base_url: str | None = None) -> pyairtable.Api:
    """An Airtable client: https://pyairtable.readthedocs.io"""
    import pyairtable
    import requests
    from requests.adapters import BaseAdapter
    from requests.structures import CaseInsensitiveDict

    class Adapter(BaseAdapter):
        def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
            body = request.body
            reply = door.request(
                request.method or "GET",
                request.url or "",
                headers=_own(request.headers),
                content=body.encode() if isinstance(body, str) else body,
            )
            answer = requests.Response()
            answer.status_code = reply.status_code
            answer.reason = reply.reason_phrase
            answer.headers = CaseInsensitiveDict(reply.headers)
            answer.encoding = reply.encoding
            answer.url = str(reply.url)
            answer.request = request
            answer._content = reply.content
            return answer

        def close(self) -> None:
            """The door's connections are the door's to close."""

    api = pyairtable.Api(
        token, retry_strategy=False, endpoint_url=base_url or "https://api.airtable.com"
    )
    for scheme in ("https://", "http://"):
        api.session.mount(scheme, Adapter())
    return api


def open_ai(
    door: httpx.Client,
    token: str,
    base_url: str | None = None,
    organization: str | None = None,
) -> openai.OpenAI:
    """
    An OpenAI client: https://github.com/openai/openai-python

    It does not retry: that is the node's `retryOnFail`. What the door refuses comes out as it is.
    """
    import openai

    class OpenAI(openai.OpenAI):
        def request(self, *args: Any, **more: Any) -> Any:
            try:
                return super().request(*args, **more)
            except openai.APIConnectionError as error:
                if isinstance(error.__cause__, Error):
                    raise error.__cause__ from None
                raise

    return OpenAI(
        api_key=token,
        base_url=base_url,
        organization=organization,
        http_client=door,
        max_retries=0,
    )


def _own(headers: Any) -> dict[str, str]:
    return {
        str(name): value.decode() if isinstance(value, bytes) else str(value)
        for name, value in headers.items()
        if name.lower() not in UNSENT
    }
