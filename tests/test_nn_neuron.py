"""Neuron, Layer and MLP: their numbers, their gradients, and what they say about wrong inputs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograd import Value
from nn import MLP, Layer, Neuron
from nn.functional import mse_loss, softmax

ACTIVATIONS = {
    "relu": lambda z: max(z, 0.0),
    "tanh": math.tanh,
    "sigmoid": lambda z: 1.0 / (1.0 + math.exp(-z)),
    "step": lambda z: 1.0 if z > 0 else 0.0,
    "linear": lambda z: z,
}
CORNERS = [(0, 0), (0, 1), (1, 0), (1, 1)]


def numbers(values):
    return [value.data for value in values]


# Numbers that must come out


@pytest.mark.parametrize(
    ("activation", "expected"),
    [("relu", [0.0, 3.0, 0.5]), ("tanh", [-0.96402758, 0.99505475, 0.46211716])],
)
def test_the_numbers_of_one_activation(activation, expected):
    neuron = Neuron(1, activation).set_weights([1.0], 0.0)
    assert numbers(map(neuron, [-2.0, 3.0, 0.5])) == pytest.approx(expected, abs=5e-9)


def test_the_numbers_of_softmax():
    expected = [0.00618829, 0.91842297, 0.07538875]
    assert softmax([-2.0, 3.0, 0.5]) == pytest.approx(expected, abs=5e-9)
    assert numbers(softmax([Value(-2.0), Value(3.0), Value(0.5)])) == softmax([-2.0, 3.0, 0.5])


def test_the_numbers_of_a_network_of_two_layers():
    model = MLP(3, [4, 2], "sigmoid", "sigmoid", seed=0)
    model.layers[0].set_weights(
        [[0.5, -0.6, 0.1], [0.7, -0.8, 0.2], [-0.1, 0.9, -0.3], [0.3, 0.1, -0.4]],
        [0.1, -0.2, 0.3, 0.4],
    )
    model.layers[1].set_weights([[0.2, -0.1, 0.4, 0.6], [-0.3, 0.8, -0.5, 0.2]], [-0.1, 0.2])
    out = model([0.7, -1.5, 0.2])
    assert numbers(out) == pytest.approx([0.60530524, 0.65013656], abs=5e-9)


# What a neuron computes


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("bias", [-3.0, 0.25, 3.0])
def test_a_neuron_is_an_activation_of_a_weighted_sum(activation, bias):
    neuron = Neuron(3, activation).set_weights([0.5, -1.5, 2.0], bias)
    z = 0.5 * 1.0 - 1.5 * 0.5 + 2.0 * -0.125 + bias
    assert neuron([1.0, 0.5, -0.125]).data == pytest.approx(ACTIVATIONS[activation](z), rel=1e-14)


def test_mcculloch_and_pitts():
    both = Neuron(2, "step").set_weights([1, 1], -1.5)
    either = Neuron(2, "step").set_weights([1, 1], -0.5)
    negation = Neuron(1, "step").set_weights([-1], 0.5)
    assert [both(c).data for c in CORNERS] == [0.0, 0.0, 0.0, 1.0]
    assert [either(c).data for c in CORNERS] == [0.0, 1.0, 1.0, 1.0]
    assert [negation([p]).data for p in (0, 1)] == [1.0, 0.0]


def test_xor_takes_two_layers_of_them():
    model = MLP(2, [2, 1], "step", "step", seed=0)
    model.layers[0].set_weights([[1, 1], [-1, -1]], [-0.5, 1.5])
    model.layers[1].set_weights([[1, 1]], [-1.5])
    assert [model(c).data for c in CORNERS] == [0.0, 1.0, 1.0, 0.0]


def test_the_shapes():
    x = [0.1, 0.2, 0.3]
    assert type(Neuron(3, seed=0)(x)) is Value
    assert len(Layer(3, 4, seed=0)(x)) == 4
    assert type(Layer(3, 1, seed=0)(x)) is Value
    assert len(MLP(3, [4, 2], seed=0)(x)) == 2
    assert type(MLP(3, [4, 4, 1], seed=0)(x)) is Value
    assert len(MLP(3, [4, 4, 1], seed=0).parameters()) == 41
    assert len(MLP(3, (4, 4, 1), seed=0).parameters()) == 41


def test_a_hidden_layer_of_one_neuron():
    model = MLP(2, [1, 3], "tanh", seed=0)
    hidden = model.layers[0]([0.5, -1.0])
    assert numbers(model([0.5, -1.0])) == numbers(model.layers[1]([hidden]))


def test_the_output_layer_has_its_own_activation():
    model = MLP(2, [2, 2, 2], "tanh", "sigmoid", seed=0)
    activations = [[neuron.activation for neuron in layer.neurons] for layer in model.layers]
    assert activations == [["tanh"] * 2, ["tanh"] * 2, ["sigmoid"] * 2]
    default = MLP(2, [2, 1], seed=0)
    assert [layer.neurons[0].activation for layer in default.layers] == ["relu", "linear"]


# Inputs


def test_inputs_of_all_kinds():
    model = MLP(3, [4, 2], "tanh", seed=1)
    expected = numbers(model([1.0, -2.0, 0.5]))
    table = np.array([[1.0, -2.0, 0.5], [9.0, 9.0, 9.0]])
    for x in (
        (1.0, -2.0, 0.5),
        [1, -2, 0.5],
        table[0],
        table[0].astype(np.float32),
        np.array([1.0, -2.0, 0.5, 7.0])[:3],
        list(table[0]),
        list(map(Value, table[0])),
        [Value(1.0), -2, np.float32(0.5)],
    ):
        out = model(x)
        assert [type(value) for value in out] == [Value, Value]
        assert numbers(out) == expected


@pytest.mark.parametrize(
    "x", [2, 2.0, True, np.float64(2), np.float32(2), np.int64(2), np.array(2.0), Value(2.0)]
)
def test_one_input_may_come_by_itself(x):
    model = MLP(1, [3, 1], seed=1)
    assert model(x).data == model([float(x)]).data


def test_the_gradient_reaches_the_inputs():
    x = [Value(0.5), Value(-0.5)]
    Neuron(2, "linear").set_weights([3.0, 4.0], 1.0)(x).backward()
    assert [value.grad for value in x] == [3.0, 4.0]


@pytest.mark.parametrize("count", [0, 2, 5])
def test_a_wrong_number_of_inputs_is_an_error_that_says_so(count):
    for module in (MLP(3, [4, 1], seed=0), Layer(3, 4, seed=0), Neuron(3, seed=0)):
        for x in ([1.0] * count, np.ones(count), [Value(1.0)] * count):
            with pytest.raises(ValueError, match=f"takes 3 inputs, but was given {count}"):
                module(x)


# Gradients, by two other ways

X = np.array([[0.5, -1.0, 2.0], [-0.3, 0.8, 0.1], [1.5, 0.2, -0.7], [0.0, 0.4, 0.9]])
Y = np.array([[0.3, -0.2], [0.7, 0.1], [0.0, 0.5], [-0.4, 0.9]])
SLOPES = {  # the derivative of an activation, by its input and its output
    "relu": lambda z, a: (z > 0).astype(float),
    "tanh": lambda z, a: 1.0 - a**2,
    "sigmoid": lambda z, a: a * (1.0 - a),
    "step": lambda z, a: np.zeros_like(z),
    "linear": lambda z, a: np.ones_like(z),
}


def loss_of(model):
    return mse_loss([model(row) for row in X], Y)


def by_hand(model):
    """The gradient by backpropagation with matrices, in the order of the parameters."""
    stages, a = [], X
    for layer in model.layers:
        W = np.array([numbers(neuron.w) for neuron in layer.neurons])
        b = np.array([neuron.b.data for neuron in layer.neurons])
        activation = layer.neurons[0].activation
        z = a @ W.T + b
        stages.append((W, a, z, activation))
        a = np.vectorize(ACTIVATIONS[activation])(z)
    stages = [*stages, (None, a, None, None)]
    upstream, gradients = 2.0 * (a - Y) / Y.size, []
    for (W, before, z, activation), after in zip(stages[-2::-1], stages[:0:-1], strict=True):
        delta = upstream * SLOPES[activation](z, after[1])
        gradients.append(np.column_stack([delta.T @ before, delta.sum(axis=0)]).ravel())
        upstream = delta @ W
    return np.concatenate(gradients[::-1])


@pytest.mark.parametrize("output", ACTIVATIONS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_equal_those_of_backpropagation_by_hand(activation, output):
    model = MLP(3, [5, 4, 2], activation, output, seed=11)
    loss_of(model).backward()
    gradients = [parameter.grad for parameter in model.parameters()]
    np.testing.assert_allclose(gradients, by_hand(model), rtol=1e-12, atol=1e-15)
    flat = "step" in (activation, output)
    assert np.any(gradients) or flat, "something was compared"


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_gradients_equal_finite_differences(activation):
    model = MLP(3, [4, 2], activation, seed=12)
    loss_of(model).backward()
    for name, parameter in model.named_parameters():
        start, nearby = parameter.data, []
        for parameter.data in (start + 1e-5, start - 1e-5):
            nearby.append(loss_of(model).data)
        parameter.data = start
        slope = (nearby[0] - nearby[1]) / 2e-5
        assert parameter.grad == pytest.approx(slope, rel=1e-6, abs=1e-9), name


# Mistakes in making one


@pytest.mark.parametrize("make", [Neuron, lambda n, a: Layer(n, 2, a), lambda n, a: MLP(n, [2], a)])
def test_an_unknown_activation_names_the_known_ones(make):
    with pytest.raises(ValueError, match=r"activation='rleu'.*relu, tanh, sigmoid, step, linear"):
        make(2, "rleu")


def test_an_unknown_activation_is_found_in_every_place():
    with pytest.raises(ValueError, match=r"(output|activation)='softmax'"):
        MLP(2, [2, 1], "tanh", "softmax", seed=0)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Neuron(0),
        lambda: Neuron(-1),
        lambda: Layer(2, 0, seed=0),
        lambda: Layer(2, -3, seed=0),
        lambda: MLP(2, [], seed=0),
        lambda: MLP(2, [3, 0, 1], seed=0),
        lambda: MLP(0, [1], seed=0),
    ],
)
def test_a_network_of_nothing_is_an_error(make):
    with pytest.raises(ValueError, match="at least"):
        make()


def test_set_weights_of_a_wrong_size():
    with pytest.raises(ValueError, match=r"Neuron\(2, 'relu'\) has 2 weights, but was given 3"):
        Neuron(2).set_weights([1.0, 2.0, 3.0], 0.0)
    layer = Layer(2, 3, seed=0)
    with pytest.raises(ValueError, match=r"3 rows of weights and as many biases.* 2 and 3"):
        layer.set_weights([[1.0, 2.0]] * 2, [0.0] * 3)
    with pytest.raises(ValueError, match="given 3 and 1"):
        layer.set_weights([[1.0, 2.0]] * 3, [0.0])
    with pytest.raises(ValueError, match="has 2 weights, but was given 1"):
        layer.set_weights([[1.0, 2.0], [1.0, 2.0], [1.0]], [0.0] * 3)


def test_set_weights_takes_arrays():
    layer = Layer(2, 3, "linear", seed=0).set_weights(np.arange(6.0).reshape(3, 2), np.ones(3))
    assert numbers(layer([1.0, 10.0])) == [11.0, 33.0, 55.0]
    assert all(type(p.data) is float for p in layer.parameters())
