"""Every command and every piece of Python in the README does what the README says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"```console\n\$ n8nlite (.*?)\n(.*?)```", README, re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize(("arguments", "shown"), COMMANDS, ids=[each[0][:60] for each in COMMANDS])
def test_commands(arguments: str, shown: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "n8nlite", *shlex.split(arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.stdout == shown


@pytest.mark.parametrize("code", PYTHON)
def test_python(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    exec(compile(code, "README.md", "exec"), {})


def test_there_is_something_to_test() -> None:
    assert len(COMMANDS) >= 3
    assert PYTHON
