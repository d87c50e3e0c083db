"""Errors of nodes: given their node and item in one place, and shown as n8n shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from n8nlite.errors import ApiError, Error, ExpressionError, NodeError
from n8nlite.secrets import Secrets
from n8nlite.workflow import NodeSpec

EXPRESSION = "ExpressionError"
NAMELESS = "Object"
"""What an error that is none of n8n's own kinds is called in results."""

PLACELESS = (EXPRESSION, NAMELESS, "WrappedExecutionError")
"""The names of errors that do not say their node."""


def attach(error: Exception, spec: NodeSpec, item: int | None = None) -> NodeError:
    """The error as a NodeError that knows the node and the item it happened at."""
    failure = error if isinstance(error, NodeError) else _wrapped(error)
    failure.node = failure.node or spec.name
    if failure.item is None:
        failure.item = item
    return failure


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what it was raised from, and so on; each once, for chains can be circles."""
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and not any(cause is each for each in seen):
        yield cause
        seen.append(cause)
        cause = cause.__cause__ or cause.__context__


def error_data(error: Exception) -> dict[str, Any]:
    """n8n's shape of an error: name, message, description, httpCode, context, messages, node."""
    if not isinstance(error, NodeError):
        return {"name": type(error).__name__, "message": str(error), "level": "warning"}
    data: dict[str, Any] = {"name": error.name, "message": error.message}
    if error.description:
        data["description"] = error.description
    if isinstance(error, ApiError) and error.http_code:
        data["httpCode"] = error.http_code
    data |= {"level": "warning", "functionality": "regular"}
    data["context"] = dict(error.context)
    if error.item is not None:
        data["context"].setdefault("itemIndex", error.item)
    if error.name not in PLACELESS:
        data["messages"] = error.messages if isinstance(error, ApiError) else []
        data["node"] = error.node
    return data


def _wrapped(error: Exception) -> NodeError:
    if isinstance(error, ExpressionError):
        return _of_expression(error)
    if isinstance(error, ValidationError):
        return NodeError("; ".join(_line(each) for each in error.errors(include_url=False)))
    if isinstance(error, Error):
        return NodeError(str(error))
    return NodeError(str(error) or type(error).__name__, name=type(error).__name__)


def _of_expression(error: ExpressionError) -> NodeError:
    context: dict[str, Any] = {"parameter": error.parameter} if error.parameter else {}
    if error.expression:
        context["expression"] = error.expression
    return NodeError(
        error.message,
        description=error.description,
        item=error.item,
        context=context,
        name=EXPRESSION,
        hint=error.hint,
        origin=error,
    )


def _line(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    return f"{place}: {error['msg']}"


def masked(data: dict[str, Any], secrets: Secrets) -> dict[str, Any]:
    """The same with the secrets of the run replaced."""
    hidden: dict[str, Any] = secrets.mask_data(data)
    return hidden
