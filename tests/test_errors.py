"""What an error says: what was given, what was expected, which of the user's names it was."""

# ruff: noqa: PLW0108 - what is tried is written as a user would write it, and tried in the test
from __future__ import annotations

import math
import pickle

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, grad, gradient, no_grad


def v(x=2.0, name="v"):
    return Value(x, name=name)


def t(*shape, name="t"):
    return Tensor(np.ones(shape or (2, 3)), requires_grad=True, name=name)


def in_no_grad(f):
    with no_grad():
        return f()


def changed(leaf):
    """What was computed from a leaf that was changed since."""
    result = leaf * leaf
    leaf.data = leaf.data * 2.0
    return result


GIVEN = "a Value holds one real number, but was given"
CASES = [
    # a Value of something else
    (
        lambda: Value(v()),
        TypeError,
        GIVEN + r" Value\(2.0, name='v'\); it is one already",
    ),
    (lambda: Value("2"), TypeError, GIVEN + r" '2' of type str; convert it with float\("),
    (lambda: Value(None), TypeError, GIVEN + " None of type NoneType$"),
    (lambda: Value([1, 2]), TypeError, GIVEN + r" \[1, 2\] of type list; for an array use Tensor"),
    (lambda: Value(np.ones(2)), TypeError, GIVEN + ".* of type ndarray; for an array use Tensor"),
    (lambda: Value(1j), TypeError, GIVEN + " 1j of type complex$"),
    (lambda: Value(np.complex128(1)), TypeError, GIVEN + ".* of type complex128$"),
    (lambda: setattr(v(), "data", "3"), TypeError, GIVEN + " '3' of type str"),
    (lambda: type("Mine", (Value,), {}), TypeError, "Mine: derive from autograd.Leaf"),
    # a Tensor of something else
    (lambda: Tensor([v()]), TypeError, "a Tensor is made from numbers.*which has a past.*`.data`"),
    (lambda: Tensor(t(1)), TypeError, "a Tensor is made from numbers.*which has a past"),
    (lambda: Tensor("a"), TypeError, "a Tensor holds real numbers, but was given 'a' of type str"),
    (lambda: Tensor(None), TypeError, "a Tensor holds real numbers, but was given None"),
    (lambda: Tensor([1j]), TypeError, r"a Tensor holds real numbers, but was given \[1j\]"),
    (lambda: Tensor([[1], [2, 3]]), ValueError, "a Tensor holds rows of equal lengths"),
    (
        lambda: Tensor([1, 2], requires_grad=True),
        TypeError,
        "only a Tensor of floats can require a gradient, but this one is of int64.*dtype=float",
    ),
    # operands
    (
        lambda: v() + None,
        TypeError,
        "add expects numbers, arrays, Values or Tensors.*given None of",
    ),
    (lambda: "a" * v(), TypeError, "mul expects numbers.*given 'a' of type str"),
    (lambda: v() - 1j, TypeError, "sub expects numbers.*given 1j of type complex"),
    (lambda: t() + "a", TypeError, "add expects numbers.*given 'a' of type str"),
    (lambda: autograd.tanh("a"), TypeError, "tanh expects numbers.*given 'a' of type str"),
    (lambda: autograd.tanh([v()]), TypeError, "tanh takes one Value.*a list of them"),
    (lambda: np.array([v(), 1.0]), TypeError, "Value.*an array by itself.*autograd.stack"),
    (lambda: autograd.tanh(), TypeError, r"tanh\(\) misses its operand 'x'"),
    (lambda: v().maximum(), TypeError, r"maximum\(\) miss"),
    (lambda: autograd.tanh(1, 2), TypeError, r"tanh\(\) takes 1 operands?, but 2 were given"),
    (lambda: autograd.tanh(0.5, scale=1), TypeError, "tanh.*scale"),
    (lambda: autograd.tanh(v(), scale=1), TypeError, "tanh.*scale"),
    (lambda: autograd.tanh(t(), scale=1), TypeError, "tanh.*scale"),
    (lambda: autograd.sum(v()), TypeError, "sum works on arrays"),
    (lambda: autograd.nope, AttributeError, "module 'autograd' has no attribute 'nope'"),
    # numbers without a result: Python's error, the operation, the user's name and number
    (lambda: v(-1.0).log(), ValueError, r"log\(v=-1.0\)"),
    (lambda: (v(0.5) - 1).log(), ValueError, r"log\(x=-0.5\)"),
    (lambda: autograd.log(v(0.0)), ValueError, r"log\(v=0.0\)"),
    (lambda: np.log(v(0.0)), ValueError, r"log\(v=0.0\)"),
    (lambda: v(-1.0).sqrt(), ValueError, r"sqrt\(v=-1.0\)"),
    (lambda: v(-1.0).log1p(), ValueError, r"log1p\(v=-1.0\)"),
    (lambda: v(2.0).asin(), ValueError, r"asin\(v=2.0\)"),
    (lambda: 1 / v(0.0), ZeroDivisionError, r"division by zero, in div\(x=1.0, v=0.0\)"),
    (lambda: v(1.0) / v(0.0, "w"), ZeroDivisionError, r"division by zero, in div\(v=1.0, w=0.0\)"),
    (lambda: v() / 0, ZeroDivisionError, r"division by zero, in div\(v=2.0, y=0.0\)"),
    (lambda: v(1000.0).exp(), OverflowError, r"exp\(v=1000.0\)"),
    (lambda: v(1000.0).cosh(), OverflowError, r"cosh\(v=1000.0\)"),
    (lambda: v(1e200) ** 2, OverflowError, r"pow\(v=1e\+200, y=2.0\)"),
    (lambda: v(0.0) ** -1, ZeroDivisionError, r"pow\(v=0.0, y=-1.0\)"),
    (lambda: v(-8.0) ** (1 / 3), ValueError, r"is not real, in pow\(v=-8.0, y=0.333"),
    (lambda: in_no_grad(lambda: v(-1.0).log()), ValueError, r"log\(v=-1.0\)"),
    # derivatives that are not there
    (lambda: v(0.0).sqrt().backward(), ZeroDivisionError, r"derivative of sqrt\(v=0.0\)"),
    (lambda: (v(0.0) ** 0.5).backward(), ZeroDivisionError, r"derivative of pow\(v=0.0, y=0.5\)"),
    (lambda: v(1.0).asin().backward(), ZeroDivisionError, r"derivative of asin\(v=1.0\)"),
    (
        lambda: (v(0.0, "north") ** 0.5).backward(),
        ZeroDivisionError,
        r"derivative of pow\(north=0.0, y=0.5\)",
    ),
    (lambda: gradient((x := v(0.0)).sqrt(), x), ZeroDivisionError, r"sqrt\(v=0.0\)"),
    (lambda: grad(autograd.sqrt)(0.0), ZeroDivisionError, r"derivative of sqrt\(x=0.0\)"),
    # shapes and axes: see test_shape_errors
    (
        lambda: v() @ t(2),
        ValueError,
        r"^matmul: v \(\) @ t \(2,\): each takes at least one axis$",
    ),
    (
        lambda: t(2, 2).inverse(),
        np.linalg.LinAlgError,
        r"^Singular matrix, in inverse\(t: \(2, 2\)\)$",
    ),
    (
        lambda: autograd.einsum(t(), "ij"),
        TypeError,
        "^einsum takes subscripts such as 'ij,jk->ik', then one or more operands$",
    ),
    (
        lambda: t().sum(2),
        IndexError,
        r"sum: t has shape \(2, 3\), so dim must lie in -2 … 1, but is 2",
    ),
    (lambda: t().mean(-3), IndexError, r"mean: t has shape .* but is -3"),
    (lambda: t().sum(0, axis=0), TypeError, "sum takes dim= or axis=.*but not both"),
    (lambda: t().sum("rows"), TypeError, "sum.*'rows'"),
    (lambda: t().sum(1.0), TypeError, "sum.*1.0"),
    (lambda: t().reshape(6.0), TypeError, "reshape.*6.0"),
    (lambda: t().transpose(0), TypeError, r"transpose takes two axes, or one sequence"),
    (lambda: t()[5], IndexError, r"indexing t \(2, 3\): index 5 is out of bounds for axis"),
    (lambda: t()[v()], IndexError, r"indexing t \(2, 3\): only integers"),
    (lambda: len(Tensor(1.0)), TypeError, "0 axes has no length"),
    (lambda: t().item(), ValueError, r"one element; this one has \(2, 3\)"),
    (lambda: bool(t()), ValueError, r"shape \(2, 3\) is neither true nor false.*any\(\)"),
    # what must not change
    (lambda: setattr(v() * 2, "data", 1), AttributeError, r"Value\(4.0, op=mul\).*computed by mul"),
    (lambda: setattr(t() * 2, "data", 1), AttributeError, "a Tensor computed by mul"),
    (lambda: t().__setitem__(0, 1.0), TypeError, r"cannot be changed in place.*autograd.where\("),
    (
        lambda: pickle.dumps(v() * 2),
        TypeError,
        "computed by mul and cannot be pickled; save the leaves",
    ),
    # backward
    (
        lambda: t().backward(),
        ValueError,
        r"^backward\(\) starts from one number, not from t \(2, 3\); take its \.sum\(\) or "
        r"\.mean\(\), or give a gradient of its shape: backward\(gradient\)$",
    ),
    (
        lambda: (t() * 1).backward(),
        ValueError,
        r"^backward\(\) starts from one number, not from a result of shape \(2, 3\); take its",
    ),
    (
        lambda: (t() * 1).backward([1.0]),
        ValueError,
        r"^backward\(\) was given a gradient of shape \(1,\) for a result of shape \(2, 3\)$",
    ),
    (lambda: (v() * 1).backward("a"), TypeError, "'a' of type str"),
    (lambda: t().sum().backward("a"), TypeError, "'a' of type str"),
    (lambda: t().backward([1.0, [2.0]]), ValueError, "rows of equal lengths"),
    (
        lambda: Tensor([1.0]).backward(),
        RuntimeError,
        r"^backward\(\) on the result of shape \(1,\) has nothing to go back over: nothing that it "
        r"was computed from requires a gradient \(make a leaf with requires_grad=True\), or it was "
        r"computed inside no_grad \(compute it outside\), or from what \.detach\(\) or \.data had "
        r"cut off \(leave that out\)$",
    ),
    (
        lambda: (t() > 0).sum().backward(),
        RuntimeError,
        r"^backward\(\) on the result of shape \(\) has nothing to go back over: its elements are "
        "of int64, and no gradient flows through comparisons, argmax, masks and whole numbers; "
        "start from a result of floats$",
    ),
    (lambda: t().argmax().backward(), RuntimeError, "are of int64, and no gradient flows through"),
    (
        lambda: in_no_grad(lambda: v() * 2).backward(),
        RuntimeError,
        r"on the result Value\(4.0\) has nothing.*inside no_grad \(compute it outside\)",
    ),
    (
        lambda: in_no_grad(lambda: t(9, 9) @ t(9, 9)).sum().backward(),
        RuntimeError,
        r"on the result of shape \(\) has nothing .*inside no_grad \(compute it outside\)",
    ),
    (
        lambda: in_no_grad(lambda: t().sum().backward()),
        RuntimeError,
        r"^backward\(\) on the result of shape \(\) has nothing to go back over: this is inside "
        "no_grad, where nothing is recorded; compute it outside$",
    ),
    (
        lambda: in_no_grad(lambda: (v() * 2).backward()),
        RuntimeError,
        "this is inside no_grad, where nothing is recorded; compute it outside$",
    ),
    (
        lambda: (t().detach() * 2).sum().backward(),
        RuntimeError,
        r"or from what \.detach\(\) or \.data had cut off",
    ),
    (
        lambda: (v().detach() * 2).backward(),
        RuntimeError,
        r"^backward\(\) on the result Value\(4\.0, op=mul\) has nothing to go back over: every way "
        "back ends in detach, or in a condition; leave one of them out$",
    ),
    (
        lambda: (Value(2.0, name="x", requires_grad=False) * 3).backward(),
        RuntimeError,
        r"^backward\(\) on the result Value\(6\.0, op=mul\) has nothing to go back over: none of "
        r"its leaves requires a gradient \('x'\); make one with requires_grad=True$",
    ),
    (
        lambda: changed(v(name="w")).backward(),
        RuntimeError,
        r"^the leaf 'w' was changed after mul had used it.*compute the result again before",
    ),
    (
        lambda: changed(t(9, 9, name=None)).sum().backward(),
        RuntimeError,
        r"^the leaf of shape \(9, 9\) was changed after mul had used it.*or change it after",
    ),
    (lambda: gradient(changed(v()), v()), RuntimeError, "the leaf 'v' was changed after mul"),
    # NumPy's functions that the table does not have
    (
        lambda: np.cbrt(v()),
        TypeError,
        "numpy.cbrt is not an operation that can be differentiated",
    ),
    (lambda: np.fmod(2.0, v()), TypeError, "numpy.fmod is not an operation"),
    (lambda: np.frexp(t()), TypeError, "numpy.frexp is not an operation.*arctan2.*tanh"),
    (lambda: np.add.at(np.zeros(2), [0], v()), TypeError, "numpy.add.at is not"),
    (lambda: np.add(v(), 1, out=np.zeros(1)), TypeError, "numpy.add cannot write into an array"),
    (lambda: np.maximum.reduce(t()), TypeError, "numpy.maximum.reduce"),
    (lambda: np.ones(2).__iadd__(v()), TypeError, "numpy.add cannot write into an array"),
    (lambda: np.fft.fft(t()), TypeError, r"numpy.fft.fft is not.*\.data"),
    (lambda: np.sum(t(), out=np.zeros(())), TypeError, "numpy.sum of a Tensor: .*'out'"),
    (lambda: np.sum(t(), 0, float), TypeError, "numpy.sum of a Tensor: too many positional"),
    (lambda: np.split(t(), 2, 1), ValueError, "numpy.split: 3 elements do not make 2 equal parts"),
    (lambda: np.squeeze(t(), 0), ValueError, r"numpy.squeeze: axis 0 of \(2, 3\) has length 2"),
    (lambda: np.linalg.norm(t(), 2), TypeError, "numpy.linalg.norm with ord=2 is not"),
    # transforms
    (
        lambda: grad(lambda x: x)([1.0, 2.0]),
        ValueError,
        r"one number, but the result has shape \(2,\)",
    ),
    (lambda: gradient(t() * 2, t()), ValueError, r"one number, but the result has shape \(2, 3\)"),
    (lambda: grad(lambda x: None)(1.0), TypeError, "returns one number, but it returned None"),
    (lambda: grad(lambda x: (x, x))(1.0), TypeError, "returns one number, but it returned .*tuple"),
    (lambda: grad(lambda x: x)("a"), TypeError, "'a' of type str"),
    (lambda: grad(lambda x: x)(), TypeError, "argument 0, but only 0 positional"),
    (lambda: grad(lambda x: x, 2)(1.0), TypeError, "argument 2, but only 1 positional"),
    (lambda: grad(lambda x: x, "x")(1.0), TypeError, "argnums.*'x'"),
    (lambda: gradient(v() * 2, 2.0), TypeError, "takes nodes, but was given 2.0 for x"),
    (lambda: gradient(2.0, v()), TypeError, "takes nodes, but was given 2.0 for y"),
    (lambda: gradient(v() * 2), TypeError, "no x to differentiate by"),
    (lambda: autograd.explain(math.exp), TypeError, "explain takes an operation"),
    (lambda: autograd.explain(autograd.tanh, "latex"), TypeError, "wrt='latex' goes with a node"),
    (lambda: autograd.explain(v() * 2, 2.0), TypeError, "by a node, but was given wrt=2.0"),
    (lambda: autograd.source(2.0), TypeError, "source expects a Value or a Tensor.*2.0"),
    (lambda: autograd.latex([v()]), TypeError, "latex expects a Value or a Tensor.*Value"),
]


@pytest.mark.parametrize(
    ("act", "error", "says"),
    [pytest.param(*case, id=f"{i}-{case[1].__name__}") for i, case in enumerate(CASES)],
)
def test_error(act, error, says):
    with pytest.raises(error, match=says) as caught:
        act()
    assert type(caught.value) is error
    assert "\n" not in str(caught.value), "one line"
