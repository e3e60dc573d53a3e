"""Tensors made from nothing but a shape: zeros, ranges, random numbers.

Random numbers come from the `generator` that is given: a NumPy Generator, or an integer, which
seeds a new one. Without it they come from one generator that all of the process shares;
`manual_seed` seeds it, and so does nothing else, not `numpy.random.seed` either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from autograd.functions.arguments import integers, lengths, operand
from autograd.node import plain
from autograd.tensor import Tensor
from autograd.tracing import drawn, is_tracing

_shared: list[np.random.Generator] = []  # made when first needed: numpy.random is slow to import


def manual_seed(seed: int) -> None:
    """Seed the generator from which random numbers come when none is given.

    As ``torch.manual_seed``; the numbers that follow are not PyTorch's.

    Examples
    --------
    >>> import autograd
    >>> autograd.manual_seed(0)
    >>> a = autograd.rand(3)
    >>> autograd.manual_seed(0)
    >>> (a == autograd.rand(3)).data.all()
    np.True_
    """
    (seed,) = integers("manual_seed", "seed", (seed,))
    _shared[:] = [np.random.default_rng(seed)]


def get_rng_state() -> dict[str, Any]:
    """Where the generator stands from which random numbers come when none is given.

    As ``torch.get_rng_state``, but a dict of integers and text, which a file can hold.

    Examples
    --------
    >>> import autograd
    >>> state = autograd.get_rng_state()
    >>> a = autograd.rand(3)
    >>> autograd.set_rng_state(state)
    >>> (a == autograd.rand(3)).data.all()
    np.True_
    """
    return dict(_generator(None).bit_generator.state)


def set_rng_state(new_state: dict[str, Any]) -> None:
    """Let that generator go on from where it stood: what `get_rng_state` gave.

    As ``torch.set_rng_state``.

    Raises
    ------
    ValueError
        If it is no such state.

    Examples
    --------
    >>> import autograd
    >>> autograd.set_rng_state(autograd.get_rng_state())
    """
    generator = np.random.default_rng(0)
    try:
        generator.bit_generator.state = new_state
    except (TypeError, KeyError, ValueError) as error:
        raise ValueError(
            f"set_rng_state takes what get_rng_state gave, but was given {new_state!r:.60}"
        ) from error
    _shared[:] = [generator]


def _generator(generator: np.random.Generator | int | None) -> np.random.Generator:
    if generator is not None:
        return np.random.default_rng(generator)
    if not _shared:
        _shared.append(np.random.default_rng())
    return _shared[0]


def _shape(function: str, row: tuple[Any, ...], size: Any = None) -> tuple[int, ...]:
    shape = lengths(function, row, size)
    if min(shape, default=0) < 0:
        raise ValueError(f"{function}: a shape has no negative lengths, but was given {shape}")
    return shape


def zeros(
    *shape: Any,
    size: Sequence[int] | None = None,
    dtype: DTypeLike = float,
    requires_grad: bool = False,
) -> Tensor:
    """A Tensor of zeros; as ``torch.zeros``, but of float64.

    ``out[i] = 0``.

    Parameters
    ----------
    *shape : int, or one sequence of int
    size : sequence of int, optional
        The shape by PyTorch's name.
    dtype : dtype, default float64
    requires_grad : bool, default False

    Raises
    ------
    ValueError
        If a length is negative.
    TypeError
        If one is not an integer, or the type cannot require a gradient.

    Examples
    --------
    >>> zeros(2, 3)
    Tensor([[0., 0., 0.],
            [0., 0., 0.]])
    """
    return Tensor(np.zeros(_shape("zeros", shape, size), dtype), requires_grad)


def ones(
    *shape: Any,
    size: Sequence[int] | None = None,
    dtype: DTypeLike = float,
    requires_grad: bool = False,
) -> Tensor:
    """A Tensor of ones; the arguments, the shape among them, are those of `zeros`.

    ``out[i] = 1``. As ``torch.ones``.

    Examples
    --------
    >>> ones(2)
    Tensor([1., 1.])
    """
    return Tensor(np.ones(_shape("ones", shape, size), dtype), requires_grad)


def full(
    size: Any, fill_value: float, *, dtype: DTypeLike | None = None, requires_grad: bool = False
) -> Tensor:
    """A Tensor of one number; its type is that of the number unless another is given.

    ``out[i] = fill_value``. As ``torch.full``.

    Parameters
    ----------
    size : int or sequence of int
        The shape.
    fill_value : number
    dtype : dtype, optional
    requires_grad : bool, default False

    Examples
    --------
    >>> full((2,), 7.0)
    Tensor([7., 7.])
    """
    return Tensor(np.full(_shape("full", (size,)), plain(fill_value), dtype), requires_grad)


def zeros_like(
    input: Any, *, dtype: DTypeLike | None = None, requires_grad: bool = False
) -> Tensor:
    """A Tensor of zeros, with the shape and the type of another; as ``torch.zeros_like``.

    ``out[i] = 0``.

    Examples
    --------
    >>> zeros_like([1.0, 2.0])
    Tensor([0., 0.])
    """
    return full_like(operand("zeros_like", input), 0, dtype=dtype, requires_grad=requires_grad)


def ones_like(input: Any, *, dtype: DTypeLike | None = None, requires_grad: bool = False) -> Tensor:
    """A Tensor of ones, with the shape and the type of another; as ``torch.ones_like``.

    ``out[i] = 1``.

    Examples
    --------
    >>> ones_like([1.0, 2.0])
    Tensor([1., 1.])
    """
    return full_like(operand("ones_like", input), 1, dtype=dtype, requires_grad=requires_grad)


def full_like(
    input: Any, fill_value: float, *, dtype: DTypeLike | None = None, requires_grad: bool = False
) -> Tensor:
    """A Tensor of one number, with the shape and the type of another; as ``torch.full_like``.

    ``out[i] = fill_value``.

    Examples
    --------
    >>> full_like([1.0, 2.0], 7)
    Tensor([7., 7.])
    """
    input, fill_value = operand("full_like", input), operand("full_like", fill_value)
    return Tensor(np.full_like(plain(input), plain(fill_value), dtype), requires_grad)


def eye(
    n: int, m: int | None = None, *, dtype: DTypeLike = float, requires_grad: bool = False
) -> Tensor:
    """Ones on the diagonal and zeros elsewhere: n rows, and m columns or as many as rows.

    ``out[i, j] = 1`` where ``i = j``, and 0 elsewhere. Of shape ``(n, m)``. As ``torch.eye``.

    Examples
    --------
    >>> eye(2)
    Tensor([[1., 0.],
            [0., 1.]])
    """
    rows, columns = _shape("eye", (n, n if m is None else m))
    return Tensor(np.eye(rows, columns, dtype=dtype), requires_grad)


def arange(
    start: float | None = None,
    end: float | None = None,
    step: float = 1,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """``start, start + step, ...`` up to `end`, which is not among them; ``arange(end)`` from 0.

    There are n, ``⌈(end - start) / step⌉``: the shape is ``(n,)``. Integers give integers. As
    ``torch.arange``, which unlike ``np.arange`` raises if `end` lies behind `start`.

    Parameters
    ----------
    start : number, default 0
        The first; where no `end` is given, it is that.
    end : number
    step : number, default 1
        Not 0; negative to count down.
    dtype : dtype, optional
    requires_grad : bool, default False

    Raises
    ------
    ValueError
        If the steps never get from start to end.
    TypeError
        If neither is given.

    Examples
    --------
    >>> arange(3), arange(0.0, 1.0, 0.5)
    (Tensor([0, 1, 2]), Tensor([0. , 0.5]))
    """
    first, last = (None, start) if end is None else (start, end)
    if last is None:
        raise TypeError("arange needs an end: arange(end), or arange(start, end)")
    first = 0 if first is None else first
    first, last, step = (plain(operand("arange", x)) for x in (first, last, step))
    if step == 0 or (last - first) / step < 0:
        raise ValueError(f"arange: a step of {step} never gets from {first} to {last}")
    return Tensor(np.arange(first, last, step, dtype=dtype), requires_grad)


def linspace(
    start: float,
    end: float,
    steps: int,
    *,
    dtype: DTypeLike = float,
    requires_grad: bool = False,
) -> Tensor:
    """So many numbers at equal distances, ``(steps,)``, from `start` to `end`, both included.

    ``out[i] = start + i (end - start) / (steps - 1)``. As ``torch.linspace``.

    Raises
    ------
    ValueError
        If `steps` is negative.

    Examples
    --------
    >>> linspace(0, 1, 3)
    Tensor([0. , 0.5, 1. ])
    """
    (count,) = _shape("linspace", (steps,))
    return Tensor(np.linspace(start, end, count, dtype=dtype), requires_grad)


def rand(
    *shape: Any,
    size: Sequence[int] | None = None,
    generator: np.random.Generator | int | None = None,
    dtype: DTypeLike = float,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers, uniform on [0, 1); as ``torch.rand``.

    Their density is ``p(x) = 1`` there.

    Parameters
    ----------
    *shape : int, or one sequence of int
    size : sequence of int, optional
        The shape by PyTorch's name.
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
    sizes = _shape("rand", shape, size)
    return _random("rand", lambda: _generator(generator).random(sizes), dtype, requires_grad)


def randn(
    *shape: Any,
    size: Sequence[int] | None = None,
    generator: np.random.Generator | int | None = None,
    dtype: DTypeLike = float,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers, normal with mean 0 and variance 1; the arguments are those of `rand`.

    Their density is ``p(x) = e^(-x² / 2) / √(2π)``. The shape is, too. As ``torch.randn``.

    Examples
    --------
    >>> randn(2, generator=0)
    Tensor([ 0.12573022, -0.13210486])
    """
    sizes = _shape("randn", shape, size)
    return _random(
        "randn", lambda: _generator(generator).standard_normal(sizes), dtype, requires_grad
    )


def _random(
    function: str,
    draw: Callable[[], NDArray[Any]],
    dtype: DTypeLike,
    requires_grad: bool,
) -> Tensor:
    """Random numbers of float64, rounded to the type: a seed gives the same in each type."""
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"{function} makes floats, but was asked for {np.dtype(dtype)}")
    if is_tracing():
        stand_in: Tensor = drawn(draw)
        return stand_in
    return Tensor(draw(), requires_grad, dtype=dtype)
