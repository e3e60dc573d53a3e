"""Random expressions: one graph against another, against NumPy, and against finite differences."""

from __future__ import annotations

import sys
import threading
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import (
    Tensor,
    Value,
    checkpoint,
    grad,
    gradcheck,
    gradgradcheck,
    hessian,
    jvp,
    vjp,
)
from autograd.op import TABLE

# Each with its own way of writing it in NumPy; all of them smooth and tame on the whole line.
SMOOTH = {
    "sin": (autograd.sin, np.sin),
    "tanh": (autograd.tanh, np.tanh),
    "atan": (autograd.atan, np.arctan),
    "sigmoid": (autograd.sigmoid, lambda x: 1.0 / (1.0 + np.exp(-x))),
    "neg": (lambda x: -x, lambda x: -x),
    "half square": (lambda x: 0.5 * x**2, lambda x: 0.5 * x**2),
    "bounded exp": (lambda x: autograd.exp(autograd.sin(x)), lambda x: np.exp(np.sin(x))),
    "log(2 + cos)": (lambda x: autograd.log(2 + autograd.cos(x)), lambda x: np.log(2 + np.cos(x))),
    "sqrt(1 + x²)": (lambda x: autograd.sqrt(1 + x * x), lambda x: np.sqrt(1 + x * x)),
}
BENT = {
    "relu": (autograd.relu, lambda x: np.where(x > 0, x, 0.0)),
    "abs": (abs, np.abs),
}
BINARY = {
    "add": (lambda x, y: x + y, lambda x, y: x + y),
    "sub": (lambda x, y: x - y, lambda x, y: x - y),
    "mul": (lambda x, y: x * y, lambda x, y: x * y),
    "tame div": (lambda x, y: x / (1.5 + y.sin()), lambda x, y: x / (1.5 + np.sin(y))),
}
BENT_BINARY = {
    "maximum": (autograd.maximum, np.maximum),
    "where": (lambda x, y: autograd.where(x > y, x, y * y), lambda x, y: np.where(x > y, x, y * y)),
}
FUNCTIONS = SMOOTH | BENT | BINARY | BENT_BINARY


def expressions(smooth):
    """Trees: the number of a variable, or the name of a function and what it is applied to."""
    unary = sorted(SMOOTH if smooth else SMOOTH | BENT)
    binary = sorted(BINARY if smooth else BINARY | BENT_BINARY)
    return st.recursive(
        st.integers(0, 2),
        lambda inner: st.one_of(
            st.tuples(st.sampled_from(unary), inner),
            st.tuples(st.sampled_from(binary), inner, inner),
        ),
        max_leaves=8,
    )


def evaluate(expression, xs, numpy=False):
    if isinstance(expression, int):
        return xs[expression]
    name, *operands = expression
    return FUNCTIONS[name][numpy](*(evaluate(operand, xs, numpy) for operand in operands))


NUMBERS = st.lists(st.floats(-1.5, 1.5), min_size=3, max_size=3)
# Shapes that broadcast together.
SHAPES = st.lists(
    st.sampled_from([(), (1,), (3,), (2, 1), (2, 3), (1, 3), (4, 1, 3), (4, 2, 1)]),
    min_size=3,
    max_size=3,
)


def arrays(shapes, seed):
    rng = np.random.default_rng(seed)
    return [rng.uniform(-1.5, 1.5, shape) for shape in shapes]


@given(expressions(smooth=False), NUMBERS)
def test_value_graph_equals_tensor_graph_equals_numpy(expression, numbers):
    values = [Value(x) for x in numbers]
    tensors = [Tensor(x, requires_grad=True) for x in numbers]
    y, z = evaluate(expression, values), evaluate(expression, tensors)
    assert y.data == pytest.approx(float(evaluate(expression, np.array(numbers), True)), rel=1e-13)
    assert z.item() == pytest.approx(y.data, rel=1e-13)
    y.backward()
    z.backward()
    for v, t in zip(values, tensors, strict=True):
        assert v.has_grad is t.has_grad
        if v.has_grad:
            assert t.grad.item() == pytest.approx(v.grad, rel=1e-12, abs=1e-14)


@given(expressions(smooth=False), SHAPES, st.integers(0, 99))
def test_broadcast_arrays_equal_numpy_and_the_sum_of_scalars(expression, shapes, seed):
    xs = arrays(shapes, seed)
    tensors = [Tensor(x, requires_grad=True) for x in xs]
    out = evaluate(expression, tensors)
    expected = evaluate(expression, xs, True)
    assert out.shape == np.shape(expected)
    np.testing.assert_allclose(out.data, expected, rtol=1e-12, atol=1e-14)
    out.sum().backward()
    shape = np.broadcast_shapes(*shapes)
    if shape != out.shape:
        return  # not all variables are used: what follows would count entries twice
    values = [[Value(x) for x in array.ravel()] for array in xs]
    places = [np.broadcast_to(np.arange(x.size).reshape(x.shape), shape).ravel() for x in xs]
    total = Value(0.0)
    for at in zip(*places, strict=True):
        row = [column[i] for column, i in zip(values, at, strict=True)]
        total = total + evaluate(expression, row)
    total.backward()
    for t, leaves in zip(tensors, values, strict=True):
        grads = [v.grad for v in leaves]
        found = np.zeros(len(grads)) if t.grad is None else t.grad.ravel()
        np.testing.assert_allclose(found, grads, rtol=1e-10, atol=1e-12)


@given(expressions(smooth=True), NUMBERS)
def test_scalars_against_finite_differences(expression, numbers):
    def f(*xs):
        return evaluate(expression, xs)

    assert gradcheck(f, tuple(numbers), rtol=1e-4, atol=1e-6)
    assert gradgradcheck(f, tuple(numbers), rtol=1e-4, atol=1e-5)


@given(expressions(smooth=True), SHAPES, st.integers(0, 99))
def test_arrays_against_finite_differences(expression, shapes, seed):
    """Along one random direction: by jvp, by vjp, and by differences of plain NumPy."""
    xs = arrays(shapes, seed)
    rng = np.random.default_rng(seed + 100)
    directions = [rng.normal(size=x.shape) for x in xs]

    def f(*xs):
        return evaluate(expression, xs)

    def at(h):
        moved = [x + h * d for x, d in zip(xs, directions, strict=True)]
        return evaluate(expression, moved, True)

    value, tangent = jvp(f, xs, directions)
    expected = (at(1e-5) - at(-1e-5)) / 2e-5
    np.testing.assert_allclose(tangent, expected, rtol=1e-5, atol=1e-6)
    again, pullback = vjp(f, *xs)
    np.testing.assert_array_equal(value, again)
    g = rng.normal(size=np.shape(value))
    shares = pullback(g)
    along = sum(np.sum(s * d) for s, d in zip(shares, directions, strict=True))
    assert along == pytest.approx(np.sum(g * np.asarray(tangent)), rel=1e-9, abs=1e-10)


@given(expressions(smooth=True), NUMBERS)
def test_hessians_are_symmetric_and_checkpoints_change_nothing(expression, numbers):
    def f(x):
        return evaluate(expression, [x[0], x[1], x[2]]).sum()

    def kept(x):
        return checkpoint(f, x)

    H = hessian(f)(numbers)
    np.testing.assert_allclose(H, H.T, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(hessian(kept)(numbers), H, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(grad(kept)(numbers), grad(f)(numbers), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.scalar is not None], ids=str)
def test_third_derivatives_over_the_table(op):
    """Along a random line, so that all mixed derivatives are in it."""
    rng = np.random.default_rng(zlib.crc32(op.name.encode()))
    for box in op.domain:
        point = [float(rng.uniform(low, high)) for low, high in box]
        line = [float(rng.normal()) if op.flows_to(i) else 0.0 for i in range(op.arity)]

        def along(t, point=point, line=line):
            return op.function(*(x + t * d if d else x for x, d in zip(point, line, strict=True)))

        second = grad(grad(along))
        h = 1e-5
        expected = (second(h) - second(-h)) / (2 * h)
        assert grad(second)(0.0) == pytest.approx(expected, rel=1e-5, abs=1e-5)


# --- several threads


def test_two_threads_get_the_bits_of_one():
    trees = [
        ("mul", ("tanh", 0), ("add", ("sin", 1), ("half square", 2))),
        ("tame div", ("bounded exp", ("mul", 0, 1)), ("sqrt(1 + x²)", 2)),
    ]

    def work(expression):
        def f(x):
            return evaluate(expression, [x[0], x[1], x[2]]).sum()

        bits = []
        for k in range(15):
            x = np.array([0.1 * k, -0.4, 0.9])
            bits.append(hessian(f)(x).tobytes())
            bits.append(grad(lambda x: checkpoint(f, x))(x).tobytes())
            y = evaluate(expression, [Value(float(entry)) for entry in x])
            y.backward()
            bits.append([p.grad.hex() for p in y.parents if isinstance(p, Value)])
        return bits

    alone = [work(tree) for tree in trees]
    found: dict[int, object] = {}

    def run(i):
        found[i] = work(trees[i])

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=run, args=[i]) for i in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert [found[0], found[1]] == alone
