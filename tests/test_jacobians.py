"""vjp, jvp, jacobian, hessian and hvp against closed forms and against each other."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, grad, hessian, hvp, jacobian, jvp, no_grad, vjp

RNG = np.random.default_rng(3)
A = RNG.normal(size=(4, 3))
M = RNG.normal(size=(3, 3))
X = RNG.normal(size=3)
Y = RNG.normal(size=(2, 3))


def softmax(x):
    e = x.exp()
    return e / e.sum()


def probabilities(x):
    e = np.exp(x)
    return e / e.sum()


# name: (function, its Jacobian in closed form)
CLOSED = {
    "linear": (lambda x: A @ x, lambda x: A),
    "square": (lambda x: x * x, lambda x: np.diag(2 * x)),
    "tanh of linear": (
        lambda x: (A @ x).tanh(),
        lambda x: (1 - np.tanh(A @ x) ** 2)[:, None] * A,
    ),
    "softmax": (
        softmax,
        lambda x: np.diag(probabilities(x)) - np.outer(probabilities(x), probabilities(x)),
    ),
    "one number": (lambda x: (x * x).sum(), lambda x: 2 * x),
    "constant": (lambda x: np.ones(2), lambda x: np.zeros((2, 3))),
    "outer": (
        lambda x: x.reshape(3, 1) * x,
        lambda x: np.einsum("ik,j->ijk", np.eye(3), x) + np.einsum("jk,i->ijk", np.eye(3), x),
    ),
}


@pytest.mark.parametrize("name", CLOSED)
def test_jacobian_in_closed_form(name):
    f, closed = CLOSED[name]
    J = jacobian(f)(X)
    assert type(J) is np.ndarray
    np.testing.assert_allclose(J, closed(X), rtol=1e-12, atol=1e-14)
    assert J.shape == closed(X).shape


@pytest.mark.parametrize("name", CLOSED)
def test_products_are_the_jacobian_times_a_vector(name):
    f, closed = CLOSED[name]
    J, v = closed(X), RNG.normal(size=3)
    value, tangent = jvp(f, (X,), (v,))
    assert np.shape(tangent) == np.shape(value)
    np.testing.assert_allclose(tangent, J @ v, rtol=1e-12, atol=1e-14)
    value, pullback = vjp(f, X)
    g = RNG.normal(size=np.shape(value))
    for _ in range(2):  # a pullback may be called again
        (by_x,) = pullback(g)
        np.testing.assert_allclose(by_x, np.tensordot(g, J, np.ndim(g)), rtol=1e-12, atol=1e-14)


def test_what_numbers_give():
    value, tangent = jvp(autograd.sin, (0.5,), (2.0,))
    assert (type(value), type(tangent)) == (float, float)
    assert (value, tangent) == (math.sin(0.5), 2.0 * math.cos(0.5))
    value, pullback = vjp(lambda x, y: x * y, 2.0, 3.0)
    assert (value, pullback(1.0)) == (6.0, (3.0, 2.0))
    assert jacobian(autograd.sin)(0.5) == math.cos(0.5)
    assert type(jacobian(autograd.sin)(0.5)) is float
    assert hessian(autograd.sin)(0.5) == -math.sin(0.5)
    assert hvp(autograd.sin, (0.5,), (2.0,)) == -2.0 * math.sin(0.5)
    assert jacobian(lambda x: [x * x, x * 3.0])(2.0) == [4.0, 3.0]


def test_what_nodes_give():
    v, t = Value(2.0), Tensor([1.0, 2.0], requires_grad=True)
    slope = jacobian(lambda x: x**3)(v)
    assert (type(slope), slope.data) == (Value, 12.0)
    J = jacobian(lambda x: x**3)(t)
    assert type(J) is Tensor
    J.sum().backward()
    assert t.grad.tolist() == [6.0, 12.0]
    value, pullback = vjp(lambda x: x * x, v)
    assert type(value) is Value
    assert (type(pullback(1.0)[0]), pullback(1.0)[0].data) == (Value, 4.0)
    value, tangent = jvp(lambda x: x * x, (3.0,), (v,))
    assert (value.data, tangent.data) == (9.0, 12.0)
    assert type(hvp(lambda x: x**3, (v,), (1.0,))) is Value
    assert type(hessian(lambda x: (x**3).sum())(t)) is Tensor


def test_shapes_are_those_of_result_and_argument():
    def f(p, s):
        return {"matrix": p["w"] @ p["w"].mT * s, "number": p["w"].sum() * s * p["v"] * p["v"]}

    J = jacobian(f, argnums=(0, 1))({"w": Y, "v": 2.0}, 3.0)
    shapes = {
        ("matrix", "w"): (2, 2, 2, 3),
        ("matrix", "v"): (2, 2),
        ("number", "w"): (2, 3),
        ("number", "v"): (),
    }
    for (result, argument), shape in shapes.items():
        assert np.shape(J[result][0][argument]) == shape
    assert np.shape(J["matrix"][1]) == (2, 2)
    np.testing.assert_allclose(J["matrix"][1], Y @ Y.T, rtol=1e-13)
    assert J["number"][0]["v"] == pytest.approx(12.0 * Y.sum(), rel=1e-13)
    expected = 3.0 * (
        np.einsum("ik,jl->ijkl", np.eye(2), Y) + np.einsum("jk,il->ijkl", np.eye(2), Y)
    )
    np.testing.assert_allclose(J["matrix"][0]["w"], expected, rtol=1e-13)


def test_empty_results_and_arguments():
    assert jacobian(lambda x: x[:0])(X).shape == (0, 3)
    assert jacobian(lambda x: x * 2.0)(np.zeros(0)).shape == (0, 0)
    assert jvp(lambda x: [], (1.0,), (1.0,)) == ([], [])
    assert vjp(lambda x: {}, 1.0)[1]({}) == (0.0,)


# --- second derivatives


def quadratic(x):
    return x @ (M @ x)


def rosenbrock(x):
    return (100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2).sum()


def rosenbrock_hessian(x):
    n = len(x)
    H = np.zeros((n, n))
    for i in range(n - 1):
        H[i, i] += 1200 * x[i] ** 2 - 400 * x[i + 1] + 2
        H[i + 1, i + 1] += 200
        H[i, i + 1] -= 400 * x[i]
        H[i + 1, i] -= 400 * x[i]
    return H


HESSIANS = {
    "quadratic": (quadratic, lambda x: M + M.T),
    "rosenbrock": (rosenbrock, rosenbrock_hessian),
    "logsumexp": (
        lambda x: x.exp().sum().log(),
        lambda x: np.diag(probabilities(x)) - np.outer(probabilities(x), probabilities(x)),
    ),
    "linear": (lambda x: x.sum(), lambda x: np.zeros((3, 3))),
}


@pytest.mark.parametrize("name", HESSIANS)
def test_hessian_in_closed_form(name):
    f, closed = HESSIANS[name]
    H, v = closed(X), RNG.normal(size=3)
    np.testing.assert_allclose(hessian(f)(X), H, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(hvp(f, (X,), (v,)), H @ v, rtol=1e-11, atol=1e-12)
    _, along = jvp(grad(f), (X,), (v,))
    np.testing.assert_allclose(along, H @ v, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(jacobian(jacobian(f))(X), H, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(jacobian(grad(f))(X), H, rtol=1e-11, atol=1e-13)


def test_hessian_by_several_arguments():
    def f(x, y):
        return (x * x).sum() * y**3

    (xx, xy), (yx, yy) = hessian(f, argnums=(0, 1))(X, 2.0)
    np.testing.assert_allclose(xx, 16.0 * np.eye(3), rtol=1e-13)
    np.testing.assert_allclose(xy, 24.0 * X, rtol=1e-13)
    np.testing.assert_allclose(yx, 24.0 * X, rtol=1e-13)
    assert yy == pytest.approx(12.0 * (X @ X), rel=1e-13)
    by_x, by_y = hvp(f, (X, 2.0), (np.ones(3), 1.0))
    np.testing.assert_allclose(by_x, 16.0 + 24.0 * X, rtol=1e-13)
    assert by_y == pytest.approx(24.0 * X.sum() + 12.0 * (X @ X), rel=1e-13)
    in_dict = hessian(lambda p: p["a"] ** 2 * p["b"])({"a": 2.0, "b": 3.0})
    assert in_dict == {"a": {"a": 6.0, "b": 4.0}, "b": {"a": 4.0, "b": 0.0}}


def test_third_derivatives_as_a_tensor():
    third = jacobian(hessian(lambda x: (x**4).sum()))(X)
    expected = np.zeros((3, 3, 3))
    expected[range(3), range(3), range(3)] = 24 * X
    np.testing.assert_allclose(third, expected, rtol=1e-12, atol=1e-13)


# --- nesting


def test_transforms_nest_in_any_order():
    def f(x):
        return (x * x * x).sum()

    def entries(x):
        return x**3

    v = np.array([1.0, 2.0, 3.0])
    expected = 6.0 * X * v
    np.testing.assert_allclose(grad(lambda x: jvp(f, (x,), (v,))[1])(X), expected, rtol=1e-12)
    np.testing.assert_allclose(jvp(grad(f), (X,), (v,))[1], expected, rtol=1e-12)
    np.testing.assert_allclose(
        grad(lambda x: vjp(entries, x)[1](v)[0].sum())(X), expected, rtol=1e-12
    )
    second = jvp(lambda x: jvp(entries, (x,), (v,))[1], (X,), (v,))[1]
    np.testing.assert_allclose(second, 6.0 * X * v * v, rtol=1e-12)
    np.testing.assert_allclose(
        grad(lambda x: hvp(f, (x,), (v,)).sum())(X), np.array([6.0, 12.0, 18.0]), rtol=1e-12
    )


def test_perturbation_confusion():
    inner = 2.0
    assert jvp(lambda x: x * jvp(lambda y: x + y, (inner,), (1.0,))[1], (3.0,), (1.0,))[1] == 1.0
    assert jvp(lambda x: x * jvp(lambda y: x * y, (x,), (1.0,))[1], (3.0,), (1.0,))[1] == 6.0
    assert grad(lambda x: x * vjp(lambda y: x * y, x)[1](1.0)[0])(3.0) == 6.0
    assert grad(lambda x: jacobian(lambda y: x * y * y)(5.0))(3.0) == 10.0


def test_a_pullback_made_outside_is_differentiated_inside():
    _, pullback = vjp(lambda x: x * x, 3.0)
    assert grad(lambda g: pullback(g)[0])(1.0) == 6.0
    assert pullback(2.0) == (12.0,)


def test_they_leave_no_trace():
    w = Tensor(X, requires_grad=True)
    jacobian(lambda x: x * w)(X)
    jvp(lambda x: x * w, (X,), (X,))
    hessian(lambda x: (x * w * x).sum())(X)
    vjp(lambda x: x * w, X)[1](X)
    assert w.grad is None


def test_in_no_grad():
    with no_grad():
        assert jacobian(autograd.sin)(0.5) == math.cos(0.5)
        assert jvp(autograd.sin, (0.5,), (1.0,))[1] == math.cos(0.5)
        assert hessian(autograd.sin)(0.5) == -math.sin(0.5)
        assert vjp(autograd.sin, 0.5)[1](1.0) == (math.cos(0.5),)


def test_float32_stays():
    x = X.astype(np.float32)
    assert jacobian(lambda x: x * x)(x).dtype == np.float32
    assert hessian(lambda x: (x * x).sum())(x).dtype == np.float32
    assert jvp(lambda x: x * x, (x,), (x,))[1].dtype == np.float32
    assert vjp(lambda x: x * x, x)[1](x)[0].dtype == np.float32
