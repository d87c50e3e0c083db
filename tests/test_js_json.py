"""JSON.parse, and what V8 says of a text that is no JSON (asked of Node 24)."""

from __future__ import annotations

import pytest

from n8nlite.js_json import JsonSyntaxError, parse


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Unexpected end of JSON input"),
        ("{", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"),
        (
            '{"a":1,}',
            "Expected double-quoted property name in JSON at position 7 (line 1 column 8)",
        ),
        ('{"a" 1}', "Expected ':' after property name in JSON at position 5 (line 1 column 6)"),
        (
            '{"a":1 "b":2}',
            "Expected ',' or '}' after property value in JSON at position 7 (line 1 column 8)",
        ),
        (
            "[1 2]",
            "Expected ',' or ']' after array element in JSON at position 3 (line 1 column 4)",
        ),
        ("[1,]", "Unexpected token ']', \"[1,]\" is not valid JSON"),
        ("bad{", "Unexpected token 'b', \"bad{\" is not valid JSON"),
        (
            "[1,2,3,4,5,6,7,8,9,10,x,11,12,13,14,15]",
            "Unexpected token 'x', ...\",7,8,9,10,x,11,12,13\"... is not valid JSON",
        ),
        ("[object Object]", '"[object Object]" is not valid JSON'),
        ("undefined", '"undefined" is not valid JSON'),
        ("[NaN]", "Unexpected token 'N', \"[NaN]\" is not valid JSON"),
        ('"abc', "Unterminated string in JSON at position 4 (line 1 column 5)"),
        (
            '{"m":\n "line\nbreak"}',
            "Bad control character in string literal in JSON at position 12 (line 2 column 7)",
        ),
        ('"\\q"', "Bad escaped character in JSON at position 2 (line 1 column 3)"),
        (
            "{} x",
            "Unexpected non-whitespace character after JSON at position 3 (line 1 column 4)",
        ),
    ],
)
def test_a_text_that_is_no_json(text: str, message: str) -> None:
    with pytest.raises(JsonSyntaxError) as caught:
        parse(text)
    assert str(caught.value) == message


def test_json_is_read() -> None:
    assert parse('{"a": [1, 2.5, null, "é"]}') == {"a": [1, 2.5, None, "é"]}


def test_nesting_beyond_all_measure_is_refused_not_fatal() -> None:
    with pytest.raises(JsonSyntaxError):
        parse("[" * 200_000)
