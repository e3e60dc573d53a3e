"""Compiled functions as things: what they hold on to, and what they are made of."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, no_grad


def irregular(x):
    """Code in which nothing repeats, which becomes straight-line Python."""
    y = w * x[0]
    for i in range(100):
        y = [y.tanh, y.sin, y.exp, y.square, y.sigmoid][i * i % 7 % 5]() * (1.0 + i % 3)
    return y


w = Value(2.0)


@pytest.mark.parametrize(
    ("make", "f", "x"),
    [
        (autograd.compile, lambda x: w * x[0], [1.0]),
        (autograd.compile, irregular, [0.1]),
        (autograd.compile, lambda x: (x * w).sum(), np.ones(3)),
        (autograd.vmap, lambda x: w * x[0], [[1.0], [2.0]]),
    ],
    ids=["steps", "straight", "arrays", "vmap"],
)
def test_it_dies_with_its_last_reference(make, f, x):
    compiled = make(f)
    y = compiled(x)
    (y if y.shape == () else y.sum()).backward()
    program = weakref.ref(compiled.program)
    gc.disable()
    try:
        del compiled, y
        assert program() is None
    finally:
        gc.enable()


def test_what_was_compiled_or_mapped_may_be_compiled_again():
    squares = autograd.vmap(lambda x: x * x)
    assert [y.data for y in autograd.compile(squares)([1.0, 3.0])] == [1.0, 9.0]
    once = autograd.compile(lambda x: x * x)
    twice = autograd.compile(once)
    assert twice(3.0).data == 9.0
    assert (once.cache_info()[1], twice.cache_info()[1]) == (0, 1)


@pytest.mark.parametrize("recorded", [True, False])
def test_several_results_a_row_in_one_tensor(recorded):
    w = Value(2.0)

    def both(row):
        return {"a": w * row[0], "b": (w * row[1], row[0] * row[1] * w)}

    table = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    expected = np.column_stack([2.0 * table, 2.0 * table[:, 0] * table[:, 1]])
    with no_grad() if not recorded else autograd.enable_grad():
        stacked = autograd.vmap(both, stacked=True)(table)
        apart = autograd.vmap(both)(table)
    assert type(stacked) is Tensor
    np.testing.assert_array_equal(stacked.data, expected)
    np.testing.assert_array_equal(np.column_stack([apart["a"], *apart["b"]]), expected)
    one = autograd.vmap(lambda row: w * row[0], stacked=True)(table)
    np.testing.assert_array_equal(one.data, expected[:, 0])
    if recorded:
        weight = np.arange(9.0).reshape(3, 3)
        (stacked * weight).sum().backward()
        assert w.grad == pytest.approx((expected * weight).sum() / 2.0, rel=1e-14)


@pytest.mark.parametrize("make", [autograd.compile, autograd.vmap])
def test_a_first_call_under_no_grad_leaves_later_ones_their_gradients(make):
    w = Value(2.0)
    compiled = make(lambda x: (w * x[0]).relu())
    x = [[3.0], [4.0]] if make is autograd.vmap else [3.0]
    with no_grad():
        assert compiled(x).op is None
    y = compiled(x)
    (y if y.shape == () else y.sum()).backward()
    assert w.grad == (7.0 if make is autograd.vmap else 3.0)


def test_scalar_code_that_ends_in_one_tensor_grows_with_it():
    w = Value(2.0)

    def squares(x):
        return autograd.stack([(w * v).square() for v in x]).sum()

    lengths = []
    for n in (50, 100, 200):
        compiled = autograd.compile(squares)
        x = np.linspace(0.0, 1.0, n)
        w.zero_grad()
        compiled(x).backward()
        assert w.grad == pytest.approx(4.0 * (x**2).sum(), rel=1e-13)
        lengths.append(len(compiled.program.source))
    assert lengths[2] - lengths[1] < 2.5 * (lengths[1] - lengths[0])
