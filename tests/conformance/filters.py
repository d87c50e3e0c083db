"""The conditions of If, Switch and Filter."""

from __future__ import annotations

from collections.abc import Iterator

from n8nlite.filter import FilterError, array_contains, matches
from tests.compare import json_differences
from tests.conformance.cases import Case
from tests.conformance.values import decoded, error_differences


def check(case: Case) -> Iterator[str]:
    """Whether the conditions hold, or the error they raise."""
    if "array" in case.data:
        found = array_contains(case["array"], case["value"], case["ignore_case"])
        yield from json_differences(case["expected"], found, "result")
        return
    try:
        holds = matches(decoded(case["filter"]))
    except FilterError as error:
        if not case["expect_error"]:
            raise
        yield from error_differences(case["expect_error"], error)
        yield from json_differences(
            case.get("error_description"), error.description, "error.description"
        )
    else:
        if case["expect_error"]:
            yield from error_differences(case["expect_error"], None)
        yield from json_differences(case["expected"], holds, "result")
