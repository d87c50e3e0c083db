"""What a Slack message says: text, blocks, attachments, and the line that n8n adds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from n8nlite import javascript
from n8nlite.errors import NodeError
from n8nlite_expressions import UNDEFINED
from n8nlite_nodes._http_body import as_object, explain
from n8nlite_nodes._slack_api import TYPE, given

if TYPE_CHECKING:
    from n8nlite.context import Context


def attribution(ctx: Context) -> str:
    """The line under a message that says which workflow sent it."""
    setting = ctx.services.setting
    base = setting("N8N_EDITOR_BASE_URL", "") or setting("WEBHOOK_URL", "http://localhost:5678/")
    campaign = f"utm_source=n8n-internal&utm_medium=powered_by&utm_campaign={TYPE}"
    link = f"{base.rstrip('/')}/workflow/{ctx.workflow.id or ''}?{campaign}"
    return f"_Automated with this <{link}|n8n workflow>_"


def text_content(text: Any, line: str | None) -> dict[str, Any]:
    """A message of text, with a line of attribution below."""
    if line is not None:
        return {"text": f"{javascript.text(text)}\n{line}"}
    return {} if text is UNDEFINED else {"text": text}


def block_content(blocks: Any, text: Any, line: str | None) -> dict[str, Any]:
    """A message of blocks: `{"blocks": [...]}` as JSON text or data."""
    content = as_object(parsed(blocks, "blocksUi"))
    if line is not None and isinstance(content.get("blocks"), list):
        section = {"type": "section", "text": {"type": "mrkdwn", "text": line}}
        content["blocks"] = [*content["blocks"], section]
    return content | ({"text": text} if javascript.truthy(text) else {})


def attachment_content(attachments: Any, line: str | None) -> dict[str, Any]:
    """A message of attachments, as n8n's form gives them."""
    if isinstance(attachments, Mapping):
        raise NodeError("attachmentsUI is not iterable")
    found = [attachment(each) for each in attachments or ()]
    return {"attachments": found if line is None else [*found, {"text": line}]}


def attachment(values: Mapping[str, Any]) -> dict[str, Any]:
    """An attachment as Slack has it: its fields are a list."""
    made = dict(values)
    if "fields" in made:
        fields = made.pop("fields")
        if isinstance(fields, Mapping) and fields.get("item"):
            made["fields"] = fields["item"]
    return made


def options(values: Mapping[str, Any], *, signed_in_by_token: bool) -> dict[str, Any]:
    """The options of a message (since v2) as Slack has them."""
    body: dict[str, Any] = {}
    if signed_in_by_token and values.get("sendAsUser"):
        body |= {"sendAsUser": values["sendAsUser"], "username": values["sendAsUser"]}
    if thread := as_object(values.get("thread_ts")).get("replyValues"):
        body["thread_ts"] = javascript.text(thread.get("thread_ts"))
        body["reply_broadcast"] = thread.get("reply_broadcast", False)
    profile = as_object(as_object(values.get("botProfile")).get("imageValues"))
    if profile.get("profilePhotoType") == "image":
        body |= given(profile, "icon_url")
    if profile.get("profilePhotoType") == "emoji":
        body |= given(profile, "icon_emoji")
    plain = ("includeLinkToWorkflow", "link_names", "mrkdwn", "unfurl_links", "unfurl_media")
    return body | given(values, *plain)


def parsed(value: Any, parameter: str) -> Any:
    """The data of a parameter that may be JSON text. Raises NodeError when that is none."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise NodeError(
            f"Parameter '{parameter}' could not be parsed",
            description=explain(value, error),
            name="ExpressionError",
        ) from None
