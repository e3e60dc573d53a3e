"""The perceptron example: what can be learned is, and what cannot be is not."""

from __future__ import annotations

import pytest

from nn.examples import perceptron
from nn.examples.settings import Example


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return perceptron.run(Example("perceptron", out=tmp_path_factory.mktemp("perceptron")))


@pytest.mark.parametrize("problem", ["iris", "and", "or"])
def test_what_a_line_parts_is_learned(problem, found):
    assert found[f"{problem}_converged"] == found[f"{problem}_accuracy"] == 1.0
    assert found[f"{problem}_passes"] < perceptron.EPOCHS


def test_xor_is_not(found):
    assert found["xor_converged"] == 0.0
    assert found["xor_passes"] == perceptron.EPOCHS
    assert found["xor_accuracy"] <= 0.75, "a line is right about three corners at most"


def test_three_neurons_by_hand_compute_xor(found):
    assert found["xor_by_hand_accuracy"] == 1.0
    hidden, last = perceptron.xor_by_hand()
    assert [last(hidden(corner)).data for corner in perceptron.CORNERS] == [0.0, 1.0, 1.0, 0.0]


def test_it_is_right_about_flowers_it_has_not_seen(found):
    assert found["iris_test_accuracy"] == 1.0


def test_pass_by_pass_is_as_all_at_once():
    one = perceptron.learn(perceptron.CORNERS, perceptron.GATES["OR"], 100, seed=0)
    neuron = perceptron.Neuron(2, "step", seed=0)
    whole = perceptron.train_perceptron(neuron, perceptron.CORNERS, perceptron.GATES["OR"])
    assert tuple(one.mistakes) == whole.mistakes
    assert one.lines[-1] == perceptron.line(neuron)
    assert len(one.lines) == len(one.mistakes)


def test_a_seed_gives_the_same_numbers_again(small_run, tmp_path):
    again = perceptron.run(Example("perceptron", out=tmp_path, small=True))
    assert again == small_run("perceptron").measured
