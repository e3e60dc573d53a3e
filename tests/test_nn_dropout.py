"""Dropout: what is left out, how often, by which generator, and anew in each replay."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest

import autograd
import nn
from autograd import Tensor, Value
from nn import functional as F  # noqa: N812 - PyTorch's users know it by this name

ONES = autograd.ones(40, 50, 3)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_how_much_is_left_out_and_how_the_rest_is_enlarged(p):
    autograd.manual_seed(0)
    out = nn.Dropout(p)(ONES).data
    left = out != 0.0
    np.testing.assert_allclose(out[left], 1.0 / (1.0 - p), rtol=1e-15)
    deviation = math.sqrt(p * (1.0 - p) / out.size)
    assert abs(left.mean() - (1.0 - p)) < 4.0 * deviation
    assert abs(out.mean() - 1.0) < 4.0 * deviation / (1.0 - p)


@pytest.mark.parametrize("shape", [(40, 50, 2, 2), (40, 50, 3)])
def test_channels_are_left_out_as_a_whole(shape):
    autograd.manual_seed(0)
    out = nn.Dropout2d(0.3)(autograd.ones(shape)).data.reshape(40, 50, -1)
    assert (out == out[:, :, :1]).all()
    share = (out[:, :, 0] == 0.0).mean()
    assert abs(share - 0.3) < 4.0 * math.sqrt(0.3 * 0.7 / 2000)


@pytest.mark.parametrize("kind", [nn.Dropout, nn.Dropout2d])
def test_in_evaluation_nothing_happens(kind):
    layer = kind(0.5).eval()
    assert layer(ONES) is ONES
    layer.train()
    assert layer(ONES) is not ONES


@pytest.mark.parametrize("function", [F.dropout, F.dropout2d])
def test_the_gradient_passes_where_the_number_did(function):
    x = Tensor(np.arange(1.0, 25.0).reshape(2, 3, 4), requires_grad=True)
    autograd.manual_seed(1)
    out = function(x, 0.5)
    out.sum().backward()
    np.testing.assert_allclose(x.grad * x.data, out.data)
    assert {0.0, 2.0} == set(x.grad.ravel().tolist())


def test_float32_stays():
    for p in (0.3, 1.0):
        assert F.dropout(Tensor(np.ones(3, np.float32)), p).dtype == np.float32


def test_a_value_is_left_out_too():
    autograd.manual_seed(0)
    v = Value(3.0)
    found = {F.dropout(v, 0.5).item() for _ in range(30)}
    assert found == {0.0, 6.0}


def test_the_generator():
    layer = nn.Dropout(generator=np.random.default_rng(5))
    first, second = layer(ONES).tolist(), layer(ONES).tolist()
    assert first != second
    again = nn.Dropout(generator=np.random.default_rng(5))
    assert again(ONES).tolist() == first
    for copied in (copy.deepcopy(again), pickle.loads(pickle.dumps(again))):
        assert copied(ONES).tolist() == second
    autograd.manual_seed(3)
    shared = nn.Dropout()(ONES).tolist()
    autograd.manual_seed(3)
    assert F.dropout(ONES).tolist() == shared


@pytest.mark.parametrize("kind", [nn.Dropout, nn.Dropout2d])
@pytest.mark.parametrize("seeded", [False, True])
def test_a_compiled_function_draws_anew_in_each_call(kind, seeded):
    layer = kind(generator=np.random.default_rng(0) if seeded else None)
    compiled = autograd.compile(layer)
    x = Tensor(np.ones((4, 5, 3)), requires_grad=True)
    found = []
    for _ in range(3):
        x.zero_grad()
        out = compiled(x)
        out.sum().backward()
        np.testing.assert_array_equal(x.grad, out.data)
        found.append(out.tolist())
    assert found[0] != found[1] != found[2] != found[0]
    assert compiled.cache_info()[:2] == (2, 1)
    layer.eval()
    assert compiled(x).tolist() == x.tolist()
    layer.train()
    layer.p = 0.0
    assert compiled(x).tolist() == x.tolist()


def test_in_a_network():
    net = nn.Sequential(nn.Linear(3, 8, generator=0), nn.Dropout(0.5), nn.Linear(8, 1, generator=1))
    x = autograd.ones(2, 3)
    assert net(x).tolist() != net(x).tolist()
    assert net.eval()(x).tolist() == net(x).tolist()
