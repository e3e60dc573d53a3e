"""What NumPy's users write for an argument, and NumPy's own functions put to use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import rules
from autograd.complaints import shape_of
from autograd.functions.arguments import positive
from autograd.functions.shape import ravel
from autograd.node import plain
from autograd.tensor import Tensor

Axis = int | Sequence[int] | None


def axes_of(function: str, x: Any, axis: Axis) -> tuple[int, ...]:
    """The axes, none below 0; all for None."""
    ndim = len(shape_of(x))
    if axis is None:
        return tuple(range(ndim))
    return positive(function, axis if isinstance(axis, (tuple, list)) else (axis,), ndim, x)


def sequence(lengths: Any) -> tuple[int, ...]:
    """A number as a tuple of one, a list as a tuple."""
    return tuple(lengths) if isinstance(lengths, (tuple, list)) else (lengths,)


def flat_unless(axis: int | None, x: Any) -> tuple[Any, int]:
    """What NumPy does where no axis is given: all elements in one row."""
    return (ravel(x), 0) if axis is None else (x, axis)


def part_of(x: Any, axis: int, part: Any) -> Any:
    """Part of an axis, which is not below 0: a slice, or an array of indices."""
    return rules.index(x, key=(*(slice(None) for _ in range(axis)), part))


def moved(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that only moves elements: NumPy does it to the places where they stand."""

    def ours(a: Any, *args: Any, **kwargs: Any) -> Any:
        shape = shape_of(a)
        places = np.arange(np.prod(shape, dtype=int)).reshape(shape)
        return rules.index(ravel(a), key=(function(places, *args, **kwargs),))

    return ours


def without_past(function: Callable[..., Any]) -> Callable[..., Any]:
    """NumPy's own function of the numbers alone, for what has no derivative."""
    ours = answer(function)
    return lambda *args, **kwargs: Tensor(ours(*args, **kwargs))


def answer(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same for what is no array, or one of places."""
    return lambda *args, **kwargs: function(
        *map(plain, args), **{name: plain(given) for name, given in kwargs.items()}
    )
