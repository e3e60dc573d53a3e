"""The network that an estimator makes if it is given none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nn.layers.activation import ReLU, Sigmoid, Tanh
from nn.layers.containers import Identity, Sequential
from nn.layers.linear import Linear
from nn.module import Module

ACTIVATIONS: dict[str, type[Module]] = {
    "relu": ReLU,
    "tanh": Tanh,
    "sigmoid": Sigmoid,
    "linear": Identity,
}


def dense(sizes: Sequence[int], activation: str) -> Sequential:
    """Affine maps in a row, each but the last bent by an activation.

    Parameters
    ----------
    sizes : sequence of int
        How many features go in, how many each layer has, and how many come out.
    activation : {"relu", "tanh", "sigmoid", "linear"}

    Examples
    --------
    >>> dense([4, 8, 3], "relu")
    Sequential(
      (0): Linear(in_features=4, out_features=8, bias=True)
      (1): ReLU()
      (2): Linear(in_features=8, out_features=3, bias=True)
    )
    """
    if activation not in ACTIVATIONS:
        known = ", ".join(ACTIVATIONS)
        raise ValueError(f"activation={activation!r} is not known; choose one of {known}")
    if min(sizes) < 1:
        raise ValueError(f"each layer has at least 1 unit, but the sizes are {sizes}")
    layers: list[Module] = []
    for fan_in, fan_out in pairwise(sizes):
        layers += [Linear(fan_in, fan_out), ACTIVATIONS[activation]()]
    return Sequential(*layers[:-1])
