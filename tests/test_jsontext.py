"""JSON in and out, as JavaScript has it."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from n8nlite import jsonrepair, jsontext
from n8nlite.errors import UnreadableJson
from n8nlite_expressions import UNDEFINED

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (100.0, "100"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (-2.50, "-2.5"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1.5e300, "1.5e+300"),
        (1e-6, "0.000001"),
        (1.23e-5, "0.0000123"),
        (1e-7, "1e-7"),
        (5e-324, "5e-324"),
        (123456789012345680000.0, "123456789012345680000"),
        (2**53, "9007199254740992"),
        (2**60, "1152921504606847000"),
        (math.nan, "null"),
        (-math.inf, "null"),
        (True, "true"),
        ("1.0", '"1.0"'),
        ("ü\ud83d", '"\\u00fc\\ud83d"'),
    ],
)
def test_values_are_written_as_javascript_does(value: Any, text: str) -> None:
    """Alone, in a list and in an object."""
    assert jsontext.dumps(value) == text.encode()
    assert jsontext.dumps({"a": [value, 1]}) == f'{{"a":[{text},1]}}'.encode()


@given(VALUES)
def test_what_is_written_is_read_again(value: Any) -> None:
    """Compact and indented."""
    for indent in (False, True):
        text = jsontext.dumps(value, indent)
        assert jsontext.dumps(jsontext.loads(text), indent) == text


@given(VALUES)
def test_both_ways_of_writing_agree(value: Any) -> None:
    """orjson's, where it is right, and our own."""
    for indent, layout in ((False, jsontext.COMPACT), (True, jsontext.INDENTED)):
        assert jsontext.dumps(value, indent).decode() == jsontext.text_of(value, layout)


@given(VALUES)
def test_both_ways_of_reading_agree(value: Any) -> None:
    """orjson's and the parser that repairs, which has nothing to repair."""
    text = jsontext.dumps(value).decode()
    parsed = jsonrepair.parse(text, strict=True)
    assert parsed.value == jsontext.loads(text)
    assert parsed.repairs == []


def test_no_value_is_too_deep_to_write() -> None:
    """10,000 lists within each other."""
    value: list[Any] = []
    for _ in range(9_999):
        value = [value]
    assert jsontext.dumps(value) == b"[" * 10_000 + b"]" * 10_000


def test_mappings_and_subclasses_of_str_are_written() -> None:
    """Scopes are read-only mappings, dates are strings with more to them."""

    class Date(str):
        pass

    value = MappingProxyType({"d": Date("2026-01-01"), 1: ("x",)})
    assert jsontext.dumps(value) == b'{"d":"2026-01-01","1":["x"]}'


def test_undefined_is_left_out_as_javascript_does() -> None:
    """Of objects; in lists it is null."""
    assert jsontext.dumps({"a": UNDEFINED, "b": [UNDEFINED, 1]}) == b'{"b":[null,1]}'


def test_what_has_no_json_is_told() -> None:
    """By its type."""
    with pytest.raises(TypeError, match="object"):
        jsontext.dumps({"a": object()})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_are_told_by_the_first_bytes(encoding: str) -> None:
    """With a byte order mark and without."""
    assert jsontext.loads('{"ä": 1}'.encode(encoding)) == {"ä": 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1,}', "f: line 1, column 8: expected '}', got \",}\""),
        ('{\n "a": 01}', 'f: line 2, column 7: expected a JSON value, got "01}"'),
        ("[1] 2", 'f: line 1, column 5: expected the end of the file, got "2"'),
        ('["a\nb"]', "f: line 1, column 4: expected an escape such as \\n in a string"),
        ("[NaN]", "f: line 1, column 2: expected a JSON value, got NaN"),
        ("", "f: expected JSON, got an empty file"),
        ("[" * 2000, "f: line 1, column 251: expected at most 250 levels of nesting"),
    ],
)
def test_errors_say_line_and_column(text: str, message: str) -> None:
    """Nothing is repaired here."""
    with pytest.raises(UnreadableJson) as error:
        jsontext.loads(text, "f")
    assert str(error.value).startswith(message)


def test_lone_surrogates_are_read_as_javascript_does() -> None:
    """JSON allows them; n8n keeps them."""
    assert jsontext.loads('["\\ud83d"]') == ["\ud83d"]


def test_large_broken_texts_are_read_in_linear_time() -> None:
    """A hundred thousand repairs have their places, too."""
    parsed = jsonrepair.parse("[" + "[1,],\n" * 100_000 + "2]")
    assert len(parsed.value) == 100_001
    assert parsed.repairs[-1].place == "line 100000, column 3"
