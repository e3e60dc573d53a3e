"""NumPy's functions on Tensors: `np.f(tensor)` is what `np.f(array)` is, and has a gradient."""

from __future__ import annotations

import functools
import operator

import numpy as np
import pytest
from numpy_uses import DIFFERENTIABLE, PLAIN, A, B, C, V

import autograd
from autograd import Tensor, Value, gradgradcheck, gradient
from autograd.node import UFUNCS
from autograd.numpy_functions import FUNCTIONS, INSTEAD

CASES = [
    pytest.param(f, arrays, id=f"{name}-{i}")
    for name, uses in DIFFERENTIABLE.items()
    for i, (f, *arrays) in enumerate(uses)
]


@pytest.mark.parametrize(("f", "arrays"), CASES)
def test_value(f, arrays):
    out = f(*(Tensor(x, requires_grad=True) for x in arrays))
    assert isinstance(out, Tensor)
    expected = f(*arrays)
    assert out.shape == np.shape(expected)
    np.testing.assert_allclose(out.data, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("f", "arrays"), CASES)
def test_gradient(f, arrays):
    """Along a random direction, by central differences of NumPy's own function."""
    rng = np.random.default_rng(2)
    xs = [Tensor(x, requires_grad=True) for x in arrays]
    out = f(*xs)
    weights = rng.normal(size=out.shape)
    (out * weights).sum().backward()
    directions = [rng.normal(size=x.shape) for x in arrays]
    h = 1e-5

    def along(step):
        moved = [x + step * d for x, d in zip(arrays, directions, strict=True)]
        return (f(*moved) * weights).sum()

    assert not any(x.grad is None for x in xs)
    slope = sum((x.grad * d).sum() for x, d in zip(xs, directions, strict=True))
    assert slope == pytest.approx((along(h) - along(-h)) / (2 * h), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(("f", "arrays"), CASES)
def test_second_derivative(f, arrays):
    assert gradgradcheck(f, tuple(arrays))


@pytest.mark.parametrize("f", PLAIN)
def test_what_has_no_derivative(f):
    out, expected = f(Tensor(A, requires_grad=True)), f(A)
    if isinstance(out, Tensor):
        assert (out.op, out.dtype) == (None, np.asarray(expected).dtype)
        out = out.data
    np.testing.assert_array_equal(out, expected, strict=isinstance(expected, np.ndarray))


def test_every_function_is_tried(monkeypatch):
    tried = set()

    def watched(function, ours):
        @functools.wraps(ours)
        def call(*args, **kwargs):
            tried.add(function)
            return ours(*args, **kwargs)

        return call

    for function, ours in FUNCTIONS.items():
        monkeypatch.setitem(FUNCTIONS, function, watched(function, ours))
    for f, *arrays in [use for uses in DIFFERENTIABLE.values() for use in uses]:
        f(*map(Tensor, arrays))
    for f in PLAIN:
        f(Tensor(A))
    np.sign(Tensor(A))
    assert tried == set(FUNCTIONS)


@pytest.mark.parametrize(
    "ufunc", [np.maximum, np.minimum, np.add, np.arctan2, np.logaddexp, np.heaviside]
)
def test_ufuncs_in_both_orders(ufunc):
    x = Tensor(A, requires_grad=True)
    for out, expected in [(ufunc(x, B), ufunc(A, B)), (ufunc(B, x), ufunc(B, A))]:
        assert isinstance(out, Tensor)
        assert out.requires_grad
        np.testing.assert_allclose(out.data, expected, rtol=1e-14)


def test_second_derivatives():
    x = Tensor(V, requires_grad=True)
    first = gradient(np.var(x) * np.sum(x), x)
    second = gradient(np.sum(first), x)
    assert second.data == pytest.approx(8 * (V - V.mean()) / 4)


def test_methods_mean_what_pytorch_means():
    x = Tensor(V, requires_grad=True)
    assert x.std().item() == pytest.approx(np.std(V, ddof=1))
    assert x.var().item() == pytest.approx(np.var(V, ddof=1))
    assert x.median().item() == np.sort(V)[1]
    assert np.median(x).item() == pytest.approx(np.sort(V)[1:3].mean())
    assert x.repeat(2).tolist() == [*V, *V]
    assert np.repeat(x, 2).tolist() == [n for n in V for _ in range(2)]
    c = Tensor(C)
    values, places = c.max(1)
    assert values.tolist() == np.max(c, 1).tolist() == C.max(1).tolist()
    assert places.tolist() == C.argmax(1).tolist()
    assert [part.shape for part in x.split(3)] == [(3,), (1,)]
    assert [part.shape for part in np.split(x, [3])] == [(3,), (1,)]
    assert [part.shape for part in np.split(x, 2)] == [(2,), (2,)]
    assert c.transpose(0, 1).shape == (4, 2, 3)
    assert np.transpose(c).shape == (3, 4, 2)
    assert np.dot(c, V[:3]).shape == (2, 4)
    assert np.outer(c, V).shape == (24, 4)
    assert np.tril(x).shape == (4, 4)
    for refused in (lambda: c.dot(c), lambda: c.outer(x), x.tril):
        with pytest.raises(ValueError, match="it takes"):
            refused()
    assert (c.squeeze(0).shape, c.sum(dim=()).shape) == (c.shape, ())
    with pytest.raises(ValueError, match="has length 2, not 1"):
        np.squeeze(c, 0)
    assert np.sum(c, axis=()).shape == c.shape


def test_of_a_list_of_tensors_numpy_sees_the_numbers_alone():
    """It says not whether it is for a list that it asks; `Tensor.numpy` tells of it."""
    x = Tensor(V, requires_grad=True)
    assert type(np.array([x, x])) is type(np.asarray(x)) is np.ndarray
    assert autograd.stack([x, x]).requires_grad


def test_a_nan_is_the_median():
    x = Tensor([1.0, np.nan, 3.0, 2.0], requires_grad=True)
    assert np.isnan(np.median(x).item())


VALUES = [
    np.round,
    lambda v: np.round(v, 1),
    np.rint,
    np.fix,
    lambda v: np.divmod(v, 0.7)[0],
    lambda v: np.divmod(v, 0.7)[1],
    lambda v: np.floor_divide(7.0, v),
    lambda v: np.float64(7.0) % v,
    np.degrees,
    np.copy,
    np.nan_to_num,
    lambda v: np.where(True, v, 0.0),
    lambda v: np.clip(v, 0.0, 2.0),
    lambda v: np.select([False, True], [0.0, v * v]),
    lambda v: np.interp(v, [0.0, 9.0], [0.0, 18.0]),
    lambda v: np.polyval([2.0, 1.0], v),
    lambda v: np.dot(v, v),
    lambda v: np.hstack([v, 2.0 * v])[1],
    lambda v: np.vstack([v, 2.0 * v])[1, 0],
    lambda v: np.column_stack([v, v * v])[0, 1],
    lambda v: np.atleast_2d(v)[0, 0],
    lambda v: np.append(v, v)[1],
    lambda v: np.linspace(1.0, v, 3)[1],
]


@pytest.mark.parametrize("f", VALUES)
def test_values_too(f):
    v, h = Value(2.63), 1e-6
    out = f(v)
    out.backward()
    assert out.item() == pytest.approx(float(f(v.data)), rel=1e-14)
    assert v.grad == pytest.approx((f(v.data + h) - f(v.data - h)) / (2 * h), abs=1e-8)


def test_a_function_of_each_element_of_a_value_is_a_value():
    v = Value(2.6)
    for f in (np.round, np.fix, np.degrees, np.copy, np.nan_to_num, lambda v: np.divmod(v, 2)[1]):
        assert type(f(v)) is Value
    assert np.isclose(v, 2.6 + 1e-12)
    assert (np.ndim(v), np.shape(v), np.size(v)) == (0, (), 1)


def test_only_what_is_met_is_imported(run_python):
    run_python(
        "import sys, autograd, numpy as np\n"
        "assert 'autograd.numpy_functions' not in sys.modules\n"
        "np.sum(autograd.Tensor([1.0]))\n"
        "assert 'autograd.numpy_functions' in sys.modules\n"
    )


def test_an_option_that_says_nothing_is_no_error():
    assert np.sum(Tensor(A), axis=0, out=None, dtype=None).shape == (3,)


def test_einsum_is_autograds():
    x = Tensor(A, requires_grad=True)
    assert np.einsum("ij->j", x, optimize=True).tolist() == autograd.einsum("ij->j", x).tolist()


# --- what is not known, and what NumPy refuses


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (np.histogram, TypeError, "numpy.histogram is not an operation.*`.data`"),
        (np.unique, TypeError, "numpy.unique is not.*return_index=True"),
        (lambda x: np.hypot(x, x), TypeError, r"numpy.hypot is not.*\.norm\(dim=0\)"),
        (np.add.reduce, TypeError, "numpy.add.reduce is not.*use numpy.sum"),
        (lambda x: np.copyto(np.ones((2, 3)), x), TypeError, "numpy.copyto is not.*autograd.where"),
        (lambda x: np.full_like(A, x), TypeError, "numpy.copyto is not.*autograd.where"),
        (lambda x: A.copy().__iadd__(x), TypeError, r"numpy.add cannot write into.*a = a \+ t"),
        (lambda x: np.exp(x, out=A.copy()), TypeError, "numpy.exp cannot write into an array"),
        (lambda x: np.add(x, x, where=A > 2), TypeError, "numpy.add of a Tensor takes no where="),
        (lambda x: np.sum(x, where=A > 2), TypeError, "numpy.sum of a Tensor.*'where'"),
        (lambda x: np.pad(x, 1, "mean"), TypeError, "numpy.pad.*takes mode.*given 'mean'"),
        (lambda x: np.pad(x, 1, constant_values=(1, 2)), TypeError, r"numpy.pad.*\(1, 2\)"),
        (lambda x: np.argmax(x, axis=()), TypeError, r"numpy.argmax takes one axis.*given \(\)"),
        (lambda x: np.argmin(x, axis=(0,)), TypeError, r"numpy.argmin takes one axis.*\(0,\)"),
        (lambda x: np.linalg.norm(x, "fro", axis=0), ValueError, "'fro' is a norm of matrices"),
        (lambda x: np.linalg.norm(x[0], "nuc"), ValueError, "'nuc' is a norm of matrices"),
        (lambda x: np.linalg.norm(x, axis=()), ValueError, "one axis or two, but was given 0"),
        (lambda x: np.linalg.norm(x[None], 1), ValueError, "one axis or two, but was given 3"),
        (lambda x: np.linalg.norm(x, 2), TypeError, "norm with ord=2 is not an operation"),
        (lambda x: np.take_along_axis(x, [[-4]], 1), IndexError, "index -4 is out of range"),
        (lambda x: np.average(x, 0, [0.0, 0.0]), ZeroDivisionError, "weights add up to zero"),
        (lambda x: np.average(x, None, [1.0, 2.0]), TypeError, "weights of the shape of a"),
        (lambda x: np.percentile(A, x), TypeError, r"numpy.quantile has no gradient for q.*\.data"),
        (lambda x: np.quantile(x, 1.1), ValueError, "parts from 0 to 1.*not 1.1"),
        (lambda x: np.interp(x, [1.0], [2.0]), ValueError, "takes two points or more"),
        (lambda x: np.cross(x.T, x.T), ValueError, r"vectors of 3, not \(3, 2\)"),
        (lambda x: np.convolve(x, x), ValueError, "numpy.convolve takes two rows"),
        (lambda x: np.convolve(x[0], x[0], "all"), ValueError, "'valid', but was given 'all'"),
        (lambda x: np.select([A > 1], [x, x]), ValueError, "1 conditions and 2 choices"),
        (lambda x: np.meshgrid(x[0], indexing="yx"), ValueError, "'xy' or 'ij'.*given 'yx'"),
        (
            lambda x: np.dsplit(x, 3),
            IndexError,
            r"^split: x has shape \(2, 3\), so dim must lie in -2 … 1, but is 2",
        ),
        (lambda x: np.split(x, 2, axis=1), ValueError, "3 elements do not make 2 equal parts"),
    ],
)
def test_errors(call, error, says):
    with pytest.raises(error, match=says):
        call(Tensor(A, requires_grad=True))


@pytest.mark.parametrize("name", INSTEAD)
def test_what_to_write_instead_is_said_of_functions_that_exist_and_are_unknown(name):
    function = operator.attrgetter(name)(np)
    assert function not in FUNCTIONS
    assert function not in UFUNCS


def test_nothing_is_there_to_be_reduced():
    empty = Tensor(np.ones((0, 2)), requires_grad=True)
    assert np.isnan(np.median(empty).item())
    assert np.isnan(np.median(empty, axis=0).data).all()
    assert np.median(empty, axis=1).shape == (0,)


@pytest.mark.parametrize("name", ["sum", "round", "median", "pad", "linspace", "nanmean", "diff"])
def test_few_digits_stay_few(name):
    for f, *arrays in DIFFERENTIABLE[name]:
        few = [np.asarray(x, np.float32) for x in arrays]
        assert f(*map(Tensor, few)).dtype == f(*few).dtype == np.float32


@pytest.mark.parametrize("kind", [Tensor, Value])
def test_the_sign_of_nan_is_nan_as_in_numpy_and_zero_as_in_pytorch(kind):
    x = kind(np.nan)
    assert np.isnan(np.sign(x).data)
    assert x.sign().data == 0.0
    assert np.sign(kind(-2.5)).data == -1.0
