"""The nodes that start a run."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from n8nlite.errors import NodeError
from n8nlite.testing import run_node
from n8nlite_nodes.schedule_trigger import clock

BASE = "n8n-nodes-base."


def start(type: str, parameters: dict[str, Any] | None = None, **options: Any) -> list[Any]:
    """The json of the items that a trigger starts with."""
    return [item.json for item in run_node(f"{BASE}{type}", parameters or {}, **options)[0]]


@pytest.mark.parametrize("type", ["manualTrigger", "start", "cron", "interval", "formTrigger"])
def test_simple_starts_give_one_empty_item(type: str) -> None:
    assert start(type) == [{}]


def test_a_chat_trigger_gives_one_empty_item() -> None:
    lanes = run_node("@n8n/n8n-nodes-langchain.chatTrigger", {})
    assert [item.json for item in lanes[0]] == [{}]


def test_a_schedule_tells_the_time_in_its_own_words() -> None:
    now = datetime(2026, 8, 6, 0, 5, 9, 7000, tzinfo=ZoneInfo("Europe/Berlin"))
    assert clock(now) == {
        "timestamp": "2026-08-06T00:05:09.007+02:00",
        "Readable date": "August 6th 2026, 12:05:09 am",
        "Readable time": "12:05:09 am",
        "Day of week": "Thursday",
        "Year": "2026",
        "Month": "August",
        "Day of month": "06",
        "Hour": "00",
        "Minute": "05",
        "Second": "09",
        "Timezone": "Europe/Berlin (UTC+02:00)",
    }


@pytest.mark.parametrize(
    ("day", "ordinal"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (12, "12th"), (23, "23rd")],
)
def test_days_of_the_month_are_ordinals(day: int, ordinal: str) -> None:
    now = datetime(2026, 1, day, tzinfo=ZoneInfo("America/New_York"))
    assert clock(now)["Readable date"].startswith(f"January {ordinal} 2026")


def test_a_schedule_uses_the_clock_and_zone_of_the_run() -> None:
    (item,) = start("scheduleTrigger", now="2026-03-01T12:00:00Z", timezone="Asia/Tokyo")
    assert item["timestamp"] == "2026-03-01T21:00:00.000+09:00"


@pytest.mark.parametrize("expression", ["*/5 * * * *", "0 */5 9-17 * * MON-FRI"])
def test_a_cron_expression_that_is_one_is_accepted(expression: str) -> None:
    rule = {"interval": [{"field": "cronExpression", "expression": expression}]}
    assert start("scheduleTrigger", {"rule": rule})


@pytest.mark.parametrize("expression", ["", "bad", "* * *", "* * * * * * *"])
def test_a_cron_expression_that_is_none_is_refused(expression: str) -> None:
    rule = {"interval": [{"field": "cronExpression", "expression": expression}]}
    with pytest.raises(NodeError, match="Invalid cron expression"):
        start("scheduleTrigger", {"rule": rule})


def test_an_interval_of_nothing_is_refused() -> None:
    with pytest.raises(NodeError, match="at least 1 or higher"):
        start("interval", {"interval": 0})


def test_a_called_workflow_picks_the_fields_that_it_declares() -> None:
    declared = {"workflowInputs": {"values": [{"name": "a", "type": "number"}, {"name": "b"}]}}
    given = [{"a": "5", "x": 1}, {"b": None}]
    assert start("executeWorkflowTrigger", declared, items=given, version=1.1) == [
        {"a": "5", "b": None},
        {"a": None, "b": None},
    ]


@pytest.mark.parametrize(
    ("version", "parameters"), [(1, {}), (1.1, {"inputSource": "passthrough"})]
)
def test_a_called_workflow_may_take_all_as_it_comes(
    version: float, parameters: dict[str, Any]
) -> None:
    given = [{"a": 1, "deep": {"b": [2]}}]
    assert start("executeWorkflowTrigger", parameters, items=given, version=version) == given


def test_an_example_that_is_no_json_is_refused_in_one_line() -> None:
    with pytest.raises(NodeError, match="Expected property name"):
        start("executeWorkflowTrigger", {"inputSource": "jsonExample", "jsonExample": "{a"})
