"""
Everything that n8nlite raises:

* Error
  + ExpressionError         an expression failed, with its text and place
    - ExpressionTimeout     it ran longer, or took more memory, than its limits allow

`n8nlite.errors` continues the tree.
"""

from __future__ import annotations


class Error(Exception):
    """Base of everything n8nlite raises."""


class ExpressionError(Error):
    """
    An expression failed.

    `message` is n8n's own first line, `expression` the text as written in the workflow, `parameter`
    the path of the parameter it stands in, `description` n8n's second line, if it has one, `hint`
    what n8nlite can say besides.
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
    ) -> None:
        super().__init__(message)
        self.message = message
        self.expression = expression
        self.parameter = parameter
        self.description = description
        self.hint = hint
        self.item = item


class ExpressionTimeout(ExpressionError):
    """An expression ran longer, or took more memory, than its limits allow."""
