"""JSON that templates leave behind."""

from __future__ import annotations

from typing import Any

import pytest

from n8nlite.loose_json import parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ('{"a": }', {"a": None}),
        ('{"a": undefined, "b": True,}', {"a": None, "b": True}),
        ('{"a": New York}', {"a": "New York"}),
        ('{"a": http://x.y/z }', {"a": "http://x.y/z"}),
        ('{"a": "say "hi" now"}', {"a": 'say "hi" now'}),
        ('{"a": "1\n2\t3"}', {"a": "1\n2\t3"}),
        ('{"a": [1, 2', {"a": [1, 2]}),
        ('{"a": "b', {"a": "b"}),
        ('{"a": 1}}', {"a": 1}),
        ('{"a": 1 "b": 2}', {"a": 1, "b": 2}),
        ("{a: 'x', “b”: [1 2]}", {"a": "x", "b": [1, 2]}),
        ('```json\n{"a": 1}\n```', {"a": 1}),
        ('{"a": 01, "b": NaN}', {"a": "01", "b": "NaN"}),
        ('{"a": 1 /* one */} // end', {"a": 1}),
        ('{"a": "\\u0041\\n\\x"}', {"a": "A\nx"}),
        ("text", "text"),
    ],
)
def test_mends(text: str, value: Any) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        '{"a": 1} more',
        '{"a": 1,, "b": 2}',
        '{"a": +5}',
        "[,]",
        "{" * 1000,
        '{"a": "say "hi", now"}',
    ],
)
def test_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse(text)
