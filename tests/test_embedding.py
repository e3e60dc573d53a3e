"""Rows by index: `embedding` and `nn.Embedding`, eager and compiled."""

import numpy as np
import pytest

import autograd
import nn
from autograd import Tensor

ROWS = np.arange(12.0).reshape(4, 3)


def test_rows_of_any_shape_and_their_gradient():
    weight = Tensor(ROWS, requires_grad=True)
    out = autograd.embedding([[0, 2], [2, 2]], weight)
    np.testing.assert_array_equal(out.data, ROWS[[[0, 2], [2, 2]]])
    (out * np.arange(12.0).reshape(2, 2, 3)).sum().backward()
    # torch.nn.functional.embedding gives the same: row 2 is named three times
    np.testing.assert_array_equal(
        weight.grad, [[0.0, 1.0, 2.0], [0.0, 0.0, 0.0], [18.0, 21.0, 24.0], [0.0, 0.0, 0.0]]
    )


def test_compiled_it_takes_other_indices_in_each_call():
    table = nn.Embedding(4, 3, generator=0)
    loss = autograd.compile(lambda tokens: (table(tokens) ** 2).sum(dim=1).mean())
    for tokens in ([0, 1], [3, 3], [2, 0]):
        table.zero_grad()
        loss(np.array(tokens)).backward()
        found, table.weight.grad = table.weight.grad, None
        eager = (table(tokens) ** 2).sum(dim=1).mean()
        eager.backward()
        assert loss(np.array(tokens)).item() == pytest.approx(eager.item(), rel=1e-12)
        np.testing.assert_allclose(found, table.weight.grad, rtol=1e-12)
    assert loss.cache_info()[:2] == (5, 1)


@pytest.mark.parametrize("token", [-1, 4])
def test_there_is_no_such_row(token):
    table = nn.Embedding(4, 3)
    loss = autograd.compile(lambda tokens: table(tokens).sum())
    loss(np.array([0, 1]))
    for function in (table, loss):
        with pytest.raises(IndexError, match=rf"embedding: index {token} is out of range"):
            function(np.array([0, token]))


def test_index_select_compiled():
    weight = Tensor(ROWS, requires_grad=True)
    f = autograd.compile(lambda i: weight.index_select(0, i).sum())
    assert [f(np.array(i)).item() for i in ([0, 1], [3, 3])] == [15.0, 60.0]
    with pytest.raises(IndexError, match="index_select: index -1 is out of range"):
        f(np.array([0, -1]))


def test_gather_compiled():
    weight = Tensor(ROWS, requires_grad=True)
    f = autograd.compile(lambda i: autograd.gather(weight, 0, i).sum())
    for i in ([[0, 1, 2]], [[3, 0, 0]]):
        assert f(np.array(i)).item() == autograd.gather(weight, 0, i).sum().item()


def test_indices_are_not_computed_with():
    weight = Tensor(ROWS, requires_grad=True)
    with pytest.raises(TypeError, match="a number that differs from call to call"):
        autograd.compile(lambda i: weight.take_along_dim(i, 0).sum())(np.array([[0, 1, 2]]))


def test_what_it_refuses():
    with pytest.raises(ValueError, match="num_embeddings must be at least 1, but is 0"):
        nn.Embedding(0, 3)
    with pytest.raises(ValueError, match=r"embedding takes a matrix of rows.*\(3,\)"):
        autograd.embedding([0], np.ones(3))
    assert repr(nn.Embedding(4, 3)) == "Embedding(4, 3)"


@pytest.mark.parametrize(
    "pick",
    [
        lambda i: autograd.embedding(i, ROWS),
        lambda i: autograd.index_select(ROWS, 0, i),
        lambda i: autograd.gather(ROWS[:, 0], 0, i),
    ],
)
def test_what_is_picked_from_a_constant_differs_from_call_to_call(pick):
    f = autograd.compile(lambda i: pick(i).sum())
    for i in ([0, 1], [3, 3]):
        assert f(np.array(i)).item() == pick(np.array(i)).sum()
    assert f.cache_info()[:2] == (1, 1)
