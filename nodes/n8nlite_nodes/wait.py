"""
Wait: the run rests for some time, or until a given moment.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.wait/
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC
from typing import TYPE_CHECKING, Any

from n8nlite import javascript
from n8nlite.dates import parse_date
from n8nlite.errors import NodeError
from n8nlite.node import BatchNode, Inputs, Item, by_version

if TYPE_CHECKING:
    from n8nlite.context import Context

UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


class WaitInterval(
    BatchNode,
    type="n8n-nodes-base.wait",
    versions=(1, 1.1),
    when={"resume": "timeInterval"},
    default=("resume",),
):
    """Go on after so many seconds, minutes, hours or days."""

    amount: Any = by_version({1: 1, 1.1: 5})
    unit: str = by_version({1: "hours", 1.1: "seconds"})

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        amount = math.nan if self.amount is None else javascript.number(self.amount)
        if not amount >= 0:
            raise NodeError("Invalid wait amount. Please enter a number that is 0 or greater.")
        if self.unit not in UNITS:
            *others, last = (f"'{unit}'" for unit in UNITS)
            raise NodeError(f"Invalid wait unit. Valid units are {', '.join(others)}, or {last}.")
        ctx.sleep(amount * UNITS[self.unit])
        return inputs[0]


class WaitUntil(
    BatchNode,
    type="n8n-nodes-base.wait",
    versions=(1, 1.1),
    when={"resume": "specificTime"},
):
    """Go on at a given date and time; at once, where that has passed."""

    date_time: Any = ""

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        now = ctx.now()
        moment = parse_date(str(self.date_time or ""), now.tzinfo or UTC)
        if moment is None:
            raise NodeError(
                "Cannot put execution to wait because `dateTime` parameter is not a valid date. "
                "Please pick a specific date and time to wait until."
            )
        ctx.sleep(max((moment - now).total_seconds(), 0))
        return inputs[0]


class WaitForCall(
    BatchNode,
    type="n8n-nodes-base.wait",
    versions=(1, 1.1),
    when={"resume": ("webhook", "form")},
):
    """Go on when an HTTP request or a form comes in."""

    resume: str = "webhook"

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item]:
        what = "an HTTP request" if self.resume == "webhook" else "a submitted form"
        raise NodeError(
            f"The run cannot wait for {what}: n8nlite resumes no executions yet",
            description="Pin data for this node to say what comes in",
        )
