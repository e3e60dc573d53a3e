"""Steps: the engine's own order and numbers, seen one by one."""

from __future__ import annotations

import random
import tracemalloc

import numpy as np
import pytest

import autograd
import nn
from autograd import Step, Tensor, Value, checkpoint, custom, detect_anomaly, no_grad, steps
from autograd.modes import Observer
from autograd.node import ancestors, plain
from autograd.op import TABLE

UNARY = [
    "tanh",
    "sin",
    "relu",
    "exp",
    "square",
    "neg",
    "sigmoid",
    "abs",
    "heaviside",
    "detach",
    "floor",
]
BINARY = ["add", "sub", "mul", "maximum", "minimum", "logaddexp", "atan2", "pow of base"]


def apply(name, rng, pool):
    if name == "pow of base":
        return rng.choice(pool) ** 2.0
    if name == "where":
        x, y = rng.choice(pool), rng.choice(pool)
        return autograd.where(plain(x) > 0.1, x, y)
    function = getattr(autograd, name)
    if name in UNARY:
        x = rng.choice(pool)
        return function(autograd.sin(x) if name == "exp" else x)
    other = rng.choice([*pool, 0.5, -2.0, 0.0])
    operands = [rng.choice(pool), other]
    rng.shuffle(operands)
    return function(*operands)


def random_graph(seed, kinds):
    """Leaves of some kinds, some with a gradient from before, and what is computed from them."""
    rng, numbers = random.Random(seed), np.random.default_rng(seed)
    leaves = []
    for kind in kinds:
        wanted = rng.random() < 0.8 or not leaves
        if kind == "value":
            leaf = Value(rng.choice([0.0, 1.0, rng.uniform(-2, 2)]), requires_grad=wanted)
        else:
            shape = rng.choice([(3,), (2, 3), (2, 1), ()])
            dtype = rng.choice([np.float64, np.float32])
            leaf = Tensor(numbers.normal(size=shape).astype(dtype), requires_grad=wanted)
        if rng.random() < 0.5:
            leaf.grad = 0.1 if kind == "value" else numbers.normal(size=leaf.shape)
        leaves.append(leaf)
    pool = list(leaves)
    for _ in range(12):
        pool.append(apply(rng.choice([*UNARY, *BINARY, "where"]), rng, pool))
        pool[-1] = pool[-1] * 0.5
    total = pool[-1] + pool[-2] * pool[-3] + leaves[0]
    return total if isinstance(total, Value) else total.sum()


def arrays_for(op, case, rng):
    """Operands of an operation where it is smooth."""
    boxes = op.domain[0]
    arrays = [rng.uniform(*b, size=shape) for b, shape in zip(boxes, case.shapes, strict=True)]
    if op.name in ("det", "inverse", "solve", "cofactors"):
        arrays[0] = arrays[0] + 3 * np.eye(arrays[0].shape[-1])
    return arrays


def bits(gradient):
    if gradient is None or isinstance(gradient, float):
        return None if gradient is None else gradient.hex()
    return gradient.dtype, gradient.shape, gradient.tobytes()


def assert_steps_are_backward(root, gradient=None):
    nodes = list(ancestors([root]))
    before = [node.grad for node in nodes]
    taken = list(steps(root, gradient, names={}))
    assert all(node.grad is grad for node, grad in zip(nodes, before, strict=True)), "only looked"
    assert [step.index for step in taken] == list(range(len(taken)))
    back = [step for step in taken if step.phase == "backward"]
    totals = {step.parent: step.total for step in back}
    summed = {}
    for step in back:
        known, share = summed.get(step.parent), step.contribution
        summed[step.parent] = share if known is None else np.add(known, share)
    root.backward(gradient)
    for node, old in zip(nodes, before, strict=True):
        if node not in totals:
            assert node.grad is old or node.grad is None or not node.grad or node.grad == old
            continue
        assert bits(node.grad) == bits(totals[node])
        start = old if node.op is None and old is not None else None
        if isinstance(node, Value):
            assert bits(float(summed[node] + (start or 0.0))) == bits(node.grad)
        else:
            found = summed[node] if start is None else start + summed[node]
            assert bits(np.asarray(found)) == bits(node.grad)
    return taken


@pytest.mark.parametrize("seed", range(150))
@pytest.mark.parametrize("kinds", ["value " * 3, "tensor " * 3, "value tensor value tensor"])
def test_the_contributions_add_up_to_the_gradient_bit_for_bit(seed, kinds):
    root = random_graph(seed, kinds.split())
    with np.errstate(all="ignore"):
        assert_steps_are_backward(root)
        assert_steps_are_backward(root, -0.3)


class Handing(Observer):
    """Notes which nodes hand gradients on in a pass, in the engine's order."""

    def __init__(self):
        self.nodes = []

    def pulled(self, node, gradient):
        self.nodes.append(node)


@pytest.mark.parametrize("kinds", ["value " * 3, "tensor " * 3, "value tensor value tensor"])
@pytest.mark.parametrize("seed", range(30))
def test_the_order_is_the_engines(seed, kinds):
    root = random_graph(seed, kinds.split())
    with np.errstate(all="ignore"), Handing() as handing:
        root.backward()
    handed = [step.node for step in root.steps() if step.position is not None]
    assert list(dict.fromkeys(handed)) == [node for node in handing.nodes if node in set(handed)]
    assert handed


@pytest.mark.parametrize("op", [op for op in TABLE.values() if not op.inert], ids=str)
def test_every_operation(op):
    """Also that a step's local derivative times what is handed on is what arrives."""
    rng = np.random.default_rng(1)
    if op.scalar is not None:
        for box in op.domain:
            operands = [Value(float(rng.uniform(low, high))) for low, high in box]
            for step in assert_steps_are_backward(op.function(*operands) * 3.0):
                assert str(step)
                assert step.latex().count("{") == step.latex().count("}")
                if step.position is not None:
                    share = step.upstream * step.local
                    assert step.contribution == pytest.approx(share, rel=1e-14)
    for case in op.cases * (not op.comparison):  # a mask of an array has no gradient
        arrays = arrays_for(op, case, rng)
        out = op.function(*(Tensor(x, requires_grad=True) for x in arrays), **case.params)
        taken = assert_steps_are_backward(out, np.ones(out.shape))
        for step in taken:
            assert str(step)
            assert step.latex().count("{") == step.latex().count("}")
            if step.position is not None:
                assert np.shape(step.contribution) == step.parent.shape
                assert (step.local is None) is (op.scalar is None)


def test_two_edges_are_two_contributions():
    a = Value(0.0)
    first, second = [s for s in (a + a).steps() if s.parent is a]
    assert first.line() == "∂L/∂a += ∂L/∂L · ∂L/∂a = 1 × 1 = 1"
    assert second.line() == "∂L/∂a += ∂L/∂L · ∂L/∂a = 1 × 1 = 1, now 2"
    assert r"= 1\text{, now } 2" in second.latex()
    assert (first.position, first.contribution, first.total) == (0, 1.0, 1.0)
    assert (second.position, second.contribution, second.total) == (1, 1.0, 2.0)
    assert first.rule() == "∂L/∂a = 1  (by operand 1 alone)"


def test_a_leaf_starts_from_the_gradient_that_stood_before():
    w = Value(2.0)
    (w * 3.0).backward()
    *_, last = (w * w).steps()
    assert (last.contribution, last.total) == (2.0, 7.0)
    assert w.grad == 3.0


def test_a_zero_is_not_handed_on():
    x = Value(0.0, name="x")
    y = autograd.where(True, x, x.sqrt()) + (x * 0.0).sqrt() * 0.0
    taken = assert_steps_are_backward(y)
    assert not [s for s in taken if s.phase == "backward" and s.node.op.name == "sqrt"]


def test_a_leaf_is_a_result():
    x = Value(2.0, name="x")
    (only,) = x.steps()
    assert (only.phase, only.parent, only.position, only.contribution) == ("backward", x, None, 1.0)
    assert str(only) == "∂x/∂x = 1"
    assert_steps_are_backward(x, 4.0)


def test_steps_of_what_users_define():
    @custom(partials=[lambda out, x: 2.0 if x > 1.0 else 3.0])
    def bent(x):
        return 2.0 * x if x > 1.0 else 3.0 * x

    w = Value(2.0, name="w")
    taken = assert_steps_are_backward(bent(w) * checkpoint(lambda x: x * w, Value(5.0)))
    assert [str(s) for s in taken if s.node.op and s.node.op.name == "bent"] == [
        "n1 = bent(w) = bent(2) = 4",
        "∂L/∂w  += ∂L/∂n1 · ∂n1/∂w = 10 × 2 = 20, now 40",
    ]
    alone = checkpoint(lambda x: x * x, w)
    assert str(next(alone.steps())) == "alone = checkpoint(w) = checkpoint(2) = 4"
    assert any("what a second call finds" in str(s) for s in taken)


def test_printed():
    w, x = Value(2.0), Value(-3.0)
    n = w * x
    L = 0.25 * n**2.0
    assert [str(s) for s in L.steps()] == [
        "n  = w · x = 2 × −3 = −6",
        "n1 = n² = (−6)² = 36",
        "L  = 0.25 · n1 = 0.25 × 36 = 9",
        "∂L/∂L  = 1",
        "∂L/∂n1 += ∂L/∂L · ∂L/∂n1 = 1 × 0.25 = 0.25\n    ∂L/∂n1 = 0.25",
        "∂L/∂n  += ∂L/∂n1 · ∂n1/∂n = 0.25 × −12 = −3\n    ∂n1/∂n = 2 · n",
        "∂L/∂w  += ∂L/∂n · ∂n/∂w = −3 × −3 = 9\n    ∂n/∂w = x",
        "∂L/∂x  += ∂L/∂n · ∂n/∂x = −3 × 2 = −6\n    ∂n/∂x = w",
    ]
    scaled = n / 12345.0 * 1.00001  # a constant is not rounded to what it is not
    assert str(next(s for s in scaled.steps() if s.node is scaled)).startswith(
        "scaled = n1 · 1.00001 = −0.000486 × 1.00001 = "
    )
    last = list(L.steps())[-1]
    assert last.latex() == (
        r"\begin{gathered} \frac{\partial L}{\partial x} \mathrel{+}= \frac{\partial L}{\partial n}"
        r" \cdot \frac{\partial n}{\partial x} = -3 \times 2 = -6 \\ "
        r"\frac{\partial n}{\partial x} = w \end{gathered}"
    )
    assert last._repr_latex_() == f"$\\displaystyle {last.latex()}$"
    assert repr(last) == "<Step 7, backward: ∂L/∂x += ∂L/∂n · ∂n/∂x = −3 × 2 = −6>"


def test_tensors_print_their_shapes():
    x = Tensor(np.ones((4, 3)))
    W = Tensor(np.ones((3, 2)), requires_grad=True)
    b = Tensor(np.zeros(2), requires_grad=True)
    y = x @ W + b
    L = y.tanh().sum()
    lines = [s.line() for s in L.steps()]
    assert lines[0] == "n1 = x @ W  (4, 2)"
    assert "∂L/∂W += xᵀ @ ∂L/∂n1  (3, 2)" in lines
    assert "∂L/∂b += ∂L/∂y · ∂y/∂b  (4, 2) → (2,)" in lines
    assert "∂L/∂y += ∂L/∂n2 · ∂n2/∂y  (4, 2)" in lines


def test_names_can_be_given_and_methods_find_those_of_the_caller():
    def elsewhere(y):
        return [str(s) for s in steps(y, names={"a": x})]

    x = Value(1.0)
    assert elsewhere(x.tanh())[0] == "L = tanh(a) = tanh(1) = 0.7616"
    y = x.tanh()
    assert str(next(y.steps())) == str(next(steps(y))) == "y = tanh(x) = tanh(1) = 0.7616"


def test_a_step_stays_what_it_was():
    w = Value(2.0)
    taken = list((w * 3.0).steps())
    w.data = 100.0
    assert str(taken[0]) == "L = w · 3 = 2 × 3 = 6"
    assert isinstance(taken[0], Step)
    with pytest.raises(AttributeError):
        taken[0].total = 1.0
    t = Tensor([1.0, 2.0], requires_grad=True)
    *_, last = (t * t).sum().steps()
    with pytest.raises(ValueError, match="read-only"):
        last.total[0] = 5.0


def test_what_cannot_be_stepped_through_is_said():
    with pytest.raises(TypeError, match=r"expects a Value or a Tensor, but was given 3\.0"):
        steps(3.0)
    with pytest.raises(ValueError, match="shape"):
        steps(Tensor([1.0, 2.0], requires_grad=True) * 2.0)
    with no_grad():
        y = Value(1.0) * 2.0
    with pytest.raises(RuntimeError, match="nothing to go back over"):
        y.steps()
    w = Value(1.0, name="w")
    taken = (w * w).steps()
    w.data = 2.0
    with pytest.raises(RuntimeError, match="leaf 'w' was changed"):
        next(taken)
    y = Value(0.0, name="x").sqrt()
    with pytest.raises(ZeroDivisionError, match=r"in the derivative of sqrt\(x=0.0\)"):
        list(y.steps())
    with detect_anomaly(), pytest.raises(FloatingPointError, match="gradient of x became inf"):
        list((w * 1e300 * 1e-300).steps(1e300 * 1e9))


def chain(n):
    y = x = Value(0.5)
    for _ in range(n):
        y = y * 1.0
    return x, y


def test_a_long_graph_is_seen_step_by_step():
    x, y = chain(100_000)
    back = 0
    for step in steps(y, names={}):
        back += step.phase == "backward"
    assert back == 100_001
    assert step.parent is x
    assert step.total == 1.0


def test_looking_takes_memory_for_the_nodes_and_not_for_the_steps():
    peaks = []
    for n in (2_000, 4_000):
        _, y = chain(n)
        tracemalloc.start()
        for step in steps(y, names={}):
            assert step.labels
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 3 * peaks[0]
    assert peaks[1] < 1_000 * 4_000


def test_a_node_shows_its_steps():
    """As `stepper` does, with the variables of who asks; nobody's gradient changes."""
    w, x = Value(2.0), Value(-3.0)
    y = w * x
    shown, taken = y.step(), list(y.steps())
    assert [str(s) for s in shown.steps] == [str(s) for s in taken]
    assert str(shown).startswith("y = w · x = 2 × −3 = −6\n")
    assert (w.grad, x.grad) == (0.0, 0.0)
    assert y.step(2.0, names={"L": y}).steps[1].line() == "∂L/∂L = 2"
    model = nn.MLP(1, [1], seed=0)
    assert "layers.0.neurons.0.w[0]" in str(model(2.0).step())
    with pytest.raises(ValueError, match="gradient"):
        Tensor([1.0, 2.0], requires_grad=True).exp().step()


def test_steps_through_a_node_of_very_many_operands_share_what_they_know():
    x = [Tensor(float(i), requires_grad=True) for i in range(3_000)]
    back = [s for s in steps(autograd.stack(x), np.ones(3_000), names={}) if s.position is not None]
    lines = [step.line() for step in back]
    assert (len(lines), lines[-1]) == (3_000, "∂L/∂x3000 += (∂L/∂L)[key] = 1")
    assert all(step.operands is back[0].operands for step in back)


@pytest.mark.parametrize("rows", [1, 2, 9])
def test_products_of_matrices_are_rounded_as_backward_does(rows):
    """NumPy rounds otherwise where arrays lie otherwise in memory, as a number stretched by Σ."""
    rng = np.random.default_rng(0)
    X, W = (Tensor(rng.normal(size=s), requires_grad=True) for s in [(rows, 9), (9, 17)])
    y = ((X * 0.7) @ W).sum(0).sum()
    last = {step.parent: step.total for step in steps(y) if step.position is not None}
    y.backward()
    assert all(np.array_equal(last[leaf], leaf.grad) for leaf in (X, W))
