"""
Everything that n8nlite raises (the root and the first branch come from `n8nlite_expressions`):

* Error
  + ExpressionError             an expression failed
    - ExpressionTimeout         it ran longer, or took more memory, than its limits allow
  + WorkflowError               a workflow cannot be read or run as written
    - UnreadableWorkflow        the file is no n8n workflow: file, place, expected, got
    - UnknownNode               no class for this type, version or operation
  + InputError                  items, mocks, credentials or settings given by the caller are wrong
    - UnreadableJson            the text is no JSON: file, place, expected, got
  + NodeError                   a node failed; knows the node and the item
    - ApiError                  a service answered with an error; knows the HTTP status
    - CredentialError           a node's credential is missing or incomplete
    - RequestRefused            the network door let nothing through: no mock, or offline
  + Canceled                    the run was stopped from outside
"""

from __future__ import annotations

from typing import Any

from n8nlite_expressions.errors import Error as Error
from n8nlite_expressions.errors import ExpressionError as ExpressionError
from n8nlite_expressions.errors import ExpressionTimeout as ExpressionTimeout


class WorkflowError(Error):
    """A workflow cannot be read or run as written."""


class UnreadableWorkflow(WorkflowError):
    """The file is no n8n workflow; its text is one line: file, place, expected, got."""

    def __init__(self, file: str, place: str, expected: str, got: str) -> None:
        self.file, self.place, self.expected, self.got = file, place, expected, got
        where = f"{file}: {place}" if place else file
        super().__init__(f"{where}: expected {expected}, got {got}")


class UnknownNode(WorkflowError):
    """No node class for this type, version or operation."""


class InputError(Error):
    """Items, mocks, credentials or settings given by the caller are wrong."""


class UnreadableJson(InputError):
    """The text is no JSON; its own text is one line: file, line and column, expected, got."""

    def __init__(self, file: str, place: str, expected: str, got: str) -> None:
        self.file, self.place, self.expected, self.got = file, place, expected, got
        where = f"{file}: {place}" if place else file
        super().__init__(f"{where}: expected {expected}, got {got}")


class NodeError(Error):
    """
    A node failed while running.

    `name` is what n8n calls the error, `description` its second line, `item` the index of the item
    at fault, `hint` what n8nlite says besides n8n's words. `origin` is the expression's own error
    where one failed: it knows the parameter, the text and the place in it. The engine fills in
    `node` and `item`; nodes raise with a message alone.
    """

    name = "NodeOperationError"
    stops = False
    """Whether the run ends here, whatever the node's error setting says."""

    def __init__(
        self,
        message: str,
        *,
        description: str | None = None,
        node: str = "",
        item: int | None = None,
        context: dict[str, Any] | None = None,
        name: str | None = None,
        hint: str | None = None,
        origin: ExpressionError | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.description = description
        self.hint = hint
        self.origin = origin
        self.node = node
        self.item = item
        self.context = context or {}
        self.name = name or type(self).name

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        if not self.node:
            return f"{self.message}{hint}"
        item = "" if self.item is None else f" [item {self.item}]"
        return f"'{self.node}'{item}: {self.message}{hint}"

    def details(self) -> str:
        """
        Lines to print below: n8n's description, the parameter, the expression with carets under
        the failing part, the value that something was missing from. Empty when there are none.
        """
        lines = [self.description] if self.description else []
        if self.origin is not None:
            if self.origin.parameter:
                lines.append(f"parameter {self.origin.parameter}:")
            lines += [f"  {line}" for line in self.origin.view().splitlines()]
            if self.origin.preview:
                lines.append(f"  {self.origin.preview}")
        return "\n".join(lines)


class ApiError(NodeError):
    """A service answered with an error; `http_code` is its status as text, as n8n has it."""

    name = "NodeApiError"

    def __init__(
        self,
        message: str,
        *,
        http_code: str | None = None,
        messages: list[str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message, **more)
        self.http_code = http_code
        self.messages = messages or []


class CredentialError(NodeError):
    """A node's credential is missing or incomplete."""


class RequestRefused(NodeError):
    """The network door let a request not through: no mock fits it, or the run is offline."""

    stops = True


class Canceled(Error):
    """The run was stopped from outside."""

    stops = True
