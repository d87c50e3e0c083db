"""Real workflows, where there are any: N8NLITE_CORPUS names a folder of them."""

from __future__ import annotations

import pytest

from tests import corpus

FOLDER = corpus.folder()


@pytest.mark.skipif(FOLDER is None, reason="N8NLITE_CORPUS is not set")
def test_real_workflows_are_read_planned_and_written_unchanged() -> None:
    """All of them, or they end in one line."""
    assert FOLDER is not None
    report = corpus.report(FOLDER)
    print(report.table())
    assert report.read
    assert all("\n" not in line for line in report.unreadable)
