"""What takes many elements to one, or weighs each against the others.

The parameters are canonical, as in `autograd.rules.arrays`: axes are tuples of non-negative
integers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import Case, operation
from autograd.rules.arithmetic import abs, sign
from autograd.rules.arrays import ADJOINT, spread, sum
from autograd.rules.exponential import exp
from autograd.rules.piecewise import eq, where
from autograd.rules.powers import ratio

CASES = [
    Case(((3, 4),), {"axis": (0, 1), "keepdims": False}),
    Case(((3, 4),), {"axis": (1,), "keepdims": False}),
    Case(((2, 3, 4),), {"axis": (0, 2), "keepdims": True}),
    Case(((),), {"axis": (), "keepdims": False}),
]
AWAY_FROM_ZERO = [[(-2.0, -0.3)], [(0.3, 2.0)]]
VARYING = [
    Case(((3, 4),), {"axis": (1,), "keepdims": False, "count": 4, "scale": 1 / 3}),
    Case(((2, 3, 4),), {"axis": (0, 2), "keepdims": True, "count": 8, "scale": 1 / 8}),
]
ALONG = [Case(((5,),), {"axis": (0,)}), Case(((2, 3, 4),), {"axis": (1,)})]


@operation(
    array=np.cumsum,
    vjps=[lambda g, out, x, axis: sum_onwards(g, axis=axis)],
    latex=r"\sum_{{j \le i}} ({0})_j",
    cases=[Case(((5,),), {"axis": 0}), Case(((2, 3, 4),), {"axis": 1})],
    source=ADJOINT,
)
def cumsum(x: Any, *, axis: Any) -> Any:
    """The sum of all elements up to each, along an axis.

    Examples
    --------
    >>> cumsum([1.0, 2.0, 3.0], axis=0)
    array([1., 3., 6.])
    """


@operation(
    array=lambda x, axis: np.flip(np.cumsum(np.flip(x, axis), axis), axis),
    vjps=[lambda g, out, x, axis: cumsum(g, axis=axis)],
    latex=r"\sum_{{j \ge i}} ({0})_j",
    cases=[Case(((5,),), {"axis": 0}), Case(((2, 3, 4),), {"axis": 1})],
    source=ADJOINT,
    public=False,
)
def sum_onwards(x: Any, *, axis: Any) -> Any:
    """The sum of all elements from each on, along an axis: the adjoint of `cumsum`.

    Examples
    --------
    >>> sum_onwards([1.0, 2.0, 3.0], axis=0)
    array([6., 5., 3.])
    """


def _off(x: Any, axis: Any, count: int) -> Any:
    """How far each element is off the mean along some axes, with `count` elements along them."""
    return x - sum(x, axis=axis, keepdims=True) / count


def _var(x: Any, axis: Any, keepdims: bool, count: int, scale: float) -> NDArray[Any]:
    total = np.sum(np.square(_off(x, axis, count)), axis=axis, keepdims=keepdims)
    if scale != np.inf:
        return np.multiply(total, scale)
    with np.errstate(invalid="ignore"):  # 0 · ∞, of too few elements
        return np.multiply(total, scale)


def _var_rule(g: Any, out: Any, x: Any, axis: Any, keepdims: bool, count: int, scale: float) -> Any:
    upstream = spread(2.0 * scale * g, axis=axis, keepdims=keepdims, shape=x.shape)
    return upstream * _off(x, axis, count)


def _std_rule(g: Any, out: Any, x: Any, axis: Any, keepdims: bool, count: int, scale: float) -> Any:
    """``scale · g · (x - mean) / out``, and flat where the deviation is 0."""
    flat = eq(out, 0.0)
    upstream = where(flat, 0.0, scale * g) / where(flat, 1.0, out)
    return spread(upstream, axis=axis, keepdims=keepdims, shape=x.shape) * _off(x, axis, count)


@operation(
    array=_var,
    vjps=[_var_rule],
    cases=VARYING,
    source="PyTorch, torch.var: what is off the mean adds up to 0, so the mean adds nothing",
)
def var(x: Any, *, axis: Any, keepdims: Any, count: Any, scale: Any) -> Any:
    """``scale · Σ (x - mean)²`` along some axes, `count` elements along them.

    Examples
    --------
    >>> var([1.0, 2.0, 3.0], axis=(0,), keepdims=False, count=3, scale=0.5)
    np.float64(1.0)
    """


@operation(
    array=lambda x, axis, keepdims, count, scale: np.sqrt(_var(x, axis, keepdims, count, scale)),
    vjps=[_std_rule],
    cases=VARYING,
    source="the chain rule; derivatives 0 where all elements are equal, as in PyTorch",
)
def std(x: Any, *, axis: Any, keepdims: Any, count: Any, scale: Any) -> Any:
    """``√(scale · Σ (x - mean)²)`` along some axes, `count` elements along them.

    Examples
    --------
    >>> std([1.0, 2.0, 3.0], axis=(0,), keepdims=False, count=3, scale=0.5)
    np.float64(1.0)
    """


def _largest(x: Any, axis: Any) -> NDArray[Any]:
    """The largest element, its axes kept; -inf of none."""
    x = np.asarray(x)
    x = x if x.dtype.kind == "f" else x.astype(float)  # no integer is -inf
    return np.max(x, axis=axis, keepdims=True, initial=-np.inf)


def _logsumexp(x: Any, axis: Any, keepdims: bool) -> NDArray[Any]:
    largest = _largest(x, axis)
    largest = np.where(np.isfinite(largest), largest, 0)
    with np.errstate(divide="ignore"):  # the sum of no elements, or of zeros alone
        out = np.log(np.sum(np.exp(x - largest), axis=axis, keepdims=True)) + largest
    return out if keepdims else np.squeeze(out, axis)


@operation(
    array=_logsumexp,
    vjps=[
        lambda g, out, x, axis, keepdims: (
            spread(g, axis=axis, keepdims=keepdims, shape=x.shape)
            * exp(x - spread(out, axis=axis, keepdims=keepdims, shape=x.shape))
        )
    ],
    text="ln(sum(exp({0})))",
    latex=r"\ln \sum e^{{{0}}}",
    cases=CASES,
    source="Boyd & Vandenberghe, Convex Optimization, sec. 3.1.5: its gradient is the softmax",
)
def logsumexp(x: Any, *, axis: Any, keepdims: Any) -> Any:
    """The logarithm of the sum of exponentials along some axes, without overflow.

    Examples
    --------
    >>> logsumexp([1000.0, 0.0], axis=(0,), keepdims=False)
    array(1000.)
    """


def _softmax(x: Any, axis: Any) -> NDArray[Any]:
    parts = np.exp(x - _largest(x, axis))
    return parts / np.sum(parts, axis=axis, keepdims=True)


@operation(
    array=_softmax,
    vjps=[lambda g, out, x, axis: out * (g - sum(g * out, axis=axis, keepdims=True))],
    cases=ALONG,
    source="Goodfellow, Bengio & Courville, Deep Learning, eq. 6.29",
)
def softmax(x: Any, *, axis: Any) -> Any:
    """``eˣ`` divided by its sum along some axes, without overflow.

    Examples
    --------
    >>> softmax([1000.0, 1000.0], axis=(0,))
    array([0.5, 0.5])
    """


def _log_softmax(x: Any, axis: Any) -> NDArray[Any]:
    below = x - _largest(x, axis)
    return below - np.log(np.sum(np.exp(below), axis=axis, keepdims=True))


@operation(
    array=_log_softmax,
    vjps=[lambda g, out, x, axis: g - exp(out) * sum(g, axis=axis, keepdims=True)],
    text="ln(softmax({0}))",
    latex=r"\ln(\operatorname{{softmax}}({0}))",
    symbol="logsoftmax",
    cases=ALONG,
    source="Goodfellow, Bengio & Courville, Deep Learning, eq. 6.30",
)
def log_softmax(x: Any, *, axis: Any) -> Any:
    """The logarithm of `softmax`, exact also where that is tiny.

    Examples
    --------
    >>> log_softmax([1000.0, 0.0], axis=(0,))
    array([    0., -1000.])
    """


def _norm_rule(g: Any, out: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """``g · x / out``, and 0 where the norm is 0."""
    size = spread(out, axis=axis, keepdims=keepdims, shape=x.shape)
    return spread(g, axis=axis, keepdims=keepdims, shape=x.shape) * ratio(x, size)


@operation(
    array=lambda x, axis, keepdims: np.sqrt(np.sum(np.square(x), axis=axis, keepdims=keepdims)),
    vjps=[_norm_rule],
    text="‖{0}‖",
    latex=r"\left\|{0}\right\|",
    symbol="‖x‖",
    domain=AWAY_FROM_ZERO,
    cases=CASES,
    source="Petersen & Pedersen, The Matrix Cookbook, eq. 129; subgradient 0 at 0, as in PyTorch",
)
def norm(x: Any, *, axis: Any, keepdims: Any) -> Any:
    """The Euclidean length ``√Σ x²`` along some axes; where it is 0, its derivative is, too.

    Examples
    --------
    >>> norm([3.0, 4.0], axis=(0,), keepdims=False)
    np.float64(5.0)
    """


def _p_norm(x: Any, p: float, axis: Any, keepdims: bool) -> NDArray[Any]:
    with np.errstate(divide="ignore"):  # a negative power of zero
        return np.sum(np.abs(x) ** p, axis=axis, keepdims=keepdims) ** (1.0 / p)


def _p_norm_rule(g: Any, out: Any, x: Any, p: float, axis: Any, keepdims: bool) -> Any:
    """``g · sign(x) · (|x| / out) ** (p - 1)``, and 0 where the norm, or the element, is 0."""
    zero = eq(out, 0.0)
    if p < 0.0:  # it may be 0 although some elements are not
        g = where(zero, 0.0, g)
    upstream = g / where(zero, 1.0, out) ** (p - 1.0)
    if p > 2.0:
        slope = x * abs(x) ** (p - 2.0)
    elif p > 1.0:
        slope = ratio(x, abs(x) ** (2.0 - p))
    else:
        slope = ratio(sign(x), abs(x) ** (1.0 - p))
    return slope * spread(upstream, axis=axis, keepdims=keepdims, shape=x.shape)


@operation(
    array=_p_norm,
    vjps=[_p_norm_rule],
    text="‖{0}‖ₚ",
    latex=r"\left\|{0}\right\|_p",
    symbol="‖x‖ₚ",
    domain=AWAY_FROM_ZERO,
    cases=[
        Case(case.shapes, {"p": p, **case.params})
        for case, p in zip(CASES, (3.0, 1.5, -1.0, 4.0), strict=True)
    ],
    source="the chain rule; subgradient 0 where the norm or the element is 0, as in PyTorch",
    public=False,
)
def p_norm(x: Any, *, p: Any, axis: Any, keepdims: Any) -> Any:
    """``(Σ |x|ᵖ) ** (1 / p)`` along some axes, for any p but 0 and infinity.

    Examples
    --------
    >>> p_norm([1.0, 1.0], p=0.5, axis=(0,), keepdims=False)
    np.float64(4.0)
    """
