"""
Everything that n8nlite raises:

* Error
  + ExpressionError         an expression failed, with its text and place
    - ExpressionTimeout     it ran longer, or took more memory, than its limits allow

`n8nlite.errors` continues the tree.
"""

from __future__ import annotations

from typing import Any

_WIDEST = 100  # columns of an expression that a view shows up to its carets


class Error(Exception):
    """Base of everything n8nlite raises."""


class ExpressionError(Error):
    """
    An expression failed.

    `message` is n8n's own first line (in strict mode also n8nlite's), `description` n8n's second
    line, if it has one. `node` and `parameter` are where it stands, `item` the index of the item,
    `expression` the text as written in the workflow, `span` the start and end of the failing part
    in it. `hint` says what to do about it, `preview` shows the value that a part was missing from.
    """

    def __init__(
        self,
        message: str,
        *,
        expression: str = "",
        parameter: str = "",
        description: str | None = None,
        hint: str | None = None,
        item: int | None = None,
        span: tuple[int, int] | None = None,
        preview: str | None = None,
        node: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.expression = expression
        self.parameter = parameter
        self.description = description
        self.hint = hint
        self.item = item
        self.span = span
        self.preview = preview
        self.node = node
        self.facts: dict[str, Any] = {}  # what a hint is made from

    @property
    def line(self) -> int | None:
        """The line of the expression in which the failing part begins, from 1."""
        return None if self.span is None else self.expression.count("\n", 0, self.span[0]) + 1

    @property
    def column(self) -> int | None:
        """The column in that line, from 1."""
        if self.span is None:
            return None
        return self.span[0] - self.expression.rfind("\n", 0, self.span[0])

    def view(self) -> str:
        """The line of the expression with carets under the failing part; empty when unknown."""
        if self.span is None or self.line is None or self.column is None:
            return ""
        line = self.expression.split("\n")[self.line - 1]
        start = self.column - 1
        width = max(1, min(self.span[1] - self.span[0], len(line) - start))
        cut = max(0, start + width - _WIDEST) if start + width > _WIDEST else 0
        shown = line[cut : cut + _WIDEST + 20].replace("\t", " ")
        return f"{shown}\n{' ' * (start - cut)}{'^' * width}"


class ExpressionTimeout(ExpressionError):
    """An expression ran longer, or took more memory, than its limits allow."""
