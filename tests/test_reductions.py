"""Reductions and elementwise functions: names, arguments, errors, edges, and order 2."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, gradient

inf, nan = math.inf, math.nan

REDUCTIONS = ["sum", "mean", "prod", "var", "std", "norm", "logsumexp", "amax", "amin", "any"]
REDUCTIONS += ["all", "max", "min", "median", "argmax", "argmin"]
ALONG_ONE = ["softmax", "log_softmax", "cumsum"]
SMOOTH = ["sum", "mean", "prod", "var", "std", "norm", "logsumexp", "amax", "amin", "median"]
ELEMENTWISE = ["exp2", "log2", "log10", "rsqrt", "reciprocal", "asinh", "floor", "ceil", "round"]
ELEMENTWISE += ["trunc", "isnan", "isinf", "isfinite"]
BINARY = ["remainder", "logaddexp", "true_divide", "div", "floor_divide", "max", "min", "eq", "ne"]
BINARY += ["lt", "le", "gt", "ge", "clamp_min", "clamp_max"]


def variable(data, **options):
    return Tensor(data, requires_grad=True, **options)


def slope(f, data):
    """The gradient of a number that a function makes of an array."""
    x = variable(data)
    with np.errstate(all="ignore"):
        f(x).sum().backward()
    return x.grad.tolist()


def arrays_of(result):
    """The arrays of a Tensor, or of several."""
    return [x.data for x in (result if isinstance(result, tuple) else (result,))]


# --- names and arguments ---


@pytest.mark.parametrize("name", REDUCTIONS + ALONG_ONE)
def test_a_reduction_is_a_method_and_a_function_of_tensors_arrays_and_lists(name):
    data = [[1.0, 5.0, 2.0], [7.0, 2.0, 0.5]]
    function = getattr(autograd, name)
    expected = arrays_of(getattr(Tensor(data), name)(dim=1))
    for form in (function(Tensor(data), dim=1), function(Tensor(data), axis=-1)):
        np.testing.assert_array_equal(arrays_of(form), expected)
    for data_as in (np.array(data), data):
        found = function(data_as, dim=1)
        found = found if isinstance(found, tuple) else (found,)
        assert all(isinstance(x, np.ndarray) for x in found)
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", REDUCTIONS)
def test_axes_stay_by_either_word(name):
    reduce = getattr(Tensor([[1.0, 5.0, 2.0], [7.0, 2.0, 0.5]]), name)
    for kept in (reduce(dim=1, keepdim=True), reduce(axis=1, keepdims=True)):
        assert {x.shape for x in arrays_of(kept)} == {(2, 1)}
    assert {x.shape for x in arrays_of(reduce(dim=1))} == {(2,)}
    if name != "logsumexp":
        assert {x.shape for x in arrays_of(reduce(keepdim=True))} == {(1, 1)}


@pytest.mark.parametrize("name", ["sum", "mean", "prod", "var", "std", "norm", "amax", "logsumexp"])
def test_several_axes(name):
    x = Tensor(np.random.default_rng(0).normal(size=(2, 3, 4)))
    several = getattr(x, name)(dim=(0, 2))
    flat = getattr(x.transpose(0, 1).reshape(3, 8), name)(dim=1)
    np.testing.assert_allclose(several.data, flat.data, rtol=1e-14)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_an_elementwise_function_takes_all_kinds_of_number(name):
    function = getattr(autograd, name)
    plain = function(2.25)
    assert isinstance(plain, float)
    assert getattr(Value(2.25), name)().data == function(Value(2.25)).data == plain
    assert getattr(Tensor(2.25), name)().item() == function(np.array(2.25)) == plain


@pytest.mark.parametrize("name", BINARY)
def test_a_binary_function_takes_all_kinds_of_number(name):
    function = getattr(autograd, name)
    plain = function(2.25, 0.5)
    assert isinstance(plain, float)
    assert getattr(Value(2.25), name)(0.5).data == function(2.25, Value(0.5)).data == plain
    for other in (Tensor(0.5), np.array(0.5)):
        assert getattr(Tensor(2.25), name)(other).item() == function(np.array(2.25), other) == plain


def test_values_are_clamped_rounded_and_mixed():
    v = Value(2.666)
    assert v.clamp(0.0, 1.0).data == autograd.clamp(v, max=1.0).data == 1.0
    assert (v.round(decimals=1).data, v.round(2).data) == (2.7, 2.67)
    assert v.lerp(4.0, 0.5).data == pytest.approx(3.333)
    assert v.max(Value(3.0)).data == v.max(3.0).data == 3.0
    assert v.div(-2.0, rounding_mode="trunc").data == -1.0
    assert v.div(-2.0, rounding_mode="floor").data == (v // -2.0).data == -2.0
    assert (v % 2.0).data == pytest.approx(0.666)
    assert (7 % Value(4.0)).data == 3.0
    assert (7 // Tensor([2.0])).tolist() == [3.0]


def test_max_of_two_by_position_and_by_name():
    x, y = Tensor([1.0, 5.0]), Tensor([2.0, 3.0])
    for found in (x.max(y), x.max(other=y), autograd.max(x, y.data), x.maximum(y)):
        assert found.data.tolist() == [2.0, 5.0]
    assert x.max(other=2).data.tolist() == [2.0, 5.0]
    values, indices = x.max(0)
    assert (values.item(), indices.item(), indices.dtype) == (5.0, 1, np.int64)


def test_no_axes_are_all_in_pytorch_and_none_in_numpy():
    x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    assert x.sum(dim=()).item() == 10.0
    assert x.sum(axis=()).shape == (2, 2)


def test_clip_is_clamp():
    x = Tensor([1.0, 2.0, 3.0])
    for out in (x.clip(None, 2.0), x.clamp(max=2.0), autograd.clip(x, max=2.0)):
        assert out.tolist() == [1.0, 2.0, 2.0]


# --- errors ---


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda x: x.sum(dim=0, axis=0), TypeError, "sum takes dim= or axis="),
        (
            lambda x: x.amax(2),
            IndexError,
            "amax: x has shape .2, 2., so dim must lie in -2 … 1, but is 2",
        ),
        (lambda x: x.var("rows"), TypeError, "var takes an integer for each axis.*'rows'"),
        (lambda x: x.softmax(), TypeError, "softmax needs the axis to run along"),
        (lambda x: x.cumsum((0, 1)), TypeError, "cumsum runs along one axis, but was given 2"),
        (lambda x: x.max((0, 1)), TypeError, "max takes one axis.*see amax and amin"),
        (lambda x: x.argmin((0, 1)), TypeError, "argmin takes one axis, but was given 2"),
        (lambda x: x.norm("nu"), ValueError, "norm takes a number, 'fro' or 'nuc' for p.*'nu'"),
        (lambda x: x.norm("nuc", 0), ValueError, "norm with p='nuc' takes the two axes.*given 1"),
        (lambda x: x.clamp(), ValueError, "clamp takes min=, max= or both"),
        (lambda x: x.clip(), ValueError, "clip takes min=, max= or both"),
        (lambda x: x.div(2, rounding_mode="up"), ValueError, "rounding_mode=None.*'up'"),
    ],
)
def test_errors(call, error, says):
    with pytest.raises(error, match=says):
        call(Tensor([[1.0, 2.0], [3.0, 4.0]]))


@pytest.mark.parametrize("name", ["max", "min", "amax", "amin", "argmax", "argmin"])
def test_of_no_elements_there_is_no_largest(name):
    with pytest.raises(ValueError, match=rf"^{name}: rows \(0, 3\) has no element along axis 0$"):
        getattr(Tensor(np.zeros((0, 3)), name="rows"), name)()
    with pytest.raises(ValueError, match="no element along axis 0"):
        getattr(Tensor(np.zeros((0, 3))), name)(0)


@pytest.mark.parametrize("p", [inf, -inf, -1])
def test_of_no_elements_some_norms_are_undefined(p):
    with pytest.raises(ValueError, match="of no elements is undefined"):
        Tensor([]).norm(p)


@pytest.mark.parametrize("name", sorted(set(REDUCTIONS) - {"max", "min"}))
def test_a_list_of_values_is_no_array(name):
    with pytest.raises(TypeError, match=f"{name[-3:]} takes one Value.*a list of them"):
        getattr(autograd, name)([Value(1.0), Value(2.0)])


def test_the_largest_and_the_smallest_of_a_list_of_values():
    values = [Value(1.0), Value(3.0), 3.0, Value(-2.0)]
    largest, smallest = autograd.max(values), autograd.min(values)
    assert (largest.data, smallest.data) == (3.0, -2.0)
    (largest + 10.0 * smallest).backward()
    assert [v.grad for v in values if v is not values[2]] == [0.0, 0.5, 10.0]  # a tie is shared


@pytest.mark.parametrize("name", ["any", "all", "argmax", "argmin", "floor", "isnan", "eq"])
def test_no_gradient_flows_through_what_is_flat(name):
    x = variable([1.0, 2.0])
    out = x.eq(1.0) if name == "eq" else getattr(x, name)()
    if out.requires_grad:
        out.sum().backward()
        assert not x.grad.any()


# --- edges ---


def test_ties():
    data = [3.0, 1.0, 3.0]
    assert slope(lambda x: x.max(), data) == [0.5, 0.0, 0.5]
    assert slope(lambda x: x.amax(0), data) == [0.5, 0.0, 0.5]
    assert slope(lambda x: x.max(0).values, data) == [1.0, 0.0, 0.0]
    assert slope(lambda x: x.median(), data) == [0.5, 0.0, 0.5]
    assert slope(lambda x: x.median(0).values, data) == [1.0, 0.0, 0.0]


@pytest.mark.parametrize("p", [0.5, 1, 1.5, 2, 3, inf, -inf, -1, "fro"])
def test_the_gradient_of_a_norm_is_finite_at_zero(p):
    assert slope(lambda x: x.norm(p), [0.0, 0.0]) == [0.0, 0.0]
    assert np.isfinite(slope(lambda x: x.norm(p), [0.0, 3.0])).all()


def test_the_deviation_of_equal_numbers_has_gradient_zero():
    assert slope(lambda x: x.std(), [2.0, 2.0]) == [0.0, 0.0]


def test_no_overflow_at_a_thousand():
    data = [1000.0, -1000.0, 999.0]
    for f in (lambda x: x.logsumexp(0), lambda x: x.softmax(0), lambda x: x.log_softmax(0)):
        assert np.isfinite(f(Tensor(data)).data).all()
        assert np.isfinite(slope(lambda x, f=f: f(x) * [1.0, 2.0, 3.0], data)).all()


def test_a_product_with_zeros_has_all_its_derivatives():
    x = variable([0.0, 2.0, 0.0, 3.0, 5.0])
    first = gradient(x.prod(), x)
    assert first.data.tolist() == [0.0] * 5
    mixed = gradient(first[0], x)
    assert mixed.data.tolist() == [0.0, 0.0, 30.0, 0.0, 0.0]


@pytest.mark.parametrize("n", range(10))
def test_a_product_of_any_number_of_elements(n):
    data = np.random.default_rng(n).normal(size=(2, n))
    np.testing.assert_allclose(Tensor(data).prod(1).data, np.prod(data, axis=1), rtol=1e-14)


@pytest.mark.parametrize("name", SMOOTH + ALONG_ONE)
def test_float32_stays(name):
    x = variable([[1.0, 5.0, 2.0], [7.0, 2.0, 0.5]], dtype=np.float32)
    for axis in (0, (0, 1)) if name not in [*ALONG_ONE, "median"] else (0,):
        out = getattr(x, name)(dim=axis)
        out = out.values if name == "median" else out
        assert out.dtype == np.float32
        assert gradient((out * out).sum(), x).dtype == np.float32
        (out * out).sum().backward()
        assert x.grad.dtype == np.float32


@pytest.mark.parametrize("p", [0, 1, 3, inf])
def test_float32_stays_in_every_norm(p):
    assert variable([1.0, 2.0], dtype=np.float32).norm(p).dtype == np.float32


def test_float32_stays_between_bounds():
    x = variable([1.5, 2.5], dtype=np.float32)
    for out in (x.clamp(0, 2), x.clamp(min=2), x.round(decimals=1), x.lerp(2.0, 0.5), x % 2):
        assert out.dtype == np.float32


def test_integers_and_booleans():
    x = Tensor([[1, 2], [3, 5]])
    assert (x.prod().item(), x.prod().dtype) == (30, np.int64)
    assert (x.max().dtype, x.clamp(min=2).dtype, x.cumsum(0).dtype) == (np.int64,) * 3
    assert x.div(2, rounding_mode="trunc").dtype == (x // 2).dtype == np.int64
    mask = x > 1
    assert (mask.sum().item(), mask.prod().item(), mask.any().item()) == (3, 0, True)
    assert not x.max(0).values.requires_grad


def test_of_too_few_elements_the_variance_is_nan_without_a_warning():
    assert np.isnan([Tensor([2.0]).var().item(), Tensor([[2.0]]).std(0).item()]).all()
    assert np.isnan(autograd.var([2.0, 2.0], correction=2))


def test_of_one_truth_the_cumulative_sum_is_an_integer():
    for x in (Tensor(True), Tensor([True])):
        found = x.cumsum(0)
        assert (found.dtype, found.data.sum()) == (np.int64, 1)


def test_exponentials_of_integers_are_floats():
    x = Tensor([1, 1])
    assert x.softmax(0).tolist() == [0.5, 0.5]
    assert x.logsumexp(0).item() == pytest.approx(1 + math.log(2))
    assert x.var(correction=0).item() == 0.0


@pytest.mark.parametrize("name", ["mean", "var", "std"])
def test_of_no_elements_it_is_nan(name):
    x = variable([])
    with np.errstate(all="ignore"):
        out = getattr(x, name)()
        out.backward()
    assert math.isnan(out.item())
    assert x.grad.shape == (0,)


# --- order 2, by finite differences of the first derivatives ---


@pytest.mark.parametrize("name", [*SMOOTH, *ALONG_ONE, "max"])
@pytest.mark.parametrize("shape", [(4,), (2, 3)])
def test_second_derivatives(name, shape):
    rng = np.random.default_rng(len(name))
    data, weights = rng.normal(size=shape) + 0.1, rng.normal(size=shape)

    def out(x):
        found = getattr(x, name)(dim=-1)
        return ((found[0] if isinstance(found, tuple) else found) ** 3).sum()

    def directed(data):
        x = variable(data)
        return x, (gradient(out(x), x) * weights).sum()

    x, along = directed(data)
    found = gradient(along, x).data
    for at in np.ndindex(shape):
        up, down = data.copy(), data.copy()
        up[at] += 1e-5
        down[at] -= 1e-5
        expected = (directed(up)[1].item() - directed(down)[1].item()) / 2e-5
        assert found[at] == pytest.approx(expected, rel=1e-5, abs=1e-6)
