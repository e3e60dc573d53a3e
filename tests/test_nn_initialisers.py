"""Initialisers: PyTorch's numbers where there are any, else what distribution they draw from."""

from __future__ import annotations

import math

import numpy as np
import pytest
from reference_entries import entries

import autograd
from autograd import Tensor, zeros
from nn import init

ENTRIES = entries("layers.json")["initialisers"]

RANDOM = {
    "uniform_": lambda t, **k: init.uniform_(t, -2.0, 3.0, **k),
    "normal_": lambda t, **k: init.normal_(t, 1.0, 2.0, **k),
    "trunc_normal_": lambda t, **k: init.trunc_normal_(t, std=0.5, a=-1.0, **k),
    "xavier_uniform_": lambda t, **k: init.xavier_uniform_(t, 2.0, **k),
    "xavier_normal_": lambda t, **k: init.xavier_normal_(t, 2.0, **k),
    "kaiming_uniform_": init.kaiming_uniform_,
    "kaiming_normal_": init.kaiming_normal_,
    "orthogonal_": init.orthogonal_,
    "sparse_": lambda t, **k: init.sparse_(t, 0.25, **k),
}
FIXED = {
    "constant_": lambda t: init.constant_(t, 5.0),
    "ones_": init.ones_,
    "zeros_": init.zeros_,
    "eye_": init.eye_,
    "dirac_": init.dirac_,
}
each_random = pytest.mark.parametrize("fill", RANDOM.values(), ids=RANDOM)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e["of"])
def test_what_is_not_random_is_pytorchs(entry):
    if entry["of"] == "fans":
        weight = zeros(entry["shape"])
        assert list(init.fan_in_and_fan_out(weight)) == entry["found"]
        assert init._calculate_fan_in_and_fan_out is init.fan_in_and_fan_out
    elif entry["of"] == "gain":
        assert init.calculate_gain(entry["name"], entry["param"]) == pytest.approx(entry["found"])
    else:
        options = [entry["groups"]] if entry["groups"] else []
        found = getattr(init, entry["of"])(Tensor(np.full(entry["shape"], 7.0)), *options)
        assert found.tolist() == entry["found"]


@each_random
def test_they_write_in_place_and_a_seed_gives_the_same_numbers(fill):
    leaf = zeros(4, 6, requires_grad=True)
    assert fill(leaf, generator=1) is leaf
    first = leaf.data.copy()
    assert np.unique(first).size > 10
    assert leaf.requires_grad
    assert leaf.op is None
    assert fill(leaf, generator=1).tolist() == first.tolist()
    assert fill(leaf, generator=2).tolist() != first.tolist()
    small = fill(zeros(4, 6, dtype=np.float32), generator=1)
    assert small.dtype == np.float32
    np.testing.assert_array_equal(small.data, first.astype(np.float32))


@each_random
def test_generators(fill):
    source = np.random.default_rng(1)
    first, second = (fill(zeros(4, 6), generator=source).tolist() for _ in range(2))
    assert first != second
    autograd.manual_seed(7)
    shared = fill(zeros(4, 6)).tolist()
    autograd.manual_seed(7)
    assert fill(zeros(4, 6)).tolist() == shared != fill(zeros(4, 6)).tolist()


def moments(found, mean, variance, fourth):
    """Whether mean and variance of many numbers lie within 4.5 of their own deviations."""
    assert abs(found.mean() - mean) < 4.5 * math.sqrt(variance / found.size)
    spread = math.sqrt((fourth - variance**2) / found.size)
    assert abs(((found - mean) ** 2).mean() - variance) < 4.5 * spread


def below(x):
    """How much of a normal distribution lies below x."""
    return math.erfc(-x / math.sqrt(2.0)) / 2.0


def uniform(found, a, b):
    half = (b - a) / 2.0
    assert a <= found.min() < a + 0.01 * half
    assert b - 0.01 * half < found.max() <= b
    moments(found, (a + b) / 2.0, half**2 / 3.0, half**4 / 5.0)


def normal(found, mean, std):
    moments(found, mean, std**2, 3.0 * std**4)
    within = (abs(found - mean) < std).mean()
    assert abs(within - 0.6827) < 4.5 * math.sqrt(0.6827 * 0.3173 / found.size)


SHAPE = (60, 20, 3, 3)  # fan_in 180, fan_out 540


def test_uniform_and_normal_numbers():
    weight = zeros(SHAPE)
    uniform(init.uniform_(weight, generator=0).data, 0.0, 1.0)
    uniform(init.uniform_(weight, -2.0, 3.0, generator=0).data, -2.0, 3.0)
    normal(init.normal_(weight, generator=0).data, 0.0, 1.0)
    normal(init.normal_(weight, 4.0, 0.2, generator=0).data, 4.0, 0.2)


@pytest.mark.parametrize("gain", [1.0, 5.0 / 3.0])
def test_xavier(gain):
    std = gain * math.sqrt(2.0 / (180 + 540))
    bound = std * math.sqrt(3.0)
    uniform(init.xavier_uniform_(zeros(SHAPE), gain, 0).data, -bound, bound)
    normal(init.xavier_normal_(zeros(SHAPE), gain, 0).data, 0.0, std)


@pytest.mark.parametrize(
    ("options", "std"),
    [
        ({}, math.sqrt(2.0 / 180)),
        ({"mode": "fan_out", "nonlinearity": "relu"}, math.sqrt(2.0 / 540)),
        ({"a": math.sqrt(5.0)}, math.sqrt(1.0 / 3.0 / 180)),
        ({"nonlinearity": "tanh"}, 5.0 / 3.0 / math.sqrt(180)),
    ],
)
def test_kaiming(options, std):
    bound = std * math.sqrt(3.0)
    uniform(init.kaiming_uniform_(zeros(SHAPE), generator=0, **options).data, -bound, bound)
    normal(init.kaiming_normal_(zeros(SHAPE), generator=0, **options).data, 0.0, std)


@pytest.mark.parametrize(
    ("mean", "std", "a", "b"),
    [(0.0, 1.0, -2.0, 2.0), (1.0, 0.5, 0.0, 1.2), (0.0, 1.0, 5.0, 6.0), (0.0, 1.0, -31.0, -30.0)],
)
def test_truncated_normal_numbers_lie_as_the_normal_distribution_says(mean, std, a, b):
    found = init.trunc_normal_(zeros(20000), mean, std, a, b, generator=0).data
    assert a <= found.min() <= found.max() <= b
    left = a - mean < 0.0  # the distribution function is exact in the tail below
    low, high = ((x - mean) / std * (1 if left else -1) for x in ((a, b) if left else (b, a)))
    for part in (0.05, 0.3, 0.5, 0.8):  # Kolmogorov's test: 1.95 / √n is passed in 99.9 of 100
        at = np.quantile(found, part if left else 1.0 - part)
        known = (at - mean) / std * (1 if left else -1)
        share = (below(known) - below(low)) / (below(high) - below(low))
        assert abs(share - part) < 1.95 / math.sqrt(20000)


@pytest.mark.parametrize("shape", [(3, 3), (3, 7), (7, 3), (4, 3, 2, 2), (20, 2, 2)])
def test_orthogonal_rows_or_columns(shape):
    found = init.orthogonal_(zeros(shape), 3.0, generator=0).data.reshape(shape[0], -1)
    short = found if len(found) < found.shape[1] else found.T
    np.testing.assert_allclose(short @ short.T, 9.0 * np.eye(len(short)), atol=1e-12)


def test_orthogonal_matrices_have_no_preferred_sign():
    corners = [init.orthogonal_(zeros(2, 2), generator=i).data[0, 0] > 0 for i in range(200)]
    assert 60 < sum(corners) < 140


@pytest.mark.parametrize(
    ("sparsity", "zero"), [(0.0, 0), (0.25, 3), (0.3, 3), (0.31, 4), (1.0, 10)]
)
def test_how_many_of_each_column_are_zero(sparsity, zero):
    found = init.sparse_(zeros(10, 2000), sparsity, 0.5, generator=0).data
    assert ((found == 0.0).sum(0) == zero).all()
    if 0 < zero < 10:
        normal(found[found != 0.0], 0.0, 0.5)
        share = (found == 0.0).mean(1)  # each row as often
        assert abs(share - zero / 10).max() < 0.06


@pytest.mark.parametrize("fill", FIXED.values(), ids=FIXED)
def test_a_backward_pass_notices_that_a_leaf_was_written_to(fill):
    leaf = Tensor(np.ones((2, 4)), requires_grad=True)
    if fill is init.dirac_:
        leaf = Tensor(np.ones((2, 4, 1)), requires_grad=True)
    y = (leaf * leaf).sum()
    fill(leaf)
    with pytest.raises(RuntimeError, match="changed"):
        y.backward()


def test_empty_ones():
    for fill in RANDOM.values():
        assert fill(zeros(0, 3)).shape == (0, 3)


@pytest.mark.parametrize(
    ("do", "error", "said"),
    [
        (lambda: init.ones_([1.0]), TypeError, r"ones_ writes to a Tensor, but was given \[1.0\]"),
        (lambda: init.uniform_(Tensor([1])), TypeError, "uniform_ writes floats.*int64"),
        (lambda: init.constant_(Tensor([1]), 0.5), TypeError, "constant_ writes floats.*int64"),
        (lambda: init.ones_(zeros(2, requires_grad=True) * 2), AttributeError, "computed by mul"),
        (lambda: init.uniform_(zeros(2), 1.0, 0.0), ValueError, "a=1.0 and b=0.0"),
        (lambda: init.normal_(zeros(2), 0.0, -1.0), ValueError, "std of 0 or more"),
        (lambda: init.trunc_normal_(zeros(2), std=0.0), ValueError, "a positive std and a < b"),
        (lambda: init.trunc_normal_(zeros(2), a=50.0, b=51.0), ValueError, "nothing is left"),
        (lambda: init.eye_(zeros(2)), ValueError, r"eye_ takes a Tensor of 2 axes.*\(2,\)"),
        (lambda: init.sparse_(zeros(2), 0.5), ValueError, "sparse_ takes a Tensor of 2 axes"),
        (lambda: init.sparse_(zeros(2, 2), 1.5), ValueError, "from 0 to 1, but was given 1.5"),
        (lambda: init.dirac_(zeros(2, 2)), ValueError, "of 3 or 4 or 5 axes"),
        (lambda: init.dirac_(zeros(3, 2, 1), 2), ValueError, "3 output channels do not make 2"),
        (lambda: init.orthogonal_(zeros(2)), ValueError, "2 axes or more"),
        (lambda: init.xavier_normal_(zeros(2)), ValueError, r"\(out, in, \*kernel\).*\(2,\)"),
        (lambda: init.kaiming_normal_(zeros(2, 2), mode="fan"), ValueError, "mode is 'fan_in' or"),
        (lambda: init.calculate_gain("swish"), ValueError, "knows linear, conv1d.*'swish'"),
        (lambda: init.calculate_gain("leaky_relu", "0.1"), ValueError, "slope of leaky_relu"),
    ],
)
def test_what_initialisers_refuse(do, error, said):
    with pytest.raises(error, match=said):
        do()


def test_a_refusal_changes_nothing():
    leaf = Tensor(np.ones((3, 2, 1)))
    with pytest.raises(ValueError, match="groups"):
        init.dirac_(leaf, 2)
    assert leaf.tolist() == np.ones((3, 2, 1)).tolist()
