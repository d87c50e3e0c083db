"""Dotted paths into JSON data."""

from __future__ import annotations

from typing import Any

import pytest

from n8nlite.errors import NodeError
from n8nlite.paths import get_path, has_path, names, parse, set_path, unset_path


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("a", ("a",)),
        ("a.b[0].c", ("a", "b", "0", "c")),
        ('a["b.c"].d', ("a", "b.c", "d")),
        ("a['x'][1]", ("a", "x", "1")),
        ("a..b", ("a", "", "b")),
        (".a", ("", "a")),
        ("a.", ("a", "")),
    ],
)
def test_a_path_is_cut_as_lodash_cuts_it(path: str, keys: tuple[str, ...]) -> None:
    assert parse(path) == keys


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a.b", 1),
        ("a.list[1]", "y"),
        ("a.list.length", 2),
        ("a.missing.deep", None),
        ("x.y", "as written"),
        ("a.null", None),
        ("text[0]", "t"),
    ],
)
def test_get(path: str, value: Any) -> None:
    data = {"a": {"b": 1, "list": ["x", "y"], "null": None}, "x.y": "as written", "text": "t"}
    assert get_path(data, path) == value


def test_a_null_is_there_and_a_missing_key_is_not() -> None:
    assert has_path({"a": {"b": None}}, "a.b")
    assert not has_path({"a": {}}, "a.b")


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ({}, "a.b.c", {"a": {"b": {"c": 9}}}),
        ({}, "a[1].b", {"a": [None, {"b": 9}]}),
        ({"a": 1}, "a.b", {"a": {"b": 9}}),
        ({"a.b": 1}, "a.b", {"a.b": 9}),
        ({"a": [1, 2]}, "a[0]", {"a": [9, 2]}),
        ({"a": {"0": 1}}, "a[0]", {"a": {"0": 9}}),
        ({}, "__proto__.x", {}),
        ({}, "a.constructor.x", {"a": {}}),
        ({"a": 1}, "prototype", {"a": 1}),
    ],
)
def test_set_makes_what_is_missing(
    before: dict[str, Any], path: str, after: dict[str, Any]
) -> None:
    set_path(before, path, 9)
    assert before == after


def test_set_on_a_shallow_copy_leaves_the_original_alone() -> None:
    original = {"a": {"b": [1]}}
    copy = dict(original)
    set_path(copy, "a.b[0]", 2)
    assert (original, copy) == ({"a": {"b": [1]}}, {"a": {"b": [2]}})


def test_set_refuses_an_index_that_would_fill_the_memory() -> None:
    with pytest.raises(NodeError, match="too large"):
        set_path({}, "a[99999999999]", 1)


def test_unset_takes_away_without_touching_the_original() -> None:
    original = {"a": {"b": 1, "c": 2}}
    copy = dict(original)
    assert unset_path(copy, "a.b")
    assert (original, copy) == ({"a": {"b": 1, "c": 2}}, {"a": {"c": 2}})
    assert not unset_path(copy, "a.b")


def test_names_of_a_comma_separated_parameter() -> None:
    assert names(" a, b.c ,,") == ["a", "b.c"]
    assert names(["a", "b"]) == ["a", "b"]
