"""Where the `{{ }}` of a text are, and which of them hold plain paths."""

from __future__ import annotations

import pytest

from n8nlite_expressions.scanner import Code, Path, is_expression, path_of, scan, split


@pytest.mark.parametrize(
    ("text", "chunks"),
    [
        ("", [""]),
        ("plain }} text", ["plain }} text"]),
        ("{{ 1 }}", [Code(" 1 ")]),
        ("a {{ 1 }}{{2}} b", ["a ", Code(" 1 "), Code("2"), " b"]),
        ("{{ {a: {b: 1}} }}", [Code(" {a: {b: 1"), " }}"]),
        ("{{ '\\}}' }}", [Code(" '}}' ")]),
        ("\\{{ 1 }}", ["\\{{ 1 }}"]),
        ("\\\\{{ 1 }}", ["\\", Code(" 1 ")]),
        ("a\\\\b {{ 1 }} c\\\\d", ["a\\b ", Code(" 1 "), " c\\\\d"]),
        ("a {{ 1", ["a ", Code(" 1")]),
        ("a {{ 1 }} b {{", ["a ", Code(" 1 "), " b "]),
        ("{{}}", [Code("")]),
    ],
)
def test_split(text: str, chunks: list[str | Code]) -> None:
    """Text and code in order; escapes, and code that is never closed."""
    assert split(text) == chunks


@pytest.mark.parametrize(
    ("code", "path"),
    [
        (" $json.a.b ", Path("$json", ("a", "b"))),
        ("$json['a b'][0]?.c;", Path("$json", ("a b", 0, "c"))),
        ("$json\n  .a", Path("$json", ("a",))),
        ("$input.item.json.a", Path("$json", ("a",))),
        ("$input.first().json", Path("$first")),
        ("$('A node').item.json.a", Path("item", ("a",), "A node")),
        ('$("A").first().json["x"]', Path("first", ("x",), "A")),
        ("$('A').last().json.x", Path("last", ("x",), "A")),
        ('$node["A"].json.x', Path("same", ("x",), "A")),
        ("$node.A.json.x", Path("same", ("x",), "A")),
        ("$itemIndex", Path("$itemIndex")),
    ],
)
def test_plain_path(code: str, path: Path) -> None:
    """What Python evaluates by itself."""
    assert path_of(code) == path


@pytest.mark.parametrize(
    "code",
    [
        "$json.a + 1",
        "$json.a()",
        "$json[key]",
        "$json.a /* c */",
        "$json.constructor",
        "$json['__proto__']",
        "$('A').all().json",
        "$('A').item.binary.x",
        "$input.all()",
        "$(name).item.json",
        "$json['a\\'b']",
        "json.a",
        "$now",
        "",
    ],
)
def test_javascript(code: str) -> None:
    """What goes to V8."""
    assert path_of(code) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [("={{ 1 }}", True), ("=", True), (" =a", False), ("a", False), (1, False)],
)
def test_is_expression(value: object, expected: bool) -> None:
    """Strings that begin with `=`, and nothing else."""
    assert is_expression(value) is expected


def test_node_names() -> None:
    """The nodes a text names literally, in every spelling."""
    text = "={{ $('A').item + $node[\"B\"].json + $node.C.json + $items('D') + $(name) + '$' }}"
    assert scan(text).node_names == {"A", "B", "C", "D"}


def test_angle_brackets_spanning_the_whole_value() -> None:
    """`=<< code >>` is another spelling of `={{ code }}`; a part of a text it is not."""
    assert scan("=<< $json.a >>").chunks == (Code(" $json.a "),)
    assert scan("=a << 1 >>").chunks == ("a << 1 >>",)
