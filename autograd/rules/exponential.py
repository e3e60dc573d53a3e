"""Exponentials, logarithms and what is made of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import operation
from autograd.rules.arithmetic import CALCULUS, square
from autograd.rules.error_function import erf_of_array

POSITIVE = [[(0.3, 3.0)]]


@operation(
    scalar=math.exp,
    array=np.exp,
    partials=[lambda out, x: out],
    latex="e^{{{0}}}",
    source=CALCULUS,
)
def exp(x: Any) -> Any:
    """The exponential ``eˣ``.

    Raises
    ------
    OverflowError
        For floats: x above 709.78.

    Examples
    --------
    >>> exp(0.0)
    1.0
    """


@operation(
    scalar=math.expm1,
    array=np.expm1,
    partials=[lambda out, x: out + 1.0],
    latex="e^{{{0}}} - 1",
    source=CALCULUS,
)
def expm1(x: Any) -> Any:
    """``eˣ - 1``, exact also where x is tiny.

    Examples
    --------
    >>> expm1(1e-20)
    1e-20
    """


@operation(
    scalar=math.log,
    array=np.log,
    partials=[lambda out, x: 1.0 / x],
    unbounded=True,
    latex=r"\ln({0})",
    domain=POSITIVE,
    source=CALCULUS,
)
def log(x: Any) -> Any:
    """The natural logarithm.

    Raises
    ------
    ValueError
        For floats: x not above 0. Arrays give ``-inf`` or NaN, as in NumPy.

    Examples
    --------
    >>> log(1.0)
    0.0
    """


@operation(
    scalar=math.log1p,
    array=np.log1p,
    partials=[lambda out, x: 1.0 / (1.0 + x)],
    unbounded=True,
    latex=r"\ln(1 + {0:1})",
    domain=[[(-0.5, 2.0)]],
    source=CALCULUS,
)
def log1p(x: Any) -> Any:
    """``log(1 + x)``, exact also where x is tiny.

    Examples
    --------
    >>> log1p(1e-20)
    1e-20
    """


@operation(
    scalar=math.sqrt,
    array=np.sqrt,
    partials=[lambda out, x: 0.5 / out],
    unbounded=True,
    text="√({0})",
    latex=r"\sqrt{{{0}}}",
    symbol="√",
    domain=POSITIVE,
    source=CALCULUS,
)
def sqrt(x: Any) -> Any:
    """The square root.

    Raises
    ------
    ValueError
        For floats: a negative x. Arrays give NaN, as in NumPy.

    Examples
    --------
    >>> sqrt(9.0)
    3.0
    """


def _sigmoid(x: float) -> float:
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    tail = math.exp(x)
    return tail / (1.0 + tail)


def _sigmoid_array(x: NDArray[Any], out: NDArray[Any] | None = None) -> Any:
    tail = np.exp(0.0 - np.abs(x))  # at most 1, whichever side x is on
    return np.divide(np.where(x >= 0, 1, tail), 1 + tail, out=out)


@operation(
    scalar=_sigmoid,
    array=_sigmoid_array,
    partials=[lambda out, x: out * (1.0 - out)],
    text="σ({0})",
    latex=r"\sigma({0})",
    symbol="σ",
    source="Goodfellow, Bengio & Courville, Deep Learning, eq. 3.30 and 3.35",
)
def sigmoid(x: Any) -> Any:
    """The logistic sigmoid ``1 / (1 + e⁻ˣ)``, without overflow at either end.

    Examples
    --------
    >>> sigmoid(0.0), sigmoid(-1000.0), sigmoid(1000.0)
    (0.5, 0.0, 1.0)
    """


@operation(
    scalar=lambda x: (x if x > 0.0 else 0.0) + math.log1p(math.exp(-math.fabs(x))),
    array=lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))),
    partials=[lambda out, x: sigmoid(x)],
    latex=r"\ln(1 + e^{{{0}}})",
    source="Goodfellow, Bengio & Courville, Deep Learning, eq. 3.31 and 3.37",
)
def softplus(x: Any) -> Any:
    """``log(1 + eˣ)``, without overflow at either end.

    Examples
    --------
    >>> softplus(1000.0), softplus(-1000.0)
    (1000.0, 0.0)
    """


@operation(
    scalar=math.erf,
    array=erf_of_array,
    partials=[lambda out, x: 2.0 / math.sqrt(math.pi) * exp(-square(x))],
    source="Abramowitz & Stegun 7.1.1",
)
def erf(x: Any) -> Any:
    """The error function ``2/√π ∫₀ˣ exp(-t²) dt``.

    Examples
    --------
    >>> erf(0.0)
    0.0
    """
