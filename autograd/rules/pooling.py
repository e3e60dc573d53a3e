"""What a window that slides over samples makes of the elements in it: the largest, or the sum.

Settings, and the order of axes, are those of `autograd.rules.windows`. All places are looked at
together, entry of the window by entry; padding is never looked at.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import Case, Rule, operation
from autograd.rules.arrays import ADJOINT
from autograd.rules.piecewise import where
from autograd.rules.windows import (
    Lengths,
    Pairs,
    channels_first,
    channels_last,
    overlaps,
    places,
)


def _windows(
    x: NDArray[Any], kernel: Lengths, stride: Lengths, padding: Pairs, dilation: Lengths
) -> NDArray[Any]:
    """What each entry of the window meets: (entries, samples, places, channels)."""
    samples, channels, *lengths = x.shape
    counts = places(tuple(lengths), kernel, stride, padding, dilation)
    shape = (math.prod(kernel), samples, *counts, channels)
    if any(before or behind for before, behind in padding):
        lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
        windows = np.full(shape, lowest, x.dtype)
    else:
        windows = np.empty(shape, x.dtype)
    x = channels_last(x)
    met = overlaps(kernel, tuple(lengths), counts, stride, padding, dilation)
    for window, (elements, at) in zip(windows, met, strict=True):
        window[at] = x[elements]
    return windows


def _mark(chosen: NDArray[Any], free: NDArray[Any], wanted: NDArray[Any]) -> None:
    """Choose what is wanted where nothing was chosen before."""
    wanted &= free
    chosen |= wanted
    free ^= wanted


def _chosen(windows: NDArray[Any], largest: NDArray[Any], at: list[Any]) -> NDArray[Any]:
    """Which entry of each window is the first that is the largest."""
    chosen, free = np.zeros(windows.shape, bool), np.ones(largest.shape, bool)
    for marks, window, key in zip(chosen, windows, at, strict=True):
        _mark(marks[key], free[key], window[key] == largest[key])
    if free.any():  # a NaN, which equals nothing
        for marks, window, key in zip(chosen, windows, at, strict=True):
            _mark(marks[key], free[key], np.isnan(window[key]))
    return chosen


def _found(
    x: NDArray[Any], kernel: Lengths, stride: Lengths, padding: Pairs, dilation: Lengths
) -> tuple[NDArray[Any], NDArray[Any], list[tuple[Any, Any]]]:
    """The largest of each window, which entry it is, and what `overlaps` says of the entries."""
    windows = _windows(x, kernel, stride, padding, dilation)
    largest = np.maximum.reduce(windows)
    met = overlaps(kernel, x.shape[2:], largest.shape[1:-1], stride, padding, dilation)
    return largest, _chosen(windows, largest, [at for _, at in met]), met


def _max_pool(x: NDArray[Any], **settings: Any) -> tuple[NDArray[Any], Rule]:
    largest, chosen, met = _found(x, **settings)
    samples, channels, *lengths = x.shape

    def back(g: Any, i: int) -> NDArray[Any]:
        g = channels_last(g)
        result = np.zeros((samples, *lengths, channels), g.dtype)
        for marks, (elements, at) in zip(chosen, met, strict=True):
            result[elements] += where(marks[at], g[at], 0.0)
        return channels_first(result)

    return channels_first(largest), back


def _at_max(y: NDArray[Any], x: NDArray[Any], **settings: Any) -> NDArray[Any]:
    largest, chosen, met = _found(x, **settings)
    y = channels_last(y)
    result = np.zeros(largest.shape, y.dtype)
    for marks, (elements, at) in zip(chosen, met, strict=True):
        result[at] += where(marks[at], y[elements], 0.0)
    return channels_first(result)


LINE = {"kernel": (2,), "stride": (2,), "padding": ((0, 0),), "dilation": (1,)}
WIDE = {"kernel": (3,), "stride": (1,), "padding": ((1, 1),), "dilation": (2,)}
PLANE = {
    "kernel": (2, 3),
    "stride": (2, 1),
    "padding": ((1, 1), (0, 1)),
    "dilation": (1, 1),
}
CASES: list[tuple[Lengths, Lengths, dict[str, Any]]] = [  # the shapes of x and of the result
    ((2, 1, 4), (2, 1, 2), LINE),
    ((1, 2, 5), (1, 2, 3), WIDE),
    ((1, 2, 3, 4), (1, 2, 2, 3), PLANE),
]


@operation(
    array=lambda x, **settings: _max_pool(x, **settings)[0],
    vjps=[lambda g, out, x, **settings: put_at_max(g, x, **settings)],
    pullback=_max_pool,
    symbol="max pool",
    cases=[Case((x,), settings) for x, _, settings in CASES],
    source="PyTorch, torch.nn.functional.max_pool2d: the first of equal ones has the gradient",
    public=False,
)
def max_pool(x: Any, *, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Any:
    """The largest element in each window.

    Examples
    --------
    >>> settings = {"kernel": (2,), "stride": (2,), "padding": ((0, 0),), "dilation": (1,)}
    >>> max_pool([[[1.0, 3.0, 2.0, 0.0]]], **settings)
    array([[[3., 2.]]])
    """


@operation(
    array=lambda y, x, **settings: _max_pool(x, **settings)[1](y, 0),
    vjps=[lambda g, out, y, x, **settings: at_max(g, x, **settings), None],
    cases=[Case((y, x), settings) for x, y, settings in CASES],
    source=ADJOINT,
    public=False,
)
def put_at_max(y: Any, x: Any, *, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Any:
    """Each element of `y` put where the largest of a window of `x` stands: the adjoint of `at_max`.

    Examples
    --------
    >>> settings = {"kernel": (2,), "stride": (2,), "padding": ((0, 0),), "dilation": (1,)}
    >>> put_at_max([[[5.0, 6.0]]], [[[1.0, 3.0, 2.0, 0.0]]], **settings)
    array([[[0., 5., 6., 0.]]])
    """


@operation(
    array=_at_max,
    vjps=[lambda g, out, y, x, **settings: put_at_max(g, x, **settings), None],
    cases=[Case((x, x), settings) for x, _, settings in CASES],
    source=ADJOINT,
    public=False,
)
def at_max(y: Any, x: Any, *, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Any:
    """The elements of `y` where the largest of each window of `x` stands.

    Examples
    --------
    >>> settings = {"kernel": (2,), "stride": (2,), "padding": ((0, 0),), "dilation": (1,)}
    >>> at_max([[[5.0, 6.0, 7.0, 8.0]]], [[[1.0, 3.0, 2.0, 0.0]]], **settings)
    array([[[6., 7.]]])
    """


def _along(
    i: int, length: int, count: int, kernel: Lengths, stride: Lengths, padding: Pairs
) -> list[tuple[Any, Any]]:
    """The same as `overlaps`, of a window along one axis alone, with the channels in front."""
    this, others = slice(i, i + 1), (slice(None),) * (i + 1)
    met = overlaps(kernel[this], (length,), (count,), stride[this], padding[this], (1,))
    return [((*others, *elements), (*others, *at)) for elements, at in met]


def _sum_pool(x: NDArray[Any], kernel: Lengths, stride: Lengths, padding: Pairs) -> NDArray[Any]:
    """Along one axis after the other, which is fewer additions than all at once."""
    counts = places(x.shape[2:], kernel, stride, padding, (1,) * len(kernel))
    for i, count in enumerate(counts):
        before, length, behind = x.shape[: i + 2], x.shape[i + 2], x.shape[i + 3 :]
        out = np.zeros_like(x, shape=(*before, count, *behind))
        for elements, at in _along(i, length, count, kernel, stride, padding):
            out[at] += x[elements]
        x = out
    return x


def _spread_pool(
    y: NDArray[Any], shape: Lengths, kernel: Lengths, stride: Lengths, padding: Pairs
) -> NDArray[Any]:
    for i, length in enumerate(shape[2:]):
        before, count, behind = y.shape[: i + 2], y.shape[i + 2], y.shape[i + 3 :]
        out = np.zeros_like(y, shape=(*before, length, *behind))
        for elements, at in _along(i, length, count, kernel, stride, padding):
            out[elements] += y[at]
        y = out
    return y


SUMS = [
    (x, y, {key: settings[key] for key in ("kernel", "stride", "padding")})
    for x, y, settings in (CASES[0], CASES[2])
]


@operation(
    array=_sum_pool,
    vjps=[lambda g, out, x, **settings: spread_pool(g, shape=x.shape, **settings)],
    cases=[Case((x,), settings) for x, _, settings in SUMS],
    source=ADJOINT,
    public=False,
)
def sum_pool(x: Any, *, kernel: Any, stride: Any, padding: Any) -> Any:
    """The sum of the elements in each window.

    Examples
    --------
    >>> sum_pool([[[1.0, 3.0, 2.0, 0.0]]], kernel=(2,), stride=(2,), padding=((0, 0),))
    array([[[4., 2.]]])
    """


@operation(
    array=_spread_pool,
    vjps=[lambda g, out, y, shape, **settings: sum_pool(g, **settings)],
    cases=[Case((y,), {"shape": x, **settings}) for x, y, settings in SUMS],
    source=ADJOINT,
    public=False,
)
def spread_pool(y: Any, *, shape: Any, kernel: Any, stride: Any, padding: Any) -> Any:
    """Each element given to all of its window, and added up there: the adjoint of `sum_pool`.

    Examples
    --------
    >>> settings = {"kernel": (2,), "stride": (1,), "padding": ((0, 0),)}
    >>> spread_pool([[[1.0, 2.0]]], shape=(1, 1, 3), **settings)
    array([[[1., 3., 2.]]])
    """
