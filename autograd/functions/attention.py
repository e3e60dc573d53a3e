"""Attention: means of values, weighted by how well their keys match each query."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd import rules
from autograd.complaints import called, dtype_of, shape_of
from autograd.functions.arguments import operand
from autograd.rules.attention import weights


def attention(query: Any, key: Any, value: Any, mask: Any = None, *, scale: Any = None) -> Any:
    """Scaled dot-product attention, ``softmax(scale · query keyᵀ + mask) @ value``.

    Vaswani et al. 2017, Attention is all you need, eq. 1. As
    ``torch.nn.functional.scaled_dot_product_attention``; a query to which the mask leaves no key
    finds zeros.

    Parameters
    ----------
    query : Tensor of shape (..., n, d)
    key : Tensor of shape (..., m, d)
    value : Tensor of shape (..., m, e)
    mask : Tensor or array that broadcasts to (..., n, m), optional
        Booleans that are true where a key may be matched, or floats to be added.
    scale : float, optional
        ``1 / √d`` if omitted.

    Returns
    -------
    Tensor of shape (..., n, e)

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> from autograd import Tensor
    >>> attention(Tensor([[1.0]]), [[0.0], [0.0]], [[2.0], [4.0]])
    Tensor([[3.]])
    >>> attention(Tensor([[1.0]]), [[0.0], [0.0]], [[2.0], [4.0]], [[True, False]])
    Tensor([[2.]])
    """
    query, key, value = (operand("attention", x) for x in (query, key, value))
    q, k, v = map(shape_of, (query, key, value))
    if len(q) < 2 or len(v) < 2 or k != (*q[:-2], *k[-2:-1], q[-1]) or v[:-1] != k[:-1]:
        raise ValueError(
            "attention takes (..., n, d), (..., m, d) and (..., m, e), but was given "
            f"{called(query, 'query')}, {called(key, 'key')} and {called(value, 'value')}"
        )
    added = _added("attention", mask, dtype_of(query), (*q[:-1], k[-2]))
    return rules.attention(query, key, value, added, scale=_scale(scale, q))


def attention_weights(query: Any, key: Any, mask: Any = None, *, scale: Any = None) -> Any:
    """The weights of `attention`, ``softmax(scale · query keyᵀ + mask)``, of shape (..., n, m).

    The arguments are those of `attention`, as in Vaswani et al. 2017, eq. 1.

    Examples
    --------
    >>> from autograd import Tensor
    >>> attention_weights(Tensor([[1.0]]), [[0.0], [0.0]])
    Tensor([[0.5, 0.5]])
    """
    query, key = operand("attention_weights", query), operand("attention_weights", key)
    q, k = shape_of(query), shape_of(key)
    if len(q) < 2 or k != (*q[:-2], *k[-2:-1], q[-1]):
        raise ValueError(
            "attention_weights takes (..., n, d) and (..., m, d), but was given "
            f"{called(query, 'query')} and {called(key, 'key')}"
        )
    added = _added("attention_weights", mask, dtype_of(query), (*q[:-1], k[-2]))
    return weights(query, key, added, _scale(scale, q))


def self_attention(input: Any, heads: int, mask: Any = None) -> Any:
    """Attention within each sequence, ``softmax(q kᵀ / √d + mask) @ v`` in each head.

    What `attention` gives, quicker where one array holds the queries, the keys and the values of
    all heads in a row (Vaswani et al. 2017, Attention is all you need, sec. 3.2.2).

    Parameters
    ----------
    input : Tensor of shape (batch, length, 3 · heads · d)
    heads : int
    mask : Tensor or array that broadcasts to (batch, heads, length, length), optional
        As for `attention`.

    Returns
    -------
    Tensor of shape (batch, length, heads · d)

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> from autograd import Tensor
    >>> self_attention(Tensor([[[0.0, 0.0, 2.0], [0.0, 0.0, 4.0]]]), 1)
    Tensor([[[3.],
             [3.]]])
    """
    input = operand("self_attention", input)
    shape = shape_of(input)
    if len(shape) != 3 or heads < 1 or shape[2] % (3 * heads):
        raise ValueError(
            f"self_attention takes (batch, length, 3 · heads · d) with heads={heads}, but was "
            f"given {called(input, 'input')}"
        )
    scores = (shape[0], heads, shape[1], shape[1])
    added = _added("self_attention", mask, dtype_of(input), scores)
    return rules.self_attention(input, added, heads=heads)


def _scale(scale: Any, query: tuple[int, ...]) -> float:
    return 1.0 / math.sqrt(query[-1]) if scale is None else float(scale)


def _added(function: str, mask: Any, dtype: Any, scores: tuple[int, ...]) -> Any:
    """What is to be added to scores of that shape: floats, and for none a zero."""
    dtype = dtype if dtype.kind == "f" else np.dtype(float)
    if mask is None:
        return _constant(np.zeros((), dtype))
    given, kind = shape_of(mask), dtype_of(mask).kind
    ends = zip(reversed(given), reversed(scores), strict=False)
    if len(given) > len(scores) or any(m not in (1, n) for m, n in ends):
        raise ValueError(f"{function}: {called(mask, 'mask')} does not broadcast to {scores}")
    if not hasattr(mask, "operands"):
        mask = np.asarray(mask)
        return _constant((np.where(mask, 0.0, -np.inf) if kind == "b" else mask).astype(dtype))
    if kind == "b":
        mask = rules.where(mask, 0.0, -np.inf)
    return mask if dtype_of(mask) == dtype else rules.astype(mask, dtype=dtype)


def _constant(array: Any) -> Any:
    """An array that nobody writes to, which need not be copied."""
    array.setflags(write=False)
    return array
