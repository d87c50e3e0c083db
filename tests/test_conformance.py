"""The runner of n8n's own test cases, on a folder of our own; on n8n's where it is at hand."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests import known
from tests.conformance import __main__ as command
from tests.conformance.cases import GROUPS, cases
from tests.conformance.judge import judged

CASES = os.environ.get("N8NLITE_CONFORMANCE")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two conditions: n8nlite agrees with the first and not with the second."""
    monkeypatch.setattr(known, "FILE", tmp_path / "known.toml")
    content = [
        {"id": "right", "array": [1, 2], "value": 2, "ignore_case": False, "expected": True},
        {"id": "wrong", "array": [1, 2], "value": 3, "ignore_case": False, "expected": True},
    ]
    index = [
        {"id": each["id"], "group": "filters", "file": "filters.json", "in_file": True}
        for each in content
    ]
    write(tmp_path / "filters.json", {"cases": content})
    write(tmp_path / "INDEX.json", {"cases": index})
    write(tmp_path / "differs-in-2.41.json", {})
    return tmp_path


def write(file: Path, value: Any) -> None:
    file.write_text(json.dumps(value), encoding="utf-8")


def run(folder: Path, *arguments: str) -> int:
    return command.main([str(folder), "--group", "filters", *arguments])


def test_case_that_fails_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named, with what differs; the group's line comes last."""
    assert run(folder) == 1
    *_, last = lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "filters wrong"
    assert last == "filters 1 of 2 pass, 0 known, 1 failed"


def test_known_difference_is_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is listed may fail."""
    known.write({"filters": {"wrong": "why"}})
    assert run(folder) == 0
    assert capsys.readouterr().out == "filters 1 of 2 pass, 1 known, 0 failed\n"


def test_known_difference_that_is_gone_is_an_error(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has to be struck off."""
    known.write({"filters": {"right": "why", "wrong": "why"}})
    assert run(folder) == 1
    assert "filters right: passes, strike it off" in capsys.readouterr().out


def test_update_lists_what_fails(folder: Path) -> None:
    """And strikes off what passes."""
    known.write({"filters": {"right": "why"}, "nodes": {"other": "stays"}})
    assert run(folder, "--update") == 0
    assert known.read() == {
        "filters": {"wrong": "baseline: result"},
        "nodes": {"other": "stays"},
    }


def test_folder_without_index_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says what was expected."""
    assert run(tmp_path) == 2
    assert "expected a folder of cases" in capsys.readouterr().err


def test_case_that_hangs_fails_alone(folder: Path) -> None:
    """Its process is ended, and the others are judged in a new one."""
    outcomes = judged(cases(folder, ("filters",)), jobs=1, limit=0)
    assert [each.differences for each in outcomes] == [["no answer in time"]] * 2


@pytest.mark.skipif(not CASES, reason="N8NLITE_CONFORMANCE names no folder of cases")
@pytest.mark.parametrize("group", GROUPS)
def test_agrees_with_n8n(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    """n8n's own cases hold, but for the known differences."""
    assert CASES
    status = command.main([CASES, "--group", group, "--jobs", "1"])
    assert status == 0, capsys.readouterr().out
