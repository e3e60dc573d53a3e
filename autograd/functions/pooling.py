"""Windows that slide over samples, and what is made of the elements in each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import rules
from autograd.complaints import called, dtype_of, shape_of
from autograd.functions.layout import astype
from autograd.functions.sliding import Size, each, on_samples, padded, window
from autograd.rules.arrays import at_axis
from autograd.rules.windows import spans


def max_pool1d(
    input: Any,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The largest element in each window along one axis: `max_pool2d` with one axis less.

    ``out[n, c, i] = max input[n, c, stride · i + k]``, over the k of the window. As
    ``torch.max_pool1d``.

    Parameters
    ----------
    input : Tensor of shape (n, channels, length) or (channels, length)
    kernel_size, stride, padding, dilation, ceil_mode, return_indices
        As of `max_pool2d`.

    Examples
    --------
    >>> from autograd import Tensor
    >>> max_pool1d(Tensor([[1.0, 3.0, 2.0, 0.0]]), 2)
    Tensor([[3., 2.]])
    """
    settings = kernel_size, stride, padding, dilation, ceil_mode, return_indices
    return _max_pool("max_pool1d", 1, input, *settings)


def max_pool2d(
    input: Any,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The largest element in each window of images; as ``torch.max_pool2d``.

    ``out[n, c, i, j] = max input[n, c, stride · i + k, stride · j + l]``, over the k and l of the
    window. The gradient goes to the largest, of equal ones to the first.

    Parameters
    ----------
    input : Tensor of shape (n, channels, height, width) or (channels, height, width)
    kernel_size : int or pair of int
        The size of the window.
    stride : int or pair of int, optional
        From each window to the next; its size, if omitted.
    padding : int or pair of int, default 0
        How far windows begin in front of the first element, and end behind the last: half a window
        at most. What is not there is never the largest.
    dilation : int or pair of int, default 1
        From each entry of the window to the next.
    ceil_mode : bool, default False
        Whether a window at the end may lie partly outside.
    return_indices : bool, default False
        Whether to return also where each stands, in its image in one row.

    Returns
    -------
    Tensor of shape (n, channels, out height, out width), or without n; or two of it

    Raises
    ------
    ValueError
        If no window fits, or a setting is out of range.

    Examples
    --------
    >>> from autograd import Tensor
    >>> max_pool2d(Tensor([[[1.0, 3.0], [2.0, 0.0]]]), 2)
    Tensor([[[3.]]])
    """
    settings = kernel_size, stride, padding, dilation, ceil_mode, return_indices
    return _max_pool("max_pool2d", 2, input, *settings)


def avg_pool1d(
    input: Any,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Any:
    """The mean of each window along one axis: `avg_pool2d` with one axis less.

    ``out[n, c, i] = Σₖ input[n, c, stride · i + k] / kernel_size``. As ``torch.avg_pool1d``.

    Parameters
    ----------
    input : Tensor of shape (n, channels, length) or (channels, length)
    kernel_size, stride, padding, ceil_mode, count_include_pad
        As of `avg_pool2d`.

    Examples
    --------
    >>> from autograd import Tensor
    >>> avg_pool1d(Tensor([[1.0, 3.0, 2.0, 0.0]]), 2)
    Tensor([[2., 1.]])
    """
    settings = kernel_size, stride, padding, ceil_mode, count_include_pad, None
    return _avg_pool("avg_pool1d", 1, input, *settings)


def avg_pool2d(
    input: Any,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """The mean of each window of images; as ``torch.nn.functional.avg_pool2d``.

    ``out[n, c, i, j] = Σₖₗ input[n, c, stride · i + k, stride · j + l] / size``.

    Parameters
    ----------
    input : Tensor of shape (n, channels, height, width) or (channels, height, width)
    kernel_size, stride, padding, ceil_mode
        As of `max_pool2d`.
    count_include_pad : bool, default True
        Whether padding counts, as zeros.
    divisor_override : int, optional
        What to divide by in place of the size of the window.

    Returns
    -------
    Tensor of shape (n, channels, out height, out width), or without n

    Raises
    ------
    ValueError
        If no window fits, or a setting is out of range.

    Examples
    --------
    >>> from autograd import Tensor
    >>> avg_pool2d(Tensor([[[1.0, 3.0], [2.0, 0.0]]]), 2)
    Tensor([[[1.5]]])
    """
    settings = kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    return _avg_pool("avg_pool2d", 2, input, *settings)


def adaptive_avg_pool1d(input: Any, output_size: int | Sequence[int | None] | None) -> Any:
    """So many means along one axis: `adaptive_avg_pool2d` with one axis less.

    ``out[n, c, i] = Σₖ input[n, c, k] / (b - a)``, over k from ``a = ⌊i · n / size⌋`` to before ``b
    = ⌈(i + 1) · n / size⌉``. As ``torch.adaptive_avg_pool1d``.

    Parameters
    ----------
    input : Tensor of shape (n, channels, length) or (channels, length)
    output_size : int

    Examples
    --------
    >>> from autograd import Tensor
    >>> adaptive_avg_pool1d(Tensor([[1.0, 3.0, 2.0]]), 2)
    Tensor([[2. , 2.5]])
    """
    return _adaptive_avg_pool("adaptive_avg_pool1d", 1, input, output_size)


def adaptive_avg_pool2d(input: Any, output_size: int | Sequence[int | None] | None) -> Any:
    """So many means over images of any size; as ``torch.nn.functional.adaptive_avg_pool2d``.

    ``out[n, c, i, j] = Σₖₗ input[n, c, k, l] / size``, where along each axis of n elements window i
    of m goes from ``⌊i · n / m⌋`` to before ``⌈(i + 1) · n / m⌉``.

    Parameters
    ----------
    input : Tensor of shape (n, channels, height, width) or (channels, height, width)
    output_size : int, or pair of int or None
        How many windows there are along each axis; None for as many as there are elements.

    Returns
    -------
    Tensor of shape (n, channels, *output_size), or without n

    Raises
    ------
    ValueError
        If a size is less than 1, or `input` has no elements there.

    Examples
    --------
    >>> from autograd import Tensor
    >>> adaptive_avg_pool2d(Tensor([[[1.0, 3.0], [2.0, 0.0]]]), 1)
    Tensor([[[1.5]]])
    """
    return _adaptive_avg_pool("adaptive_avg_pool2d", 2, input, output_size)


def _max_pool(
    function: str,
    axes: int,
    x: Any,
    kernel: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
    return_indices: bool,
) -> Any:
    dilation = each(function, "dilation", dilation, axes, least=1)
    kernel, stride, before = window(function, axes, kernel, stride, padding, dilation)
    settings = {"kernel": kernel, "stride": stride, "dilation": dilation}

    def settings_of(x: Any) -> dict[str, Any]:
        span = spans(kernel, dilation)
        return settings | {"padding": padded(function, x, span, stride, before, ceil_mode)}

    out = on_samples(function, axes, x, lambda x: rules.max_pool(x, **settings_of(x)))
    if not return_indices:
        return out

    def places(x: Any) -> Any:
        lengths = shape_of(x)[2:]
        numbers = np.arange(float(math.prod(lengths))).reshape(lengths)
        numbers = np.broadcast_to(numbers, shape_of(x))
        return astype(rules.at_max(numbers, rules.detach(x), **settings_of(x)), int)

    return out, on_samples(function, axes, x, places)


def _avg_pool(
    function: str,
    axes: int,
    x: Any,
    kernel: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor: int | None,
) -> Any:
    kernel, stride, before = window(function, axes, kernel, stride, padding, (1,) * axes)
    if divisor is not None and not divisor:
        raise ValueError(f"{function}: divisor_override must not be 0")

    def compute(x: Any) -> Any:
        pads = padded(function, x, kernel, stride, before, ceil_mode)
        total = rules.sum_pool(x, kernel=kernel, stride=stride, padding=pads)
        if divisor is not None:
            return rules.div(total, float(divisor))
        sizes: Any = 1.0
        places = zip(shape_of(total)[2:], shape_of(x)[2:], kernel, stride, before, strict=True)
        for count, n, k, s, pad in places:
            starts = s * np.arange(count) - pad
            edges = (-pad, n + pad) if count_include_pad else (0, n)
            along = (starts + k).clip(*edges) - starts.clip(*edges)
            sizes = np.multiply.outer(sizes, along)
        if (sizes == sizes.flat[0]).all():
            return rules.div(total, float(sizes.flat[0]))
        return rules.div(total, sizes.astype(dtype_of(total)))

    return on_samples(function, axes, x, compute)


def _adaptive_avg_pool(function: str, axes: int, x: Any, size: Any) -> Any:
    several = tuple(size) if isinstance(size, (tuple, list)) else (size,) * axes
    if len(several) != axes:
        raise ValueError(f"{function}: output_size is a number or {axes}, but is {size!r}")

    def compute(x: Any) -> Any:
        lengths = shape_of(x)[2:]
        wanted = tuple(n if m is None else m for n, m in zip(lengths, several, strict=True))
        counts = each(function, "output_size", wanted, axes, least=1)
        if 0 in lengths:
            raise ValueError(f"{function}: {called(x, 'x')} has no elements to take means of")
        if any(n % m for n, m in zip(lengths, counts, strict=True)):
            for axis, count in enumerate(counts, start=2):
                x = _uneven_means(x, axis, count)
            return x
        kernel = tuple(n // m for n, m in zip(lengths, counts, strict=True))
        pads = ((0, 0),) * axes
        total = rules.sum_pool(x, kernel=kernel, stride=kernel, padding=pads)
        return rules.div(total, float(math.prod(kernel)))

    return on_samples(function, axes, x, compute)


def _uneven_means(x: Any, axis: int, count: int) -> Any:
    """The means of windows along an axis that are not all of one length."""
    n, i = shape_of(x)[axis], np.arange(count)
    starts, ends = i * n // count, -(-(i + 1) * n // count)
    places = starts[:, None] + np.arange((ends - starts).max())
    inside = places < ends[:, None]
    rows = rules.index(x, key=at_axis(axis, places.clip(max=n - 1)))
    behind = (1,) * (len(shape_of(x)) - axis - 1)
    rows = rules.where(inside.reshape(*inside.shape, *behind), rows, 0.0)
    total = rules.sum(rows, axis=(axis + 1,), keepdims=False)
    return rules.div(total, (ends - starts).astype(dtype_of(x)).reshape(-1, *behind))
