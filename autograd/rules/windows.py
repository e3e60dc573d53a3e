"""Windows that slide over samples, such as kernels: where they lie, and what they meet there.

The axes are (samples, channels, and then those that a window slides along, of any number). Settings
are canonical: a tuple with an entry for each such axis; of padding, how much there is before and
behind.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

Lengths = tuple[int, ...]
Pairs = tuple[tuple[int, int], ...]
Slices = tuple[slice, ...]


def channels_last(x: NDArray[Any]) -> NDArray[Any]:
    """A view with the second axis last; `np.moveaxis` takes longer than a small sum.

    Examples
    --------
    >>> channels_last(np.zeros((2, 3, 4, 5))).shape
    (2, 4, 5, 3)
    """
    return x.transpose(0, *range(2, x.ndim), 1)


def channels_first(x: NDArray[Any]) -> NDArray[Any]:
    """The view that `channels_last` was made of.

    Examples
    --------
    >>> channels_first(np.zeros((2, 4, 5, 3))).shape
    (2, 3, 4, 5)
    """
    return x.transpose(0, x.ndim - 1, *range(1, x.ndim - 1))


def spans(kernel: Lengths, dilation: Lengths) -> Lengths:
    """How far a kernel reaches along each axis.

    Examples
    --------
    >>> spans((3, 3), (1, 2))
    (3, 5)
    """
    return tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))


@functools.lru_cache(maxsize=256)  # each step of a training asks again
def places(
    lengths: Lengths, kernel: Lengths, stride: Lengths, padding: Pairs, dilation: Lengths
) -> Lengths:
    """How many places a kernel finds along each axis.

    Examples
    --------
    >>> places((8, 8), (3, 3), (1, 2), ((0, 0), (1, 1)), (1, 1))
    (6, 4)
    """
    axes = zip(lengths, spans(kernel, dilation), stride, padding, strict=True)
    return tuple((n + before + behind - span) // s + 1 for n, span, s, (before, behind) in axes)


@functools.lru_cache(maxsize=256)
def overlaps(
    kernel: Lengths,
    lengths: Lengths,
    counts: Lengths,
    stride: Lengths,
    padding: Pairs,
    dilation: Lengths,
) -> list[tuple[Slices, Slices]]:
    """For each entry of a kernel which elements it meets that are no padding, and at which places.

    Both are keys of arrays with the samples first and the channels last.

    Examples
    --------
    >>> first, second = overlaps((2,), (5,), (5,), (1,), ((1, 0),), (1,))
    >>> first
    ((slice(None, None, None), slice(0, 4, 1)), (slice(None, None, None), slice(1, 5, None)))
    """
    found = []
    for entry in np.ndindex(kernel):
        elements, at = [slice(None)], [slice(None)]
        axes = zip(entry, lengths, counts, stride, padding, dilation, strict=True)
        for k, n, count, s, (before, _), d in axes:
            first = k * d - before  # what it meets at the first place
            low = max(0, -(first // s))
            high = max(low, min(count, (n - 1 - first) // s + 1))
            elements.append(slice(low * s + first, max(0, (high - 1) * s + first + 1), s))
            at.append(slice(low, high))
        found.append((tuple(elements), tuple(at)))
    return found
