"""n8nlite.query_string, beside what a real n8n 2.41 reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from n8nlite import query_string

RECORDED: dict[str, Any] = json.loads(
    Path(__file__).with_name("webhook_queries.json").read_text("utf-8")
)


@pytest.mark.parametrize("query", RECORDED)
def test_queries_are_read_as_n8n_reads_them(query: str) -> None:
    """Brackets, lists, repetitions, and what is neither."""
    assert query_string.parse(query) == RECORDED[query]
