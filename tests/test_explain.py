"""Derivatives explained: the rules, the paths with their numbers, and the check beside them."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from test_steps import arrays_for, random_graph

import autograd
from autograd import Explanation, Tensor, Value, checkpoint, custom, explain, gradient, no_grad
from autograd.node import Node, ancestors
from autograd.op import TABLE


def test_an_operation():
    found = explain(autograd.tanh)
    assert isinstance(found, Explanation)
    assert str(found) == "out = tanh(x)\n∂out/∂x = 1 − out²"
    assert found.latex() == (
        "\\begin{aligned}\nout &= \\tanh(x) \\\\\n"
        "\\frac{\\partial out}{\\partial x} &= 1 - out^2\n\\end{aligned}"
    )
    assert found._repr_mimebundle_()["text/plain"] == str(found)
    assert found._repr_mimebundle_()["text/latex"] == f"$\\displaystyle {found.latex()}$"
    assert repr(found) == "<Explanation: out = tanh(x)>"
    assert str(explain(TABLE["stack"])).startswith("out = stack(x0, x1)\n∂L/∂x0 = ")


def test_a_node():
    w, x, b = Value(2.0), Value(-3.0), Value(1.0)
    n = w * x + b
    y = n * n
    assert str(y.explain()).splitlines() == [
        "y = n · n = −5 × −5 = 25",
        "    ∂y/∂n = n  (by operand 1 alone)",
        "    ∂y/∂n = n  (by operand 2 alone)",
        "by the leaves",
        "    ∂y/∂w = 30",
        "    ∂y/∂x = −20",
        "    ∂y/∂b = −10",
    ]
    assert str(explain(w)) == "w = 2, a leaf"
    with no_grad():
        z = w * 3.0
    assert str(explain(z)) == "z = 6, a leaf"
    assert [v.has_grad for v in (w, x, b, n, y)] == [False] * 5


def test_a_derivative():
    w, x = Value(2.0), Value(-3.0)
    n = w * x
    y = n * w + w
    found = y.explain(w)
    assert str(found).splitlines() == [
        "∂y/∂w = −11, the sum over 3 paths",
        "    w → n → n1 → y: ∂n/∂w · ∂n1/∂n · ∂y/∂n1 = −3 × 2 × 1 = −6",
        "    w → n1 → y: ∂n1/∂w · ∂y/∂n1 = −6 × 1 = −6",
        "    w → y: ∂y/∂w = 1",
        "by the rules",
        "    n = w · x, so ∂n/∂w = x",
        "    n1 = n · w, so ∂n1/∂n = w",
        "    n1 = n · w, so ∂n1/∂w = n",
        "    y = n1 + w, so ∂y/∂n1 = 1",
        "    y = n1 + w, so ∂y/∂w = 1",
        str(found.check),
    ]
    assert (found.output, found.wrt, found.gradient, found.count) == (y, w, -11.0, 3)
    assert [path.product for path in found.paths] == [-6.0, -6.0, 1.0]
    assert [id(node) for node in found.paths[2].nodes] == [id(w), id(y)]
    assert found.paths[0].locals == (-3.0, 2.0, 1.0)
    assert found.check.difference < 1e-8
    assert "a relative difference of" in str(found.check)
    assert r"\frac{\partial y}{\partial w} &= -11" in found.latex()
    assert str(y.explain(n)).startswith("∂y/∂n = 2, along one path\n")
    assert r"n &= w \cdot x\text{, so } \frac{\partial n}{\partial w} = x" in found.latex()
    assert str(y.explain(y)).startswith("∂y/∂y = 1\nby finite differences: 1, ")


def all_paths(node, wrt):
    """Every product of local derivatives along a path, the slow way."""
    if node is wrt:
        return [1.0]
    found = []
    for i, operand in enumerate(node.operands):
        if isinstance(operand, Node) and node.op.flows_to(i):
            local = node.op.partial(i, node.data, *(getattr(x, "data", x) for x in node.operands))
            found += [local * product for product in all_paths(operand, wrt)]
    return found


@pytest.mark.parametrize("seed", range(60))
def test_random_graphs_against_every_path_and_against_the_engine(seed):
    root = random_graph(seed, ["value"] * 3)
    for wrt in ancestors([root]):
        if not wrt.requires_grad:
            continue
        found = root.explain(wrt)
        products = sorted(all_paths(root, wrt), key=abs, reverse=True)
        assert found.count == len(products)
        assert len(found.paths) == min(5, len(products))
        for path, product in zip(found.paths, products, strict=False):
            assert abs(path.product) == pytest.approx(abs(product), rel=1e-12)
            assert math.prod(path.locals) == pytest.approx(path.product, rel=1e-12)
            assert (path.nodes[0], path.nodes[-1]) == (wrt, root) or wrt is root
        for before, after in itertools.pairwise(found.paths[0].nodes if found.paths else ()):
            assert any(operand is before for operand in after.operands)
        expected = gradient(root, wrt)
        assert found.gradient == pytest.approx(
            0.0 if expected is None else expected.data, rel=1e-12
        )
        assert math.fsum(products) == pytest.approx(found.gradient, rel=1e-9, abs=1e-12)
        assert str(found).count("\n") < 25


@pytest.mark.parametrize("op", [op for op in TABLE.values() if not op.inert], ids=str)
def test_the_check_agrees_over_the_table(op):
    rng = np.random.default_rng(2)
    flowing = [i for i in range(op.arity) if op.flows_to(i)]
    if op.scalar is not None:
        for box in op.domain:
            operands = [Value(float(rng.uniform(low, high))) for low, high in box]
            y = op.function(*operands) * 3.0
            for i in flowing:
                found = y.explain(operands[i])
                assert found.check.difference < 1e-5 or abs(found.check.numeric) < 1e-9
                assert not found.check.kink
    for case in op.cases * (not op.comparison):
        operands = [Tensor(x, requires_grad=True) for x in arrays_for(op, case, rng)]
        out = op.function(*operands, **case.params)
        y = (out * rng.uniform(1.0, 2.0, size=out.shape)).sum()
        for i in flowing:
            if operands[i].size:
                found = y.explain(operands[i])
                assert found.check.difference < 1e-5 or abs(found.check.numeric) < 1e-9
                assert found.gradient.shape == operands[i].shape
                assert np.abs(found.gradient).max() == abs(found.check.gradient)
        assert str(y.explain())
        assert out.explain().lines


def test_where_the_derivative_bends_or_jumps():
    x = Value(0.0)
    y = x.relu() * 2.0
    check = y.explain(x).check
    assert (check.gradient, check.kink) == (0.0, True)
    assert (check.left, check.right) == pytest.approx((0.0, 2.0))
    assert "at a kink: 0 from the left and 2 from the right" in str(check)
    w = Value(2.0)
    assert (w.floor() * 2.0).explain(w).check.kink
    smooth = x * x + x.cos()
    assert not smooth.explain(x).check.kink
    steep = Value(1.0)
    assert not ((steep - 1.0) * 1e3).tanh().explain(steep).check.kink


def test_what_cannot_be_computed_again_is_said():
    x = Value(0.0)
    y = (x + 1e-9).sqrt()
    check = y.explain(x).check
    assert check.numeric is None
    assert math.isnan(check.difference)
    assert "none, " in str(check)
    w = Value(3.0)
    z = checkpoint(lambda w: w * w, w) * 2.0
    found = z.explain(w)
    assert found.gradient == 12.0
    assert "checkpoint is not computed from its operands alone" in str(found)


def test_what_is_held_is_not_nudged():
    x = Value(2.0)
    y = x * x.detach()
    found = y.explain(x)
    assert (found.gradient, found.count) == (2.0, 1)
    assert found.check.difference < 1e-8
    z = Value(1.0)
    assert str(y.explain(z)) == "∂y/∂z = 0: no gradient flows from y to z"
    assert "that node" in str(y.explain(Value(1.0), names={}))
    fixed = Value(2.0, requires_grad=False)
    product = x * fixed
    assert str(product.explain(fixed)).startswith("∂product/∂fixed = 0: no")
    empty = Tensor(np.zeros((0, 2)), requires_grad=True)
    assert empty.sum().explain(empty).gradient.shape == (0, 2)
    assert (y.explain(z).gradient, y.explain(z).count, y.explain(z).check) == (0.0, 0, None)


def test_tensors():
    X = Tensor(np.arange(12.0).reshape(4, 3) / 10)
    W = Tensor(np.full((3, 2), 0.1), requires_grad=True)
    y = (X @ W).tanh()
    loss = y.sum()
    lines = str(loss.explain(W)).splitlines()
    assert lines[0].startswith("∂loss/∂W  (3, 2), largest 2.")
    assert lines[0].endswith(" at [2, 0], along one path")
    assert "    n1 = X @ W, so ∂loss/∂W += Xᵀ @ ∂loss/∂n1" in lines
    assert "    y = tanh(n1), so ∂y/∂n1 = 1 − y²" in lines
    assert lines[-1].startswith("by finite differences at [2, 0]: 2.")
    assert "∂loss/∂W  (3, 2)" in str(loss.explain())
    assert str(y.explain()) == "y = tanh(n1)  (4, 2)\n    ∂y/∂n1 = 1 − y²"
    with pytest.raises(ValueError, match="shape"):
        y.explain(W)


def test_single_precision_is_checked_with_longer_steps():
    t = Tensor(np.array([0.5, -0.25], np.float32), requires_grad=True)
    found = t.exp().sum().explain(t)
    assert found.check.step > 1e-3
    assert found.check.difference < 1e-3
    assert not found.check.kink


def test_paths_are_counted_and_not_walked():
    x = y = Value(1.0, name="x")
    for _ in range(300):
        y = y * 0.5 + y * 0.25 + y * 0.2
    found = y.explain(x)
    assert found.count == 10**18
    assert "the sum over more than 10¹⁸ paths" in str(found)
    assert "more, none larger" in str(found)
    assert found.paths[0].product == pytest.approx(0.5**300)
    assert found.paths[1].product == pytest.approx(0.5**299 * 0.25)
    assert "x → n1 → 897 more → n1498 → y: product = 4.909e−91" in str(found)


def test_many_leaves_and_rules_are_cut_short():
    leaves = [Value(i + 1.0, name=f"w[{i}]") for i in range(30)]
    total = sum((w * w for w in leaves), Value(0.0))
    text = str(total.explain())
    assert "∂total/∂w[29] = 60" in text
    assert "∂total/∂w[3] = 8" not in text
    assert "… and 19 more, none larger" in text


def test_what_users_define():
    @custom(partials=[lambda out, x: 2.0 if x > 1.0 else 3.0])
    def bent(x):
        return 2.0 * x if x > 1.0 else 3.0 * x

    w = Value(2.0)
    y = bent(w) * 2.0
    assert "so ∂y/∂w += vjp of bent(∂y/∂n1)" in str(y.explain(w))
    assert y.explain(w).check.difference < 1e-9


def test_names_can_be_given():
    x = Value(2.0)
    found = explain(x * 3.0, x, names={"a": x})
    assert str(found).startswith("∂L/∂a = 3")
