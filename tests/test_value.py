"""One number: what a Value takes, what it gives, and what it looks like."""

from __future__ import annotations

import builtins
import math
from fractions import Fraction

import numpy as np
import pytest

import autograd
from autograd import Leaf, Tensor, Value, gradient, where
from autograd.node import ancestors


def derivatives(f, x, order=1):
    """The value of `f` at a Value and its derivatives up to some order, as floats."""
    x = Value(x)
    y = f(x)
    found = [y.data]
    for _ in range(order):
        y = gradient(y, x)
        found.append(y.data)
    return found


# --- what it is made from


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (2, 2.0),
        (True, 1.0),
        (Fraction(1, 2), 0.5),
        (np.float64(1.5), 1.5),
        (np.float32(1.5), 1.5),
        (np.float16(1.5), 1.5),
        (np.int8(-3), -3.0),
        (np.uint64(3), 3.0),
        (np.bool_(True), 1.0),
        (math.inf, math.inf),
    ],
)
def test_a_real_number_becomes_a_float(given, kept):
    for data in (Value(given).data, (Value(0.0) + given).data):
        assert type(data) is float
        assert data == kept


def test_a_leaf():
    v = Value(2.0, name="v")
    assert (v.data, v.grad, v.op, v.operands, v.parents, v.name) == (2.0, 0.0, None, (), (), "v")
    assert v.requires_grad
    assert not v.has_grad
    assert isinstance(v, Leaf)
    assert v.shape == ()


def test_attributes_of_your_own_go_on_leaves_only():
    w = Value(2.0)
    w.momentum = 0.5
    assert w.momentum == 0.5
    product = w * 3
    assert not hasattr(product, "__dict__")
    with pytest.raises(AttributeError):
        product.momentum = 0.5


def test_repr():
    a = Value(2.0, name="a")
    y = a * 3
    assert repr(Value(-0.5)) == str(Value(-0.5)) == "Value(-0.5)"
    assert (repr(a), repr(y)) == ("Value(2.0, name='a')", "Value(6.0, op=mul)")
    y.name = "y"
    y.backward()
    assert (repr(a), repr(y)) == (
        "Value(2.0, name='a', grad=3.0)",
        "Value(6.0, name='y', op=mul, grad=1.0)",
    )
    assert f"{y:.3f} {y}" == f"6.000 {y!r}"


# --- Python's and NumPy's numbers beside it

MIXED = {
    "2 + v": (lambda n, v: n(2) + v, 5.0, 1.0),
    "2 - v": (lambda n, v: n(2) - v, -1.0, -1.0),
    "2 * v": (lambda n, v: n(2) * v, 6.0, 2.0),
    "2 / v": (lambda n, v: n(2) / v, 2 / 3, -2 / 9),
    "2 ** v": (lambda n, v: n(2) ** v, 8.0, 8 * math.log(2)),
    "v + 2": (lambda n, v: v + n(2), 5.0, 1.0),
    "v - 2": (lambda n, v: v - n(2), 1.0, 1.0),
    "v * 2": (lambda n, v: v * n(2), 6.0, 2.0),
    "v / 2": (lambda n, v: v / n(2), 1.5, 0.5),
    "v ** 2": (lambda n, v: v ** n(2), 9.0, 6.0),
}
NUMBERS = [int, float, Fraction, np.float64, np.float32, np.int64, np.int32, np.uint8]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("text", MIXED)
def test_number_on_either_side(text, number):
    f, out, slope = MIXED[text]
    v = Value(3.0)
    y = f(number, v)
    assert type(y) is Value
    assert type(y.data) is float
    assert y.data == pytest.approx(out, rel=1e-15)
    assert y.parents == (v,)
    y.backward()
    assert v.grad == pytest.approx(slope, rel=1e-15)


def test_value_to_the_power_of_a_value():
    x, y = Value(2.0), Value(3.0)
    (x**y).backward()
    assert (x.grad, y.grad) == pytest.approx((12.0, 8 * math.log(2)))


@pytest.mark.parametrize("f", [lambda a, v: a * v, lambda a, v: v * a])
@pytest.mark.parametrize("array", [np.array([1.0, 2.0]), np.array([[1], [2]]), np.array(3.0)])
def test_ndarray_beside_it_gives_a_tensor_that_depends_on_it(f, array):
    v = Value(3.0)
    y = f(array, v)
    assert isinstance(y, Tensor)
    assert y.parents == (v,)
    np.testing.assert_array_equal(y.data, array * 3.0)
    y.sum().backward()
    assert type(v.grad) is float
    assert v.grad == array.sum()


def test_sum_has_no_node_for_its_zero():
    a, b, c = Value(1.0), Value(2.0), Value(3.0)
    total = builtins.sum([a, b, c])
    assert total.data == 6.0
    assert len(list(ancestors([total]))) == 5
    assert builtins.sum([a]) is a
    t = Tensor([1.0, 2.0], requires_grad=True)
    assert builtins.sum([t]) is t


def test_comparisons_look_at_the_data():
    v, w = Value(2.0), Value(2.0)
    assert v == w
    assert v == 2.0
    assert v != 3
    assert v is not w
    assert 1 < v <= w < 3.0
    assert v >= 2
    assert not v > w
    assert v != None  # noqa: E711
    assert v != "2"
    assert max(v, Value(5.0), 3.0).data == 5.0
    assert sorted([Value(2.0), Value(1.0)])[0].data == 1.0
    for answer in (v == w, v < 3.0, v >= 2):
        assert type(answer) is bool


@pytest.mark.parametrize("number", [np.float64(3), np.float32(3), np.int64(3)])
def test_comparison_with_a_numpy_number_is_a_plain_answer(number):
    """On either side: `x < v` must not be a graph node where `v > x` is an answer."""
    v = Value(2.0)
    for answer in (v < number, number > v, v != number, number != v, not number <= v):
        assert isinstance(answer, bool | np.bool_)
        assert answer


def test_hash_is_identity():
    v, w = Value(2.0), Value(2.0)
    assert len({v, w, v}) == 2
    assert {v: "v", w: "w"}[w] == "w"


def test_conversions():
    v = Value(2.5)
    assert (float(v), math.floor(v), bool(v), bool(Value(0.0))) == (2.5, 2, True, False)
    assert +v is v
    assert (-v).data == -2.5
    assert abs(Value(-2.5)).data == 2.5


# --- numerics at the edges

FLAT = [1000.0, -1000.0, 710.0, -746.0, 1e300, -1e300]


@pytest.mark.parametrize("x", FLAT)
@pytest.mark.parametrize(
    ("name", "above", "below"),
    [("sigmoid", (1.0, 0.0), (0.0, 0.0)), ("tanh", (1.0, 0.0), (-1.0, 0.0))],
)
def test_saturated(name, above, below, x):
    """Neither overflow nor a warning, for floats and arrays, forward and both derivatives."""
    f = getattr(autograd, name)
    expected = above if x > 0 else below
    assert tuple(derivatives(f, x)) == pytest.approx(expected, abs=1e-300)
    assert derivatives(f, x, 2)[2] == pytest.approx(0.0, abs=1e-300)
    t = Tensor([x], requires_grad=True)
    f(t).sum().backward()
    assert (f(t).data[0], t.grad[0]) == pytest.approx(expected, abs=1e-300)
    assert f(np.array([x]))[0] == pytest.approx(expected[0], abs=1e-300)


def test_softplus_and_log1p_at_the_edges():
    assert derivatives(autograd.softplus, 1000.0, 2) == [1000.0, 1.0, 0.0]
    assert derivatives(autograd.softplus, -1000.0, 2) == [0.0, 0.0, 0.0]
    assert derivatives(autograd.log1p, 1000.0) == [math.log1p(1000), 1 / 1001]
    assert derivatives(autograd.log1p, 1e-20)[0] == 1e-20
    t = Tensor([1000.0, -1000.0], requires_grad=True)
    t.softplus().sum().backward()
    assert t.softplus().data.tolist() == [1000.0, 0.0]
    assert t.grad.tolist() == [1.0, 0.0]


def test_powers_at_the_edges():
    assert derivatives(lambda x: x**2, -3.0, 3) == [9.0, -6.0, 2.0, 0.0]
    assert derivatives(lambda x: x**3, -2.0, 3) == [-8.0, 12.0, -12.0, 6.0]
    assert derivatives(lambda x: x**0, 0.0, 2) == [1.0, 0.0, 0.0]
    assert derivatives(lambda x: x**0, 2.0, 2) == [1.0, 0.0, 0.0]
    assert derivatives(lambda x: x**1, 0.0, 3) == [0.0, 1.0, 0.0, 0.0]
    assert derivatives(lambda x: x**2, 0.0, 3) == [0.0, 0.0, 2.0, 0.0]
    assert derivatives(lambda x: x**-1, -2.0, 2) == [-0.5, -0.25, -0.25]
    assert derivatives(lambda x: 0.0**x, 2.0) == [0.0, 0.0]


@pytest.mark.parametrize("x", [2.0, 0.5])
@pytest.mark.parametrize("y", [0.0, 1.0, 2.0, -1.0])
def test_all_second_derivatives_of_a_power(x, y):
    a, b = Value(x), Value(y)
    p = a**b
    ln = math.log(x)
    mixed = x ** (y - 1) * (1 + y * ln)
    expected = [[y * (y - 1) * x ** (y - 2), mixed], [mixed, x**y * ln**2]]
    found = [[gradient(g, v).data for v in (a, b)] for g in gradient(p, a, b)]
    assert found[0] == pytest.approx(expected[0], abs=1e-12)
    assert found[1] == pytest.approx(expected[1], abs=1e-12)


def test_second_derivatives_of_a_power_at_base_0_are_finite():
    """The rule chooses 0 over ``0 · ln 0``, and what it did not choose must not come back."""
    a, b = Value(0.0), Value(2.0)
    by_exponent = gradient(a**b, b)
    assert by_exponent.data == 0.0
    assert [gradient(by_exponent, v).data for v in (a, b)] == [0.0, 0.0]


def test_subgradients():
    assert derivatives(abs, 0.0) == [0.0, 0.0]
    for zero in (0.0, -0.0):
        assert derivatives(autograd.relu, zero) == [0.0, 0.0]
    assert derivatives(autograd.sign, 0.0) == [0.0, 0.0]
    assert derivatives(autograd.heaviside, 0.0) == [1.0, 0.0]
    assert derivatives(lambda x: x.heaviside(0.5), 0.0) == [0.5, 0.0]
    assert derivatives(lambda values: autograd.heaviside(0.0, values), 0.5) == [0.5, 1.0]
    assert derivatives(lambda x: autograd.clip(x, -1, 1), 1.0) == [1.0, 1.0]
    for f in (autograd.maximum, autograd.minimum):
        a, b = Value(2.0), Value(2.0)
        f(a, b).backward()
        assert (a.grad, b.grad) == (0.5, 0.5)


# --- where: the branch not taken must not leak

SAFE = [0.5, 2.0]  # both branches fine
BRANCHES = {  # an operation, a point where it or its slope is infinite, and a safe branch
    "log": (lambda x: x.log(), 0.0),
    "sqrt": (lambda x: x.sqrt(), 0.0),
    "1 / x": (lambda x: 1 / x, 0.0),
    "x ** -1.5": (lambda x: x**-1.5, 0.0),
    "x ** 0.5": (lambda x: x**0.5, 0.0),
    "x * log x": (lambda x: x * x.log(), 0.0),
    "x ** x": (lambda x: x**x, 0.0),
    "log1p": (lambda x: (x - 1).log1p(), 0.0),
    "asin": (lambda x: (x / 4 - 1).asin(), 0.0),
    "atan2": (lambda x: autograd.atan2(x, x), 0.0),
    "exp": (lambda x: x.exp(), 1e4),
    "cosh": (lambda x: x.cosh(), 1e4),
    "exp exp": (lambda x: x.exp().exp(), 8.0),
    "x * inf": (lambda x: x * (x * 1e300), 1e10),
    "norm": (lambda x: (x * x).sqrt(), 0.0),
    "norm of rows": (lambda x: x.reshape(-1, 1).norm(dim=1), 0.0),
    "1.5-norm of rows": (lambda x: x.reshape(-1, 1).norm(1.5, dim=1), 0.0),
    "0.5-norm of rows": (lambda x: x.reshape(-1, 1).norm(0.5, dim=1), 0.0),
    "sinh / exp": (lambda x: x.sinh() / x.exp(), 1e4),
}


@pytest.mark.parametrize("name", BRANCHES)
def test_where_leaks_nothing_from_the_branch_not_taken(name):
    """Gradients of first and second order as if the other branch had not been written."""
    f, bad = BRANCHES[name]
    x = Tensor([bad, *SAFE], requires_grad=True)
    taken = np.array([False, True, True])
    with np.errstate(all="ignore"):
        y = where(taken, f(x), x * x * x).sum()
        y.backward()
        first = gradient(y, x)
        second = gradient(first.sum(), x)

    alone = Tensor(SAFE, requires_grad=True)
    first_alone = gradient(f(alone).sum(), alone)
    second_alone = gradient(first_alone.sum(), alone)
    expected = np.array([3 * bad**2, *first_alone.data])
    np.testing.assert_allclose(x.grad, expected, rtol=1e-12)
    np.testing.assert_allclose(first.data, expected, rtol=1e-12)
    np.testing.assert_allclose(second.data, [6 * bad, *second_alone.data], rtol=1e-12)


FLOATS = ["sqrt", "x ** 0.5", "x ** x", "norm", "x * inf"]  # those that floats can compute at all


@pytest.mark.parametrize("name", FLOATS)
def test_where_on_values_leaks_nothing(name):
    f, bad = BRANCHES[name]
    x = Value(bad)
    y = where(False, f(x), x * x * x)
    y.backward()
    first = gradient(y, x)
    second = gradient(first, x)
    assert (x.grad, first.data, second.data) == (3 * bad**2, 3 * bad**2, 6 * bad)


@pytest.mark.parametrize("name", ["sqrt", "x ** 0.5", "norm"])
def test_where_leaks_nothing_from_values_into_tensors(name):
    """A Value under a Tensor: the zero arrives there as a NumPy number."""
    f, bad = BRANCHES[name]
    v = Value(bad)
    y = where(np.array([False, False]), f(v) * Tensor([1.0, 2.0]), v * 3.0).sum()
    y.backward()
    assert v.grad == 6.0
    assert float(gradient(y, v)) == 6.0
    assert autograd.grad(lambda v: where([False], f(v) * Tensor([1.0]), v).sum())(bad) == 1.0


def test_where_leaks_nothing_through_a_matrix_product():
    """A row not taken holds an infinity; times its gradient, 0, it is nothing to the weights."""
    x = Tensor([[1e4, 1.0], [1.0, 2.0]], requires_grad=True)
    w = Tensor([[1.0], [2.0]], requires_grad=True)
    with np.errstate(all="ignore"):
        where(np.array([[False], [True]]), x.exp() @ w, 0.0).sum().backward()
    np.testing.assert_allclose(w.grad, [[np.exp(1)], [np.exp(2)]])
    np.testing.assert_allclose(x.grad, [[0, 0], [np.exp(1), 2 * np.exp(2)]])
