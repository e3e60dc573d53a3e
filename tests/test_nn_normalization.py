"""Layers of normalisation and the functions beneath them: PyTorch's numbers, and edges."""

from __future__ import annotations

import copy
import pickle
import re

import numpy as np
import pytest
from reference_entries import compare_layer, layer_entries, layer_name, layer_of

import autograd
import nn
from autograd import Tensor, gradcheck, gradgradcheck

ENTRIES = layer_entries("BatchNorm", "LayerNorm", "GroupNorm", "RMSNorm")


def random(*shape, seed=0, dtype=float):
    numbers = np.random.default_rng(seed).normal(size=shape)
    return Tensor(numbers, requires_grad=True, dtype=dtype)


@pytest.mark.parametrize("compiled", [False, True], ids=["eager", "compiled"])
@pytest.mark.parametrize("entry", ENTRIES, ids=layer_name)
def test_pytorchs_numbers(entry, compiled):
    compare_layer(entry, compiled)


@pytest.mark.parametrize("entry", ENTRIES, ids=layer_name)
def test_a_copy_a_pickle_and_a_loaded_state_give_the_same(entry):
    layer, x = layer_of(entry), random(*entry["x"])
    layer(x)
    loaded = eval(entry["layer"], vars(nn))
    loaded.load_state_dict(layer.state_dict())
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer)), loaded):
        assert other.state_dict().keys() == layer.state_dict().keys()
        np.testing.assert_array_equal(other.eval()(x).data, layer.eval()(x).data)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("entry", ENTRIES[::2], ids=layer_name)
def test_derivatives(entry, training):
    layer = layer_of(entry).train(training)
    operands = (random(*entry["x"]), *(random(*p.shape, seed=1) for p in layer.parameters()))
    names = [name for name, _ in layer.named_parameters()]

    def f(x, *parameters):
        for name, parameter in zip(names, parameters, strict=True):
            setattr(layer, name, parameter)
        return layer(x) * np.arange(1.0, 1.0 + x.size).reshape(x.shape)

    assert gradcheck(f, operands)
    assert gradgradcheck(f, operands)


@pytest.mark.parametrize("entry", ENTRIES, ids=layer_name)
def test_float32_stays(entry):
    layer = eval(f"{entry['layer'][:-1]}, dtype='float32')", vars(nn))
    x = random(*entry["x"], dtype=np.float32)
    for training in (True, False):
        out = layer.train(training)(x)
        out.sum().backward()
        assert {out.dtype, x.grad.dtype} == {np.dtype(np.float32)}
    floats = [buffer for name, buffer in layer.named_buffers() if "num" not in name]
    assert {x.dtype for x in [*floats, *layer.parameters()]} <= {np.dtype(np.float32)}


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (0, 2, 3, 1), (1, 0, 2, 3)])
def test_any_order_in_memory_gives_the_same(order):
    data, seed = random(4, 3, 2, 5), random(4, 3, 2, 5, seed=1).data
    nn.BatchNorm2d(3)(data).backward(seed)
    turned = Tensor(np.ascontiguousarray(data.data.transpose(order)), requires_grad=True)
    nn.BatchNorm2d(3)(turned.permute(*np.argsort(order))).backward(seed)
    np.testing.assert_allclose(turned.grad, data.grad.transpose(order), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("layer", "axis"),
    [(nn.BatchNorm2d(8), (0, 2, 3)), (nn.LayerNorm((8, 6, 5)), (1, 2, 3))],
    ids=str,
)
@pytest.mark.parametrize("last", [True, False])
def test_large_arrays_are_added_up_otherwise(layer, axis, last):
    """As products with ones; in small ones the order is that of the rule."""
    data = random(40, 8, 6, 5).data
    x = Tensor(np.ascontiguousarray(data.transpose(0, 2, 3, 1)) if last else data, True)
    g, weight = random(*data.shape, seed=1).data, random(*layer.weight.shape, seed=2)
    layer.weight.data = weight.data
    layer.zero_grad()
    layer(x.permute(0, 3, 1, 2) if last else x).backward(g)
    wide = weight.data.reshape(-1, 1, 1) if weight.ndim == 1 else weight.data
    off = data - data.mean(axis, keepdims=True)
    scale = 1.0 / np.sqrt(data.var(axis, keepdims=True) + layer.eps)
    out, share = off * scale, g * wide
    shares = share.mean(axis, keepdims=True) + out * (share * out).mean(axis, keepdims=True)
    expected = scale * (share - shares)
    found = x.grad.transpose(0, 3, 1, 2) if last else x.grad
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)
    over = (0, 2, 3) if weight.ndim == 1 else (0,)
    np.testing.assert_allclose(layer.weight.grad, (g * out).sum(over), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(layer.bias.grad, g.sum(over), rtol=1e-10, atol=1e-10)


def test_the_buffers_are_no_parameters_and_in_the_state():
    norm = nn.BatchNorm1d(2)
    assert [name for name, _ in norm.named_parameters()] == ["weight", "bias"]
    names = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]
    assert list(norm.state_dict()) == names
    assert list(nn.BatchNorm1d(2, track_running_stats=False).state_dict()) == names[:2]
    assert not any(buffer.requires_grad for buffer in norm.buffers())


def test_evaluation_changes_nothing_and_a_frozen_layer_follows_its_batches():
    norm, x = nn.BatchNorm1d(3), random(5, 3)
    before = norm.state_dict()
    norm.eval()(x)
    for name, kept in norm.state_dict().items():
        np.testing.assert_array_equal(kept, before[name])
    norm.train().requires_grad_(False)(x)
    np.testing.assert_allclose(norm.running_mean.data, 0.1 * x.data.mean(0), rtol=1e-12)
    np.testing.assert_allclose(norm.running_var.data, 0.9 + 0.1 * x.data.var(0, ddof=1), rtol=1e-12)
    assert norm.num_batches_tracked.item() == 1


def test_without_recording_the_buffers_follow_all_the_same():
    norm = nn.BatchNorm1d(3)
    with autograd.no_grad():
        norm(random(5, 3))
    assert norm.num_batches_tracked.item() == 1
    assert norm.running_mean.data.any()


@pytest.mark.parametrize("momentum", [0.1, None])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_compiled_training_changes_the_buffers_in_each_call(momentum, dtype):
    """Also those of a layer that is called twice, which goes on from what the first call made."""
    eager, traced = (nn.BatchNorm1d(3, momentum=momentum, dtype=dtype) for _ in range(2))
    step = autograd.compile(lambda x: (traced(traced(x) * 2.0) ** 3).sum())
    for seed in range(3):
        x = random(5, 3, seed=seed, dtype=dtype)
        loss, expected = step(x), (eager(eager(x) * 2.0) ** 3).sum()
        loss.backward()
        expected.backward()
        np.testing.assert_allclose(loss.item(), expected.item(), rtol=1e-5)
        for mine, theirs in zip(traced.parameters(), eager.parameters(), strict=True):
            np.testing.assert_allclose(mine.grad, theirs.grad, rtol=1e-4, atol=1e-4)
        for name, kept in traced.state_dict().items():
            assert kept.dtype == eager.state_dict()[name].dtype
            np.testing.assert_allclose(kept, eager.state_dict()[name], rtol=1e-5, atol=1e-6)
    assert step.cache_info()[:2] == (2, 1)
    traced.eval()
    before = traced.state_dict()
    step(random(5, 3))
    for name, kept in traced.state_dict().items():
        np.testing.assert_array_equal(kept, before[name])


def test_going_back_over_an_earlier_call_changes_no_buffer():
    norm = nn.BatchNorm1d(2)
    step = autograd.compile(lambda x: (norm(x) ** 3).sum())
    first = step(random(4, 2))
    step(random(4, 2, seed=1))
    before = norm.state_dict()
    first.backward()
    for name, kept in norm.state_dict().items():
        np.testing.assert_array_equal(kept, before[name])


def test_scalar_code_updates_no_leaves():
    count = Tensor([0.0])

    def double(v):
        autograd.update_leaf(count, lambda old: old + 1.0)
        return v * 2.0

    with pytest.raises(NotImplementedError, match="only a compiled function of Tensors"):
        autograd.compile(double)(1.0)
    for wrong in (1.0, [1.0], count * Tensor(1.0, requires_grad=True)):
        with pytest.raises(TypeError, match="update_leaf takes a Tensor that was not computed"):
            autograd.update_leaf(wrong, abs)
    assert autograd.update_leaf(count, lambda old: old + 2.0).tolist() == [2.0]


def test_no_samples():
    assert nn.LayerNorm(3)(random(0, 3)).shape == (0, 3)
    assert nn.GroupNorm(1, 3)(random(0, 3, 2)).shape == (0, 3, 2)
    assert nn.BatchNorm1d(3).eval()(random(0, 3)).shape == (0, 3)


def test_all_equal_elements_are_zero_and_their_gradient_is_finite():
    for layer in (nn.LayerNorm(4), nn.BatchNorm1d(4), nn.GroupNorm(2, 4)):
        x = Tensor(np.full((3, 4), 2.5), requires_grad=True)
        out = layer(x)
        np.testing.assert_allclose(out.data, 0.0, atol=1e-12)
        out.backward(random(3, 4).data)
        assert np.isfinite(x.grad).all()


B = nn.BatchNorm2d(3)
WRONG = {
    "channels": (
        lambda: B(random(2, 4, 5, 5)),
        "BatchNorm2d(3) was given 4 channels: x has shape (2, 4, 5, 5)",
    ),
    "axes": (lambda: B(random(2, 3)), "BatchNorm2d(3) takes 4 axes: x has shape (2, 3)"),
    "axes of two kinds": (
        lambda: nn.BatchNorm1d(3)(random(2, 3, 4, 5)),
        "BatchNorm1d(3) takes 2 or 3 axes: x has shape (2, 3, 4, 5)",
    ),
    "one sample": (
        lambda: nn.BatchNorm1d(3)(random(1, 3)),
        "BatchNorm1d(3), in training, takes two numbers or more for each channel: x has shape "
        "(1, 3); let no batch be so small, as drop_last=True does for the last",
    ),
    "no features": (
        lambda: nn.BatchNorm1d(0),
        "BatchNorm1d: num_features must be at least 1, but is 0",
    ),
    "layer": (
        lambda: nn.LayerNorm(4)(random(2, 3)),
        "LayerNorm((4,), eps=1e-05, elementwise_affine=True, bias=True): layer_norm takes samples "
        "of normalized_shape=(4,), the last axes of x, but was given x (2, 3)",
    ),
    "rms": (
        lambda: nn.RMSNorm((2, 4))(random(4)),
        "RMSNorm((2, 4), eps=None, elementwise_affine=True): rms_norm takes samples of "
        "normalized_shape=(2, 4), the last axes of x, but was given x (4,)",
    ),
    "group": (
        lambda: nn.GroupNorm(2, 4)(random(2, 3, 4)),
        "GroupNorm(2, 4) takes (n, 4, ...): x has shape (2, 3, 4)",
    ),
    "groups": (lambda: nn.GroupNorm(3, 4), "GroupNorm: 4 channels do not make 3 groups"),
    "no shape": (
        lambda: nn.LayerNorm(()),
        "LayerNorm: normalized_shape must name an axis or more",
    ),
    "function weight": (
        lambda: autograd.layer_norm(random(2, 3), 3, random(2)),
        "layer_norm: weight (2,) does not fit x (2, 3): it must be of shape (3,)",
    ),
    "function one": (
        lambda: autograd.batch_norm(random(1, 3), None, None, training=True),
        "batch_norm: in training each channel needs two numbers or more, but x (1, 3) has 1",
    ),
    "function running": (
        lambda: autograd.batch_norm(random(2, 3), random(3), None),
        "batch_norm takes running_mean and running_var, both or neither",
    ),
    "function axes": (
        lambda: autograd.batch_norm(random(2), None, None, training=True),
        "batch_norm takes samples, (n, channels, ...), but was given x (2,)",
    ),
    "function groups": (
        lambda: autograd.group_norm(random(2, 3), 2),
        "group_norm takes samples, (n, channels, ...), the channels in 2 groups, but was given x "
        "(2, 3)",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_and_nothing_is_changed(case):
    before = B.state_dict()
    act, text = WRONG[case]
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        act()
    for name, kept in B.state_dict().items():
        np.testing.assert_array_equal(kept, before[name])
