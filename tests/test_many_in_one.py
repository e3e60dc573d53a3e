"""Operations that are many in one: their quick way back, and what they are composed of."""

import numpy as np
import pytest

import autograd
from autograd import Tensor
from autograd.op import TABLE, is_fixed

FUSED = [op for op in TABLE.values() if op.composed]


def drawn(op, dtype=float):
    rng = np.random.default_rng(0)
    case = op.cases[0]
    arrays = [rng.uniform(-1.0, 1.0, shape).astype(dtype) for shape in case.shapes]
    return [Tensor(array, requires_grad=True) for array in arrays], case.params


def gradients_of(operands):
    found = [x.grad for x in operands]
    for x in operands:
        x.zero_grad()
    return found


def by_backward(op, operands, params, through=lambda x: x):
    through(op.function(*operands, **params)).square().sum().backward()
    return gradients_of(operands)


def equal(found, expected):
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


def test_there_are_some():
    assert {"rnn", "lstm", "gru", "attention", "self_attention"} == {op.name for op in FUSED}


@pytest.mark.parametrize("op", FUSED, ids=str)
def test_it_is_what_it_is_composed_of(op):
    operands, params = drawn(op)
    whole, parts = op.function(*operands, **params), op.composed(*operands, **params)
    np.testing.assert_allclose(whole.data, parts.data, rtol=1e-13, atol=1e-15)
    parts.square().sum().backward()
    equal(gradients_of(operands), by_backward(op, operands, params))


@pytest.mark.parametrize("op", FUSED, ids=str)
def test_each_way_back_gives_the_same(op):
    operands, params = drawn(op)
    expected = by_backward(op, operands, params)
    with autograd.detect_anomaly():  # which watches: recorded the general way
        equal(by_backward(op, operands, params), expected)
    behind = by_backward(op, operands, params, lambda x: autograd.where(x < 9.0, x, 0.0))
    equal(behind, expected)
    loss = op.function(*operands, **params).square().sum()
    equal([g.data for g in autograd.gradient(loss, *operands)], expected)
    with autograd.no_grad():
        equal([g.data for g in autograd.gradient(loss, *operands)], expected)
    compiled = autograd.compile(lambda *xs: op.function(*xs, **params).square().sum())
    for _ in range(2):
        compiled(*operands).backward()
        equal(gradients_of(operands), expected)


@pytest.mark.parametrize("op", FUSED, ids=str)
def test_types_that_differ_are_widened(op):
    operands, params = drawn(op, np.float32)
    wide = [Tensor(x.data, requires_grad=True, dtype=float) for x in operands]
    mixed = [wide[0], *operands[1:]]
    out = op.function(*mixed, **params)
    assert out.dtype == np.float64
    out.square().sum().backward()
    found = gradients_of(mixed)
    assert [grad.dtype for grad in found] == [x.dtype for x in mixed]
    for a, b in zip(found, by_backward(op, wide, params), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("names", ["h c", "w_h c", "b_x b_h"])
def test_an_operand_that_is_there_twice_gets_both_shares(names):
    op = TABLE["lstm"]
    operands, params = drawn(op)
    first, second = map(op.names.index, names.split())
    if operands[first].shape != operands[second].shape:
        units = operands[second].shape[-1]
        operands[first] = operands[second] = Tensor(np.ones((4 * units, units)) * 0.1, True)
        operands[second] = operands[first][:2]
    else:
        operands[second] = operands[first]
    distinct = list({id(x): x for x in operands if x.op is None}.values())
    op.composed(*operands, **params).square().sum().backward()
    expected = gradients_of(distinct)
    loss = op.function(*operands, **params).square().sum()
    equal([g.data for g in autograd.gradient(loss, *distinct)], expected)
    loss.backward()
    equal(gradients_of(distinct), expected)


def test_what_nobody_writes_to_need_not_be_copied():
    array = np.ones(3)
    assert not is_fixed(array)
    array.setflags(write=False)
    assert is_fixed(array)
    assert (Tensor([1.0, 2.0, 3.0], requires_grad=True) * array).operands[1] is array
    base = np.ones(3)
    view = base[:]
    view.setflags(write=False)
    assert not is_fixed(view), "its base may be written to"
    y = Tensor([1.0, 2.0, 3.0], requires_grad=True) * view
    base[:] = 7.0
    np.testing.assert_array_equal(y.operands[1], 1.0)


def test_they_can_be_drawn_and_explained():
    x = Tensor(np.ones((2, 1, 3)), requires_grad=True, name="x")
    weights = [Tensor(np.ones(shape) * 0.1) for shape in ((8, 3), (8, 2))]
    output, _ = autograd.lstm(x, *[np.zeros((1, 2))] * 2, *weights)
    assert ">lstm<" in autograd.draw(output).svg
    assert "∂L/∂x = lstm_back(g, x" in str(autograd.explain(TABLE["lstm"]))
