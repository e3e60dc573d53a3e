"""Functions that turn, repeat and surround the elements of an array, or store them otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from autograd import rules
from autograd.complaints import called, shape_of
from autograd.functions.arguments import axes_of, integers, lengths, positive
from autograd.functions.shape import ravel
from autograd.node import plain

Mode = Literal["constant", "reflect", "replicate", "circular"]


def flip(x: Any, *dims: Any) -> Any:
    """The elements in reverse order along some axes.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0, 3.0]).flip(0)
    Tensor([3., 2., 1.])
    """
    ndim = len(shape_of(x))
    axes = axes_of("flip", x, lengths("flip", dims))
    if len(set(axes)) < len(axes):
        raise ValueError(f"flip names an axis twice: {axes}")
    turned = slice(None, None, -1)
    return rules.index(x, key=tuple(turned if i in axes else slice(None) for i in range(ndim)))


def roll(x: Any, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Any:
    """The elements moved along some axes; what leaves at one end comes back at the other.

    Parameters
    ----------
    x : Tensor or array
    shifts : int or sequence of int
        By how many places, for each axis.
    dims : int or sequence of int, optional
        Which axes; if omitted, all elements move as if they stood in a row.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0, 3.0]).roll(1)
    Tensor([3., 1., 2.])
    """
    by = integers("roll", "shift", shifts if isinstance(shifts, (list, tuple)) else (shifts,))
    if dims is None:
        return rules.reshape(rules.roll(ravel(x), shift=by, axis=(0,)), shape=shape_of(x))
    several = dims if isinstance(dims, (list, tuple)) else (dims,)
    axes = positive("roll", several, len(shape_of(x)))
    if len(by) != len(axes):
        raise ValueError(f"roll takes a shift for each axis, but was given {shifts} and {dims}")
    return rules.roll(x, shift=by, axis=axes)


def repeat(x: Any, *sizes: Any) -> Any:
    """The whole array over and over, so many times along each axis; as `torch.Tensor.repeat`.

    Parameters
    ----------
    x : Tensor or array
    *sizes : int, or one sequence of int
        How often along each axis; at least as many as `x` has axes, the last for its last axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0]).repeat(2, 2)
    Tensor([[1., 2., 1., 2.],
            [1., 2., 1., 2.]])
    """
    times = lengths("repeat", sizes)
    if len(times) < len(shape_of(x)):
        raise ValueError(f"repeat takes a number for each axis of {called(x, 'x')}, not {times}")
    return _repeated("repeat", x, times)


def tile(x: Any, *dims: Any) -> Any:
    """The whole array over and over: `repeat`, where axes in front may be left out.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0], [2.0]]).tile(2)
    Tensor([[1., 1.],
            [2., 2.]])
    """
    times = lengths("tile", dims)
    return _repeated("tile", x, (1,) * (len(shape_of(x)) - len(times)) + times)


def _repeated(function: str, x: Any, times: tuple[int, ...]) -> Any:
    if min(times, default=0) < 0:
        raise ValueError(f"{function} repeats 0 times or more, but was given {times}")
    shape = (1,) * (len(times) - len(shape_of(x))) + shape_of(x)
    apart = rules.reshape(x, shape=tuple(each for n in shape for each in (1, n)))
    pairs = tuple(each for pair in zip(times, shape, strict=True) for each in pair)
    copies = rules.broadcast_to(apart, shape=pairs)
    return rules.reshape(copies, shape=tuple(k * n for k, n in zip(times, shape, strict=True)))


def pad(x: Any, pad: Sequence[int], mode: Mode = "constant", value: float | None = None) -> Any:
    """More elements before and after those of `x`; the arguments are PyTorch's.

    Parameters
    ----------
    x : Tensor or array
    pad : sequence of int
        How many before and after along the last axis, then along the one before it, and so on; a
        negative number removes elements (also in modes other than "constant").
    mode : {"constant", "reflect", "replicate", "circular"}, default "constant"
        What they are: one number; the elements mirrored at the edge, without the edge itself; the
        edge; or those from the other end.
    value : float, default 0
        The number of mode "constant".

    Raises
    ------
    ValueError
        If an axis is too short to be mirrored or wrapped so far, or `pad` has not two numbers an
        axis.

    Examples
    --------
    >>> from autograd import Tensor, pad
    >>> x = Tensor([1.0, 2.0, 3.0])
    >>> pad(x, (1, 2))
    Tensor([0., 1., 2., 3., 0., 0.])
    >>> pad(x, (1, 2), mode="reflect")
    Tensor([2., 1., 2., 3., 2., 1.])
    """
    numbers = integers("pad", "length", pad)
    ndim = len(shape_of(x))
    if len(numbers) % 2 or len(numbers) > 2 * ndim:
        raise ValueError(
            f"pad takes two numbers an axis, the last axis first, but was given {numbers} for "
            f"{called(x, 'x')}"
        )
    if mode not in ("constant", "reflect", "replicate", "circular"):
        raise ValueError(
            f"pad: mode is 'constant', 'reflect', 'replicate' or 'circular', but was {mode!r}"
        )
    pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
    both = [(0, 0)] * (ndim - len(pairs)) + pairs[::-1]  # for each axis, the first one first
    if mode == "constant":
        return _framed(x, both, 0.0 if value is None else value)
    if value is not None:
        raise ValueError(f"pad: only mode 'constant' takes a value, but mode is {mode!r}")
    for axis, (before, after) in enumerate(both):
        if before or after:
            at = _source(x, axis, before, after, mode)
            x = rules.index(x, key=(*[slice(None)] * axis, at))
    return x


def _framed(x: Any, both: list[tuple[int, int]], value: float) -> Any:
    """`x` with a frame of one number around it."""
    shape = shape_of(x)
    kept = tuple(slice(max(-a, 0), n - max(-b, 0)) for n, (a, b) in zip(shape, both, strict=True))
    framed = tuple(n + a + b for n, (a, b) in zip(shape, both, strict=True))
    if min(framed, default=0) < 0:
        raise ValueError(f"pad: {called(x, 'x')} has too few elements to remove so many")
    inside = tuple(slice(max(a, 0), n - max(b, 0)) for n, (a, b) in zip(framed, both, strict=True))
    result = rules.scatter(rules.index(x, key=kept), key=inside, shape=framed)
    if value == 0:
        return result
    frame = np.full(framed, value, plain(result).dtype)
    frame[inside] = 0
    return result + frame


def _source(x: Any, axis: int, before: int, after: int, mode: str) -> NDArray[np.intp]:
    """Which element of an axis each element of the padded axis is."""
    length = shape_of(x)[axis]
    limit = {"reflect": length - 1, "circular": length}.get(mode, before + after + 1)
    if length == 0 or max(before, after) > limit or length + before + after < 0:
        raise ValueError(
            f"pad: axis {axis} of {called(x, 'x')} is too short to be padded by {(before, after)} "
            f"in mode {mode!r}"
        )
    at = np.arange(-before, length + after)
    if mode == "circular":
        return at % length
    if mode == "replicate":
        return at.clip(0, length - 1)
    return length - 1 - abs(length - 1 - abs(at))


def astype(x: Any, dtype: DTypeLike) -> Any:
    """The same numbers stored as another type; the gradient comes back in the type of `x`.

    Parameters
    ----------
    x : Tensor or array
    dtype : dtype
        Any type of real numbers. What becomes integers or booleans has no gradient.

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
    return rules.astype(x, dtype=wanted)
