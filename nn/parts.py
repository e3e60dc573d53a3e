"""The layers of a network, found by the parameters that its modules hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nn.module import Module
from nn.neuron import Layer, Neuron


def first_layer(model: Module) -> Module:
    """The first module without parts, in the order in which they were assigned."""
    return next(module for module in model.modules() if not list(module.children()))


def dtype_of(model: Module) -> DTypeLike:
    """The dtype of its first parameter; `float` if that is a Value, or if there is none."""
    found: DTypeLike = next((getattr(p, "dtype", float) for p in model.parameters()), float)
    return found


@dataclass(frozen=True)
class Part:
    """A module that holds parameters of its own; a `Layer` with those of its neurons.

    Attributes
    ----------
    name : str
        Its path in the model; of the model itself, the name of its class.
    module : Module
        The module.
    parameters : dict of str to leaf
        The parameters, by their paths.
    """

    name: str
    module: Module
    parameters: dict[str, Any]

    @property
    def neurons(self) -> list[Neuron]:
        """The neurons, where it is made of them."""
        if isinstance(self.module, Layer):
            return self.module.neurons
        return [self.module] if isinstance(self.module, Neuron) else []

    @property
    def weight(self) -> Any:
        """A row of weights for each unit: lists of Values, or a Tensor; None if there is none."""
        if self.neurons:
            return [neuron.w for neuron in self.neurons]
        weight = getattr(self.module, "weight", None)
        return weight if getattr(weight, "ndim", 0) == 2 else None

    @property
    def bias(self) -> Any:
        """A number for each unit: a list of Values, or a Tensor; None if there is none."""
        if self.neurons:
            return [neuron.b for neuron in self.neurons]
        return getattr(self.module, "bias", None)


def parts(model: Module) -> list[Part]:
    """The parts of a model, in the order in which it holds them.

    Raises
    ------
    TypeError
        If it is not a module.
    ValueError
        If it has no parameters.

    Examples
    --------
    >>> from nn import MLP
    >>> [(part.name, len(part.parameters)) for part in parts(MLP(2, [3, 1]))]
    [('layers.0', 9), ('layers.1', 4)]
    """
    if not isinstance(model, Module):
        raise TypeError(f"expected an nn.Module, but was given {model!r}")
    modules = dict(model.named_modules())
    owners = {path: (path, module) for path, module in modules.items()}
    for path, module in modules.items():
        if isinstance(module, Layer):  # its neurons are one part
            for inner, neuron in modules.items():
                if neuron in module.neurons:
                    owners[inner] = (path, module)
    found: dict[str, Part] = {}
    for name, leaf in model.named_parameters():
        path, module = owners[name.partition("[")[0].rpartition(".")[0]]
        called = path or type(model).__name__
        found.setdefault(path, Part(called, module, {})).parameters[name] = leaf
    if not found:
        raise ValueError(f"{described(model)} has no parameters")
    return list(found.values())


def described(module: Module) -> str:
    """How a module prints itself in one line, or the name of its class."""
    line = repr(module)
    return type(module).__name__ if "\n" in line or line.endswith("()") else line


def numbers(leaves: Any) -> NDArray[Any]:
    """The data of a leaf, or of leaves in nested lists, as an array."""
    if isinstance(leaves, Sequence):
        return np.array([numbers(leaf) for leaf in leaves])
    return np.asarray(leaves.data)


def gradients(leaves: Any) -> NDArray[Any]:
    """The gradients of the same; NaN where there is none."""
    if isinstance(leaves, Sequence):
        return np.array([gradients(leaf) for leaf in leaves])
    return np.asarray(leaves.grad) if leaves.has_grad else np.full(leaves.shape, np.nan)


def norms(part: Part) -> tuple[float, float]:
    """The Euclidean norms of a part's parameters and of their gradients; NaN if there are none."""
    leaves = list(part.parameters.values())
    return _norm([leaf.data for leaf in leaves]), _norm(
        [leaf.grad for leaf in leaves if leaf.has_grad]
    )


def _norm(arrays: list[Any]) -> float:
    if not arrays:
        return math.nan
    with np.errstate(over="ignore", invalid="ignore"):  # then it is infinite or NaN, and says so
        return float(np.linalg.norm(np.concatenate(arrays, axis=None)))
