"""n8nlite.clients: the SDKs speak through the door, and only through it."""

from __future__ import annotations

import io
import json

import openai
import pytest
import requests

from n8nlite import clients
from n8nlite.door import Door
from n8nlite.errors import RequestRefused
from n8nlite.mocks import Mocks

SLACK = "https://slack.com/api/chat.postMessage"
AIRTABLE = "https://api.airtable.com/v0/app1/Things"
OPENAI = "https://api.openai.com/v1/chat/completions"
COMPLETION = {
    "id": "c1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hi"}}
    ],
}


def test_slack_speaks_through_the_door() -> None:
    """Guards the method of slack-sdk that is replaced: its request is the door's."""
    mocks = Mocks([{"method": "POST", "url": SLACK, "response": {"ok": True, "ts": "1.2"}}])
    with Door("refuse", mocks=mocks) as door:
        reply = clients.slack(door.client, "xoxb-1").chat_postMessage(channel="C1", text="hé")
    (request,) = mocks.requests
    assert reply["ts"] == "1.2"
    assert request.headers["Authorization"] == "Bearer xoxb-1"
    assert json.loads(request.content) == {"channel": "C1", "text": "hé"}


def test_slack_errors_are_slacks_own() -> None:
    from slack_sdk.errors import SlackApiError

    mocks = Mocks([{"url": SLACK, "response": {"ok": False, "error": "channel_not_found"}}])
    with Door("refuse", mocks=mocks) as door, pytest.raises(SlackApiError) as caught:
        clients.slack(door.client, "xoxb-1").chat_postMessage(channel="C1", text="x")
    assert caught.value.response["error"] == "channel_not_found"


def test_slack_sends_files_through_the_door() -> None:
    upload = "https://files.slack.com/upload/v1/x"
    mocks = Mocks(
        [
            {
                "url": "https://slack.com/api/files.getUploadURLExternal",
                "response": {"ok": True, "upload_url": upload, "file_id": "F1"},
            },
            {"url": upload, "response": "OK - 5"},
            {
                "url": "https://slack.com/api/files.completeUploadExternal",
                "response": {"ok": True, "files": [{"id": "F1"}]},
            },
        ]
    )
    with Door("refuse", mocks=mocks) as door:
        client = clients.slack(door.client, "xoxb-1")
        reply = client.files_upload_v2(file=io.BytesIO(b"hello"), filename="a.txt", channel="C1")
    assert reply["files"] == [{"id": "F1"}]
    assert not mocks.unused()


def test_airtable_speaks_through_the_door() -> None:
    """Guards the adapter that pyairtable's session gets, paging included."""
    record = {"id": "rec1", "createdTime": "2026-01-01T00:00:00.000Z", "fields": {"Name": "é"}}
    mocks = Mocks(
        [
            {"method": "GET", "url": AIRTABLE, "response": {"records": [record], "offset": "o1"}},
            {"method": "GET", "url": AIRTABLE, "response": {"records": [record]}},
            {"method": "POST", "url": AIRTABLE, "response": record},
        ]
    )
    with Door("refuse", mocks=mocks) as door:
        table = clients.airtable(door.client, "pat1").table("app1", "Things")
        assert [each["id"] for each in table.all()] == ["rec1", "rec1"]
        assert table.create({"Name": "é"})["fields"] == {"Name": "é"}
    first, second, third = mocks.requests
    assert first.headers["Authorization"] == "Bearer pat1"
    assert second.url.params["offset"] == "o1"
    assert json.loads(third.content)["fields"] == {"Name": "é"}


def test_airtable_errors_are_airtables_own() -> None:
    error = {"error": {"type": "NOT_FOUND", "message": "no"}}
    mocks = Mocks([{"url": AIRTABLE, "status": 404, "response": error}])
    with Door("refuse", mocks=mocks) as door, pytest.raises(requests.HTTPError, match="NOT_FOUND"):
        clients.airtable(door.client, "pat1").table("app1", "Things").all()


def test_open_ai_speaks_through_the_door() -> None:
    mocks = Mocks([{"method": "POST", "url": OPENAI, "response": COMPLETION}])
    with Door("refuse", mocks=mocks) as door:
        client = clients.open_ai(door.client, "sk-1", organization="org-1")
        reply = client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "hello"}]
        )
    (request,) = mocks.requests
    assert reply.choices[0].message.content == "hi"
    assert request.headers["Authorization"] == "Bearer sk-1"
    assert request.headers["OpenAI-Organization"] == "org-1"


def test_open_ai_does_not_retry() -> None:
    mocks = Mocks([{"url": OPENAI, "status": 500, "persist": True, "response": {"error": {}}}])
    with Door("refuse", mocks=mocks) as door, pytest.raises(openai.InternalServerError):
        clients.open_ai(door.client, "sk-1").chat.completions.create(model="m", messages=[])
    assert len(mocks.requests) == 1


def test_what_the_door_refuses_comes_out_as_it_is() -> None:
    """No SDK wraps RequestRefused in an error of its own."""
    with Door("refuse") as door:
        with pytest.raises(RequestRefused):
            clients.slack(door.client, "t").auth_test()
        with pytest.raises(RequestRefused):
            clients.airtable(door.client, "t").table("app1", "T").all()
        with pytest.raises(RequestRefused):
            clients.open_ai(door.client, "t").models.list()


def test_base_urls_can_be_others() -> None:
    mocks = Mocks(
        [
            {"url": "http://a.test/chat/completions", "response": COMPLETION},
            {"url": "http://b.test/auth.test", "response": {"ok": True}},
            {"url": "http://c.test/v0/app1/T", "response": {"records": []}},
        ]
    )
    with Door("refuse", mocks=mocks) as door:
        clients.open_ai(door.client, "t", "http://a.test").chat.completions.create(
            model="m", messages=[]
        )
        clients.slack(door.client, "t", "http://b.test/").auth_test()
        clients.airtable(door.client, "t", "http://c.test").table("app1", "T").all()
    assert not mocks.unused()
