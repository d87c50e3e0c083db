"""Slack's blocks from the form that v1 of the node has: https://docs.slack.dev/reference/block-kit"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STYLES = {"primary", "danger"}


def from_form(form: Any) -> list[dict[str, Any]]:
    """The blocks of the parameter `blocksUi`."""
    values = form.get("blocksValues") if isinstance(form, Mapping) else None
    return [block(each) for each in values or ()]


def block(form: Mapping[str, Any]) -> dict[str, Any]:
    """A block of actions or a section."""
    kind = form.get("type") or "actions"
    made: dict[str, Any] = {"block_id": form.get("blockId", ""), "type": kind}
    if kind == "actions":
        elements = (form.get("elementsUi") or {}).get("elementsValues")
        return made | ({"elements": [button(each) for each in elements]} if elements else {})
    if (form.get("textUi") or {}).get("textValue"):
        made["text"] = text(form["textUi"]["textValue"])
    elif not (form.get("fieldsUi") or {}).get("fieldsValues"):
        made["text"] = {}
    if fields := (form.get("fieldsUi") or {}).get("fieldsValues"):
        made["fields"] = [text(each) for each in fields]
    if accessory := (form.get("accessoryUi") or {}).get("accessoriesValues"):
        made["accessory"] = button(accessory, accessory=True)
    return made


def text(form: Mapping[str, Any]) -> dict[str, Any]:
    """A text, plain or in Slack's markdown."""
    said = form.get("text", "")
    if form.get("type") == "plainText":
        return {"type": "plain_text", "text": said, "emoji": form.get("emoji", False)}
    return {"type": "mrkdwn", "text": said}


def button(form: Mapping[str, Any], *, accessory: bool = False) -> dict[str, Any]:
    """A button."""
    made: dict[str, Any] = {} if accessory else {"action_id": form.get("actionId", "")}
    made["type"] = form.get("type") or "button"
    made["text"] = _plain(form)
    made |= {key: form[key] for key in ("url", "value") if form.get(key)}
    if form.get("style") in STYLES:
        made["style"] = form["style"]
    if confirm := (form.get("confirmUi") or {}).get("confirmValue"):
        made["confirm"] = confirmation(confirm)
    return made


def confirmation(form: Mapping[str, Any]) -> dict[str, Any]:
    """What asks whether the button was meant."""
    made: dict[str, Any] = {}
    for key, outer, inner in (
        ("title", "titleUi", "titleValue"),
        ("text", "textUi", "textValue"),
        ("confirm", "confirmTextUi", "confirmValue"),
        ("deny", "denyUi", "denyValue"),
    ):
        if values := (form.get(outer) or {}).get(inner):
            made[key] = _plain(values)
    if form.get("style") in STYLES:
        made["style"] = form["style"]
    return made


def _plain(form: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "plain_text", "text": form.get("text", ""), "emoji": form.get("emoji", False)}
