"""
Slack's Web API as n8n's Slack node calls it: credentials, requests, pages, errors.

https://docs.slack.dev/apis/web-api/
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, SecretStr

from n8nlite import api_errors, clients, dates, javascript, jsontext
from n8nlite.errors import ApiError, NodeError
from n8nlite.node import Credential, Item, ItemNode
from n8nlite_nodes._connection import told
from n8nlite_nodes._http import encode
from n8nlite_nodes._locators import locator
from n8nlite_nodes._oauth2 import OAuth2

if TYPE_CHECKING:
    import httpx
    from slack_sdk.errors import SlackApiError

    from n8nlite.context import Context

TYPE = "n8n-nodes-base.slack"
OLD = (1,)
NEW = (2, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 2.7)
ALL = OLD + NEW

BASE = "https://slack.com/api/"
PAGE = 100
"""How many entries a page has when all are asked for."""

NO_JSON = "Received a response in a non-JSON format: "
"""What the SDK says before an answer that is no JSON."""

CHANNEL_URL = r"https://app\.slack\.com/client/[^/]*/([a-zA-Z0-9]{2,})"

Channel = Annotated[Any, BeforeValidator(locator(CHANNEL_URL))]
"""A channel by id, name or URL; the value alone."""

User = Annotated[Any, BeforeValidator(locator())]
"""A user by id; the value alone."""

Text = Annotated[str, BeforeValidator(javascript.text)]
"""A value as text; message timestamps are often numbers in files."""


class SlackApi(Credential):
    """A bot or user token."""

    type = "slackApi"
    access_token: SecretStr


class SlackOAuth2Api(OAuth2):
    """An OAuth2 connection; the user's token before the bot's."""

    type = "slackOAuth2Api"
    preferred = ("authed_user", "access_token")


def operation(
    resource: str, name: str, versions: Sequence[float] = ALL, *, default: bool = False
) -> dict[str, Any]:
    """The keywords of the class of an operation; `default`: it is its resource's first choice."""
    named = (("resource",) if resource == "message" else ()) + (("operation",) if default else ())
    return {
        "type": TYPE,
        "versions": tuple(versions),
        "when": {"resource": resource, "operation": name},
        "default": named,
        "credentials": (SlackApi, SlackOAuth2Api),
    }


class SlackNode(ItemNode):
    """Base of all operations: how the node signs in."""

    pairs_errors = False
    authentication: str = "accessToken"

    def slack(self, ctx: Context) -> Slack:
        """The API, signed in."""
        if self.authentication == "oAuth2":
            token = ctx.credential(SlackOAuth2Api).token
        else:
            token = ctx.credential(SlackApi).access_token.get_secret_value()
        return Slack(ctx.http, token, self.version, self.about.when["resource"])


class Slack:
    """Calls of API methods; each raises NodeError (ApiError in v1) when Slack says no."""

    def __init__(self, door: httpx.Client, token: str, version: float, resource: str) -> None:
        self.door = door
        self.token = token
        self.version = version
        self.resource = resource

    def post(self, method: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Call a method that takes JSON."""
        from slack_sdk.errors import SlackApiError

        client = clients.slack(self.door, self.token)
        try:
            with self._told():
                data = client.api_call(method, json=dict(body or {})).data
            return self._checked(200, data)
        except SlackApiError as error:
            return self._checked(*_answer(error))
        except AttributeError:  # what the SDK makes of JSON that is no object
            return self._checked(200, None)

    def get(self, method: str, query: Mapping[str, Any], verb: str = "GET") -> dict[str, Any]:
        """Call a method that takes a query, which the SDK never does."""
        wanted = encode(query)
        return self.send(verb, f"{BASE}{method}?{wanted}" if wanted else f"{BASE}{method}")

    def send(self, verb: str, url: str, **content: Any) -> dict[str, Any]:
        """Send a request of another kind (`content`: as httpx takes it); also to other hosts."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        headers |= content.pop("headers", {})
        with self._told():
            response = self.door.request(verb, url, headers=headers, **content)
        return self._checked(response.status_code, _body(response.text))

    def upload(self, url: str, **content: Any) -> None:
        """Send the bytes of a file to the place that Slack named; the answer is no JSON."""
        headers = {"Authorization": f"Bearer {self.token}", **content.pop("headers", {})}
        with self._told():
            response = self.door.request("POST", url, headers=headers, **content)
        if response.status_code >= 400:
            self._checked(response.status_code, _body(response.text))

    def pages(
        self, method: str, key: str, query: Mapping[str, Any], size: str = "limit"
    ) -> Iterator[Any]:
        """All entries that are under `key` (`a.b`: inside), page after page."""
        page, cursor = 1, ""
        while True:
            asked = {**query, "page": page, size: PAGE} | ({"cursor": cursor} if cursor else {})
            holder: Any = self.get(method, asked)
            *outer, last = key.split(".")
            for part in outer:
                holder = holder.get(part) or {}
            yield from holder.get(last) or ()
            cursor = (holder.get("response_metadata") or {}).get("next_cursor") or ""
            page += 1
            if not cursor and (holder.get("paging") or {}).get("pages", 0) < page:
                return

    def many(
        self,
        method: str,
        key: str,
        query: Mapping[str, Any],
        limit: float | None,
        size: str = "limit",
    ) -> Any:
        """One page of at most `limit` entries, or all (None)."""
        if limit is None:
            return list(self.pages(method, key, query, size))
        return self.get(method, {**query, size: limit}).get(key)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            with told():
                yield
        except ApiError as error:
            self._renamed(error)
            raise

    def _renamed(self, failure: ApiError) -> ApiError:
        """Since v2 it is the node that fails, not the API."""
        if self.version >= 2:
            failure.name, failure.http_code = NodeError.name, None
            failure.messages = failure.messages[:1]
        return failure

    def _checked(self, status: int, data: Any) -> dict[str, Any]:
        if status >= 400:
            quoted = jsontext.dumps(data).decode()
            raise self._renamed(api_errors.from_status(status, data, quoted=quoted))
        if not isinstance(data, dict):
            raise NodeError("Slack's answer is no JSON object", description=str(data or "")[:200])
        if data.get("ok") is False:
            raise refusal(data, self.resource) if self.version >= 2 else old_refusal(data)
        reply: dict[str, Any] = dict(data)
        if self.version >= 2 and "ts" in reply:
            reply["message_timestamp"] = reply.pop("ts")
        return reply


def refusal(reply: Mapping[str, Any], resource: str) -> NodeError:
    """The error for `ok: false`, since v2."""
    code = reply.get("error")
    if code == "paid_teams_only":
        return NodeError(
            f"Your current Slack plan does not include the resource '{resource}'",
            description="Hint: Upgrade to a Slack plan that includes the functionality you want "
            "to use.",
        )
    if code == "missing_scope":
        return NodeError(
            "Your Slack credential is missing required Oauth Scopes",
            description=f"Add the following scope(s) to your Slack App: {reply.get('needed')}",
        )
    if code == "not_allowed_token_type":
        return NodeError(
            "This Slack operation requires a user token",
            description="Bot tokens are not accepted here. Use OAuth2 authentication, or an "
            'Access Token credential holding a user token (starts with "xoxp-").',
        )
    slow = None
    if code == "ratelimited":
        slow = (
            "Wait before running this again, or request less data at a time. Limits differ per "
            "operation - see the Slack Documentation - "
            "https://docs.slack.dev/apis/web-api/rate-limits"
        )
    return NodeError(f"Slack error response: {jsontext.dumps(code).decode()}", description=slow)


def old_refusal(reply: Mapping[str, Any]) -> NodeError:
    """The error for `ok: false` in v1: the answer as it is."""
    message = f"Slack error response: {jsontext.dumps(dict(reply)).decode()}"
    return ApiError(message, messages=[message])


def items(data: Any) -> Iterator[Item]:
    """A list as so many items, anything else as one."""
    for each in data if isinstance(data, list) else [data]:
        yield Item(each if isinstance(each, dict) else {})


def given(values: Mapping[str, Any], *names: str, **renamed: str) -> dict[str, Any]:
    """Of an options collection the named ones that are set, some under Slack's name for them."""
    wanted = {name: name for name in names} | renamed
    return {new: values[old] for new, old in wanted.items() if values.get(old) is not None}


def joined(values: Any) -> str:
    """Several choices as Slack wants them: `a,b`."""
    return values if isinstance(values, str) else ",".join(map(str, values or ()))


def epoch(value: Any) -> float:
    """The seconds of a date text, as `new Date(text) / 1000`; NaN where it is no date."""
    moment = dates.parse_date(javascript.text(value))
    if moment is None:
        return math.nan
    seconds = moment.timestamp()
    return int(seconds) if seconds == int(seconds) else seconds


def span(filters: Mapping[str, Any]) -> dict[str, Any]:
    """The query of a time span: `inclusive`, `latest`, `oldest`."""
    query = given(filters, "inclusive")
    return query | {key: epoch(filters[key]) for key in ("latest", "oldest") if filters.get(key)}


def _answer(error: SlackApiError) -> tuple[int, Any]:
    """Status and body of what the SDK could not make sense of: an error, or no JSON."""
    answer: Any = error.response
    said = str(answer.data.get("error", ""))
    if said.startswith(NO_JSON):
        return int(answer.status_code), said.removeprefix(NO_JSON)
    return int(answer.status_code), answer.data


def _body(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
