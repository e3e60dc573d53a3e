"""Transformers: attention and a feed-forward network, layer upon layer."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import autograd
from nn.functional.activation import gelu
from nn.init.fill import one_source
from nn.layers.attention import MultiheadAttention
from nn.layers.containers import ModuleList
from nn.layers.dropout import Dropout
from nn.layers.linear import Linear
from nn.layers.normalization import LayerNorm
from nn.layers.sizes import at_least_one
from nn.module import Module

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {"relu": autograd.relu, "gelu": gelu}


class TransformerEncoderLayer(Module):
    """Self-attention and a feed-forward network: ``torch.nn.TransformerEncoderLayer``.

    ``x = norm1(x + attention(x))`` and then ``x = norm2(x + linear2(relu(linear1(x))))`` (Vaswani
    et al. 2017, Attention is all you need); with `norm_first` ``x + attention(norm1(x))`` and so on
    (Xiong et al. 2020, On layer normalization in the transformer architecture).

    Parameters
    ----------
    d_model : int
        How many features each place has.
    nhead : int
        How many heads attend.
    dim_feedforward : int, default 2048
        How many features the feed-forward network has inside.
    dropout : float, default 0.1
    activation : {"relu", "gelu"} or callable
    layer_norm_eps : float, default 1e-5
    batch_first : bool, default False
        Whether a batch is (batch, length, features), and not (length, batch, features).
    norm_first : bool, default False
    bias : bool, default True
    generator : numpy.random.Generator or int, optional
        Where the weights are drawn from; see `autograd.rand`.
    dtype : dtype, default float64

    Examples
    --------
    >>> layer = TransformerEncoderLayer(8, 2, 16, batch_first=True, generator=0)
    >>> layer(autograd.rand(4, 5, 8, generator=0)).shape
    (4, 5, 8)
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Any], Any] = "relu",
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        generator: Any = None,
        dtype: Any = None,
    ) -> None:
        if isinstance(activation, str) and activation not in ACTIVATIONS:
            raise ValueError(
                f"TransformerEncoderLayer takes activation='relu' or 'gelu', or a function, not "
                f"{activation!r}"
            )
        drawn: Any = {"generator": one_source(generator), "dtype": dtype}
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout, bias, batch_first=batch_first, **drawn
        )
        self.linear1 = Linear(d_model, dim_feedforward, bias, **drawn)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias, **drawn)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
        self.dropout1, self.dropout2 = Dropout(dropout), Dropout(dropout)
        self.activation = activation

    def forward(
        self,
        src: Any,
        src_mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool = False,
    ) -> Any:
        """The same places, each with what it found.

        Parameters
        ----------
        src : Tensor of shape (length, batch, d_model), or (length, d_model)
        src_mask, src_key_padding_mask, is_causal
            See `MultiheadAttention.forward`, where they are `attn_mask` and `key_padding_mask`.
        """
        masks = (src_mask, src_key_padding_mask, is_causal)
        if self.norm_first:
            x = src + self._attend(self.norm1(src), *masks)
            return x + self._feed(self.norm2(x))
        x = self.norm1(src + self._attend(src, *masks))
        return self.norm2(x + self._feed(x))

    def _attend(self, x: Any, mask: Any, padding: Any, is_causal: bool) -> Any:
        found, _ = self.self_attn(
            x, x, x, padding, need_weights=False, attn_mask=mask, is_causal=is_causal
        )
        return self.dropout1(found)

    def _feed(self, x: Any) -> Any:
        known = self.activation if callable(self.activation) else ACTIVATIONS[self.activation]
        return self.dropout2(self.linear2(self.dropout(known(self.linear1(x)))))


class TransformerEncoder(Module):
    """Layers that are copies of one, and then perhaps a norm: ``torch.nn.TransformerEncoder``.

    All start from the same weights, as in PyTorch.

    Parameters
    ----------
    encoder_layer : TransformerEncoderLayer
        What to copy.
    num_layers : int
    norm : Module, optional
    enable_nested_tensor, mask_check : bool
        For code written for PyTorch: they make no difference.

    Examples
    --------
    >>> layer = TransformerEncoderLayer(8, 2, 16, generator=0)
    >>> TransformerEncoder(layer, 3)(autograd.rand(5, 4, 8, generator=0)).shape
    (5, 4, 8)
    """

    def __init__(
        self,
        encoder_layer: Module,
        num_layers: int,
        norm: Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ) -> None:
        at_least_one(self, num_layers=num_layers)
        self.layers = ModuleList(copy.deepcopy(encoder_layer) for _ in range(num_layers))
        self.num_layers, self.norm = num_layers, norm

    def forward(
        self,
        src: Any,
        mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool | None = None,
    ) -> Any:
        """The same places after all layers; the arguments are those of a layer."""
        for layer in self.layers:
            src = layer(src, mask, src_key_padding_mask, bool(is_causal))
        return src if self.norm is None else self.norm(src)
