"""The rules, printed: what the derivative of an operation is."""

from __future__ import annotations

from typing import Any

from autograd.op import TABLE, Op
from autograd.symbol import formulas


def rules(op: Op) -> list[tuple[str, str]]:
    """The formula of an operation and its derivative by each operand, from the table.

    Examples
    --------
    >>> [text for text, latex in rules(TABLE["matmul"])]
    ['out = x @ y', '∂L/∂x = g @ yᵀ, g = ∂L/∂out', '∂L/∂y = xᵀ @ g, g = ∂L/∂out']
    """
    return list(zip(formulas(op, "text"), formulas(op, "latex"), strict=True))


def operation_of(operation: Any) -> Op:
    """The operation that a function applies; an error that says what else was given."""
    op = operation if isinstance(operation, Op) else getattr(operation, "op", None)
    if not isinstance(op, Op) and getattr(operation, "__module__", "").startswith("autograd."):
        op = TABLE.get(getattr(operation, "__name__", ""))
    if not isinstance(op, Op):
        raise TypeError(
            f"explain takes an operation such as autograd.tanh, or a node, but was given "
            f"{operation!r}"
        )
    return op
