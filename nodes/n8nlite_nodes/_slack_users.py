"""Slack users, their profiles, and user groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import Field

from n8nlite import dates, javascript
from n8nlite.node import Item
from n8nlite_nodes._slack_api import NEW, OLD, SlackNode, User, given, items, joined, operation

if TYPE_CHECKING:
    from n8nlite.context import Context


class GetUser(SlackNode, **operation("user", "info", default=True)):
    """A user."""

    user: User = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        yield from items(self.slack(ctx).get("users.info", {"user": self.user}).get("user"))


class GetUsers(SlackNode, **operation("user", "getAll")):
    """The users of a workspace."""

    return_all: bool = False
    limit: float = 50

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        limit = None if self.return_all else self.limit
        yield from items(self.slack(ctx).many("users.list", "members", {}, limit))


class GetPresence(SlackNode, **operation("user", "getPresence")):
    """Whether a user is there."""

    user: User = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        yield from items(self.slack(ctx).get("users.getPresence", {"user": self.user}))


class LookupByEmail(SlackNode, **operation("user", "lookupByEmail", NEW)):
    """The user with an e-mail address."""

    email: str = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        query = {"email": self.email}
        yield from items(self.slack(ctx).get("users.lookupByEmail", query).get("user"))


class GetProfile(SlackNode, **operation("user", "getProfile", NEW)):
    """A user's profile."""

    user: User = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        reply = self.slack(ctx).get("users.profile.get", {"user": self.user})
        yield from items(reply.get("profile"))


class UpdateProfile(SlackNode, **operation("user", "updateProfile", NEW)):
    """Change a user's profile."""

    options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        given_status = self.options.get("status") or {}
        statuses = given_status.get("set_status") or [{}]
        profile = statuses[0] if isinstance(statuses, list) else statuses
        rest = {key: value for key, value in self.options.items() if key != "status"}
        yield from items(set_profile(self, {**profile, **rest}, ctx))


class GetProfileV1(SlackNode, **operation("userProfile", "get", OLD, default=True)):
    """A user's profile (v1)."""

    additional_fields: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        query = given(self.additional_fields, "include_labels", "user")
        yield from items(self.slack(ctx).get("users.profile.get", query, "POST").get("profile"))


class UpdateProfileV1(SlackNode, **operation("userProfile", "update", OLD)):
    """Change a user's profile (v1)."""

    additional_fields: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        yield from items(set_profile(self, self.additional_fields, ctx))


def set_profile(node: SlackNode, values: Mapping[str, Any], ctx: Context) -> Any:
    """Change a profile; custom fields and the end of the status as Slack has them."""
    profile = dict(values)
    body: dict[str, Any] = {"profile": profile}
    if "user" in profile:
        body["user"] = profile.pop("user")
    if expires := profile.get("status_expiration"):
        zone = ctx.now().tzinfo or ZoneInfo("UTC")
        moment = dates.parse_date(javascript.text(expires), zone)
        profile["status_expiration"] = int(moment.timestamp()) if moment else None
    custom = (profile.get("customFieldUi") or {}).get("customFieldValues")
    if custom:
        profile["fields"] = {
            each["id"]: {key: value for key, value in _custom(each).items() if key != "id"}
            for each in custom
        }
        profile["customFieldUi"] = {"customFieldValues": [_custom(each) for each in custom]}
    return node.slack(ctx).post("users.profile.set", body).get("profile")


def _custom(field: Mapping[str, Any]) -> dict[str, Any]:
    return {"value": "", "alt": "", **field}


# User groups


class UserGroup(SlackNode):
    """Base of what is done to a user group; `collection` names the node's options."""

    collection: ClassVar[tuple[str, ...]] = ("options", "additional_fields")
    options: dict[str, Any] = {}
    additional_fields: dict[str, Any] = {}

    def chosen(self) -> dict[str, Any]:
        """The options that are set."""
        return {key: each for name in self.collection for key, each in getattr(self, name).items()}


class CreateUserGroup(UserGroup, **operation("userGroup", "create", default=True)):
    """Create a user group."""

    collection = ("more", "additional_fields")
    more: dict[str, Any] = Field({}, alias="Options")
    name: str = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = {"name": self.name, **self.chosen()}
        yield from items(self.slack(ctx).post("usergroups.create", body).get("usergroup"))


class DisableUserGroup(UserGroup, **operation("userGroup", "disable")):
    """Disable a user group."""

    user_group_id: str = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = {"usergroup": self.user_group_id, **self.chosen()}
        yield from items(self.slack(ctx).post("usergroups.disable", body).get("usergroup"))


class EnableUserGroup(UserGroup, **operation("userGroup", "enable")):
    """Enable a user group."""

    collection = ("option", "additional_fields")
    option: dict[str, Any] = {}
    user_group_id: str = ""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = {"usergroup": self.user_group_id, **self.chosen()}
        yield from items(self.slack(ctx).post("usergroups.enable", body).get("usergroup"))


class GetUserGroups(UserGroup, **operation("userGroup", "getAll")):
    """The user groups of a workspace."""

    return_all: bool = False
    limit: int = 100

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        groups = self.slack(ctx).get("usergroups.list", self.chosen()).get("usergroups") or []
        yield from items(groups if self.return_all else groups[: self.limit])


class UpdateUserGroup(SlackNode, **operation("userGroup", "update")):
    """Change a user group."""

    user_group_id: str = ""
    update_fields: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        body = {"usergroup": self.user_group_id, **self.update_fields}
        yield from items(self.slack(ctx).post("usergroups.update", body).get("usergroup"))


class GroupMembers(UserGroup):
    """Base of what knows the users of a group."""

    user_group_id: str = ""

    def members(self, ctx: Context) -> list[str]:
        """The ids of the group's users."""
        query = {"include_users": True, "usergroup": self.user_group_id}
        groups = self.slack(ctx).get("usergroups.list", query).get("usergroups") or []
        of_group = (each for each in groups if each.get("id") == self.user_group_id)
        return next((list(each.get("users") or ()) for each in of_group), [])


class GetGroupUsers(GroupMembers, **operation("userGroup", "getUsers", NEW)):
    """The users of a group."""

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        slack = self.slack(ctx)
        for user in self.members(ctx):
            if self.options.get("resolveData", True):
                yield from items(slack.get("users.info", {"user": user}).get("user"))
            else:
                yield Item({"id": user})


class AddGroupUsers(GroupMembers, **operation("userGroup", "updateUsers", NEW)):
    """Add users to a group."""

    users: Any = []

    def run(self, item: Item, ctx: Context) -> Iterator[Item]:
        wanted = [name for name in joined(self.users).split(",") if name]
        users = list(dict.fromkeys([*wanted, *self.members(ctx)]))
        body = {"usergroup": self.user_group_id, "users": ",".join(users), **self.chosen()}
        yield from items(self.slack(ctx).post("usergroups.users.update", body).get("usergroup"))
