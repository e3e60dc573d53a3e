"""Python's operators, in terms of the table: for whatever an operation can be applied to."""

from __future__ import annotations

from typing import Any, Self

from autograd.rules.arithmetic import abs, add, div, mul, neg, pow, sub
from autograd.rules.rounding import floor_divide, remainder, round


class Operators:
    """What gives nodes and symbols their ``+ - * / // % **``, and Python's ``abs divmod round``."""

    __slots__ = ()

    def __add__(self, other: Any) -> Self:
        return add(self, other)

    def __radd__(self, other: Any) -> Self:
        # `sum([...])` starts from the integer 0: that first sum is what is added.
        return self if other.__class__ is int and other == 0 else add(other, self)

    def __sub__(self, other: Any) -> Self:
        return sub(self, other)

    def __rsub__(self, other: Any) -> Self:
        return sub(other, self)

    def __mul__(self, other: Any) -> Self:
        return mul(self, other)

    def __rmul__(self, other: Any) -> Self:
        return mul(other, self)

    def __truediv__(self, other: Any) -> Self:
        return div(self, other)

    def __rtruediv__(self, other: Any) -> Self:
        return div(other, self)

    def __floordiv__(self, other: Any) -> Self:
        return floor_divide(self, other)

    def __rfloordiv__(self, other: Any) -> Self:
        return floor_divide(other, self)

    def __mod__(self, other: Any) -> Self:
        return remainder(self, other)

    def __rmod__(self, other: Any) -> Self:
        return remainder(other, self)

    def __divmod__(self, other: Any) -> tuple[Self, Self]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Self, Self]:
        return other // self, other % self

    def __pow__(self, other: Any) -> Self:
        return pow(self, other)

    def __rpow__(self, other: Any) -> Self:
        return pow(other, self)

    def __neg__(self) -> Self:
        return neg(self)

    def __pos__(self) -> Self:
        return self

    def __abs__(self) -> Self:
        return abs(self)

    def __round__(self, digits: int | None = None) -> Self:
        return round(self, digits or 0)
