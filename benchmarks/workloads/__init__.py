"""What is measured: programs in plain scalar code, as those write them who learn how they work.

Each file holds one program, and `make(seed)`, which draws the numbers it is run on. Another seed
gives other numbers of the same structure to the very same function. Nothing here needs a peer.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

from autograd import Value
from nn import Module


class Workload(NamedTuple):
    """A program and what it is run on.

    Attributes
    ----------
    loss : callable
        The plain code; ``loss(*args)`` is one Value, and the same function whatever the seed.
    args : tuple
        What it is given: modules, Values, floats, and integers that are indices.
    parameters : list of Value
        The leaves that a gradient is wanted of, in a fixed order.
    """

    loss: Callable[..., Value]
    args: tuple[Any, ...]
    parameters: list[Value]

    def redraw(self, seed: int) -> None:
        """Move every parameter a little, in place, so that there is something new to compute."""
        random = Random(seed)
        for parameter in self.parameters:
            parameter.data += random.gauss(0.0, 0.05)


class Weights(Module):
    """Parameters by name, which a program reads as attributes."""

    def __init__(self, **parts: Any) -> None:
        vars(self).update(parts)


def vector(random: Random, size: int, spread: float = 1.0) -> list[Value]:
    """Draw Values about zero."""
    return [Value(random.gauss(0.0, spread)) for _ in range(size)]


def matrix(random: Random, rows: int, columns: int, spread: float = 1.0) -> list[list[Value]]:
    """Draw rows of Values about zero."""
    return [vector(random, columns, spread) for _ in range(rows)]
