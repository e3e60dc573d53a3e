"""The moons example: a network of scalars learns the border between them, compiled."""

from __future__ import annotations

import numpy as np
import pytest

from nn import MLP
from nn.examples import moons
from nn.examples.settings import Example


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """The whole example: it takes about a second."""
    return moons.run(Example("moons", out=tmp_path_factory.mktemp("moons")))


def test_it_reaches_what_is_to_be_reached(found):
    assert found["test_accuracy"] >= moons.TARGET
    assert found["train_accuracy"] >= moons.TARGET
    assert found["loss"] < 0.1


def test_half_of_each_moon_is_held_out():
    train_x, train_y, test_x, test_y = moons.load(Example("moons"))
    assert train_x.shape == test_x.shape == (400, 2)
    assert train_y.sum() == test_y.sum() == 200
    assert not set(map(tuple, train_x)) & set(map(tuple, test_x))


def test_the_compiled_loss_is_that_of_the_plain_code():
    x, y, *_ = moons.load(Example("moons", small=True))
    model = MLP(2, [4, 1], "tanh", seed=0)
    losses, gradients = [], []
    for loss_of in (moons.loss_of, moons.loss_of.__wrapped__):
        model.zero_grad()
        loss = loss_of(model, x, y)
        loss.backward()
        losses.append(loss.data)
        gradients.append([parameter.grad for parameter in model.parameters()])
    assert losses[0] == pytest.approx(losses[1], rel=1e-12)
    np.testing.assert_allclose(gradients[0], gradients[1], rtol=1e-9, atol=1e-14)


def test_a_seed_gives_the_same_numbers_again(small_run, tmp_path):
    first = small_run("moons").measured
    assert moons.run(Example("moons", out=tmp_path, small=True)) == first
    assert moons.run(Example("moons", seed=1, out=tmp_path, small=True)) != first
