"""Attention by several heads, each with maps of its own: `MultiheadAttention`."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd
from autograd import Node, Tensor
from nn.functional.attention import causal
from nn.functional.dropout import dropout as left_out
from nn.functional.dropout import require_probability
from nn.init.fill import one_source
from nn.init.scaled import xavier_uniform_
from nn.layers.linear import Linear
from nn.module import Module


class MultiheadAttention(Module):
    """Attention by several heads: ``torch.nn.MultiheadAttention``.

    Each head maps queries, keys and values, finds ``softmax(q kᵀ / √d + mask) @ v``, and what all
    find, side by side, is mapped once more (Vaswani et al. 2017, Attention is all you need, sec.
    3.2.2). A query to which the masks leave no key finds zeros.

    Parameters
    ----------
    embed_dim : int
        How many features a query has, and what is found.
    num_heads : int
        How many heads share them; each has d = embed_dim / num_heads.
    dropout : float, default 0
        How likely a weight is left out while training.
    bias : bool, default True
    kdim, vdim : int, optional
        How many features keys and values have; `embed_dim` if omitted.
    batch_first : bool, default False
        Whether a batch is (batch, length, features), and not (length, batch, features).
    generator : numpy.random.Generator or int, optional
        Where the weights are drawn from; see `autograd.rand`.
    dtype : dtype, default float64

    Attributes
    ----------
    in_proj_weight : Tensor of shape (3 · embed_dim, embed_dim)
        The maps to queries, keys and values; drawn as by Glorot & Bengio 2010. Where keys or values
        have other sizes, there are `q_proj_weight`, `k_proj_weight` and `v_proj_weight` instead.
    in_proj_bias : Tensor of shape (3 · embed_dim,)
        Zeros at first.
    out_proj : Linear

    Raises
    ------
    ValueError
        If the heads cannot share the features evenly.

    Examples
    --------
    >>> attention = MultiheadAttention(8, 2, batch_first=True, generator=0)
    >>> x = autograd.rand(4, 5, 8, generator=0)
    >>> found, weights = attention(x, x, x)
    >>> found.shape, weights.shape
    ((4, 5, 8), (4, 5, 5))
    """

    in_proj_weight: Tensor | None
    in_proj_bias: Tensor | None

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        *,
        generator: Any = None,
        dtype: Any = None,
    ) -> None:
        if embed_dim < 1 or num_heads < 1 or embed_dim % num_heads:
            raise ValueError(
                f"MultiheadAttention: num_heads={num_heads} cannot share embed_dim={embed_dim} "
                "evenly"
            )
        require_probability("MultiheadAttention", dropout, "dropout")
        if add_bias_kv or add_zero_attn:
            raise ValueError(
                "MultiheadAttention has neither add_bias_kv nor add_zero_attn; join what is to be "
                "added to key and value"
            )
        self.embed_dim, self.num_heads, self.dropout = embed_dim, num_heads, float(dropout)
        self.kdim, self.vdim = kdim or embed_dim, vdim or embed_dim
        self.batch_first = batch_first
        rng, kind = one_source(generator), dtype or float

        def drawn(rows: int, columns: int) -> Tensor:
            weight = autograd.zeros(rows, columns, dtype=kind, requires_grad=True)
            return xavier_uniform_(weight, generator=rng)

        if self.kdim == self.vdim == embed_dim:
            self.in_proj_weight = drawn(3 * embed_dim, embed_dim)
        else:
            self.in_proj_weight = None
            self.q_proj_weight = drawn(embed_dim, embed_dim)
            self.k_proj_weight = drawn(embed_dim, self.kdim)
            self.v_proj_weight = drawn(embed_dim, self.vdim)
        zeros = autograd.zeros(3 * embed_dim, dtype=kind, requires_grad=True)
        self.in_proj_bias = zeros if bias else None
        self.out_proj = Linear(embed_dim, embed_dim, bias, generator=rng, dtype=dtype)
        if self.out_proj.bias is not None:
            self.out_proj.bias.data = np.zeros(embed_dim, kind)

    def forward(
        self,
        query: Any,
        key: Any,
        value: Any,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Any, Any]:
        """What each query finds, and the weights by which it did.

        Parameters
        ----------
        query : Tensor of shape (n, batch, embed_dim), or (n, embed_dim)
        key : Tensor of shape (m, batch, kdim), or (m, kdim)
        value : Tensor of shape (m, batch, vdim), or (m, vdim)
            With `batch_first` the batch comes first in all.
        key_padding_mask : array of shape (batch, m), or (m,), optional
            Booleans that are true for keys to leave out, or floats to add to the scores.
        need_weights : bool, default True
            Whether to return the weights; without them it is quicker.
        attn_mask : array of shape (n, m), or (batch · num_heads, n, m), optional
            The same for pairs of query and key.
        average_attn_weights : bool, default True
            Whether to return the mean of the heads' weights.
        is_causal : bool, default False
            Whether each query sees only the keys up to its own place. PyTorch wants the mask as
            well, and takes this for a hint; here it need not be given.

        Returns
        -------
        found : Tensor of the shape of `query`
        weights : Tensor of shape (batch, n, m), or (batch, num_heads, n, m); None if not needed
        """
        same = query is key is value
        q, k, v = self._fitting(query, key, value)
        batched = len(q.shape) == 3
        q, k, v = (self._batch(x, batched) for x in ([q] * 3 if same else (q, k, v)))
        sizes = (q.shape[0], self.num_heads, q.shape[1], k.shape[1])
        mask = _mask(sizes, key_padding_mask, attn_mask, is_causal)
        drops = self.dropout > 0.0 and self.training
        weights = None
        if same and self.in_proj_weight is not None and not (need_weights or drops):
            packed = autograd.linear(q, self.in_proj_weight, self.in_proj_bias)
            found = autograd.self_attention(packed, self.num_heads, mask)
        else:
            q_, k_, v_ = (self._heads(i, x) for i, x in enumerate((q, k, v)))
            if need_weights or drops:
                weights = autograd.attention_weights(q_, k_, mask)
                weights = left_out(weights, self.dropout, self.training)
                found = weights @ v_
            else:
                found = autograd.attention(q_, k_, v_, mask)
            found = autograd.reshape(autograd.transpose(found, 1, 2), q.shape)
        found = self.out_proj(found)
        if weights is not None and average_attn_weights:
            weights = autograd.mean(weights, dim=1)
        if not batched:
            found = autograd.squeeze(found, 0)
            weights = None if weights is None else autograd.squeeze(weights, 0)
        elif not self.batch_first:
            found = autograd.transpose(found, 0, 1)
        return found, weights if need_weights else None

    def _fitting(self, *given: Any) -> list[Any]:
        """Query, key and value, if their shapes fit; an error that says what they are."""
        q, k, v = found = [x if isinstance(x, Node) else Tensor(x) for x in given]
        said = f"query {q.shape}, key {k.shape} and value {v.shape}"
        for what, x, size in zip(
            ("embed_dim", "kdim", "vdim"),
            found,
            (self.embed_dim, self.kdim, self.vdim),
            strict=True,
        ):
            if len(x.shape) not in (2, 3) or x.shape[-1] != size:
                raise ValueError(
                    f"MultiheadAttention({what}={size}) was given {said}; each takes two or three "
                    "axes, the last as long as that says"
                )
        batch = 0 if self.batch_first else 1
        alike = len(q.shape) == 2 or q.shape[batch] == k.shape[batch]
        if len(q.shape) != len(k.shape) or k.shape[:-1] != v.shape[:-1] or not alike:
            raise ValueError(
                f"MultiheadAttention: {said} are not one batch, with a value for each key"
            )
        return found

    def _batch(self, x: Any, batched: bool) -> Any:
        """The same as (batch, length, features)."""
        if not batched:
            return autograd.unsqueeze(x, 0)
        return x if self.batch_first else autograd.transpose(x, 0, 1)

    def _heads(self, i: int, x: Any) -> Any:
        """Queries, keys or values of each head, (batch, heads, length, d)."""
        rows = slice(i * self.embed_dim, (i + 1) * self.embed_dim)
        if self.in_proj_weight is not None:
            weight: Any = self.in_proj_weight[rows]
        else:
            weight = (self.q_proj_weight, self.k_proj_weight, self.v_proj_weight)[i]
        bias = None if self.in_proj_bias is None else self.in_proj_bias[rows]
        apart = (*x.shape[:2], self.num_heads, self.embed_dim // self.num_heads)
        return autograd.transpose(autograd.linear(x, weight, bias).reshape(apart), 1, 2)


def _mask(sizes: tuple[int, ...], padding: Any, pairs: Any, is_causal: bool) -> Any:
    """All masks in one, as floats to be added to scores of these sizes; None for none."""
    batch, heads, n, m = sizes
    found = []
    if padding is not None:
        padding = _added("key_padding_mask", padding, [(batch, m)] + [(m,)] * (batch == 1))
        found.append(padding.reshape(batch, 1, 1, m))
    if pairs is not None:
        pairs = _added("attn_mask", pairs, [(n, m), (batch * heads, n, m)])
        found.append(pairs if len(pairs.shape) == 2 else pairs.reshape(sizes))
    elif is_causal:
        found.append(np.where(causal(n, m), 0.0, -np.inf))
    return sum(found[1:], found[0]) if found else None


def _added(what: str, mask: Any, shapes: list[tuple[int, ...]]) -> Any:
    """Floats to be added: minus infinity where a mask of booleans is true."""
    mask = mask if isinstance(mask, Node) else np.asarray(mask)
    if mask.shape not in shapes:
        wanted = " or ".join(map(str, shapes))
        raise ValueError(f"MultiheadAttention: {what} must have shape {wanted}, not {mask.shape}")
    if mask.dtype.kind != "b":
        return mask
    where = autograd.where if isinstance(mask, Node) else np.where
    return where(mask, -np.inf, 0.0)
