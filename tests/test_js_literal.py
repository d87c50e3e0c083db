"""Object literals of JavaScript."""

from __future__ import annotations

from typing import Any

import pytest

from n8nlite.js_literal import parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{}", {}),
        (
            "{a: 1, 'b c': [1, -2.5, 0x10, .5], 2: null,}",
            {"a": 1, "b c": [1, -2.5, 16, 0.5], "2": None},
        ),
        ("({a: {b: true}})", {"a": {"b": True}}),
        ("{a: b, c}", {"a": "b", "c": "c"}),
        (r"{a: 'it\'s \u0041\x42\u{43}\n'}", {"a": "it's ABC\n"}),
        ("{a: [1,,2]} // end", {"a": [1, None, 2]}),
        ("{/* c */ __proto__: {z: 1}}", {"__proto__": {"z": 1}}),
    ],
)
def test_reads(text: str, value: Any) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    "text", ["", "1", "[1]", "{a: 1", "{a: 1}}", "{a: f()}", "{a: 1+1}", "{a:" * 500, "{a: `x`}"]
)
def test_refuses_what_is_no_data(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse(text)
