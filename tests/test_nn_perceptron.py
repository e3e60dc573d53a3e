"""The perceptron rule: it finds a line where there is one, and says when it has not."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_iris

from autograd import Value
from nn import MLP, Layer, Neuron, PerceptronRun, train_perceptron

CORNERS = [(0, 0), (0, 1), (1, 0), (1, 1)]
LINEAR = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0]}
XOR = [0, 1, 1, 0]


def answers(neuron, inputs=CORNERS):
    return [neuron(x).data for x in inputs]


@pytest.mark.parametrize("seed", [None, 0, 1, 2])
@pytest.mark.parametrize("gate", LINEAR)
def test_it_converges_on_linear_gates(gate, seed):
    neuron = Neuron(2, "step", init="zeros" if seed is None else "uniform", seed=seed)
    run = train_perceptron(neuron, CORNERS, LINEAR[gate])
    assert run.converged
    assert run.mistakes[-1] == 0
    assert all(run.mistakes[:-1]), "it stops at the first pass without a mistake"
    assert answers(neuron) == LINEAR[gate]


@pytest.mark.parametrize("seed", [None, 0, 1])
def test_it_never_converges_on_xor(seed):
    neuron = Neuron(2, "step", init="zeros" if seed is None else "uniform", seed=seed)
    run = train_perceptron(neuron, CORNERS, XOR, epochs=1000)
    assert not run.converged
    assert len(run.mistakes) == 1000
    assert min(run.mistakes) > 0
    assert answers(neuron) != XOR


def test_one_mistake_moves_the_weights_by_the_rule():
    neuron = Neuron(2, "step").set_weights([0.5, -1.0], -0.25)
    train_perceptron(neuron, [(2.0, 3.0)], [1], lr=0.5, epochs=1)
    assert [w.data for w in neuron.w] == [0.5 + 0.5 * 2.0, -1.0 + 0.5 * 3.0]
    assert neuron.b.data == -0.25 + 0.5
    train_perceptron(neuron, [(2.0, 3.0)], [0], lr=0.25, epochs=1)
    assert [w.data for w in neuron.w] == [1.5 - 0.25 * 2.0, 0.5 - 0.25 * 3.0]
    assert neuron.b.data == 0.25 - 0.25


def test_what_is_right_already_stays_as_it_is():
    neuron = Neuron(2, "step").set_weights([1.0, 1.0], -1.5)
    run = train_perceptron(neuron, CORNERS, LINEAR["AND"])
    assert run == PerceptronRun(mistakes=(0,), converged=True)
    assert [w.data for w in neuron.w] == [1.0, 1.0]


def test_it_stops_after_the_epochs_it_was_given():
    run = train_perceptron(Neuron(2, "step", init="zeros"), CORNERS, LINEAR["AND"], epochs=3)
    assert len(run.mistakes) == 3
    assert not run.converged


def test_from_zeros_the_rate_only_scales_the_weights():
    one, tenth = (Neuron(2, "step", init="zeros") for _ in range(2))
    slow = train_perceptron(one, CORNERS, LINEAR["AND"], lr=1.0)
    assert train_perceptron(tenth, CORNERS, LINEAR["AND"], lr=0.125) == slow
    assert [w.data * 8 for w in tenth.w] == [w.data for w in one.w]


def test_the_mistakes_stay_below_novikoffs_bound():
    """(R / γ)² mistakes at most: R the longest sample, γ the margin of some line."""
    x = np.column_stack([CORNERS, np.ones(4)])
    line = np.array([1.0, 1.0, -1.5])
    margin = np.abs(x @ line).min() / np.linalg.norm(line)
    run = train_perceptron(Neuron(2, "step", init="zeros"), CORNERS, LINEAR["AND"])
    assert 0 < sum(run.mistakes) <= (np.linalg.norm(x, axis=1).max() / margin) ** 2


def test_two_species_of_iris():
    x, species = load_iris(return_X_y=True)
    neuron = Neuron(4, "step", init="zeros")
    run = train_perceptron(neuron, x[:100], species[:100])  # setosa and versicolor
    assert run.converged
    assert answers(neuron, x[:100]) == species[:100].tolist()
    run = train_perceptron(neuron, x[50:], species[50:] - 1, epochs=20)  # no line parts these
    assert not run.converged
    assert len(run.mistakes) == 20


@pytest.mark.parametrize("kind", [bool, np.int64, float, np.float32])
def test_inputs_and_targets_of_all_kinds(kind):
    plain = train_perceptron(Neuron(2, "step", init="zeros"), CORNERS, LINEAR["AND"])
    arrays = np.array(CORNERS, kind), np.array(LINEAR["AND"], kind)
    assert train_perceptron(Neuron(2, "step", init="zeros"), *arrays) == plain
    lists = [list(map(Value, x)) for x in CORNERS], [kind(t) for t in LINEAR["AND"]]
    neuron = Neuron(2, "step", init="zeros")
    assert train_perceptron(neuron, *lists) == plain
    assert all(type(p.data) is float for p in neuron.parameters())


def test_one_input_by_itself():
    for inputs in ([[0.0], [1.0]], [0.0, 1.0], np.array([0.0, 1.0])):
        assert train_perceptron(Neuron(1, "step", init="zeros"), inputs, [0, 1]).converged


def test_it_is_no_gradient_method():
    neuron = Neuron(2, "step", init="zeros")
    train_perceptron(neuron, CORNERS, LINEAR["OR"])
    assert not any(parameter.has_grad for parameter in neuron.parameters())


def test_how_a_run_prints():
    run = train_perceptron(Neuron(2, "step", init="zeros"), CORNERS, LINEAR["OR"])
    assert str(run) == f"converged after {len(run.mistakes)} passes, mistakes {run.mistakes}"
    assert str(PerceptronRun((2, 1), False)) == "has not converged after 2 passes, mistakes (2, 1)"


# What it refuses


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "linear"])
def test_another_activation(activation):
    with pytest.raises(ValueError, match=rf"takes a neuron with step.*Neuron\(2, '{activation}'\)"):
        train_perceptron(Neuron(2, activation), CORNERS, LINEAR["AND"])


@pytest.mark.parametrize(
    "model", [Layer(2, 1, "step", seed=0), MLP(2, [1], "step", "step", seed=0)], ids=repr
)
def test_more_than_a_neuron(model):
    with pytest.raises((TypeError, ValueError), match="takes a neuron"):
        train_perceptron(model, CORNERS, LINEAR["AND"])


@pytest.mark.parametrize("targets", [[-1, -1, -1, 1], [0, 1], [0, 0, 0, 2], [0, 0, 0, 0.5], []])
def test_wrong_targets(targets):
    with pytest.raises(ValueError, match="a target of 0 or 1 for each of the 4 inputs"):
        train_perceptron(Neuron(2, "step"), CORNERS, targets)


def test_wrong_inputs():
    with pytest.raises(ValueError, match="takes 3 inputs, but was given 2"):
        train_perceptron(Neuron(3, "step"), CORNERS, LINEAR["AND"])


@pytest.mark.parametrize("lr", [0.0, -1.0, float("nan")])
def test_a_rate_that_cannot_learn(lr):
    with pytest.raises(ValueError, match="lr"):
        train_perceptron(Neuron(2, "step", init="zeros"), CORNERS, LINEAR["AND"], lr=lr)
