"""How the name of a node is written in a text, and its number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal

import numpy as np

from autograd.graph.naming import Labels
from autograd.node import Node, plain
from autograd.op import Op
from autograd.symbol import Symbol, render
from autograd.text import number

Style = Literal["text", "latex"]
SPECIAL = str.maketrans({c: f"\\{c}" for c in "_%#&${}"} | {"\\": "/", "~": " ", "^": " "})
UPRIGHT = SPECIAL | {ord("."): "{.}", ord(" "): r"\ "}  # a point or a space is part of a name


def written(name: str, style: Style) -> str:
    r"""Write the name of a node: indices stand below it in LaTeX, and words upright.

    Examples
    --------
    >>> written("x1", "latex"), written("layers.0.w[1]", "latex"), written("w[0]", "text")
    ('x_{1}', '\\mathrm{layers{.}0{.}w}_{1}', 'w[0]')
    """
    if style == "text":
        return name
    match = re.fullmatch(r"(.*?)((?:\[\d+\])+| #\d+|\d+)?", name, re.DOTALL)
    assert match is not None
    word, below = match.groups()
    text = word.translate(UPRIGHT)
    word = text if len(word) == 1 else rf"\mathrm{{{text}}}"
    below = (below or "").strip("[] ").replace("][", ", ").translate(SPECIAL)
    return f"{word}_{{{below}}}" if below else word


def figure(value: Any, style: Style) -> str:
    r"""Write a number in four significant digits.

    Examples
    --------
    >>> figure(-1234567.0, "text"), figure(-1234567.0, "latex"), figure(float("inf"), "latex")
    ('−1.235e6', '-1.235 \\cdot 10^{6}', '\\infty')
    """
    text = number(float(value) + 0.0)  # no -0
    if style == "text":
        return text
    text = text.replace("\N{MINUS SIGN}", "-").replace("inf", r"\infty")
    text = text.replace("nan", r"\mathrm{NaN}")
    mantissa, exponent, power = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{power}}}" if exponent else text


def summary(data: Any, style: Style) -> str:
    """A number; of an array with axes, its shape."""
    if not np.ndim(data):
        return figure(data, style)
    return str(data.shape) if style == "text" else rf"\in \mathbb{{R}}^{{{_sizes(data.shape)}}}"


def _sizes(shape: tuple[int, ...]) -> str:
    return r" \times ".join(map(str, shape))


def derivative(of: str, by: str, style: Style) -> str:
    """The notation for a derivative, of names that are written already."""
    return f"∂{of}/∂{by}" if style == "text" else rf"\frac{{\partial {of}}}{{\partial {by}}}"


def symbols(node: Node, called: Labels, style: Style) -> list[Any]:
    """The operands of a node for its formula: names of nodes, and constants."""
    return [
        Symbol(written(called[x], style)) if isinstance(x, Node) else constant(x, style)
        for x in node.operands
    ]


def constant(operand: Any, style: Style) -> Any:
    """A constant in a formula: its number, or that it is an array."""
    if isinstance(operand, np.ndarray):
        if not operand.ndim:
            return Symbol(figure(operand, style), binds=3 if operand < 0 else 9)
        shape = f"array{operand.shape}"
        return Symbol(shape if style == "text" else rf"\mathrm{{{shape}}}")
    return float(operand)


def formula(node: Node, operands: list[Any], style: Style) -> str:
    """What a node was computed by, on operands that `symbols` or `figures` gave."""
    return render(applied(node, operands), style)


def applied(node: Node, operands: list[Any]) -> Symbol:
    """The operation of a node, applied to symbols; of many, those in the middle left out."""
    op: Any = node.op
    if op.variadic and len(operands) > MANY:
        operands = [*operands[:2], Symbol("…"), operands[-1]]
    return Symbol("", op, tuple(operands), node.params)


MANY = 6  # operands that are all shown


def figures(node: Node, data: Iterable[Any], style: Style) -> list[Any]:
    """The numbers of the operands of a node, for its formula."""
    shown: list[Any] = []
    for operand, value in zip(node.operands, data, strict=True):
        if isinstance(operand, Node):
            shown.append(Symbol(figure(value, style), binds=3 if value < 0 else 9))
        else:
            shown.append(float(operand))
    return shown


def rule(node: Node, i: int, called: Labels, style: Style) -> str | None:
    """The formula of ``∂node/∂operand i``; None if it has none, or cannot be printed."""
    op: Any = node.op
    if not is_elementwise(op):
        return None
    out = Symbol(written(called[node], style))
    try:
        partial = op.partial(i, out, *symbols(node, called, style))
        return render(partial, style)
    except (
        TypeError,
        ValueError,
        AttributeError,
        ArithmeticError,
    ):  # a rule that decides by numbers
        return None


def handed(node: Node, i: int, upstream: str, called: Labels, style: Style) -> str:
    """The formula of what the gradient `upstream` of a node adds to that of operand i."""
    op: Any = node.op
    g, out = Symbol(upstream, binds=4), Symbol(written(called[node], style))
    # A rule for any number of operands asks only which it is, and there may be very many.
    operands = [None] * len(node.operands) if op.variadic else symbols(node, called, style)
    try:
        share = op.vjp(i, g, out, *operands, **node.params)
        return render(share, style)
    except (TypeError, ValueError, AttributeError, ArithmeticError):
        name = op.name if style == "text" else rf"\operatorname{{{op.name}}}"
        return f"vjp of {name}({upstream})"


def is_elementwise(op: Op) -> bool:
    """Whether an operation acts on each element alone, so that it has partials."""
    return op.scalar is not None and not op.variadic


def numbers(node: Node) -> tuple[Any, ...]:
    """The data of the operands."""
    return tuple(map(plain, node.operands))


def partial(node: Node, i: int, data: tuple[Any, ...]) -> Any:
    """``∂node/∂operand i`` as a number or an array; None if it has none."""
    op: Any = node.op
    if not is_elementwise(op):
        return None
    if node.data.__class__ is float:
        return op.partial(i, node.data, *data)
    with np.errstate(all="ignore"):
        return op.partial(i, node.data, *data)
