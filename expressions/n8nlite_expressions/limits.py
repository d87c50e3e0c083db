"""How much an expression may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """
    Limits of JavaScript: `timeout` in seconds for one expression of one item, `memory` in bytes of
    V8's heap, `result` in characters of JSON for what one call returns, `resident` in bytes of JSON
    for the items that V8 keeps at a time.
    """

    timeout: float = 5.0
    memory: int = 512 << 20
    result: int = 256 << 20
    resident: int = 96 << 20
