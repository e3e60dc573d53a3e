"""Functions of each element alone that are made of the table's operations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd import rules
from autograd.node import plain


def div(x: Any, y: Any, *, rounding_mode: str | None = None) -> Any:
    """The quotient ``x / y``, or what is left of it when it is rounded.

    Parameters
    ----------
    x, y : Tensor, Value, array or number
        Of shapes that broadcast.
    rounding_mode : {None, "floor", "trunc"}
        Not rounded; rounded down, as Python's ``//``; rounded towards 0, as in C. What is rounded
        is flat: its derivatives are 0.

    Raises
    ------
    ValueError
        If there is no such mode.

    Examples
    --------
    >>> div(-7.0, 2.0), div(-7.0, 2.0, rounding_mode="floor")
    (-3.5, -4.0)
    >>> div(-7.0, 2.0, rounding_mode="trunc")
    -3.0
    """
    if rounding_mode is None:
        return rules.div(x, y)
    if rounding_mode == "floor":
        return rules.floor_divide(x, y)
    if rounding_mode != "trunc":
        raise ValueError(
            f"div takes rounding_mode=None, 'floor' or 'trunc', but was given {rounding_mode!r}"
        )
    if _is_whole(x) and _is_whole(y):  # stays whole, and exact however large
        x, y = (np.asarray(n) if isinstance(n, int) else n for n in (x, y))
        size = rules.floor_divide(rules.abs(x), rules.abs(y))
        return rules.mul(size, rules.mul(rules.sign(x), rules.sign(y)))
    return rules.trunc(rules.div(x, y))


def _is_whole(x: Any) -> bool:
    return np.asarray(plain(x)).dtype.kind in "iu"


def true_divide(x: Any, y: Any) -> Any:
    """The quotient ``x / y``: `div`, by its other name.

    Examples
    --------
    >>> true_divide(3.0, 2.0)
    1.5
    """
    return rules.div(x, y)


def clamp(x: Any, min: Any = None, max: Any = None) -> Any:
    """`x` kept between two bounds, either of which may be missing.

    Parameters
    ----------
    x : Tensor, Value, array or number, of any shape
    min, max : number, Tensor, Value or array, optional
        The bounds, of shapes that broadcast with that of `x`. If ``min > max`` the result is `max`.
        Where x stands on a bound, the gradient goes to x, as in PyTorch.

    Raises
    ------
    ValueError
        If both are missing.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([-2.0, 0.5, 3.0]).clamp(-1.0, 1.0)
    Tensor([-1. ,  0.5,  1. ])
    >>> Tensor([-2.0, 0.5, 3.0]).clamp(min=0.0)
    Tensor([0. , 0.5, 3. ])
    """
    return _bounded("clamp", x, min, max)


def clip(x: Any, min: Any = None, max: Any = None) -> Any:
    """`x` kept between two bounds, either of which may be missing: `clamp`, by NumPy's name.

    Examples
    --------
    >>> clip(5.0, 0.0, 1.0), clip(5.0, min=0.0)
    (1.0, 5.0)
    """
    return _bounded("clip", x, min, max)


def _bounded(function: str, x: Any, min: Any, max: Any) -> Any:
    if min is None and max is None:
        raise ValueError(f"{function} takes min=, max= or both, but was given neither")
    lowest, highest = _limits(x)
    return rules.clip(x, lowest if min is None else min, highest if max is None else max)


def _limits(x: Any) -> tuple[float, float]:
    """Bounds that bound nothing, and leave the type of `x` as it is."""
    dtype = np.asarray(plain(x)).dtype
    if dtype.kind in "iu":
        return int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
    return -math.inf, math.inf


def clamp_min(x: Any, min: Any) -> Any:
    """`x` where it is not below a bound, else the bound: ``clamp(x, min=min)``.

    Examples
    --------
    >>> clamp_min(-2.0, -1.0)
    -1.0
    """
    return clamp(x, min=min)


def clamp_max(x: Any, max: Any) -> Any:
    """`x` where it is not above a bound, else the bound: ``clamp(x, max=max)``.

    Examples
    --------
    >>> clamp_max(2.0, 1.0)
    1.0
    """
    return clamp(x, max=max)


def lerp(start: Any, end: Any, weight: Any) -> Any:
    """The point between two, a part of the way along: ``start + weight * (end - start)``.

    Parameters
    ----------
    start, end, weight : Tensor, Value, array or number
        Of shapes that broadcast.

    Examples
    --------
    >>> lerp(10.0, 20.0, 0.25)
    12.5
    """
    return rules.add(start, rules.mul(weight, rules.sub(end, start)))


def isnan(x: Any) -> Any:
    """Whether each element is not a number.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, float("nan"), float("inf")]).isnan()
    Tensor([False,  True, False])
    """
    return rules.ne(x, x)


def isinf(x: Any) -> Any:
    """Whether each element is infinite, of either sign.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, float("nan"), float("-inf")]).isinf()
    Tensor([False, False,  True])
    """
    return rules.eq(rules.abs(x), math.inf)


def isfinite(x: Any) -> Any:
    """Whether each element is a number, and not infinite.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, float("nan"), float("inf")]).isfinite()
    Tensor([ True, False, False])
    """
    return rules.lt(rules.abs(x), math.inf)
