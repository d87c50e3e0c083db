"""Text on its way to a terminal."""

from __future__ import annotations


def plain(text: str) -> str:
    """One line, with blanks for what is not printed: a terminal would take it for commands."""
    return "".join(each if each.isprintable() else " " for each in text)
