"""What changes how much there is along some axes: more or fewer points, and one-hot rows."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd
from nn.functional.operands import shape_of

LINEAR = {"linear": 1, "bilinear": 2, "trilinear": 3}  # how many axes after the channels
MODES = ("nearest", "nearest-exact", *LINEAR)


def interpolate(
    input: Any,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
) -> Any:
    """More or fewer points along all axes after the channels: ``torch.nn.functional.interpolate``.

    A point j of the result stands at ``(j + ½) · n/m - ½`` among the n points of `input`. It is the
    one at ``⌊j · n/m⌋`` ("nearest"), the nearest ("nearest-exact"), or on the straight line between
    its neighbours ("linear").

    Parameters
    ----------
    input : Tensor of shape (n, channels, ...)
    size : int or sequence of int, optional
        How many points the result has along each axis.
    scale_factor : float or sequence of float, optional
        The same as a multiple of those of `input`, rounded down.
    mode : {"nearest", "nearest-exact", "linear", "bilinear", "trilinear"}
        The last three are the same for one, two and three axes.
    align_corners : bool, optional
        For the last three: whether the outermost points stay where they are.

    Raises
    ------
    ValueError
        If not one of `size` and `scale_factor` is given, a number for each axis, that leaves any
        point; or if the mode is unknown or does not fit the axes.

    Examples
    --------
    >>> from autograd import Tensor
    >>> interpolate(Tensor([[[1.0, 2.0]]]), scale_factor=2)
    Tensor([[[1., 1., 2., 2.]]])
    >>> interpolate(Tensor([[[1.0, 2.0]]]), size=3, mode="linear", align_corners=True)
    Tensor([[[1. , 1.5, 2. ]]])
    """
    given = shape_of("interpolate", input)[2:]
    if mode not in MODES:
        raise ValueError(f"interpolate: mode is one of {', '.join(MODES)}, but was given {mode!r}")
    if not given or LINEAR.get(mode, len(given)) != len(given):
        raise ValueError(f"interpolate: mode {mode!r} does not fit x of shape {input.shape}")
    if align_corners is not None and mode not in LINEAR:
        raise ValueError(f"interpolate: mode {mode!r} takes no align_corners")
    sizes = _sizes(given, size, scale_factor)
    if mode not in LINEAR and all(m % n == 0 and step is None for n, m, step in sizes):
        return _repeated(input, [(n, m // n) for n, m, _ in sizes])
    for axis, (n, m, step) in enumerate(sizes, start=2):
        if mode in LINEAR:
            input = _on_lines(input, axis, _points(n, m, step, bool(align_corners)))
        else:
            nearest = _nearest(n, m, step, exact=mode == "nearest-exact")
            input = autograd.index_select(input, axis, nearest)
    return input


def _sizes(given: tuple[int, ...], size: Any, scale: Any) -> list[tuple[int, int, float | None]]:
    """For each axis: how many points it has, and is to have; how far apart, if not n/m."""
    if (size is None) == (scale is None):
        raise ValueError("interpolate takes either size or scale_factor")
    wanted = scale if size is None else size
    each = list(wanted) if isinstance(wanted, (list, tuple)) else [wanted] * len(given)
    if len(each) != len(given):
        raise ValueError(f"interpolate takes a number for each of {len(given)} axes, not {wanted}")
    found: list[tuple[int, int, float | None]] = []
    for n, number in zip(given, each, strict=True):
        m = operator.index(number) if scale is None else math.floor(n * number)
        if n < 1 or m < 1:
            raise ValueError(f"interpolate: nothing is left of axes {given} with {wanted}")
        found.append((n, m, None if scale is None or m == n * number else 1.0 / number))
    return found


def _repeated(x: Any, sizes: list[tuple[int, int]]) -> Any:
    """Each point so many times along its axis: the usual case, and quicker than by its number."""
    front = x.shape[:2]
    apart = autograd.reshape(x, (*front, *(k for n, _ in sizes for k in (n, 1))))
    copies = autograd.broadcast_to(apart, (*front, *(k for pair in sizes for k in pair)))
    return autograd.reshape(copies, (*front, *(n * times for n, times in sizes)))


def _nearest(n: int, m: int, step: float | None, exact: bool) -> NDArray[np.intp]:
    """Which of n points each of m is; in whole numbers where it can be, which do not round."""
    twice = 2 * np.arange(m) + exact
    at = twice * n // (2 * m) if step is None else np.floor(twice / 2 * step).astype(int)
    nearest: NDArray[np.intp] = np.minimum(at, n - 1)
    return nearest


def _points(n: int, m: int, step: float | None, align_corners: bool) -> NDArray[np.float64]:
    """Where each of m points stands among n."""
    if align_corners:
        return np.linspace(0.0, n - 1.0, m) if m > 1 else np.zeros(1)
    found = (np.arange(m) + 0.5) * (n / m if step is None else step) - 0.5
    return found.clip(0.0, n - 1.0)


def _on_lines(x: Any, axis: int, at: NDArray[np.float64]) -> Any:
    """Points along an axis, on the lines between those that there are."""
    before = at.astype(int)
    after = np.minimum(before + 1, x.shape[axis] - 1)
    part = (at - before).astype(x.dtype).reshape((-1,) + (1,) * (len(x.shape) - axis - 1))
    low, high = (autograd.index_select(x, axis, places) for places in (before, after))
    return autograd.mul(low, 1 - part) + autograd.mul(high, part)


def normalize(input: Any, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Any:
    """Rows of length 1, ``x / max(‖x‖ₚ, eps)``: ``torch.nn.functional.normalize``.

    Parameters
    ----------
    input : Tensor or array, of any shape
    p : float, default 2
        Which norm; see `autograd.norm`.
    dim : int, default 1
        The axis along which the rows lie.
    eps : float, default 1e-12
        What a shorter row is divided by.

    Examples
    --------
    >>> from autograd import Tensor
    >>> normalize(Tensor([[3.0, 4.0]]))
    Tensor([[0.6, 0.8]])
    """
    length = autograd.norm(input, p, dim, keepdim=True)
    return autograd.div(input, autograd.clamp_min(length, eps))


def one_hot(tensor: Any, num_classes: int = -1) -> Any:
    """A row for each class number, with 1 in its place and 0 elsewhere, of whole numbers.

    ``out[i, j] = 1 if tensor[i] == j else 0``: ``(...)`` gives ``(..., num_classes)``. As
    ``torch.nn.functional.one_hot``.

    Parameters
    ----------
    tensor : integers, of any shape
    num_classes : int, optional
        If omitted, one more than the largest number; in a compiled function it must be given.

    Raises
    ------
    IndexError
        If a number is negative, or there is no such class.
    TypeError
        If `tensor` are not integers.

    Examples
    --------
    >>> one_hot([0, 2], 3)
    Tensor([[1, 0, 0],
            [0, 0, 1]])
    """
    if num_classes == -1:
        if autograd.is_tracing():
            raise TypeError("one_hot: in a compiled function give num_classes, which must not vary")
        numbers = np.asarray(tensor)
        if not numbers.size:
            raise ValueError("one_hot: of no numbers it takes num_classes")
        num_classes = int(numbers.max()) + 1
    return autograd.embedding(tensor, autograd.eye(max(num_classes, 1), dtype=np.int64))
