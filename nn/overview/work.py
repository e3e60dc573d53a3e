"""How many products a call of a layer adds up, counted from shapes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

from nn.layers.attention import MultiheadAttention
from nn.layers.cells import Cell
from nn.layers.convolution import Convolution, ConvTranspose2d
from nn.layers.linear import Linear
from nn.layers.recurrent import Recurrent
from nn.module import Module
from nn.neuron import Layer, Neuron

Shape: TypeAlias = tuple[int, ...]
Count: TypeAlias = Callable[[Any, tuple[Shape, ...], Shape], int]


def multiply_adds(module: Module, inputs: tuple[Shape, ...], output: Shape) -> int | None:
    """The multiply-adds of a call, without those of the modules below.

    Those of matrix products and convolutions are counted, and not those of what is done element by
    element, which are few beside them. None, if the module is not known and has parameters.

    Parameters
    ----------
    module : Module
    inputs : tuple of shapes
        Of the arguments of its `forward`, in order.
    output : shape
        Of what it gives, the first if it gives several.
    """
    for kind, count in COUNTS.items():
        if isinstance(module, kind):
            return count(module, inputs, output)
    ours = type(module).__module__.partition(".")[0] == "nn"
    return 0 if ours or not list(module.own_parameters()) else None


def _convolution(layer: Convolution, given: Shape, output: Shape) -> int:
    """Each number that is given is a sum over a kernel; the other way round, each that is taken."""
    sums = math.prod(given if isinstance(layer, ConvTranspose2d) else output)
    size: int = math.prod(layer.weight.shape[1:])
    return sums * size


def _recurrent(layer: Recurrent | Cell, given: Shape) -> int:
    """At each step each weight is used once, for each sample."""
    weights = [p for name, p in layer.own_parameters() if name.startswith("weight")]
    sizes: list[int] = [math.prod(weight.shape) for weight in weights]
    return math.prod(given[:-1]) * sum(sizes)


def _attention(layer: MultiheadAttention, query: Shape, key: Shape) -> int:
    """The maps of queries, keys and values, the scores, and the sums of values by weights."""
    batch = 1 if len(query) == 2 else query[0 if layer.batch_first else 1]
    n, m = (math.prod(shape[:-1]) // batch for shape in (query, key))
    maps = n * layer.embed_dim + m * (layer.kdim + layer.vdim)
    return batch * layer.embed_dim * (maps + 2 * n * m)


COUNTS: dict[Any, Count] = {
    Linear: lambda layer, inputs, output: math.prod(output) * layer.in_features,
    Convolution: lambda layer, inputs, output: _convolution(layer, inputs[0], output),
    Recurrent: lambda layer, inputs, output: _recurrent(layer, inputs[0]),
    Cell: lambda layer, inputs, output: _recurrent(layer, inputs[0]),
    MultiheadAttention: lambda layer, inputs, output: _attention(layer, *inputs[:2]),
    Layer: lambda layer, inputs, output: layer.nin * len(layer.neurons),
    Neuron: lambda neuron, inputs, output: neuron.nin,
}


def shapes(given: Any) -> list[Shape]:
    """The shapes of what a module takes or gives, in whatever tuples, lists and dicts."""
    if hasattr(given, "shape"):
        return [tuple(given.shape)]
    if isinstance(given, dict):
        return shapes(list(given.values()))
    if isinstance(given, (list, tuple)):
        found = [shape for part in given for shape in shapes(part)]
        return found if any(found) else [(len(found),)]  # of numbers: a row of them
    return [()] if isinstance(given, (int, float)) else []
