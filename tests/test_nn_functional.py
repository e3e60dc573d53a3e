"""The losses: PyTorch's values and gradients, at the edges too, and clear errors."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Value, gradient
from nn import functional as F  # noqa: N812 - PyTorch's users know it by this name

CASES = json.loads((Path(__file__).parent / "reference" / "losses.json").read_text())["cases"]


def each(function, x):
    """`function` of a number, or of each of the numbers in nested lists."""
    return [each(function, entry) for entry in x] if isinstance(x, list) else function(x)


def flat(x):
    return [number for entry in x for number in flat(entry)] if isinstance(x, list) else [x]


def call(case, x):
    function = getattr(F, case["loss"])
    return function(x) if case["target"] is None else function(x, case["target"])


def label(case):
    return f"{case['loss']}-{str(case['input'])[:30]}-{str(case['target'])[:20]}"


def test_there_are_cases_for_each_loss():
    assert {case["loss"] for case in CASES} == {
        "softmax",
        "logsumexp",
        "cross_entropy",
        "binary_cross_entropy_with_logits",
        "mse_loss",
        "hinge_loss",
    }
    assert len(CASES) > 60


@pytest.mark.parametrize("case", CASES, ids=label)
def test_values_and_gradients_are_pytorchs(case):
    x = each(Value, case["input"])
    value = call(case, x)
    found = flat(each(lambda v: v.data, value))
    np.testing.assert_allclose(found, flat(case["value"]), rtol=1e-12, atol=1e-12)
    sum((i + 1) * v for i, v in enumerate(flat(value))).backward()
    slopes = flat(each(lambda v: v.grad, x))
    np.testing.assert_allclose(slopes, flat(case["gradient"]), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("case", CASES, ids=label)
def test_plain_numbers_and_arrays_give_numbers(case):
    for x in (case["input"], np.array(case["input"])[()]):
        value = call(case, x)
        assert all(isinstance(number, float) for number in flat(value))
        np.testing.assert_allclose(flat(value), flat(case["value"]), rtol=1e-12, atol=1e-12)


def test_probabilities_are_positive_and_sum_to_one():
    for x in ([0.0], [5.0, -3.0, 2.0], [1000.0, 999.0, -1000.0]):
        probabilities = F.softmax(x)
        assert sum(probabilities) == pytest.approx(1.0, rel=1e-15)
        assert min(probabilities) >= 0.0
    assert F.softmax([1.0, 2.0, 3.0]) == pytest.approx(F.softmax([101.0, 102.0, 103.0]))


def test_the_second_derivative_of_the_cross_entropy():
    """It is that of softmax, though the largest score is taken out as a constant."""
    x = [Value(0.5), Value(2.0), Value(-1.0)]
    p = F.softmax([v.data for v in x])
    first = gradient(F.cross_entropy(x, 1), *x)
    for i, slope in enumerate(first):
        assert slope.data == pytest.approx(p[i] - (i == 1), abs=1e-14)
        for j, curvature in enumerate(gradient(slope, *x)):
            assert curvature.data == pytest.approx(p[i] * ((i == j) - p[j]), abs=1e-14)


def test_a_batch_gives_the_mean():
    scores, classes = [[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]], [0, 2]
    singles = [F.cross_entropy(row, k) for row, k in zip(scores, classes, strict=True)]
    assert F.cross_entropy(scores, classes) == pytest.approx(sum(singles) / 2)
    assert F.cross_entropy(np.array(scores), np.array(classes)) == pytest.approx(sum(singles) / 2)
    assert F.cross_entropy(scores[:1], classes[:1]) == singles[0]


@pytest.mark.parametrize("loss", [F.mse_loss, F.hinge_loss, F.binary_cross_entropy_with_logits])
def test_one_input_or_several(loss):
    assert loss([0.25], [1.0]) == loss(0.25, 1.0)
    assert loss([0.25, -2.0], (1.0, 1.0)) == (loss(0.25, 1.0) + loss(-2.0, 1.0)) / 2
    assert type(loss(Value(0.25), 1.0)) is type(loss([Value(0.25)], [1.0])) is Value
    assert loss(Value(0.25), np.int64(1)).data == loss(0.25, 1.0)
    assert loss(np.array([0.25, -2.0]), np.ones(2)) == loss([0.25, -2.0], [1, 1])


def test_a_target_that_is_a_value_gets_a_gradient():
    x, y = Value(1.0), Value(3.0)
    F.mse_loss([x], [y]).backward()
    assert (x.grad, y.grad) == (-4.0, 4.0)


@pytest.mark.parametrize("target", [1, np.int64(1), np.uint8(1), True, np.array([0, 1])[1]])
def test_kinds_of_class(target):
    expected = math.log(1.0 + math.exp(-1.0))
    assert F.cross_entropy([1.0, 2.0], target) == pytest.approx(expected, rel=1e-14)


# Errors


@pytest.mark.parametrize("target", [-1, 3, 10**30])
def test_a_class_that_there_is_not(target):
    with pytest.raises(IndexError, match=f"class {target} is not one of the 3"):
        F.cross_entropy([1.0, 2.0, 3.0], target)
    with pytest.raises(IndexError, match=f"class {target} is not one of the 3"):
        F.cross_entropy([[1.0, 2.0, 3.0]] * 2, [0, target])


@pytest.mark.parametrize("target", [0.5, 1.9999, math.nan])
def test_a_fraction_is_no_class(target):
    with pytest.raises((TypeError, ValueError, IndexError), match="class"):
        F.cross_entropy([1.0, 2.0, 3.0], target)


@pytest.mark.parametrize(
    "loss",
    [F.mse_loss, F.hinge_loss, F.binary_cross_entropy_with_logits, F.cross_entropy],
)
def test_as_many_targets_as_inputs(loss):
    for inputs, targets in (
        ([[1.0, 2.0]] * 2, [0]),
        ([[1.0, 2.0]], [0, 1]),
        ([], []),
        (np.ones((3, 2)), np.ones(2)),
    ):
        match = f"{loss.__name__} was given {len(inputs)} inputs for {len(targets)} targets"
        with pytest.raises(ValueError, match=match):
            loss(inputs, targets)


@pytest.mark.parametrize("loss", [F.mse_loss, F.hinge_loss, F.binary_cross_entropy_with_logits])
@pytest.mark.parametrize("x", [Value(1.0), 1.0, np.float64(1.0)])
def test_one_input_for_several_targets(loss, x):
    with pytest.raises(ValueError, match=r"was given one inputs? for 2 targets"):
        loss(x, [1.0, 0.0])


@pytest.mark.parametrize("loss", [F.mse_loss, F.hinge_loss, F.binary_cross_entropy_with_logits])
@pytest.mark.parametrize("inputs", [[1.0, 2.0], [Value(1.0), Value(2.0)], [Value(1.0)]])
def test_several_inputs_for_one_target(loss, inputs):
    with pytest.raises((TypeError, ValueError), match=f"{loss.__name__}.*target"):
        loss(inputs, 1.0)


def test_no_scores():
    for function in (F.softmax, F.logsumexp, lambda x: F.cross_entropy([x], [0])):
        with pytest.raises((ValueError, IndexError), match="score"):
            function([])


def test_a_number_where_scores_belong():
    """As a network with a single output gives it."""
    for function in (F.softmax, F.logsumexp, lambda x: F.cross_entropy(x, 0)):
        for x in (Value(1.0), 1.0):
            with pytest.raises((TypeError, ValueError), match="scores"):
                function(x)


# In compiled functions


def numbers(values, what):
    return [getattr(value, what) for value in values]


@pytest.mark.parametrize("scores", [[0.5, -1.0, 2.0], [800.0, 1.0, -800.0], [2.0, 2.0, 2.0]])
@pytest.mark.parametrize("target", [0, 2])
def test_cross_entropy_is_the_same_when_compiled(scores, target):
    compiled = autograd.compile(F.cross_entropy)
    compiled([Value(0.0), Value(3.0), Value(1.0)], 1)  # for which it is traced
    given, plain = [Value(x) for x in scores], [Value(x) for x in scores]
    loss, expected = compiled(given, target), F.cross_entropy(plain, target)
    loss.backward()
    expected.backward()
    assert compiled.cache_info().misses == 1
    assert loss.data == pytest.approx(expected.data, rel=1e-14, abs=1e-300)
    assert numbers(given, "grad") == pytest.approx(numbers(plain, "grad"), rel=1e-13, abs=1e-300)


def test_the_mean_over_a_batch_is_the_same_when_compiled():
    compiled = autograd.compile(F.cross_entropy)
    rng = np.random.default_rng(0)
    for _ in range(3):
        scores, classes = rng.normal(size=(4, 3)), rng.integers(0, 3, 4)
        rows = [[Value(x) for x in row] for row in scores]
        expected = F.cross_entropy(rows, classes.tolist()).data
        assert compiled(rows, classes.tolist()).data == pytest.approx(expected, rel=1e-14)
    assert compiled.cache_info()[:2] == (2, 1)


def test_softmax_is_the_same_when_compiled():
    compiled = autograd.compile(F.softmax)
    for scores in ([0.0, 1.0, 2.0], [900.0, 1.0, 899.0], [-3.0, -3.0, -4.0]):
        found = numbers(compiled(scores), "data")
        assert found == pytest.approx(F.softmax(scores), rel=1e-14, abs=1e-300)


def test_a_class_that_is_not_there_is_an_error_in_a_replay_too():
    compiled = autograd.compile(F.cross_entropy)
    scores = [Value(1.0), Value(2.0)]
    compiled(scores, 1)
    with pytest.raises(IndexError, match="target is 2, but there are 2"):
        compiled(scores, 2)
