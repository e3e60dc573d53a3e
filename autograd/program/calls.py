"""Expressions as calls of NumPy that may write their result somewhere."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.op import TABLE, Op
from autograd.symbol import Symbol, render


@dataclass(frozen=True)
class Call:
    """A call of a function to which ``out=`` may be added, as to those of NumPy."""

    function: str
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.function}({', '.join(self.arguments)})"

    def into(self, out: str) -> str:
        """The same, written somewhere."""
        return f"{self.function}({', '.join(self.arguments)}, out={out})"

    def trusting(self) -> Call | None:
        """The same in half the time where no number is infinite, if there is such a thing."""
        if self.function == "unless":
            mask, x = self.arguments
            return numpy_call("multiply", x, numpy_call("logical_not", mask))
        if self.function == "where_only":
            mask, x = self.arguments
            return numpy_call("multiply", x, mask)
        return None


def numpy_call(function: str, *arguments: object) -> Call:
    """A call of a function of NumPy."""
    return Call(f"np.{function}", tuple(map(str, arguments)))


def call_of(x: Any) -> Call | str:
    """How an expression is computed: by one function that can write elsewhere, if it is."""
    if isinstance(x, (Call, str)):
        return x
    if not isinstance(x, Symbol) or x.op is None or x.params:
        return render(x, "array code")
    parts = tuple(render(operand, "array code") for operand in x.operands)
    if isinstance(x.op.array, np.ufunc):
        return numpy_call(x.op.array.__name__, *parts)
    if x.op is TABLE["relu"]:  # without the function around it
        return numpy_call("maximum", *parts, "0.0")
    if can_write(x.op):
        return Call(x.op.name, parts)
    if x.op is TABLE["where"] and _is_mask(x.operands[0]):
        if x.operands[1].__class__ is float and x.operands[1] == 0.0:
            return Call("unless", (parts[0], parts[2]))
        if x.operands[2].__class__ is float and x.operands[2] == 0.0:
            return Call("where_only", (parts[0], parts[1]))
    return render(x, "array code")


@functools.cache
def can_write(op: Op) -> bool:
    """Whether the forward function of an operation takes ``out=``."""
    return isinstance(op.array, np.ufunc) or "out" in inspect.signature(op.array).parameters


def operations(x: Any) -> Iterator[Op]:
    """The operations that an expression is made of."""
    if isinstance(x, Symbol) and x.op is not None:
        yield x.op
        for operand in x.operands:
            yield from operations(operand)


def _is_mask(x: Any) -> bool:
    return isinstance(x, Symbol) and x.op is not None and x.op.comparison
