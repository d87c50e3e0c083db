"""Templates x items -> values: in Python where that is enough, else in one call to V8."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from . import native
from .errors import ExpressionError, ExpressionTimeout
from .limits import Limits
from .native import Column, Constant
from .scanner import Expression
from .scope import Scope
from .template import Template, compile_template
from .values import UNDEFINED, DateText, DateTimeText

if TYPE_CHECKING:
    from .code import Code, CodeResult, Host
    from .session import Session

Errors = dict[int, list[ExpressionError]]
"""What failed, item by item, in the order of the parameters."""

_FIELD_END = re.compile(r"[.\[]")
_NUMBERS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


class Resolved:
    """
    The values of a template for items 0, 1, 2 ...: `resolved[i]`.

    An item whose expression failed raises its first ExpressionError, in the order of the
    parameters. `constant` says that the value is the same object for every item.
    """

    __slots__ = ("_build", "_columns", "_errors", "_value", "constant")

    def __init__(self, template: Template, columns: Sequence[Column], errors: Errors) -> None:
        self._build = template.build
        self._columns = columns
        self._errors = errors
        self.constant = not errors and all(isinstance(each, Constant) for each in columns)
        self._value: Any = template.build(columns, 0) if self.constant else None

    def __getitem__(self, item: int) -> Any:
        if self.constant:
            return self._value
        if self._errors and item in self._errors:
            raise self._errors[item][0]
        return self._build(self._columns, item)

    def fields(self, item: int) -> tuple[dict[str, Any], dict[str, ExpressionError]]:
        """
        For a template that is an object: the fields of its value for that item, and the errors of
        those that failed, by field.
        """
        if self.constant:
            return self._value, {}
        value: dict[str, Any] = self._build(self._columns, item)
        if not self._errors or item not in self._errors:
            return value, {}
        failed: dict[str, ExpressionError] = {}
        for error in self._errors[item]:
            field = _FIELD_END.split(error.parameter, maxsplit=1)[0]
            failed.setdefault(field, error)
            value.pop(field, None)
        return value, failed


class Evaluator:
    """
    Evaluates the expressions of one execution of a workflow; a context manager.

    The V8 context is made when the first expression needs one. `strict`: where n8n would silently
    go on with something undefined, or with text such as "[object Object]", an ExpressionError.
    """

    def __init__(self, *, limits: Limits | None = None, strict: bool = False) -> None:
        self.limits = limits or Limits()
        self.strict = strict
        self._session: Session | None = None
        self._closed = False
        self._lock = threading.RLock()

    def __enter__(self) -> Evaluator:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free what the evaluator holds in V8."""
        self._closed = True
        if self._session is not None:
            self._session.close()

    def resolve(self, value: Any, scope: Scope) -> Any:
        """
        The value with every expression in it replaced by its result, for item `scope.item_index`.

        Raises ExpressionError.
        """
        template = value if isinstance(value, Template) else compile_template(value)
        if template.is_static:
            return template.value
        return self._resolved(template, scope, scope.item_index, scope.item_index + 1)[0]

    def resolve_items(self, template: Template, scope: Scope, count: int) -> Resolved:
        """
        The template's values for items 0 to `count` - 1 of `scope.input`, at most one call to V8.

        Raises ExpressionTimeout when a limit is hit; other failures belong to their items.
        """
        return self._resolved(template, scope, 0, count)

    def _resolved(self, template: Template, scope: Scope, start: int, end: int) -> Resolved:
        if template.is_static:
            return Resolved(template, [], {})
        if start >= end:
            return Resolved(template, [[] for _ in template.expressions], {})
        stretch = range(start, end)
        columns = native.columns(template.expressions, scope, stretch, strict=self.strict)
        if columns is None:
            try:
                with self._lock:
                    return self._from_v8(template, scope, start, end)
            except ExpressionTimeout as error:
                if len(template.expressions) == 1:
                    error.expression = template.expressions[0].text
                    error.parameter = template.places[0]
                raise
        return Resolved(template, columns, self._native_errors(template, columns, scope, start))

    def _native_errors(
        self, template: Template, columns: list[Column], scope: Scope, start: int
    ) -> Errors:
        errors: Errors = {}
        for number, (expression, column) in enumerate(
            zip(template.expressions, columns, strict=True)
        ):
            if not expression.may_fail or isinstance(column, Constant):
                continue
            for item, value in enumerate(column):
                if isinstance(value, ExpressionError):
                    self._note(errors, template, number, scope, item, start + item, value)
        return errors

    def _v8(self) -> Session:
        """What the execution has in V8; none of that is imported before."""
        if self._closed:
            raise ExpressionError("the evaluator is closed")
        if self._session is None:
            from .session import Session

            self._session = Session(self.limits, strict=self.strict)
        return self._session

    def _from_v8(self, template: Template, scope: Scope, start: int, end: int) -> Resolved:
        columns: list[list[Any]] = [[] for _ in template.expressions]
        errors: Errors = {}
        first = start
        for answer in self._v8().evaluate(template.expressions, scope, start, end):
            for column, values, marks in zip(
                columns, answer["columns"], answer["marks"], strict=True
            ):
                for item, kind in marks:
                    values[item - first] = _marked(values[item - first], kind)
                column.extend(values)
            for number, item, failure in sorted(answer["errors"], key=lambda each: each[0]):
                error = ExpressionError(
                    failure["message"],
                    description=failure.get("description"),
                    hint=failure.get("hint"),
                )
                error.facts = failure
                self._note(errors, template, number, scope, item - start, item, error)
            first = answer["next"]
        return Resolved(template, columns, errors)

    def _note(
        self,
        errors: Errors,
        template: Template,
        number: int,
        scope: Scope,
        place: int,
        item: int,
        error: ExpressionError,
    ) -> None:
        from . import hints

        hints.explain(error, template.expressions[number], scope)
        error.node = scope.active
        error.expression = template.expressions[number].text
        error.parameter = template.places[number]
        error.item = item
        errors.setdefault(place, []).append(error)

    def run_code(self, code: Code, scope: Scope, host: Host) -> CodeResult:
        """
        Run the JavaScript of a Code node on the input of the scope.

        Raises CodeError, ExpressionTimeout.
        """
        from .code import run

        return run(code, scope, host, self.limits)

    def describe(self, expression: Expression, scope: Scope) -> dict[str, Any]:
        """An expression's value and its JavaScript type, for `evaluate_lines`."""
        start = scope.item_index
        with self._lock:
            (answer,) = self._v8().evaluate([expression], scope, start, start + 1, describe=True)
        if answer["errors"]:
            return {"error": answer["errors"][0][2]}
        found: dict[str, Any] = answer["columns"][0][0]
        return found


def _marked(value: Any, kind: str) -> Any:
    """A value that JSON had no word for."""
    if kind == "undefined":
        return UNDEFINED
    if kind == "DateTime":
        return None if value is None else DateTimeText(value)
    if kind == "Date":
        return None if value is None else DateText(value)
    if kind == "bigint":
        return int(value)
    return _NUMBERS[kind]
