"""What If, Filter and Switch share from the versions on that use n8n's filter parameter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any, Protocol

from n8nlite.context import Context
from n8nlite.dates import zone
from n8nlite.errors import ExpressionError, NodeError
from n8nlite.filter import TRY_OTHER_TYPE, matches

OPERATIONS = {
    "isEmpty": "empty",
    "isNotEmpty": "notEmpty",
    "equal": "equals",
    "notEqual": "notEquals",
    "isTrue": "true",
    "isFalse": "false",
    "larger": "gt",
    "largerEqual": "gte",
    "smaller": "lt",
    "smallerEqual": "lte",
    "greaterThan": "gt",
    "greaterThanOrEqual": "gte",
    "lessThan": "lt",
    "lessThanOrEqual": "lte",
}
"""Operations that conditions are written with but n8n does not know, and those that are meant."""

SINGLE = ("exists", "notExists", "empty", "notEmpty", "true", "false")


class Conditional(Protocol):
    """A node with conditions."""

    @property
    def conditions(self) -> Any: ...


def hold(conditions: Any, ctx: Context) -> bool:
    """Whether the conditions hold for the item being run."""
    if conditions is not None and not isinstance(conditions, dict):
        raise NodeError("The conditions are no object")
    return matches(conditions or {}, item=ctx.item_index, zone=zone(ctx.scope.timezone) or UTC)


def decide(node: Conditional, ctx: Context) -> bool:
    """The same for If and Filter, where a comparison that fails is false if the node goes on."""
    try:
        return hold(node.conditions, ctx)
    except (NodeError, ExpressionError) as error:
        if ctx.spec.on_error != "stopWorkflow":
            return False
        if not error.description and not ctx.spec.parameters.get("looseTypeValidation"):
            error.description = TRY_OTHER_TYPE
        raise


def repair(conditions: Any) -> list[str]:
    """Turn conditions as people and language models write them into n8n's own, in place."""
    if not isinstance(conditions, dict):
        return []
    done = []
    combinator = conditions.get("combinator")
    meant = {"any": "or", "all": "and", "OR": "or", "AND": "and"}.get(str(combinator))
    if meant:
        conditions["combinator"] = meant
        done.append(f"combinator {combinator!r} became {meant!r}")
    given = conditions.get("conditions")
    for condition in given if isinstance(given, list) else ():
        if isinstance(condition, dict) and isinstance(condition.get("operator"), dict):
            done += _repair_operator(condition["operator"])
    return done


def _repair_operator(operator: dict[str, Any]) -> list[str]:
    operation = operator.get("operation")
    meant = OPERATIONS.get(operation) if isinstance(operation, str) else None
    if meant is None or not _fits(operator, meant):
        return []
    operator["operation"] = meant
    if meant in SINGLE:
        operator["singleValue"] = True
    return [f"operation {operation!r} became {meant!r}"]


def _fits(operator: Mapping[str, Any], operation: str) -> bool:
    if operation in ("gt", "gte", "lt", "lte"):
        return operator.get("type") == "number"
    return operation not in ("true", "false") or operator.get("type") == "boolean"
