"""Compiled Tensor code that gives several results."""

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, compile, no_grad

SEVERAL = {
    "a pair": lambda w, x: (w * x, (w * x).sum()),
    "a dict": lambda w, x: {"loss": (w @ x.mT).exp().sum(), "out": [w * x, w.tanh()]},
    "the same twice": lambda w, x: [w * x] * 2,
    "whole numbers beside": lambda w, x: (w * x).max(dim=1),
    "one in a list": lambda w, x: [w * x],
    "a parameter itself": lambda w, x: (w, w * x),
    "of two types": lambda w, x: ((w * x).astype(np.float32), w * w),
}


def floats(tree):
    return [x for x in autograd.trees.leaves(tree) if x.dtype.kind == "f"]


def total(tree):
    return sum(((k + 2.0) * (x.astype(float) ** 2)).sum() for k, x in enumerate(floats(tree)))


def drawn(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(3, 4)), rng.normal(size=(3, 4))


@pytest.mark.parametrize("f", SEVERAL.values(), ids=SEVERAL)
def test_results_and_gradients_are_those_of_eager_code(f):
    compiled = compile(f)
    for seed in range(3):
        w, x = drawn(seed)
        eager, replayed = (Tensor(w, requires_grad=True) for _ in range(2))
        expected, found = f(eager, Tensor(x)), compiled(replayed, x)
        assert type(found) is type(expected)
        pairs = zip(autograd.trees.leaves(found), autograd.trees.leaves(expected), strict=True)
        for mine, theirs in pairs:
            np.testing.assert_array_equal(mine.data, theirs.data)
            assert (mine.dtype, mine.shape) == (theirs.dtype, theirs.shape)
        total(expected).backward()
        total(found).backward()
        np.testing.assert_allclose(replayed.grad, eager.grad, rtol=1e-13)
    assert compiled.cache_info()[:2] == (2, 1)


@pytest.mark.parametrize("name", ["a pair", "a dict", "whole numbers beside"])
def test_second_derivatives(name):
    f, (w, x) = SEVERAL[name], drawn(0)
    compiled = compile(f)
    expected = autograd.hessian(lambda w: total(f(w, Tensor(x))))(w)
    found = autograd.hessian(lambda w: total(compiled(w, x)))(w)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_one_result_alone_may_be_differentiated():
    w = Tensor([1.0, 2.0], requires_grad=True)
    loss, rows = compile(lambda x: ((w * x).sum(), w * w))(np.ones(2))
    loss.backward()
    assert w.grad.tolist() == [1.0, 1.0]
    rows.sum().backward()
    assert w.grad.tolist() == [3.0, 5.0]


def test_without_recording():
    w = Tensor([1.0, 2.0], requires_grad=True)
    pair = compile(lambda x: (w * x, w.sum()))
    with no_grad():
        first, second = pair(np.ones(2))
    assert (first.data.tolist(), second.data) == ([1.0, 2.0], 3.0)
    assert not first.requires_grad


def test_scalar_code_that_ends_in_several_tensors():
    w = [Value(2.0), Value(3.0)]
    f = compile(lambda x: (autograd.stack(w) * x, autograd.stack(w).sum()))
    rows, loss = f(np.array([5.0, 7.0]))
    (rows.sum() + loss).backward()
    assert [v.grad for v in w] == [6.0, 8.0]


def test_gradients_are_arrays_that_nothing_writes_to_later():
    def after(wrap):
        a, b = Tensor([2.0, 1.0], requires_grad=True), Tensor([3.0, 1.0], requires_grad=True)
        f = wrap(lambda x: ((a + b.reshape(2)).tanh() * x).sum())
        h = wrap(lambda x: (x + 0.5 * a).reshape(2, 1).reshape(2))
        found = []
        for x in ([1.0, 2.0], [10.0, 20.0]):
            f(np.array(x)).backward()
            found += [a.grad, b.grad]
        h(h(h(Tensor([1.0, 2.0], requires_grad=True)))).backward(np.array([1.0, 2.0]))
        b.grad *= 0.0
        return [*found, a.grad, b.grad]

    for found, expected in zip(after(compile), after(lambda f: f), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_what_is_handed_back_is_not_the_gradient_of_the_result():
    a, b = Tensor([2.0, 1.0], requires_grad=True), Tensor([3.0, 1.0], requires_grad=True)
    y = compile(lambda: a + b)()
    y.backward(np.array([1.0, 2.0]))
    a.grad += 5.0
    assert [x.grad.tolist() for x in (a, b, y)] == [[6.0, 7.0], [1.0, 2.0], [1.0, 2.0]]
