"""What every step of a program is: an array that is computed from others."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.program.tape import Ints

if TYPE_CHECKING:
    from autograd.program.writer import Writer


class Step(ABC):
    """One step of a program, which computes many slots at once.

    Attributes
    ----------
    slots : array of int
        What is computed, of the shape of the result.
    refs : list of array of int
        The slots that each operand reads.
    """

    def __init__(self, slots: Ints, refs: list[Ints]) -> None:
        self.slots = slots
        self.refs = refs

    # By how much a step gains where its operands lie side by side: the least comes first.
    gains = 1

    def arrange(self, address: Ints) -> None:  # noqa: B027 - most have nothing to arrange
        """Put what may be read in any order into the order in which it lies."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What it does, in a word: ``tanh``, ``matmul``."""

    @abstractmethod
    def formula(self, *operands: Any) -> Any:
        """The same of operands, which are symbols and numbers."""

    @abstractmethod
    def forward(self, writer: Writer) -> None:
        """Write the lines that compute it."""

    @abstractmethod
    def backward(self, writer: Writer) -> None:
        """Write the lines that hand its gradient on."""


def compressed(slots: Ints) -> Ints:
    """The same with each axis along which nothing changes made 1 long: NumPy repeats those."""
    for axis in range(slots.ndim):
        first = slots.take([0], axis)
        if slots.shape[axis] > 1 and (slots == first).all():
            slots = first
    return slots


def shape_like(slots: Ints, columns: Sequence[Ints], made_by: dict[int, Step]) -> tuple[int, ...]:
    """The shape of what is computed: that of an operand which is the whole result of a step."""
    for column in columns:
        step = made_by.get(int(column[0]))
        if step is not None and np.array_equal(step.slots.ravel(), column):
            return step.slots.shape
    return slots.shape
