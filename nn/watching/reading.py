"""Which units and weights of a network are drawn, and what they are at one moment."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Node, Tensor, enable_grad, no_grad
from autograd.node import ancestors
from nn.modes import evaluating
from nn.module import Module
from nn.neuron import ACTIVATIONS, MLP, Layer, Neuron
from nn.parts import Part, gradients, norms, numbers, parts

MOST_UNITS = 16  # drawn of a layer; what more there is, is counted
Array = NDArray[Any]


@dataclass(frozen=True)
class Column:
    """Units side by side: a layer, or the inputs of one.

    Attributes
    ----------
    part : Part or None
        The layer; None if they are inputs.
    size : int
        How many units there are.
    shown : list of int
        Which of them are drawn: all, or `MOST_UNITS` of them evenly spread.
    """

    part: Part | None
    size: int

    @property
    def shown(self) -> list[int]:
        """Which units are drawn."""
        count = min(self.size, MOST_UNITS)
        return [i * self.size // count for i in range(count)]

    @property
    def activation(self) -> str:
        """What bends its sums, where that is known."""
        neurons = self.part.neurons if self.part else []
        return neurons[0].activation if neurons else ""


@dataclass(frozen=True)
class Frame:
    """The numbers of a network at one moment, in single precision.

    Attributes
    ----------
    step : int
        How often the watch had been called, this call included.
    loss : float
        The loss; NaN if it was not told.
    norms : list of (float, float)
        Of each part, the norms of its parameters and of their gradients.
    values, gradients : array of shape (shown,)
        The weights that are drawn, then the biases, of each column in turn. NaN where there is
        none.
    outputs : array of shape (units,)
        What each unit that is drawn gave for one sample.
    surface : array of shape (side, side) or None
        What the model answers over the plane of its two inputs.
    """

    step: int
    loss: float
    norms: list[tuple[float, float]]
    values: Array
    gradients: Array
    outputs: Array
    surface: Array | None


def columns(found: list[Part]) -> list[Column]:
    """The columns of a network; inputs stand before each layer that does not follow from another.

    Examples
    --------
    >>> from nn import MLP
    >>> [column.size for column in columns(parts(MLP(64, [16, 10])))]
    [64, 16, 10]
    """
    drawn: list[Column] = []
    for part in found:
        if part.weight is None:
            continue
        out, given = numbers(part.weight).shape
        if not drawn or drawn[-1].size != given:
            drawn.append(Column(None, given))
        drawn.append(Column(part, out))
    return drawn


def read(drawn: Sequence[Column], how: Any) -> Array:
    """The weights and biases that are drawn, in one row; `how` is `numbers` or `gradients`."""
    row = [np.empty(0)]
    for i, column in enumerate(drawn):
        if column.part is not None:
            shown, bias = column.shown, column.part.bias
            row.append(how(column.part.weight)[np.ix_(shown, drawn[i - 1].shown)])
            row.append(np.full(len(shown), np.nan) if bias is None else how(bias)[shown])
    return np.concatenate(row, axis=None)


def outputs(model: Module, drawn: Sequence[Column], sample: Any) -> Array:
    """What each unit that is drawn gives for a sample; NaN where that is not known."""
    if sample is None:
        return np.full(sum(len(column.shown) for column in drawn), np.nan)
    last: dict[Any, Any] = {}
    with enable_grad(), evaluating(model):
        out = model(Tensor([sample]) if _takes_arrays(model) else sample)
    for node in ancestors([out] if isinstance(out, Node) else list(out)):
        if node.scope is not None and node.scope.module is not None:
            last[node.scope.module] = node.data  # the last node of a call is its result
    row = [np.empty(0)]
    for column in drawn:
        if column.part is None:
            its = np.ravel(sample)
        elif column.part.neurons:
            its = np.array([last.get(neuron, math.nan) for neuron in column.part.neurons])
        else:
            its = np.ravel(last.get(column.part.module, math.nan))
        known = its if len(its) == column.size else np.full(column.size, math.nan)
        row.append(known[column.shown])
    return np.concatenate(row)


def answers(model: Module, x: Array) -> Array:
    """What a model answers to many samples at once: shape (samples, outputs)."""
    if all(type(module).forward in SCALAR for module in model.modules()):
        for part in parts(model):  # the same formula on arrays: a thousand samples in no time
            x = x @ numbers(part.weight).T + numbers(part.bias)
            x = np.asarray(ACTIVATIONS[part.neurons[0].activation](x))
        return x
    with no_grad(), evaluating(model):
        out = model(Tensor(x)) if _takes_arrays(model) else [_row(model(row)) for row in x.tolist()]
    return np.reshape(numbers(out) if isinstance(out, Node) else np.array(out), (len(x), -1))


SCALAR = (Neuron.forward, Layer.forward, MLP.forward)


def _takes_arrays(model: Module) -> bool:
    return any(isinstance(parameter, Tensor) for parameter in model.parameters())


def _row(out: Any) -> list[float]:
    return [float(number) for number in (out if isinstance(out, list) else [out])]


def frame(
    model: Module,
    drawn: Sequence[Column],
    *,
    step: int,
    loss: float,
    sample: Any = None,
    grid: Array | None = None,
) -> Frame:
    """Read the numbers of a network as they are now."""
    surface = None
    if grid is not None:
        found = answers(model, grid)
        side = math.isqrt(len(grid))
        surface = (found[:, 0] if found.shape[1] == 1 else found.argmax(axis=1)).reshape(side, side)
    return Frame(
        step,
        loss,
        [norms(part) for part in parts(model)],
        read(drawn, numbers).astype(np.float32),
        read(drawn, gradients).astype(np.float32),
        outputs(model, drawn, sample).astype(np.float32),
        surface,
    )
