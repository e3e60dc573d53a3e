"""The network that an estimator makes if it is given none."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import autograd
from autograd import Tensor
from nn.module import Module

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "relu": autograd.relu,
    "tanh": autograd.tanh,
    "sigmoid": autograd.sigmoid,
    "linear": lambda x: x,
}


class Dense(Module):
    """Affine maps in a row, each but the last bent by an activation.

    Parameters
    ----------
    sizes : sequence of int
        How many features go in, how many each layer has, and how many come out.
    activation : {"relu", "tanh", "sigmoid", "linear"}

    Attributes
    ----------
    weights, biases : list of Tensor
        Drawn uniformly up to ``1 / √fan_in``, as PyTorch's Linear draws them.

    Examples
    --------
    >>> net = Dense([4, 8, 3], "relu")
    >>> net([[1.0, 2.0, 3.0, 4.0]]).shape
    (1, 3)
    """

    def __init__(self, sizes: Sequence[int], activation: str) -> None:
        if activation not in ACTIVATIONS:
            known = ", ".join(ACTIVATIONS)
            raise ValueError(f"activation={activation!r} is not known; choose one of {known}")
        if min(sizes) < 1:
            raise ValueError(f"each layer has at least 1 unit, but the sizes are {sizes}")
        self.activation = activation
        self.weights, self.biases = [], []
        for fan_in, fan_out in itertools.pairwise(sizes):
            self.weights.append(_uniform(fan_in, fan_out, fan_in))
            self.biases.append(_uniform(fan_in, fan_out))

    def forward(self, x: Any) -> Any:
        """Scores of shape (n, outputs) for rows of shape (n, features)."""
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = ACTIVATIONS[self.activation](autograd.linear(x, weight, bias))
        return autograd.linear(x, self.weights[-1], self.biases[-1])


def _uniform(fan_in: int, *shape: int) -> Tensor:
    bound = 1.0 / math.sqrt(fan_in)
    return Tensor((autograd.rand(*shape).data * 2.0 - 1.0) * bound, requires_grad=True)
