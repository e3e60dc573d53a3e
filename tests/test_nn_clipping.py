"""Gradients that are too long: PyTorch's norms and what is left of them, and what is refused."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import nn
from autograd import Tensor, Value
from nn import clip_grad_norm_, clip_grad_value_

PATH = Path(__file__).parent / "reference" / "nn_optimisers.json"
CASES = json.loads(PATH.read_text())["clipped"]


def as_tensors(case):
    leaves = [Tensor(np.zeros(np.shape(grad)), requires_grad=True) for grad in case["before"]]
    for leaf, grad in zip(leaves, case["before"], strict=True):
        leaf.grad = np.array(grad)
    return leaves, lambda: [leaf.grad for leaf in leaves]


def as_values(case):
    leaves = [Value(0.0) for grad in case["before"] for _ in np.ravel(grad)]
    numbers = [x for grad in case["before"] for x in np.ravel(grad).tolist()]
    for leaf, number in zip(leaves, numbers, strict=True):
        leaf.grad = number
    return leaves, lambda: _cut([leaf.grad for leaf in leaves], case["before"])


def _cut(numbers, like):
    numbers = iter(numbers)
    return [np.reshape([next(numbers) for _ in np.ravel(x)], np.shape(x)) for x in like]


@pytest.mark.parametrize("make", [as_tensors, as_values])
@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['norm_type']}-{c['norm']:.3g}")
def test_norms_and_what_is_left_are_pytorchs(case, make):
    leaves, grads = make(case)
    norm = clip_grad_norm_(leaves, 1.5, float(case["norm_type"]))
    assert norm == pytest.approx(case["norm"], rel=1e-12)
    assert isinstance(norm, float)
    for found, expected in zip(grads(), case["after"], strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_there_are_long_and_short_ones():
    assert {case["before"] == case["after"] for case in CASES} == {True, False}


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=8),
    st.floats(1e-3, 1e3),
    st.sampled_from([1.0, 1.5, 2.0, math.inf]),
)
def test_afterwards_the_norm_is_at_most_that(numbers, max_norm, order):
    leaf = Tensor(np.zeros(len(numbers)), requires_grad=True)
    leaf.grad = np.array(numbers)
    before = clip_grad_norm_(leaf, max_norm, order)
    after = clip_grad_norm_(leaf, max_norm, order)
    assert before == pytest.approx(np.linalg.norm(numbers, order))
    assert after <= max_norm * (1.0 + 1e-12)
    if before < max_norm - 1e-5:
        assert leaf.grad.tolist() == numbers


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=8), st.floats(0, 5))
def test_afterwards_no_element_is_larger(numbers, bound):
    leaf, values = Tensor(np.zeros(len(numbers)), requires_grad=True), []
    leaf.grad = np.array(numbers)
    for number in numbers:
        values.append(Value(0.0))
        values[-1].grad = number
    clip_grad_value_([leaf, *values], bound)
    expected = [min(max(x, -bound), bound) for x in numbers]
    assert leaf.grad.tolist() == expected
    assert [v.grad for v in values] == expected


def test_leaves_without_a_gradient_do_not_count():
    used, unused, frozen = Value(3.0), Value(1.0), Tensor([1.0])
    (used * used).backward()
    assert clip_grad_norm_((p for p in (used, unused, frozen)), 3.0) == 6.0
    clip_grad_value_([used, unused, frozen], 0.5)
    assert (used.grad, unused.has_grad, frozen.grad) == (0.5, False, None)
    assert clip_grad_norm_([unused, frozen], 1.0) == 0.0
    assert clip_grad_norm_([], 1.0).item() == 0.0


def test_gradients_that_share_an_array_are_each_shortened_once():
    a, b = (Tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
    (a + b).sum().backward()
    assert clip_grad_norm_([a, b], 1.0) == pytest.approx(2.0)
    np.testing.assert_allclose([a.grad, b.grad], 0.5, rtol=1e-6)


def test_leaves_in_a_pack():
    w = [Value(3.0), Value(4.0)]
    loss = autograd.compile(lambda: 0.5 * sum(v * v for v in w))
    loss().backward()
    assert clip_grad_norm_(w, 1.0) == pytest.approx(5.0)
    assert [v.grad for v in w] == pytest.approx([0.6, 0.8], rel=1e-6)
    optimizer = nn.SGD(w, lr=1.0)
    optimizer.step()
    assert [v.data for v in w] == pytest.approx([2.4, 3.2], rel=1e-6)


@pytest.mark.parametrize("shape", [(), (3,)])
def test_float32_stays_float32(shape):
    leaf = Tensor(np.zeros(shape, np.float32), requires_grad=True)
    leaf.grad = np.full(shape, 1e30, np.float32)
    assert clip_grad_norm_(leaf, 1.0) == pytest.approx(1e30 * math.sqrt(leaf.size))
    assert leaf.grad.dtype == np.float32
    assert leaf.grad.shape == shape
    assert np.linalg.norm(leaf.grad) == pytest.approx(1.0)
    clip_grad_value_(leaf, 0.25)
    assert (leaf.grad.dtype, leaf.grad.shape, leaf.grad.max()) == (np.float32, shape, 0.25)


@pytest.mark.parametrize("bad", [math.inf, math.nan])
def test_a_norm_that_is_not_finite(bad):
    leaves = [Value(0.0), Tensor([0.0], requires_grad=True)]
    leaves[0].grad, leaves[1].grad = 1.0, np.array([bad])
    with pytest.raises(RuntimeError, match=f"the norm of order 2.0 of the gradients is {bad}"):
        clip_grad_norm_(leaves, 1.0, error_if_nonfinite=True)
    assert leaves[0].grad == 1.0
    norm = clip_grad_norm_(leaves, 1.0)  # as PyTorch: what is infinite over itself is NaN
    assert norm == bad or math.isnan(norm)
    assert math.isnan(leaves[1].grad[0])
    assert leaves[0].grad == 0.0 or math.isnan(leaves[0].grad)


@pytest.mark.parametrize(
    ("do", "error", "match"),
    [
        (lambda: clip_grad_norm_([], -1.0), ValueError, "max_norm must not be negative, but is -1"),
        (lambda: clip_grad_norm_([], math.nan), ValueError, "max_norm must not be negative"),
        (lambda: clip_grad_value_([], -1.0), ValueError, "clip_value must not be negative"),
        (lambda: clip_grad_norm_(nn.MLP(1, [1]), 1.0), TypeError, "expected parameters, but was"),
        (lambda: clip_grad_norm_([1.0], 1.0), TypeError, "expected Values or Tensors, but was"),
        (lambda: clip_grad_value_(1.0, 1.0), TypeError, "expected parameters, but was given 1.0"),
    ],
)
def test_what_they_refuse(do, error, match):
    with pytest.raises(error, match=match):
        do()
