"""What JavaScript has and JSON lacks: `undefined`, and dates that know they are dates."""

from __future__ import annotations

from typing import Any, Final


class Undefined:
    """JavaScript's `undefined`; there is one, `UNDEFINED`. It is false, and no JSON value."""

    __slots__ = ()
    _one: Undefined | None = None

    def __new__(cls) -> Undefined:
        if cls._one is None:
            cls._one = super().__new__(cls)
        return cls._one

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNDEFINED"

    def __copy__(self) -> Undefined:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Undefined:
        return self

    def __reduce__(self) -> str:
        return "UNDEFINED"


UNDEFINED: Final = Undefined()


class DateTimeText(str):
    """A result that was a Luxon DateTime: ISO text with its zone's offset."""

    __slots__ = ()


class DateText(str):
    """A result that was a JavaScript Date: ISO text in UTC."""

    __slots__ = ()
