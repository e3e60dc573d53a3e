"""Convolution, and what its derivatives are: three maps, each bilinear and the others' derivative.

Axes and settings are those of `autograd.rules.windows`. Results lie in memory with the channels
last: so what is beneath the kernel is copied in long runs, and products of matrices do the rest.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import Case, Rule, operation
from autograd.rules.arrays import ADJOINT, sum
from autograd.rules.windows import (
    Lengths,
    Pairs,
    channels_first,
    channels_last,
    overlaps,
    places,
    spans,
)


def _padded(x: NDArray[Any], lengths: Lengths, padding: Pairs) -> NDArray[Any]:
    """Samples, channels last, with zeros before and behind, so far as the kernel goes."""
    if not any(before or behind for before, behind in padding):
        return x
    wide = np.zeros((len(x), *lengths, x.shape[-1]), x.dtype)
    starts = (before for before, _ in padding)
    pairs = zip(starts, x.shape[1:-1], strict=True)
    inner = wide[(slice(None), *(slice(before, before + n) for before, n in pairs))]
    inner[...] = x[tuple(slice(n) for n in inner.shape)]
    return wide


def _columns(
    x: NDArray[Any],
    kernel: Lengths,
    stride: Lengths,
    padding: Pairs,
    dilation: Lengths,
    groups: int,
) -> NDArray[Any]:
    """What lies beneath the kernel: for each group of channels, a row for each sample and place."""
    counts = places(x.shape[2:], kernel, stride, padding, dilation)
    steps = zip(counts, stride, spans(kernel, dilation), strict=True)
    x = _padded(channels_last(x), tuple((n - 1) * s + span for n, s, span in steps), padding)
    channels = x.shape[-1] // groups
    next_sample, *next_place, next_channel = x.strides
    beneath = np.lib.stride_tricks.as_strided(
        x,
        (groups, len(x), *counts, *kernel, channels),
        (
            channels * next_channel,
            next_sample,
            *(step * s for step, s in zip(next_place, stride, strict=True)),
            *(step * d for step, d in zip(next_place, dilation, strict=True)),
            next_channel,
        ),
    )
    rows, size = len(x) * math.prod(counts), math.prod(kernel) * channels
    if kernel[-1] * channels >= counts[-1]:
        return beneath.reshape(groups, rows, size)
    split = 2 + len(kernel)  # few channels: runs from place to place are the longer ones
    order = (0, *range(split, beneath.ndim), *range(1, split))
    return beneath.transpose(order).reshape(groups, size, rows).mT


def _filters(weight: NDArray[Any], groups: int) -> NDArray[Any]:
    """The kernels as rows, in each group, in the order of the columns."""
    return channels_last(weight).reshape(groups, len(weight) // groups, -1)


def _rows(y: NDArray[Any], groups: int) -> NDArray[Any]:
    """A result of `conv` as a row for each sample and place, in each group of channels."""
    channels = y.shape[1]
    rows = channels_last(y).reshape(y.size // channels, groups, channels // groups)
    return rows.swapaxes(0, 1)


def _image(rows: NDArray[Any], samples: int, counts: Lengths) -> NDArray[Any]:
    """What `_rows` took apart."""
    groups, _, size = rows.shape
    return channels_first(rows.swapaxes(0, 1).reshape(samples, *counts, groups * size))


def _conv(
    x: NDArray[Any],
    weight: NDArray[Any],
    bias: NDArray[Any] | None = None,
    *,
    stride: Lengths,
    padding: Pairs,
    dilation: Lengths,
    groups: int,
) -> tuple[NDArray[Any], Rule]:
    """The result, and what makes of its gradient that of each operand, with the same columns."""
    kernel = weight.shape[2:]
    columns = _columns(x, kernel, stride, padding, dilation, groups)
    rows = columns @ _filters(weight, groups).mT
    if bias is not None:
        rows += bias.reshape(groups, 1, -1)
    shape = x.shape  # of `x` itself nothing else is needed
    counts = places(shape[2:], kernel, stride, padding, dilation)

    def back(g: Any, i: int) -> NDArray[Any]:
        if i == 0:
            return _conv_input(g, weight, shape, stride, padding, dilation, groups)
        upstream = _rows(g, groups)
        if i == 1:
            return _kernels(upstream.mT @ columns, kernel)
        ones = np.ones(upstream.shape[1], upstream.dtype)
        total: NDArray[Any] = ones @ upstream  # which is quicker than to add up rows
        return total.ravel()

    return _image(rows, shape[0], counts), back


def _kernels(filters: NDArray[Any], kernel: Lengths) -> NDArray[Any]:
    """What `_filters` took apart."""
    groups, each, size = filters.shape
    shape = (groups * each, *kernel, size // math.prod(kernel))
    return channels_first(filters.reshape(shape))


def _conv_input(
    g: NDArray[Any],
    weight: NDArray[Any],
    shape: Lengths,
    stride: Lengths,
    padding: Pairs,
    dilation: Lengths,
    groups: int,
) -> NDArray[Any]:
    samples, channels, *lengths = shape
    each, *kernel = weight.shape[1:]
    counts, rows = g.shape[2:], _rows(g, groups)
    split = weight.reshape(groups, -1, each, math.prod(kernel))
    filters = np.ascontiguousarray(np.moveaxis(split, -1, 0))
    met = overlaps(tuple(kernel), tuple(lengths), counts, stride, padding, dilation)
    out = np.zeros((samples, *lengths, channels), np.result_type(g, weight))
    for filter, (elements, at) in zip(filters, met, strict=True):
        share = (rows @ filter).swapaxes(0, 1).reshape(samples, *counts, channels)
        out[elements] += share[at]
    return channels_first(out)


def _conv_weight(
    x: NDArray[Any],
    g: NDArray[Any],
    shape: Lengths,
    stride: Lengths,
    padding: Pairs,
    dilation: Lengths,
    groups: int,
) -> NDArray[Any]:
    columns = _columns(x, shape[2:], stride, padding, dilation, groups)
    return _kernels(_rows(g, groups).mT @ columns, shape[2:])


LINE = {"stride": (1,), "padding": ((0, 0),), "dilation": (1,), "groups": 1}
WIDE = {"stride": (2,), "padding": ((2, 1),), "dilation": (2,), "groups": 2}
PLANE = {"stride": (1, 2), "padding": ((1, 1), (0, 1)), "dilation": (1, 1), "groups": 1}
CASES = [  # the shapes of x, weight and the result
    (((2, 3, 5), (4, 3, 3), (2, 4, 3)), LINE),
    (((2, 4, 6), (2, 2, 3), (2, 2, 3)), WIDE),
    (((2, 1, 4, 5), (2, 1, 3, 2), (2, 2, 4, 3)), PLANE),
]


@operation(
    array=lambda x, weight, stride, padding, dilation, groups: _conv(
        x, weight, stride=stride, padding=padding, dilation=dilation, groups=groups
    )[0],
    vjps=[
        lambda g, out, x, weight, **settings: conv_input(g, weight, shape=x.shape, **settings),
        lambda g, out, x, weight, **settings: conv_weight(x, g, shape=weight.shape, **settings),
    ],
    pullback=_conv,
    text="{0:2} ⋆ {1:9}",
    latex=r"{0:2} \star {1:9}",
    multilinear=True,
    binds=2,
    symbol="conv",
    cases=[Case((x, weight), settings) for (x, weight, _), settings in CASES],
    source="Goodfellow, Bengio & Courville, Deep Learning, eq. 9.6",
    public=False,
)
def conv(x: Any, weight: Any, *, stride: Any, padding: Any, dilation: Any, groups: Any) -> Any:
    """Samples seen through kernels, ``out[i] = Σⱼ x[stride · i + dilation · j - pad] weight[j]``.

    Examples
    --------
    >>> settings = {"stride": (1,), "padding": ((0, 0),), "dilation": (1,), "groups": 1}
    >>> conv([[[1.0, 2.0, 3.0]]], [[[1.0, 10.0]]], **settings)
    array([[[21., 32.]]])
    """


@operation(
    array=lambda x, weight, bias, stride, padding, dilation, groups: _conv(
        x, weight, bias, stride=stride, padding=padding, dilation=dilation, groups=groups
    )[0],
    vjps=[
        lambda g, out, x, weight, bias, **settings: conv_input(
            g, weight, shape=x.shape, **settings
        ),
        lambda g, out, x, weight, bias, **settings: conv_weight(
            x, g, shape=weight.shape, **settings
        ),
        lambda g, out, x, weight, bias, stride, **_: sum(
            g, axis=(0, *range(2, 2 + len(stride))), keepdims=False
        ),
    ],
    pullback=_conv,
    text="{0:2} ⋆ {1:9} + {2:1}",
    latex=r"{0:2} \star {1:9} + {2:1}",
    multilinear=True,
    binds=1,
    symbol="conv",
    cases=[Case((x, weight, weight[:1]), settings) for (x, weight, _), settings in CASES],
    source="Goodfellow, Bengio & Courville, Deep Learning, eq. 9.6",
    public=False,
)
def conv_bias(
    x: Any, weight: Any, bias: Any, *, stride: Any, padding: Any, dilation: Any, groups: Any
) -> Any:
    """`conv`, and a number added to each channel.

    Examples
    --------
    >>> settings = {"stride": (1,), "padding": ((0, 0),), "dilation": (1,), "groups": 1}
    >>> conv_bias([[[1.0, 2.0, 3.0]]], [[[1.0, 10.0]]], [0.5], **settings)
    array([[[21.5, 32.5]]])
    """


@operation(
    array=_conv_input,
    vjps=[
        lambda g, out, y, weight, shape, **settings: conv(g, weight, **settings),
        lambda g, out, y, weight, shape, **settings: conv_weight(
            g, y, shape=weight.shape, **settings
        ),
    ],
    multilinear=True,
    symbol="convᵀ",
    cases=[Case((y, weight), {"shape": x, **settings}) for (x, weight, y), settings in CASES],
    source=ADJOINT,
    public=False,
)
def conv_input(
    y: Any, weight: Any, *, shape: Any, stride: Any, padding: Any, dilation: Any, groups: Any
) -> Any:
    """The adjoint of `conv` by its first operand, whose shape is given: a transposed convolution.

    Examples
    --------
    >>> settings = {"stride": (1,), "padding": ((0, 0),), "dilation": (1,), "groups": 1}
    >>> conv_input([[[1.0, 2.0]]], [[[1.0, 10.0]]], shape=(1, 1, 3), **settings)
    array([[[ 1., 12., 20.]]])
    """


@operation(
    array=_conv_weight,
    vjps=[
        lambda g, out, x, y, shape, **settings: conv_input(y, g, shape=x.shape, **settings),
        lambda g, out, x, y, shape, **settings: conv(x, g, **settings),
    ],
    multilinear=True,
    cases=[Case((x, y), {"shape": weight, **settings}) for (x, weight, y), settings in CASES],
    source=ADJOINT,
    public=False,
)
def conv_weight(
    x: Any, y: Any, *, shape: Any, stride: Any, padding: Any, dilation: Any, groups: Any
) -> Any:
    """The adjoint of `conv` by its second operand, whose shape is given.

    Examples
    --------
    >>> settings = {"stride": (1,), "padding": ((0, 0),), "dilation": (1,), "groups": 1}
    >>> conv_weight([[[1.0, 2.0, 3.0]]], [[[1.0, 10.0]]], shape=(1, 1, 2), **settings)
    array([[[21., 32.]]])
    """
