"""The fuzzer's expressions, by a grammar of hostile JavaScript, and its items with odd values."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

WORDS: dict[str, str] = tomllib.loads(
    Path(__file__).with_name("fuzz.toml").read_text(encoding="utf-8")
)
NAMES, MEMBERS, ATOMS, PIECES = (
    WORDS[each].split() for each in ("names", "members", "atoms", "pieces")
)
SHAPES, BLOCKS, SLOW = (WORDS[each].splitlines() for each in ("shapes", "blocks", "slow"))
PIECES += [" ", "\n", "\u2028", "\0", "\ud800", "\ufeff", "}}", "{{", "{{ }}"]
PARAMETERS = ["", "x", "...x", "{ a, constructor: x }", "[x]", "x = this", "{ x = $json }", "$json"]
PATTERN_KEYS = ["a", "length", "'x y'", "constructor", "__proto__", "0"]
KEYS = [
    *("__proto__", "constructor", "prototype", "length", "toString", "hasOwnProperty", "valueOf"),
    *("toJSON", "then", "name", "0", "-1", "1e3", "n", "a", "b", "ok", "left", "json", "item"),
    *("$json", "é", "\U0001f600", "\ud800", "key.with.dots", "a[0]", "", " ", "line\nbreak"),
    *("quo'te\"`${x}", "}}", "{{"),
]
NUMBERS = [0, -0.0, 1, -1, 2**53 + 1, 2**64, 10**400, 1e308, 5e-324, float("nan"), -1e21]
TEXTS = ["", "a", "\ud800", "\0\u2028", "={{ 1 }}", "{{ 1 }}", "éé", "2024-02-30", "1e3"]


class Grammar:
    """Makes expressions and values, by chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def template(self) -> str:
        """A value of a parameter: one expression, or two with text around them."""
        first, second = (f"{{{{ {self.code(self.chance.randint(0, 4))} }}}}" for _ in range(2))
        if self.chance.random() < 0.75:
            return f"={first}"
        return f"=text {first}{self.chance.choice(PIECES)}{second}"

    def code(self, depth: int) -> str:
        """A JavaScript expression, nested so deep."""
        if depth <= 0:
            return self.chance.choice(self.chance.choice([NAMES, ATOMS]))
        shape = self.chance.choice(self.chance.choice([SHAPES, SHAPES, SHAPES, BLOCKS]))
        inner = [self.code(depth - self.chance.randint(1, 2)) for _ in range(3)]
        return shape.format(
            *inner,
            m=self.chance.choice(MEMBERS),
            k=self.chance.choice(PATTERN_KEYS),
            p=self.chance.choice(PARAMETERS),
        )

    def changed(self, text: str, others: Sequence[str]) -> str:
        """A real expression with pieces put in, taken out, doubled or taken from another."""
        text = text[:2000]
        for _ in range(self.chance.choice([0, 1, 1, 2, 3, 5])):
            text = self._change(text, others)
        return text if text.startswith("=") else f"={text}"

    def _change(self, text: str, others: Sequence[str]) -> str:
        start = self.chance.randrange(len(text) + 1)
        end = min(len(text), start + self.chance.randint(0, 12))
        before, middle, after = text[:start], text[start:end], text[end:]
        match self.chance.randrange(6):
            case 0:
                return before + self.chance.choice(PIECES) + middle + after
            case 1:
                return before + after
            case 2:
                return before + middle * 3 + after
            case 3:
                other = self.chance.choice(others)
                return before + other[self.chance.randrange(len(other)) :][:40] + after
            case 4:
                return before + self.code(2) + after
        return text.replace("$json", self.chance.choice(NAMES), 1)

    def key(self) -> str:
        """A field's or a node's name."""
        return self.chance.choice(KEYS)

    def json(self) -> dict[str, Any]:
        """The json of an item."""
        return {self.key(): self.value(3) for _ in range(self.chance.randint(0, 6))}

    def value(self, depth: int) -> Any:
        """A JSON value, now and then a huge or a deep one."""
        roll = self.chance.random()
        if roll < 0.002:
            return self._extreme()
        if depth and roll < 0.3:
            return {self.key(): self.value(depth - 1) for _ in range(self.chance.randint(0, 4))}
        if depth and roll < 0.5:
            return [self.value(depth - 1) for _ in range(self.chance.randint(0, 4))]
        return self.chance.choice([*NUMBERS, *TEXTS, None, True, False])

    def _extreme(self) -> Any:
        deep: Any = 1
        for _ in range(self.chance.choice([50, 500, 5000])):
            deep = [deep] if self.chance.random() < 0.5 else {"a": deep}
        return self.chance.choice([deep, "x" * 1_000_000, list(range(100_000)), "\ud800" * 10_000])
