"""The reverse sweep: right, repeatable to the bit, and whole again after any interruption."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Leaf, Tensor, Value, gradient, where
from autograd.node import ancestors
from autograd.op import TABLE

# --- random graphs, against references too simple to be wrong

SMOOTH = ["add", "sub", "mul", "neg", "tanh", "sin", "sigmoid", "maximum", "square", "where"]
NUMBERS = st.floats(-2.0, 2.0)


@st.composite
def programs(draw, leaves=3, steps=14):
    """Steps ``(operation, operands)``; an operand is an earlier result or a number."""
    program = []
    for i in range(leaves, leaves + draw(st.integers(1, steps))):
        name = draw(st.sampled_from(SMOOTH))
        earlier = st.integers(max(0, i - 6), i - 1)
        operands = [draw(earlier | NUMBERS) for _ in range(TABLE[name].arity - 1)]
        program.append((name, [*operands, draw(earlier)]))
    return program


def run(program, leaves):
    """The last result; `tanh` keeps numbers small, so that nothing overflows."""
    results = list(leaves)
    for name, operands in program:
        picked = [results[k] if isinstance(k, int) else k for k in operands]
        results.append(TABLE[name].function(*picked).tanh() * 1.5)
    return results[-1]


def naive(root, leaf):
    """``∂root/∂leaf`` by the chain rule read forwards: one recursion, no sweep, no order."""

    @functools.cache
    def derivative(node):
        if node is leaf:
            return 1.0
        data = [x.data if isinstance(x, Value) else x for x in node.operands]
        return sum(
            node.op.partial(i, node.data, *data) * derivative(operand)
            for i, operand in enumerate(node.operands)
            if isinstance(operand, Value) and node.op.flows_to(i)
        )

    return derivative(root)


@given(programs(), st.lists(NUMBERS, min_size=3, max_size=3))
def test_random_graphs_against_the_naive_chain_rule(program, data):
    leaves = [Value(x) for x in data]
    root = run(program, leaves)
    root.backward()
    expected = [naive(root, leaf) for leaf in leaves]
    assert [leaf.grad for leaf in leaves] == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert [g.data for g in gradient(root, *leaves)] == pytest.approx(expected, rel=1e-9, abs=1e-12)
    for node in ancestors([root]):  # what lies between has the derivative by itself
        if node.op is not None and node.has_grad:
            assert node.grad == pytest.approx(gradient(root, node).data, rel=1e-9, abs=1e-12)


SHAPES = [(2, 3), (3,), ()]


@given(programs(steps=8), st.integers(0, 2**32 - 1))
def test_random_array_programs_against_the_same_on_values(program, seed):
    """Broadcasting included: a Value stands for each element, shared where it is repeated."""
    rng = np.random.default_rng(seed)
    arrays = [rng.uniform(-2, 2, shape) for shape in SHAPES]
    tensors = [Tensor(array, requires_grad=True) for array in arrays]
    root = run(program, tensors)
    root.sum().backward()

    leaves = [[Value(x) for x in array.ravel()] for array in arrays]
    numbers = [np.arange(array.size).reshape(array.shape) for array in arrays]
    places = [np.broadcast_to(number, (2, 3)) for number in numbers]
    outs = [
        run(program, [values[place[at]] for values, place in zip(leaves, places, strict=True)])
        for at in np.ndindex(2, 3)
    ]
    repeated = 6 // root.size
    functools.reduce(Value.__add__, outs).backward(1.0 / repeated)
    for tensor, values in zip(tensors, leaves, strict=True):
        found = np.zeros(tensor.shape) if tensor.grad is None else tensor.grad
        expected = [value.grad for value in values]
        np.testing.assert_allclose(found.ravel(), expected, rtol=1e-9, atol=1e-12)


# --- what a pass writes


def test_leaves_add_up_and_the_rest_is_set():
    x = Value(0.3)
    y = x * x
    z = y.tanh() + y
    z.backward()
    once, inner = x.grad, y.grad
    for times in (2, 3, 4):
        z.backward()
        assert x.grad == pytest.approx(times * once, rel=1e-15)
        assert (y.grad, z.grad) == (inner, 1.0)
    x.zero_grad()
    assert (x.grad, x.has_grad) == (0.0, False)
    z.backward()
    assert x.grad == once


@given(programs(), st.lists(NUMBERS, min_size=3, max_size=3))
def test_a_second_pass_doubles_exactly(program, data):
    leaves = [Value(x) for x in data]
    root = run(program, leaves)
    root.backward()
    once = [leaf.grad for leaf in leaves]
    root.backward()
    assert [leaf.grad for leaf in leaves] == [2 * g for g in once]


def test_a_second_pass_doubles_exactly_on_arrays():
    rng = np.random.default_rng(0)
    x, w = (Tensor(rng.normal(size=s), requires_grad=True) for s in [(5, 3), (3, 4)])
    loss = ((x @ w).tanh() * x.sum()).mean()
    loss.backward()
    once = x.grad.copy(), w.grad.copy()
    loss.backward()
    assert np.array_equal(x.grad, 2 * once[0])
    assert np.array_equal(w.grad, 2 * once[1])


def test_two_results_of_one_graph():
    """A pass from one result leaves nothing of it to a pass from another."""
    x = Value(3.0)
    y = x * x
    a, b = y * 2.0, y * 5.0
    a.backward()
    assert (x.grad, y.grad) == (12.0, 2.0)
    b.backward()
    assert (x.grad, y.grad) == (12.0 + 30.0, 5.0)


def test_operands_keep_their_order_and_number():
    a = Value(3.0)
    y = a - a * a
    assert (a + a).parents == (a, a)
    assert y.parents[0] is a
    assert autograd.where(True, 2.0, a).operands == (1.0, 2.0, a)
    y.backward()
    assert a.grad == 1.0 - 6.0


def test_same_program_same_bits():
    def bits():
        rng = np.random.default_rng(3)
        values = [Value(x) for x in rng.normal(size=30)]
        total = functools.reduce(lambda t, v: (t * 1.1 + v).tanh() * v, values, Value(0.1))
        total.backward()
        return [v.grad.hex() for v in values]

    assert bits() == bits()


def test_backward_from_a_leaf_and_with_a_gradient():
    v, x = Value(2.0), Tensor([1.0, 2.0], requires_grad=True)
    v.backward()
    v.backward(2)
    assert v.grad == 3.0
    (v * 3).backward(gradient=Value(2.0))
    assert v.grad == 9.0
    x.backward([1.0, 5.0])
    (x * 2).backward(np.array([1, 1]))
    assert x.grad.tolist() == [3.0, 7.0]


def test_a_gradient_that_was_set_to_zero_or_none_by_hand():
    """`p.grad = 0` and `p.grad = None` are how others zero it."""
    for zero in (0, None):
        v = Value(3.0)
        v.grad = zero
        (v * v).backward()
        assert type(v.grad) is float
        assert v.grad == 6.0


def test_values_and_tensors_mixed():
    v, x = Value(2.0), Tensor([[1.0, 2.0, 3.0]], requires_grad=True)
    y = v * x + Value(1.0) * v - x[0, 0] * v  # v meets shapes (1, 3), () and a Value
    loss = (y * x).sum()
    loss.backward()
    s, q = 6.0, 14.0  # Σx, Σx²
    assert v.grad == pytest.approx(q + s - 1.0 * s)
    assert x.grad == pytest.approx(2 * 2 * x.data + 2 - 2 - np.array([[2 * s, 0, 0]]))
    assert type(v.grad) is float


# --- interrupted


class Stop:
    """Stands in for an operation's pull, and breaks off the sweep at its first node."""

    def __init__(self, error):
        self.error = error

    def __call__(self, node):
        raise self.error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), MemoryError(), RuntimeError("broken rule")])
def test_after_an_interruption_the_next_pass_is_right(error, monkeypatch):
    """A sweep that reused its marks once gave 0.0 instead of 1024 here, silently."""
    x = Value(1.0)
    y = x.heaviside() + x
    for _ in range(10):
        y = y + y
    y.backward()
    assert x.grad == 1024.0

    monkeypatch.setattr(TABLE["heaviside"], "pull", Stop(error))
    with pytest.raises(type(error)):
        y.backward()
    assert x.grad == 1024.0, "as it was before the interrupted pass"
    monkeypatch.undo()
    y.backward()
    assert x.grad == 2048.0
    assert gradient(y, x).data == 1024.0


def test_after_an_interruption_among_tensors(monkeypatch):
    v, x = Value(1.0), Tensor([1.0, 2.0], requires_grad=True)
    y = (x.exp() * v.sin() * x).sum()
    y.backward()
    before = v.grad, x.grad.copy()
    monkeypatch.setattr(TABLE["sin"], "pull", Stop(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        y.backward()
    monkeypatch.undo()
    assert v.grad == before[0]
    assert np.array_equal(x.grad, before[1])
    y.backward()
    assert v.grad == 2 * before[0]
    assert np.array_equal(x.grad, 2 * before[1])


class Fragile(Leaf):
    """A leaf on which Ctrl-C falls at the n-th time that its gradient is written."""

    def __new__(cls, data):
        leaf = super().__new__(cls, data)
        leaf.left = None
        return leaf

    @property
    def grad(self):
        return Leaf.grad.__get__(self)

    @grad.setter
    def grad(self, grad):
        if vars(self).get("left") is not None:
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt
        Leaf.grad.__set__(self, grad)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_an_interruption_leaves_all_leaves_before_or_all_after(n):
    """Cleared, swept over, or added up: whichever write it falls on."""
    a, b, c = Value(2.0), Fragile(3.0), Value(5.0)
    y = a * b * c
    y.backward()
    before = a.grad, b.grad, c.grad
    b.left = n
    with pytest.raises(KeyboardInterrupt):
        y.backward()
    b.left = None
    after = a.grad, b.grad, c.grad
    assert after in (before, tuple(2 * g for g in before))


def test_a_changed_condition_is_noticed():
    """No gradient flows to it, but the derivative reads it."""
    for c in (Value(1.0, name="c"), Tensor(1.0, name="c")):
        a, b = Value(2.0), Value(3.0)
        y = where(c, a, b)
        c.data = 0.0
        with pytest.raises(RuntimeError, match="'c' was changed"):
            y.backward()
        assert (a.has_grad, b.has_grad) == (False, False)


def test_what_was_detached_may_change():
    x = Value(3.0)
    y = x.detach() * Value(2.0)
    x.data = 4.0
    y.backward()
    assert not x.has_grad


def test_a_derivative_that_does_not_exist_leaves_the_leaves_alone():
    x, w = Value(0.0, name="x"), Value(2.0)
    y = w * w + x.sqrt()
    (w * 3.0).backward()
    with pytest.raises(ZeroDivisionError):
        y.backward()
    assert (w.grad, x.has_grad, y.has_grad) == (3.0, False, False)
    x.data = 4.0
    (w * w + x.sqrt()).backward()
    assert (w.grad, x.grad) == (7.0, 0.25)


# --- changed leaves


def graphs():
    w, x = Value(2.0, name="weight"), Value(3.0)
    yield w, x, (w * x).tanh() * w
    yield w, x, autograd.where(True, w * x, x)
    t = Tensor([1.0, 2.0], requires_grad=True, name="weight")
    yield t, x, (t * x).sum() + t.sum()
    yield w, t, (t * w).sum()
    yield w, x, gradient(w * w * x, w)


@pytest.mark.parametrize("number", range(5))
def test_a_changed_leaf_is_named_before_any_leaf_is_written(number):
    leaf, other, y = list(graphs())[number]
    y.backward()
    before = np.copy(leaf.grad), np.copy(other.grad)
    leaf.data = leaf.data * 2
    for _ in range(2):  # and it stays wrong
        with pytest.raises(RuntimeError, match="'weight' was changed"):
            y.backward(7.0)
        with pytest.raises(RuntimeError, match="'weight' was changed"):
            gradient(y, other)
    after = leaf.grad, other.grad
    assert all(map(np.array_equal, before, after))


@pytest.mark.parametrize("w", [Value(2.0), Tensor(2.0, requires_grad=True)])
def test_a_leaf_changed_and_used_again_is_fine(w):
    old = w * w
    w.data = 5.0
    new = w * w
    new.backward()
    assert w.grad == 10.0
    for both in (old + new, new + old):  # whichever is found first
        with pytest.raises(RuntimeError, match="changed"):
            both.backward()
    w.data = 6.0  # after its pass: the next one over the same graph is wrong
    with pytest.raises(RuntimeError, match="changed"):
        new.backward()


def test_the_gradient_of_a_tensor_without_axes_is_an_array():
    t = Tensor(2.0, requires_grad=True)
    (t * np.ones(3)).sum().backward()
    assert type(t.grad) is np.ndarray
    assert t.grad.tolist() == 3.0
