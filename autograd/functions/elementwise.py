"""Functions of each element alone that are made of the table's operations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd import rules
from autograd.complaints import dtype_of
from autograd.functions.arguments import applied, operand
from autograd.functions.truth import nonzero


def add(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """The sum ``input + alpha · other``, element by element. As ``torch.add``.

    Parameters
    ----------
    input, other : Tensor, Value, array or number
        Of shapes that broadcast.
    alpha : number, default 1
        What to multiply `other` with.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> add(2.0, 3.0), add(2.0, 3.0, alpha=10.0)
    (5.0, 32.0)
    """
    return rules.add(input, _times(alpha, other))


def _times(alpha: Any, x: Any) -> Any:
    return x if isinstance(alpha, int) and alpha == 1 else rules.mul(alpha, x)


def sub(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """The difference ``input - alpha · other``, element by element.

    The arguments and the errors are those of `add`. As ``torch.sub``.

    Examples
    --------
    >>> sub(2.0, 3.0), sub(2.0, 3.0, alpha=10.0)
    (-1.0, -28.0)
    """
    return rules.sub(input, _times(alpha, other))


def div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Any:
    """The quotient ``input / other``, or what is left of it when it is rounded. As ``torch.div``.

    Parameters
    ----------
    input, other : Tensor, Value, array or number
        Of shapes that broadcast.
    rounding_mode : {None, "floor", "trunc"}
        Not rounded; rounded down, as Python's ``//``; rounded towards 0, as in C. What is rounded
        is flat: its derivatives are 0.

    Raises
    ------
    ValueError
        If there is no such mode, or the shapes do not broadcast.
    ZeroDivisionError
        For floats: ``other = 0``. Arrays give an infinity or NaN, as in NumPy.

    Examples
    --------
    >>> div(-7.0, 2.0), div(-7.0, 2.0, rounding_mode="floor")
    (-3.5, -4.0)
    >>> div(-7.0, 2.0, rounding_mode="trunc")
    -3.0
    """
    if rounding_mode is None:
        return rules.div(input, other)
    if rounding_mode not in ("floor", "trunc"):
        raise ValueError(
            f"div takes rounding_mode=None, 'floor' or 'trunc', but was given {rounding_mode!r}"
        )
    rounded = rules.floor_divide if rounding_mode == "floor" else _truncated
    return applied("div", rounded, x=input, other=other)


def _truncated(x: Any, y: Any) -> Any:
    """The quotient without what follows its decimal point."""
    if _is_whole(x) and _is_whole(y):  # stays whole, and exact however large
        x, y = (np.asarray(n) if isinstance(n, int) else n for n in (x, y))
        size = rules.floor_divide(rules.abs(x), rules.abs(y))
        return rules.mul(size, rules.mul(rules.sign(x), rules.sign(y)))
    return rules.trunc(rules.div(x, y))


def _is_whole(x: Any) -> bool:
    return dtype_of(x).kind in "iu"


def true_divide(input: Any, other: Any) -> Any:
    """The quotient ``input / other``, element by element: `div`, by its other name.

    As ``torch.true_divide``.

    Examples
    --------
    >>> true_divide(3.0, 2.0)
    1.5
    """
    return applied("true_divide", rules.div, x=input, other=other)


def where(condition: Any, input: Any = None, other: Any = None) -> Any:
    """`input` where a condition holds and `other` where it does not; or where it holds.

    ``out[i] = input[i] if condition[i] else other[i]``. Only the branch taken gets a gradient; an
    infinity or NaN in the other does not leak into it. As ``torch.where``.

    Parameters
    ----------
    condition : booleans, or numbers of which 0 is false
    input, other : Tensor, Value, array or number, optional
        The branches, of shapes that broadcast with that of the condition.

    Returns
    -------
    Tensor, Value, array or number, or tuple of Tensors or arrays of int64
        The second without branches: the places where the condition holds,
        ``nonzero(condition, as_tuple=True)``.

    Raises
    ------
    TypeError
        If only one branch is given.
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([1.0, -2.0, 3.0])
    >>> where(x > 0, x, 0.0), where(x > 0)
    (Tensor([1., 0., 3.]), (Tensor([0, 2]),))
    """
    if input is None and other is None:
        return nonzero(operand("where", condition), as_tuple=True)
    if input is None or other is None:
        raise TypeError("where takes a condition and two branches, or a condition alone")
    return rules.where(condition, input, other)


def clamp(input: Any, min: Any = None, max: Any = None) -> Any:
    """`input` kept between two bounds, either of which may be missing. As ``torch.clamp``.

    ``out = minimum(maximum(input, min), max)``.

    Parameters
    ----------
    input : Tensor, Value, array or number, of any shape
    min, max : number, Tensor, Value or array, optional
        The bounds, of shapes that broadcast with that of `input`. If ``min > max`` the result is
        `max`.

    Returns
    -------
    Tensor, Value, array or number
        ``minimum(maximum(input, min), max)``; NaN where any of them is. Where `input` stands on a
        bound, the gradient goes to `input`.

    Raises
    ------
    ValueError
        If both bounds are missing, or the shapes do not broadcast.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([-2.0, 0.5, 3.0]).clamp(-1.0, 1.0)
    Tensor([-1. ,  0.5,  1. ])
    >>> Tensor([-2.0, 0.5, 3.0]).clamp(min=0.0)
    Tensor([0. , 0.5, 3. ])
    """
    return _bounded("clamp", input, min, max)


def clip(input: Any, min: Any = None, max: Any = None) -> Any:
    """`input` kept between two bounds, either of which may be missing: `clamp`, by NumPy's name.

    ``out = minimum(maximum(input, min), max)``. The arguments, their shapes and the errors are
    those of `clamp`. As ``torch.clip``.

    Examples
    --------
    >>> clip(5.0, 0.0, 1.0), clip(5.0, min=0.0)
    (1.0, 5.0)
    """
    return _bounded("clip", input, min, max)


def clamp_min(input: Any, min: Any) -> Any:
    """`input` where it is not below a bound, else the bound: ``clamp(input, min=min)``.

    ``out = maximum(input, min)``. The shapes broadcast. As ``torch.clamp_min``.

    Examples
    --------
    >>> clamp_min(-2.0, -1.0)
    -1.0
    """
    return _bounded("clamp_min", input, min, None)


def clamp_max(input: Any, max: Any) -> Any:
    """`input` where it is not above a bound, else the bound: ``clamp(input, max=max)``.

    ``out = minimum(input, max)``. The shapes broadcast. As ``torch.clamp_max``.

    Examples
    --------
    >>> clamp_max(2.0, 1.0)
    1.0
    """
    return _bounded("clamp_max", input, None, max)


def _bounded(function: str, x: Any, min: Any, max: Any) -> Any:
    if min is None and max is None:
        raise ValueError(f"{function} takes min=, max= or both, but was given neither")
    lowest, highest = _limits(x)
    low, high = lowest if min is None else min, highest if max is None else max
    return applied(function, rules.clip, x=x, min=low, max=high)


def _limits(x: Any) -> tuple[float, float]:
    """Bounds that bound nothing, and leave the type of `x` as it is."""
    dtype = dtype_of(x)
    if dtype.kind in "iu":
        return int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
    if dtype.kind == "b":
        return False, True
    return -math.inf, math.inf


def lerp(input: Any, end: Any, weight: Any) -> Any:
    """The point between two, a part of the way along: ``input + weight · (end - input)``.

    As ``torch.lerp``.

    Parameters
    ----------
    input, end, weight : Tensor, Value, array or number
        Of shapes that broadcast.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    Examples
    --------
    >>> lerp(10.0, 20.0, 0.25)
    12.5
    """
    return applied("lerp", _lerp, x=input, end=end, weight=weight)


def _lerp(start: Any, end: Any, weight: Any) -> Any:
    return rules.add(start, rules.mul(weight, rules.sub(end, start)))


def isnan(input: Any) -> Any:
    """Whether each element is not a number. As ``torch.isnan``.

    ``out = (input != input)``: NaN alone differs from itself.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, float("nan"), float("inf")]).isnan()
    Tensor([False,  True, False])
    """
    return applied("isnan", lambda x: rules.ne(x, x), x=input)


def isinf(input: Any) -> Any:
    """Whether each element is infinite, of either sign. As ``torch.isinf``.

    ``out = (|input| = ∞)``.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, float("nan"), float("-inf")]).isinf()
    Tensor([False, False,  True])
    """
    return rules.eq(applied("isinf", rules.abs, x=input), math.inf)


def isfinite(input: Any) -> Any:
    """Whether each element is a number, and not infinite. As ``torch.isfinite``.

    ``out = (|input| < ∞)``.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, float("nan"), float("inf")]).isfinite()
    Tensor([ True, False, False])
    """
    return rules.lt(applied("isfinite", rules.abs, x=input), math.inf)
