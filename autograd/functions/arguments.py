"""What users may write for an argument, made canonical; errors that name the function."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from numbers import Integral
from typing import Any, TypeVar

import numpy as np

from autograd.complaints import broadcasting
from autograd.node import plain
from autograd.op import as_constant

Axes = int | Sequence[int] | None
Function = TypeVar("Function", bound=Callable[..., Any])


def takes_axis(function: Function) -> Function:
    """Let a function that takes dim=, PyTorch's word, take axis=, NumPy's, for the same."""

    @functools.wraps(function)
    def either(*args: Any, **kwargs: Any) -> Any:
        if "axis" in kwargs:
            if "dim" in kwargs:
                name = function.__name__
                raise TypeError(f"{name} takes dim= or axis=, which mean the same, but not both")
            kwargs["dim"] = kwargs.pop("axis")
        return function(*args, **kwargs)

    return either  # type: ignore[return-value]


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
    if chosen is None or (isinstance(dim, (tuple, list)) and not dim):
        return tuple(range(ndim))  # PyTorch's dim=() names all axes, NumPy's axis=() none
    axes = chosen if isinstance(chosen, (tuple, list)) else (chosen,)
    if ndim == 0 and set(axes) <= {0, -1}:
        return ()  # PyTorch lets a number have an axis to name
    return positive(function, axes, ndim)


def along(function: str, x: Any, dim: Axes, axis: Axes = None) -> tuple[Any, tuple[int, ...]]:
    """What a reduction is given, a node or an array, and the axes that `axes_of` finds."""
    x = x if hasattr(x, "operands") else as_constant(function, x)
    return x, axes_of(function, x, dim, axis)


def applied(function: str, compute: Callable[..., Any], **operands: Any) -> Any:
    """What operations make of operands; their errors are put in the name of the function."""
    try:
        return compute(*operands.values())
    except (TypeError, ValueError):
        given = [
            x if hasattr(x, "operands") else as_constant(function, x) for x in operands.values()
        ]
        apart = broadcasting(function, tuple(operands), given)
        if apart is not None:
            raise apart from None
        raise


def without(axis: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The lengths of all other axes."""
    return shape[:axis] + shape[axis + 1 :]


def positive(function: str, axes: Sequence[int], ndim: int) -> tuple[int, ...]:
    """Axes counted from the front; an error that names the function if there is no such axis."""
    for axis in integers(function, "axis", axes):
        if not -ndim <= axis < ndim:
            given = f"an array with {ndim} axes"
            raise IndexError(f"{function}: there is no axis {axis} in {given}")
    return tuple(axis % ndim for axis in axes)
