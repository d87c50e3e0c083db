"""Every fixture comes out as in real n8n; tests/known_differences.toml has the exceptions."""

from __future__ import annotations

import pytest

from tests import known
from tests.compare import differences
from tests.fixture import FOLDER, Fixture, fixtures

KNOWN = known.read().get("fixtures", {})
UNRECORDED = {"bench", "day67"}  # folders with workflows that real n8n was not, or cannot be, asked
FIXTURES = list(fixtures())
RECORDED = [
    pytest.param(
        each,
        id=each.id,
        marks=[pytest.mark.xfail(reason=KNOWN[each.id])] if each.id in KNOWN else [],
    )
    for each in FIXTURES
    if each.file("expected").exists()
]


@pytest.mark.parametrize("fixture", RECORDED)
def test_comes_out_as_in_real_n8n(fixture: Fixture) -> None:
    """Status, order, every run's items with their pairing, and errors."""
    if found := differences(fixture.companion("expected"), fixture.run()):
        pytest.fail("\n".join(found[:20]), pytrace=False)


def test_every_fixture_is_recorded() -> None:
    """`python -m tests.oracle record` was run for each."""
    missing = [
        each.id
        for each in FIXTURES
        if each.path.parent.name not in UNRECORDED and not each.file("expected").exists()
    ]
    assert not missing


def test_every_companion_has_its_workflow() -> None:
    """No file is left over from a workflow that is gone or was renamed."""
    wanted = {each.path.name for each in FIXTURES}
    orphans = [
        str(path.relative_to(FOLDER))
        for kind in ("expected", "mocks", "credentials", "input", "options")
        for path in FOLDER.glob(f"*/*.{kind}.json")
        if path.name.removesuffix(f".{kind}.json") + ".json" not in wanted
    ]
    assert not orphans


def test_known_differences_are_of_fixtures_that_exist() -> None:
    """The list names no fixture that is gone."""
    assert KNOWN.keys() <= {each.id for each in FIXTURES}
