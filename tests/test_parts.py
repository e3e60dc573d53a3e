"""The gradients of parts of a Tensor, which add up in one array."""

import numpy as np
import pytest

import autograd
from autograd import Tensor

WAYS = {
    "iterating": list,
    "unbind": lambda x: x.unbind(1),
    "split": lambda x: x.split(2),
    "chunk": lambda x: x.chunk(3, 1),
    "overlapping": lambda x: [x[:3], x[2:], x[::-2]],
    "by arrays": lambda x: [x[[0, 0, 2]], x[:, [1, 1]], x[x > 0], x[0]],
    "and whole": lambda x: [x[0], x * 2.0, x[1], x, x[0]],
}


@pytest.mark.parametrize("parts", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("leaf", [True, False])
def test_they_add_up(parts, leaf):
    rng = np.random.default_rng(0)
    start = Tensor(rng.normal(size=(4, 6)), requires_grad=True)

    def f(x):
        x = x if leaf else x.tanh()
        return sum(((k + 1.0) * part.square()).sum() for k, part in enumerate(parts(x)))

    f(start).backward()
    once = start.grad
    (expected,) = (autograd.gradient(f(start), start),)  # which makes an array for each
    np.testing.assert_allclose(once, expected.data, rtol=1e-13)
    kept = once.copy()
    f(start).backward()
    np.testing.assert_allclose(start.grad, 2.0 * kept, rtol=1e-13)
    np.testing.assert_array_equal(once, kept)  # what the user holds is left alone


def test_a_gradient_that_came_another_way_is_not_written_to():
    x = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    y = x * 1.0
    z = y + x  # hands one array on to both
    (z.sum() + y[0].sum() + y[1].sum() + y[0].sum()).backward()
    assert x.grad.tolist() == [[4.0, 4.0], [3.0, 3.0]]
    assert z.grad.tolist() == [[1.0, 1.0], [1.0, 1.0]]
    assert y.grad.tolist() == [[3.0, 3.0], [2.0, 2.0]]
