"""
Webhooks: which node a request is for, the item it becomes, and what the caller gets back.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.webhook/
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from n8nlite.binary import decoded
from n8nlite.context import Request, Response
from n8nlite.errors import NodeError
from n8nlite.node import Item
from n8nlite.paths import get_path
from n8nlite.request_body import read_body as read_body
from n8nlite.workflow import NodeSpec, Workflow

if TYPE_CHECKING:
    from n8nlite.context import Context
    from n8nlite.execution import Execution
    from n8nlite.result import Result

TYPE = "n8n-nodes-base.webhook"
RESPOND = "n8n-nodes-base.respondToWebhook"
JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"

_PREFIX = re.compile(r"/*(?:webhook|webhook-test)/(?=.)")
_BOTS = re.compile(
    r"bot\b|crawl|spider|slurp|facebookexternalhit|whatsapp|preview|headless|lighthouse", re.I
)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*\Z")
_OF_CONNECTION = frozenset(
    (
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te"),
        *("trailer", "transfer-encoding", "upgrade"),
    )
)
_INACTIVE = (
    "The workflow must be active for a production URL to run successfully. You can activate the "
    "workflow using the toggle in the top-right of the editor. Note that unlike test URL calls, "
    "production URL calls aren't shown on the canvas (only in the executions list)"
)


def find(workflow: Workflow, method: str, path: str) -> tuple[NodeSpec, dict[str, str]] | None:
    """
    The webhook node for a request, and the values of the `:name` parts of its path; None if there
    is none. n8n's `/webhook/` before the path is optional, and so is the webhook's id, which n8n
    puts before paths that have such parts.
    """
    for spec in _webhooks(workflow):
        if method.upper() in _methods(spec):
            params = _params(spec, _trimmed(path))
            if params is not None:
                return spec, params
    return None


def not_registered(method: str, path: str, workflow: Workflow | None = None) -> Response:
    """What n8n answers where no webhook is for the request."""
    others = [
        each
        for spec in (_webhooks(workflow) if workflow else ())
        if _params(spec, _trimmed(path)) is not None
        for each in _methods(spec)
    ]
    if others:
        *first, last = sorted(set(others))
        meant = f"{', '.join(first)} or {last}" if first else last
        message = f"This webhook is not registered for {method.upper()} requests."
        message = f"{message} Did you mean to make a {meant} request?"
        return _json(404, {"code": 404, "message": message})
    message = f'The requested webhook "{method.upper()} {_trimmed(path)}" is not registered.'
    return _json(404, {"code": 404, "message": message, "hint": _INACTIVE})


def refusal(execution: Execution, spec: NodeSpec) -> Response | None:
    """
    The answer to a request that starts no run, because it lacks the right to or the workflow is
    not made to answer it; None where all is well.
    """
    request = execution.request or Request()
    return _unfit(execution.workflow, spec) or _unauthorized(execution, spec, request)


def item_for(spec: NodeSpec, request: Request, ctx: Context) -> Item:
    """The item that a request becomes."""
    test = ctx.services.mode == "manual"
    base = ctx.services.setting("WEBHOOK_URL", "http://localhost:5678/").rstrip("/")
    folder = "webhook-test" if test else "webhook"
    return Item(
        {
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "params": dict(request.params),
            "query": dict(request.query),
            "body": request.body,
            "webhookUrl": f"{base}/{folder}/{_address(spec)}",
            "executionMode": "test" if test else "production",
        }
    )


def response_for(spec: NodeSpec, result: Result) -> Response:
    """What the caller of a webhook gets when the run has ended."""
    response = _response_for(spec, result)
    return replace(response, headers=_sendable(response.headers))


def _response_for(spec: NodeSpec, result: Result) -> Response:
    parameters = spec.parameters
    mode = parameters.get("responseMode", "onReceived")
    if mode == "onReceived":
        return _with_options(spec, _started(parameters))
    if result.response is not None:
        return _typed(result.response)
    if not result.ok:
        return _json(500, {"message": "Error in workflow"})
    if mode == "lastNode":
        return _last_node(spec, result)
    return _nothing()


def _webhooks(workflow: Workflow) -> list[NodeSpec]:
    return [spec for spec in workflow.nodes if spec.type == TYPE and not spec.disabled]


def _methods(spec: NodeSpec) -> list[str]:
    methods = spec.parameters.get("httpMethod", "GET")
    return [str(each).upper() for each in (methods if isinstance(methods, list) else [methods])]


def _trimmed(path: str) -> str:
    return unquote(_PREFIX.sub("", path, count=1).strip("/"))


def _path(spec: NodeSpec) -> str:
    return str(spec.parameters.get("path") or spec.webhook_id or "").strip("/")


def _address(spec: NodeSpec) -> str:
    path = _path(spec)
    return f"{spec.webhook_id}/{path}" if ":" in path and spec.webhook_id else path


def _params(spec: NodeSpec, path: str) -> dict[str, str] | None:
    wanted, given = _path(spec).split("/"), path.split("/")
    if ":" in _path(spec) and given[0] == spec.webhook_id:
        given = given[1:]
    if len(wanted) != len(given):
        return None
    params = {}
    for name, value in zip(wanted, given, strict=True):
        if name.startswith(":"):
            params[name[1:]] = value
        elif name != value:
            return None
    return params


def _unfit(workflow: Workflow, spec: NodeSpec) -> Response | None:
    below = workflow.plan.graph.descendants(spec.name)
    responds = any(
        node.type == RESPOND and not node.disabled for node in workflow.nodes if node.name in below
    )
    mode = spec.parameters.get("responseMode", "onReceived")
    if responds and mode in ("onReceived", "lastNode"):
        return _failed("Unused Respond to Webhook node found in the workflow")
    if not responds and mode == "responseNode":
        return _failed("No Respond to Webhook node found in the workflow")
    return None


def _unauthorized(execution: Execution, spec: NodeSpec, request: Request) -> Response | None:
    headers = {name.lower(): value for name, value in request.headers.items()}
    options = spec.parameters.get("options") or {}
    if options.get("ignoreBots") is True and _BOTS.search(headers.get("user-agent", "")):
        return _denied(403, "Authorization data is wrong!")
    kind = spec.parameters.get("authentication", "none")
    credential = {"basicAuth": "httpBasicAuth", "headerAuth": "httpHeaderAuth"}.get(str(kind))
    if kind == "none":
        return None
    if credential is None:
        return _denied(500, f"The authentication {kind} of webhooks is not supported yet")
    try:
        data = execution.credential(spec, credential)
    except NodeError:
        return _denied(500, "No authentication data defined on node!")
    if credential == "httpBasicAuth":
        return _basic(data, headers.get("authorization", ""))
    sent = headers.get(str(data.get("name", "")).lower())
    if sent is None or not _equal(sent, str(data.get("value", ""))):
        return _denied(403, "Authorization data is wrong!")
    return None


def _basic(data: Mapping[str, Any], sent: str) -> Response | None:
    if not sent.lower().startswith("basic "):
        return _denied(401, "Authorization is required!")
    expected = base64.b64encode(f"{data.get('user', '')}:{data.get('password', '')}".encode())
    if not _equal(sent[6:].strip(), expected.decode()):
        return _denied(401, "Authentication data is wrong!")
    return None


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _started(parameters: Mapping[str, Any]) -> Response:
    options = parameters.get("options") or {}
    if options.get("noResponseBody") is True:
        return _nothing()
    if options.get("responseData") not in (None, ""):
        return _typed(Response(body=options["responseData"]))
    return _json(200, {"message": "Workflow was started"})


def _last_node(spec: NodeSpec, result: Result) -> Response:
    runs = result.runs.get(result.last_node or "", ())
    lane = (runs[-1].outputs or [()])[0] if runs else ()
    items: Sequence[Item] = lane or ()
    match spec.parameters.get("responseData", "firstEntryJson"):
        case "noData":
            response = _nothing()
        case "allEntries":
            response = _json(200, [item.json for item in items])
        case "firstEntryBinary":
            response = _first_binary(spec, items)
        case _:
            response = _first_json(spec, items)
    return response if response.status == 500 else _with_options(spec, response)


def _first_json(spec: NodeSpec, items: Sequence[Item]) -> Response:
    if not items:
        return _failed("No item to return was found")
    options = spec.parameters.get("options") or {}
    body: Any = items[0].json
    if name := options.get("responsePropertyName"):
        body = get_path(body, str(name), _MISSING)
        if body is _MISSING:
            return _nothing()
    response = _typed(Response(body=body))
    if body is None:
        response.body, response.headers["content-type"] = b"null", JSON
    if kind := options.get("responseContentType"):
        response.headers["content-type"] = _with_charset(str(kind))
    return response


def _first_binary(spec: NodeSpec, items: Sequence[Item]) -> Response:
    if not items:
        return _failed("No item was found to return")
    binary = items[0].binary
    if not binary:
        return _failed("No binary data was found to return")
    name = str(spec.parameters.get("responseBinaryPropertyName", "data"))
    if name not in binary:
        return _failed(f"The binary property '{name}' which should be returned does not exist")
    data = decoded(binary[name])
    kind = str(binary[name].get("mimeType", "application/octet-stream"))
    return Response(200, {"content-type": kind}, data)


def _sendable(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that can be sent, without those of the connection; n8n drops the others too."""
    return {
        name: value
        for name, value in headers.items()
        if _TOKEN.match(name) and _VALUE.match(value) and name.lower() not in _OF_CONNECTION
    }


def _with_options(spec: NodeSpec, response: Response) -> Response:
    """The response with the status and the headers that the webhook node sets."""
    options = spec.parameters.get("options") or {}
    code: Any = spec.parameters.get("responseCode")
    if spec.type_version >= 2:
        values = (options.get("responseCode") or {}).get("values") or {}
        code = values.get("responseCode")
        code = values.get("customCode") if code == "customCode" else code
    if isinstance(code, (int, float)) and not isinstance(code, bool):
        response.status = int(code)
    for entry in (options.get("responseHeaders") or {}).get("entries") or ():
        name, value = str(entry.get("name", "")).lower(), str(entry.get("value", ""))
        response.headers[name] = _with_charset(value) if name == "content-type" else value
    return response


def _typed(response: Response) -> Response:
    """The response with a content type that fits its body, where it has none."""
    headers = dict(response.headers)
    body = response.body
    if "content-type" not in headers:
        headers["content-type"] = HTML if isinstance(body, str) else JSON
    elif not isinstance(body, bytes):
        headers["content-type"] = _with_charset(headers["content-type"])
    return Response(response.status, headers, body)


def _with_charset(kind: str) -> str:
    return kind if "charset" in kind else f"{kind}; charset=utf-8"


def _json(status: int, body: Any) -> Response:
    return Response(status, {"content-type": JSON}, body)


def _failed(message: str) -> Response:
    return _json(500, {"code": 0, "message": message})


def _denied(status: int, message: str) -> Response:
    headers = {"content-type": HTML, "www-authenticate": 'Basic realm="Webhook"'}
    return Response(status, headers, message)


def _nothing() -> Response:
    return Response(200, {"content-type": JSON}, None)


_MISSING: Any = object()
