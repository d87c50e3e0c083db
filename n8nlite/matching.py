"""Whether a request is the one that a mock expects: tolerant of order, spelling and type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

import orjson

if TYPE_CHECKING:
    import httpx

Pairs = list[tuple[str, str]]


class Incoming:
    """A request, taken apart for comparison."""

    def __init__(self, request: httpx.Request) -> None:
        self.method = request.method
        self.url = str(request.url).partition("?")[0].partition("#")[0]
        self.query = _pairs(request.url.query.decode())
        self.headers = request.headers
        self.content = request.read()

    @cached_property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8", "replace")

    @cached_property
    def json(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return orjson.loads(self.content)
        except orjson.JSONDecodeError:
            return None

    @cached_property
    def form(self) -> Pairs:
        """The body as a form."""
        return _pairs(self.text)


def url_fits(expected: Any, url: str) -> bool:
    """A text (a closing `/` and percent-encoding aside), `{"$regex"}`, or `[base, {"$regex"}]`."""
    if isinstance(expected, list):
        base, path = expected
        return url.startswith(base) and _value_fits(path, url[len(base) :].lstrip("/"))
    if isinstance(expected, Mapping):
        return _value_fits(expected, url)
    return _plain(str(expected)) == _plain(url)


def query_fits(expected: Any, query: Pairs) -> bool:
    """True: any; a text or an object: exactly these parameters, in any order."""
    if expected is True:
        return True
    if isinstance(expected, str):
        return sorted(_pairs(expected)) == sorted(query)
    return _form_fits(expected or {}, query)


def headers_fit(expected: Mapping[str, Any], headers: Mapping[str, str]) -> bool:
    """All of these headers are there; others may be."""
    return all(
        name.lower() in headers and _value_fits(value, headers[name.lower()])
        for name, value in expected.items()
    )


def body_fits(expected: Any, request: Incoming) -> bool:
    """An object: the JSON or form it says; a text: that text, its JSON, or the same multipart."""
    if expected is None or expected == "":
        return not request.content or request.json in (None, {}, "")
    if isinstance(expected, Mapping) and ("$matcher" in expected or "$regex" in expected):
        return _value_fits(expected, request.text)
    if isinstance(expected, str):
        return _text_fits(expected, request)
    if request.json is not None and _value_fits(expected, request.json):
        return True
    return isinstance(expected, Mapping) and _form_fits(expected, request.form)


def _text_fits(expected: str, request: Incoming) -> bool:
    if expected == request.text or _unbound(expected) == _unbound(request.text):
        return True
    try:
        return _value_fits(orjson.loads(expected), request.json)
    except orjson.JSONDecodeError:
        return bool(request.form) and sorted(_pairs(expected)) == sorted(request.form)


def _value_fits(expected: Any, got: Any) -> bool:
    if isinstance(expected, Mapping):
        if "$matcher" in expected:
            return True
        if "$regex" in expected:
            return re.search(str(expected["$regex"]), str(got)) is not None
        return (
            isinstance(got, Mapping)
            and expected.keys() == got.keys()
            and all(_value_fits(value, got[key]) for key, value in expected.items())
        )
    if isinstance(expected, list):
        return (
            isinstance(got, list)
            and len(expected) == len(got)
            and all(map(_value_fits, expected, got))
        )
    if isinstance(expected, bool) or isinstance(got, bool):
        return str(expected).lower() == got if isinstance(got, str) else expected is got
    return expected == got or (isinstance(got, str) and _text(expected) == got)


def _form_fits(expected: Mapping[str, Any], got: Pairs) -> bool:
    wanted = sorted(_flat(expected), key=lambda pair: pair[0])
    have = sorted(((_plain_key(key), value) for key, value in got), key=lambda pair: pair[0])
    return [key for key, _ in wanted] == [key for key, _ in have] and all(
        _value_fits(value, text) for (_, value), (_, text) in zip(wanted, have, strict=True)
    )


def _flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """`{a: [1, 2], b: {c: 3}}` -> a 1, a 2, b[c] 3."""
    for key, inner in value.items():
        name = f"{prefix}[{key}]" if prefix else _plain_key(str(key))
        if isinstance(inner, Mapping) and not {"$regex", "$matcher"} & inner.keys():
            yield from _flat(inner, name)
        elif isinstance(inner, list):
            for one in inner:
                yield from _flat({"": one}, name) if isinstance(one, Mapping) else [(name, one)]
        else:
            yield name, inner


def _plain_key(key: str) -> str:
    """`a[]`, `a[0]` -> `a`: ways to spell a list."""
    return re.sub(r"\[\d*\]", "", key)


def _pairs(text: str) -> Pairs:
    return parse_qsl(text, keep_blank_values=True)


def _plain(url: str) -> str:
    return unquote(url).rstrip("/")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _unbound(text: str) -> str:
    """A multipart body without the chance part of it, its boundary."""
    found = re.match(r"--([^\r\n]+)\r?\n", text)
    return text.replace(found[1], "").replace("\r\n", "\n") if found else text
