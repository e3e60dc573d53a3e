"""The rules, printed: what the derivative of an operation is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from autograd.node import Node
from autograd.op import TABLE, Op
from autograd.symbol import Symbol, render


def explain(
    operation: Op | Node | Callable[..., Any], style: Literal["text", "latex"] = "text"
) -> str:
    """The formula of an operation and its derivative by each operand, from the table.

    Parameters
    ----------
    operation : function, node or Op
        ``autograd.tanh``, or a node that was computed by it.
    style : {"text", "latex"}
        How to print.

    Raises
    ------
    ValueError
        If there is no such style.
    TypeError
        If it is neither an operation nor a node computed by one.

    Examples
    --------
    >>> import autograd
    >>> print(autograd.explain(autograd.tanh))
    out = tanh(x)
    ∂out/∂x = 1 − out²
    >>> autograd.explain(autograd.neg, "latex").splitlines()[0]
    'out = -x'
    """
    if style not in ("text", "latex"):
        raise ValueError(f"style must be 'text' or 'latex', but is {style!r}")
    op = _op(operation)
    operands = tuple(Symbol(letter) for letter in op.names)
    lines = [f"out = {render(Symbol('', op, operands), style)}"]
    for i, operand in enumerate(operands):
        if op.flows_to(i):
            lines.append(_rule(op, i, operand.label, operands, style))
    return "\n".join(lines)


def _rule(op: Op, i: int, name: str, operands: tuple[Symbol, ...], style: Any) -> str:
    fraction = "∂{}/∂{}" if style == "text" else r"\frac{{\partial {}}}{{\partial {}}}"
    if op.scalar is not None:
        rule = op.partial(i, Symbol("out"), *operands)
        return f"{fraction.format('out', name)} = {render(rule, style)}"
    # What is not element by element has no one partial: say what the gradient g = ∂L/∂out becomes.
    rule = op.vjp(i, Symbol("g"), Symbol("out"), *operands, **op.cases[0].params)
    return (
        f"{fraction.format('L', name)} = {render(rule, style)}, g = {fraction.format('L', 'out')}"
    )


def _op(operation: Any) -> Op:
    op = operation if isinstance(operation, Op) else getattr(operation, "op", None)
    if not isinstance(op, Op) and getattr(operation, "__module__", "").startswith("autograd."):
        op = TABLE.get(getattr(operation, "__name__", ""))
    if not isinstance(op, Op):
        raise TypeError(
            f"explain takes an operation such as autograd.tanh, or a node that one computed, but "
            f"was given {operation!r}"
        )
    return op
