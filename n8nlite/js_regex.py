"""
JavaScript's regular expressions, run by the `regex` library with a limit on their time.

https://developer.mozilla.org/docs/Web/JavaScript/Guide/Regular_expressions
"""

from __future__ import annotations

import re
from functools import lru_cache

import regex

from n8nlite.errors import NodeError

SECONDS = 2.0
"""How long one search may take: patterns and texts come from outside."""

_FLAGS = {"i": regex.IGNORECASE, "m": regex.MULTILINE, "s": regex.DOTALL}
_WITH_FLAGS = re.compile(r"/(.*)/([dgimsuvy]*)\Z", re.S)
_TOKEN = re.compile(
    r"""(?P<escape>\\(?:u\{[0-9a-fA-F]+\}|k<[^>]*>|c[A-Za-z]|[pP]\{[^}]*\}|.))"""
    r"""|(?P<any>\[\^\])|(?P<never>\[\])|(?P<named>\(\?<(?![=!]))|(?P<char>.)""",
    re.S,
)
_REFERENCE = re.compile(r"\$(\$|&|`|'|\d\d?|<[^>]*>)")
_REASONS = {
    "unterminated character set": "Unterminated character class",
    "missing )": "Unterminated group",
    "unbalanced parenthesis": "Unmatched ')'",
    "nothing to repeat": "Nothing to repeat",
    "multiple repeat": "Nothing to repeat",
    "bad escape (end of pattern)": "\\ at end of pattern",
}
_ESCAPES = {
    r"\d": "0-9",
    r"\w": "A-Za-z0-9_",
    r"\s": r" \t\n\r\v\f\xa0\ufeff\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000",
}


@lru_cache(maxsize=512)
def compiled(pattern: str, flags: str = "") -> regex.Pattern[str]:
    """
    The pattern, ready to search with.

    Raises NodeError where JavaScript finds a syntax error.
    """
    bits = regex.V0
    for flag in flags:
        bits |= _FLAGS.get(flag, 0)
    try:
        return regex.compile(_translate(pattern, "m" in flags), bits)
    except regex.error as error:
        reason = str(error).partition(" at position")[0]
        raise NodeError(
            f"Invalid regular expression: /{pattern}/{flags}: {_REASONS.get(reason, reason)}"
        ) from None


def from_text(text: str) -> regex.Pattern[str]:
    """A pattern as n8n's fields take it: `a+b`, or `/a+b/i` with flags."""
    match = _WITH_FLAGS.match(text)
    return compiled(match[1], match[2]) if match else compiled(text)


def found(pattern: regex.Pattern[str], text: str) -> bool:
    """Whether the pattern occurs in the text. Raises NodeError if that takes too long."""
    try:
        return pattern.search(text, timeout=SECONDS) is not None
    except TimeoutError:
        raise _too_slow() from None


def replaced(pattern: regex.Pattern[str], template: str, text: str) -> str:
    """
    The text with the first match replaced; the template has JavaScript's `$1`, `$&`, `$<name>`.

    Raises NodeError if that takes too long.
    """
    try:
        match = pattern.search(text, timeout=SECONDS)
    except TimeoutError:
        raise _too_slow() from None
    if match is None:
        return text
    filled = _REFERENCE.sub(lambda found: _referred(found[1], match), template)
    return text[: match.start()] + filled + text[match.end() :]


def _referred(name: str, match: regex.Match[str]) -> str:
    """What `$name` of a template stands for."""
    if name in "$&`'":
        whole = match.string
        before, after = whole[: match.start()], whole[match.end() :]
        return {"$": "$", "&": match[0], "`": before, "'": after}[name]
    if name.startswith("<"):
        named = match.groupdict()
        return f"${name}" if not named else named.get(name[1:-1]) or ""
    if 0 < int(name) <= len(match.groups()):
        return match[int(name)] or ""
    if len(name) == 2 and 0 < int(name[0]) <= len(match.groups()):
        return (match[int(name[0])] or "") + name[1]
    return f"${name}"


def _too_slow() -> NodeError:
    return NodeError(f"The regular expression took longer than {SECONDS:g} s")


def _translate(pattern: str, multiline: bool) -> str:
    out: list[str] = []
    in_class = False
    for match in _TOKEN.finditer(pattern):
        kind, token = match.lastgroup, match.group()
        if kind == "escape":
            out.append(_escape(token, in_class))
        elif in_class:
            in_class = token != "]"
            out.append(rf"\{token}" if token in "[&~|" else token)
        elif kind == "any":
            out.append(r"[\s\S]")
        elif kind == "never":
            out.append(r"(?!)")
        elif kind == "named":
            out.append("(?P<")
        elif token == "[":
            in_class = True
            out.append(token)
        elif token == "$" and not multiline:
            out.append(r"\Z")
        else:
            out.append(token)
    return "".join(out)


def _escape(token: str, in_class: bool) -> str:
    body = _ESCAPES.get(token.lower())
    if body and token.islower():
        return body if in_class else f"[{body}]"
    if body and not in_class:
        return f"[^{body}]"
    if token.startswith(r"\u{"):
        return re.escape(chr(min(int(token[3:-1], 16), 0x10FFFF)))
    if token.startswith(r"\k<"):
        return f"(?P={token[3:-1]})"
    if token.startswith(r"\c") and len(token) == 3:
        return re.escape(chr(ord(token[2]) % 32))
    if token[1] in "/-" or (token[1].isalpha() and token[1] not in "bBDSWnrtvfxupP"):
        return re.escape(token[1])
    return token
