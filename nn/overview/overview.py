"""The layers of a model in a table: what they give, their parameters and their work."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd import Node, Tensor, no_grad
from nn.layers.embedding import Embedding
from nn.modes import evaluating
from nn.module import Module
from nn.neuron import Layer
from nn.overview.work import Shape, multiply_adds, shapes
from nn.parts import dtype_of, first_layer
from nn.table import table

HEADS = ("layer", "type", "output shape", "parameters", "multiply-adds")
NONE = "–"


@dataclass(frozen=True)
class Row:
    """A module of a model, and what was seen of it in one call of the model.

    Attributes
    ----------
    path : str
        Its path, such as ``layers.0``; of the model itself ``""``.
    type : str
        The name of its class.
    output_shapes : tuple of shapes
        What it gave, in its first call; none if it was not called.
    parameters, trainable : int
        How many numbers its own parameters have, and how many of them are trained. What modules
        share is counted with the first that holds it.
    mult_adds : int or None
        The multiply-adds of all its calls, without those of the modules in it; None if unknown.
    calls : int
        How often it was called.
    """

    path: str
    type: str
    output_shapes: tuple[Shape, ...]
    parameters: int
    trainable: int
    mult_adds: int | None
    calls: int

    def cells(self) -> tuple[str, ...]:
        """Its line in the table."""
        return (
            self.path or "(model)",
            self.type + (f" ×{self.calls}" if self.calls > 1 else ""),
            ", ".join(map(str, self.output_shapes)) or NONE,
            f"{self.parameters:,}" if self.parameters else NONE,
            "?" if self.mult_adds is None else f"{self.mult_adds:,}" if self.mult_adds else NONE,
        )


@dataclass(frozen=True, repr=False)
class Summary:
    """What `summary` found. It prints as a table.

    Attributes
    ----------
    rows : tuple of Row
        The modules, in the order in which the model holds them.
    """

    rows: tuple[Row, ...]

    @property
    def total_params(self) -> int:
        """How many numbers all parameters have."""
        return sum(row.parameters for row in self.rows)

    @property
    def trainable_params(self) -> int:
        """How many of them are trained."""
        return sum(row.trainable for row in self.rows)

    @property
    def total_mult_adds(self) -> int:
        """The multiply-adds of one call of the model, as far as they are known."""
        return sum(row.mult_adds or 0 for row in self.rows)

    @property
    def total_flops(self) -> int:
        """The floating-point operations of these: two each."""
        return 2 * self.total_mult_adds

    def __str__(self) -> str:
        lines = list(table(HEADS, [row.cells() for row in self.rows], left=3))
        rule = "─" * max(map(len, lines))
        known = all(row.mult_adds is not None for row in self.rows)
        frozen = self.total_params - self.trainable_params
        return "\n".join(
            [
                lines[0],
                rule,
                *lines[1:],
                rule,
                f"{self.total_params:,} parameters" + (f", {frozen:,} frozen" if frozen else ""),
                f"{'' if known else 'at least '}{self.total_mult_adds:,} multiply-adds, "
                f"{self.total_flops:,} FLOPs",
            ]
        )

    __repr__ = __str__


def summary(model: Module, shape_or_input: Any, *, dtype: DTypeLike | None = None) -> Summary:
    """A model at a glance: its layers, what each gives, its parameters and its multiply-adds.

    A layer that takes n numbers to m has ``n · m`` multiply-adds a sample, and twice as many FLOPs;
    those of matrix products and convolutions are counted, not what is done element by element, nor
    what a module's own `forward` computes besides its layers. As `torchinfo.summary`.

    Parameters
    ----------
    model : Module
        It is called once, in evaluation, and left as it was.
    shape_or_input : tuple of int, or array or Tensor; or for several inputs a list or tuple of them
        What to call it with. Of a shape, which has the batch's axis, zeros are made.
    dtype : dtype, optional
        That of the zeros; if omitted that of the parameters, or for a model whose first layer is an
        `Embedding` whole numbers.

    Returns
    -------
    Summary

    Raises
    ------
    TypeError
        If `model` is no Module, or what it is to be called with is neither a shape nor an array.
    ValueError
        If a length is below 0.

    Notes
    -----
    A layer that is called several times is one row, marked ×2, with the work of all calls. Scalar
    networks, such as `MLP`, compute one sample at a time, and are counted so.

    Examples
    --------
    >>> from nn import Conv2d, Flatten, Linear, ReLU, Sequential
    >>> model = Sequential(Conv2d(1, 4, 3), ReLU(), Flatten(), Linear(144, 10))
    >>> summary(model, (2, 1, 8, 8))
    layer    type        output shape  parameters  multiply-adds
    ────────────────────────────────────────────────────────────
    (model)  Sequential  (2, 10)                –              –
    0        Conv2d      (2, 4, 6, 6)          40          2,592
    1        ReLU        (2, 4, 6, 6)           –              –
    2        Flatten     (2, 144)               –              –
    3        Linear      (2, 10)            1,450          2,880
    ────────────────────────────────────────────────────────────
    1,490 parameters
    5,472 multiply-adds, 10,944 FLOPs
    """
    if not isinstance(model, Module):
        raise TypeError(f"summary takes an nn.Module, but was given {model!r:.60}")
    inputs = list(_inputs(model, shape_or_input, dtype))
    calls: dict[Module, _Calls] = defaultdict(_Calls)
    with ExitStack() as hooks, no_grad(), evaluating(model):
        for module in model.modules():
            note = calls[module].note
            hooks.enter_context(module.register_forward_hook(note, with_kwargs=True))
        model(*inputs)
    return Summary(tuple(_rows(model, calls)))


@dataclass
class _Calls:
    """What is noted of the calls of a module."""

    outputs: list[list[Shape]] = field(default_factory=list)
    work: list[int | None] = field(default_factory=list)

    def note(self, module: Module, args: Any, kwargs: Any, output: Any) -> None:
        given = shapes([*args, *kwargs.values()])
        self.outputs.append(shapes(output))
        self.work.append(multiply_adds(module, tuple(given), (*self.outputs[-1], ())[0]))


def _rows(model: Module, calls: dict[Module, _Calls]) -> Iterator[Row]:
    neurons = {neuron for layer in model.modules() for neuron in _neurons(layer)}
    seen: set[int] = set()
    for path, module in model.named_modules():
        if module in neurons:  # its layer's row has them
            continue
        held = module.parameters() if _neurons(module) else [p for _, p in module.own_parameters()]
        new = {id(p): p for p in held if id(p) not in seen}
        seen |= new.keys()
        sizes = [(math.prod(p.shape), p.requires_grad) for p in new.values()]
        outputs, work = calls[module].outputs, calls[module].work
        yield Row(
            path,
            type(module).__name__,
            tuple(outputs[0]) if outputs else (),
            sum(size for size, _ in sizes),
            sum(size for size, is_trained in sizes if is_trained),
            None if None in work else sum(filter(None, work)),
            len(outputs),
        )


def _neurons(module: Module) -> list[Any]:
    return module.neurons if isinstance(module, Layer) else []


def _inputs(model: Module, given: Any, dtype: DTypeLike | None) -> Iterator[Any]:
    """What to call a model with."""
    several = isinstance(given, (tuple, list)) and not _is_shape(given)
    if several and not all(
        _is_shape(each) or isinstance(each, (Node, np.ndarray)) for each in given
    ):
        raise TypeError(
            "summary takes a shape, such as (1, 3, 28, 28), an array, or several of these, but was "
            f"given {given!r:.60}"
        )
    for each in given if several else [given]:
        if _is_shape(each):
            if any(length < 0 for length in each):
                raise ValueError(f"summary takes lengths of 0 or more, but a shape is {each}")
            yield Tensor(np.zeros(each, dtype or _usual_dtype(model)))
        else:
            yield each if isinstance(each, Node) else Tensor(each)


def _usual_dtype(model: Module) -> DTypeLike:
    """What a model is called with, as far as its first layer and its parameters tell."""
    if isinstance(first_layer(model), Embedding):
        return int
    return dtype_of(model)


def _is_shape(given: Any) -> bool:
    return isinstance(given, (tuple, list)) and all(isinstance(n, (int, np.integer)) for n in given)
