"""Slack channels: https://docs.slack.dev/apis/web-api/using-the-conversations-api/"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from n8nlite.node import Item
from n8nlite_nodes._slack_api import (
    NEW,
    OLD,
    Channel,
    SlackNode,
    Text,
    User,
    given,
    items,
    joined,
    operation,
    span,
)

if TYPE_CHECKING:
    from n8nlite.context import Context


class OneChannel(SlackNode):
    """Base of what is done to a channel; `key` is the part of the answer that n8n gives."""

    method: ClassVar[str]
    key: ClassVar[str | None] = None
    channel_id: Channel = ""

    def body(self) -> dict[str, Any]:
        """What is sent besides the channel."""
        return {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        reply = self.slack(ctx).post(self.method, {"channel": self.channel_id, **self.body()})
        yield from items(reply if self.key is None else reply.get(self.key))


class ArchiveChannel(OneChannel, **operation("channel", "archive")):
    """Archive a channel."""

    method = "conversations.archive"


class UnarchiveChannel(OneChannel, **operation("channel", "unarchive")):
    """Take a channel out of the archive."""

    method = "conversations.unarchive"


class CloseChannel(OneChannel, **operation("channel", "close")):
    """Close a direct message."""

    method = "conversations.close"


class LeaveChannel(OneChannel, **operation("channel", "leave")):
    """Leave a channel."""

    method = "conversations.leave"


class JoinChannel(OneChannel, **operation("channel", "join")):
    """Join a channel."""

    method = "conversations.join"
    key = "channel"


class InviteToChannel(OneChannel, **operation("channel", "invite")):
    """Invite users to a channel."""

    method = "conversations.invite"
    key = "channel"
    user_ids: Any = []

    def body(self) -> dict[str, Any]:
        return {"users": joined(self.user_ids)}


class KickFromChannel(OneChannel, **operation("channel", "kick")):
    """Remove a user from a channel."""

    method = "conversations.kick"
    user_id: User = ""

    def body(self) -> dict[str, Any]:
        return {"user": self.user_id}


class RenameChannel(OneChannel, **operation("channel", "rename")):
    """Rename a channel."""

    method = "conversations.rename"
    key = "channel"
    name: str = ""

    def body(self) -> dict[str, Any]:
        return {"name": self.name}


class SetChannelPurpose(OneChannel, **operation("channel", "setPurpose")):
    """Say what a channel is for."""

    method = "conversations.setPurpose"
    key = "channel"
    purpose: str = ""

    def body(self) -> dict[str, Any]:
        return {"purpose": self.purpose}


class SetChannelTopic(OneChannel, **operation("channel", "setTopic")):
    """Set a channel's topic."""

    method = "conversations.setTopic"
    key = "channel"
    topic: str = ""

    def body(self) -> dict[str, Any]:
        return {"topic": self.topic}


class CreateChannel(SlackNode, **operation("channel", "create", NEW, default=True)):
    """Create a channel."""

    channel_id: Channel = ""
    channel_visibility: str = "public"

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = {"name": self.channel_id, "is_private": self.channel_visibility == "private"}
        yield from items(self.slack(ctx).post("conversations.create", body).get("channel"))


class CreateChannelV1(SlackNode, **operation("channel", "create", OLD, default=True)):
    """Create a channel (v1)."""

    channel_id: Channel = ""
    additional_fields: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = {"name": self.channel_id}
        if self.additional_fields.get("isPrivate"):
            body["is_private"] = True
        yield from items(self.slack(ctx).post("conversations.create", body).get("channel"))


class GetChannel(SlackNode, **operation("channel", "get")):
    """A channel's properties."""

    channel_id: Channel = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        query = {"channel": self.channel_id}
        yield from items(self.slack(ctx).get("conversations.info", query, "POST").get("channel"))


class OpenChannel(SlackNode, **operation("channel", "open")):
    """Open a direct message."""

    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = given(self.options, channel="channelId", return_im="returnIm")
        if self.options.get("users"):
            body["users"] = joined(self.options["users"])
        yield from items(self.slack(ctx).post("conversations.open", body).get("channel"))


class Several(SlackNode):
    """Base of what gives many entries."""

    return_all: bool = False
    limit: float = 50
    filters: dict[str, Any] = {}

    @property
    def most(self) -> float | None:
        """How many entries are wanted; None: all."""
        return None if self.return_all else self.limit


class GetChannels(Several, **operation("channel", "getAll")):
    """The channels of a workspace."""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        query = {"types": joined(self.filters["types"])} if "types" in self.filters else {}
        query |= given(self.filters, exclude_archived="excludeArchived")
        yield from items(self.slack(ctx).many("conversations.list", "channels", query, self.most))


class GetChannelHistory(Several, **operation("channel", "history")):
    """The messages of a channel."""

    channel_id: Channel = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        query = {"channel": self.channel_id, **span(self.filters)}
        method = "conversations.history"
        yield from items(self.slack(ctx).many(method, "messages", query, self.most))


class GetReplies(Several, **operation("channel", "replies")):
    """The messages of a thread."""

    channel_id: Channel = ""
    ts: Text = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        query = {"channel": self.channel_id, "ts": self.ts, **span(self.filters)}
        method = "conversations.replies"
        yield from items(self.slack(ctx).many(method, "messages", query, self.most))


class GetMembers(Several, **operation("channel", "member")):
    """The users in a channel."""

    channel_id: Channel = ""
    limit: float = 100
    resolve_data: bool = False

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        slack = self.slack(ctx)
        query = {"channel": self.channel_id}
        members = slack.many("conversations.members", "members", query, self.most) or []
        for member in members:
            if self.resolve_data:
                yield from items(slack.get("users.info", {"user": member}).get("user"))
            else:
                yield Item({"member": member})
