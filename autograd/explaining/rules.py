"""The rules, printed: what the derivative of an operation is."""

from __future__ import annotations

from typing import Any

from autograd.labels import derivative, is_elementwise
from autograd.op import TABLE, Op
from autograd.symbol import Symbol, render


def rules(op: Op) -> list[tuple[str, str]]:
    """The formula of an operation and its derivative by each operand, from the table.

    Examples
    --------
    >>> [text for text, latex in rules(TABLE["matmul"])]
    ['out = x @ y', '∂L/∂x = g @ yᵀ, g = ∂L/∂out', '∂L/∂y = xᵀ @ g, g = ∂L/∂out']
    """
    operands = tuple(Symbol(letter) for letter in op.names)
    formula = Symbol("", op, operands)
    lines = [(f"out = {render(formula, 'text')}", f"out = {render(formula, 'latex')}")]
    for i, operand in enumerate(operands):
        if op.flows_to(i):
            text, latex = (_rule(op, i, operand.label, operands, s) for s in ("text", "latex"))
            lines.append((text, latex))
    return lines


def _rule(op: Op, i: int, name: str, operands: tuple[Symbol, ...], style: Any) -> str:
    if is_elementwise(op):
        rule = op.partial(i, Symbol("out"), *operands)
        return f"{derivative('out', name, style)} = {render(rule, style)}"
    # What is not element by element has no one partial: say what the gradient g = ∂L/∂out becomes.
    rule = op.vjp(i, Symbol("g"), Symbol("out"), *operands, **op.cases[0].params)
    return (
        f"{derivative('L', name, style)} = {render(rule, style)}, "
        f"g = {derivative('L', 'out', style)}"
    )


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
