"""Layers of pooling, and the functions beneath them: PyTorch's numbers, and edges."""

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

ENTRIES = layer_entries("MaxPool", "AvgPool", "AdaptiveAvgPool")
inf, nan = np.inf, np.nan


def random(*shape, seed=0, dtype=float):
    numbers = np.random.default_rng(seed).normal(size=shape)
    return Tensor(numbers, requires_grad=True, dtype=dtype)


@pytest.mark.parametrize("compiled", [False, True], ids=["eager", "compiled"])
@pytest.mark.parametrize("entry", ENTRIES, ids=layer_name)
def test_pytorchs_numbers(entry, compiled):
    compare_layer(entry, compiled)


@pytest.mark.parametrize("entry", ENTRIES, ids=layer_name)
def test_a_copy_and_a_pickle_give_the_same_and_have_no_state(entry):
    layer, x = layer_of(entry), random(*entry["x"])
    assert not layer.state_dict()
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        np.testing.assert_array_equal(other(x).data, layer(x).data)


@pytest.mark.parametrize("entry", ENTRIES, ids=layer_name)
def test_derivatives(entry):
    layer, x = layer_of(entry), random(*entry["x"])
    assert gradcheck(layer, (x,))
    assert gradgradcheck(lambda x: layer(x) ** 2, (x,))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_of_equal_elements_the_first_has_the_gradient(dtype):
    x = Tensor(np.zeros((1, 1, 2, 4)), requires_grad=True, dtype=dtype)
    autograd.max_pool2d(x, 2).sum().backward()
    assert x.grad[0, 0].tolist() == [[1.0, 0.0, 1.0, 0.0], [0.0] * 4]
    x.zero_grad()
    autograd.max_pool2d(x, (2, 3), 1).sum().backward()
    assert x.grad[0, 0].tolist() == [[1.0, 1.0, 0.0, 0.0], [0.0] * 4]


@pytest.mark.parametrize(
    ("row", "largest", "slope"),
    [  # torch.max_pool1d(x, 2, 2, 1) gives the same, of two NaNs the last
        ([-inf, -inf, -inf], [-inf, -inf], [1.0, 1.0, 0.0]),
        ([1.0, nan, 2.0], [1.0, nan], [1.0, 1.0, 0.0]),
        ([inf, 2.0, inf], [inf, inf], [1.0, 0.0, 1.0]),
    ],
)
def test_infinities_and_nan(row, largest, slope):
    x = Tensor([[row]], requires_grad=True)
    out = autograd.max_pool1d(x, 2, 2, 1)
    np.testing.assert_array_equal(out.data[0, 0], largest)
    out.backward(np.ones(out.shape))
    np.testing.assert_array_equal(x.grad[0, 0], slope)


def test_an_infinite_gradient_goes_to_the_largest_alone():
    x = random(1, 1, 4)
    autograd.max_pool1d(x, 2).backward(np.full((1, 1, 2), inf))
    assert sorted(x.grad[0, 0].tolist()) == [0.0, 0.0, inf, inf]


def test_an_element_that_is_the_largest_of_several_windows_has_the_sum():
    x = Tensor([[[0.0, 5.0, 0.0]]], requires_grad=True)
    autograd.max_pool1d(x, 2, 1).backward(np.array([[[2.0, 3.0]]]))
    assert x.grad.tolist() == [[[0.0, 5.0, 0.0]]]


def test_means_of_uneven_windows_keep_what_is_infinite_to_itself():
    out = autograd.adaptive_avg_pool1d(Tensor([[inf, 1.0, 2.0, 3.0, 5.0]]), 2)
    assert out.data.tolist() == [[inf, 10.0 / 3.0]]


def test_whole_numbers_have_a_largest():
    out = autograd.max_pool2d(Tensor([[[1, 3], [7, 2]]]), 2, padding=1)
    assert out.data.tolist() == [[[1, 3], [7, 2]]]
    assert out.dtype == int


@pytest.mark.parametrize("entry", ENTRIES, ids=layer_name)
def test_float32_stays(entry):
    x = random(*entry["x"], dtype=np.float32)
    out = layer_of(entry)(x)
    out.sum().backward()
    assert {out.dtype, x.grad.dtype} == {np.dtype(np.float32)}


@pytest.mark.parametrize("layer", [nn.MaxPool2d(2), nn.AvgPool2d(2), nn.AdaptiveAvgPool2d((1, 3))])
def test_no_samples(layer):
    x = random(0, 2, 4, 4)
    out = layer(x)
    assert out.shape[:2] == (0, 2)
    out.sum().backward()
    assert x.grad.shape == x.shape


def test_where_the_largest_stand():
    x = random(2, 3, 5, 4)
    largest, places = nn.MaxPool2d(2, return_indices=True)(x)
    rows = x.data.reshape(2, 3, 20)
    found = np.take_along_axis(rows, places.data.reshape(2, 3, -1), 2)
    np.testing.assert_array_equal(found.reshape(largest.shape), largest.data)
    assert places.dtype == int


def test_means_of_large_windows_are_means():
    x = random(2, 2, 40, 30)
    mean = x.data.mean(axis=(2, 3), keepdims=True)
    np.testing.assert_allclose(autograd.avg_pool2d(x, (40, 30)).data, mean, rtol=1e-12)
    np.testing.assert_allclose(nn.AdaptiveAvgPool2d(1)(x).data, mean, rtol=1e-12)


WRONG = {
    "window": (
        lambda: nn.MaxPool2d(3)(random(1, 1, 2, 5)),
        "MaxPool2d(kernel_size=3, stride=3, padding=0, dilation=1, ceil_mode=False): max_pool2d: "
        "no window of (3, 3) fits into x (1, 1, 2, 5) with padding (0, 0)",
    ),
    "axes": (
        lambda: nn.AvgPool1d(2)(random(5)),
        "AvgPool1d(kernel_size=(2,), stride=(2,), padding=(0,)): avg_pool1d: it takes samples, (n, "
        "channels, length), or one alone, (channels, length), but was given x (5,)",
    ),
    "padding": (
        lambda: nn.AvgPool2d(2, padding=2)(random(1, 1, 4, 4)),
        "AvgPool2d(kernel_size=2, stride=2, padding=2): avg_pool2d: padding=2 is more than half of "
        "the window, (2, 2)",
    ),
    "kernel": (
        lambda: nn.MaxPool1d(0),
        "MaxPool1d: kernel_size is an integer, 1 at least, but is 0",
    ),
    "stride": (
        lambda: nn.AvgPool2d(2, (1, 0)),
        "AvgPool2d: stride is an integer or 2 of them, 1 at least, but is (1, 0)",
    ),
    "dilation": (
        lambda: nn.MaxPool2d(2, dilation="1"),
        "MaxPool2d: dilation is an integer or 2 of them, 1 at least, but is '1'",
    ),
    "adaptive": (
        lambda: nn.AdaptiveAvgPool2d((1, 2, 3))(random(1, 1, 2, 2)),
        "AdaptiveAvgPool2d(output_size=(1, 2, 3)): adaptive_avg_pool2d: output_size is a number or "
        "2, but is (1, 2, 3)",
    ),
    "adaptive size": (
        lambda: autograd.adaptive_avg_pool2d(random(1, 1, 2, 2), 0),
        "adaptive_avg_pool2d: output_size is a number or two, 1 at least, but is (0, 0)",
    ),
    "adaptive nothing": (
        lambda: autograd.adaptive_avg_pool1d(random(1, 1, 0), 1),
        "adaptive_avg_pool1d: x (1, 1, 0) has no elements to take means of",
    ),
    "divisor": (
        lambda: autograd.avg_pool2d(random(1, 1, 2, 2), 2, divisor_override=0),
        "avg_pool2d: divisor_override must not be 0",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said(case):
    act, text = WRONG[case]
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        act()
