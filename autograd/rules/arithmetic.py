"""Sums, products and powers."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import operation

CALCULUS = "any calculus text; e.g. Spivak, Calculus, ch. 10"
FLAT = "constant between its jumps, so that its derivative is 0; Spivak, Calculus, ch. 10"


@operation(
    scalar=operator.add,
    array=np.add,
    partials=[lambda out, x, y: 1.0, lambda out, x, y: 1.0],
    symmetric=True,
    text="{0:1} + {1:1}",
    latex="{0:1} + {1:1}",
    code="{0:1} + {1:2}",
    binds=1,
    symbol="+",
    source=CALCULUS,
)
def add(x: Any, y: Any) -> Any:
    """The sum ``x + y``.

    Examples
    --------
    >>> add(2.0, 3.0)
    5.0
    """


@operation(
    scalar=operator.sub,
    array=np.subtract,
    partials=[lambda out, x, y: 1.0, lambda out, x, y: -1.0],
    text="{0:1} − {1:2}",
    latex="{0:1} - {1:2}",
    code="{0:1} - {1:2}",
    binds=1,
    symbol="−",
    source=CALCULUS,
)
def sub(x: Any, y: Any) -> Any:
    """The difference ``x - y``.

    Examples
    --------
    >>> sub(2.0, 3.0)
    -1.0
    """


@operation(
    scalar=operator.mul,
    array=np.multiply,
    partials=[lambda out, x, y: y, lambda out, x, y: x],
    symmetric=True,
    text="{0:2} · {1:2}",
    latex=r"{0:2} \cdot {1:2}",
    code="{0:2} * {1:3}",
    binds=2,
    symbol="×",
    source=CALCULUS,
)
def mul(x: Any, y: Any) -> Any:
    """The product ``x * y``, element by element.

    Examples
    --------
    >>> mul(2.0, 3.0)
    6.0
    """


@operation(
    scalar=operator.truediv,
    array=np.true_divide,
    partials=[lambda out, x, y: 1.0 / y, lambda out, x, y: -out / y],
    unbounded=True,
    text="{0:2} / {1:3}",
    latex=r"\frac{{{0}}}{{{1}}}",
    code="{0:2} / {1:3}",
    binds=2,
    symbol="÷",
    domain=[[(-2.0, 2.0), (0.5, 2.0)], [(-2.0, 2.0), (-2.0, -0.5)]],
    source=CALCULUS,
)
def div(x: Any, y: Any) -> Any:
    """The quotient ``x / y``.

    Examples
    --------
    >>> div(3.0, 2.0)
    1.5
    """


@operation(
    scalar=operator.neg,
    array=np.negative,
    partials=[lambda out, x: -1.0],
    text="−{0:3}",
    latex="-{0:3}",
    code="-{0:3}",
    binds=3,
    symbol="−",
    source=CALCULUS,
)
def neg(x: Any) -> Any:
    """The negative ``-x``.

    Examples
    --------
    >>> neg(2.0)
    -2.0
    """


@operation(
    scalar=lambda x: x * x,
    array=np.square,
    partials=[lambda out, x: 2.0 * x],
    text="{0:5}²",
    latex="{0:5}^2",
    code="{0:3} * {0:3}",
    binds=2,
    symbol="²",
    source=CALCULUS,
)
def square(x: Any) -> Any:
    """The square ``x * x``.

    Examples
    --------
    >>> square(3.0)
    9.0
    """


def _ln(x: float, y: float) -> float:
    if x > 0.0:
        return math.log(x)
    if x == 0.0:
        return 0.0 if y >= 0.0 else -math.inf
    return math.nan


def _ln_array(x: Any, y: Any) -> NDArray[Any]:
    chosen = np.where((x == 0) & (y >= 0), 0, np.log(x))
    return chosen.astype(np.result_type(x, y))  # where x is a plain number, as y has it


@operation(
    scalar=_ln,
    array=_ln_array,
    partials=[lambda out, x, y: 1.0 / x, lambda out, x, y: 0.0],
    unbounded=True,
    text="ln({0})",
    latex=r"\ln({0})",
    domain=[[(0.3, 3.0), (-2.0, 2.0)]],
    source=CALCULUS,
    public=False,
)
def ln(x: Any, y: Any) -> Any:
    """``ln(x)`` as the power rule needs it, in the derivative of ``x ** y`` by y.

    At base 0 the derivative is taken as 0 unless y is negative. A negative base has none by its
    exponent, which is said by a NaN in that exponent's gradient alone. Both as PyTorch has it.

    Examples
    --------
    >>> ln(0.0, 2.0), ln(-1.0, 2.0)
    (0.0, nan)
    """


def _lowered_array(y: Any, x: Any) -> NDArray[Any]:
    chosen = np.where((x == 0) & (y == 0), 1, y - 1)
    return chosen.astype(np.result_type(x, y))  # where y is a plain number, as x has it


@operation(
    scalar=lambda y, x: y - 1.0 if x or y else 1.0,
    array=_lowered_array,
    partials=[lambda out, y, x: 1.0, None],
    text="{0:1} − 1",
    latex="{0:1} - 1",
    code="({0:1} - 1.0 if {1} or {0} else 1.0)",
    binds=1,
    domain=[[(0.3, 2.0), (0.3, 2.0)]],
    source=CALCULUS,
    public=False,
)
def lowered(y: Any, x: Any) -> Any:
    """``y - 1``, the exponent that the power rule leaves; 1 for ``0 ** 0``.

    The rule is ``y · x ** (y - 1)``: with y = 0 it is 0, which ``0 ** -1`` must not spoil.

    Examples
    --------
    >>> lowered(3.0, 0.0), lowered(0.0, 0.0)
    (2.0, 1.0)
    """


def _next_exponent(y: Any, x: Any) -> Any:
    """A plain number stays one: what the power rule leaves of ``x ** 2`` is ``x ** 1``."""
    return y - 1.0 if y.__class__ is float and y else lowered(y, x)


def _power(x: float, y: float) -> float:
    result = x**y
    if result.__class__ is complex:
        raise ValueError("a negative number to a fractional power is not real")
    return result


@operation(
    scalar=_power,
    array=np.power,
    partials=[
        lambda out, x, y: y * x ** _next_exponent(y, x),
        lambda out, x, y: out * ln(x, y),
    ],
    unbounded=True,
    text="{0:5}^{1:5}",
    latex="{0:5}^{{{1}}}",
    binds=4,
    symbol="**",
    domain=[[(0.3, 2.0), (-2.0, 3.0)]],
    words=("input", "exponent"),
    source=CALCULUS,
)
def pow(x: Any, y: Any) -> Any:
    """The power ``x ** y``.

    ``0 ** 0`` is 1, with derivative 0 by its base. At base 0 the derivative by the exponent is
    taken as 0; at a negative base it is NaN (both as PyTorch has it). At base 0 and exponents above
    0 that is 0 however often it is differentiated, where PyTorch's second derivatives are NaN.

    Raises
    ------
    ValueError
        For floats: a negative base with a fractional exponent.
    ZeroDivisionError
        For floats: base 0 with a negative exponent.
    OverflowError
        For floats: a result beyond 1.8e308.

    Examples
    --------
    >>> pow(2.0, 3.0)
    8.0
    """


@operation(
    scalar=math.fabs,
    array=np.abs,
    partials=[lambda out, x: sign(x)],
    text="|{0}|",
    latex=r"\left|{0}\right|",
    symbol="|x|",
    domain=[[(0.3, 2.0)], [(-2.0, -0.3)]],
    source="subgradient 0 at 0, as in PyTorch",
)
def abs(x: Any) -> Any:
    """The absolute value; its derivative at 0 is taken as 0.

    Examples
    --------
    >>> abs(-2.0)
    2.0
    """


@operation(
    scalar=lambda x: float((x > 0) - (x < 0)),
    array=lambda x: np.subtract(x > 0, x < 0, dtype=np.int8).astype(x.dtype),
    partials=[lambda out, x: 0.0],
    domain=[[(0.3, 2.0)], [(-2.0, -0.3)]],
    source=FLAT,
)
def sign(x: Any) -> Any:
    """The sign: -1, 0 or 1, and 0 of NaN, as in PyTorch; its derivative is 0 everywhere.

    Examples
    --------
    >>> sign(-2.5)
    -1.0
    """
