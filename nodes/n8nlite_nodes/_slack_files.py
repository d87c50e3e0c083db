"""Slack files: https://docs.slack.dev/messaging/working-with-files/"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from n8nlite.errors import NodeError
from n8nlite.node import Item
from n8nlite_nodes._http_body import (
    Body,
    Part,
    file_part,
    form_body,
    multipart_body,
    text_part,
)
from n8nlite_nodes._slack_api import (
    BASE,
    NEW,
    OLD,
    Slack,
    SlackNode,
    Text,
    given,
    items,
    joined,
    operation,
)

if TYPE_CHECKING:
    from n8nlite.context import Context

BEFORE_URLS = (*OLD, 2, 2.1)
"""Versions that send a file to files.upload."""

BY_URL = tuple(version for version in NEW if version >= 2.2)
"""Versions that ask for a URL to send the file to."""


class UploadFile(SlackNode, **operation("file", "upload", BY_URL, default=True)):
    """Send a file."""

    binary_property_name: str = "data"
    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        slack = self.slack(ctx)
        part = _file(ctx, item, self.binary_property_name)
        name = self.options.get("fileName") or part.file_name
        query = {"filename": name, "length": len(part.content)}
        place = slack.get("files.getUploadURLExternal", query)
        self._send(slack, place["upload_url"], part)
        title = self.options.get("title") or part.file_name
        body = given(
            self.options,
            channel_id="channelId",
            initial_comment="initialComment",
            thread_ts="threadTs",
        )
        body["files"] = [{"id": place["file_id"], "title": title}]
        yield from items(slack.post("files.completeUploadExternal", body).get("files"))

    def _send(self, slack: Slack, url: str, part: Part) -> None:
        body = multipart_body([part])
        slack.upload(url, content=body.content, headers=_type_of(body))


class UploadFileInOne(SlackNode, **operation("file", "upload", BEFORE_URLS, default=True)):
    """Send a file or a text (before v2.2)."""

    binary_data: bool = False
    file_content: str = ""
    binary_property_name: str = "data"
    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        fields = given(
            self.options, initial_comment="initialComment", thread_ts="threadTs", title="title"
        )
        if self.version < 2:
            fields = {**given(self.options, filename="fileName"), **fields}
        if channels := self.options.get("channelIds"):
            fields = {"channels": joined(channels), **fields}
        if self.binary_data:
            parts = [text_part(name, value) for name, value in fields.items()]
            body = multipart_body([*parts, _file(ctx, item, self.binary_property_name)])
        else:
            body = form_body({**fields, "content": self.file_content})
        url, slack = f"{BASE}files.upload", self.slack(ctx)
        reply = slack.send("POST", url, content=body.content, headers=_type_of(body))
        yield from items(reply.get("file"))


class GetFile(SlackNode, **operation("file", "get")):
    """A file's properties."""

    file_id: Text = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        yield from items(self.slack(ctx).get("files.info", {"file": self.file_id}).get("file"))


class GetFiles(SlackNode, **operation("file", "getAll")):
    """The files of a workspace."""

    return_all: bool = False
    limit: float = 50
    filters: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        query = given(
            self.filters,
            channel="channelId",
            show_files_hidden_by_limit="showFilesHidden",
            ts_from="tsFrom",
            ts_to="tsTo",
            user="userId",
        )
        if types := self.filters.get("types"):
            query["types"] = joined(types)
        limit = None if self.return_all else self.limit
        yield from items(self.slack(ctx).many("files.list", "files", query, limit, "count"))


def _file(ctx: Context, item: Item, name: str) -> Part:
    if name not in (item.binary or {}):
        raise NodeError(
            f"The item has no binary field '{name}'",
            description="Check that the parameter where you specified the input binary field name "
            "is correct, and that it matches a field in the binary input",
        )
    return file_part(ctx, item, "file", name)


def _type_of(body: Body) -> dict[str, str]:
    return {"Content-Type": body.content_type or ""}
