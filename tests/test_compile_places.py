"""Compiled Tensor code that finds a place in its numbers, and picks what stands there."""

import numpy as np
import pytest

import autograd
from autograd import Tensor

PICKS = {
    "max": lambda x: x.max(dim=1).values,
    "max, kept": lambda x: x.max(dim=0, keepdim=True)[0],
    "max of a row": lambda x: x.flatten().max(dim=0).values,
    "min": lambda x: 2.0 * x.min(dim=-1).values,
    "median": lambda x: x.median(dim=1).values,
    "an index": lambda x: x[x.argmax(dim=0)],
    "gather": lambda x: autograd.gather(x, 1, x.argmax(dim=1, keepdim=True)),
    "a computed index": lambda x: x.cumsum(0)[autograd.argmin(x, dim=1) + 1],
    "twice": lambda x: x[x.argmax(dim=0)] * x.max(dim=0).values.sum(),
    "an embedding": lambda x: autograd.embedding(x.argmax(dim=1), x * x),
}


def drawn(seed):
    return np.random.default_rng(seed).normal(size=(5, 4))


@pytest.mark.parametrize("pick", PICKS.values(), ids=PICKS)
def test_what_is_picked_and_its_gradient_are_those_of_each_call(pick):
    compiled = autograd.compile(pick)
    for seed in range(4):
        eager = Tensor(drawn(seed), requires_grad=True)
        replayed = Tensor(drawn(seed), requires_grad=True)
        expected, found = pick(eager), compiled(replayed)
        np.testing.assert_array_equal(found.data, expected.data)
        (expected * expected).sum().backward()
        (found * found).sum().backward()
        np.testing.assert_allclose(replayed.grad, eager.grad, rtol=1e-14)
    assert compiled.cache_info()[:2] == (3, 1)


def test_the_places_themselves():
    compiled = autograd.compile(lambda x: x.max(dim=1).indices)
    for seed in range(3):
        np.testing.assert_array_equal(compiled(drawn(seed)).data, drawn(seed).argmax(1))


def test_gradients_of_gradients():
    def f(x):
        return (x.max(dim=1).values ** 3).sum()

    x = Tensor(drawn(0))
    np.testing.assert_allclose(
        autograd.hessian(autograd.compile(f))(x), autograd.hessian(f)(x), rtol=1e-13
    )


def test_a_computed_index_out_of_bounds_is_an_error():
    compiled = autograd.compile(lambda x: x[x.argmax(dim=0) + 1])
    with pytest.raises(IndexError, match="index 4 is out of bounds"):
        compiled(np.eye(4))
    compiled(np.eye(4)[:, :3])
    with pytest.raises(IndexError, match="index 4 is out of bounds"):
        compiled(np.eye(4)[:, 1:])
