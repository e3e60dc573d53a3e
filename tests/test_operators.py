"""Python's operators and its own functions of numbers: `//`, `divmod`, `round`, `math.floor`."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, gradcheck, gradgradcheck

X, Y = np.array([[7.3, -7.3, 0.4], [2.6, -0.7, 5.1]]), np.array([2.0, -1.5, 0.37])

USES = {
    "divmod": divmod,
    "divmod of a number": lambda x, y: divmod(7.7, y),
    "divmod by a number": lambda x, y: divmod(x, -1.6),
    "round": lambda x, y: (round(x) * y,),
    "round to decimals": lambda x, y: (round(x, 1) * y,),
    "round to tens": lambda x, y: (round(10 * x, -1) * y,),
}


def expected(name):
    """What Python makes of each pair of elements."""
    x, y = np.broadcast_arrays(X, Y)
    pairs = [USES[name](float(a), float(b)) for a, b in zip(x.flat, y.flat, strict=True)]
    return [np.reshape(out, x.shape) for out in zip(*pairs, strict=True)]


@pytest.mark.parametrize("name", USES)
def test_tensors_do_what_numbers_do(name):
    found = USES[name](Tensor(X, requires_grad=True), Tensor(Y, requires_grad=True))
    for out, numbers in zip(found, expected(name), strict=True):
        np.testing.assert_allclose(np.broadcast_to(out.data, X.shape), numbers, rtol=1e-14)
    assert gradcheck(USES[name], (X, Y))
    assert gradgradcheck(USES[name], (X, Y))


@pytest.mark.parametrize("name", USES)
def test_values_do_what_numbers_do(name):
    v, w = Value(7.3), Value(-1.5)
    for out, number in zip(USES[name](v, w), USES[name](7.3, -1.5), strict=True):
        assert type(out) is Value
        assert out.data == pytest.approx(number, rel=1e-14)
    assert gradcheck(USES[name], (7.3, -1.5))


def test_what_gives_python_an_integer_takes_one_number():
    for one in (Value(-2.5), Tensor([-2.5])):
        assert (math.floor(one), math.ceil(one), math.trunc(one), int(one)) == (-3, -2, -2, -2)
        assert type(math.trunc(one)) is int
    with pytest.raises(ValueError, match=r"one element; this one has \(2,\)"):
        math.trunc(Tensor([1.0, 2.0]))


@pytest.mark.parametrize(
    ("given", "decimals", "rounded"),
    [
        (np.array([15, 25, -151]), -1, [20, 20, -150]),
        (np.array([15, 25]), 1, [15, 25]),
        (np.array([2**62 + 1]), 0, [2**62 + 1]),
        (np.array([2.675, 1250.0], np.float32), 2, np.float32([2.68, 1250.0])),
        (np.array([1234.5, -15.0]), -1, [1230.0, -20.0]),
    ],
)
def test_round_keeps_the_type(given, decimals, rounded):
    out = round(Tensor(given), decimals)
    np.testing.assert_array_equal(out.data, np.array(rounded, given.dtype), strict=True)
    np.testing.assert_array_equal(out.data, np.round(given, decimals))


INTEGERS, WITH_ZERO = Tensor([1, 25]), Tensor([0, 5])


@pytest.mark.parametrize(
    "divide",
    [
        lambda: INTEGERS // WITH_ZERO,
        lambda: INTEGERS % WITH_ZERO,
        lambda: INTEGERS // 0,
        lambda: INTEGERS % 0,
        lambda: 5 // WITH_ZERO,
        lambda: 5 % WITH_ZERO,
        lambda: divmod(INTEGERS, WITH_ZERO),
        lambda: INTEGERS.floor_divide(WITH_ZERO),
        lambda: autograd.remainder(INTEGERS.data, 0),
        lambda: INTEGERS.div(WITH_ZERO, rounding_mode="floor"),
        lambda: INTEGERS.div(WITH_ZERO, rounding_mode="trunc"),
        lambda: np.floor_divide(INTEGERS, WITH_ZERO),
        lambda: np.array([3]) % WITH_ZERO,
    ],
)
def test_an_integer_divided_by_zero_raises(divide):
    with pytest.raises(ZeroDivisionError, match="y holds a 0, and whole numbers no infinity"):
        divide()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_float_divided_by_zero_is_infinite_or_none():
    floats = Tensor([1.0, -1.0])
    for zero in (0, 0.0, Tensor(0), Tensor([0, 0]), Tensor([0.0, 0.0])):
        assert (floats // zero).tolist() == [math.inf, -math.inf]
        assert np.isnan((floats % zero).data).all()
    assert np.isnan((INTEGERS % 0.0).data).all()
    assert (Tensor(np.ones(0, int)) // 0).shape == (0,)


def test_an_integer_to_the_power_zero_is_an_integer():
    assert (Tensor([2, 3]) ** 0).dtype == np.int64
    assert (Tensor([2.0, 3.0], dtype=np.float32) ** 0).dtype == np.float32
