"""What an explanation is asked: which samples, and which score of each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

import autograd
from autograd import Node, Tensor, no_grad
from autograd.node import plain
from nn.layers.convolution import Convolution
from nn.layers.embedding import Embedding
from nn.layers.pooling import Pooling
from nn.modes import evaluating
from nn.module import Module
from nn.parts import first_layer

Target: TypeAlias = int | Sequence[int] | NDArray[Any] | Callable[[Any], Any] | None


@dataclass(frozen=True)
class Samples:
    """A batch of samples, which may be made of one that was given alone."""

    x: NDArray[Any]
    alone: bool

    def shaped(self, found: NDArray[Any]) -> NDArray[Any]:
        """What was found for the batch, without the batch's axis if there was none."""
        return found[0] if self.alone else found


def require_module(asker: str, model: Any) -> None:
    """See that a model is one."""
    if not isinstance(model, Module):
        raise TypeError(f"{asker} looks into an nn.Module, but was given {model!r:.60}")


@contextmanager
def asked(asker: str, model: Module, x: Any) -> Iterator[Samples]:
    """A block in which a model is in evaluation, to be asked about samples."""
    require_module(asker, model)
    with evaluating(model):
        yield _samples(asker, model, x)


def _samples(asker: str, model: Module, x: Any) -> Samples:
    """A batch of samples, or one sample as a batch of one.

    Which it is follows from what the model makes of it: of a batch of n it gives n rows. Where both
    would do, a convolution or pooling at the beginning says how many axes a sample has.
    """
    x = np.asarray(plain(x))
    if x.dtype.kind not in "biuf":
        raise TypeError(f"{asker} takes real numbers, but x is of dtype {x.dtype}")
    if not x.ndim:
        raise ValueError(f"{asker} takes a sample or a batch of them, but x is the number {x}")
    given, x = x, x if x.dtype.kind == "f" else x.astype(float)
    readings, errors = [Samples(x, False), Samples(x[None], True)], []
    if x.ndim == _axes_of_a_sample(model):
        readings.reverse()
    for reading in readings:
        if reading.x.ndim < 2:  # the numbers of one sample are no batch
            continue
        try:
            with no_grad():
                output = model(Tensor(reading.x))
        except (IndexError, TypeError, ValueError) as error:
            errors.append(error)
            continue
        if not isinstance(output, Node):
            raise TypeError(
                f"{asker} explains one Tensor, but {type(model).__name__} gives a "
                f"{type(output).__name__}; ask a Module that picks from it what is to be explained"
            )
        shape = np.shape(output)
        if shape[:1] == reading.x.shape[:1]:
            return reading
    if errors:
        _refuse_indices(asker, model, given)
        raise errors[0]
    raise ValueError(
        f"{asker}: the model gives neither a row for each sample of x, of shape {x.shape}, nor one "
        f"for it all, but an output of shape {shape}"
    )


def _refuse_indices(asker: str, model: Module, x: NDArray[Any]) -> None:
    """Say why a model that looks whole numbers up in a table cannot be asked about them."""
    for path, module in model.named_modules():
        if isinstance(module, Embedding) and x.dtype.kind in "biu":
            raise TypeError(
                f"{asker} follows small changes of x, but {path!r} (Embedding) looks x up in a "
                "table; ask a Module of what comes after it, and give that the rows"
            )


def _axes_of_a_sample(model: Module) -> int | None:
    """How many axes a sample has, channels included, where the first layer says so."""
    first = first_layer(model)
    return first.axes + 1 if isinstance(first, (Convolution, Pooling)) else None


def scores(output: Any, target: Target) -> Any:
    """The score of each sample that a target picks from a model's output, a Tensor of shape (n,).

    Raises
    ------
    ValueError
        If it does not pick one for each.
    """
    shape = output.shape
    n = shape[0]
    if callable(target):
        found = target(output)
        if not isinstance(found, Node) or math.prod(found.shape) != n:
            raise ValueError(
                f"target picks a score for each of the {n} samples, a Tensor of shape ({n},), but "
                f"gave {found!r:.60}"
            )
        return autograd.reshape(found, (n,))
    if target is None:
        if shape not in ((n,), (n, 1)):
            raise ValueError(
                f"which score is to be explained? The model gives {shape[1:]} for each sample; "
                "name one by target"
            )
        return output.reshape(n)
    picked = np.asarray(target)
    if picked.dtype.kind not in "iu" or picked.shape not in ((), (n,)):
        raise ValueError(
            f"target is an integer, one for each of the {n} samples, or a function that picks "
            f"scores from the output, but is {target!r:.60}"
        )
    if len(shape) != 2:
        raise ValueError(
            f"target {target!r:.60} picks one of a row of scores, but the model's output has shape "
            f"{shape}; let target be a function that picks a score for each sample from it"
        )
    if (picked < -shape[1]).any() or (picked >= shape[1]).any():
        raise ValueError(f"target {target!r:.60}: the model gives {shape[1]} scores, from 0 on")
    return output[np.arange(n), np.broadcast_to(picked, (n,))]


def output_and_layer(asker: str, model: Module, layer: Module | str, x: Any) -> tuple[Any, Any]:
    """What a model gives, and what a layer of it, which may be named by its path, gave meanwhile.

    Raises
    ------
    ValueError
        If it is no layer of the model, was not called once, or computes one number at a time.
    """
    paths = dict(model.named_modules())
    found = paths.get(layer) if isinstance(layer, str) else layer
    if not any(found is module for module in paths.values()):
        names = ", ".join(filter(None, paths))
        raise ValueError(f"{asker}: the model has no layer {layer!r:.60}; its layers are {names}")
    if found is None or found is model:
        output = model(x)
        return output, output
    seen: list[Any] = []
    with found.register_forward_hook(lambda module, args, output: seen.append(output)):
        output = model(x)
    if len(seen) != 1:
        raise ValueError(f"{asker}: {layer!r:.60} was called {len(seen)} times, and not once")
    if not getattr(seen[0], "shape", ()):
        raise ValueError(f"{asker} looks into layers of Tensors, but {layer!r:.60} gives {seen[0]}")
    return output, seen[0]
