"""Slack messages, since v2: https://docs.n8n.io/integrations/builtin/app-nodes/n8n-nodes-base.slack/"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from n8nlite import javascript
from n8nlite.errors import NodeError
from n8nlite.node import Item
from n8nlite_expressions import UNDEFINED
from n8nlite_nodes import _slack_content as content
from n8nlite_nodes._slack_api import (
    ALL,
    NEW,
    Channel,
    SlackNode,
    Text,
    User,
    epoch,
    given,
    items,
    joined,
    operation,
    span,
)
from n8nlite_nodes._slack_dialect import repair

if TYPE_CHECKING:
    from n8nlite.context import Context

SEARCHED_BY_ASSISTANT = tuple(version for version in NEW if version >= 2.7)
SEARCHED = tuple(version for version in NEW if version < 2.7)
SORTS = {
    "desc": {"sort": "timestamp", "sort_dir": "desc"},
    "asc": {"sort": "timestamp", "sort_dir": "asc"},
    "relevance": {"sort": "score", "sort_dir": "desc"},
}
MOST_AT_ONCE = 20
"""How many messages one call of the newer search gives at most."""


class Message(SlackNode):
    """Base of what sends a message: to whom, and what it says."""

    select: str = ""
    channel_id: Channel = ""
    user: Any = ""
    message_type: str = "text"
    text: Any = ""
    blocks_ui: Any = ""
    attachments: list[dict[str, Any]] | dict[str, Any] = []
    other_options: dict[str, Any] = {}

    @classmethod
    def repair(cls, parameters: dict[str, Any], version: float) -> list[str]:
        return repair(parameters, version)

    @property
    def target(self) -> Any:
        """The channel, or the user to write to."""
        return user_target(self.user) if self.select == "user" else self.channel_id

    def line(self, ctx: Context) -> str | None:
        """The attribution, unless it is switched off."""
        if self.other_options.get("includeLinkToWorkflow", True):
            return content.attribution(ctx)
        return None

    def content(self, ctx: Context) -> dict[str, Any]:
        """What the message says."""
        line = self.line(ctx)
        undefined = "text" in ctx.spec.parameters and "text" not in self.model_fields_set
        text = UNDEFINED if undefined else self.text
        if self.message_type == "block":
            return content.block_content(self.blocks_ui, text, line)
        if self.message_type == "attachment":
            return content.attachment_content(self.attachments, line)
        return content.text_content(text, line)

    def options(self) -> dict[str, Any]:
        """How it is sent."""
        by_token = self.authentication == "accessToken"
        return content.options(self.other_options, signed_in_by_token=by_token)


class PostMessage(Message, **operation("message", "post", NEW, default=True)):
    """Send a message to a channel or a user."""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = {"channel": self.target, **self.content(ctx), **self.options()}
        only_for = self._only_for()
        method = "chat.postMessage" if only_for is None else "chat.postEphemeral"
        if only_for is not None:
            body["user"] = only_for
        yield from items(self.slack(ctx).post(method, body))

    def _only_for(self) -> Any:
        """The user that alone sees the message; None: everybody in the channel does."""
        wanted = self.other_options.get("ephemeral")
        if self.select == "user":
            return self.target if wanted else None
        values = wanted.get("ephemeralValues") if isinstance(wanted, Mapping) else None
        if not values or not values.get("ephemeral", True):
            return None
        user = values.get("user")
        return user.get("value") if isinstance(user, Mapping) else user


class ScheduleMessage(Message, **operation("message", "schedule", NEW)):
    """Send a message later."""

    post_at: Any = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = {
            "channel": self.target,
            "post_at": epoch(self.post_at),
            **self.content(ctx),
            **self.options(),
        }
        yield from items(self.slack(ctx).post("chat.scheduleMessage", body))


class UpdateMessage(Message, **operation("message", "update", NEW)):
    """Change a message."""

    ts: Text = ""
    update_fields: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        if self.message_type == "attachment":
            raise NodeError('Could not get parameter "attachments"')
        body = {
            "channel": self.channel_id,
            "ts": self.ts,
            **self.content(ctx),
            **given(self.update_fields, "link_names", "parse"),
        }
        yield from items(self.slack(ctx).post("chat.update", body))


class DeleteMessage(SlackNode, **operation("message", "delete", NEW)):
    """Delete a message."""

    select: str = ""
    channel_id: Channel = ""
    user: User = ""
    timestamp: Text = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        channel = self.user if self.select == "user" else self.channel_id
        body = {"channel": channel, "ts": self.timestamp}
        yield from items(self.slack(ctx).post("chat.delete", body))


class GetPermalink(SlackNode, **operation("message", "getPermalink", ALL)):
    """The URL of a message."""

    channel_id: Channel = ""
    timestamp: Text = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        query = {"channel": self.channel_id, "message_ts": self.timestamp}
        yield from items(self.slack(ctx).get("chat.getPermalink", query))


class GetScheduledMessages(SlackNode, **operation("message", "getManyScheduled", NEW)):
    """The messages that are yet to be sent."""

    return_all: bool = False
    limit: float = 50
    filters: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        channel = self.filters.get("channelId")
        if isinstance(channel, Mapping):
            channel = channel.get("value")
        query = ({"channel": channel} if channel else {}) | span(self.filters)
        limit = None if self.return_all else self.limit
        method, key = "chat.scheduledMessages.list", "scheduled_messages"
        yield from items(self.slack(ctx).many(method, key, query, limit))


class DeleteScheduledMessage(SlackNode, **operation("message", "deleteScheduled", NEW)):
    """Do not send a scheduled message."""

    channel_id: Channel = ""
    scheduled_message_id: str = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = {"channel": self.channel_id, "scheduled_message_id": self.scheduled_message_id}
        yield from items(self.slack(ctx).post("chat.deleteScheduledMessage", body))


class SearchMessages(SlackNode, **operation("message", "search", SEARCHED)):
    """Find messages."""

    query: str = ""
    sort: str = "desc"
    return_all: bool = False
    limit: float = 25
    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        query = {"query": in_channels(self.query, self.options), **SORTS[self.sort]}
        slack = self.slack(ctx)
        if self.return_all:
            yield from items(list(slack.pages("search.messages", "messages.matches", query)))
            return
        reply = slack.get("search.messages", {**query, "count": self.limit}, "POST")
        yield from items((reply.get("messages") or {}).get("matches"))


class SearchMessagesByAssistant(SlackNode, **operation("message", "search", SEARCHED_BY_ASSISTANT)):
    """Find messages, with Slack's newer search."""

    query: str = ""
    sort: str = "desc"
    limit: int = 25
    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = self._body()
        slack, left, cursor = self.slack(ctx), self.limit, ""
        while left > 0:
            more = {"limit": min(left, MOST_AT_ONCE)} | ({"cursor": cursor} if cursor else {})
            reply = slack.post("assistant.search.context", body | more)
            found = (reply.get("results") or {}).get("messages") or []
            yield from items(found)
            left -= len(found)
            cursor = (reply.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor or not found:
                return

    def _body(self) -> dict[str, Any]:
        flags = given(
            self.options,
            disable_semantic_search="keywordSearchOnly",
            include_archived_channels="includeArchivedChannels",
            include_bots="includeBots",
            include_message_blocks="includeMessageBlocks",
            channel_types="channelTypes",
        )
        ends = [key for key in ("after", "before") if key in self.options]
        dates: dict[str, Any] = {key: epoch(self.options[key]) for key in ends}
        return {
            "query": in_channels(self.query, self.options),
            "content_types": ["messages"],
            **SORTS[self.sort],
            **flags,
            **dates,
        }


def user_target(user: Any) -> Any:
    """Whom a message to a user goes to: an id, or `@name`."""
    if not isinstance(user, Mapping):
        return user
    value = user.get("value")
    if user.get("mode") != "username" or value is None:
        return value
    name = javascript.text(value)
    return name if name.startswith("@") else f"@{name}"


def in_channels(query: str, options: Mapping[str, Any]) -> str:
    """A search within some channels only."""
    names = joined(options.get("searchChannel"))
    return query + "".join(f" in:{name}" for name in names.split(",") if name)
