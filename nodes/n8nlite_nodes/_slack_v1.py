"""Slack messages in v1 of the node."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from n8nlite.errors import NodeError
from n8nlite.node import Item
from n8nlite_nodes import _slack_blocks as blocks
from n8nlite_nodes._slack_api import OLD, Channel, SlackNode, Text, given, items, operation
from n8nlite_nodes._slack_content import attachment
from n8nlite_nodes._slack_dialect import repair

if TYPE_CHECKING:
    from n8nlite.context import Context

OPTIONS = (
    *("icon_emoji", "icon_url", "link_names", "thread_ts", "mrkdwn", "reply_broadcast"),
    *("unfurl_links", "unfurl_media"),
)


class OldMessage(SlackNode):
    """Base of what sends a message: what it says, by form or as JSON."""

    text: Any = ""
    json_parameters: bool = False
    attachments: list[dict[str, Any]] = []
    attachments_json: Any = ""
    blocks_ui: Any = {}
    blocks_json: Any = ""

    @classmethod
    def repair(cls, parameters: dict[str, Any], version: float) -> list[str]:
        return repair(parameters, version)

    def content(self) -> dict[str, Any]:
        """Text, attachments and blocks."""
        if not self.json_parameters:
            made = blocks.from_form(self.blocks_ui)
            attachments = [attachment(each) for each in self.attachments or ()]
            content = {"text": self.text, "attachments": attachments}
            return content | ({"blocks": made} if made else {})
        content = {"text": self.text}
        for key, value, name in (
            ("attachments", self.attachments_json, "Attachments"),
            ("blocks", self.blocks_json, "Blocks"),
        ):
            if value != "":
                _check(value, name)
                content[key] = value
        return content


class PostMessageV1(OldMessage, **operation("message", "post", OLD, default=True)):
    """Send a message to a channel (v1)."""

    channel: Channel = ""
    other_options: dict[str, Any] = {}

    def body(self) -> dict[str, Any]:
        """The request's body."""
        body = {"channel": self.channel, **self.content(), **given(self.other_options, *OPTIONS)}
        sender = self.other_options.get("sendAsUser")
        if sender and self.authentication == "accessToken":
            body |= {"username": sender, "sendAsUser": sender}
        return body

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        yield from items(self.slack(ctx).post("chat.postMessage", self.body()))


class PostEphemeral(PostMessageV1, **operation("message", "postEphemeral", OLD)):
    """Send a message that only one user sees (v1)."""

    user: Text = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = {**self.body(), "user": self.user}
        yield from items(self.slack(ctx).post("chat.postEphemeral", body))


class UpdateMessageV1(OldMessage, **operation("message", "update", OLD)):
    """Change a message (v1)."""

    channel_id: Channel = ""
    ts: Text = ""
    update_fields: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = {
            "channel": self.channel_id,
            "ts": self.ts,
            **self.content(),
            **given(self.update_fields, "link_names", "parse"),
        }
        yield from items(self.slack(ctx).post("chat.update", body))


class DeleteMessageV1(SlackNode, **operation("message", "delete", OLD)):
    """Delete a message (v1)."""

    channel_id: Channel = ""
    timestamp: Text = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = {"channel": self.channel_id, "ts": self.timestamp}
        yield from items(self.slack(ctx).post("chat.delete", body))


def _check(value: Any, name: str) -> None:
    if isinstance(value, Mapping | list):
        return
    try:
        json.loads(value)
    except (TypeError, ValueError):
        raise NodeError(f"{name} it is not a valid json") from None
