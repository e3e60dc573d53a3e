"""Attention: PyTorch's numbers, masks, what is refused."""

import numpy as np
import pytest
from layer_entries import compare, total
from reference_entries import entries

import autograd
import nn
from autograd import Tensor, gradcheck, gradgradcheck
from nn import MultiheadAttention
from nn.functional import scaled_dot_product_attention

ENTRIES = entries("transformers.json")
X = np.random.default_rng(0).normal(size=(2, 3, 4))


class Attention(nn.Module):
    def forward(self, *given, **options):
        return scaled_dot_product_attention(*given, **options)


def make(name, settings):
    return MultiheadAttention(**settings) if name == "MultiheadAttention" else Attention()


def name(entry):
    return f"{entry['settings']} {' '.join(entry['options'])} {entry['same']}"


@pytest.mark.parametrize("entry", ENTRIES["attention"], ids=name)
def test_pytorchs_numbers(entry):
    compare(entry, make)


@pytest.mark.parametrize("entry", ENTRIES["functions"], ids=name)
def test_pytorchs_numbers_of_the_function(entry):
    compare(entry, make)


@pytest.mark.parametrize("options", [{}, {"need_weights": False}])
def test_derivatives_of_both_orders(options):
    module = MultiheadAttention(4, 2, batch_first=True, generator=0)
    x = Tensor(X, requires_grad=True)
    mask = Tensor(X[0, :, :3], requires_grad=True)

    def loss(x, mask, *_):
        return total(module(x, x, x, attn_mask=mask, **options))

    assert gradcheck(loss, (x, mask, *module.parameters()))
    assert gradgradcheck(loss, (x, mask, *module.parameters()))


def test_a_mask_is_learned_by_backward_too():
    module = MultiheadAttention(4, 2, batch_first=True, generator=0)
    for shape in ((3, 3), (4, 3, 3)):
        mask = Tensor(np.zeros(shape), requires_grad=True)
        loss = module(X, X, X, attn_mask=mask, need_weights=False)[0].square().sum()
        slow = module(X, X, X, attn_mask=mask)[0].square().sum()
        loss.backward()
        found, mask.grad = mask.grad, None
        slow.backward()
        np.testing.assert_allclose(found, mask.grad, atol=1e-14)


def test_what_no_key_is_left_for_finds_zeros_and_hands_back_zeros():
    """PyTorch gives the same without weights, and NaN with them."""
    module = MultiheadAttention(4, 2, batch_first=True, generator=0)
    padding = np.array([[False] * 3, [True] * 3])
    x = Tensor(X, requires_grad=True)
    for need_weights in (True, False):
        found, weights = module(x, x, x, padding, need_weights=need_weights)
        np.testing.assert_array_equal(found.data[1], 0.0)
        assert (weights is None) != need_weights
        found.sum().backward()
        np.testing.assert_array_equal(x.grad[1], 0.0)
        assert np.isfinite(x.grad).all()
        assert x.grad[0].any()
        x.zero_grad()


def test_what_is_computed_in_one_operation_is_what_its_parts_compute():
    x, mask = Tensor(X.reshape(2, 1, 12), requires_grad=True), np.array([[True]])
    x = Tensor(np.tile(x.data, (1, 3, 1)) * [[[1.0], [2.0], [-0.5]]], requires_grad=True)
    for mask in (None, np.tri(3, dtype=bool)):
        packed = autograd.self_attention(x, 2, mask)
        q, k, v = x.reshape(2, 3, 3, 2, 2).permute(2, 0, 3, 1, 4)
        apart = autograd.attention(q, k, v, mask).transpose(1, 2).reshape(2, 3, 4)
        np.testing.assert_allclose(packed.data, apart.data, atol=1e-15)
        weights = autograd.attention_weights(q, k, mask)
        np.testing.assert_allclose(weights.sum(dim=-1).data, 1.0)
        np.testing.assert_allclose(
            (weights @ v).transpose(1, 2).reshape(2, 3, 4).data, packed.data, atol=1e-15
        )


def test_causal_without_a_mask():
    module = MultiheadAttention(4, 2, batch_first=True, generator=0)
    expected = module(X, X, X, attn_mask=~np.tri(3, dtype=bool))[0].data
    for need_weights in (True, False):
        found, _ = module(X, X, X, is_causal=True, need_weights=need_weights)
        np.testing.assert_allclose(found.data, expected, atol=1e-15)


def test_float32_stays():
    module = MultiheadAttention(4, 2, batch_first=True, generator=0, dtype=np.float32)
    x = Tensor(X, dtype=np.float32, requires_grad=True)
    for options in ({}, {"need_weights": False}, {"attn_mask": np.zeros((3, 3))}):
        found, _ = module(x, x, x, **options)
        assert found.dtype == np.float32
        found.sum().backward()
        assert x.grad.dtype == np.float32


def test_dropout_leaves_weights_out_in_training_alone():
    module = MultiheadAttention(4, 2, dropout=0.5, batch_first=True, generator=0)
    x = Tensor(X)
    for options in ({}, {"need_weights": False}):
        one, two = (module.train()(x, x, x, **options)[0].data for _ in range(2))
        assert (one != two).any()
        one, two = (module.eval()(x, x, x, **options)[0].data for _ in range(2))
        np.testing.assert_array_equal(one, two)
    module.train()
    found = autograd.compile(lambda x: module(x, x, x)[0])
    assert (found(x).data != found(x).data).any()
    q = Tensor(X)
    assert (scaled_dot_product_attention(q, q, q, dropout_p=0.5).data != 0.0).any()


def test_how_weights_are_drawn():
    module = MultiheadAttention(64, 4, generator=0)
    bound = (6 / (4 * 64)) ** 0.5
    assert bound * 0.99 < np.abs(module.in_proj_weight.data).max() <= bound
    assert not module.in_proj_bias.data.any()
    assert not module.out_proj.bias.data.any()
    assert np.abs(module.out_proj.weight.data).max() <= 1 / 8


REFUSED = {
    "heads": (lambda: MultiheadAttention(6, 4), "num_heads=4 cannot share embed_dim=6 evenly"),
    "features": (
        lambda: MultiheadAttention(8, 2)(*[np.ones((3, 2, 4))] * 3),
        r"MultiheadAttention\(embed_dim=8\) was given query \(3, 2, 4\)",
    ),
    "batch": (
        lambda: MultiheadAttention(4, 2)(np.ones((3, 2, 4)), *[np.ones((3, 5, 4))] * 2),
        r"key \(3, 5, 4\) and value \(3, 5, 4\) are not one batch",
    ),
    "padding": (
        lambda: MultiheadAttention(4, 2)(*[np.ones((3, 2, 4))] * 3, np.ones((3, 2), bool)),
        r"key_padding_mask must have shape \(2, 3\), not \(3, 2\)",
    ),
    "mask": (
        lambda: MultiheadAttention(4, 2)(*[np.ones((3, 2, 4))] * 3, attn_mask=np.ones(3)),
        r"attn_mask must have shape \(3, 3\) or \(4, 3, 3\), not \(3,\)",
    ),
    "bias_kv": (lambda: MultiheadAttention(4, 2, add_bias_kv=True), "neither add_bias_kv nor"),
    "dropout": (
        lambda: MultiheadAttention(4, 2, dropout=-1.0),
        "but is -1.0",
    ),
    "causal": (
        lambda: scaled_dot_product_attention(*[Tensor(X)] * 3, X, is_causal=True),
        "a mask or is_causal, not both",
    ),
    "shared heads": (
        lambda: scaled_dot_product_attention(
            autograd.ones(3, 2, 4), *[autograd.ones(2, 2, 4)] * 2, enable_gqa=True
        ),
        "3 heads cannot share 2 evenly",
    ),
    "function": (
        lambda: autograd.attention(np.ones((3, 4)), np.ones((3, 2)), np.ones((3, 2))),
        r"attention takes .* query \(3, 4\), key \(3, 2\) and value \(3, 2\)",
    ),
    "function mask": (
        lambda: autograd.attention(*[np.ones((3, 4))] * 3, np.ones((2, 3))),
        r"attention: mask \(2, 3\) does not broadcast to \(3, 3\)",
    ),
    "packed": (
        lambda: autograd.self_attention(np.ones((1, 2, 8)), 2),
        r"with heads=2, but was given input \(1, 2, 8\)",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_it_refuses(name):
    act, text = REFUSED[name]
    with pytest.raises((ValueError, TypeError), match=text):
        act()


def test_it_says_what_it_is():
    assert "MultiheadAttention(" in repr(MultiheadAttention(4, 2))
    assert "(out_proj): Linear(in_features=4, out_features=4, bias=True)" in repr(
        MultiheadAttention(4, 2)
    )
