"""The error function of many numbers at once, against that of each."""

import math

import numpy as np
import pytest

import autograd

SPECIAL = [0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, 1e308]
POINTS = np.concatenate([np.linspace(-8, 8, 20001), np.logspace(-300, 1, 500), SPECIAL])


def test_it_is_within_three_units_in_the_last_place():
    expected = np.array(list(map(math.erf, POINTS.tolist())))
    found = autograd.erf(POINTS)
    numbers = ~np.isnan(POINTS)
    np.testing.assert_array_almost_equal_nulp(found[numbers], expected[numbers], 4)
    np.testing.assert_array_equal(np.signbit(found[numbers]), np.signbit(expected[numbers]))
    assert np.isnan(found[~numbers]).all()


def test_32_bits():
    few = POINTS[np.abs(POINTS) < 1e30].astype(np.float32)
    expected = np.array(list(map(math.erf, few.tolist())), np.float32)
    found = autograd.erf(few)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=4e-7, atol=1e-45)


@pytest.mark.parametrize("shape", [(), (3,), (2, 5), (9, 9), (200,)])
@pytest.mark.parametrize("dtype", [float, int, bool])
def test_any_shape_and_type(shape, dtype):
    x = np.arange(math.prod(shape)).reshape(shape).astype(dtype)
    expected = np.vectorize(math.erf)(x) if x.size else x
    found = autograd.erf(x)
    np.testing.assert_allclose(found, expected, rtol=1e-15)
    assert (np.shape(found), np.asarray(found).dtype) == (shape, float)
