"""Tensors made from nothing but a shape: zeros, ranges, random numbers.

Random numbers come from the `generator` that is given: a NumPy Generator, or an integer, which
seeds a new one. Without it they come from one generator that all of the process shares;
`manual_seed` seeds it, and so does nothing else, not `numpy.random.seed` either.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd.functions.arguments import integers, lengths
from autograd.tensor import Tensor

_shared: list[np.random.Generator] = []  # made when first needed: numpy.random is slow to import


def manual_seed(seed: int) -> None:
    """Seed the generator from which random numbers come when none is given.

    Examples
    --------
    >>> import autograd
    >>> autograd.manual_seed(0)
    >>> a = autograd.rand(3)
    >>> autograd.manual_seed(0)
    >>> (a == autograd.rand(3)).data.all()
    np.True_
    """
    _shared[:] = [np.random.default_rng(seed)]


def _generator(generator: np.random.Generator | int | None) -> np.random.Generator:
    if generator is not None:
        return np.random.default_rng(generator)
    if not _shared:
        _shared.append(np.random.default_rng())
    return _shared[0]


def _size(function: str, shape: tuple[Any, ...]) -> tuple[int, ...]:
    size = lengths(function, shape)
    if min(size, default=0) < 0:
        raise ValueError(f"{function}: a shape has no negative lengths, but was given {size}")
    return size


def zeros(*shape: Any, dtype: DTypeLike = float, requires_grad: bool = False) -> Tensor:
    """A Tensor of zeros.

    Parameters
    ----------
    *shape : int, or one sequence of int
    dtype : dtype, default float64
    requires_grad : bool, default False

    Examples
    --------
    >>> zeros(2, 3)
    Tensor([[0., 0., 0.],
            [0., 0., 0.]])
    """
    return Tensor(np.zeros(_size("zeros", shape), dtype), requires_grad)


def ones(*shape: Any, dtype: DTypeLike = float, requires_grad: bool = False) -> Tensor:
    """A Tensor of ones; the arguments are those of `zeros`.

    Examples
    --------
    >>> ones(2)
    Tensor([1., 1.])
    """
    return Tensor(np.ones(_size("ones", shape), dtype), requires_grad)


def full(
    size: Any, fill_value: float, *, dtype: DTypeLike | None = None, requires_grad: bool = False
) -> Tensor:
    """A Tensor of one number; its type is that of the number unless another is given.

    Examples
    --------
    >>> full((2,), 7.0)
    Tensor([7., 7.])
    """
    return Tensor(np.full(_size("full", (size,)), fill_value, dtype), requires_grad)


def zeros_like(x: Any, *, dtype: DTypeLike | None = None, requires_grad: bool = False) -> Tensor:
    """A Tensor of zeros, with the shape and the type of another.

    Examples
    --------
    >>> zeros_like([1.0, 2.0])
    Tensor([0., 0.])
    """
    return full_like(x, 0, dtype=dtype, requires_grad=requires_grad)


def ones_like(x: Any, *, dtype: DTypeLike | None = None, requires_grad: bool = False) -> Tensor:
    """A Tensor of ones, with the shape and the type of another.

    Examples
    --------
    >>> ones_like([1.0, 2.0])
    Tensor([1., 1.])
    """
    return full_like(x, 1, dtype=dtype, requires_grad=requires_grad)


def full_like(
    x: Any, fill_value: float, *, dtype: DTypeLike | None = None, requires_grad: bool = False
) -> Tensor:
    """A Tensor of one number, with the shape and the type of another.

    Examples
    --------
    >>> full_like([1.0, 2.0], 7)
    Tensor([7., 7.])
    """
    array = x.data if hasattr(x, "operands") else x
    return Tensor(np.full_like(array, fill_value, dtype), requires_grad)


def eye(
    n: int, m: int | None = None, *, dtype: DTypeLike = float, requires_grad: bool = False
) -> Tensor:
    """Ones on the diagonal and zeros elsewhere: n rows, and m columns or as many as rows.

    Examples
    --------
    >>> eye(2)
    Tensor([[1., 0.],
            [0., 1.]])
    """
    rows, columns = integers("eye", "length", (n, n if m is None else m))
    return Tensor(np.eye(rows, columns, dtype=dtype), requires_grad)


def arange(
    start: float,
    end: float | None = None,
    step: float = 1,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """``start, start + step, ...`` up to `end`, which is not among them; ``arange(end)`` from 0.

    Integers give integers, as in PyTorch and NumPy.

    Examples
    --------
    >>> arange(3), arange(0.0, 1.0, 0.5)
    (Tensor([0, 1, 2]), Tensor([0. , 0.5]))
    """
    first, last = (0, start) if end is None else (start, end)
    if step == 0:
        raise ValueError("arange: a step of 0 never gets from start to end")
    return Tensor(np.arange(first, last, step, dtype=dtype), requires_grad)


def linspace(
    start: float,
    end: float,
    steps: int,
    *,
    dtype: DTypeLike = float,
    requires_grad: bool = False,
) -> Tensor:
    """So many numbers at equal distances, from `start` to `end`, which are among them.

    Examples
    --------
    >>> linspace(0, 1, 3)
    Tensor([0. , 0.5, 1. ])
    """
    (count,) = integers("linspace", "number of steps", (steps,))
    return Tensor(np.linspace(start, end, count, dtype=dtype), requires_grad)


def rand(
    *shape: Any,
    generator: np.random.Generator | int | None = None,
    dtype: DTypeLike = float,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers, uniform on [0, 1).

    Parameters
    ----------
    *shape : int, or one sequence of int
    generator : numpy.random.Generator or int, optional
        Where they come from: a generator, which moves on, or the seed of a new one. If omitted,
        the one that `manual_seed` seeds.
    dtype : dtype, default float64
    requires_grad : bool, default False

    Examples
    --------
    >>> rand(2, generator=0)
    Tensor([0.63696169, 0.26978671])
    """
    draw = _generator(generator).random
    return _random("rand", draw, shape, dtype, requires_grad)


def randn(
    *shape: Any,
    generator: np.random.Generator | int | None = None,
    dtype: DTypeLike = float,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers, normal with mean 0 and variance 1; the arguments are those of `rand`.

    Examples
    --------
    >>> randn(2, generator=0)
    Tensor([ 0.12573022, -0.13210486])
    """
    draw = _generator(generator).standard_normal
    return _random("randn", draw, shape, dtype, requires_grad)


def _random(
    function: str,
    draw: Callable[..., Any],
    shape: tuple[Any, ...],
    dtype: DTypeLike,
    requires_grad: bool,
) -> Tensor:
    """Random numbers of float64, rounded to the type: a seed gives the same in each type."""
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"{function} makes floats, but was asked for {np.dtype(dtype)}")
    return Tensor(draw(_size(function, shape)), requires_grad, dtype=dtype)
