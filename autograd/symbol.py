"""The carrier that prints: a rule applied to symbols gives its own formula."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np

from autograd.op import TABLE, Op, apply
from autograd.operators import Operators

Style = Literal["text", "latex", "code", "array code"]


class Symbol(Operators):
    """A name, or an operation on symbols and numbers.

    Examples
    --------
    >>> from autograd.rules.trigonometric import cos
    >>> x = Symbol("x")
    >>> render(2.0 * cos(x) / (1.0 - x), "text")
    '2 · cos(x) / (1 − x)'
    """

    __slots__ = ("binds", "label", "op", "operands", "params")

    _rank = 3

    def __init__(
        self,
        label: str,
        op: Op | None = None,
        operands: tuple[Any, ...] = (),
        params: dict[str, Any] | None = None,
        binds: int = 9,
    ) -> None:
        self.label = label
        self.binds = binds  # how tightly the label holds together; see `Op.binds`
        self.op = op
        self.operands = operands
        self.params = params or {}

    @property
    def shape(self) -> Symbol:
        """The name of its shape, which a rule hands on as a parameter."""
        return Symbol(f"{self.label}.shape")

    @property
    def dtype(self) -> Symbol:
        """The name of its elements' type, which a rule hands on as a parameter."""
        return Symbol(f"{self.label}.dtype")

    def __bool__(self) -> bool:
        raise TypeError(f"a rule that decides by {self} cannot be printed")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *operands: Any, **options: Any) -> Any:
        for op in TABLE.values():
            if op.array is ufunc and method == "__call__" and not options:
                return apply(op, operands, {})
        raise TypeError(f"numpy.{ufunc.__name__} is not an operation that can be printed")

    @staticmethod
    def _apply(op: Op, operands: tuple[Any, ...], params: dict[str, Any]) -> Any:
        return _simplified(op, operands, params)

    def __repr__(self) -> str:
        return render(self, "text")


def _simplified(op: Op, operands: tuple[Any, ...], params: dict[str, Any]) -> Any:
    """Leave out what a person would not write: ``1 · x``, ``0 · x``, ``-1 · x``, ``x¹``."""
    if op.name == "mul":
        for number, other in (operands, operands[::-1]):
            if number.__class__ is float and number in (0.0, 1.0):
                return other if number == 1.0 else 0.0
            if number.__class__ is float and number == -1.0:
                return -other
    if op.name == "pow" and operands[1].__class__ is float and operands[1] == 1.0:
        return operands[0]
    return Symbol("", op, operands, params)


class _Printed(str):
    """Printed text that knows how tightly it binds, for ``{0:2}`` in an entry's print."""

    __slots__ = ("binds",)
    binds: int

    def __format__(self, looser_than: str) -> str:
        enclosed = looser_than and self.binds < int(looser_than)
        return f"({self})" if enclosed else str(self)


SUPERSCRIPTS = str.maketrans("0123456789−.", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻·")


def render(expression: Any, style: Style) -> str:
    """Print a symbol or a number: as text, as LaTeX, or as Python code on floats.

    Examples
    --------
    >>> render(Symbol("x") ** 3.0, "text"), render(Symbol("x") ** 3.0, "latex")
    ('x³', 'x^{3}')
    """
    return str(_render(expression, style))


def _render(expression: Any, style: Style) -> _Printed:
    if not isinstance(expression, Symbol):
        return _number(float(expression), style)
    op, operands = expression.op, expression.operands
    if op is None:
        return _printed(expression.label, expression.binds)
    parts = [_render(operand, style) for operand in operands]
    if style == "text" and op.name == "pow" and not isinstance(operands[1], Symbol):
        printed = _Printed(f"{parts[0]:5}{parts[1].translate(SUPERSCRIPTS)}")
    else:
        printed = _Printed(_template(op, style, expression.params, len(parts)).format(*parts))
    printed.binds = op.binds
    return printed


def _template(op: Op, style: Style, params: dict[str, Any], count: int) -> str:
    """How an operation prints: as its entry says, but on arrays a choice is a call."""
    given = [f"{{{i}}}" for i in range(count)]
    if style == "array code":
        if op.binds < 9 and " if " not in op.code and not params:
            return op.code
        given += [f"{name}={_setting(value)}" for name, value in params.items()]
        return f"{op.name}({', '.join(given)})"
    if op.variadic and count != len(op.names):
        upright = op.name.replace("_", r"\_")
        name = rf"\operatorname{{{{{upright}}}}}" if style == "latex" else op.name
        return f"{name}({', '.join(given)})"
    template: str = getattr(op, style)
    return template


def _setting(value: Any) -> str:
    """A parameter as code: the place where it is found, or what it is."""
    return render(value, "code") if isinstance(value, Symbol) else literal(value)


def literal(value: Any) -> str:
    """Write a number, an array, a key or a setting as Python code that computes it again.

    Examples
    --------
    >>> literal((slice(1, None), np.array([0.5, np.inf])))
    '(slice(1, None, None), np.array([0.5, np.inf]))'
    """
    if isinstance(value, np.ndarray):
        dtype = "" if value.dtype == float else f", dtype={value.dtype.name!r}"
        if not value.size:  # a list of none would not say of which shape
            return f"np.zeros({value.shape}{dtype})"
        return f"np.array({literal(value.tolist())}{dtype})"
    if isinstance(value, np.dtype):
        return f"np.dtype({value.name!r})"
    if isinstance(value, (tuple, list)):
        entries = ", ".join(map(literal, value))
        if isinstance(value, list):
            return f"[{entries}]"
        return f"({entries},)" if len(value) == 1 else f"({entries})"
    if isinstance(value, float) and not np.isfinite(value):
        return f"np.{value}".replace("np.-", "-np.")
    return repr(value.item() if isinstance(value, np.generic) else value)


def _printed(text: str, binds: int) -> _Printed:
    printed = _Printed(text)
    printed.binds = binds
    return printed


def _number(value: float, style: Style) -> _Printed:
    text = repr(value)
    if style in ("text", "latex"):
        text = (text[:-2] if text.endswith(".0") else f"{value:.6g}").replace("-", "−")
        text = text.replace("inf", r"\infty" if style == "latex" else "∞")
    elif isinstance(value, float) and not np.isfinite(value):
        text = f"float({text!r})"  # inf by itself is no name of Python's
    return _printed(text, 3 if value < 0 else 9)


def formulas(op: Op, style: Style = "text") -> Iterator[str]:
    """What an operation computes, and its derivative by each operand, a line for each."""
    operands = tuple(Symbol(letter) for letter in op.names)
    yield f"out = {render(Symbol('', op, operands), style)}"
    for i, operand in enumerate(operands):
        if op.flows_to(i):
            yield _derivative(op, i, operand.label, operands, style)


def _derivative(op: Op, i: int, name: str, operands: tuple[Symbol, ...], style: Style) -> str:
    fraction = "∂{}/∂{}" if style == "text" else r"\frac{{\partial {}}}{{\partial {}}}"
    if op.scalar is not None:
        rule = op.partial(i, Symbol("out"), *operands)
        return f"{fraction.format('out', name)} = {render(rule, style)}"
    # What is not element by element has no one partial: say what the gradient g = ∂L/∂out becomes.
    rule = op.vjp(i, Symbol("g"), Symbol("out"), *operands, **op.cases[0].params)
    return (
        f"{fraction.format('L', name)} = {render(rule, style)}, g = {fraction.format('L', 'out')}"
    )


DOCUMENTATION = """\
{text}

Notes
-----
    {formulas}

Source: {source}.

{examples}
"""
OPERANDS = """

Parameters
----------
{names} : Tensor, Value, array or number
    {shapes}"""


def documentation(op: Op) -> str:
    """What users read about an operation: its definition's docstring, and what its entry knows.

    Examples
    --------
    >>> documentation(TABLE["tanh"]).splitlines()[2:11]
    ['Parameters', '----------', 'x : Tensor, Value, array or number',
     '    Of any shape, which is that of the result.', '',
     'Notes', '-----', '    out = tanh(x)', '    ∂out/∂x = 1 − out²']
    """
    text, *sections, examples = re.split(r"\n\n(?=\w+\n---)", op.doc)
    if op.scalar is not None:  # else its definition says which shapes it takes
        one = "Of any shape, which is that of the result."
        several = "Of shapes that broadcast, to that of the result."
        text += OPERANDS.format(names=", ".join(op.names), shapes=several if op.arity > 1 else one)
    return DOCUMENTATION.format(
        text="\n\n".join([text, *sections]),
        formulas="\n    ".join(formulas(op)),
        source=op.source,
        examples=examples,
    )


for _op in TABLE.values():
    if _op.doc:  # python -OO leaves none
        _op.function.__doc__ = documentation(_op)
