"""Requests to a URL prefix, answered in-process by the webhook of another local workflow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import httpx

from n8nlite import engine, jsontext, query_string, webhooks
from n8nlite.context import Request, Response
from n8nlite.errors import InputError
from n8nlite.execution import Execution, Settings
from n8nlite.plan import Plan
from n8nlite.workflow import Workflow

Handler = Callable[[httpx.Request], httpx.Response]


def handler(workflow: Workflow, prefix: str, settings: Settings) -> Handler:
    """
    Who answers requests whose URL begins with `prefix`: the workflow's webhook for the path that
    follows, with or without n8n's `/webhook/` before it.
    """

    def answer(request: httpx.Request) -> httpx.Response:
        url = str(request.url)
        path = "/" + url.removeprefix(prefix).partition("?")[0].lstrip("/")
        found = webhooks.find(workflow, request.method, path)
        if found is None:
            return _response(webhooks.not_registered(request.method, path, workflow))
        spec, params = found
        try:
            body = webhooks.read_body(request.content, request.headers.get("content-type", ""))
        except InputError as error:
            return _response(Response(422, body={"code": 422, "message": str(error)}))
        asked = Request(
            method=request.method,
            path=path,
            headers=dict(request.headers),
            params=params,
            query=query_string.parse(request.url.query.decode()),
            body=body,
            url=url,
        )
        execution = Execution(
            Plan.of(workflow), replace(settings, mode="webhook"), request=asked, use_pins=False
        )
        refused = webhooks.refusal(execution, spec)
        if refused is not None:
            return _response(refused)
        result = engine.run(execution, start=spec.name)
        return _response(webhooks.response_for(spec, result))

    return answer


def _response(answer: Response) -> httpx.Response:
    body = answer.body
    if body is None:
        content = b""
    elif isinstance(body, bytes | str):
        content = body.encode() if isinstance(body, str) else body
    else:
        content = jsontext.dumps(body)
    headers = [(name.encode(), value.encode("latin-1")) for name, value in answer.headers.items()]
    return httpx.Response(answer.status, headers=headers, content=content)
