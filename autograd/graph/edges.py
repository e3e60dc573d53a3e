"""What leads to a node: other nodes, and constants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograd.node import Node


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """A node that is an operand of another.

    Attributes
    ----------
    parent, child : Node
        The operand, and what was computed from it.
    positions : tuple of int
        Which operands it is, counted from 0: ``(0, 1)`` in ``a + a``.
    """

    parent: Node
    child: Node
    positions: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many times it is an operand: 2 in ``a + a``."""
        return len(self.positions)


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """A plain number or array that is an operand of a node.

    Attributes
    ----------
    value : float, int, bool or ndarray
        What it is.
    child : Node
        What was computed from it.
    position : int
        Which operand it is, counted from 0.
    """

    value: Any
    child: Node
    position: int
