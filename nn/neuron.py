"""Networks one scalar at a time: a neuron, a layer of them, and layers in a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np

import autograd
from autograd import Node, Value
from nn.batch import SampleModule, is_table
from nn.init import Scheme, Seed, generator, limit

Activation: TypeAlias = Literal["relu", "tanh", "sigmoid", "step", "linear"]

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "relu": autograd.relu,
    "tanh": autograd.tanh,
    "sigmoid": autograd.sigmoid,
    "step": autograd.heaviside,
    "linear": lambda x: x,
}


class Neuron(SampleModule):
    """A weighted sum of its inputs and a bias, bent by an activation: ``f(w · x + b)``.

    With the activation ``step`` it is the neuron of McCulloch and Pitts, and the perceptron.

    Parameters
    ----------
    nin : int
        How many inputs it takes.
    activation : {"relu", "tanh", "sigmoid", "step", "linear"}
        What bends the sum; ``linear`` leaves it straight.
    init : {"uniform", "xavier", "kaiming", "zeros"}
        How its weights are drawn; see `nn.init.limit`. The bias starts at 0.
    seed : int, random.Random or None
        Where the random numbers come from; None is Python's global generator.
    fan_out : int, default 1
        How many neurons share the inputs, which ``xavier`` asks for.

    Attributes
    ----------
    w : list of Value
        The weights.
    b : Value
        The bias.

    Examples
    --------
    A neuron that computes AND:

    >>> both = Neuron(2, "step").set_weights([1.0, 1.0], -1.5)
    >>> [both([p, q]).data for p in (0, 1) for q in (0, 1)]
    [0.0, 0.0, 0.0, 1.0]
    """

    def __init__(
        self,
        nin: int,
        activation: Activation = "relu",
        *,
        init: Scheme = "uniform",
        seed: Seed = None,
        fan_out: int = 1,
    ) -> None:
        _at_least_one(nin=nin)
        _known(activation=activation)
        random, bound = generator(seed), limit(init, nin, fan_out)
        self.w = [Value(random.uniform(-bound, bound)) for _ in range(nin)]
        self.b = Value(0.0)
        self.activation = activation

    @property
    def nin(self) -> int:
        """How many inputs it takes."""
        return len(self.w)

    def forward(self, x: Any) -> Any:
        """``f(w · x + b)``, a Value; `x` holds `nin` numbers or Values."""
        x = as_inputs(self, x)
        total = sum((w * value for w, value in zip(self.w, x, strict=True)), self.b)
        return ACTIVATIONS[self.activation](total)

    def set_weights(self, w: Sequence[float], b: float) -> Neuron:
        """Set the weights and the bias to given numbers, and return this neuron."""
        if len(w) != len(self.w):
            raise ValueError(f"{self!r} has {len(self.w)} weights, but was given {len(w)}")
        for weight, number in zip(self.w, w, strict=True):
            weight.data = number
        self.b.data = b
        return self

    def __repr__(self) -> str:
        return f"Neuron({len(self.w)}, {self.activation!r})"


class Layer(SampleModule):
    """Neurons side by side, all with the same inputs.

    The parameters are those of `Neuron`, and `nout`, the number of neurons.

    Examples
    --------
    >>> layer = Layer(2, 3, "tanh", seed=1)
    >>> len(layer([0.5, -0.5])), len(layer.parameters())
    (3, 9)
    """

    def __init__(
        self,
        nin: int,
        nout: int,
        activation: Activation = "relu",
        *,
        init: Scheme = "uniform",
        seed: Seed = None,
    ) -> None:
        _at_least_one(nin=nin, nout=nout)
        random = generator(seed)
        self.neurons = [
            Neuron(nin, activation, init=init, seed=random, fan_out=nout) for _ in range(nout)
        ]

    @property
    def nin(self) -> int:
        """How many inputs it takes."""
        return self.neurons[0].nin

    def forward(self, x: Any) -> Any:
        """The outputs of its neurons: a list of Values, or the Value itself if it is one."""
        x = as_inputs(self, x)
        out = [neuron(x) for neuron in self.neurons]
        return out[0] if len(out) == 1 else out

    def set_weights(self, w: Sequence[Sequence[float]], b: Sequence[float]) -> Layer:
        """Set the weights, a row for each neuron, and the biases; return this layer."""
        if not len(w) == len(b) == len(self.neurons):
            raise ValueError(
                f"{self!r} takes {len(self.neurons)} rows of weights and as many biases, but was "
                f"given {len(w)} and {len(b)}"
            )
        for neuron, row, bias in zip(self.neurons, w, b, strict=True):
            neuron.set_weights(row, bias)
        return self

    def __repr__(self) -> str:
        return f"Layer({self.nin}, {len(self.neurons)}, {self.neurons[0].activation!r})"


class MLP(SampleModule):
    """A multi-layer perceptron: layers in a row, each fed by the one before.

    Parameters
    ----------
    nin : int
        How many inputs it takes.
    nouts : list of int
        How many neurons each layer has, the output layer last.
    activation : {"relu", "tanh", "sigmoid", "step", "linear"}
        That of the hidden layers.
    output : the same
        That of the output layer.
    init, seed
        As for `Neuron`.

    Examples
    --------
    >>> model = MLP(3, [4, 4, 1], seed=1)
    >>> model
    MLP(3, [4, 4, 1], activation='relu', output='linear')
    >>> len(model.parameters())
    41

    Called on one sample it gives a Value; on a table of samples, one a row, a Tensor:

    >>> model([1.0, 2.0, 3.0]).shape, model([[1.0, 2.0, 3.0], [0.0, 1.0, 2.0]]).shape
    ((), (2,))
    >>> model([1.0, 2.0])
    Traceback (most recent call last):
    ...
    ValueError: MLP(3, [4, 4, 1], activation='relu', output='linear') takes 3 inputs, but was \
given 2
    """

    def __init__(
        self,
        nin: int,
        nouts: Sequence[int],
        activation: Activation = "relu",
        output: Activation = "linear",
        *,
        init: Scheme = "uniform",
        seed: Seed = None,
    ) -> None:
        _known(activation=activation, output=output)
        if isinstance(nouts, int) or not len(nouts):
            raise ValueError(f"an MLP takes a list of at least one layer's size, not {nouts!r}")
        random = generator(seed)
        sizes = [nin, *nouts]
        activations = [activation] * (len(nouts) - 1) + [output]
        self.layers = [
            Layer(sizes[i], sizes[i + 1], activations[i], init=init, seed=random)
            for i in range(len(nouts))
        ]

    @property
    def nin(self) -> int:
        """How many inputs it takes."""
        return self.layers[0].nin

    def forward(self, x: Any) -> Any:
        """The output layer's Values, or the Value itself if it is one."""
        x = as_inputs(self, x)
        for layer in self.layers:
            x = layer(x)
        return x

    def __repr__(self) -> str:
        nouts = [len(layer.neurons) for layer in self.layers]
        hidden, output = (self.layers[i].neurons[0].activation for i in (0, -1))
        return f"MLP({self.nin}, {nouts}, activation={hidden!r}, output={output!r})"


def _known(**activations: str) -> None:
    for role, name in activations.items():
        if name not in ACTIVATIONS:
            known = ", ".join(ACTIVATIONS)
            raise ValueError(f"{role}={name!r} is not known; choose one of {known}")


def _at_least_one(**sizes: int) -> None:
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"{name} must be at least 1, but is {size}")


def as_inputs(module: SampleModule, x: Any) -> list[Any]:
    """The inputs as a list of the right length; a number by itself is a list of one."""
    if is_table(x):
        raise ValueError(f"{module!r} takes one sample here, but x holds rows of them")
    if isinstance(x, (np.ndarray, np.generic)):
        x = x.tolist()
    one = isinstance(x, (int, float)) or (isinstance(x, Node) and not x.shape)
    inputs = [x] if one else list(x)
    if len(inputs) != module.nin:
        raise ValueError(f"{module!r} takes {module.nin} inputs, but was given {len(inputs)}")
    return inputs
