"""Layers of convolution, and the functions beneath them: PyTorch's numbers, and edges."""

from __future__ import annotations

import copy
import math
import pickle
import re

import numpy as np
import pytest
from reference_entries import compare_layer, layer_entries, layer_name, layer_of

import autograd
import nn
from autograd import Tensor, gradcheck, gradgradcheck

ENTRIES = layer_entries("Conv")


def random(*shape, seed=0, dtype=float):
    numbers = np.random.default_rng(seed).normal(size=shape)
    return Tensor(numbers, requires_grad=True, dtype=dtype)


@pytest.mark.parametrize("compiled", [False, True], ids=["eager", "compiled"])
@pytest.mark.parametrize("entry", ENTRIES, ids=layer_name)
def test_pytorchs_numbers(entry, compiled):
    compare_layer(entry, compiled)


@pytest.mark.parametrize("entry", ENTRIES[::3], ids=layer_name)
def test_a_copy_a_pickle_and_a_loaded_state_give_the_same(entry):
    layer = layer_of(entry)
    loaded = eval(entry["layer"], vars(nn))
    loaded.load_state_dict(layer.state_dict())
    x = random(*entry["x"])
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer)), loaded):
        np.testing.assert_array_equal(other(x).data, layer(x).data)


SETTINGS = [
    {"stride": (2, 1), "padding": (1, 0), "dilation": (1, 2)},
    {"groups": 2, "padding": "same"},
    {},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_derivatives_of_conv2d(settings):
    x, bias = random(2, 4, 4, 5), random(2, seed=1)
    weight = random(2, 4 // settings.get("groups", 1), 2, 3, seed=2)

    def f(x, weight, bias):
        return autograd.conv2d(x, weight, bias, **settings)

    assert gradcheck(f, (x, weight, bias))
    assert gradgradcheck(f, (x, weight, bias))


def test_derivatives_of_conv_transpose2d():
    def f(x, weight, bias):
        return autograd.conv_transpose2d(x, weight, bias, 2, 1, 1, groups=2)

    operands = random(1, 4, 2, 3), random(4, 1, 3, 3, seed=1), random(2, seed=2)
    assert gradcheck(f, operands)
    assert gradgradcheck(f, operands)


def slowly(x, weight, stride, padding, dilation, groups):
    """A convolution of images by its definition, one number after the other."""
    x = np.pad(x, [(0, 0), (0, 0), *[(padding, padding)] * 2])
    reach = [dilation * (k - 1) + 1 for k in weight.shape[2:]]
    sizes = [(n - r) // stride + 1 for n, r in zip(x.shape[2:], reach, strict=True)]
    out = np.zeros((len(x), len(weight), *sizes))
    each = len(weight) // groups
    for n, o, i, j in np.ndindex(out.shape):
        low = o // each * weight.shape[1]
        part = x[n, low : low + weight.shape[1]]
        top, left = i * stride, j * stride
        beneath = part[:, top : top + reach[0] : dilation, left : left + reach[1] : dilation]
        out[n, o, i, j] = (beneath * weight[o]).sum()
    return out


@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("padding", [0, 1, 3])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kernel", [(1, 1), (2, 3)])
def test_the_definition(kernel, stride, padding, dilation, groups):
    x, weight = random(2, 4, 6, 7).data, random(8, 4 // groups, *kernel, seed=1).data
    settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    out = autograd.conv2d(Tensor(x), weight, **settings)
    expected = slowly(x, weight, **settings)
    np.testing.assert_allclose(out.data, expected, rtol=1e-12, atol=1e-12)
    g = random(*out.shape, seed=2).data
    spans = [dilation * (k - 1) + 1 for k in kernel]
    rest = tuple((n + 2 * padding - r) % stride for n, r in zip((6, 7), spans, strict=True))
    back = autograd.conv_transpose2d(g, weight, output_padding=rest, **settings)
    assert back.shape == x.shape
    assert math.isclose((out.data * g).sum(), (x * back).sum(), rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("channels", [1, 2, 16])  # few of them are copied in another order
def test_any_order_in_memory_gives_the_same(channels):
    data, weight = random(2, channels, 6, 5), random(3, channels, 3, 3, seed=1)
    expected = autograd.conv2d(data, weight, padding=1)
    for order in ((0, 1, 2, 3), (0, 2, 3, 1), (1, 0, 2, 3), (3, 2, 1, 0)):
        back = np.argsort(order)
        turned = Tensor(np.ascontiguousarray(data.data.transpose(order)), requires_grad=True)
        out = autograd.conv2d(turned.permute(*back), weight, padding=1)
        np.testing.assert_allclose(out.data, expected.data, rtol=1e-12, atol=1e-12)


def test_two_passes_through_one_graph():
    layer, x = nn.Conv2d(2, 3, 3, generator=0), random(2, 2, 4, 4)
    loss = layer(x).square().sum()
    loss.backward()
    first = x.grad.copy()
    loss.backward()
    np.testing.assert_allclose(x.grad, 2.0 * first, rtol=1e-12)


@pytest.mark.parametrize("make", [nn.Conv1d, nn.Conv2d, nn.ConvTranspose2d])
def test_how_parameters_are_drawn(make):
    layer = make(16, 32, 3, generator=0)
    assert layer.weight.shape[:2] == ((16, 32) if layer.transposed else (32, 16))
    bound = 1.0 / math.sqrt(math.prod(layer.weight.shape[1:]))
    for drawn in (layer.weight.data, layer.bias.data):
        assert bound * 0.8 < abs(drawn).max() < bound
    assert abs(layer.weight.data.mean()) < 0.1 * bound
    again = make(16, 32, 3, generator=0)
    np.testing.assert_array_equal(layer.weight.data, again.weight.data)
    np.testing.assert_array_equal(layer.bias.data, again.bias.data)
    assert layer.weight.data.flat[0] != layer.bias.data[0]
    assert make(1, 1, 2, dtype="float32").weight.dtype == np.float32


@pytest.mark.parametrize("padding", [1, "same"])
@pytest.mark.parametrize("mode", ["zeros", "reflect"])
def test_float32_stays(padding, mode):
    layer = nn.Conv2d(2, 3, 3, padding=padding, padding_mode=mode, dtype=np.float32)
    x = random(2, 2, 4, 4, dtype=np.float32)
    out = layer(x)
    out.sum().backward()
    assert {out.dtype, x.grad.dtype, layer.weight.grad.dtype} == {np.dtype(np.float32)}


def test_an_array_is_taken_for_what_it_is():
    layer, x = nn.Conv2d(2, 3, 3, generator=0), random(2, 2, 4, 4)
    np.testing.assert_array_equal(layer(x.data).data, layer(x).data)
    np.testing.assert_array_equal(layer(x.data.tolist()).data, layer(x).data)


def test_no_samples():
    layer = nn.Conv2d(2, 3, 3, generator=0)
    out = layer(random(0, 2, 5, 5))
    assert out.shape == (0, 3, 3, 3)
    out.sum().backward()
    assert not layer.weight.grad.any()
    assert not layer.bias.grad.any()
    assert nn.ConvTranspose2d(2, 3, 3)(random(0, 2, 5, 5)).shape == (0, 3, 7, 7)


def test_the_output_size_of_a_transposed_convolution():
    layer, x = nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1, generator=0), random(1, 2, 4, 4)
    assert layer(x).shape == (1, 3, 7, 7)
    assert layer(x, (8, 7)).shape == layer(x, output_size=(1, 3, 8, 7)).shape == (1, 3, 8, 7)
    with pytest.raises(ValueError, match=r"output_size is from \[7, 7\] to \[8, 8\]"):
        layer(x, (9, 7))


def test_it_can_be_drawn_and_explained():
    out = nn.Conv2d(1, 1, 2, generator=0)(random(1, 1, 2, 2))
    assert "conv" in out.draw().svg
    assert "conv" in str(out.explain())


C = nn.Conv2d(3, 8, 3, generator=0)
SHOWN = "Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1)): conv2d: "
WRONG = {
    "channels": (
        lambda: C(random(2, 1, 8, 8)),
        SHOWN + "weight (8, 3, 3, 3) takes 3 channels, but was given x (2, 1, 8, 8), which has 1",
    ),
    "axes": (
        lambda: C(random(8, 8)),
        SHOWN + "it takes samples, (n, channels, height, width), or one alone, (channels, height, "
        "width), but was given x (8, 8)",
    ),
    "size": (
        lambda: C(random(2, 3, 2, 8)),
        SHOWN + "a kernel that reaches over (3, 3) does not fit into x (2, 3, 2, 8) with padding "
        "((0, 0), (0, 0))",
    ),
    "transposed channels": (
        lambda: nn.ConvTranspose2d(2, 3, 2)(random(1, 3, 2, 2)),
        "ConvTranspose2d(2, 3, kernel_size=(2, 2), stride=(1, 1)): conv_transpose2d: weight (2, 3, "
        "2, 2) takes 2 channels, but was given x (1, 3, 2, 2), which has 3",
    ),
    "nothing left": (
        lambda: nn.ConvTranspose2d(1, 1, 1, padding=1)(random(1, 1, 2, 2)),
        "ConvTranspose2d(1, 1, kernel_size=(1, 1), stride=(1, 1), padding=(1, 1)): "
        "conv_transpose2d: of x (1, 1, 2, 2) nothing is left, with padding ((1, 1), (1, 1))",
    ),
    "groups": (
        lambda: nn.Conv2d(3, 4, 1, groups=2),
        "Conv2d: 3 channels in and 4 out do not make groups=2",
    ),
    "no channels": (lambda: nn.Conv1d(0, 1, 1), "Conv1d: in_channels must be at least 1, but is 0"),
    "kernel": (
        lambda: nn.Conv2d(1, 1, (1, 2, 3)),
        "Conv2d: kernel_size is an integer or 2 of them, 1 at least, but is (1, 2, 3)",
    ),
    "stride": (
        lambda: nn.Conv1d(1, 1, 1, stride=0),
        "Conv1d: stride is an integer, 1 at least, but is 0",
    ),
    "same": (
        lambda: nn.Conv2d(1, 1, 3, stride=2, padding="same"),
        "Conv2d: padding='same' takes stride=1, but was given 2",
    ),
    "padding": (
        lambda: nn.Conv2d(1, 1, 3, padding="full"),
        "Conv2d: padding is an integer or 2 of them, 0 at least, but is 'full'",
    ),
    "mode": (
        lambda: nn.Conv2d(1, 1, 3, padding_mode="mirror"),
        "Conv2d: padding_mode is zeros or reflect or replicate or circular, but is 'mirror'",
    ),
    "transposed mode": (
        lambda: nn.ConvTranspose2d(1, 1, 3, padding_mode="reflect"),
        "ConvTranspose2d: padding_mode is zeros, but is 'reflect'",
    ),
    "function weight": (
        lambda: autograd.conv2d(random(1, 1, 2, 2), random(1, 1, 2)),
        "conv2d: weight (1, 1, 2): it takes an array of 4 axes, the channels and the kernel",
    ),
    "function bias": (
        lambda: autograd.conv2d(random(1, 1, 2, 2), random(3, 1, 1, 1), random(2)),
        "conv2d: weight (3, 1, 1, 1) gives 3 channels, which bias (2,) does not fit",
    ),
    "function groups": (
        lambda: autograd.conv1d(random(1, 2, 2), random(3, 1, 1), groups=2),
        "conv1d: weight (3, 1, 1): its 3 channels do not make groups=2",
    ),
    "function stride": (
        lambda: autograd.conv2d(random(1, 1, 2, 2), random(1, 1, 1, 1), stride=(1, 0)),
        "conv2d: stride is a number or two, 1 at least, but is (1, 0)",
    ),
    "function same": (
        lambda: autograd.conv2d(random(1, 1, 2, 2), random(1, 1, 1, 1), padding="same", stride=2),
        "conv2d: padding='same' takes stride=1, but was given (2, 2)",
    ),
    "function padding": (
        lambda: autograd.conv1d(random(1, 2, 2), random(1, 2, 1), padding="full"),
        "conv1d: padding is numbers, 'same' or 'valid', not 'full'",
    ),
    "output padding": (
        lambda: autograd.conv_transpose1d(random(1, 1, 2), random(1, 1, 1), output_padding=1),
        "conv_transpose1d: output_padding=1 must be less than the stride or the dilation, (1,) and "
        "(1,)",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said(case):
    act, text = WRONG[case]
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        act()
