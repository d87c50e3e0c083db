"""The node that nodes/README.md writes step by step runs, from a package of somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from n8nlite import registry
from n8nlite.errors import CredentialError
from n8nlite.testing import run_node

PAGE = Path(__file__).parents[1] / "nodes" / "README.md"
WEATHER = "n8n-nodes-base.weather"
MOCKS = [
    {
        "method": "GET",
        "url": "https://api.example.com/now",
        "query": {"q": "Oslo", "units": "metric"},
        "match_headers": {"authorization": "Bearer 0123456789"},
        "response": {"temperature": -3},
    }
]


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package of nodes, announced as an entry point would announce it."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (tmp_path / "other_nodes").mkdir()
    (tmp_path / "other_nodes" / "__init__.py").touch()
    (tmp_path / "other_nodes" / "weather.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(registry, "packages", lambda: ("other_nodes",))
    registry.classes.cache_clear()
    yield
    registry.classes.cache_clear()


def test_it_sends_what_its_fields_say_and_leaves_out_what_is_the_default() -> None:
    outputs = run_node(
        WEATHER,
        {"city": "={{ $json.place }}"},
        [{"place": "Oslo"}],
        http=MOCKS,
        credentials={"weatherApi": {"key": "0123456789"}},
    )
    assert [item.json for item in outputs[0]] == [{"temperature": -3}]
    assert outputs[0][0].paired == 0


def test_without_its_credential_it_says_what_is_missing() -> None:
    with pytest.raises(CredentialError, match="weatherApi"):
        run_node(WEATHER, {"city": "Oslo"})
