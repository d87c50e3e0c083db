"""Rename Keys: fields under other names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import regex

from n8nlite import javascript, js_regex
from n8nlite.node import Item, ItemNode
from n8nlite.paths import get_path, has_path, set_path, unset_path

if TYPE_CHECKING:
    from n8nlite.context import Context


class RenameKeys(ItemNode, type="n8n-nodes-base.renameKeys", versions=(1,), plain=True):
    """Rename fields one by one, then all whose names match patterns."""

    keys: dict[str, Any] = {}
    additional_options: dict[str, Any] = {}

    def run(self, item: Item, ctx: Context) -> Item:
        json = dict(item.json)
        for pair in self.keys.get("key") or ():
            old, new = str(pair.get("currentKey") or ""), str(pair.get("newKey") or "")
            if old and new and old != new and has_path(item.json, old):
                set_path(json, new, get_path(item.json, old))
                unset_path(json, old)
        for each in self._replacements():
            options = each.get("options") or {}
            pattern = js_regex.compiled(
                str(each.get("searchRegex") or ""), "i" if options.get("caseInsensitive") else ""
            )
            depth = int(javascript.number(options.get("depth", -1)))
            json = _renamed(json, pattern, str(each.get("replaceRegex") or ""), depth)
        return Item(json, item.binary)

    def _replacements(self) -> Sequence[Mapping[str, Any]]:
        found = self.additional_options.get("regexReplacement") or {}
        return found.get("replacements") or ()


def _renamed(data: Any, pattern: regex.Pattern[str], template: str, depth: int) -> Any:
    """The data with other names, down to a depth (-1: everywhere); renamed fields come last."""
    if isinstance(data, list):
        return (
            data if depth == 0 else [_renamed(each, pattern, template, depth - 1) for each in data]
        )
    if not isinstance(data, dict):
        return data
    kept: dict[str, Any] = {}
    moved: dict[str, Any] = {}
    for name, value in data.items():
        inner = value if depth == 0 else _renamed(value, pattern, template, depth - 1)
        renamed = js_regex.replaced(pattern, template, name)
        (kept if renamed == name else moved)[renamed] = inner
    return {**kept, **moved}
