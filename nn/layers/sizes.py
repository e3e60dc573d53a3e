"""What layers are told about sizes, made canonical; errors that name the layer; parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

import autograd
from autograd import Tensor
from nn.init.fill import Source, uniform_
from nn.module import Module

Size = int | Sequence[int]
WHOLE = (int, np.integer)


def each(module: Module, name: str, given: Any, axes: int, least: int = 0) -> tuple[int, ...]:
    """A setting with a number for each axis, where one number stands for all."""
    several = tuple(given) if isinstance(given, (tuple, list)) else (given,) * axes
    if len(several) != axes or any(not isinstance(n, WHOLE) or n < least for n in several):
        numbers = "an integer" if axes == 1 else f"an integer or {axes} of them"
        raise ValueError(
            f"{type(module).__name__}: {name} is {numbers}, {least} at least, but is {given!r}"
        )
    return tuple(map(int, several))


def at_least_one(module: Module, **numbers: Any) -> None:
    """See that numbers of things are whole, and that there is one at least."""
    for name, number in numbers.items():
        if not isinstance(number, WHOLE) or number < 1:
            raise ValueError(
                f"{type(module).__name__}: {name} must be at least 1, but is {number!r}"
            )


def in_layer(module: Module, error: ValueError) -> ValueError:
    """The same error, saying which layer was given what does not fit."""
    return ValueError(f"{module!r}: {error}")


def uniform(
    shape: tuple[int, ...], bound: float, source: Source, dtype: DTypeLike | None
) -> Tensor:
    """A parameter drawn from ``U(-bound, bound)``."""
    return uniform_(zeros(shape, dtype), -bound, bound, source)


def ones(shape: tuple[int, ...], dtype: DTypeLike | None) -> Tensor:
    """A parameter of ones."""
    return autograd.ones(shape, dtype=dtype or float, requires_grad=True)


def zeros(shape: tuple[int, ...], dtype: DTypeLike | None) -> Tensor:
    """A parameter of zeros."""
    return autograd.zeros(shape, dtype=dtype or float, requires_grad=True)
