"""Functions that turn, repeat and surround the elements of an array, or store them otherwise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from autograd import rules
from autograd.complaints import called, dtype_of, shape_of
from autograd.functions.arguments import distinct, integers, lengths, positive
from autograd.functions.shape import ravel
from autograd.rules.arrays import at_axis

Mode = Literal["constant", "reflect", "replicate", "circular"]


def flip(input: Any, *axes: Any, dims: Sequence[int] | None = None) -> Any:
    """The elements in reverse order along some axes.

    ``out[i, j] = input[n - 1 - i, j]`` for axis 0. As ``torch.flip``; ``np.flip`` without an
    axis flips all.

    Parameters
    ----------
    input : Tensor or array, of any shape
    *axes : int, or one sequence of int
        Which axes.
    dims : sequence of int, optional
        The same by name.

    Raises
    ------
    IndexError
        If there is no such axis.
    ValueError
        If an axis is named twice.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0, 3.0]).flip(0)
    Tensor([3., 2., 1.])
    """
    turned = distinct("flip", input, lengths("flip", axes, dims))
    back, forth = slice(None, None, -1), slice(None)
    key = tuple(back if i in turned else forth for i in range(len(shape_of(input))))
    return rules.index(input, key=key)


def roll(input: Any, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Any:
    """The elements moved along some axes; what leaves at one end comes back at the other.

    ``out[i] = input[(i - shift) % n]``. As ``torch.roll``.

    Parameters
    ----------
    input : Tensor or array, of any shape
    shifts : int or sequence of int
        By how many places, for each axis.
    dims : int or sequence of int, optional
        Which axes; if omitted, all elements move as if they stood in a row.

    Raises
    ------
    IndexError
        If there is no such axis.
    ValueError
        If there is not one shift for each axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0, 3.0]).roll(1)
    Tensor([3., 1., 2.])
    """
    by = integers("roll", "shift", _several(shifts))
    row = dims is None or not _several(dims)
    axes = (0,) if row else positive("roll", _several(dims), len(shape_of(input)), input)
    if len(by) != len(axes):
        raise ValueError(f"roll takes a shift for each axis, but was given {shifts} and {dims}")
    if row:
        return rules.reshape(rules.roll(ravel(input), shift=by, axis=axes), shape=shape_of(input))
    return rules.roll(input, shift=by, axis=axes)


def _several(numbers: Any) -> Sequence[Any]:
    return numbers if isinstance(numbers, (list, tuple)) else (numbers,)


def repeat(input: Any, *times: Any, repeats: Sequence[int] | None = None) -> Any:
    """The whole array over and over, so many times along each axis.

    ``out[l, i, j] = input[i % n, j % m]``: ``(n, m)`` gives ``(k, 2n, 3m)`` for ``(k, 2, 3)``. As
    ``torch.Tensor.repeat``; ``np.repeat`` repeats each element.

    Parameters
    ----------
    input : Tensor or array, of any shape
    *times : int, or one sequence of int
        How often along each axis; at least as many as `input` has axes, the last for its last axis.
    repeats : sequence of int, optional
        The same by name.

    Raises
    ------
    ValueError
        If there are fewer numbers than axes, or one is negative.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0]).repeat(2, 2)
    Tensor([[1., 2., 1., 2.],
            [1., 2., 1., 2.]])
    """
    given = lengths("repeat", times, repeats)
    if len(given) < len(shape_of(input)):
        raise ValueError(
            f"repeat takes a number for each axis of {called(input, 'x')}, not {given}"
        )
    return _repeated("repeat", input, given)


def tile(input: Any, *times: Any, dims: Sequence[int] | None = None) -> Any:
    """The whole array over and over: `repeat`, where axes in front may be left out.

    ``out[i, j] = input[i, j % m]``: ``(n, m)`` gives ``(n, 2m)`` for 2. As ``torch.tile`` and
    ``np.tile``.

    Parameters
    ----------
    input : Tensor or array, of any shape
    *times : int, or one sequence of int
        How often along each axis, the last for the last axis.
    dims : sequence of int, optional
        The same by name.

    Raises
    ------
    ValueError
        If a number is negative.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0], [2.0]]).tile(2)
    Tensor([[1., 1.],
            [2., 2.]])
    """
    given = lengths("tile", times, dims)
    return _repeated("tile", input, (1,) * (len(shape_of(input)) - len(given)) + given)


def _repeated(function: str, x: Any, times: tuple[int, ...]) -> Any:
    if min(times, default=0) < 0:
        raise ValueError(f"{function} repeats 0 times or more, but was given {times}")
    shape = (1,) * (len(times) - len(shape_of(x))) + shape_of(x)
    apart = rules.reshape(x, shape=tuple(each for n in shape for each in (1, n)))
    pairs = tuple(each for pair in zip(times, shape, strict=True) for each in pair)
    copies = rules.broadcast_to(apart, shape=pairs)
    return rules.reshape(copies, shape=tuple(k * n for k, n in zip(times, shape, strict=True)))


def pad(input: Any, pad: Sequence[int], mode: Mode = "constant", value: float | None = None) -> Any:
    """More elements before and after those of `input`: ``(n, m)`` gives ``(n, a + m + b)``.

    ``out[i, a + j] = input[i, j]``, and what the mode says around it. As
    ``torch.nn.functional.pad``, which in modes other than "constant" takes fewer shapes.

    Parameters
    ----------
    input : Tensor or array, of any shape
    pad : sequence of int
        How many before and after along the last axis, then along the one before it, and so on; a
        negative number removes elements. What is removed is still mirrored, but not wrapped.
    mode : {"constant", "reflect", "replicate", "circular"}, default "constant"
        What they are: one number; the elements mirrored at the edge, without the edge itself; the
        edge; or those from the other end.
    value : float, default 0
        The number of mode "constant".

    Raises
    ------
    ValueError
        If an axis is too short to be mirrored or wrapped so far, or to lose so many elements; if
        `pad` has not two numbers an axis, or there is no such mode.

    Examples
    --------
    >>> from autograd import Tensor, pad
    >>> x = Tensor([1.0, 2.0, 3.0])
    >>> pad(x, (1, 2))
    Tensor([0., 1., 2., 3., 0., 0.])
    >>> pad(x, (1, 2), mode="reflect")
    Tensor([2., 1., 2., 3., 2., 1.])
    """
    numbers = lengths("pad", (pad,))
    ndim = len(shape_of(input))
    if len(numbers) % 2 or len(numbers) > 2 * ndim:
        raise ValueError(
            f"pad takes two numbers an axis, the last axis first, but was given {numbers} for "
            f"{called(input, 'x')}"
        )
    if mode not in ("constant", "reflect", "replicate", "circular"):
        raise ValueError(
            f"pad: mode is 'constant', 'reflect', 'replicate' or 'circular', but was {mode!r}"
        )
    pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
    both = [(0, 0)] * (ndim - len(pairs)) + pairs[::-1]  # for each axis, the first one first
    if mode == "constant":
        return _framed(input, both, 0.0 if value is None else value)
    if value is not None:
        raise ValueError(f"pad: only mode 'constant' takes a value, but mode is {mode!r}")
    return _extended(input, both, mode)


def _cropped(x: Any, both: list[tuple[int, int]]) -> Any:
    """`x` without the elements that negative numbers remove."""
    removed = [(max(-a, 0), max(-b, 0)) for a, b in both]
    if not any(map(any, removed)):
        return x
    shape = shape_of(x)
    if any(a + b > n for n, (a, b) in zip(shape, removed, strict=True)):
        raise ValueError(f"pad: {called(x, 'x')} has too few elements to remove so many")
    kept = tuple(slice(a, n - b) for n, (a, b) in zip(shape, removed, strict=True))
    return rules.index(x, key=kept)


def _framed(x: Any, both: list[tuple[int, int]], value: float) -> Any:
    """`x` with a frame of one number around it."""
    shape = tuple(n + a + b for n, (a, b) in zip(shape_of(x), both, strict=True))
    inside = tuple(slice(max(a, 0), n - max(b, 0)) for n, (a, b) in zip(shape, both, strict=True))
    result = rules.scatter(_cropped(x, both), key=inside, shape=shape)
    if value == 0:
        return result
    frame = np.full(shape, value, dtype_of(result))
    frame[inside] = 0
    return result + frame


def _extended(x: Any, both: list[tuple[int, int]], mode: str) -> Any:
    """`x` with more of its own elements around it."""
    given, grown = called(x, "x"), both
    if mode == "circular":
        x, grown = _cropped(x, both), [(max(a, 0), max(b, 0)) for a, b in both]
    for axis, (before, after) in enumerate(grown):
        if not before and not after:
            continue
        length = shape_of(x)[axis]
        limit = {"reflect": length - 1, "circular": length}.get(mode, math.inf)
        if length == 0 or max(before, after) > limit or length + before + after < 0:
            raise ValueError(
                f"pad: axis {axis} of {given} is too short to be padded by {both[axis]} in mode "
                f"{mode!r}"
            )
        x = rules.index(x, key=at_axis(axis, _source(length, before, after, mode)))
    return x


def _source(length: int, before: int, after: int, mode: str) -> NDArray[np.intp]:
    """Which element of an axis each element of the padded axis is."""
    at = np.arange(-before, length + after)
    if mode == "circular":
        return at % length
    if mode == "replicate":
        return at.clip(0, length - 1)
    return length - 1 - abs(length - 1 - abs(at))


def astype(input: Any, dtype: DTypeLike) -> Any:
    """The same numbers stored as another type; the gradient comes back in the type of `input`.

    ``out[i] = dtype(input[i])``. As ``np.ndarray.astype``; PyTorch's ``to``.

    Parameters
    ----------
    input : Tensor or array, of any shape
    dtype : dtype
        Any type of real numbers. What becomes integers or booleans has no gradient.

    Raises
    ------
    TypeError
        If it is not a type of real numbers.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.5, 2.5]).astype("float32")
    Tensor([1.5, 2.5], dtype=float32)
    """
    try:
        wanted = np.dtype(dtype)
    except TypeError:
        raise TypeError(f"astype takes a type of numbers, but was given {dtype!r}") from None
    if wanted.kind not in "fiub":
        raise TypeError(f"astype converts to real numbers, but was given {wanted}")
    return rules.astype(input, dtype=wanted)
