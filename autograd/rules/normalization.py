"""Elements on a common scale: what batch, layer, group and RMS norm have in common."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import Case, Rule, operation
from autograd.rules.arithmetic import square
from autograd.rules.arrays import sum
from autograd.rules.powers import rsqrt
from autograd.rules.reductions import var


def total(x: NDArray[Any], axis: tuple[int, ...]) -> NDArray[Any]:
    """The sum along some axes, which stay.

    Of large arrays it is a product with ones, where memory allows: several times as quick.

    Examples
    --------
    >>> total(np.array([[1.0, 2.0], [3.0, 4.0]]), (0,))
    array([[4., 6.]])
    """
    others = tuple(i for i in range(x.ndim) if i not in axis)
    if others and x.size > 1000 and x.dtype.kind == "f":
        shape = tuple(1 if i in axis else n for i, n in enumerate(x.shape))
        ones = np.ones(x.size // math.prod(shape), x.dtype)
        rows, columns = x.transpose(*axis, *others), x.transpose(*others, *axis)
        if rows.flags.c_contiguous:
            return (ones @ rows.reshape(len(ones), -1)).reshape(shape)
        if columns.flags.c_contiguous:
            return (columns.reshape(-1, len(ones)) @ ones).reshape(shape)
    return np.add.reduce(x, axis, keepdims=True)


def moments(
    x: NDArray[Any], axis: tuple[int, ...], count: int
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Mean and variance along some axes, `count` elements along them.

    Examples
    --------
    >>> moments(np.array([[1.0, 3.0]]), (1,), 2)
    (array([[2.]]), array([[1.]]))
    """
    mean = total(x, axis) / count
    return mean, total(np.square(x - mean), axis) / count


def _standardise(
    x: NDArray[Any], axis: tuple[int, ...], count: int, centred: bool, eps: float
) -> tuple[NDArray[Any], Rule]:
    x = x if x.dtype.kind == "f" else x.astype(float)
    out = x - total(x, axis) / count if centred else x
    scale = 1.0 / np.sqrt(total(np.square(out), axis) / count + eps)
    out = np.multiply(out, scale, out=out if centred else None)

    def back(g: Any, i: int) -> NDArray[Any]:
        share: NDArray[Any] = g * out
        slope = total(share, axis) / count
        np.multiply(out, slope, out=share)
        np.subtract(g, share, out=share)
        if centred:
            share -= total(g, axis) / count
        share *= scale
        return share

    return out, back


def _rule(g: Any, out: Any, x: Any, axis: Any, count: Any, centred: bool, eps: float) -> Any:
    """``(g - mean(g) - out · mean(g · out)) / √(var(x) + eps)``."""
    off = g - out * (sum(g * out, axis=axis, keepdims=True) / count)
    if centred:
        off = off - sum(g, axis=axis, keepdims=True) / count
        spread = var(x, axis=axis, keepdims=True, count=count, scale=1.0 / count)
    else:
        spread = sum(square(x), axis=axis, keepdims=True) / count
    return off * rsqrt(spread + eps)


@operation(
    array=lambda x, **settings: _standardise(x, **settings)[0],
    vjps=[_rule],
    pullback=_standardise,
    symbol="norm",
    text="({0} − mean({0})) / √(var({0}) + eps)",
    latex=r"\frac{{{0} - \operatorname{{mean}}({0})}}{{\sqrt{{\operatorname{{var}}({0}) + eps}}}}",
    binds=2,
    cases=[
        Case(((3, 4),), {"axis": (1,), "count": 4, "centred": True, "eps": 1e-5}),
        Case(((3, 2, 2),), {"axis": (0, 2), "count": 6, "centred": True, "eps": 1e-3}),
        Case(((3, 4),), {"axis": (1,), "count": 4, "centred": False, "eps": 1e-5}),
    ],
    source="Ioffe & Szegedy 2015, Batch normalization, sec. 3",
    public=False,
)
def standardise(x: Any, *, axis: Any, count: Any, centred: Any, eps: Any) -> Any:
    """Elements less their mean along some axes, `count` of them, over their standard deviation.

    With ``centred=False`` the mean is taken for 0: what comes out is `x` over its root mean square.

    Examples
    --------
    >>> standardise([[1.0, 3.0]], axis=(1,), count=2, centred=True, eps=0.0)
    array([[-1.,  1.]])
    """


def _scale(x: NDArray[Any], weight: NDArray[Any], bias: NDArray[Any]) -> tuple[Any, Rule]:
    out = x * weight
    out += bias

    def back(g: Any, i: int) -> NDArray[Any]:
        share: NDArray[Any] = g if i == 2 else g * (weight if i == 0 else x)
        if i == 0:
            return share
        shape = (weight, bias)[i - 1].shape
        full = (1,) * (x.ndim - len(shape)) + shape
        axis = tuple(k for k, n in enumerate(full) if n == 1)
        return total(share, axis).reshape(shape)

    return out, back


@operation(
    array=lambda x, weight, bias: _scale(x, weight, bias)[0],
    vjps=[
        lambda g, out, x, weight, bias: g * weight,
        lambda g, out, x, weight, bias: g * x,
        lambda g, out, x, weight, bias: g,
    ],
    pullback=_scale,
    text="{0:2} · {1:3} + {2:1}",
    latex=r"{0:2} \cdot {1:3} + {2:1}",
    multilinear=True,
    binds=1,
    symbol="scale",
    cases=[
        Case(((3, 4), (4,), (4,))),
        Case(((2, 3, 2), (3, 1), (1, 3, 1))),
        Case(((2, 1), (2, 1), (1,))),
    ],
    source="the product rule",
    public=False,
)
def scale(x: Any, weight: Any, bias: Any) -> Any:
    """``x · weight + bias``, of the shape of `x`.

    Examples
    --------
    >>> scale([1.0, 2.0], [3.0, 4.0], [0.5])
    array([3.5, 8.5])
    """
