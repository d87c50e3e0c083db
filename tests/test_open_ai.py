"""What the two OpenAI nodes send, and what they make of the answers."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from n8nlite.dialect import repair_parameters
from n8nlite.errors import ApiError, NodeError
from n8nlite.mocks import Mocks
from n8nlite.node import Item
from n8nlite.testing import run_node
from n8nlite.workflow import NodeSpec
from tests.service import Service

OLDER = "n8n-nodes-base.openAi"
NEWER = "@n8n/n8n-nodes-langchain.openAi"
CREDENTIALS = {"openAiApi": {"apiKey": "sk-test"}}
MODEL = {"__rl": True, "mode": "list", "value": "gpt-4o-mini"}
CHAT = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "hello"}}], "id": "c"}
MESSAGE = {"type": "message", "content": [{"type": "output_text", "text": '{"a": 1}'}]}
RESPONSE = {"id": "resp_1", "status": "completed", "output": [{"type": "reasoning"}, MESSAGE]}


class OpenAi(Service):
    """An OpenAI that answers in turn and remembers what it was asked."""

    def run(self, type: str, version: float, parameters: Any, **more: Any) -> list[Item]:
        more = {"credentials": CREDENTIALS, **more}
        return run_node(type, parameters, version=version, http=Mocks([self]), **more)[0]

    @property
    def body(self) -> Any:
        return json.loads(self.requests[-1].content)

    @property
    def url(self) -> str:
        return str(self.requests[-1].url)


def refused(status: int, code: str, message: str = "no") -> httpx.Response:
    return httpx.Response(status, json={"error": {"message": message, "code": code}})


# The older node


def test_chat() -> None:
    api = OpenAi(CHAT)
    prompt = {"messages": [{"role": "system", "content": "s"}, {"content": "q"}]}
    options = {"maxTokens": 5, "topP": 0.5, "n": 2}
    items = api.run(
        OLDER,
        1.1,
        {"resource": "chat", "chatModel": "gpt-4o", "prompt": prompt, "options": options},
    )
    assert api.url == "https://api.openai.com/v1/chat/completions"
    assert api.requests[0].headers["authorization"] == "Bearer sk-test"
    assert api.body == {
        "model": "gpt-4o",
        "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "q"}],
        "max_tokens": 5,
        "top_p": 0.5,
        "n": 2,
    }
    assert [item.json for item in items] == CHAT["choices"]


def test_the_whole_answer() -> None:
    items = OpenAi(CHAT).run(OLDER, 1, {"resource": "chat", "simplifyOutput": False})
    assert items[0].json == CHAT


def test_another_server_and_its_header() -> None:
    api = OpenAi(CHAT, CHAT)
    credential = {
        **CREDENTIALS["openAiApi"],
        "organizationId": "org-1",
        "url": "https://models.example.com/v2",
        "header": True,
        "headerName": "X-Team",
        "headerValue": "blue",
    }
    api.run(OLDER, 1, {"resource": "chat"}, credentials={"openAiApi": credential})
    assert api.url == "https://models.example.com/v1/chat/completions"
    messages = {"values": [{"content": "q"}]}
    api.run(NEWER, 1.8, {"messages": messages}, credentials={"openAiApi": credential})
    assert api.url == "https://models.example.com/v2/chat/completions"
    assert api.requests[-1].headers["x-team"] == "blue"
    assert api.requests[-1].headers["openai-organization"] == "org-1"


def test_images_are_files_by_default() -> None:
    api = OpenAi({"data": [{"b64_json": "/9j/4AAQ"}]})
    items = api.run(OLDER, 1.1, {"resource": "image", "prompt": "cat", "options": {"size": "x"}})
    assert api.body == {"prompt": "cat", "model": "dall-e-2", "response_format": "b64_json"}
    assert items[0].binary is not None
    assert items[0].binary["data"]["mimeType"] == "image/jpeg"


def test_a_refusal() -> None:
    with pytest.raises(ApiError) as raised:
        OpenAi(refused(401, "invalid_api_key", "wrong key")).run(OLDER, 1, {"resource": "chat"})
    assert raised.value.message == "Authorization failed - please check your credentials"
    assert raised.value.description == "wrong key"


# The newer node, v1


def messages(*contents: Any) -> dict[str, Any]:
    return {"modelId": MODEL, "messages": {"values": [{"content": each} for each in contents]}}


def test_message_a_model() -> None:
    api = OpenAi(CHAT)
    options = {"maxTokens": 5, "reasoning_effort": "low", "maxToolsIterations": 3}
    items = api.run(NEWER, 1.8, {**messages("q"), "options": options})
    assert api.body == {
        "model": "gpt-4o-mini",
        "messages": [{"role": "user", "content": "q"}],
        "max_completion_tokens": 5,
    }
    assert [item.json for item in items] == CHAT["choices"]


def test_reasoning_models_are_told_how_much_to_think() -> None:
    api = OpenAi(CHAT)
    options = {"reasoning_effort": "low"}
    api.run(NEWER, 1.8, {**messages("q"), "modelId": "o3-mini", "options": options})
    assert api.body["reasoning_effort"] == "low"


def test_json_output_is_data() -> None:
    api = OpenAi({"choices": [{"message": {"content": '{"a": 1}'}}]})
    items = api.run(NEWER, 1.8, {**messages("q"), "jsonOutput": True})
    assert api.body["response_format"] == {"type": "json_object"}
    assert api.body["messages"][0]["role"] == "system"
    assert items[0].json == {"message": {"content": {"a": 1}}}


@pytest.mark.parametrize("content", ["", "  ", 5, None])
def test_a_prompt_that_says_nothing(content: Any) -> None:
    with pytest.raises(NodeError, match=r"A non-empty prompt is required\."):
        OpenAi().run(NEWER, 1.8, messages(content))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("rate_limit_exceeded", "OpenAI: Rate limit reached"),
        ("insufficient_quota", "Insufficient quota detected. "),
        ("other", "The service is receiving too many requests from you"),
    ],
)
def test_limits(code: str, message: str) -> None:
    with pytest.raises(ApiError) as raised:
        OpenAi(refused(429, code)).run(NEWER, 1.8, messages("q"))
    assert raised.value.message.startswith(message)


@pytest.mark.parametrize(
    ("version", "options", "model"),
    [
        (1.8, {}, "text-moderation-latest"),
        (2, {"useStableModel": True}, "text-moderation-stable"),
        (2.1, {}, "omni-moderation-latest"),
    ],
)
def test_moderation(version: float, options: Any, model: str) -> None:
    api = OpenAi({"results": [{"flagged": True, "categories": {}}]})
    given = {"operation": "classify", "input": "x", "simplify": True, "options": options}
    assert api.run(NEWER, version, given)[0].json == {"flagged": True}
    assert api.body["model"] == model


# The newer node, v2


def responses(*values: Any, **more: Any) -> dict[str, Any]:
    return {"modelId": MODEL, "responses": {"values": list(values)}, **more}


def test_a_response() -> None:
    api = OpenAi(RESPONSE)
    items = api.run(NEWER, 2, responses({"content": "q"}, {"role": "assistant", "content": "a"}))
    assert api.url == "https://api.openai.com/v1/responses"
    said = {"type": "output_text", "text": "a", "annotations": []}
    assert api.body == {
        "model": "gpt-4o-mini",
        "input": [
            {"role": "user", "content": [{"type": "input_text", "text": "q"}]},
            {"role": "assistant", "content": [said]},
        ],
        "parallel_tool_calls": True,
        "store": True,
        "background": False,
    }
    assert items[0].json == {"output": [MESSAGE]}


def test_a_response_as_data() -> None:
    api = OpenAi(RESPONSE)
    form = {"textFormat": {"textOptions": {"type": "json_schema", "schema": '{"type": "object"}'}}}
    given = responses({"content": "q"}, simplify=False, options=form)
    items = api.run(NEWER, 2.1, given)
    assert api.body["text"] == {
        "verbosity": "medium",
        "format": {"type": "json_schema", "name": "my_schema", "schema": {"type": "object"}},
    }
    assert items[0].json["output"][1]["content"][0]["text"] == {"a": 1}
    assert items[0].json["id"] == "resp_1"


def test_options_of_a_response() -> None:
    api = OpenAi(RESPONSE)
    options = {
        "maxTokens": 9,
        "truncation": True,
        "metadata": '{"a": "b"}',
        "reasoning": {"reasoningOptions": {"effort": "low", "summary": "none"}},
        "promptConfig": {"promptOptions": {"promptId": "p1", "variables": '{"x": 1}'}},
        "conversationId": "conv_1",
    }
    tools = {"webSearch": {"country": "DE"}, "codeInterpreter": True}
    api.run(NEWER, 2.1, responses({"content": "q"}, options=options, builtInTools=tools))
    body = api.body
    assert body["max_output_tokens"] == 9
    assert body["truncation"] == "auto"
    assert body["metadata"] == {"a": "b"}
    assert body["reasoning"] == {"effort": "low"}
    assert body["prompt"] == {"id": "p1", "variables": {"x": 1}}
    assert body["conversation"] == "conv_1"
    place = {"type": "approximate", "country": "DE"}
    assert body["tools"] == [
        {"type": "web_search", "search_context_size": "medium", "user_location": place},
        {"type": "code_interpreter", "container": {"type": "auto"}},
    ]


def test_an_option_that_is_no_json() -> None:
    given = responses({"content": "q"}, options={"metadata": "{bad"})
    with pytest.raises(NodeError, match="Failed to parse metadata"):
        OpenAi().run(NEWER, 2.1, given)


def test_a_response_made_in_the_background_is_waited_for() -> None:
    api = OpenAi({**RESPONSE, "status": "queued", "output": []}, RESPONSE)
    options = {"backgroundMode": {"values": {"enabled": True, "timeout": 30}}}
    given = responses({"content": "q"}, options=options)
    items = api.run(NEWER, 2.1, given, now="2024-01-01T00:00:00Z")
    assert api.url == "https://api.openai.com/v1/responses/resp_1"
    assert items[0].json == {"output": [MESSAGE]}


def test_speech_is_written_down() -> None:
    api = OpenAi({"text": "hi"})
    file = {"data": "aGVsbG8=", "mimeType": "audio/mpeg", "fileName": "h.mp3"}
    given = {"resource": "audio", "operation": "transcribe", "options": {"language": "en"}}
    items = run_node(
        NEWER,
        given,
        [{"json": {}, "binary": {"data": file}}],
        version=1.8,
        http=Mocks([api]),
        credentials=CREDENTIALS,
    )[0]
    content = api.requests[0].content
    assert b'name="model"\r\n\r\nwhisper-1' in content
    assert b'name="language"\r\n\r\nen' in content
    assert b'name="file"; filename="h.mp3"' in content
    assert items[0].json == {"text": "hi"}


# Dialects


def dialect(type: str, parameters: dict[str, Any], version: float | None = None) -> NodeSpec:
    spec: dict[str, Any] = {"name": "OpenAI", "type": type, "parameters": parameters}
    if version is not None:
        spec["typeVersion"] = version
    return repair_parameters(NodeSpec.model_validate(spec))[0]


@pytest.mark.parametrize(
    "written",
    [{"values": [{"content": "q"}]}, [{"content": "q"}], {"messages": [{"content": "q"}]}],
)
@pytest.mark.parametrize("version", [None, 1])
def test_messages_are_understood(written: Any, version: float | None) -> None:
    parameters = {"resource": "chat", "operation": "create", "model": "gpt-4", "messages": written}
    spec = dialect(OLDER, parameters, version)
    api = OpenAi(CHAT)
    items = api.run(OLDER, spec.type_version, spec.parameters)
    assert api.body == {"model": "gpt-4", "messages": [{"role": "user", "content": "q"}]}
    assert items[0].json == CHAT


@pytest.mark.parametrize(("version", "operation"), [(1.8, "message"), (2, "response")])
def test_operations_of_the_api_are_understood(version: float, operation: str) -> None:
    spec = dialect(NEWER, {"resource": "chat", "operation": "create"}, version)
    assert spec.parameters == {"resource": "text", "operation": operation}


def test_what_n8n_writes_stays() -> None:
    written = {"resource": "chat", "prompt": {"messages": [{"content": "q"}]}, "options": {}}
    assert dialect(OLDER, dict(written), 1.1).parameters == written
    assert dialect(NEWER, messages("q"), 1.8).parameters == messages("q")


@pytest.mark.parametrize("type", [OLDER, NEWER])
def test_a_connection_that_is_closed(type: str) -> None:
    def closed(request: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError("closed", request=request)

    given = {**messages("q"), "resource": "chat" if type == OLDER else "text"}
    with pytest.raises(ApiError, match="closed unexpectedly, perhaps it is offline") as raised:
        run_node(type, given, version=1, http=Mocks([closed]), credentials=CREDENTIALS)
    assert raised.value.http_code == "ECONNRESET"
