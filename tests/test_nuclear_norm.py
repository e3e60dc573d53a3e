"""The sum of the singular values: right to every order where none is 0, a subgradient elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import Tensor, gradcheck, gradient, norm

SINGULAR = [np.zeros((2, 3)), np.diag([2.0, 0.0]), np.outer([1.0, 2.0, 3.0], [1.0, -2.0])]


def nuclear(x):
    return norm(x, "nuc", dim=(-2, -1)).sum()


def slope(x):
    return gradient(nuclear(x), x)


def curve(x):
    """The gradient of the slope along a direction."""
    return gradient((slope(x) * np.cos(np.arange(x.data.size)).reshape(x.shape)).sum(), x)


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (2, 4), (4, 2), (2, 1, 3, 2)])
@pytest.mark.parametrize("f", [nuclear, slope, curve])
def test_to_the_third_order(shape, f):
    assert gradcheck(f, (np.random.default_rng(0).normal(size=shape),))


@pytest.mark.parametrize("data", SINGULAR)
def test_a_subgradient_where_singular_values_are_zero(data):
    """No matrix has a norm below the tangent plane; nor does any have a second derivative here."""
    x, rng = Tensor(data, requires_grad=True), np.random.default_rng(0)
    tangent = slope(x).data
    for _ in range(100):
        other = data + rng.normal(size=data.shape)
        assert nuclear(other) >= nuclear(data) + (tangent * (other - data)).sum() - 1e-12
    assert np.isnan(curve(x).data).all()


def test_one_singular_matrix_spoils_no_other():
    x = Tensor([np.eye(2), np.zeros((2, 2)), [[3.0, 1.0], [0.0, 2.0]]], requires_grad=True)
    assert [np.isfinite(part).all() for part in curve(x).data] == [True, False, True]


def test_float32_stays():
    x = Tensor(np.eye(2, 3, dtype=np.float32), requires_grad=True)
    assert {nuclear(x).dtype, slope(x).dtype, curve(x).dtype} == {np.dtype(np.float32)}
