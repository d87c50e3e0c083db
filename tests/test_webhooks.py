"""Webhooks: which node a request is for, what it becomes, who is refused, what is answered."""

from __future__ import annotations

import base64
from itertools import pairwise
from typing import Any

import pytest

import n8nlite
from n8nlite import running, webhooks
from n8nlite.context import Request, Response
from n8nlite.errors import InputError
from n8nlite.request_body import read_body
from n8nlite.workflow import Workflow

Json = dict[str, Any]
ITEM = {"a": {"b": 1}, "text": "<b>hi</b>"}


def workflow(
    parameters: Json, *nodes: tuple[str, Json], version: float = 2, items: list[Json] | None = None
) -> Workflow:
    """A webhook, then the nodes one after another; `items` are what the last one puts out."""
    specs = [("webhook", {"path": "hook", **parameters}), *nodes]
    if items is not None:
        specs.append(("noOp", {}))
    names = [f"{index} {type}" for index, (type, _) in enumerate(specs)]
    return n8nlite.load(
        {
            "nodes": [
                {
                    "name": name,
                    "type": f"n8n-nodes-base.{type}",
                    "typeVersion": version if type == "webhook" else 1,
                    "webhookId": "id-of-hook",
                    "position": [0, 0],
                    "parameters": given,
                    "credentials": {"httpHeaderAuth": {"id": "h"}, "httpBasicAuth": {"id": "b"}},
                }
                for name, (type, given) in zip(names, specs, strict=True)
            ],
            "connections": {
                one: {"main": [[{"node": other, "type": "main", "index": 0}]]}
                for one, other in pairwise(names)
            },
            "pinData": {} if items is None else {names[-1]: [{"json": each} for each in items]},
            "settings": {"executionOrder": "v1"},
        }
    )


def answer(flow: Workflow, **request: Any) -> Response:
    """What the caller of the workflow's only webhook gets."""
    spec = flow.nodes[0]
    result = flow.run(request=Request(**request), start=spec.name, mode="webhook", http="refuse")
    return webhooks.response_for(spec, result)


def refusal(flow: Workflow, **request: Any) -> Response | None:
    """The answer to a request that starts no run."""
    credentials = {
        "h": {"name": "X-Key", "value": "sesame"},
        "b": {"user": "u", "password": "p"},
    }
    execution = running.execution(
        flow, {"request": Request(**request), "credentials": credentials, "http": "refuse"}
    )
    try:
        return webhooks.refusal(execution, flow.nodes[0])
    finally:
        execution.close()


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/webhook/users/7/x", {"id": "7"}),
        ("webhook-test/users/7/x/", {"id": "7"}),
        ("/users/a%20b/x", {"id": "a b"}),
        ("/webhook/id-of-hook/users/7/x", {"id": "7"}),
        ("/webhook/users/7", None),
        ("/webhook/users/7/y", None),
    ],
)
def test_a_path_with_parameters_is_found(path: str, found: dict[str, str] | None) -> None:
    flow = workflow({"path": "users/:id/x", "httpMethod": "PUT"})
    match = webhooks.find(flow, "put", path)
    assert (match and match[1]) == found


def test_a_webhook_without_a_path_answers_to_its_id() -> None:
    assert webhooks.find(workflow({"path": ""}), "GET", "/webhook/id-of-hook")


def test_an_unknown_path_is_answered_as_n8n_does() -> None:
    response = webhooks.not_registered("POST", "/webhook/nope")
    assert (response.status, response.body["code"]) == (404, 404)
    assert response.body["message"] == 'The requested webhook "POST nope" is not registered.'
    assert response.body["hint"].startswith("The workflow must be active")


def test_a_wrong_method_is_told_the_right_ones() -> None:
    flow = workflow({"multipleMethods": True, "httpMethod": ["PUT", "GET"]})
    assert webhooks.find(flow, "DELETE", "/webhook/hook") is None
    assert webhooks.not_registered("DELETE", "/webhook/hook", flow).body["message"] == (
        "This webhook is not registered for DELETE requests. "
        "Did you mean to make a GET or PUT request?"
    )


def test_the_item_holds_what_the_request_held() -> None:
    flow = workflow({"httpMethod": "POST", "responseMode": "lastNode"})
    request = {"headers": {"X-A": "1"}, "params": {"p": "2"}, "query": {"q": ["3"]}, "body": [4]}
    assert answer(flow, **request).body == {
        "headers": {"x-a": "1"},
        "params": {"p": "2"},
        "query": {"q": ["3"]},
        "body": [4],
        "webhookUrl": "http://localhost:5678/webhook/hook",
        "executionMode": "production",
    }


def test_started_by_hand_without_a_request_it_gives_one_empty_item() -> None:
    flow = workflow({})
    assert [item.json for item in flow.run(http="refuse").node("0 webhook").items] == [{}]


def test_each_of_several_methods_has_an_output() -> None:
    flow = workflow({"multipleMethods": True, "httpMethod": ["GET", "PUT"]})
    result = flow.run(request=Request(method="PUT"), http="refuse")
    assert [len(lane or ()) for lane in result.runs["0 webhook"][0].outputs] == [0, 1]


@pytest.mark.parametrize(
    ("parameters", "version", "expected"),
    [
        ({}, 2, (200, {"message": "Workflow was started"})),
        ({"responseCode": 202}, 1, (202, {"message": "Workflow was started"})),
        ({"options": {"noResponseBody": True}}, 2, (200, None)),
        ({"options": {"responseData": "hello"}}, 2, (200, "hello")),
        (
            {
                "options": {
                    "responseCode": {"values": {"responseCode": "customCode", "customCode": 299}}
                }
            },
            2,
            (299, {"message": "Workflow was started"}),
        ),
    ],
)
def test_answers_at_once(parameters: Json, version: float, expected: tuple[int, Any]) -> None:
    response = answer(workflow(parameters, version=version))
    assert (response.status, response.body) == expected


@pytest.mark.parametrize(
    ("parameters", "status", "kind", "body"),
    [
        ({}, 200, "application/json", ITEM),
        ({"responseData": "allEntries"}, 200, "application/json", [ITEM, {"c": 2}]),
        ({"responseData": "noData"}, 200, "application/json", None),
        ({"options": {"responsePropertyName": "a.b"}}, 200, "application/json", 1),
        ({"options": {"responsePropertyName": "text"}}, 200, "text/html", "<b>hi</b>"),
        ({"options": {"responsePropertyName": "nope"}}, 200, "application/json", None),
        ({"options": {"responseContentType": "application/xml"}}, 200, "application/xml", ITEM),
    ],
)
def test_answers_with_the_last_node(parameters: Json, status: int, kind: str, body: Any) -> None:
    flow = workflow({"responseMode": "lastNode", **parameters}, items=[ITEM, {"c": 2}])
    response = answer(flow)
    assert (response.status, response.body) == (status, body)
    assert response.headers["content-type"] == f"{kind}; charset=utf-8"


def test_headers_and_status_of_the_webhook_are_sent() -> None:
    options = {
        "responseCode": {"values": {"responseCode": 201}},
        "responseHeaders": {"entries": [{"name": "X-A", "value": "1"}]},
    }
    response = answer(workflow({"responseMode": "lastNode", "options": options}, items=[ITEM]))
    assert (response.status, response.headers["x-a"]) == (201, "1")


def test_the_first_binary_is_sent_as_bytes() -> None:
    flow = workflow({"responseMode": "lastNode", "responseData": "firstEntryBinary"}, items=[ITEM])
    data = base64.b64encode(b"hello").decode()
    flow.pin_data["1 noOp"][0]["binary"] = {"data": {"data": data, "mimeType": "text/plain"}}
    response = answer(flow)
    assert (response.body, response.headers) == (b"hello", {"content-type": "text/plain"})


def test_no_item_and_no_binary_are_errors_of_the_answer() -> None:
    nothing = workflow({"responseMode": "lastNode"}, ("limit", {"maxItems": 0}))
    assert answer(nothing).body == {"code": 0, "message": "No item to return was found"}
    binary = {"responseMode": "lastNode", "responseData": "firstEntryBinary"}
    assert answer(workflow(binary, items=[ITEM])).body["message"] == (
        "No binary data was found to return"
    )


def test_a_failed_run_tells_the_caller_nothing_of_the_error() -> None:
    stop = ("stopAndError", {"errorMessage": "the secret"})
    response = answer(workflow({"responseMode": "lastNode"}, stop))
    assert (response.status, response.body) == (500, {"message": "Error in workflow"})


def test_the_respond_node_answers_and_the_first_answer_counts() -> None:
    flow = workflow(
        {"responseMode": "responseNode"},
        ("respondToWebhook", {"respondWith": "text", "responseBody": "=one {{ $json.body.n }}"}),
        ("respondToWebhook", {"respondWith": "text", "responseBody": "two"}),
    )
    response = answer(flow, body={"n": 1})
    assert (response.status, response.body) == (200, "one 1")
    assert response.headers == {"content-type": "text/html; charset=utf-8"}


def test_an_answer_given_before_an_error_stays() -> None:
    respond = ("respondToWebhook", {"respondWith": "json", "responseBody": '{"a": 1}'})
    flow = workflow(
        {"responseMode": "responseNode"}, respond, ("stopAndError", {"errorMessage": "late"})
    )
    assert answer(flow).body == {"a": 1}


def test_a_token_is_signed_as_n8n_signs_it() -> None:
    flow = workflow(
        {"responseMode": "responseNode"},
        ("respondToWebhook", {"respondWith": "jwt", "payload": '{"a":1}'}),
    )
    result = flow.run(
        request=Request(),
        http="refuse",
        now="2026-11-20T06:25:59+00:00",
        credentials={"jwtAuth": {"secret": "s", "algorithm": "HS256"}},
    )
    assert result.response is not None
    assert result.response.body == {
        "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhIjoxLCJpYXQiOjE3OTUxNTU5NTl9."
        "bhg5jxehaeWBvYkLrFmh13beupcOnm3IY0GNZydWoj0"
    }


@pytest.mark.parametrize(
    ("mode", "node", "message"),
    [
        ("responseNode", "noOp", "No Respond to Webhook node found in the workflow"),
        ("onReceived", "respondToWebhook", "Unused Respond to Webhook node found in the workflow"),
    ],
)
def test_a_workflow_not_made_to_answer_is_refused(mode: str, node: str, message: str) -> None:
    response = refusal(workflow({"responseMode": mode}, (node, {})))
    assert response is not None
    assert (response.status, response.body) == (500, {"code": 0, "message": message})


@pytest.mark.parametrize(
    ("kind", "headers", "expected"),
    [
        ("headerAuth", {"x-key": "sesame"}, None),
        ("headerAuth", {"X-Key": "no"}, (403, "Authorization data is wrong!")),
        ("headerAuth", {}, (403, "Authorization data is wrong!")),
        ("basicAuth", {"Authorization": "Basic dTpw"}, None),
        ("basicAuth", {"Authorization": "Basic dTpx"}, (401, "Authentication data is wrong!")),
        ("basicAuth", {}, (401, "Authorization is required!")),
        ("none", {}, None),
    ],
)
def test_authentication(kind: str, headers: Json, expected: tuple[int, str] | None) -> None:
    response = refusal(workflow({"authentication": kind}), headers=headers)
    assert (response and (response.status, response.body)) == expected


def test_bots_are_refused_where_the_node_says_so() -> None:
    headers = {"User-Agent": "Googlebot/2.1"}
    assert refusal(workflow({"options": {"ignoreBots": True}}), headers=headers) is not None
    assert refusal(workflow({}), headers=headers) is None


@pytest.mark.parametrize(
    ("content", "kind", "body"),
    [
        (b'{"a": 1}', "application/json; charset=utf-8", {"a": 1}),
        (b"", "application/json", {}),
        (
            b"a=1&b=2&b=3&c[d]=4",
            "application/x-www-form-urlencoded",
            {"a": "1", "b": ["2", "3"], "c[d]": "4"},
        ),
        (b"plain", "text/plain", "plain"),
        (
            b"<a x='1'><b>1</b><b>2</b></a>",
            "application/xml",
            {"a": {"b": ["1", "2"], "$": {"x": "1"}}},
        ),
        (b"\0\1", "application/octet-stream", {}),
        (
            b'--B\r\nContent-Disposition: form-data; name="t"\r\n\r\nval\r\n--B--\r\n',
            "multipart/form-data; boundary=B",
            {"t": "val"},
        ),
    ],
)
def test_bodies_are_read_by_their_content_type(content: bytes, kind: str, body: Any) -> None:
    assert read_body(content, kind) == body


def test_a_body_that_is_not_what_it_says_is_an_input_error() -> None:
    with pytest.raises(InputError, match="Expected property name"):
        read_body(b"{bad", "application/json")
