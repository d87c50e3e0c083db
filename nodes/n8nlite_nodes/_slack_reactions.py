"""Slack reactions and stars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from n8nlite.node import Item
from n8nlite_nodes._slack_api import (
    BASE,
    NEW,
    OLD,
    Channel,
    SlackNode,
    Text,
    given,
    items,
    operation,
)

if TYPE_CHECKING:
    from n8nlite.context import Context


class AddReaction(SlackNode, **operation("reaction", "add", default=True)):
    """React to a message."""

    channel_id: Channel = ""
    timestamp: Text = ""
    name: str = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = {"channel": self.channel_id, "name": self.name, "timestamp": self.timestamp}
        yield from items(self.slack(ctx).post("reactions.add", body))


class RemoveReaction(SlackNode, **operation("reaction", "remove")):
    """Take a reaction back."""

    channel_id: Channel = ""
    timestamp: Text = ""
    name: str = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = {"channel": self.channel_id, "name": self.name, "timestamp": self.timestamp}
        yield from items(self.slack(ctx).post("reactions.remove", body))


class GetReactions(SlackNode, **operation("reaction", "get")):
    """The reactions to a message."""

    channel_id: Channel = ""
    timestamp: Text = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        query = {"channel": self.channel_id, "timestamp": self.timestamp}
        yield from items(self.slack(ctx).get("reactions.get", query))


# Stars: the SDK warns of them as things of the past, so they go out without it


class AddStar(SlackNode, **operation("star", "add", NEW, default=True)):
    """Star a message or a file."""

    target: str = ""
    channel_id: Channel = ""
    file_id: str = ""
    timestamp: Text = ""
    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body: dict[str, Any] = {"channel": self.channel_id}
        if self.target == "message":
            body["timestamp"] = self.timestamp
        if self.target == "file":
            body["file"] = self.file_id
        body |= given(self.options, file_comment="fileComment")
        yield from items(self.slack(ctx).send("POST", f"{BASE}stars.add", json=body))


class AddStarV1(SlackNode, **operation("star", "add", OLD, default=True)):
    """Star a message or a file (v1)."""

    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = starred(self.options)
        yield from items(self.slack(ctx).send("POST", f"{BASE}stars.add", json=body))


class DeleteStar(SlackNode, **operation("star", "delete")):
    """Take a star away."""

    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = starred(self.options)
        yield from items(self.slack(ctx).send("POST", f"{BASE}stars.remove", json=body))


class GetStars(SlackNode, **operation("star", "getAll")):
    """What has a star."""

    return_all: bool = False
    limit: float = 50

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        limit = None if self.return_all else self.limit
        yield from items(self.slack(ctx).many("stars.list", "items", {}, limit))


def starred(options: dict[str, Any]) -> dict[str, Any]:
    """What a star is on."""
    return given(
        options, "timestamp", channel="channelId", file="fileId", file_comment="fileComment"
    )
