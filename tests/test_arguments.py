"""Arguments as PyTorch takes them, errors that name the function called, and edges of floats."""

from __future__ import annotations

import inspect
import math

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value
from autograd.functions.aliases import ALIASES
from autograd.op import TABLE

nan = math.nan


def variable(data, **options):
    return Tensor(data, requires_grad=True, **options)


# --- PyTorch's arguments ---

# What PyTorch calls the first operand where that is not `input`.
FIRST = {
    **dict.fromkeys(["cat", "concat", "concatenate", "stack"], "tensors"),
    **{"einsum": "subscripts", "solve": "A", "split": "tensor", "tensordot": "a"},
    "where": "condition",
    **dict.fromkeys(["attention", "attention_weights"], "query"),
}
FUNCTIONS = {
    name: getattr(autograd, name)
    for name in autograd.__all__
    if getattr(getattr(autograd, name), "__module__", "").startswith("autograd.functions")
}


def test_the_first_operand_has_pytorchs_name():
    firsts = {name: next(iter(inspect.signature(f).parameters)) for name, f in FUNCTIONS.items()}
    assert firsts == dict.fromkeys(FUNCTIONS, "input") | FIRST


@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.public and op.scalar], ids=str)
def test_operands_of_the_table_have_pytorchs_names(op):
    words = iter(op.words)
    names = [name if len(name) > 1 else next(words) for name in op.names]
    given = {name: high for name, (_, high) in zip(names, op.domain[0], strict=True)}
    expected = op.function(*given.values())
    assert op.function(**given) == expected
    if op.name == "where":  # whose method is one of the branch
        return
    first, *rest = given
    for kind in (Value, Tensor):
        method = getattr(kind(given[first]), op.name)
        assert method(**{word: given[word] for word in rest}).item() == pytest.approx(expected)


X, Y = np.array([[0.25, -0.5], [0.75, 0.5]]), np.array([[0.5, -0.5], [0.25, 1.0]])
GIVEN = {**dict.fromkeys(["concat", "concatenate"], ((X, Y),)), "arccosh": (1.0 + Y * Y,)}
GIVEN |= dict.fromkeys(["moveaxis", "swapdims"], (X, 0, 1))
GIVEN |= dict.fromkeys(["divide", "subtract"], (X, Y))


@pytest.mark.parametrize("name", ALIASES)
def test_second_names_mean_what_they_mean_in_numpy(name):
    operands = GIVEN.get(name) or (X, Y)[: ALIASES[name].op.arity]
    expected = getattr(np, name if name != "swapdims" else "swapaxes")(*operands)
    np.testing.assert_array_equal(getattr(autograd, name)(*operands), expected)
    if not name.startswith("concat"):
        found = getattr(Tensor(operands[0]), name)(*operands[1:])
        np.testing.assert_array_equal(found.data, expected)


def test_bounds_of_truths():
    truths = Tensor([True, False])
    assert (truths.clamp(max=False).dtype, truths.clamp_min(1).tolist()) == (bool, [1, 1])


def test_two_numbers_are_compared():
    v = Value(3.0)
    assert (autograd.min(3, 2), autograd.max(3, 2)) == (2.0, 3.0)
    assert (autograd.min(3.0, 4), autograd.max(np.float32(3), 4)) == (3.0, 4.0)
    assert (autograd.min(v, 2).data, autograd.max(2, v).data) == (2.0, 3.0)
    values, indices = autograd.max(Tensor([3.0, 5.0]), 0)  # but of an array it is an axis
    assert (values.item(), indices.item()) == (5.0, 1)
    assert autograd.min([3.0, 2.0], 0).values == 2.0


def test_one_number_is_the_largest_of_itself():
    v = Value(3.0)
    autograd.max(v).backward()
    assert (v.max().data, v.min().data, autograd.max(3.0), v.grad) == (3.0, 3.0, 3.0, 1.0)
    for number in (v, 3.0, 3):
        assert [places.tolist() for places in autograd.where(number)] == [[0]]


def test_a_multiple_is_added_and_taken_away():
    v, w = Value(2.0), Value(3.0)
    for out in (v.add(w, alpha=10), v.add(other=w, alpha=10), autograd.add(2.0, w, alpha=10)):
        assert out.data == 32.0
    assert autograd.sub(v, w, alpha=0.5).data == v.sub(w, alpha=Value(0.5)).data == 0.5
    assert v.add(w).op.name == "add"
    assert Tensor([1, 2]).add(1, alpha=2).tolist() == [3, 4]


def test_what_is_converted_first():
    x = variable([[1.5, 2.5], [3.5, 1e-20]])
    for f in (x.sum, x.mean, x.prod, x.norm):
        assert (f(dtype=np.float32).dtype, f(dtype="float32").dtype) == (np.float32,) * 2
    for f in (x.softmax, x.log_softmax, x.cumsum):
        assert f(0, dtype=np.float32).dtype == np.float32
    assert x.softmax(0, np.float32).dtype == np.float32
    assert (x.sum(dtype=int).item(), x.sum(0, dtype=np.int64).tolist()) == (6, [4, 2])
    assert Tensor([1, 2]).mean(dtype=np.float32).dtype == np.float32
    x.sum(dtype=np.float32).backward()
    assert x.grad.dtype == np.float64


def test_where_of_a_condition_alone():
    x = np.array([[1.0, 0.0], [0.0, 2.0]])
    for found in (autograd.where(Tensor(x)), autograd.nonzero(Tensor(x), as_tuple=True)):
        assert [(places.tolist(), places.dtype) for places in found] == [([0, 1], np.int64)] * 2
    assert isinstance(autograd.where(x)[0], np.ndarray)
    assert autograd.nonzero(x).tolist() == [[0, 0], [1, 1]]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda x, y: x.clamp(y, 1.0), "^clamp: rows .2, 2. and min .3,. do not broadcast"),
        (lambda x, y: x.clip(max=y), "^clip: rows .2, 2. and max .3,. do not broadcast"),
        (lambda x, y: x.clamp_min(y), "^clamp_min: rows .2, 2. and min .3,. do not"),
        (autograd.clamp_max, "^clamp_max: rows .2, 2. and max .3,. do not"),
        (lambda x, y: x.lerp(y, 0.5), "^lerp: rows .2, 2. and end .3,. do not broadcast"),
        (lambda x, y: x.lerp(x, y), "^lerp: rows .2, 2. and weight .3,. do not broadcast"),
        (lambda x, y: x.max(y), "^max: rows .2, 2. and other .3,. do not broadcast"),
        (lambda x, y: autograd.min(x, other=y), "^min: rows .2, 2. and other .3,. do not"),
        (lambda x, y: x.true_divide(y), "^true_divide: rows .2, 2. and other .3,. do not"),
        (lambda x, y: x.div(y, rounding_mode="trunc"), "^div: rows .2, 2. and other .3,. do not"),
        (lambda x, y: x.add(y), "^add: rows .2, 2. and y .3,. do not broadcast"),
        (lambda x, y: autograd.where(x > 0, x, y), "^where: .* do not broadcast: 2 and 3 differ"),
    ],
)
def test_shapes_that_do_not_broadcast(call, says):
    with pytest.raises(ValueError, match=says):
        call(Tensor([[1.0, 2.0], [3.0, 4.0]], name="rows"), np.zeros(3))


@pytest.mark.parametrize("name", ["isnan", "isinf", "isfinite", "clamp_min", "lerp", "max"])
def test_what_is_no_number(name):
    rest = {"clamp_min": [0.0], "lerp": [1.0, 0.5], "max": [Tensor(1.0)]}.get(name, [])
    with pytest.raises(TypeError, match=f"^{name} expects numbers.*'a'"):
        getattr(autograd, name)("a", *rest)


def test_numbers_that_stand_for_no_letter():
    with pytest.raises(ValueError, match=r"^einsum takes numbers from 0 to 51 for axes, not 99"):
        autograd.einsum(np.ones((2, 2)), [0, 99])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda x: x.var(unbiased=False, correction=0), "^var takes unbiased= or correction="),
        (lambda x: x.std(0, True, correction=1), "^std takes unbiased= or correction="),
        (lambda x: autograd.where(x > 0, x), "^where takes a condition and two branches, or a"),
        (lambda x: autograd.einsum(x, 0), "^einsum takes subscripts such as"),
        (lambda x: autograd.einsum(x, [0, 1], x, 0), "^einsum takes a list of numbers behind each"),
        (lambda x: x.mul(), r"^mul\(\) misses its operand 'y'"),
        (lambda x: x.mul(second=2.0), r"^mul\(\) misses its operand 'y'"),
    ],
)
def test_arguments_that_do_not_go_together(call, says):
    with pytest.raises(TypeError, match=says):
        call(Tensor([[1.0, 2.0], [3.0, 4.0]]))


# --- the loss of a classification, and affine maps ---

SCORES = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], name="scores")


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"target": [0, 3]}, IndexError, "^cross_entropy: class 3 is not one of the 3 that have"),
        ({"target": [0, -1]}, IndexError, "^cross_entropy: class -1 is not one of the 3"),
        ({"target": [0, -1], "reduction": "sum"}, IndexError, "^cross_entropy: class -1 is not"),
        ({"target": [0]}, ValueError, "^cross_entropy takes rows.*scores .2, 3. and target .1,."),
        ({"target": [0.0, 1.0]}, ValueError, "^cross_entropy takes whole numbers for classes"),
        ({"target": [[0, 1, 0]] * 2}, ValueError, "^cross_entropy takes floats for probabilities"),
        ({"target": [0, 1], "reduction": "all"}, ValueError, "^cross_entropy takes reduction=.*'a"),
        ({"target": [0, 1], "label_smoothing": 2}, ValueError, "^cross_entropy takes label_smooth"),
        ({"target": [0, 1], "weight": [1.0]}, ValueError, "^cross_entropy takes a weight for each"),
    ],
)
def test_errors_of_the_cross_entropy(options, error, says):
    with pytest.raises(error, match=says):
        autograd.cross_entropy(SCORES, **options)


def test_the_cross_entropy_keeps_float32_and_takes_lists():
    scores = variable(SCORES.data, dtype=np.float32)
    for options in ({}, {"weight": [1.0, 2.0, 0.5]}, {"label_smoothing": 0.1}):
        assert autograd.cross_entropy(scores, [0, 2], **options).dtype == np.float32
    assert autograd.cross_entropy(scores, [[0.5, 0.5, 0.0]] * 2).dtype == np.float32
    found = autograd.cross_entropy(SCORES.tolist(), [0, 2], reduction="none")
    np.testing.assert_allclose(found, autograd.cross_entropy(SCORES, [0, 2], reduction="none").data)


def test_where_no_row_counts_the_mean_is_nan_and_the_sum_zero():
    assert math.isnan(autograd.cross_entropy(SCORES, [-100, -100]).item())
    assert autograd.cross_entropy(SCORES, [-100, -100], reduction="sum").item() == 0.0


def test_an_affine_map_says_what_does_not_fit():
    with pytest.raises(ValueError, match=r"^linear: weight \(4, 2\) takes 2 features"):
        autograd.linear(SCORES, np.zeros((4, 2)))
    with pytest.raises(ValueError, match=r"^linear: weight .* gives 4 features, which bias"):
        autograd.linear(SCORES, np.zeros((4, 3)), np.zeros(3))


# --- floats have the edges of arrays ---

nan_edges = [
    ("relu", [nan]),
    ("sign", [nan]),
    ("abs", [nan]),
    *[(name, pair) for name in ("max", "min") for pair in ([nan, 1.0], [1.0, nan], [nan, nan])],
    *[("clamp", [x, *ends]) for x in (-2.0, 1.0, 2.0, nan) for ends in ([1.0, 1.0], [1.0, -1.0])],
    *[("clamp", [x, *ends]) for x in (-2.0, 2.0) for ends in ([nan, 1.0], [-1.0, nan])],
]


@pytest.mark.parametrize(("name", "numbers"), nan_edges)
def test_a_value_has_the_edges_of_a_tensor(name, numbers):
    values, tensors = [Value(x) for x in numbers], [variable(x) for x in numbers]
    outs = [getattr(operands[0], name)(*operands[1:]) for operands in (values, tensors)]
    for out in outs:
        out.backward()
    assert outs[0].data == pytest.approx(outs[1].item(), nan_ok=True)
    assert [v.grad for v in values] == [t.grad.item() for t in tensors]


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: autograd.acosh(-1.0), ValueError, r"in acosh\(x=-1.0\)$"),
        (lambda: autograd.log(0), ValueError, r"in log\(x=0.0\)$"),
        (lambda: autograd.div(1.0, 0), ZeroDivisionError, r"in div\(x=1.0, y=0.0\)$"),
        (lambda: autograd.exp(1e3), OverflowError, r"in exp\(x=1000.0\)$"),
    ],
)
def test_errors_of_plain_floats_name_the_function(call, error, says):
    with pytest.raises(error, match=says):
        call()


@pytest.mark.parametrize("name", ["asin", "acos", "atanh", "acosh"])
def test_where_floats_have_no_derivative_the_error_has_the_users_name(name):
    with pytest.raises((ValueError, ZeroDivisionError), match=rf"{name}\(v=1.0\)"):
        getattr(Value(1.0, name="v"), name)().backward()
    with pytest.raises(ValueError, match=rf"{name}\(v=-2.5\)"):
        getattr(Value(-2.5, name="v"), name)()
