"""
Rename Keys: fields with other names.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.renamekeys/
"""

from __future__ import annotations

from typing import Any

import regex

from n8nlite import javascript, js_regex
from n8nlite.context import Context
from n8nlite.node import Item, ItemNode
from n8nlite.paths import get_path, set_path, unset_path

_MISSING: Any = object()


class RenameKeys(ItemNode, type="n8n-nodes-base.renameKeys", versions=(1,), plain=True):
    """Give fields of every item other names."""

    keys: Any = {}
    additional_options: Any = {}

    def run(self, item: Item, ctx: Context) -> Item:
        json = dict(item.json)
        for pair in (self.keys or {}).get("key") or ():
            old, new = (javascript.text(pair.get(key, "")) for key in ("currentKey", "newKey"))
            value = get_path(item.json, old, _MISSING) if old and new and old != new else _MISSING
            if value is not _MISSING:
                set_path(json, new, value)
                unset_path(json, old)
        patterns = (self.additional_options or {}).get("regexReplacement") or {}
        for replacement in patterns.get("replacements") or ():
            options = replacement.get("options") or {}
            pattern = js_regex.compiled(
                javascript.text(replacement.get("searchRegex", "")),
                "i" if options.get("caseInsensitive") else "",
            )
            template = javascript.text(replacement.get("replaceRegex", ""))
            json = _renamed(json, pattern, template, options.get("depth", -1))
        return Item(json, item.binary)


def _renamed(value: Any, pattern: regex.Pattern[str], template: str, depth: float) -> Any:
    """The value with its keys replaced, `depth` levels down (-1: all); what changes goes last."""
    if isinstance(value, list):
        return [_renamed(each, pattern, template, depth - 1) for each in value] if depth else value
    if not isinstance(value, dict):
        return value
    kept: dict[str, Any] = {}
    moved: dict[str, Any] = {}
    for key, each in value.items():
        inner = _renamed(each, pattern, template, depth - 1) if depth else each
        name = js_regex.replaced(pattern, template, key)
        (kept if name == key else moved)[name] = inner
    return kept | moved
