"""An array: what a Tensor takes, its shapes and types, and the arrays that it is made of."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, gradient, no_grad, where


@pytest.fixture
def x():
    return Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True, name="x")


def leaf(data, dtype=None):
    return Tensor(data, requires_grad=True, dtype=dtype)


# --- what it is made from


def test_a_leaf():
    given = np.array([1.0, 2.0])
    x = Tensor(given, requires_grad=True, name="x")
    assert (x.grad, x.op, x.operands, x.parents, x.name) == (None, None, (), (), "x")
    assert (x.shape, x.ndim, x.size, x.dtype, len(x)) == ((2,), 1, 2, np.float64, 2)
    given[0] = 9.0
    assert x.data.tolist() == [1.0, 2.0], "a Tensor has its numbers to itself"
    assert not Tensor([1.0]).requires_grad


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, bool, np.uint8])
def test_types_stay(dtype):
    assert Tensor(np.ones(2, dtype)).dtype == dtype
    assert Tensor([1, 0], dtype=dtype).dtype == dtype


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x * 2.5,
        lambda x: 2.5 * x,
        lambda x: np.float64(2.5) * x,
        lambda x: x / np.int64(3),
        lambda x: x**2,
        lambda x: 2**x,
        lambda x: Value(2.5) * x,
        lambda x: x.mean(),
        lambda x: x[0] * 2,
        lambda x: x.sum() * np.float64(2),
        lambda x: where(x > 1, x, 0.0),
        lambda x: x.clip(0.0, 1.5),
        lambda x: x.softplus() - x.relu(),
    ],
)
@pytest.mark.parametrize("shape", [(3,), ()])
def test_float32_is_kept_beside_plain_numbers(f, shape):
    x = leaf(np.ones(shape, np.float32) if shape else [1.0], np.float32)
    y = f(x).sum()
    y.backward()
    second = gradient((gradient(y, x) * x).sum(), x)
    assert (y.dtype, x.grad.dtype, second.dtype) == (np.float32,) * 3


def test_a_change_of_data_keeps_what_a_leaf_is():
    """Whole numbers given to a parameter must not silently make it one that cannot learn."""
    x = leaf([1.0, 2.0], np.float32)
    x.data = [3, 4]
    assert x.dtype == np.float32
    assert x.data.tolist() == [3.0, 4.0]
    (x * x).sum().backward()
    assert x.grad.tolist() == [6.0, 8.0]


def test_float32_is_not_widened_by_integers_or_single_numbers():
    """As in PyTorch: what has no axes, or is a whole number, follows what it meets."""
    f = Tensor([1.0, 2.0], dtype=np.float32)
    for other in (Tensor([2, 3]), Tensor(2.0), np.array([2, 3]), Tensor(2)):
        assert (f * other).dtype == (other * f).dtype == np.float32
    assert (f * Tensor([1.0, 2.0])).dtype == np.float64
    assert (Tensor(2.0) * Tensor([1.0], dtype=np.float64)).dtype == np.float64


def test_what_integers_and_masks_give():
    assert Tensor([True]).exp().dtype == Tensor(np.array([4], np.int8)).sqrt().dtype == np.float64
    assert (Tensor([1, 2]) * Tensor([True, False])).dtype == np.int64


def test_a_plain_zero_divides_as_in_numpy():
    x = leaf([1.0, 2.0])
    with np.errstate(divide="ignore"):
        y = (x / 0).sum()
        y.backward()
    assert x.grad.tolist() == [np.inf, np.inf]


def test_masks_are_put_together(x):
    low, high = x > 1, x > 3
    for f in (lambda a, b: a & b, lambda a, b: a | b, lambda a, b: a ^ b, lambda a, b: ~a | b):
        found = f(low, high)
        assert found.dtype == bool
        np.testing.assert_array_equal(found.data, f(low.data, high.data))
        np.testing.assert_array_equal(f(low, high.data).data, found.data)
    np.testing.assert_array_equal((True & low).data, low.data)
    np.testing.assert_array_equal((high.data & low).data, high.data)
    assert x[low & ~high].data.tolist() == [2.0, 3.0]
    for wrong in (lambda: x & low, lambda: ~x, lambda: low | 1.0):
        with pytest.raises(TypeError, match="puts masks together, but was given float64"):
            wrong()


def test_repr(x):
    assert repr(Tensor([1.0, 2.0])) == "Tensor([1., 2.])"
    assert repr(leaf([1.0])) == "Tensor([1.], requires_grad=True)"
    assert repr(Tensor([1, 2], dtype=np.float32)) == "Tensor([1., 2.], dtype=float32)"
    assert repr(x.sum()) == "Tensor(21., op=sum)"
    assert repr(Tensor(2.0, name="t")) == "Tensor(2., name='t')"


# --- data that must not change under a graph's feet


def test_data_of_what_was_computed_is_read_only(x):
    y = x * x
    with pytest.raises(AttributeError, match="mul"):
        y.data = np.zeros((2, 3))
    with pytest.raises((ValueError, TypeError)):
        y.data[0, 0] = 9.0
    with pytest.raises((ValueError, TypeError, AttributeError)):
        y.data += 1.0


def test_data_of_a_leaf_may_be_assigned_in_place(x):
    y = (x * x).sum()
    x.data -= 1.0
    assert x.data.tolist() == [[0, 1, 2], [3, 4, 5]]
    with pytest.raises(RuntimeError, match="'x' was changed"):
        y.backward()
    with no_grad():
        constant = x * 2.0  # without a past: a leaf like any other
    constant.data -= 1.0
    assert constant.data.tolist() == [[-1, 1, 3], [5, 7, 9]]


def test_a_result_does_not_follow_its_leaf():
    """In place, too: what was computed by slicing or reshaping keeps its numbers."""
    x = leaf([1.0, 2.0])
    results = [x.detach(), x[:1], x.reshape(2, 1), x.T, x.broadcast_to(2, 2), x.sum(()), x * 1]
    before = [y.data.tolist() for y in results]
    x.data -= 1.0
    assert [y.data.tolist() for y in results] == before


def test_an_index_is_read_when_it_is_used():
    x, at = leaf([1.0, 2.0, 3.0]), np.array([0])
    y = x[at].sum()
    at[0] = 2
    y.backward()
    assert x.grad.tolist() == [1.0, 0.0, 0.0]


def test_gradients_are_not_shared():
    x, y, seed = leaf([1.0, 2.0]), leaf([1.0, 2.0]), np.ones(2)
    z = x + y
    z.backward(seed)
    x.grad *= 5
    seed *= 7
    assert (x.grad.tolist(), y.grad.tolist(), z.grad.tolist()) == ([5, 5], [1, 1], [1, 1])


@pytest.mark.parametrize("shape", [(), (1,), (2, 3)])
def test_a_gradient_is_an_array_of_the_tensors_shape(shape):
    x = leaf(np.full(shape, 2.0))
    for times in (1, 2, 3):
        (x * x + x).sum().backward()
        assert type(x.grad) is np.ndarray
        assert x.grad.shape == shape
        np.testing.assert_array_equal(x.grad, 5.0 * times)


# --- shapes


@pytest.mark.parametrize("other", [(3,), (2, 1), (1, 3), (), (4, 2, 3), (2, 3), (1, 1, 1)])
def test_what_was_broadcast_is_summed(other):
    a, b = leaf(np.ones((2, 3))), leaf(np.full(other, 2.0))
    (a * b).sum().backward()
    repeats = np.broadcast(a.data, b.data).size
    np.testing.assert_array_equal(a.grad, 2.0 * repeats / 6)
    np.testing.assert_array_equal(b.grad, repeats / b.size)
    assert (a.grad.shape, b.grad.shape) == (a.shape, b.shape)


@pytest.mark.parametrize("axes", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
def test_every_order_of_axes(axes):
    x = leaf(np.arange(24.0).reshape(2, 3, 4))
    weights = np.random.default_rng(0).normal(size=(2, 3, 4))
    (x.transpose(axes) * weights.transpose(axes)).sum().backward()
    np.testing.assert_array_equal(x.grad, weights)
    np.testing.assert_array_equal(gradient((x.transpose(axes) ** 2).sum(), x).data, 2 * x.data)


@pytest.mark.parametrize(
    "f",
    [
        lambda x, n: x.sum(n),
        lambda x, n: x.sum(axis=n),
        lambda x, n: x.mean(dim=n),
        lambda x, n: x[n],
        lambda x, n: x.reshape(6 * n),
        lambda x, n: x.reshape(n, 6),
        lambda x, n: x.broadcast_to(n, 2, 3),
        lambda x, n: x.transpose(0, n),
    ],
)
def test_numpys_integers_are_integers(f, x):
    """`x.reshape(np.prod(x.shape))` is everyday code."""
    np.testing.assert_array_equal(f(x, np.int64(1)).data, f(x, 1).data)


@pytest.mark.parametrize(
    ("left", "right"),
    [((3,), (3,)), ((3,), (3, 2)), ((2, 3), (3,)), ((4, 2, 3), (3,)), ((3,), (4, 3, 2))],
)
def test_matmul_of_vectors(left, right):
    a, b = leaf(np.arange(1.0, 1 + np.prod(left)).reshape(left)), leaf(np.ones(right))
    np.testing.assert_array_equal((a @ b).data, a.data @ b.data)
    (a @ b).sum().backward()
    assert (a.grad.shape, b.grad.shape) == (left, right)
    np.testing.assert_array_equal((a.data @ b).data, (a @ b.data).data)


@pytest.mark.parametrize(
    "key",
    [
        0,
        -1,
        (slice(None), 1),
        slice(None, None, -1),
        ...,
        (..., None),
        [0, 0, 1],
        ([0, 0, 1], [2, 2, 0]),
        (slice(None), [1, 1]),
        np.array([[True, False, True], [False, False, True]]),
        (),
        True,
    ],
)
def test_indexing(key, x):
    y = x[key]
    np.testing.assert_array_equal(y.data, x.data[key])
    (y * y).sum().backward()
    expected = np.zeros((2, 3))
    np.add.at(expected, key, 2 * x.data[key])
    np.testing.assert_array_equal(x.grad, expected)


def test_a_list_of_tensors_is_not_taken_for_numbers(x):
    """As numbers they would forget what they depend on, and their gradient would be 0."""
    y = Tensor(2.0, requires_grad=True)
    ys = [y, y, y]
    for f in (lambda: x + ys, lambda: ys * x, lambda: autograd.tanh(ys), lambda: autograd.sum(ys)):
        try:
            f().sum().backward()
        except TypeError as error:
            assert "Tensor" in str(error)  # noqa: PT017 - either answer is right
            continue
        assert y.grad


def test_tensors_as_index(x):
    assert x[Tensor([1, 0])].data.tolist() == [[4, 5, 6], [1, 2, 3]]
    assert x[x > 2].data.tolist() == [3, 4, 5, 6]
    assert [row.data.sum() for row in x] == [6, 15]


def test_iterating_over_a_number_is_an_error():
    with pytest.raises(TypeError):
        list(Tensor(1.0))


def test_empty_arrays():
    x = leaf(np.zeros((0, 3)))
    (x * 2.0).sum().backward()
    assert x.grad.shape == (0, 3)
    assert x.sum(0).data.tolist() == [0, 0, 0]


def test_comparisons_are_element_by_element(x):
    assert (x > 3).data.tolist() == [[False, False, False], [True, True, True]]
    assert (x == x).data.all()
    assert not (x != x).data.any()
    assert (Value(3.0) < x).data.tolist() == (x > 3).data.tolist()
    assert (x == None, x != None) == (False, True), "as in PyTorch"  # noqa: E711
    assert None not in [x]
    assert len({x, Tensor([1.0]), x}) == 2


# --- numpy's functions


def test_numpy_functions_do_not_lose_the_past(x):
    """They differentiate or they refuse; they never hand out a constant."""
    for f in [
        np.sum,
        np.mean,
        np.transpose,
        lambda x: np.reshape(x, 6),
        lambda x: np.dot(x, x.T),
        lambda x: np.concatenate([x, x]),
        lambda x: np.where(x.data > 2, x, 0.0),
        lambda x: np.clip(x, 2, 4),
        np.linalg.norm,
        lambda x: np.einsum("ij->i", x),
        lambda x: np.stack([x, x]),
    ]:
        try:
            y = f(x)
        except TypeError as error:
            y = str(error)
        assert "can be differentiated" in y if isinstance(y, str) else y.requires_grad


def test_an_array_times_a_tensor_as_matrices():
    """NumPy asks for np.matmul; a vector, or a stack of matrices, must still be understood."""
    w = leaf([[1.0, 2.0], [3.0, 4.0]])
    for array in (np.array([1.0, -2.0]), np.arange(8.0).reshape(2, 2, 2)):
        for product in (lambda a: a @ w, lambda a: np.matmul(a, w), lambda a: Tensor(a) @ w):
            w.zero_grad()
            product(array).sum().backward()
            rows = array.reshape(-1, 2).sum(axis=0)
            np.testing.assert_array_equal(w.grad, np.outer(rows, [1.0, 1.0]))
    x = leaf([1.0, 2.0])
    (np.arange(8.0).reshape(2, 2, 2) @ x).sum().backward()
    assert x.grad.tolist() == [12.0, 16.0]


def test_functions_take_plain_arrays():
    a = np.arange(6.0).reshape(2, 3)
    for name, given in {"sum": (1,), "mean": (0,), "reshape": (3, 2), "transpose": ()}.items():
        expected = getattr(a, name)(*given)
        np.testing.assert_array_equal(getattr(autograd, name)(a, *given), expected)
    np.testing.assert_array_equal(autograd.matmul(a, a.T), a @ a.T)
    np.testing.assert_array_equal(autograd.broadcast_to(a, 2, 2, 3), np.broadcast_to(a, (2, 2, 3)))


def test_array_of_a_tensor(x):
    assert type(np.asarray(x)) is np.ndarray
    np.testing.assert_array_equal(np.array(x, dtype=np.float32), x.data)
    assert (Tensor(2.5).item(), float(Tensor([2.5]))) == (2.5, 2.5)


def test_no_grad_on_tensors(x):
    with no_grad():
        y = x * x
    assert (y.op, y.requires_grad) == (None, False)
