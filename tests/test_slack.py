"""What the Slack node sends, and what it makes of the answers."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from n8nlite.dialect import repair_parameters
from n8nlite.errors import ApiError, CredentialError, NodeError
from n8nlite.mocks import Mocks
from n8nlite.node import Item
from n8nlite.testing import run_node
from n8nlite.workflow import NodeSpec
from tests.service import Service

TYPE = "n8n-nodes-base.slack"
CREDENTIALS = {"slackApi": {"accessToken": "xoxb-test"}}
CHANNEL = {"__rl": True, "mode": "id", "value": "C08514ZPKB8"}
PLAIN = {"includeLinkToWorkflow": False}


class Slack(Service):
    """A Slack that answers in turn and remembers what it was asked."""

    def run(self, parameters: dict[str, Any], items: Any = ({},), **more: Any) -> list[Item]:
        more = {"version": 2.3, "credentials": CREDENTIALS, **more}
        return run_node(TYPE, parameters, items, http=Mocks([self]), **more)[0]

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.requests]

    @property
    def urls(self) -> list[str]:
        return [f"{request.method} {request.url}" for request in self.requests]


def post(**more: Any) -> dict[str, Any]:
    return {"select": "channel", "channelId": CHANNEL, "text": "hi", "otherOptions": PLAIN, **more}


def test_a_message_is_posted_as_json_with_the_token() -> None:
    slack = Slack({"ok": True, "ts": "1.2", "channel": "C08514ZPKB8"})
    items = slack.run(post())
    assert slack.urls == ["POST https://slack.com/api/chat.postMessage"]
    assert slack.requests[0].headers["authorization"] == "Bearer xoxb-test"
    assert slack.bodies == [
        {"channel": "C08514ZPKB8", "text": "hi", "includeLinkToWorkflow": False}
    ]
    assert items[0].json == {"ok": True, "channel": "C08514ZPKB8", "message_timestamp": "1.2"}


def test_the_link_to_the_workflow_is_added_by_default() -> None:
    slack = Slack({"ok": True}, {"ok": True}, {"ok": True})
    slack.run(post(otherOptions={}))
    slack.run(post(otherOptions={}, messageType="block", blocksUi={"blocks": []}))
    slack.run(post(otherOptions={}, messageType="attachment", attachments=[{"text": "a"}]))
    text, blocks, attachments = slack.bodies
    assert text["text"].startswith("hi\n_Automated with this <http://localhost:5678/workflow/")
    assert blocks["blocks"][-1]["text"]["text"].endswith("|n8n workflow>_")
    assert attachments["attachments"][-1].keys() == {"text"}


@pytest.mark.parametrize(
    ("where", "channel"),
    [
        ({"mode": "name", "value": "#general"}, "#general"),
        ({"mode": "url", "value": "https://app.slack.com/client/T01/C0123"}, "C0123"),
        ("#plain", "#plain"),
    ],
)
def test_channels_are_named_in_many_ways(where: Any, channel: str) -> None:
    slack = Slack({"ok": True})
    slack.run(post(channelId={"__rl": True, **where} if isinstance(where, dict) else where))
    assert slack.bodies[0]["channel"] == channel


def test_a_url_of_something_else_is_an_error() -> None:
    where = {"__rl": True, "mode": "url", "value": "https://example.com/"}
    with pytest.raises(NodeError, match="is no URL of the kind wanted"):
        Slack().run(post(channelId=where))


@pytest.mark.parametrize(
    ("user", "channel"),
    [
        ({"mode": "id", "value": "U0123"}, "U0123"),
        ({"mode": "username", "value": "ada"}, "@ada"),
        ({"mode": "username", "value": "@ada"}, "@ada"),
    ],
)
def test_users_are_written_to(user: dict[str, Any], channel: str) -> None:
    slack = Slack({"ok": True})
    slack.run(post(select="user", user={"__rl": True, **user}))
    assert slack.bodies[0]["channel"] == channel


def test_options_of_a_message() -> None:
    options = {
        **PLAIN,
        "thread_ts": {"replyValues": {"thread_ts": 1700000000.1234}},
        "sendAsUser": "Bot",
        "botProfile": {"imageValues": {"profilePhotoType": "image", "icon_url": "http://x/y.png"}},
        "unfurl_links": True,
    }
    slack = Slack({"ok": True})
    slack.run(post(otherOptions=options))
    assert slack.bodies[0] == {
        "channel": "C08514ZPKB8",
        "text": "hi",
        "includeLinkToWorkflow": False,
        "thread_ts": "1700000000.1234",
        "reply_broadcast": False,
        "sendAsUser": "Bot",
        "username": "Bot",
        "icon_url": "http://x/y.png",
        "unfurl_links": True,
    }


def test_all_pages_are_read() -> None:
    first = {"ok": True, "members": [{"id": 1}], "response_metadata": {"next_cursor": "a="}}
    last = {"ok": True, "members": [{"id": 2}], "response_metadata": {"next_cursor": ""}}
    slack = Slack(first, last)
    items = slack.run({"resource": "user", "operation": "getAll", "returnAll": True})
    assert [item.json["id"] for item in items] == [1, 2]
    assert slack.urls == [
        "GET https://slack.com/api/users.list?page=1&limit=100",
        "GET https://slack.com/api/users.list?page=2&limit=100&cursor=a%3D",
    ]


def test_a_file_goes_to_the_url_that_slack_names() -> None:
    slack = Slack(
        {"ok": True, "upload_url": "https://files.slack.com/upload/v1/A", "file_id": "F1"},
        httpx.Response(200, text="OK - 5"),
        {"ok": True, "files": [{"id": "F1"}]},
    )
    file = {"data": "aGVsbG8=", "mimeType": "text/plain", "fileName": "h.txt"}
    items = slack.run({"resource": "file"}, [{"json": {}, "binary": {"data": file}}])
    assert [item.json for item in items] == [{"id": "F1"}]
    assert b'filename="h.txt"' in slack.requests[1].content
    assert b"hello" in slack.requests[1].content
    assert json.loads(slack.requests[2].content) == {"files": [{"id": "F1", "title": "h.txt"}]}


def test_a_missing_file_is_an_error() -> None:
    with pytest.raises(NodeError, match="The item has no binary field 'data'"):
        Slack().run({"resource": "file"})


@pytest.mark.parametrize(
    ("answer", "message", "description"),
    [
        ({"error": "channel_not_found"}, 'Slack error response: "channel_not_found"', None),
        (
            {"error": "missing_scope", "needed": "chat:write"},
            "Your Slack credential is missing required Oauth Scopes",
            "Add the following scope(s) to your Slack App: chat:write",
        ),
        (
            {"error": "paid_teams_only"},
            "Your current Slack plan does not include the resource 'message'",
            "Hint: Upgrade to a Slack plan that includes the functionality you want to use.",
        ),
    ],
)
def test_what_slack_refuses(answer: Any, message: str, description: str | None) -> None:
    with pytest.raises(NodeError) as raised:
        Slack({"ok": False, **answer}).run(post())
    assert (raised.value.message, raised.value.description) == (message, description)


def test_version_1_shows_the_whole_answer() -> None:
    with pytest.raises(ApiError) as raised:
        Slack({"ok": False, "error": "x"}).run({"channel": "#a", "text": "t"}, version=1)
    assert raised.value.message == 'Slack error response: {"ok":false,"error":"x"}'


@pytest.mark.parametrize(
    ("body", "description"), [({"ok": False, "error": "slow"}, "slow"), ("oops", "oops")]
)
def test_an_http_error(body: Any, description: str) -> None:
    answer = httpx.Response(429, **({"json": body} if isinstance(body, dict) else {"text": body}))
    with pytest.raises(ApiError) as raised:
        Slack(answer).run(post())
    assert raised.value.message == "The service is receiving too many requests from you"
    assert raised.value.description == description


def test_the_users_token_comes_before_the_bots() -> None:
    data = {"access_token": "bot", "authed_user": {"access_token": "user"}}
    slack = Slack({"ok": True, "user": {}})
    slack.run(
        {"authentication": "oAuth2", "resource": "user", "user": "U1"},
        credentials={"slackOAuth2Api": {"oauthTokenData": data}},
    )
    assert slack.requests[0].headers["authorization"] == "Bearer user"


def test_a_connection_without_a_token_is_an_error() -> None:
    with pytest.raises(CredentialError, match="holds no token"):
        Slack().run(post(authentication="oAuth2"), credentials={"slackOAuth2Api": {}})


def dialect(parameters: dict[str, Any], version: float | None = None) -> dict[str, Any]:
    spec: dict[str, Any] = {"name": "Slack", "type": TYPE, "parameters": parameters}
    if version is not None:
        spec["typeVersion"] = version
    return repair_parameters(NodeSpec.model_validate(spec))[0].parameters


def test_post_message_to_a_channel_by_name_is_understood() -> None:
    written = {"operation": "postMessage", "channel": "#orders", "text": "hi"}
    assert dialect(written) == {
        "operation": "post",
        "select": "channel",
        "channelId": {"__rl": True, "mode": "name", "value": "#orders"},
        "text": "hi",
    }
    assert dialect(written, 1) == {"operation": "post", "channel": "#orders", "text": "hi"}


@pytest.mark.parametrize("version", [1, 2.3])
def test_what_n8n_writes_stays(version: float) -> None:
    written = post() if version > 1 else {"channel": "#orders", "text": "hi"}
    assert dialect(dict(written), version) == written


def test_a_connection_that_is_closed() -> None:
    def closed(request: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError("closed", request=request)

    for parameters in (post(), {"resource": "user"}):
        with pytest.raises(ApiError, match="closed unexpectedly, perhaps it is offline") as raised:
            run_node(TYPE, parameters, version=2.3, http=Mocks([closed]), credentials=CREDENTIALS)
        assert raised.value.messages == ["socket hang up"]
