"""Shapes, indices, constructors: names and arguments, edges, third derivatives."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, gradient


def t(*shape, name="t"):
    """Numbers that are all different, in a given shape."""
    size = int(np.prod(shape))
    return Tensor(np.arange(1.0, size + 1).reshape(shape), requires_grad=True, name=name)


# --- names and arguments

BOTH = [  # a function of the package, and a method of a Tensor
    *["reshape", "flatten", "ravel", "squeeze", "unsqueeze", "broadcast_to", "permute"],
    *["transpose", "t", "movedim", "swapaxes", "flip", "roll", "tile", "split", "chunk"],
    *["unbind", "narrow", "select", "index_select", "gather", "scatter_add", "take_along_dim"],
    *["masked_fill", "masked_select", "pad", "astype"],
]
METHODS = ["view", "expand", "repeat", "tolist", "item", "numpy"]
FUNCTIONS = [
    *["cat", "stack", "zeros", "ones", "full", "zeros_like", "ones_like", "full_like", "eye"],
    *["arange", "linspace", "rand", "randn", "manual_seed"],
]


def test_names():
    assert [n for n in BOTH + METHODS if not hasattr(Tensor, n)] == []
    assert [n for n in BOTH + FUNCTIONS if n not in autograd.__all__] == []


@pytest.mark.parametrize(
    ("by_dim", "by_axis"),
    [
        (lambda x: x.squeeze(dim=0), lambda x: x.squeeze(axis=0)),
        (lambda x: x.unsqueeze(dim=0), lambda x: x.unsqueeze(axis=0)),
        (lambda x: x.split(1, dim=1)[1], lambda x: x.split(1, axis=1)[1]),
        (lambda x: x.chunk(2, dim=1)[1], lambda x: x.chunk(2, axis=1)[1]),
        (lambda x: x.unbind(dim=1)[1], lambda x: x.unbind(axis=1)[1]),
        (lambda x: x.select(dim=1, index=1), lambda x: x.select(axis=1, index=1)),
        (lambda x: autograd.cat([x, x], dim=1), lambda x: autograd.cat([x, x], axis=1)),
        (lambda x: autograd.stack([x, x], dim=1), lambda x: autograd.stack([x, x], axis=1)),
        (lambda x: x.transpose(dim0=0, dim1=1), lambda x: x.swapaxes(axis0=0, axis1=1)),
    ],
)
def test_dim_and_axis_mean_the_same(by_dim, by_axis):
    x = t(1, 3)
    np.testing.assert_array_equal(by_dim(x).data, by_axis(x).data)


def test_random_numbers_take_a_size():
    for make in (autograd.rand, autograd.randn):
        assert make(size=(2, 3), generator=7).tolist() == make(2, 3, generator=7).tolist()


def test_functions_take_arrays_lists_and_numbers():
    assert autograd.flip([1.0, 2.0], 0).tolist() == [2.0, 1.0]
    assert autograd.cat([[1.0], np.ones(1)]).tolist() == [1.0, 1.0]
    assert autograd.squeeze([[1.0, 2.0]]).shape == (2,)
    assert autograd.reshape(2.0, 1).tolist() == [2.0]
    assert autograd.gather(2.0, 0, [0, 0]).tolist() == [2.0, 2.0]


def test_integers_may_be_tensors():
    x, one = t(2, 3), Tensor(1)
    assert x.reshape(one, 6).shape == (1, 6)
    assert x.narrow(0, one, one).flip(one).tolist() == [[6.0, 5.0, 4.0]]
    assert autograd.arange(Tensor(3)).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x.T.roll(1),
        lambda x: autograd.cat([x, x * 2.0]),
        lambda x: autograd.stack([x, x + 1]),
        lambda x: autograd.stack([x[0, 0], Value(2.0), 3.0]),
        lambda x: autograd.pad(x, (1, 1), value=2.0),
        lambda x: autograd.pad(x, (1, 1), mode="circular"),
        lambda x: x.masked_fill(x.data > 2, 0.5),
        lambda x: x.scatter_add(0, np.zeros((1, 3), int), x),
        lambda x: x.repeat(2, 2).gather(0, np.zeros((1, 2), int)),
        lambda x: autograd.zeros_like(x) + x,
    ],
)
def test_float32_stays(f):
    x = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True, dtype=np.float32)
    y = f(x)
    (y * y).sum().backward()
    assert (y.dtype, x.grad.dtype) == (np.float32, np.float32)


# --- joining


def test_a_stack_of_values_depends_on_them():
    a, b = Value(2.0), Value(3.0)
    y = autograd.stack([a, b, a, 4.0])
    assert isinstance(y, Tensor)
    assert y.tolist() == [2.0, 3.0, 2.0, 4.0]
    (y**3).sum().backward()
    assert (a.grad, b.grad) == (2 * 3 * 2.0**2, 3 * 3.0**2)
    second = gradient(gradient((autograd.stack([a, b]) ** 3).sum(), a), a)
    assert second.item() == 6 * 2.0


def test_values_and_tensors_are_stacked_together():
    v, x = Value(2.0), Tensor(3.0, requires_grad=True)
    (autograd.stack([v, x, v]) * [1.0, 10.0, 100.0]).sum().backward()
    assert (v.grad, x.grad.item()) == (101.0, 10.0)
    x = t(3)
    autograd.stack([x[0], v * 2]).sum().backward()
    assert (v.grad, x.grad.tolist()) == (103.0, [1.0, 0.0, 0.0])


def test_one_and_many_operands():
    x = t(2)
    assert autograd.cat([x]).tolist() == [1.0, 2.0]
    y = autograd.cat([x] * 30)
    assert (y.shape, len(y.parents)) == ((60,), 30)
    y.sum().backward()
    assert x.grad.tolist() == [30.0, 30.0]
    assert autograd.cat(t(2, 3)).shape == (6,), "rows of a Tensor, as of a list"


def test_what_is_joined_beside_infinity_is_not_poisoned():
    """A join only moves numbers: an infinity beside one does not reach its gradient."""
    x = t(2)
    wild = autograd.cat([x, x * np.inf])
    autograd.where([True, True, False, False], wild, 0.0).sum().backward()
    assert x.grad.tolist() == [1.0, 1.0]


# --- indexing


def test_a_repeated_index_adds_up():
    x = t(3)
    x[[0, 0, -3]].sum().backward()
    assert x.grad.tolist() == [3.0, 0.0, 0.0]


def test_tensors_of_integers_are_indices():
    x = t(3)
    assert x[Tensor([2, 0])].tolist() == [3.0, 1.0]
    assert x[Tensor(1)].item() == 2.0
    assert [10, 20, 30][Tensor(1)] == 20
    assert x.gather(0, Tensor([2])).tolist() == [3.0]


def test_an_index_is_read_when_it_is_used():
    x, at = t(3), np.array([0, 1])
    results = [x[at], x.gather(0, at), x.index_select(0, at), x.scatter_add(0, at, t(2))]
    loss = sum((y * y).sum() for y in results[:3])
    at[:] = 2
    loss.backward()
    assert x.grad.tolist() == [6.0, 12.0, 0.0]


def test_scatter_add_uses_the_part_of_src_that_index_names():
    x, src = autograd.zeros(2), t(3)
    y = x.scatter_add(0, [1, 1], src)
    y.sum().backward()
    assert (y.tolist(), src.grad.tolist()) == ([0.0, 3.0], [1.0, 1.0, 0.0])


def test_third_derivatives_go_through():
    x = t(4)

    def f(x):
        y = autograd.cat([x[[0, 0, 3]], x.roll(1).reshape(2, 2).T.flatten()])
        return (autograd.stack([y, y.flip(0)]).pad((1, 1), mode="circular") ** 3).sum()

    for _ in range(2):
        slope = gradient(f(x), x)
        f = lambda x, f=f: gradient(f(x), x).sum()  # noqa: E731
    third = gradient(f(x), x)
    assert slope.shape == third.shape == (4,)
    assert third.data.min() > 0, "constants: the coefficients of the cubes, times 6"
    assert gradient(third.sum() + 0.0 * x.sum(), x).data.tolist() == [0.0] * 4


# --- in place


def test_augmented_assignment_makes_a_new_tensor():
    x = t(2)
    z = y = x * 1.0
    y += 1
    y *= x
    y.sum().backward()
    assert (x.tolist(), z.tolist()) == ([1.0, 2.0], [1.0, 2.0])
    assert x.grad.tolist() == [3.0, 5.0]


def test_assignment_names_the_alternatives():
    with pytest.raises(TypeError, match=r"autograd\.where\(.*scatter_add\("):
        t(2)[0] = 1.0


def test_what_numpy_hands_out_cannot_be_written():
    x = t(2)
    y = x * x
    for node in (x, y):
        for array in (node.numpy(), np.asarray(node)):
            assert type(array) is np.ndarray
            assert np.shares_memory(array, node.data)
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 9.0
        copy = np.array(node)
        copy[0] = 9.0
    assert (x.tolist(), y.tolist()) == ([1.0, 2.0], [1.0, 4.0])
    assert np.asarray(x, dtype=np.float32).dtype == np.float32
    with pytest.raises(ValueError, match="copy"):
        np.array(x, dtype=np.float32, copy=False)


# --- what cannot require a gradient


@pytest.mark.parametrize("data", [[1, 2], [True, False], np.uint8(3)])
def test_labels_masks_and_indices_require_no_gradient(data):
    says = "only a Tensor of floats can require a gradient.*labels, masks and indices"
    with pytest.raises(TypeError, match=says):
        Tensor(data, requires_grad=True)
    x = Tensor(data)
    with pytest.raises(TypeError, match=says):
        x.requires_grad = True
    x.requires_grad = False
    assert not x.requires_grad
    assert not (x * 2).requires_grad


def test_requires_grad_is_set_on_leaves():
    x = Tensor([1.0])
    x.requires_grad = True
    y = x * 2
    y.backward()
    assert x.grad.tolist() == [2.0]
    with pytest.raises(AttributeError, match=r"computed by mul.*detach"):
        y.requires_grad = False


def test_astype():
    x = t(2)
    y = x.astype(np.float32)
    (y * y).sum().backward()
    assert (y.dtype, x.grad.dtype, x.grad.tolist()) == (np.float32, np.float64, [2.0, 4.0])
    assert not x.astype(int).requires_grad
    assert Tensor([1, 0]).astype(bool).tolist() == [True, False]
    with pytest.raises(TypeError, match=r"real numbers.*complex"):
        x.astype(complex)


# --- conversion


def test_conversion():
    x = t(2, 2)
    assert (x.tolist(), Tensor(2.5).tolist()) == ([[1.0, 2.0], [3.0, 4.0]], 2.5)
    assert (int(Tensor([3])), Tensor([[2.5]]).item()) == (3, 2.5)
    assert (len(x), [row.tolist() for row in x]) == (2, [[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(TypeError, match="one integer"):
        [1, 2][Tensor(1.0)]
    with pytest.raises(TypeError, match="0 axes"):
        iter(Tensor(1.0))


def test_iteration_keeps_the_past():
    x = t(3)
    sum(a * a for a in x).backward()
    assert x.grad.tolist() == [2.0, 4.0, 6.0]


@pytest.mark.parametrize("make", [np.array, np.asarray])
def test_an_array_of_values_names_stack(make):
    with pytest.raises(TypeError, match=r"autograd\.stack"):
        make([Value(1.0), Value(2.0)])
    with pytest.raises(TypeError, match=r"autograd\.stack"):
        Tensor([Value(1.0), Value(2.0)])


# --- constructors


def test_random_numbers_can_be_repeated():
    for make in (autograd.rand, autograd.randn):
        assert make(2, 3, generator=7).tolist() == make((2, 3), generator=7).tolist()
        generator = np.random.default_rng(7)
        first, second = make(3, generator=generator), make(3, generator=generator)
        assert first.tolist() == make(3, generator=7).tolist() != second.tolist()
        autograd.manual_seed(1)
        a, b = make(3), make(3)
        autograd.manual_seed(1)
        assert a.tolist() == make(3).tolist() != b.tolist()
        x = make(2, generator=0, dtype=np.float32, requires_grad=True)
        assert (x.dtype, x.requires_grad, make(()).shape) == (np.float32, True, ())
        with pytest.raises(TypeError, match="makes floats"):
            make(2, dtype=int)
    assert 0 <= autograd.rand(100).data.min() < autograd.rand(100).data.max() < 1


def test_types_of_constructors():
    assert autograd.zeros(2, dtype=int).dtype == np.int64
    assert autograd.ones(2, dtype=np.float32, requires_grad=True).requires_grad
    assert autograd.full((2,), 3).dtype == np.int64
    assert autograd.full((2,), True).dtype == bool
    assert autograd.full((), 3.0).dtype == np.float64
    assert autograd.arange(3, dtype=np.float32).dtype == np.float32
    x = Tensor([1.0], dtype=np.float32, requires_grad=True)
    for like in (autograd.zeros_like(x), autograd.ones_like(x), autograd.full_like(x, 2)):
        assert (like.dtype, like.requires_grad, like.op) == (np.float32, False, None)
    assert autograd.zeros_like(x, dtype=int).dtype == np.int64
    with pytest.raises(TypeError, match="only a Tensor of floats"):
        autograd.arange(3, requires_grad=True)
