"""The catalogue of nodes, and the pages made from it."""

from __future__ import annotations

import inspect

import pytest

from n8nlite import catalogue, registry
from n8nlite.errors import UnknownNode
from tests import pages


def test_the_generated_pages_are_up_to_date() -> None:
    """Mended by `python -m tests.pages`."""
    assert pages.outdated() == []


def test_every_node_says_in_one_line_what_it_is() -> None:
    for each in catalogue.data():
        assert each["description"], each["type"]
        assert "http" not in each["description"], each["type"]
        page = inspect.getdoc(registry.module(each["type"])) or ""
        assert "https://docs.n8n.io/" in page, each["type"]
        assert all(operation["description"] for operation in each["operations"]), each["type"]


def test_a_type_is_found_by_its_short_name() -> None:
    (found,) = catalogue.data("limit")
    assert found["type"] == "n8n-nodes-base.limit"
    assert found["operations"][0]["parameters"] == {"maxItems": 1, "keep": "firstItems"}


def test_a_wrong_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNode, match="did you mean 'limit'"):
        catalogue.data("limt")
