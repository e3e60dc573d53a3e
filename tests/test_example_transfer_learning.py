"""Transfer learning, a small training: what is frozen stays, and what is told was measured."""

import numpy as np
import pytest

import autograd
from nn.examples import transfer_learning


@pytest.fixture
def finished(small_run):
    return small_run("transfer_learning")


def test_it_leaves_its_picture(finished):
    (picture,) = finished.out.iterdir()
    assert picture.name == "accuracies.png"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < 200_000


@pytest.mark.parametrize("name", ["first_task", "late_transfer", "late_scratch", "late_augmented"])
def test_all_learn(finished, name):
    found = finished.measured
    assert 0.5 < found[f"{name}_mean"] <= 1.0  # a guess would be right in one of five
    assert found[f"{name}_spread"] >= 0.0


def test_only_the_head_learns():
    autograd.manual_seed(0)
    random = np.random.default_rng(0)
    few = random.random((10, 1, 8, 8)), np.arange(10) % 5
    model = transfer_learning.Reader()
    before = model.state_dict()
    reader = transfer_learning.transferred(model, few, epochs=2, seed=0)
    after = reader.state_dict()
    frozen = [name for name in before if name.startswith("body.")]
    assert len(frozen) == 4
    for name in frozen:
        assert np.array_equal(before[name], after[name])
    assert all(p.grad is None for p in reader.body.parameters())
    assert np.array_equal(before["head.weight"], model.head.weight.data)
    assert all(p.grad is not None for p in reader.head.parameters())


def test_the_examples_are_so_many_of_each_and_none_twice():
    classes = np.repeat(np.arange(5), 20)
    chosen = transfer_learning.few_of_each(classes, 7, seed=3)
    assert len(set(chosen)) == 35
    assert np.bincount(classes[chosen]).tolist() == [7] * 5
