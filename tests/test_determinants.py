"""The determinant is a polynomial, so all its derivatives exist: at singular matrices, too."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from autograd import Tensor, det, gradient, hessian

RANKS = [(n, rank) for n in range(1, 6) for rank in range(n + 1)]


def leibniz(x):
    """The determinant by its definition: a sum over all permutations."""
    total = 0.0
    for order in itertools.permutations(range(x.shape[-1])):
        product = (-1.0) ** sum(a > b for a, b in itertools.combinations(order, 2))
        for i, j in enumerate(order):
            product = product * x[..., i, j]
        total = total + product
    return total


def derivatives(f, x, directions):
    """The sum of what `f` gives, its gradient, the gradient of the slope along a direction, …"""
    x = Tensor(x, requires_grad=True)
    y = f(x).sum()
    found = [y.data]
    for direction in directions:
        if not y.requires_grad:  # all further derivatives of a polynomial
            found.append(np.zeros(x.shape))
            continue
        slope = gradient(y, x)
        found.append(slope.data)
        y = (slope * direction).sum()
    return found


def of_rank(rng, n, rank):
    return rng.integers(-3, 4, (n, rank)) @ rng.normal(size=(rank, n))


@pytest.mark.parametrize(("n", "rank"), RANKS)
def test_to_the_fourth_order_at_every_rank(n, rank):
    rng = np.random.default_rng(n)
    x, directions = of_rank(rng, n, rank), rng.normal(size=(4, n, n))
    pairs = zip(derivatives(det, x, directions), derivatives(leibniz, x, directions), strict=True)
    for found, expected in pairs:
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10)


def test_in_stacks_of_mixed_rank():
    rng = np.random.default_rng(0)
    x = np.stack([[of_rank(rng, 3, rank) for rank in ranks] for ranks in ((3, 1), (0, 2))])
    directions = rng.normal(size=(3, *x.shape))
    pairs = zip(derivatives(det, x, directions), derivatives(leibniz, x, directions), strict=True)
    for found, expected in pairs:
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("shape", [(0, 0), (2, 0, 0), (0, 3, 3)])
def test_of_no_elements(shape):
    found = derivatives(det, np.ones(shape), np.ones((3, *shape)))
    assert found[0] == (2.0 if shape == (2, 0, 0) else 1.0 if shape == (0, 0) else 0.0)
    assert [np.shape(slope) for slope in found[1:]] == [shape] * 3


def test_hessian_at_zero():
    expected = np.zeros((2, 2, 2, 2))
    expected[0, 0, 1, 1] = expected[1, 1, 0, 0] = 1.0
    expected[0, 1, 1, 0] = expected[1, 0, 0, 1] = -1.0
    np.testing.assert_array_equal(hessian(det)(np.zeros((2, 2))), expected)
    assert not hessian(det)(np.zeros((3, 3))).any()


def test_float32_stays():
    x = Tensor(np.zeros((3, 3), np.float32), requires_grad=True)
    slope = gradient(det(x), x)
    second = gradient((slope * slope).sum() + slope.sum(), x)
    third = gradient((second * second).sum() + second.sum(), x)
    assert {g.dtype for g in (slope, second, third)} == {np.dtype(np.float32)}


def test_a_matrix_that_is_not_finite_spoils_no_other():
    x = np.stack([np.diag([2.0, 3.0, 5.0]), np.diag([np.nan, 1.0, 1.0])])
    with np.errstate(invalid="ignore"):
        _, slope, second = derivatives(det, x, np.ones((2, *x.shape)))
    np.testing.assert_allclose(slope[0], np.diag([15.0, 10.0, 6.0]), atol=1e-14)
    assert np.isnan(slope[1]).all()
    assert np.isfinite(second[0]).all()
    assert np.isnan(second[1]).all()
