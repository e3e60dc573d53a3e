"""The layers that an input passes one after the other, with what each was given and gave."""

from __future__ import annotations

import copy
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Tensor, no_grad
from nn.layers.activation import ELU, SELU, LeakyReLU, PReLU, ReLU, Tanh
from nn.layers.batch_norm import BatchNorm
from nn.layers.containers import Identity
from nn.layers.convolution import Conv1d, Conv2d
from nn.layers.dropout import Dropout
from nn.layers.linear import Linear
from nn.layers.pooling import AdaptiveAvgPool2d, AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d
from nn.layers.shape import Flatten, Unflatten
from nn.module import Module

WEIGHTED = (Linear, Conv1d, Conv2d)
AVERAGING = (AvgPool1d, AvgPool2d, AdaptiveAvgPool2d)
MOVING = (Flatten, Unflatten, MaxPool1d, MaxPool2d)  # each number that they give is one given
BENDING = (ReLU, LeakyReLU, PReLU, ELU, SELU, Tanh, Dropout, Identity)  # each by itself, 0 to 0
KNOWN = (*WEIGHTED, *AVERAGING, *MOVING, *BENDING, BatchNorm)


@dataclass(frozen=True)
class Link:
    """A call of a layer, with what it was given and what it gave."""

    path: str
    layer: Any
    x: Any
    y: Any


def chain(model: Module, x: NDArray[Any]) -> list[Link]:
    """The calls of a model's layers, each given what the last one gave.

    A batch norm is made one with the layer before it, whose weights it scales.

    Raises
    ------
    ValueError
        If the model has other layers, or computes something between them.
    """
    _require_known(model)
    links: list[Link] = []

    def noting(path: str) -> Callable[..., None]:
        return lambda layer, args, y: links.append(Link(path, layer, args[0], y))

    with ExitStack() as hooks, no_grad():
        for path, module in model.named_modules():
            if isinstance(module, KNOWN):
                hooks.enter_context(module.register_forward_hook(noting(path)))
        given: Any = Tensor(x)
        output = model(given)
    place = "the input"
    for link in links:
        if link.x is not given:
            raise _broken(place, f"layer {link.path!r}")
        given, place = link.y, f"layer {link.path!r}"
    if output is not given:
        raise _broken(place, "the output")
    return _merged(links)


def _require_known(model: Module) -> None:
    """See that all that computes something in a model is known."""
    unknown = [
        f"{path!r} ({type(module).__name__})"
        for path, module in model.named_modules()
        if not isinstance(module, KNOWN)
        and (not list(module.children()) or list(module.own_parameters()))
    ]
    if unknown:
        names = ", ".join(kind.__name__ for kind in KNOWN)
        raise ValueError(
            f"layer_relevance does not know {', '.join(unknown)}; it knows {names}. Scores are "
            "explained before a softmax"
        )


def _broken(here: str, there: str) -> ValueError:
    return ValueError(
        f"layer_relevance follows layers of which each is given what the last one gave, but "
        f"between {here} and {there} something else is computed; write it as a layer, or explain "
        "a part"
    )


def _merged(links: list[Link]) -> list[Link]:
    """The same without batch norms."""
    found: list[Link] = []
    for link in links:
        if not isinstance(link.layer, BatchNorm):
            found.append(link)
        elif link.layer.running_mean is not None and found and _has_channels(found[-1]):
            last = found.pop()
            found.append(Link(last.path, _scaled(last.layer, link.layer), last.x, link.y))
        else:
            raise ValueError(
                f"layer_relevance takes a batch norm that follows a linear layer or a convolution "
                f"and has running statistics, but {link.path!r} does not"
            )
    return found


def _has_channels(link: Link) -> bool:
    """Whether what a layer gives has on axis 1 what its weight has on axis 0."""
    return isinstance(link.layer, WEIGHTED) and not (
        isinstance(link.layer, Linear) and len(link.y.shape) != 2
    )


def _scaled(layer: Any, norm: Any) -> Any:
    """A layer that gives what another and then a batch norm give."""
    scale = 1.0 / np.sqrt(norm.running_var.data + norm.eps)
    scale = scale if norm.weight is None else scale * norm.weight.data
    bias = (
        -norm.running_mean.data if layer.bias is None else layer.bias.data - norm.running_mean.data
    )
    shift = 0.0 if norm.bias is None else norm.bias.data
    weight = layer.weight.data
    return weighing(
        layer, weight * scale.reshape(-1, *[1] * (weight.ndim - 1)), bias * scale + shift
    )


def weighing(layer: Any, weight: NDArray[Any], bias: NDArray[Any] | None) -> Any:
    """A layer like another, with another weight and bias."""
    twin = copy.copy(layer)
    kind = layer.weight.dtype
    twin.weight = Tensor(weight.astype(kind))
    twin.bias = None if bias is None else Tensor(bias.astype(kind))
    return twin
