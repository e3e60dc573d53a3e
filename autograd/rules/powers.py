"""Roots and reciprocals, and exponentials and logarithms to other bases than e."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import operation
from autograd.rules.arithmetic import CALCULUS, square
from autograd.rules.exponential import POSITIVE, sigmoid

LN2, LN10 = math.log(2.0), math.log(10.0)


@operation(
    scalar=math.exp2,
    array=np.exp2,
    partials=[lambda out, x: LN2 * out],
    latex="2^{{{0}}}",
    source=CALCULUS,
)
def exp2(x: Any) -> Any:
    """The power of two ``2ˣ``.

    Raises
    ------
    OverflowError
        For floats: x of 1024 or more.

    Examples
    --------
    >>> exp2(3.0)
    8.0
    """


@operation(
    scalar=math.log2,
    array=np.log2,
    partials=[lambda out, x: 1.0 / (LN2 * x)],
    unbounded=True,
    latex=r"\log_2({0})",
    domain=POSITIVE,
    source=CALCULUS,
)
def log2(x: Any) -> Any:
    """The logarithm to base 2.

    Raises
    ------
    ValueError
        For floats: x not above 0. Arrays give ``-inf`` or NaN, as in NumPy.

    Examples
    --------
    >>> log2(8.0)
    3.0
    """


@operation(
    scalar=math.log10,
    array=np.log10,
    partials=[lambda out, x: 1.0 / (LN10 * x)],
    unbounded=True,
    latex=r"\log_{{10}}({0})",
    domain=POSITIVE,
    source=CALCULUS,
)
def log10(x: Any) -> Any:
    """The logarithm to base 10.

    Raises
    ------
    ValueError
        For floats: x not above 0. Arrays give ``-inf`` or NaN, as in NumPy.

    Examples
    --------
    >>> log10(1000.0)
    3.0
    """


@operation(
    scalar=lambda x: 1.0 / math.sqrt(x),
    array=lambda x: 1.0 / np.sqrt(x),
    partials=[lambda out, x: -0.5 * out * square(out)],
    unbounded=True,
    text="1 / √({0})",
    latex=r"\frac{{1}}{{\sqrt{{{0}}}}}",
    binds=2,
    symbol="1/√",
    domain=POSITIVE,
    source=CALCULUS,
)
def rsqrt(x: Any) -> Any:
    """The reciprocal of the square root, ``1 / √x``.

    Raises
    ------
    ValueError, ZeroDivisionError
        For floats: x not above 0. Arrays give ``inf`` or NaN, as in NumPy.

    Examples
    --------
    >>> rsqrt(4.0)
    0.5
    """


@operation(
    scalar=lambda x: 1.0 / x,
    array=lambda x: 1.0 / x,  # numpy.reciprocal rounds integers, which PyTorch does not
    partials=[lambda out, x: -square(out)],
    unbounded=True,
    text="1 / {0:3}",
    latex=r"\frac{{1}}{{{0}}}",
    code="1.0 / {0:3}",
    binds=2,
    symbol="1/x",
    domain=[[(0.3, 2.0)], [(-2.0, -0.3)]],
    source=CALCULUS,
)
def reciprocal(x: Any) -> Any:
    """The reciprocal ``1 / x``.

    Raises
    ------
    ZeroDivisionError
        For floats: x = 0. Arrays give an infinity, as in NumPy.

    Examples
    --------
    >>> reciprocal(4.0)
    0.25
    """


def _ratio_array(x: Any, y: Any) -> NDArray[Any]:
    if np.all(y):  # quicker
        return np.asarray(x / y)
    x, y = np.broadcast_arrays(x, y)
    return np.divide(x, y, out=np.zeros(x.shape, np.result_type(x, y)), where=y != 0)


@operation(
    scalar=lambda x, y: x / y if y else 0.0,
    array=_ratio_array,
    partials=[lambda out, x, y: 1.0 / y, lambda out, x, y: -(out / y)],
    unbounded=True,
    text="{0:2} / {1:3}",
    latex=r"\frac{{{0}}}{{{1}}}",
    code="({0:2} / {1:3} if {1} else 0.0)",
    binds=2,
    domain=[[(-2.0, 2.0), (0.3, 2.0)], [(-2.0, 2.0), (-2.0, -0.3)]],
    source=CALCULUS,
    public=False,
)
def ratio(x: Any, y: Any) -> Any:
    """``x / y``, and 0 where y is 0; there its derivatives are infinite or NaN.

    So a function may have a gradient of 0 where it is not smooth, as PyTorch's `norm` and `atan2`
    have at the origin, and still no second derivative there.

    Examples
    --------
    >>> ratio(1.0, 2.0), ratio(0.0, 0.0)
    (0.5, 0.0)
    """


def _logaddexp(x: float, y: float) -> float:
    if x == y:  # also where both are the same infinity
        return x + LN2
    larger = x if x > y else y
    return larger + math.log1p(math.exp(-math.fabs(x - y)))


@operation(
    scalar=_logaddexp,
    array=np.logaddexp,
    partials=[lambda out, x, y: sigmoid(x - y), lambda out, x, y: sigmoid(y - x)],
    text="ln(e^{0:5} + e^{1:5})",
    latex=r"\ln(e^{{{0}}} + e^{{{1}}})",
    source="Goodfellow, Bengio & Courville, Deep Learning, sec. 4.1 and eq. 3.30",
)
def logaddexp(x: Any, y: Any) -> Any:
    """``log(eˣ + eʸ)``, without overflow at either end.

    Examples
    --------
    >>> logaddexp(1000.0, 0.0), logaddexp(0.0, -1000.0)
    (1000.0, 0.0)
    """
