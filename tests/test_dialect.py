"""Parameters that are not n8n's: versions chosen, classes asked, dates respelled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from n8nlite import dialect, registry
from n8nlite.moment_tokens import respelled
from n8nlite.node import ItemNode
from n8nlite.workflow import NodeSpec

TYPE = "test.dialect"


class Old(ItemNode, type=TYPE, versions=(1,)):
    """The first version."""

    channel: str = ""


class New(ItemNode, type=TYPE, versions=(2, 2.1), when={"operation": "post"}):
    """The newer ones, which know an LLM's words."""

    channel_id: str = ""

    @classmethod
    def repair(cls, parameters: dict[str, Any], version: float) -> list[str]:
        """Take `target` for `channelId`."""
        if "target" not in parameters:
            return []
        parameters["channelId"] = parameters.pop("target").strip()
        return ["target became channelId"]


@pytest.fixture(autouse=True)
def _classes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    caches = (dialect._classes, dialect._repairers, dialect._names)
    known = registry.classes
    monkeypatch.setattr(
        registry, "classes", lambda type_name: (Old, New) if type_name == TYPE else known(type_name)
    )
    for each in caches:
        each.cache_clear()
    yield
    for each in caches:
        each.cache_clear()


def repaired(parameters: dict[str, Any], **more: Any) -> tuple[NodeSpec, list[str]]:
    """The node after its repair, and the repairs as lines."""
    spec = NodeSpec(name="N", type=TYPE, parameters=parameters, **more)
    after, repairs = dialect.repair_parameters(spec, "nodes[0]")
    return after, [str(repair) for repair in repairs]


@pytest.mark.parametrize(
    ("parameters", "version"),
    [
        ({"channel": "x"}, 1),
        ({"channelId": "x"}, 2.1),
        ({"operation": "post"}, 2.1),
        ({"target": "x"}, 2.1),
        ({}, 2.1),
        ({"channel": "x", "channelId": "y"}, 2.1),
    ],
)
def test_the_newest_version_that_fits_is_chosen(parameters: dict[str, Any], version: float) -> None:
    """Where the file has none; the class's own repairs count."""
    spec, lines = repaired(parameters)
    assert spec.type_version == version
    assert lines[0] == (
        f"nodes[0].typeVersion: there is none; {version:g} was chosen by the parameters "
        "[missing-version]"
    )


def test_a_version_that_is_there_stays() -> None:
    """And its class alone is asked."""
    spec, lines = repaired({"target": "x"}, type_version=1)
    assert (spec.type_version, spec.parameters, lines) == (1, {"target": "x"}, [])


@pytest.mark.parametrize("version", [2, 2.1, 9])
def test_the_class_repairs_a_copy(version: float) -> None:
    """A version newer than all known is taken for the newest."""
    parameters = {"target": " x "}
    spec, lines = repaired(parameters, type_version=version)
    assert spec.parameters == {"channelId": "x"}
    assert lines == ["nodes[0].parameters: target became channelId [dialect]"]
    assert parameters == {"target": " x "}


def test_parameters_that_a_class_cannot_make_sense_of_stay() -> None:
    """They are told when the node runs."""
    spec, lines = repaired({"target": 5}, type_version=2)
    assert (spec.parameters, lines) == ({"target": 5}, [])


def test_an_unknown_type_stays() -> None:
    """As version 1, where it has none."""
    spec = NodeSpec(name="N", type="test.none", type_version=3, parameters={"a": 1})
    assert dialect.repair_parameters(spec) == (spec, [])
    bare = NodeSpec(name="N", type="test.none")
    assert [repair.code for repair in dialect.repair_parameters(bare)[1]] == ["missing-version"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("={{ $now.format('YYYYMMDDHHmmss') }}", "={{ $now.format('yyyyMMddHHmmss') }}"),
        ('={{ $today.toFormat( "DD.MM.YY" ) }}', '={{ $today.toFormat( "dd.MM.yy" ) }}'),
        ("={{ $now.format('dddd, Do MMMM YYYY, h:mm A Z') }}", None),
        ("={{ $now.format('YYYY [at] HH') }}", "={{ $now.format('yyyy \\'at\\' HH') }}"),
        ("={{ $now.format('yyyy-MM-dd') }}", "={{ $now.format('yyyy-MM-dd') }}"),
        ("={{ $now.format('DD') }}", "={{ $now.format('DD') }}"),
        ("={{ $json.format || 'YYYY' }}", "={{ $json.format || 'YYYY' }}"),
    ],
)
def test_dates_are_respelled_where_only_moment_can_be_meant(
    written: str, meant: str | None
) -> None:
    """A format with a `Y` means nothing to Luxon."""
    meant = meant or "={{ $now.format('cccc, d MMMM yyyy, h:mm a ZZ') }}"
    assert respelled(written)[0] == meant


def test_dates_are_respelled_in_nodes_that_n8n_did_not_write() -> None:
    """A node with a version does in n8n what it says, and here."""
    parameters = {"channelId": ["x", {"y": "={{ $now.format('YYYY') }}"}]}
    spec, lines = repaired(parameters)
    assert spec.parameters == {"channelId": ["x", {"y": "={{ $now.format('yyyy') }}"}]}
    place = "nodes[0].parameters.channelId[1].y"
    assert lines[1:] == [f"{place}: the date format YYYY became yyyy [dialect]"]
    assert repaired(parameters, type_version=2)[0].parameters == parameters
