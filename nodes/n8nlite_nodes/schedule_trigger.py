"""
Schedule Trigger: a run that starts at a given time.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.scheduletrigger/
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from n8nlite.errors import NodeError
from n8nlite.node import Item, TriggerNode

if TYPE_CHECKING:
    from n8nlite.context import Context

_CRON = re.compile(r"\s*(?:[\dA-Za-z*/,#?-]+\s+){4,5}[\dA-Za-z*/,#?-]+\s*\Z")


class ScheduleTrigger(
    TriggerNode, type="n8n-nodes-base.scheduleTrigger", versions=(1, 1.1, 1.2, 1.3, 1.4)
):
    """Start with one item that tells the time, in the workflow's time zone."""

    rule: dict[str, Any] = {}

    def run(self, ctx: Context) -> Iterable[Item]:
        for interval in self.rule.get("interval") or ():
            if interval.get("field") == "cronExpression":
                _check(str(interval.get("expression") or ""))
        return [Item(clock(ctx.now()))]


def clock(now: datetime) -> dict[str, str]:
    """What a schedule's item says of a moment."""
    hour = f"{now.hour % 12 or 12}:{now:%M:%S} {'am' if now.hour < 12 else 'pm'}"
    offset = f"{now:%z}"
    offset = f"{offset[:3]}:{offset[3:5]}"
    zone = getattr(now.tzinfo, "key", None) or str(now.tzinfo)
    return {
        "timestamp": now.isoformat(timespec="milliseconds"),
        "Readable date": f"{now:%B} {_ordinal(now.day)} {now.year}, {hour}",
        "Readable time": hour,
        "Day of week": f"{now:%A}",
        "Year": f"{now.year}",
        "Month": f"{now:%B}",
        "Day of month": f"{now:%d}",
        "Hour": f"{now:%H}",
        "Minute": f"{now:%M}",
        "Second": f"{now:%S}",
        "Timezone": f"{zone} (UTC{offset})",
    }


def _ordinal(day: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{day}{'th' if 11 <= day <= 13 else endings.get(day % 10, 'th')}"


def _check(expression: str) -> None:
    if not _CRON.match(expression):
        raise NodeError(
            "Invalid cron expression",
            description="More information on how to build them at https://crontab.guru/",
        )
