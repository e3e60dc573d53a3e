"""Rounding, and what division leaves: pieces that are flat, or run parallel to each other."""

from __future__ import annotations

import builtins
import math
import operator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import operation
from autograd.rules.arithmetic import FLAT

# Between two whole numbers; also for what is divided by a number between 1 and 2.
BETWEEN = [[(0.2, 0.8)], [(-1.8, -1.2)]]
QUOTIENTS = [[(2.2, 2.8), (1.5, 2.0)], [(-0.8, -0.2), (1.5, 2.0)], [(0.2, 0.8), (-2.0, -1.5)]]


@operation(
    scalar=lambda x: float(math.floor(x)) if math.isfinite(x) else x,
    array=np.floor,
    partials=[lambda out, x: 0.0],
    text="⌊{0}⌋",
    latex=r"\lfloor {0} \rfloor",
    domain=BETWEEN,
    source=FLAT,
)
def floor(x: Any) -> Any:
    """The largest whole number that is not above x; its derivative is 0 everywhere.

    As ``torch.floor``.

    Examples
    --------
    >>> floor(2.7), floor(-2.7)
    (2.0, -3.0)
    """


@operation(
    scalar=lambda x: float(math.ceil(x)) if math.isfinite(x) else x,
    array=np.ceil,
    partials=[lambda out, x: 0.0],
    text="⌈{0}⌉",
    latex=r"\lceil {0} \rceil",
    domain=BETWEEN,
    source=FLAT,
)
def ceil(x: Any) -> Any:
    """The smallest whole number that is not below x; its derivative is 0 everywhere.

    As ``torch.ceil``.

    Examples
    --------
    >>> ceil(2.2), ceil(-2.2)
    (3.0, -2.0)
    """


@operation(
    scalar=lambda x: float(math.trunc(x)) if math.isfinite(x) else x,
    array=np.trunc,
    partials=[lambda out, x: 0.0],
    domain=BETWEEN,
    source=FLAT,
)
def trunc(x: Any) -> Any:
    """`x` without what follows its decimal point; its derivative is 0 everywhere.

    As ``torch.trunc``.

    Examples
    --------
    >>> trunc(2.7), trunc(-2.7)
    (2.0, -2.0)
    """


def _round(x: float, decimals: float) -> float:
    up, down = 10.0 ** max(decimals, 0), 10.0 ** max(-decimals, 0)  # one of them is 1
    return builtins.round(x * up / down, 0) * down / up


def _round_array(x: Any, decimals: Any) -> NDArray[Any]:
    x = np.asarray(x)
    if x.dtype.kind != "f" and np.min(decimals, initial=0) >= 0:
        return x
    digits = np.asarray(decimals, x.dtype if x.dtype.kind == "f" else float)
    up, down = 10.0 ** np.maximum(digits, 0), 10.0 ** np.maximum(-digits, 0)
    return (np.rint(x * up / down) * down / up).astype(x.dtype)


@operation(
    scalar=_round,
    array=_round_array,
    partials=[lambda out, x, decimals: 0.0, None],
    domain=[[(0.1, 0.4), (0.0, 0.0)], [(1.231, 1.234), (2.0, 2.0)]],
    source=FLAT,
)
def round(x: Any, decimals: Any = 0) -> Any:
    """`x` rounded to some decimals, a half to the even side; its derivative is 0 everywhere.

    As ``torch.round``: with ``decimals=-2``, to hundreds. Python's ``round(x, decimals)`` does this
    to Tensors.

    Examples
    --------
    >>> round(2.5), round(-0.126, decimals=2)
    (2.0, -0.13)
    """


def _needs_divisor(x: Any, y: Any) -> None:
    """Raise where whole numbers are divided by 0; of floats that is an infinity or NaN."""
    numbers = np.asarray(x), np.asarray(y)
    if all(each.dtype.kind in "iub" and each.size for each in numbers) and not np.all(y):
        raise ZeroDivisionError("division by zero: y holds a 0, and whole numbers no infinity")


def _floor_divide(x: Any, y: Any) -> Any:
    _needs_divisor(x, y)
    return np.floor_divide(x, y)


def _remainder(x: Any, y: Any) -> Any:
    _needs_divisor(x, y)
    return np.remainder(x, y)


@operation(
    scalar=operator.floordiv,
    array=_floor_divide,
    partials=[lambda out, x, y: 0.0, lambda out, x, y: 0.0],
    text="⌊{0:2} / {1:3}⌋",
    latex=r"\left\lfloor \frac{{{0}}}{{{1}}} \right\rfloor",
    code="({0:2} // {1:3})",
    symbol="//",
    domain=QUOTIENTS,
    source=FLAT,
)
def floor_divide(x: Any, y: Any) -> Any:
    """The largest whole number that is not above ``x / y``; its derivatives are 0 everywhere.

    As ``torch.floor_divide``.

    Raises
    ------
    ZeroDivisionError
        For Python's floats, and for arrays of integers: y = 0, as in PyTorch. Arrays of floats
        give an infinity or NaN.

    Examples
    --------
    >>> floor_divide(7.0, 2.0), floor_divide(-7.0, 2.0)
    (3.0, -4.0)
    """


@operation(
    scalar=operator.mod,
    array=_remainder,
    partials=[lambda out, x, y: 1.0, lambda out, x, y: -floor_divide(x, y)],
    unbounded=True,
    text="{0:2} mod {1:3}",
    latex=r"{0:2} \bmod {1:3}",
    code="{0:2} % {1:3}",
    binds=2,
    symbol="%",
    domain=QUOTIENTS,
    source="PyTorch, torch.remainder: x - y ⌊x / y⌋, whose floor is piecewise constant",
)
def remainder(x: Any, y: Any) -> Any:
    """What is left of x when y is taken out a whole number of times; it has the sign of y.

    As ``torch.remainder``.

    ``x - y * floor(x / y)``, Python's ``x % y``.

    Raises
    ------
    ZeroDivisionError
        For Python's floats, and for arrays of integers: y = 0, as in PyTorch. Arrays of floats
        give NaN.

    Examples
    --------
    >>> remainder(7.0, 2.0), remainder(-7.0, 2.0)
    (1.0, 1.0)
    """
