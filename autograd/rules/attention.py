"""Attention: what each query finds in the values, by how well the keys match it.

Vaswani: Vaswani et al., "Attention is all you need", 2017, sec. 3.2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import Case, Rule, operation
from autograd.rules.arithmetic import div
from autograd.rules.arrays import index, matmul, mT, reshape, sum, transpose
from autograd.rules.exponential import exp
from autograd.rules.extremes import amax
from autograd.rules.kept import kept
from autograd.rules.piecewise import detach, eq, where

Array = NDArray[Any]
VASWANI = "Vaswani et al. 2017, Attention is all you need, eq. 1"


def weights(q: Any, k: Any, mask: Any, scale: float) -> Any:
    """``softmax(scale · q kᵀ + mask)``; zeros for a query to which the mask leaves no key."""
    last = (len(q.shape) - 1,)
    scores = matmul(q, mT(k)) * scale + mask
    largest = detach(amax(scores, axis=last, keepdims=True))
    parts = exp(scores - where(eq(largest, -np.inf), 0.0, largest))
    total = sum(parts, axis=last, keepdims=True)
    return div(parts, where(eq(total, 0.0), 1.0, total))


def _weights(q: Array, k: Array, mask: Array, scale: float) -> Array:
    """The same in one array. A mask without axes makes no difference."""
    scores: Array = np.matmul(q, k.mT)
    scores *= scale
    masked = np.ndim(mask) > 0
    if masked:
        scores += mask
    largest = scores.max(-1, keepdims=True)
    if masked:
        largest[largest == -np.inf] = 0.0
    scores -= largest
    np.exp(scores, out=scores)
    total = scores @ np.ones((scores.shape[-1], 1), scores.dtype)  # quicker than sums of short rows
    if masked:
        total[total == 0.0] = 1.0
    scores /= total
    return scores


def _slopes(g: Array, out: Array, found: Array, v: Array) -> Array:
    """The gradient of the scores, from that of the result."""
    slopes: Array = np.matmul(g, v.mT)
    slopes -= np.einsum("...i,...i->...", g, out)[..., None]
    slopes *= found
    return slopes


def _fitted(slopes: Array, mask: Array) -> Array:
    """The gradient of the mask, from that of the scores: their sum where it was broadcast."""
    shape = (1,) * (slopes.ndim - np.ndim(mask)) + np.shape(mask)
    axes = tuple(i for i, n in enumerate(shape) if n == 1)
    return np.asarray(slopes.sum(axes)).reshape(np.shape(mask))


def _attention(q: Array, k: Array, v: Array, mask: Array, scale: float) -> tuple[Array, Rule]:
    found = _weights(q, k, mask, scale)
    out: Array = found @ v

    def find(g: Array) -> list[Any]:
        slopes = _slopes(g, out, found, v)
        for_mask = _fitted(slopes, mask) if np.ndim(mask) else np.zeros_like(mask)
        slopes *= scale
        return [slopes @ k, slopes.mT @ q, found.mT @ g, for_mask]

    return out, kept(find)


HEADS = [
    Case(((2, 3, 4), (2, 5, 4), (2, 5, 2), (3, 5)), {"scale": 0.5}),
    Case(((3, 2), (3, 2), (3, 2), ()), {"scale": 1.0}),
]


@operation(
    array=lambda q, k, v, mask, scale: _attention(q, k, v, mask, scale)[0],
    vjps=[
        lambda g, out, *xs, scale, i=i: attention_back(g, *xs, scale=scale, i=i) for i in range(4)
    ],
    pullback=_attention,
    composed=lambda q, k, v, mask, scale: matmul(weights(q, k, mask, scale), v),
    cases=HEADS,
    source=VASWANI,
    public=False,
)
def attention(q: Any, k: Any, v: Any, mask: Any, *, scale: Any) -> Any:
    """The mean of the values, weighted by how well their keys match each query.

    Examples
    --------
    >>> zeros = [[0.0], [0.0]]
    >>> attention([[1.0]], zeros, [[2.0], [4.0]], [[0.0, 0.0]], scale=1.0)
    array([[3.]])
    """


@operation(
    array=lambda g, q, k, v, mask, scale, i: _attention(q, k, v, mask, scale)[1](g, i),
    vjps=[None] * 5,
    symbol="attention",
    cases=[
        Case(((2, 3, 2), *HEADS[0].shapes), {"scale": 0.5, "i": 0}),
        Case(((3, 2), *HEADS[1].shapes), {"scale": 1.0, "i": 2}),
    ],
    source=VASWANI,
    public=False,
)
def attention_back(g: Any, q: Any, k: Any, v: Any, mask: Any, *, scale: Any, i: Any) -> Any:
    """What a gradient of `attention` becomes at operand i, in numbers.

    Examples
    --------
    >>> one, zeros = [[1.0]], [[0.0], [0.0]]
    >>> attention_back(one, one, zeros, [[2.0], [4.0]], [[0.0, 0.0]], scale=1.0, i=2)
    array([[0.5],
           [0.5]])
    """


def _split(x: Any, heads: int) -> tuple[int, ...]:
    """The shape in which queries, keys and values of each head stand apart."""
    batch, length, width = x.shape
    return (batch, length, 3, heads, width // (3 * heads))


def _self_attention(x: Array, mask: Array, heads: int) -> tuple[Array, Rule]:
    split = _split(x, heads)
    q, k, v = x.reshape(split).transpose(2, 0, 3, 1, 4)
    scale = split[-1] ** -0.5
    found = _weights(q, k, mask, scale)
    out = np.empty((*split[:2], *split[3:]), x.dtype)
    by_head = out.transpose(0, 2, 1, 3)
    np.matmul(found, v, out=by_head)

    def find(g: Array) -> list[Any]:
        g = g.reshape(out.shape).transpose(0, 2, 1, 3)
        slopes = _slopes(g, by_head, found, v)
        for_mask = _fitted(slopes, mask) if np.ndim(mask) else np.zeros_like(mask)
        slopes *= scale
        for_x = np.empty(split, slopes.dtype)
        for_q, for_k, for_v = for_x.transpose(2, 0, 3, 1, 4)
        np.matmul(slopes, k, out=for_q)
        np.matmul(slopes.mT, q, out=for_k)
        np.matmul(found.mT, g, out=for_v)
        return [for_x.reshape(x.shape), for_mask]

    return out.reshape(*split[:2], x.shape[2] // 3), kept(find)


def _composed(x: Any, mask: Any, heads: int) -> Any:
    """Self-attention by attention: the heads apart, and side by side again."""
    split = _split(x, heads)
    apart = transpose(reshape(x, shape=split), axes=(2, 0, 3, 1, 4))
    q, k, v = (index(apart, key=(i,)) for i in range(3))
    found = transpose(attention(q, k, v, mask, scale=split[-1] ** -0.5), axes=(0, 2, 1, 3))
    return reshape(found, shape=(*split[:2], split[3] * split[4]))


PACKED = [
    Case(((2, 3, 12), (3, 3)), {"heads": 2}),
    Case(((1, 2, 3), ()), {"heads": 1}),
]


@operation(
    array=lambda x, mask, heads: _self_attention(x, mask, heads)[0],
    vjps=[
        lambda g, out, *xs, heads, i=i: self_attention_back(g, *xs, heads=heads, i=i)
        for i in range(2)
    ],
    pullback=_self_attention,
    composed=_composed,
    symbol="attention",
    cases=PACKED,
    source=VASWANI,
    public=False,
)
def self_attention(x: Any, mask: Any, *, heads: Any) -> Any:
    """Attention within each sequence: `x` holds queries, keys and values of all heads in a row.

    Examples
    --------
    >>> self_attention([[[0.0, 0.0, 2.0], [0.0, 0.0, 4.0]]], 0.0, heads=1)
    array([[[3.],
            [3.]]])
    """


@operation(
    array=lambda g, x, mask, heads, i: _self_attention(x, mask, heads)[1](g, i),
    vjps=[None] * 3,
    symbol="attention",
    cases=[
        Case(((2, 3, 4), *PACKED[0].shapes), {"heads": 2, "i": 0}),
        Case(((1, 2, 1), *PACKED[1].shapes), {"heads": 1, "i": 0}),
    ],
    source=VASWANI,
    public=False,
)
def self_attention_back(g: Any, x: Any, mask: Any, *, heads: Any, i: Any) -> Any:
    """What a gradient of `self_attention` becomes at operand i, in numbers.

    Examples
    --------
    >>> self_attention_back([[[1.0]]], [[[0.0, 0.0, 2.0]]], 0.0, heads=1, i=0)
    array([[[0., 0., 1.]]])
    """
