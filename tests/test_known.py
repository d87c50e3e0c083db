"""The list of known differences."""

from __future__ import annotations

from pathlib import Path

from tests import known


def test_list_survives_being_written(tmp_path: Path) -> None:
    """Ids and reasons of any characters come back as they were."""
    listed = {"nodes": {"plain-id_1": "why", 'odd."id" ü': 'because "so"\n'}, "empty": {}}
    file = tmp_path / "known.toml"
    known.write(listed, file)
    assert known.read(file) == {"nodes": listed["nodes"]}


def test_update_keeps_reasons_written_by_hand() -> None:
    """Its own are renewed, and what passes is struck off."""
    listed = {"a": "by hand", "b": "baseline: old", "c": "by hand, passes now"}
    assert known.updated(listed, {"a": "new", "b": "new", "d": "new"}) == {
        "a": "by hand",
        "b": "baseline: new",
        "d": "baseline: new",
    }


def test_list_in_the_repository_is_as_it_would_be_written(tmp_path: Path) -> None:
    """Sorted, one line for each case."""
    file = tmp_path / "known.toml"
    known.write(known.read(), file)
    assert not known.FILE.exists() or known.FILE.read_text("utf-8") == file.read_text("utf-8")
