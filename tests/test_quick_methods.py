"""A Tensor's methods and functions that take a short cut do what `record` does."""

import copy
import functools
import math

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, array, no_grad, record
from autograd.backward import fit
from autograd.op import TABLE

OPERATORS = {f"__{symbol}__": name for name, symbol in array.SYMBOLS.items()}
BY_CASES = ["matmul", "linear", "cross_entropy"]
BY_CASES += ["conv", "conv_bias", "max_pool", "scale", "standardise"]
BY_CASES += ["rnn", "lstm", "gru", "attention", "self_attention"]
REFLECTED = {f"__r{symbol}__": name for name, symbol in array.SYMBOLS.items() if symbol != "add"}


def same(one, two):
    assert type(one) is type(two) is Tensor
    np.testing.assert_array_equal(one.data, two.data)
    assert one.dtype == two.dtype
    assert one.op is two.op
    for x, y in zip(one.operands, two.operands, strict=True):
        assert type(x) is type(y)
        assert x is y if isinstance(x, (Tensor, Value)) else np.array_equal(x, y)
    assert one.requires_grad == two.requires_grad
    assert one.data.flags.writeable == two.data.flags.writeable


def partners(like):
    yield Tensor(np.full(like.shape, 1.5, like.dtype), requires_grad=like.dtype.kind == "f")
    yield Tensor(np.full((2, 1, 1), 1.5, like.dtype))
    yield Tensor(np.full(like.shape, 1.5, np.float64))
    yield Tensor([2])
    yield from (2.0, 0.0, 2, True, np.float64(2.0), np.full(like.shape, 1.5), Value(2.0))


QUICK = [op.name for op in TABLE.values() if Tensor in op.quick and op.name not in BY_CASES]


@pytest.mark.parametrize("name", QUICK)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_array_of_a_leaf_stays_its_own(name):
    x = Tensor(np.full(3, 0.5), requires_grad=True)
    operands = (x, Tensor(np.full(3, 0.25))) if TABLE[name].arity == 2 else (x,)
    out = TABLE[name].function(*operands)
    assert not np.shares_memory(out.data, x.data)
    assert x.data.flags.writeable


def test_there_are_quick_forms():
    assert {"add", "mul", "tanh", "relu", "maximum"} < set(QUICK)


@pytest.mark.parametrize("name", [*OPERATORS, *REFLECTED, "__neg__", *QUICK])
@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
@pytest.mark.parametrize("shape", [(), (0,), (2, 3)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_quick_methods_are_the_general_way(name, wanted, dtype, shape):
    data = np.arange(1, 1 + np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    x = Tensor(data, requires_grad=wanted and dtype != np.int64)
    op = TABLE[{**OPERATORS, **REFLECTED, "__neg__": "neg"}.get(name, name)]
    others = [(other,) for other in partners(x)] if op.arity == 2 else [()]
    for other in others:
        operands = (*other, x) if name in REFLECTED else (x, *other)
        quick = getattr(x, name) if name.startswith("__") else functools.partial(op.function, x)
        same(quick(*other), record.record_tensors(op, operands, {}))
        with no_grad():
            same(quick(*other), record.record_tensors(op, operands, {}))


@pytest.mark.parametrize("name", BY_CASES)
@pytest.mark.parametrize("wanted", [True, False])
def test_those_of_shapes_and_settings_of_their_own_too(name, wanted):
    op = TABLE[name]
    for case in (op.cases[0], op.cases[-1]):
        arrays = [np.ones(shape, np.float32) for shape in case.shapes]
        tensors = [Tensor(array, requires_grad=wanted) for array in arrays]
        mixed = [tensors[0], *arrays[1:]]
        for operands in (tensors, mixed, [tensors[0].astype(float), *tensors[1:]]):
            quick = functools.partial(op.function, *operands, **case.params)
            general = functools.partial(record.record_tensors, op, tuple(operands), case.params)
            same(quick(), general())
            with no_grad():
                same(quick(), general())


PULLBACKS = [(op, case) for op in TABLE.values() if op.pullback for case in op.cases]


@pytest.mark.parametrize(("op", "case"), PULLBACKS, ids=str)
def test_what_a_pullback_remembers_serves_each_pass_and_a_copy_goes_by_the_rule(op, case):
    arrays = [np.arange(np.prod(shape)).reshape(shape) / 7.0 for shape in case.shapes]
    xs = [Tensor(array, requires_grad=True) for array in arrays]
    y = op.function(*xs, **case.params)
    seed = np.arange(1.0, y.size + 1).reshape(y.shape)
    y.backward(seed)
    first = [x.grad.copy() for x in xs]
    y.backward(2.0 * seed)
    twin = copy.deepcopy(y)
    for leaf in twin.operands:
        leaf.zero_grad()
    twin.backward(seed)
    for i, (x, leaf) in enumerate(zip(xs, twin.operands, strict=True)):
        np.testing.assert_allclose(x.grad, 3.0 * first[i], rtol=1e-13)
        np.testing.assert_allclose(leaf.grad, first[i], rtol=1e-13)
        by_rule = fit(op.vjp(i, seed, y.data, *arrays, **case.params), x)
        np.testing.assert_allclose(by_rule, first[i], rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("target", [[2, 0], [2, 0, 0, 1, 2]])
def test_the_cross_entropy_of_scores_in_any_order_in_memory(order, target):
    n = len(target)
    data = np.array(np.arange(3.0 * n).reshape(n, 3) % 5.0, order=order)
    scores = Tensor(data, requires_grad=True)
    loss = autograd.cross_entropy(scores, target)
    loss.backward()
    parts = np.exp(data) / np.exp(data).sum(axis=1, keepdims=True)
    assert math.isclose(loss.item(), -np.log(parts[range(n), target]).mean(), rel_tol=1e-14)
    np.testing.assert_allclose(scores.grad, (parts - np.eye(3)[target]) / n, atol=1e-15)


def test_a_class_that_there_is_not_and_one_to_be_ignored():
    scores = Tensor([[0.0, 1.0, 2.0], [3.0, 5.0, 4.0]], requires_grad=True)
    for wrong in (-1, 3):
        with pytest.raises(IndexError, match=f"class {wrong} is not one of the 3 that have scores"):
            autograd.cross_entropy(scores, [wrong, 0])
    one = autograd.cross_entropy(Tensor([[3.0, 5.0, 4.0]]), [1]).item()
    assert autograd.cross_entropy(scores, [-100, 1]).item() == pytest.approx(one)
    assert autograd.cross_entropy(scores, [2, 1], ignore_index=2).item() == pytest.approx(one)


def test_shapes_that_do_not_fit_are_named():
    x, y = Tensor(np.ones((2, 3)), name="x"), Tensor(np.ones(4), name="y")
    with pytest.raises(ValueError, match=r"add: x \(2, 3\) and y \(4,\)"):
        x + y
