"""Circular and hyperbolic functions, and their inverses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.op import operation
from autograd.rules.arithmetic import CALCULUS, square
from autograd.rules.exponential import sqrt
from autograd.rules.powers import ratio, reciprocal, rsqrt

INSIDE = [[(-0.8, 0.8)]]


@operation(
    scalar=math.sin,
    array=np.sin,
    partials=[lambda out, x: cos(x)],
    latex=r"\sin({0})",
    source="Abramowitz & Stegun 4.3.105",
)
def sin(x: Any) -> Any:
    """The sine of x radians.

    Examples
    --------
    >>> sin(0.0)
    0.0
    """


@operation(
    scalar=math.cos,
    array=np.cos,
    partials=[lambda out, x: -sin(x)],
    latex=r"\cos({0})",
    source="Abramowitz & Stegun 4.3.106",
)
def cos(x: Any) -> Any:
    """The cosine of x radians.

    Examples
    --------
    >>> cos(0.0)
    1.0
    """


@operation(
    scalar=math.tan,
    array=np.tan,
    partials=[lambda out, x: 1.0 + square(out)],
    latex=r"\tan({0})",
    domain=[[(-1.2, 1.2)]],
    source="Abramowitz & Stegun 4.3.107",
)
def tan(x: Any) -> Any:
    """The tangent of x radians.

    Examples
    --------
    >>> tan(0.0)
    0.0
    """


@operation(
    scalar=lambda x, y: (x - y) * (x + y),
    array=lambda x, y: (x - y) * (x + y),
    partials=[lambda out, x, y: 2.0 * x, lambda out, x, y: -2.0 * y],
    symbol="x²−y²",
    text="{0:5}² − {1:5}²",
    latex="{0:5}^2 - {1:5}^2",
    binds=1,
    source=CALCULUS,
    public=False,
)
def squares_apart(x: Any, y: Any) -> Any:
    """``x² - y²``, with the digits that this form loses where x is close to y.

    One operation and not a product, whose derivative would multiply an infinity that arrives from
    above with a zero, where x is y.

    Examples
    --------
    >>> squares_apart(1.0, 0.5), squares_apart(1.0, 1.0)
    (0.75, 0.0)
    """


@operation(
    scalar=math.asin,
    array=np.arcsin,
    partials=[lambda out, x: rsqrt(squares_apart(1.0, x))],
    unbounded=True,
    latex=r"\arcsin({0})",
    domain=INSIDE,
    source="Abramowitz & Stegun 4.4.52",
)
def asin(x: Any) -> Any:
    """The angle in [-π/2, π/2] whose sine is x.

    Examples
    --------
    >>> asin(0.0)
    0.0
    """


@operation(
    scalar=math.acos,
    array=np.arccos,
    partials=[lambda out, x: -rsqrt(squares_apart(1.0, x))],
    unbounded=True,
    latex=r"\arccos({0})",
    domain=INSIDE,
    source="Abramowitz & Stegun 4.4.53",
)
def acos(x: Any) -> Any:
    """The angle in [0, π] whose cosine is x.

    Examples
    --------
    >>> acos(1.0)
    0.0
    """


@operation(
    scalar=math.atan,
    array=np.arctan,
    partials=[lambda out, x: 1.0 / (1.0 + square(x))],
    latex=r"\arctan({0})",
    source="Abramowitz & Stegun 4.4.54",
)
def atan(x: Any) -> Any:
    """The angle in [-π/2, π/2] whose tangent is x.

    Examples
    --------
    >>> atan(0.0)
    0.0
    """


@operation(
    scalar=math.atan2,
    array=np.arctan2,
    partials=[
        lambda out, y, x: ratio(x, square(x) + square(y)),
        lambda out, y, x: ratio(-y, square(x) + square(y)),
    ],
    domain=[[(0.3, 2.0), (-2.0, 2.0)], [(-2.0, -0.3), (-2.0, 2.0)]],
    source="PyTorch, torch.atan2: the gradient of atan(y / x), in all four quadrants",
)
def atan2(y: Any, x: Any) -> Any:
    """The angle of the point (x, y), in [-π, π].

    Examples
    --------
    >>> atan2(0.0, 1.0)
    0.0
    """


@operation(
    scalar=math.sinh,
    array=np.sinh,
    partials=[lambda out, x: cosh(x)],
    latex=r"\sinh({0})",
    source="Abramowitz & Stegun 4.5.71",
)
def sinh(x: Any) -> Any:
    """The hyperbolic sine ``(eˣ - e⁻ˣ) / 2``.

    Examples
    --------
    >>> sinh(0.0)
    0.0
    """


@operation(
    scalar=math.cosh,
    array=np.cosh,
    partials=[lambda out, x: sinh(x)],
    latex=r"\cosh({0})",
    source="Abramowitz & Stegun 4.5.72",
)
def cosh(x: Any) -> Any:
    """The hyperbolic cosine ``(eˣ + e⁻ˣ) / 2``.

    Examples
    --------
    >>> cosh(0.0)
    1.0
    """


@operation(
    scalar=math.tanh,
    array=np.tanh,
    partials=[lambda out, x: 1.0 - square(out)],
    latex=r"\tanh({0})",
    source="Abramowitz & Stegun 4.5.73",
)
def tanh(x: Any) -> Any:
    """The hyperbolic tangent ``(eˣ - e⁻ˣ) / (eˣ + e⁻ˣ)``.

    Examples
    --------
    >>> tanh(0.0)
    0.0
    """


@operation(
    scalar=math.asinh,
    array=np.arcsinh,
    partials=[lambda out, x: 1.0 / sqrt(1.0 + square(x))],
    latex=r"\operatorname{{arsinh}}({0})",
    source="Abramowitz & Stegun 4.6.37",
)
def asinh(x: Any) -> Any:
    """The number whose hyperbolic sine is x.

    Examples
    --------
    >>> asinh(0.0)
    0.0
    """


@operation(
    scalar=math.acosh,
    array=np.arccosh,
    partials=[lambda out, x: rsqrt(squares_apart(x, 1.0))],
    unbounded=True,
    latex=r"\operatorname{{arcosh}}({0})",
    domain=[[(1.2, 3.0)]],
    source="Abramowitz & Stegun 4.6.38",
)
def acosh(x: Any) -> Any:
    """The number, not below 0, whose hyperbolic cosine is x.

    Raises
    ------
    ValueError
        For floats: x below 1. Arrays give NaN, as in NumPy.

    Examples
    --------
    >>> acosh(1.0)
    0.0
    """


@operation(
    scalar=math.atanh,
    array=np.arctanh,
    partials=[lambda out, x: reciprocal(squares_apart(1.0, x))],
    unbounded=True,
    latex=r"\operatorname{{artanh}}({0})",
    domain=INSIDE,
    source="Abramowitz & Stegun 4.6.39",
)
def atanh(x: Any) -> Any:
    """The number whose hyperbolic tangent is x.

    Raises
    ------
    ValueError
        For floats: x not between -1 and 1. Arrays give an infinity or NaN, as in NumPy.

    Examples
    --------
    >>> atanh(0.0)
    0.0
    """
