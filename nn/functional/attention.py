"""Attention, with PyTorch's arguments."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd
from nn.functional.dropout import dropout


def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Any:
    """Means of values, weighted by how well their keys match: ``softmax(q kᵀ / √d + mask) @ v``.

    As ``torch.nn.functional.scaled_dot_product_attention`` (Vaswani et al. 2017, Attention is all
    you need, eq. 1). Where the mask leaves no key there are zeros.

    Parameters
    ----------
    query : Tensor of shape (..., n, d)
    key : Tensor of shape (..., m, d)
    value : Tensor of shape (..., m, e)
    attn_mask : Tensor or array that broadcasts to (..., n, m), optional
        Booleans that are true where a key takes part, or floats to be added.
    dropout_p : float, default 0
        How likely a weight is left out; also after `eval()`, so give 0 then.
    is_causal : bool, default False
        Whether each query sees only the keys up to its own place.
    scale : float, optional
        ``1 / √d`` if omitted.
    enable_gqa : bool, default False
        Whether several heads of the query share one of the keys and values (Ainslie et al. 2023);
        heads are the last axis but two.

    Returns
    -------
    Tensor of shape (..., n, e)

    Raises
    ------
    ValueError
        If the shapes do not fit, or there are a mask and `is_causal`.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([[[0.0], [0.0]]])
    >>> scaled_dot_product_attention(x, x, Tensor([[[2.0], [4.0]]]), is_causal=True).tolist()
    [[[2.0], [3.0]]]
    """
    q, k, v = query.shape, key.shape, value.shape
    if enable_gqa:
        key, value = _for_all_heads(key, q), _for_all_heads(value, q)
        k, v = key.shape, value.shape
    if is_causal:
        if attn_mask is not None:
            raise ValueError("scaled_dot_product_attention takes a mask or is_causal, not both")
        attn_mask = causal(q[-2], k[-2])
    if not q[:-2] == k[:-2] == v[:-2]:
        lead = np.broadcast_shapes(q[:-2], k[:-2], v[:-2])
        query, key, value = (
            autograd.broadcast_to(x, (*lead, *x.shape[-2:])) for x in (query, key, value)
        )
    if not dropout_p:
        return autograd.attention(query, key, value, attn_mask, scale=scale)
    weights = autograd.attention_weights(query, key, attn_mask, scale=scale)
    return dropout(weights, dropout_p) @ value


def causal(queries: int, keys: int) -> Any:
    """The mask by which each query sees the keys up to its own place.

    Examples
    --------
    >>> causal(2, 3)
    array([[ True, False, False],
           [ True,  True, False]])
    """
    return np.tri(queries, keys, dtype=bool)


def _for_all_heads(x: Any, query: tuple[int, ...]) -> Any:
    """Each head of keys or values as often as heads of the query share it."""
    *lead, heads, length, size = x.shape
    if query[-3] % heads:
        raise ValueError(
            f"scaled_dot_product_attention: {query[-3]} heads cannot share {heads} evenly"
        )
    shared = (*lead, heads, query[-3] // heads, length, size)
    apart = autograd.broadcast_to(autograd.unsqueeze(x, -3), shared)
    return autograd.reshape(apart, (*lead, query[-3], length, size))
