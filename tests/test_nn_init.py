"""How weights are drawn: from which generator, in which order, and how far from 0."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from nn import MLP, Layer, Neuron


def weights(module):
    return [p.data for name, p in module.named_parameters() if not name.endswith("b")]


def biases(module):
    return [p.data for name, p in module.named_parameters() if name.endswith("b")]


def test_without_a_seed_pythons_global_generator_draws_what_micrograd_draws():
    random.seed(1337)
    expected = [random.uniform(-1, 1) for _ in range(2 * 16 + 16 * 16 + 16)]
    after = random.random()
    random.seed(1337)
    model = MLP(2, [16, 16, 1])
    assert weights(model) == expected
    assert biases(model) == [0.0] * 33
    assert random.random() == after, "nothing else was drawn"


@pytest.mark.parametrize("make", [Neuron, lambda n, **k: Layer(n, 2, **k)])
def test_without_a_seed_neurons_and_layers_follow_random_seed(make):
    random.seed(4)
    first = weights(make(3))
    random.seed(4)
    assert weights(make(3)) == first != weights(make(3))


def test_the_same_seed_draws_the_same_weights():
    first, again, other = (weights(MLP(2, [3, 1], seed=seed)) for seed in (7, 7, 8))
    assert first == again != other
    assert len(set(first)) == len(first), "each weight has a number of its own"
    assert weights(MLP(2, [3, 1], seed=random.Random(7))) == first


def test_a_seed_leaves_the_global_generator_alone():
    random.seed(5)
    expected = random.random()
    random.seed(5)
    MLP(2, [3, 1], seed=7)
    assert random.random() == expected


def test_one_generator_feeds_several_layers():
    source = random.Random(7)
    two = weights(Layer(2, 2, seed=source)) + weights(Layer(2, 2, seed=source))
    naive = random.Random(7)
    assert two == [naive.uniform(-1, 1) for _ in range(8)]


@pytest.mark.parametrize(
    ("init", "bound"),
    [("uniform", 1.0), ("xavier", math.sqrt(6 / (50 + 20))), ("kaiming", math.sqrt(6 / 50))],
)
def test_how_far_weights_are_drawn(init, bound):
    drawn = weights(MLP(50, [20], init=init, seed=0))
    assert max(map(abs, drawn)) <= bound
    assert min(drawn) < -0.99 * bound
    assert max(drawn) > 0.99 * bound
    assert np.var(drawn) == pytest.approx(bound**2 / 3, rel=0.1)
    assert biases(MLP(50, [20], init=init, seed=0)) == [0.0] * 20


def test_weights_of_zero():
    assert weights(MLP(2, [3, 1], init="zeros", seed=0)) == [0.0] * 9


def test_an_unknown_init_names_the_known_ones():
    with pytest.raises(ValueError, match=r"init='he'.*uniform, xavier, kaiming, zeros"):
        Neuron(2, init="he")


def test_a_wrong_seed_says_what_a_seed_is():
    with pytest.raises(TypeError, match="seed"):
        Neuron(2, seed=[1])
    assert weights(Neuron(2, seed=np.int64(7))) == weights(Neuron(2, seed=7))
