"""n8nlite_nodes._http_pagination: one request, many pages."""

from __future__ import annotations

from typing import Any

import pytest

from n8nlite.errors import ApiError, NodeError
from n8nlite.mocks import Mocks
from n8nlite.testing import run_node
from tests.http_node import TYPE, URL, jsons


def pages(**settings: Any) -> dict[str, Any]:
    return {"url": URL, "options": {"pagination": {"pagination": settings}}}


def test_pagination_by_parameter_until_a_page_is_empty() -> None:
    mocks = Mocks(
        [
            {"url": URL, "query": {"page": page}, "response": rows}
            for page, rows in enumerate([[{"i": 0}, {"i": 1}], [{"i": 2}], []])
        ]
    )
    changing = {"parameters": [{"type": "qs", "name": "page", "value": "={{ $pageCount }}"}]}
    (items,) = run_node(TYPE, pages(parameters=changing), http=mocks)
    assert jsons(items) == [{"i": 0}, {"i": 1}, {"i": 2}]
    assert {item.paired for item in items} == {0}


def test_pagination_by_next_url() -> None:
    """Until an expression over the response says that it is enough."""
    mocks = Mocks(
        [
            {"url": URL, "response": {"n": 1, "next": URL + "/2"}},
            {"url": URL + "/2", "response": {"n": 2, "next": None}},
        ]
    )
    settings = pages(
        paginationMode="responseContainsNextURL",
        nextURL="={{ $response.body.next }}",
        paginationCompleteWhen="other",
        completeExpression="={{ !$response.body.next }}",
    )
    (items,) = run_node(TYPE, settings, http=mocks)
    assert [item.json["n"] for item in items] == [1, 2]


def test_pagination_stops_at_a_limit_and_at_statuses() -> None:
    changing = {"parameters": [{"type": "headers", "name": "X-P", "value": "={{ $pageCount }}"}]}
    mocks = Mocks([{"url": URL, "response": {"a": 1}, "persist": True}])
    run_node(TYPE, pages(parameters=changing, limitPagesFetched=True, maxRequests=3), http=mocks)
    assert [request.headers["X-P"] for request in mocks.requests] == ["0", "1", "2"]
    mocks = Mocks([{"url": URL, "response": {"a": 1}}, {"url": URL, "status": 404, "response": {}}])
    until = {
        "paginationCompleteWhen": "receiveSpecificStatusCodes",
        "statusCodesWhenComplete": "404",
    }
    (items,) = run_node(TYPE, pages(parameters=changing, **until), http=mocks)
    assert jsons(items) == [{"a": 1}, {}]


def test_pagination_that_never_ends() -> None:
    mocks = Mocks([{"url": URL, "response": {"a": 1}, "persist": True}])
    changing = {"parameters": [{"type": "qs", "name": "p", "value": "1"}]}
    with pytest.raises(ApiError, match="identical 5x"):
        run_node(TYPE, pages(parameters=changing), http=mocks)
    assert len(mocks.requests) == 5


def test_pagination_checks_its_parameters() -> None:
    """A kind that is none is refused before anything is sent."""
    changing = {"parameters": [{"type": "__proto__", "name": "p", "value": "1"}]}
    with pytest.raises(NodeError, match="must be one of: body, headers, qs"):
        run_node(TYPE, pages(parameters=changing), http=[])
