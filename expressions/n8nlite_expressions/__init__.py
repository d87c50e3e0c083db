"""n8n's `={{ … }}` expressions. Knows nothing of workflows or nodes."""

from .code import Code, CodeError, CodeResult
from .errors import Error, ExpressionError, ExpressionTimeout
from .evaluator import Evaluator, Resolved
from .limits import Limits
from .scanner import is_expression
from .scope import Item, NodeData, Pair, Run, Scope, Source
from .template import Template, compile_template
from .values import UNDEFINED, DateText, DateTimeText, Undefined

__all__ = [
    "UNDEFINED",
    "Code",
    "CodeError",
    "CodeResult",
    "DateText",
    "DateTimeText",
    "Error",
    "Evaluator",
    "ExpressionError",
    "ExpressionTimeout",
    "Item",
    "Limits",
    "NodeData",
    "Pair",
    "Resolved",
    "Run",
    "Scope",
    "Source",
    "Template",
    "Undefined",
    "compile_template",
    "is_expression",
]
