"""Transfer learning, a small training: what is frozen stays, and what is told was measured."""

import numpy as np
import pytest

import autograd
from nn.examples import transfer_learning


@pytest.fixture
def finished(small_run):
    return small_run("transfer_learning")


@pytest.fixture
def few():
    random = np.random.default_rng(0)
    return random.random((10, 1, 8, 8), dtype=np.float32), np.arange(10) % 5


@pytest.fixture
def start():
    autograd.manual_seed(5)
    return transfer_learning.Reader(5).body


def weights(model):
    return {name: np.array(x) for name, x in model.state_dict().items()}


def same(before, after):
    assert before.keys() == after.keys()
    return [name for name in before if np.array_equal(before[name], after[name])]


def test_it_leaves_its_picture(finished):
    (picture,) = finished.out.iterdir()
    assert picture.name == "accuracies.png"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < 200_000


@pytest.mark.parametrize("name", ["head_only", "scratch", "transfer", "transfer_moved"])
def test_all_learn(finished, name):
    found = finished.measured
    assert 0.5 < found[f"{name}_mean"] <= 1.0  # a guess would be right in one of five
    assert found[f"{name}_spread"] >= 0.0


def test_the_gain_is_that_of_transfer_over_scratch_and_there_is_one(finished):
    found = finished.measured
    assert 0.5 < found["first_task"] <= 1.0
    for images in ("", "_moved"):
        gain = found[f"transfer{images}_mean"] - found[f"scratch{images}_mean"]
        assert found[f"gain{images}"] == pytest.approx(gain)
        assert found[f"gain{images}"] > 0  # after few passes, a good start shows most


def test_both_begin_with_the_same_head_and_transfer_with_the_body_that_is_given(start):
    scratch = weights(transfer_learning.untrained(3))
    transfer = weights(transfer_learning.untrained(3, start))
    given = {f"body.{name}": x for name, x in weights(start).items()}
    heads = [name for name in scratch if name.startswith("head.")]
    assert same(transfer, given | {name: scratch[name] for name in heads}) == list(transfer)
    assert not np.array_equal(scratch["body.0.weight"], transfer["body.0.weight"])


def test_fine_tuning_moves_all_weights_and_leaves_the_given_body_alone(few, start):
    given = weights(start)
    reader = transfer_learning.untrained(0, start)
    transfer_learning.train(reader, few, 5, epochs=2, seed=0, rate=0.003)
    assert same(given, weights(start)) == list(given)
    assert same(given, weights(reader.body)) == []


def test_where_only_the_head_learns_the_body_stays(few, start):
    reader = transfer_learning.untrained(0, start)
    given, head = weights(reader.body), weights(reader.head)
    features = transfer_learning.scores(reader.body, few[0])
    transfer_learning.train(reader.head, (features, few[1]), 5, epochs=2, seed=0, rate=0.003)
    assert same(given, weights(reader.body)) == list(given)
    assert same(head, weights(reader.head)) == []


def test_each_position_is_another_view_with_classes_of_its_own():
    image = np.arange(64.0).reshape(1, 1, 8, 8)
    images, classes = transfer_learning.in_all_positions(image, np.array([3]))
    assert images.shape == (8, 1, 8, 8)
    assert len({view.tobytes() for view in images}) == 8
    assert np.array_equal(np.sort(images.reshape(8, 64)), np.tile(np.arange(64.0), (8, 1)))
    assert classes.tolist() == [3, 8, 13, 18, 23, 28, 33, 38]
    assert np.array_equal(images[0], image[0])


def test_the_examples_are_so_many_of_each_and_none_twice():
    classes = np.repeat(np.arange(5), 20)
    chosen = transfer_learning.few_of_each(classes, 7, seed=3)
    assert len(set(chosen)) == 35
    assert np.bincount(classes[chosen]).tolist() == [7] * 5
