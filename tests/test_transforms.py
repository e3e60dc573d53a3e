"""grad, value_and_grad and gradient: functions in, functions out, nested to any order."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Tensor, Value, grad, gradient, value_and_grad


def nested(f, order):
    for _ in range(order):
        f = grad(f)
    return f


# --- what goes in and what comes out


@pytest.mark.parametrize("x", [3.0, 3, True, np.float64(3), np.float32(3), np.int64(3)])
def test_a_number_gives_a_float(x):
    found = grad(lambda x: x * x)(x)
    assert type(found) is float
    assert found == 2.0 * x


@pytest.mark.parametrize("x", [[1.0, 2.0], (1, 2), np.array([1.0, 2.0]), [[1.0], [2.0]]])
def test_an_array_or_a_list_gives_an_array_of_its_shape(x):
    found = grad(lambda x: (x * x).sum())(x)
    assert type(found) is np.ndarray
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, 2.0 * np.array(x))


def test_types_of_arrays():
    f = grad(lambda x: (x * x).sum())
    assert f(np.ones(2, np.float32)).dtype == np.float32
    assert type(f(np.array(2.0))) is np.ndarray
    assert f(np.array(2.0)).shape == ()


def test_a_node_gives_a_node_that_can_be_differentiated():
    v, t = Value(2.0), Tensor([1.0, 2.0], requires_grad=True)
    slope = grad(lambda x: x**3)(v)
    assert type(slope) is Value
    assert gradient(slope, v).data == 12.0
    slopes = grad(lambda x: (x**3).sum())(t)
    assert type(slopes) is Tensor
    assert gradient(slopes.sum(), t).data.tolist() == [6.0, 12.0]
    assert grad(lambda x: (x * x).sum())(Tensor([1.0, 2.0])).data.tolist() == [2.0, 4.0]


def test_value_and_grad():
    assert value_and_grad(lambda x: x * x)(3.0) == (9.0, 6.0)
    value, slope = value_and_grad(lambda x: (x * x).sum())([1.0, 2.0])
    assert (float(value), slope.tolist()) == (5.0, [2.0, 4.0])
    value, slope = value_and_grad(lambda x: x * x)(Value(3.0))
    assert (type(value), type(slope), value.data, slope.data) == (Value, Value, 9.0, 6.0)


def test_arguments():
    def f(x, y, *, scale=1.0):
        """A product."""
        return x * x * y * scale

    assert grad(f)(2.0, 3.0) == 12.0
    assert grad(f, 1)(2.0, 3.0) == 4.0
    assert grad(f, -1)(2.0, 3.0) == 4.0
    assert grad(f, argnums=(0, 1))(2.0, 3.0) == (12.0, 4.0)
    assert grad(f, [1])(2.0, 3.0) == (4.0,)
    assert grad(f)(2.0, 3.0, scale=10.0) == 120.0
    assert grad(f).__doc__ == "A product."
    assert grad(f, np.int64(1))(2.0, 3.0) == 4.0


def test_values_and_arrays_together():
    by_number, by_array = grad(lambda a, b: (a * b * b).sum(), (0, 1))(2.0, np.array([1.0, 3.0]))
    assert type(by_number) is float
    assert (by_number, by_array.tolist()) == (10.0, [4.0, 12.0])


def test_zero_where_it_does_not_depend():
    assert grad(lambda x: 5)(1.0) == 0.0
    assert grad(lambda x: np.float64(5))([1.0, 2.0]).tolist() == [0.0, 0.0]
    assert grad(lambda x, y: y * y, argnums=(0, 1))(1.0, 3.0) == (0.0, 6.0)
    assert grad(grad(lambda x: 3.0 * x))(1.0) == 0.0
    v, w, t = Value(1.0), Value(2.0), Tensor([1.0, 2.0], requires_grad=True)
    found = gradient(w * w, v, t, w)
    assert all(map(isinstance, found, [Value, Tensor, Value]))
    assert (found[0].data, found[1].data.tolist(), found[2].data) == (0.0, [0.0, 0.0], 4.0)


def test_it_leaves_no_trace():
    v, w = Value(2.0), Value(3.0)
    t = Tensor([1.0, 2.0], requires_grad=True)
    y = v * w * t.sum()
    y.backward()
    before = [np.copy(node.grad) for node in (v, w, t, y)]
    gradient(gradient(y, v), w)
    grad(lambda x: (x * v * w * t).sum())(2.0)
    value_and_grad(lambda x: x * y)(v)
    assert all(map(np.array_equal, before, [node.grad for node in (v, w, t, y)]))


def test_derivatives_by_what_lies_between():
    v = Value(2.0)
    h = v * 3.0
    by_h, by_v = gradient(h * h + v, h, v)
    assert (by_h.data, by_v.data) == (12.0, 37.0)
    assert gradient(h, h).data == 1.0
    assert [g.data for g in gradient(v * v, v, v)] == [4.0, 4.0]


def test_a_source_that_was_never_recorded_is_an_error():
    """A Tensor without requires_grad has no past in any result: zero would be a lie."""
    x, w = Tensor([1.0, 2.0]), Tensor([1.0, 2.0], requires_grad=True)
    v = Value(3.0, requires_grad=False)
    y = (x * x * v).sum() * w.sum()
    for source in (x, v):
        with pytest.raises((TypeError, ValueError, RuntimeError), match="requires_grad"):
            gradient(y, source)


def test_a_list_of_nodes_is_not_taken_for_numbers():
    """As numbers they would forget what they depend on, and the outer derivative would be 0."""

    def inner(x):
        return sum(grad(lambda q: q[0] * q[1] * q[1])([x, x]))  # 3 x²

    assert grad(inner)(2.0) == 12.0


def test_a_complex_array_is_an_error():
    with pytest.raises(TypeError, match="complex"):
        grad(lambda x: (x * x).sum())(np.array([1 + 2j]))


# --- higher orders


@pytest.mark.parametrize(
    ("f", "derivatives"),
    [
        (lambda x: x**5, lambda x: [5 * x**4, 20 * x**3, 60 * x**2, 120 * x]),
        (autograd.sin, lambda x: [math.cos(x), -math.sin(x), -math.cos(x), math.sin(x)]),
        (autograd.exp, lambda x: [math.exp(x)] * 4),
        (autograd.log, lambda x: [1 / x, -1 / x**2, 2 / x**3, -6 / x**4]),
        (lambda x: 1 / x, lambda x: [-1 / x**2, 2 / x**3, -6 / x**4, 24 / x**5]),
        (
            autograd.sqrt,
            lambda x: [x**-0.5 / 2, -(x**-1.5) / 4, 3 * x**-2.5 / 8, -15 * x**-3.5 / 16],
        ),
        (lambda x: 2**x, lambda x: [2**x * math.log(2) ** n for n in (1, 2, 3, 4)]),
        (np.cosh, lambda x: [math.sinh(x), math.cosh(x), math.sinh(x), math.cosh(x)]),
    ],
)
def test_to_the_fourth_order(f, derivatives):
    x = 0.7
    expected = derivatives(x)
    for order in (1, 2, 3, 4):
        assert nested(f, order)(x) == pytest.approx(expected[order - 1], rel=1e-12)
    v = Value(x)
    y = f(v)
    for order in (1, 2, 3, 4):
        y = gradient(y, v)
        assert y.data == pytest.approx(expected[order - 1], rel=1e-12)


def test_fourth_order_on_arrays():
    x = np.array([0.3, -1.2])

    def sums(f):
        return lambda x: grad(f)(x).sum()

    def f(x):
        return (x**5 + x.sin()).sum()

    fourth = grad(sums(sums(sums(f))))(x)
    np.testing.assert_allclose(fourth, 120 * x + np.sin(x), rtol=1e-12)


def test_mixed_derivatives():
    def f(x, y):
        return x**2 * y**3

    assert grad(grad(f, 0), 1)(2.0, 3.0) == grad(grad(f, 1), 0)(2.0, 3.0) == 2 * 2 * 3 * 9

    def hessian_row(i):
        return grad(lambda x: grad(lambda x: (x @ (A @ x)) * x.sum())(x)[i])

    A = np.array([[1.0, 2.0], [3.0, 4.0]])
    x = np.array([0.5, -1.0])
    S = A + A.T
    expected = S * x.sum() + np.add.outer(S @ x, S @ x)
    np.testing.assert_allclose([hessian_row(i)(x) for i in (0, 1)], expected, rtol=1e-12)


SUMS = {  # a Value times a Tensor without axes, under an operation whose partial is a number
    "3 - sum": lambda x, v: 3.0 - x.sum() * v,
    "-entry": lambda x, v: -(x[0] * v),
    "-product": lambda x, v: -((x @ x) * v),
    "-mean, reshaped": lambda x, v: -(x.mean().reshape(()) * v),
    "quotient": lambda x, v: 2.0 / (x.sum() * v) - x.sum() / v,
    "where": lambda x, v: -autograd.where(x.sum() > 0, x.sum() * v * v, v),
    "maximum": lambda x, v: -autograd.maximum(x.sum() * v, v) * v,
}


@pytest.mark.parametrize("name", SUMS)
def test_values_and_tensors_without_axes(name):
    """Numbers of three kinds meet here (floats, NumPy's, nodes), and each keeps its own."""
    f = SUMS[name]
    x, v = Tensor([1.0, 2.0], requires_grad=True), Value(3.0)
    by_x, by_v = gradient(f(x, v), x, v)
    assert type(by_x) is Tensor
    f(x, v).backward()
    np.testing.assert_allclose(by_x.data, x.grad, rtol=1e-14)
    assert float(by_v) == pytest.approx(v.grad, rel=1e-14)

    def slope(a):  # mixed and second derivatives at once
        return grad(f)(np.array([1.0, 2.0]) * a, a * 3.0).sum()

    h = 1e-6
    numeric = [grad(f)(np.array([1.0, 2.0]) * a, a * 3.0).sum() for a in (1 + h, 1 - h)]
    assert grad(slope)(1.0) == pytest.approx(
        (numeric[0] - numeric[1]) / (2 * h), rel=1e-6, abs=1e-8
    )


def test_the_gradient_by_a_tensor_without_axes_is_one():
    z, v = Tensor(2.0, requires_grad=True), Value(3.0)
    assert type(gradient(-(z * v), z)) is Tensor
    assert grad(lambda z: -(z * v))(z).shape == ()


def test_backward_of_a_gradient():
    """A penalty on a gradient: the gradient of a gradient by backward()."""
    x, w = Value(1.5), Value(2.0)
    slope = gradient((w * x).tanh(), x)  # w · (1 - tanh²(w x))
    (slope * slope).backward()
    t = math.tanh(3.0)
    s, ds = 2 * (1 - t * t), (1 - t * t) * (1 - 2 * 2.0 * 1.5 * t)
    assert w.grad == pytest.approx(2 * s * ds, rel=1e-12)


# --- perturbation confusion: an inner derivative does not take the outer variable for its own


@pytest.mark.parametrize("x", [3.0, np.array(3.0), np.array([3.0])])
def test_perturbation_confusion(x):
    def number(y):
        return y.sum() if isinstance(y, Tensor) else y

    assert grad(lambda x: number(x * grad(lambda y: number(x + y))(x)))(x) == 1.0
    assert grad(lambda x: number(x * grad(lambda y: number(x * y))(x)))(x) == 6.0
    assert grad(lambda x: number(x * grad(lambda y: number(x * y * y))(2.0)))(x) == 24.0


def test_an_inner_derivative_at_a_float_keeps_the_outer_variable():
    assert grad(lambda x: grad(lambda y: x * y * y)(5.0))(3.0) == 10.0
    assert grad(lambda x: grad(lambda y: (x * y * y).sum())([1.0, 2.0]).sum())(3.0) == 6.0
    assert grad(lambda x: value_and_grad(lambda y: x * y)(2.0)[0])(3.0) == 2.0
    assert grad(lambda x: grad(lambda y: 5.0)(x) + x)(3.0) == 1.0


def test_three_levels():
    def f(x):
        return grad(lambda y: grad(lambda z: x * x * y * y * z * z)(y))(x)  # d/dy 2x²y³ = 6x²y²

    assert f(2.0) == 6 * 2.0**4
    assert grad(f)(2.0) == 24 * 2.0**3


def test_after_an_error_inside_numbers_are_numbers_again():
    def wrong(x):
        raise KeyError

    for f in (wrong, grad(wrong), lambda x: None):
        with pytest.raises((KeyError, TypeError)):
            grad(f)(1.0)
    assert type(grad(lambda x: x * x)(1.0)) is float


def test_ordinary_python_inside():
    def f(x):
        y = x
        for _ in range(3):
            y = y * x if y > 0 else -y
        return max(y, -y)

    assert grad(f)(2.0) == 32.0
    assert grad(lambda x: sum([x, x, x * x]))(2.0) == 6.0
    assert grad(np.tanh)(0.3) == grad(autograd.tanh)(0.3)


OPERATIONS = [autograd.sin, autograd.tanh, autograd.sigmoid, autograd.square, autograd.neg]


@given(st.lists(st.integers(0, 4), min_size=1, max_size=4), st.floats(-1.5, 1.5))
def test_compositions_against_finite_differences(chain, x):
    def f(x):
        for i in chain:
            x = OPERATIONS[i](x) + 0.5 * x
        return x

    h = 1e-4
    slope = (f(x + h) - f(x - h)) / (2 * h)
    assert grad(f)(x) == pytest.approx(slope, rel=1e-4, abs=1e-4)
    second = (grad(f)(x + h) - grad(f)(x - h)) / (2 * h)
    assert grad(grad(f))(x) == pytest.approx(second, rel=1e-4, abs=1e-4)
    third = (nested(f, 2)(x + h) - nested(f, 2)(x - h)) / (2 * h)
    assert nested(f, 3)(x) == pytest.approx(third, rel=1e-3, abs=1e-3)
