"""Requests that another local workflow answers, in-process."""

from __future__ import annotations

from typing import Any

import n8nlite
from tests.flow import assign, chain, node, trigger, workflow

PREFIX = "https://api.example.com/"


def webhook(**parameters: Any) -> dict[str, Any]:
    """A webhook that answers with its last node."""
    given = {"path": "double", "httpMethod": "POST", "responseMode": "lastNode", **parameters}
    return node("Hook", "webhook", given, typeVersion=2)


DOUBLE = chain(webhook(), assign("Double", twice="={{ $json.body.n * 2 }}"))


def ask(path: str = "double", flow: n8nlite.Workflow = DOUBLE, **parameters: Any) -> Any:
    """The item that a request to the workflow becomes; errors too."""
    request = node(
        "Ask",
        "httpRequest",
        {
            "url": PREFIX + path,
            "method": "POST",
            "sendBody": True,
            "specifyBody": "json",
            "jsonBody": "={{ $json }}",
            "options": {"response": {"response": {"fullResponse": True, "neverError": True}}},
            **parameters,
        },
    )
    result = chain(trigger(), request).run([{"n": 21}], routes={PREFIX: flow}, http="refuse")
    return result.raise_for_error().node("Ask").items[0].json


def test_the_webhook_answers_with_what_the_workflow_makes() -> None:
    answer = ask()
    assert answer["statusCode"] == 200
    assert answer["body"]["twice"] == "42"
    assert answer["body"]["body"] == {"n": 21}
    assert answer["body"]["executionMode"] == "production"


def test_the_path_may_be_n8ns_own() -> None:
    assert ask("webhook/double")["body"]["twice"] == "42"


def test_what_no_webhook_is_for_is_not_found() -> None:
    answer = ask("other")
    assert answer["statusCode"] == 404
    assert "is not registered" in answer["body"]["message"]


def test_a_body_that_is_no_json_is_refused() -> None:
    raw: dict[str, Any] = {
        "contentType": "raw",
        "rawContentType": "application/json",
        "body": "{no",
    }
    assert ask(**raw)["statusCode"] == 422


def test_a_workflow_that_fails_answers_500() -> None:
    broken = chain(webhook(), node("Stop", "stopAndError", {"errorMessage": "no"}))
    answer = ask(flow=broken)
    assert answer["statusCode"] == 500
    assert answer["body"]["message"] == "Error in workflow"


def test_a_respond_node_gives_the_answer() -> None:
    respond = node(
        "Answer",
        "respondToWebhook",
        {
            "respondWith": "text",
            "responseBody": "=got {{ $json.body.n }}",
            "options": {"responseCode": 201},
        },
        typeVersion=1.1,
    )
    answer = ask(flow=chain(webhook(responseMode="responseNode"), respond))
    assert (answer["statusCode"], answer["data"]) == (201, "got 21")


def test_the_longest_prefix_wins_and_the_rest_is_refused() -> None:
    other = chain(webhook(path="x/double"), assign("Other", twice="none"))
    request = node(
        "Ask", "httpRequest", {"url": f"{PREFIX}double", "method": "POST", "options": {}}
    )
    flow = workflow(trigger(), request, links={"Start": [["Ask"]]})
    result = flow.run([{}], routes={f"{PREFIX}x/": other}, http="refuse")
    assert "offline" in str(result.error)


def test_a_workflow_that_asks_itself_comes_to_an_end() -> None:
    again = node(
        "Again", "httpRequest", {"url": f"{PREFIX}double", "method": "POST", "options": {}}
    )
    assert ask(flow=chain(webhook(), again))["statusCode"] == 500
