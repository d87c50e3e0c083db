"""JavaScript's regular expressions."""

from __future__ import annotations

import pytest

from n8nlite import js_regex
from n8nlite.errors import NodeError


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "expected"),
    [
        ("a$", "", "a\n", False),
        ("a$", "m", "a\nb", True),
        (".", "", "\n", False),
        (".", "s", "\n", True),
        ("[^]", "", "\n", True),
        ("[]", "", "a", False),
        (r"\d", "", "٣", False),
        (r"\w", "", "é", False),
        (r"[\w-]+@[^\s@]+", "", "a-b@c", True),
        (r"\s", "", "\ufeff", True),
        ("[[a]", "", "[", True),
        ("[a&&b]", "", "&", True),
        (r"\u{1F600}", "u", "😀", True),
        ("(?<!a+)b", "", "aab", False),
        (r"\/", "", "/", True),
        (r"\-", "", "-", True),
        (r"\cJ", "", "\n", True),
    ],
)
def test_means_what_javascript_means(pattern: str, flags: str, text: str, expected: bool) -> None:
    assert js_regex.found(js_regex.compiled(pattern, flags), text) is expected


@pytest.mark.parametrize("pattern", ["(", "[", "a{2,1}", "*", "a**", ")"])
def test_syntax_errors(pattern: str) -> None:
    with pytest.raises(NodeError, match=r"^Invalid regular expression: /"):
        js_regex.compiled(pattern)


def test_takes_no_longer_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern that backtracks without end is stopped."""
    monkeypatch.setattr(js_regex, "SECONDS", 0.05)
    with pytest.raises(NodeError, match="took longer than"):
        js_regex.found(js_regex.compiled(r"^(a|aa|a?b?)*$"), "a" * 60 + "!")


@pytest.mark.parametrize(
    ("pattern", "template", "expected"),
    [
        ("b", "-", "a-cab"),
        ("(?<x>b)(c)", "$2$1$<x>$&$$", "acbbbc$ab"),
        ("b(c)", "[$`|$'|$2|$10|$0]", "a[a|ab|$2|c0|$0]ab"),
        ("q", "-", "abcab"),
        ("b(z)?", "<$1>", "a<>cab"),
        ("b", "$<x>", "a$<x>cab"),
    ],
)
def test_replaces_the_first_match(pattern: str, template: str, expected: str) -> None:
    assert js_regex.replaced(js_regex.compiled(pattern), template, "abcab") == expected
