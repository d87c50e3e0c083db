"""OpenAI parameters as language models write them, and n8n's own for them."""

from __future__ import annotations

from typing import Any

COMPLETING = ("create", "completion", "createCompletion", "chatCompletion", "message")
"""Names of operations that do not exist here and mean `complete`."""

OPTIONS = ("maxTokens", "temperature", "topP")


def repair(parameters: dict[str, Any], version: float) -> list[str]:
    """
    Turn the API's own `messages` into the node's `prompt`.

    Those who write so read the API's own answer too (`choices[0].message.content`): the output is
    left as it is, unless the file says how it is to be.
    """
    if "messages" not in parameters:
        return []
    done = []
    messages = parameters.pop("messages")
    if "prompt" not in parameters:
        parameters["prompt"] = {"messages": _listed(messages)}
        done.append("messages became prompt")
    if parameters.get("resource") != "chat":
        parameters["resource"] = "chat"
        done.append("resource was set to 'chat'")
    if parameters.get("operation") in COMPLETING:
        done.append(f"operation {parameters['operation']!r} became 'complete'")
        parameters["operation"] = "complete"
    if "simplifyOutput" not in parameters:
        parameters["simplifyOutput"] = False
        done.append("simplifyOutput was switched off, for the API's own output")
    return done + _model(parameters, version) + _options(parameters)


def _listed(messages: Any) -> Any:
    if isinstance(messages, dict):
        return next((each for each in messages.values() if isinstance(each, list)), [])
    return messages


def _model(parameters: dict[str, Any], version: float) -> list[str]:
    old, new = ("chatModel", "model") if version < 1.1 else ("model", "chatModel")
    if old not in parameters or new in parameters:
        return []
    parameters[new] = parameters.pop(old)
    return [f"{old} became {new}"]


def _options(parameters: dict[str, Any]) -> list[str]:
    found = [name for name in OPTIONS if name in parameters]
    if not found:
        return []
    options = parameters.get("options")
    parameters["options"] = {**(options if isinstance(options, dict) else {})}
    for name in found:
        parameters["options"].setdefault(name, parameters.pop(name))
    return [f"{name} became an option" for name in found]
