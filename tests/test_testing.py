"""One node by itself, as tests of nodes run it."""

from __future__ import annotations

import pytest

from n8nlite.errors import NodeError, RequestRefused, UnknownNode
from n8nlite.testing import newest, run_node

LIMIT = "n8n-nodes-base.limit"


def test_expressions_of_the_parameters_see_the_items() -> None:
    outputs = run_node(LIMIT, {"maxItems": "={{ $json.n }}"}, [{"n": 2}, {"n": 5}, {"n": 6}])
    assert [item.json["n"] for item in outputs[0]] == [2, 5]


def test_expressions_see_the_node_the_items_came_from() -> None:
    outputs = run_node(LIMIT, {"maxItems": "={{ $('Input 0').all().length - 1 }}"}, [{}, {}, {}])
    assert len(outputs[0]) == 2


def test_the_network_is_refused() -> None:
    with pytest.raises(RequestRefused):
        run_node("n8n-nodes-base.httpRequest", {"url": "https://example.com"}, version=4.2)


def test_errors_name_the_node_and_the_item() -> None:
    fields = {"assignments": [{"name": "n", "type": "number", "value": "={{ $json.n }}"}]}
    with pytest.raises(NodeError, match=r"'Node' \[item 1\]: 'n' expects a number"):
        run_node("n8n-nodes-base.set", {"assignments": fields}, [{"n": 1}, {"n": "x"}])


def test_settings_of_the_node_hold() -> None:
    fields = {"assignments": [{"name": "n", "type": "number", "value": "={{ $json.n }}"}]}
    outputs = run_node(
        "n8n-nodes-base.set",
        {"assignments": fields},
        [{"n": 1}, {"n": "x"}],
        spec={"onError": "continueErrorOutput"},
    )
    assert [item.json for item in outputs[0]] == [{"n": 1}]
    assert outputs[1][0].json["n"] == "x"
    assert "expects a number" in outputs[1][0].json["error"]


def test_the_newest_version_is_the_default() -> None:
    assert newest("n8n-nodes-base.set") >= 3.4
    with pytest.raises(UnknownNode):
        newest("n8n-nodes-base.nothing")
