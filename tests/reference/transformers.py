"""Make transformers.json: what PyTorch gives for attention and transformers, in float64.

The tests read the JSON and need no PyTorch. To make it again, in an environment of its own:

    python -m venv torch-environment
    torch-environment/bin/pip install torch==2.13.0 numpy
    torch-environment/bin/python tests/reference/transformers.py

The entries are as in recurrent.py.
"""

from __future__ import annotations

from pathlib import Path

import torch
from differentiated import write
from layer_calls import case, rounded
from torch.nn import (
    LayerNorm,
    MultiheadAttention,
    TransformerEncoder,
    TransformerEncoderLayer,
    functional,
)

inf = torch.inf
PAIRS = torch.tensor([[False, True, False], [False, False, True], [False, False, False]])
PADDING = torch.tensor([[False, False, True], [False, False, False]])
FLOATS = torch.tensor([[0.0, -inf, 0.5], [1.0, 0.0, -0.25], [-inf, -inf, 0.0]])
MASKS = [
    {},
    {"attn_mask": PAIRS},
    {"attn_mask": FLOATS},
    {"attn_mask": torch.stack([PAIRS, PAIRS.roll(1, 0), PAIRS.T, PAIRS & PAIRS.T])},
    {"key_padding_mask": PADDING},
    {"key_padding_mask": PADDING, "attn_mask": PAIRS},
]
HEADS = {"embed_dim": 4, "num_heads": 2}


def keys():
    return rounded((3, 2, 4)), rounded((3, 2, 4))


def attention():
    for masks in MASKS:
        x = rounded((3, 2, 4))
        yield case(MultiheadAttention, HEADS, x, x, x, need_weights=False, **masks)
        yield case(MultiheadAttention, HEADS, x.detach(), *keys(), **masks)
    given = [rounded((2, 3, 4)), rounded((2, 5, 3)), rounded((2, 5, 6))]
    settings = HEADS | {"kdim": 3, "vdim": 6, "batch_first": True}
    yield case(MultiheadAttention, settings, *given, average_attn_weights=False)
    x = rounded((2, 3, 4))
    settings = HEADS | {"bias": False, "batch_first": True}
    yield case(MultiheadAttention, settings, x, x, x, need_weights=False)
    one = rounded((3, 4))
    yield case(MultiheadAttention, HEADS, one, one, one)
    x = x.detach()
    settings = HEADS | {"dropout": 0.5}
    yield case(MultiheadAttention, settings, x, x, x, need_weights=False, training=False)


class Attention(torch.nn.Module):
    """The function as a layer, for `case`."""

    def forward(self, *given, **options):
        return functional.scaled_dot_product_attention(*given, **options)


def functions():
    q, k, v = rounded((2, 2, 3, 4)), rounded((2, 2, 5, 4)), rounded((2, 2, 5, 3))
    booleans = torch.arange(15).reshape(3, 5) % 4 != 1
    options = [{}, {"is_causal": True}, {"scale": 0.2}, {"attn_mask": booleans}]
    options += [{"attn_mask": rounded((2, 1, 3, 5))}]
    for each in options:
        yield case(Attention, {}, q.detach(), k.detach(), v.detach(), **each)
    shared = rounded((2, 1, 5, 4)), rounded((2, 1, 5, 3))
    yield case(Attention, {}, q.detach(), *shared, enable_gqa=True)


LAYER = {"d_model": 4, "nhead": 2, "dim_feedforward": 3, "dropout": 0.0}


def encoders():
    for settings in ({}, {"norm_first": True}, {"activation": "gelu", "bias": False}):
        yield case(TransformerEncoderLayer, LAYER | settings, rounded((3, 2, 4)))
    settings = LAYER | {"batch_first": True, "norm_first": True, "layer_norm_eps": 0.01}
    masks = {"src_mask": PAIRS, "src_key_padding_mask": PADDING}
    yield case(TransformerEncoderLayer, settings, rounded((2, 3, 4)), **masks)
    yield case(TransformerEncoderLayer, LAYER | {"dropout": 0.5}, rounded((3, 4)), training=False)


class Encoder(TransformerEncoder):
    """Two layers, with a norm or without."""

    def __init__(self, norm, **settings):
        layer = TransformerEncoderLayer(**settings)
        norm = LayerNorm(settings["d_model"]) if norm else None
        super().__init__(layer, 2, norm, enable_nested_tensor=False)


def stacks():
    for norm in (True, False):
        yield case(Encoder, LAYER | {"norm": norm}, rounded((3, 2, 4)), mask=PAIRS)


if __name__ == "__main__":
    write(
        Path(__file__),
        attention=attention(),
        functions=functions(),
        encoders=encoders(),
        stacks=stacks(),
    )
