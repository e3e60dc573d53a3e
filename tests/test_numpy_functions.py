"""NumPy's functions on Tensors: `np.f(tensor)` is what `np.f(array)` is, and has a gradient."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, gradient
from autograd.numpy_functions import FUNCTIONS


def numbers(*shape, salt=0):
    """Random numbers, no two alike, none near 0."""
    rng = np.random.default_rng(salt)
    n = int(np.prod(shape))
    return (rng.permutation(n) + 1.3 + rng.uniform(0, 0.4, n)).reshape(shape) / 2


A, B, C = numbers(2, 3), numbers(2, 3, salt=1), numbers(2, 4, 3)
V, W, S = numbers(4), numbers(4, salt=1), numbers(3, 3) + np.diag([9.0, 8.0, 7.0])
ORDER = np.argsort(C, axis=1)

DIFFERENTIABLE = {
    "sum": [(np.sum, A), (lambda x: np.sum(x, axis=0), A), (lambda x: np.sum(x, 1), A)],
    "sum, several axes": [(lambda x: np.sum(x, axis=(0, -1), keepdims=True), C)],
    "sum, no axes": [(lambda x: np.sum(x, axis=()), A)],
    "mean": [(np.mean, A), (lambda x: np.mean(x, axis=(0, 2)), C)],
    "prod": [(np.prod, A), (lambda x: np.prod(x, axis=1), A)],
    "var": [(np.var, A), (lambda x: np.var(x, axis=1, ddof=1), A)],
    "std": [(np.std, A), (lambda x: np.std(x, 0, keepdims=True), A)],
    "max": [(np.max, A), (lambda x: np.max(x, axis=1), A), (lambda x: np.amax(x, axis=(0, 2)), C)],
    "min": [(np.min, A), (lambda x: np.min(x, axis=-1, keepdims=True), A), (np.amin, C)],
    "cumsum": [(np.cumsum, A), (lambda x: np.cumsum(x, axis=1), C)],
    "median": [
        (np.median, A),
        (np.median, V[:3]),
        (lambda x: np.median(x, axis=1), C),
        (lambda x: np.median(x, axis=(0, 2), keepdims=True), C),
    ],
    "norm": [
        (np.linalg.norm, V),
        (np.linalg.norm, C),
        (lambda x: np.linalg.norm(x, 1), V),
        (lambda x: np.linalg.norm(x, np.inf), V),
        (lambda x: np.linalg.norm(x, 3, axis=1), C),
        (lambda x: np.linalg.norm(x, axis=(0, 1), keepdims=True), C),
        (lambda x: np.linalg.norm(x, "fro"), A),
        (lambda x: np.linalg.norm(x, 1), A),
        (lambda x: np.linalg.norm(x, -1), A),
        (lambda x: np.linalg.norm(x, np.inf), A),
        (lambda x: np.linalg.norm(x, -np.inf, axis=(0, 2)), C),
    ],
    "concatenate": [
        (lambda x, y: np.concatenate([x, y]), A, B),
        (lambda x, y: np.concatenate((x, y, x), axis=1), A, B),
        (lambda x, y: np.concatenate([x, y], axis=None), A, V),
    ],
    "stack": [(lambda x, y: np.stack([x, y], axis=1), A, B), (lambda x, y: np.stack((x, y)), A, B)],
    "hstack": [(lambda x, y: np.hstack([x, y]), A, B), (lambda x, y: np.hstack([x, y]), V, W)],
    "vstack": [(lambda x, y: np.vstack([x, y]), A, B), (lambda x, y: np.vstack([x, y]), V, W)],
    "split": [
        (lambda x: np.split(x, 2)[1], V),
        (lambda x: np.split(x, [1, 3], axis=1)[1], C),
        (lambda x: np.split(x, 3, axis=-1)[2], A),
    ],
    "array_split": [(lambda x: np.array_split(x, 3)[0], V), (lambda x: np.array_split(x, 3)[2], V)],
    "reshape": [(lambda x: np.reshape(x, (3, -1)), A), (lambda x: np.reshape(x, -1), A)],
    "ravel": [(np.ravel, C)],
    "transpose": [(np.transpose, C), (lambda x: np.transpose(x, (1, 0, 2)), C)],
    "swapaxes": [(lambda x: np.swapaxes(x, 0, -1), C)],
    "moveaxis": [(lambda x: np.moveaxis(x, 0, -1), C)],
    "squeeze": [(np.squeeze, V.reshape(1, 4, 1)), (lambda x: np.squeeze(x, 0), V.reshape(1, 4, 1))],
    "expand_dims": [(lambda x: np.expand_dims(x, (0, -1)), A)],
    "broadcast_to": [(lambda x: np.broadcast_to(x, (2, 2, 3)), A)],
    "repeat": [
        (lambda x: np.repeat(x, 2), A),
        (lambda x: np.repeat(x, [1, 0, 2], axis=1), A),
        (lambda x: np.repeat(x, 2, axis=0), A),
    ],
    "tile": [(lambda x: np.tile(x, 2), A), (lambda x: np.tile(x, (2, 1, 2)), A)],
    "flip": [(np.flip, A), (lambda x: np.flip(x, axis=1), C)],
    "roll": [(lambda x: np.roll(x, 2), A), (lambda x: np.roll(x, -1, axis=1), A)],
    "where": [
        (lambda x, y: np.where(B > 2.0, x, y), A, B),
        (lambda x: np.where(A > 2.0, x, 0.0), A),
    ],
    "clip": [
        (lambda x: np.clip(x, 1.0, 2.0), A),
        (lambda x: np.clip(x, None, 2.0), A),
        (lambda x: np.clip(x, a_min=1.5, a_max=None), A),
    ],
    "take": [
        (lambda x: np.take(x, [0, 0, 3]), A),
        (lambda x: np.take(x, np.array([[0, -1], [1, 1]]), axis=1), C),
    ],
    "take_along_axis": [
        (lambda x: np.take_along_axis(x, ORDER, axis=1), C),
        (lambda x: np.take_along_axis(x, ORDER[:, :1, :1], axis=1), C),
    ],
    "dot": [
        (np.dot, V, W),
        (np.dot, A, A.T),
        (np.dot, C, numbers(5, 3, 2)),
        (lambda x: np.dot(x, 2.0), V),
    ],
    "matmul": [
        (np.matmul, A, A.T),
        (np.matmul, V, numbers(4, 2)),
        (np.matmul, C, numbers(3)),
        (lambda x: A @ x, numbers(3)),
        (lambda x: V @ x, W),
    ],
    "tensordot": [(lambda x, y: np.tensordot(x, y, axes=([0], [0])), A, B), (np.tensordot, A, B)],
    "einsum": [(lambda x, y: np.einsum("ij,ij->i", x, y), A, B)],
    "outer": [(np.outer, V, W), (np.outer, A, V)],
    "diag": [(np.diag, V), (lambda x: np.diag(x, 1), A)],
    "diagonal": [(lambda x: np.diagonal(x, 1, 1, 2), C)],
    "trace": [(np.trace, A), (lambda x: np.trace(x, -1, axis1=1, axis2=2), C)],
    "tril": [(lambda x: np.tril(x, -1), C)],
    "triu": [(lambda x: np.triu(x, k=1), C)],
    "inv": [(np.linalg.inv, S), (np.linalg.inv, np.stack([S, S.T]))],
    "det": [(np.linalg.det, S)],
    "solve": [
        (np.linalg.solve, S, V[:3]),
        (np.linalg.solve, S, numbers(3, 2)),
        (np.linalg.solve, np.stack([S[:2, :2]] * 2), numbers(2, 2)),
    ],
}

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

    slope = sum((x.grad * d).sum() for x, d in zip(xs, directions, strict=True))
    assert slope == pytest.approx((along(h) - along(-h)) / (2 * h), rel=1e-6, abs=1e-6)


PLAIN = [
    np.argmax,
    lambda x: np.argmax(x, axis=1),
    lambda x: np.argmin(x, 0),
    lambda x: np.any(x > 2.0),
    lambda x: np.all(x > 2.0, axis=0),
    lambda x: np.bitwise_and(x > 1.0, x > 2.0),
    lambda x: np.bitwise_or(x > 1.0, x > 2.0),
    lambda x: np.bitwise_xor(x > 1.0, x > 2.0),
    lambda x: np.invert(x > 2.0),
    np.isnan,
    np.isinf,
    np.isfinite,
    np.zeros_like,
    lambda x: np.ones_like(x, dtype=np.float32),
    lambda x: np.full_like(x, 3.0),
    lambda x: np.where(x > 2.0)[0],
    np.shape,
    np.ndim,
    np.size,
    lambda x: np.size(x, 1),
    lambda x: np.allclose(x, A),
    lambda x: np.array_equal(x, B),
]


@pytest.mark.parametrize("f", PLAIN)
def test_what_has_no_derivative(f):
    out, expected = f(Tensor(A, requires_grad=True)), f(A)
    if isinstance(out, Tensor):
        assert (out.op, out.dtype) == (None, np.asarray(expected).dtype)
        out = out.data
    np.testing.assert_array_equal(out, expected, strict=isinstance(expected, np.ndarray))


def test_every_function_is_tried():
    tried = {name.split(",")[0] for name in DIFFERENTIABLE} | {"amax", "amin", "argmax", "argmin"}
    tried |= {"any", "all", "isnan", "isinf", "isfinite", "zeros_like", "ones_like", "full_like"}
    tried |= {"bitwise_and", "bitwise_or", "bitwise_xor", "invert", "sign"}
    tried |= {"shape", "ndim", "size", "allclose", "array_equal"}
    assert {function.__name__ for function in FUNCTIONS} == tried


@pytest.mark.parametrize("kind", [Tensor, Value])
def test_the_sign_of_nan_is_nan_as_in_numpy_and_zero_as_in_pytorch(kind):
    x = kind(np.nan)
    assert np.isnan(np.sign(x).data)
    assert x.sign().data == 0.0
    assert np.sign(kind(-2.5)).data == -1.0


@pytest.mark.parametrize("ufunc", [np.maximum, np.minimum, np.add, np.arctan2, np.logaddexp])
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


def test_a_nan_is_the_median():
    x = Tensor([1.0, np.nan, 3.0, 2.0], requires_grad=True)
    assert np.isnan(np.median(x).item())


def test_values_too():
    v = Value(3.0)
    chosen = np.where(True, v, 0.0)
    assert type(chosen) is Value
    chosen.backward()
    assert v.grad == 1.0
    assert np.ndim(v) == 0
    assert np.clip(v, 0.0, 2.0).data == 2.0


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
