"""checkpoint: the same numbers with less memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

import autograd
from autograd import (
    Leaf,
    Tensor,
    Value,
    checkpoint,
    detect_anomaly,
    draw,
    explain,
    grad,
    gradcheck,
    gradgradcheck,
    gradient,
    hessian,
    no_grad,
    vjp,
)

RNG = np.random.default_rng(2)


def network(depth=3, n=4):
    return [Tensor(RNG.normal(size=(n, n)), requires_grad=True, name=f"W{i}") for i in range(depth)]


def block(W, b):
    def f(x):
        return ((x @ W).tanh() * b + x).tanh()

    return f


def test_the_gradients_are_those_without_it():
    """By argument, by closure, through several blocks, and where an argument leads to a closure."""
    layers, b = network(), Value(0.7)
    x = Tensor(RNG.normal(size=(2, 4)), requires_grad=True)

    def gradients(call):
        h = x @ layers[0]
        for W in layers:
            h = call(block(W, b), h)
        loss = (h * h).sum() * b
        for leaf in (*layers, x, b):
            leaf.zero_grad()
        loss.backward()
        return loss.data, [np.copy(leaf.grad) for leaf in (*layers, x, b)]

    expected, plain = gradients(lambda f, h: f(h))
    value, found = gradients(checkpoint)
    np.testing.assert_array_equal(value, expected)
    for g, e in zip(found, plain, strict=True):
        np.testing.assert_allclose(g, e, rtol=1e-12)


def test_scalars():
    w = [Value(0.1 * i, name=f"w{i}") for i in range(1, 8)]
    x = Value(0.5)

    def f(x):
        for weight in w:
            x = (x * weight + weight).tanh()
        return x

    y = checkpoint(f, x)
    assert (type(y), y.op.name, y.operands) == (Value, "checkpoint", (x, *w))
    (y * y).backward()
    found = [leaf.grad for leaf in (x, *w)]
    for leaf in (x, *w):
        leaf.zero_grad()
    z = f(x)
    (z * z).backward()
    assert found == pytest.approx([leaf.grad for leaf in (x, *w)], rel=1e-13)
    assert y.data == z.data


@pytest.mark.parametrize("x", [0.5, np.array([0.5, -0.3])])
def test_to_any_order(x):
    w = Value(1.3)

    def plain(x):
        return ((x * w).tanh() * x).exp()

    def kept(x):
        return checkpoint(plain, x)

    def total(f):
        return lambda x: f(x).sum() if isinstance(x, Tensor) else f(x)

    assert gradcheck(kept, x)
    assert gradgradcheck(kept, x)
    f, g = total(plain), total(kept)
    for _ in range(3):
        f, g = total(grad(f)), total(grad(g))
        np.testing.assert_allclose(g(x), f(x), rtol=1e-11)
    np.testing.assert_allclose(hessian(total(kept))(x), hessian(total(plain))(x), rtol=1e-11)
    second = gradient(gradient(total(kept)(Tensor(x, requires_grad=True)), w), w)
    expected = gradient(gradient(total(plain)(Tensor(x, requires_grad=True)), w), w)
    assert float(second) == pytest.approx(float(expected), rel=1e-12)


def test_a_node_computed_outside_is_differentiated_once():
    """It stands behind an argument and in the closure; what lies behind it belongs to others."""
    w = Value(3.0)
    h = w * w
    y = checkpoint(lambda a: a * h * w, h + w)
    assert y.parents[0].op.name == "add"
    y.backward()
    assert w.grad == pytest.approx(5 * 3.0**4 + 4 * 3.0**3)  # w⁵ + w⁴


def test_it_is_computed_again_once_for_each_pass():
    calls = []
    W = network(3)

    def f(x):
        calls.append(1)
        for w in W:
            x = (x @ w).tanh()
        return x

    y = checkpoint(f, Tensor(np.ones((1, 4)), requires_grad=True)).sum()
    assert len(calls) == 1
    y.backward()
    assert len(calls) == 2
    y.backward()
    assert len(calls) == 3


def test_memory():
    """Forty layers of 0.8 MB each are not kept."""

    def layers(x):
        for _ in range(10):
            x = x.tanh()
        return x

    def peak(call):
        x = Tensor(np.ones(100_000), requires_grad=True)
        tracemalloc.start()
        for _ in range(4):
            x = call(layers, x)
        held = tracemalloc.get_traced_memory()[0]
        x.sum().backward()
        tracemalloc.stop()
        return held

    assert peak(checkpoint) < 6e6 < 30e6 < peak(lambda f, x: f(x))


def test_a_derivative_inside_keeps_its_outer_variable():
    def f(x):
        return grad(lambda q: x * x * q * q)(5.0)  # 10 x², at a plain number

    assert grad(lambda x: checkpoint(f, x))(3.0) == 60.0
    x = Value(3.0)
    checkpoint(f, x).backward()
    assert x.grad == 60.0
    _, pullback = vjp(lambda x: checkpoint(f, x), 3.0)
    assert pullback(1.0) == (60.0,)


def test_several_results():
    x, w = Tensor([1.0, 2.0], requires_grad=True), Value(3.0)
    out = checkpoint(lambda x: {"a": x * w, "b": (x.sum(), 5.0)}, x)
    assert out["b"][1] == 5.0
    (out["a"].sum() * out["b"][0]).backward()
    assert x.grad.tolist() == [18.0, 18.0]  # 3 (x₀ + x₁)²
    assert w.grad == 9.0


def test_in_no_grad_and_without_variables():
    x = Value(2.0)
    with no_grad():
        y = checkpoint(lambda x: x * x, x)
    assert (y.data, y.op) == (4.0, None)
    assert checkpoint(lambda x: x * 2.0, 3.0) == 6.0
    assert checkpoint(lambda x: x, x) is x
    t = checkpoint(lambda t: t * 2.0, Tensor([1.0]))
    assert (t.op, t.requires_grad) == (None, False)
    z = checkpoint(lambda x, *, k: x * k, x, k=5.0)
    z.backward()
    assert x.grad == 5.0


def test_backward_inside_no_grad():
    x = Value(2.0)
    y = checkpoint(lambda x: x * x * x, x)
    with no_grad():
        y.backward()
    assert x.grad == 12.0


def test_nested():
    w, x = Value(1.5), Value(0.5)
    y = checkpoint(lambda x: checkpoint(lambda x: (x * w).tanh(), x) * w, x)
    y.backward()
    found = (w.grad, x.grad)
    w.zero_grad()
    x.zero_grad()
    ((x * w).tanh() * w).backward()
    assert found == pytest.approx((w.grad, x.grad), rel=1e-14)


def test_modules():
    from nn import MLP

    model = MLP(2, [3, 1])
    x = [Value(0.3), Value(-0.2)]
    checkpoint(model, x).backward()
    found = [p.grad for p in model.parameters()]
    model.zero_grad()
    model(x).backward()
    assert found == pytest.approx([p.grad for p in model.parameters()], rel=1e-12)
    assert any(found)


def test_a_result_that_changes_is_an_error():
    rng = np.random.default_rng(0)
    x = Tensor(np.ones(3), requires_grad=True)
    y = checkpoint(lambda x: x * rng.normal(size=3), x).sum()
    with pytest.raises(RuntimeError, match=r"another result when it was called again.*arguments"):
        y.backward()
    assert x.grad is None


def test_a_leaf_that_changed_is_an_error():
    w, x = Value(2.0, name="w"), Value(3.0)
    y = checkpoint(lambda x: x * w, x)
    w.data = 5.0
    with pytest.raises(RuntimeError, match="'w' was changed after checkpoint had used it"):
        y.backward()


def test_drawn_explained_and_watched():
    w, x = Value(2.0, name="w"), Value(3.0, name="x")
    y = checkpoint(lambda x: x * w, x)
    assert ">checkpoint<" in draw(y).svg
    assert "checkpoint" in str(explain(y))
    assert isinstance(y.parents[0], Leaf)
    with detect_anomaly(), pytest.raises(FloatingPointError, match="mul made inf"):
        checkpoint(lambda x: x * 1e308 * 1e308, x)


def test_an_infinite_partial_behind_a_branch_not_taken():
    x = Tensor([0.0, 4.0], requires_grad=True)
    y = autograd.where(x > 1.0, checkpoint(lambda x: x.sqrt(), x), 0.0)
    y.sum().backward()
    assert x.grad.tolist() == [0.0, 0.25]


@pytest.mark.parametrize("cut", [lambda x: x.detach(), lambda x: x.detach() * 2.0 + 1.0])
@pytest.mark.parametrize("kind", [Value, Tensor])
def test_what_hands_no_gradient_on_is_a_constant(kind, cut):
    x = kind(3.0, requires_grad=True)
    y = checkpoint(cut, x)
    assert (y.item(), y.op, y.requires_grad) == (cut(x).item(), None, False)
    z = y * x
    z.backward()
    assert x.grad == y.item()
