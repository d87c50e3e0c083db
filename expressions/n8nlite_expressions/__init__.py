"""n8n's `={{ … }}` expressions. Knows nothing of workflows or nodes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .code import Code as Code
    from .code import CodeError as CodeError
    from .code import CodeResult as CodeResult
    from .errors import Error as Error
    from .errors import ExpressionError as ExpressionError
    from .errors import ExpressionTimeout as ExpressionTimeout
    from .evaluator import Evaluator as Evaluator
    from .evaluator import Resolved as Resolved
    from .limits import Limits as Limits
    from .scanner import is_expression as is_expression
    from .scope import Item as Item
    from .scope import NodeData as NodeData
    from .scope import Pair as Pair
    from .scope import Run as Run
    from .scope import Scope as Scope
    from .scope import Source as Source
    from .template import Template as Template
    from .template import compile_template as compile_template
    from .values import UNDEFINED as UNDEFINED
    from .values import DateText as DateText
    from .values import DateTimeText as DateTimeText
    from .values import Undefined as Undefined

_HOMES = {
    "UNDEFINED": "values",
    "Code": "code",
    "CodeError": "code",
    "CodeResult": "code",
    "DateText": "values",
    "DateTimeText": "values",
    "Error": "errors",
    "Evaluator": "evaluator",
    "ExpressionError": "errors",
    "ExpressionTimeout": "errors",
    "Item": "scope",
    "Limits": "limits",
    "NodeData": "scope",
    "Pair": "scope",
    "Resolved": "evaluator",
    "Run": "scope",
    "Scope": "scope",
    "Source": "scope",
    "Template": "template",
    "Undefined": "values",
    "compile_template": "template",
    "is_expression": "scanner",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'n8nlite_expressions' has no attribute {name!r}")
    return getattr(import_module(f"n8nlite_expressions.{_HOMES[name]}"), name)
