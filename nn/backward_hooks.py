"""The gradients of one call of a module, seen and replaced on their way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autograd
from autograd import Node, Tensor
from autograd.symbol import Symbol


class Watch:
    """The gradients of one call of a module: first those of its results, then of its arguments."""

    def __init__(self, module: Any, functions: list[Callable[..., Any]]) -> None:
        self.module, self.functions = module, functions
        self.grad_output: tuple[Any, ...] = ()
        self.count = 0  # of the arguments
        self.arguments: list[int] = []  # which of them a gradient comes back to
        self.results: list[int] = []

    def entered(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments, watched."""
        self.count, self.arguments = len(args), _differentiable(args)
        return _watched(args, self.arguments, self._at_arguments)

    def left(self, result: Any) -> Any:
        """The result, watched."""
        if isinstance(result, Node):
            self.results = _differentiable((result,))
            return _watched((result,), self.results, self._at_results)[0]
        if not isinstance(result, tuple):
            raise TypeError(
                f"a backward hook takes a module that gives a Tensor or a tuple of them, but "
                f"{type(self.module).__name__} gave a {type(result).__name__}"
            )
        self.results = _differentiable(result)
        return _watched(result, self.results, self._at_results)

    def _at_results(self, grads: list[Any], count: int) -> list[Any]:
        self.grad_output = _placed(grads, self.results, count)
        if not self.arguments:
            self._call((None,) * self.count)
        return grads

    def _at_arguments(self, grads: list[Any], count: int) -> list[Any]:
        found = self._call(_placed(grads, self.arguments, count))
        return [found[i] for i in self.arguments]

    def _call(self, grad_input: tuple[Any, ...]) -> tuple[Any, ...]:
        """What the hooks make of the gradients of the arguments, one after the other."""
        for function in self.functions:
            other = function(self.module, grad_input, self.grad_output)
            if other is None:
                continue
            other = other if isinstance(other, tuple) else (other,)
            shapes, wanted = ([getattr(g, "shape", None) for g in x] for x in (other, grad_input))
            if shapes != wanted:
                raise ValueError(
                    f"a backward hook of {type(self.module).__name__} returned gradients of shapes "
                    f"{shapes}, but those of its arguments are {wanted}"
                )
            grad_input = other
        return grad_input


def _differentiable(xs: tuple[Any, ...]) -> list[int]:
    """Which of them a gradient comes back to."""
    return [i for i, x in enumerate(xs) if isinstance(x, Node) and x.requires_grad]


def _placed(found: list[Any], places: list[int], count: int) -> tuple[Any, ...]:
    """As many as `count`, None where nothing was found."""
    at = dict(zip(places, found, strict=True))
    return tuple(at.get(i) for i in range(count))


def _watched(
    xs: tuple[Any, ...], places: list[int], see: Callable[[list[Any], int], list[Any]]
) -> tuple[Any, ...]:
    """The same, of which those at some places hand back what `see` makes of their gradients.

    They go through one operation side by side, so that all of their gradients come at once.
    """
    if not places:
        return xs
    nodes = [xs[i] if isinstance(xs[i], Tensor) else autograd.stack([xs[i]])[0] for i in places]

    def pulled(g: Any) -> Any:
        if isinstance(g, Symbol):  # of an explanation, or of a program to be written
            return hook(g)
        if isinstance(g, Node):
            return _row([*see(_apart(g, nodes), len(xs))])
        grads = [Tensor(part) for part in _apart(np.asarray(g), nodes)]
        return _row([np.asarray(part) for part in see(grads, len(xs))])

    @autograd.custom(vjps=[lambda g, out, row: pulled(g)], source="a backward hook")
    def hook(row: Any) -> Any:
        return row.view()

    new = dict(zip(places, _apart(hook(_row(nodes)), nodes), strict=True))
    return tuple(new.get(i, x) for i, x in enumerate(xs))


def _row(xs: list[Any]) -> Any:
    """The numbers of several side by side; one alone as it is."""
    return xs[0] if len(xs) == 1 else autograd.cat([autograd.reshape(x, (-1,)) for x in xs])


def _apart(row: Any, like: list[Any]) -> list[Any]:
    """What stands side by side, each in the shape and type that it had."""
    if len(like) == 1:
        return [row]
    ends = np.cumsum([x.size for x in like]).tolist()
    parts = [row[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return [
        autograd.astype(autograd.reshape(part, x.shape), x.dtype)
        for part, x in zip(parts, like, strict=True)
    ]
