"""What users may write for an argument, made canonical; errors that name the function."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np

from autograd.node import plain

Axes = int | Sequence[int] | None


def lengths(function: str, shape: tuple[Any, ...]) -> tuple[int, ...]:
    """A shape given as one sequence or as numbers in a row."""
    given = shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape
    return integers(function, "length", given)


def integers(function: str, what: str, numbers: Sequence[Any]) -> tuple[int, ...]:
    """Whole numbers, also NumPy's; an error that names the function if one is none."""
    for number in numbers:
        if not isinstance(number, Integral):
            raise TypeError(
                f"{function} takes an integer for each {what}, but was given {number!r}"
            )
    return tuple(int(number) for number in numbers)


def axes_of(function: str, x: Any, dim: Axes, axis: Axes = None) -> tuple[int, ...]:
    """The axes that dim= (PyTorch's word) or axis= (NumPy's) names, none below 0; all for None."""
    if dim is not None and axis is not None:
        raise TypeError(f"{function} takes dim= or axis=, which mean the same, but not both")
    chosen = axis if dim is None else dim
    ndim = np.ndim(plain(x))
    if chosen is None:
        return tuple(range(ndim))
    axes = chosen if isinstance(chosen, (tuple, list)) else (chosen,)
    return positive(function, axes, ndim)


def positive(function: str, axes: Sequence[int], ndim: int) -> tuple[int, ...]:
    """Axes counted from the front; an error that names the function if there is no such axis."""
    for axis in integers(function, "axis", axes):
        if not -ndim <= axis < ndim:
            given = f"an array with {ndim} axes"
            raise IndexError(f"{function}: there is no axis {axis} in {given}")
    return tuple(axis % ndim for axis in axes)
