"""Slack parameters as language models write them, and n8n's own for them."""

from __future__ import annotations

from typing import Any

POSTING = ("postMessage", "sendMessage", "send", "postmessage")
"""Names of operations that do not exist and mean `post`."""


def repair(parameters: dict[str, Any], version: float) -> list[str]:
    """Turn `operation: postMessage` and, since v2, `channel: "#x"` into n8n's parameters.

    Credentials chosen as in HTTP Request are those of this node.
    """
    done: list[str] = []
    if parameters.get("authentication") == "predefinedCredentialType":
        by_oauth = parameters.pop("nodeCredentialType", "") == "slackOAuth2Api"
        parameters["authentication"] = "oAuth2" if by_oauth else "accessToken"
        done.append(f"authentication became {parameters['authentication']!r}")
    if parameters.get("resource", "message") != "message":
        return done
    if parameters.get("operation") in POSTING:
        done.append(f"operation {parameters['operation']!r} became 'post'")
        parameters["operation"] = "post"
    if version < 2 or parameters.get("operation", "post") not in ("post", "update"):
        return done
    if "channel" in parameters and "channelId" not in parameters:
        done.append("channel became channelId")
        parameters["channelId"] = _channel(parameters.pop("channel"))
    posts = parameters.get("operation", "post") == "post"
    if posts and "channelId" in parameters and "select" not in parameters:
        done.append("select was set to 'channel'")
        parameters["select"] = "channel"
    return done


def _channel(value: Any) -> Any:
    if isinstance(value, dict):
        return value
    return {"__rl": True, "mode": "name", "value": value}
