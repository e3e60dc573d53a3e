"""Sums and extremes of many, some of more than others: one reduction over all their terms."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.program.groups import LARGEST, SUM, Group
from autograd.program.steps.step import Step
from autograd.program.tape import Ints
from autograd.symbol import Symbol

if TYPE_CHECKING:
    from autograd.program.writer import Writer

UFUNCS = {SUM: "add", LARGEST: "maximum"}


class Ragged(Step):
    """Sums of products or of plain terms, or largest and smallest, in segments of many lengths.

    Attributes
    ----------
    lengths : array of int
        How many terms each has.
    """

    gains = 4

    def __init__(self, code: int, groups: Sequence[Group]) -> None:
        slots = np.concatenate([group.slots for group in groups])
        if groups[0].x.shape[1]:
            sides = [[group.x for group in groups], [group.y for group in groups]]
        else:
            sides = [[group.plain for group in groups]]
        super().__init__(slots, [np.concatenate([x.ravel() for x in side]) for side in sides])
        self.code = code
        self.lengths = np.repeat(
            [len(group.signs) for group in groups], [len(group.slots) for group in groups]
        )

    @property
    def title(self) -> str:
        """What it does, in a word."""
        return {SUM: "sums", LARGEST: "largest"}.get(self.code, "smallest")

    def formula(self, *operands: Any) -> Any:
        """The same of operands, which are symbols and numbers."""
        return Symbol(f"{self.title}({functools.reduce(operator.mul, operands)})")

    def forward(self, writer: Writer) -> None:
        """Write the lines that compute it."""
        self.out = writer.value(self.slots)
        self.names = [writer.read(ref) for ref in self.refs]
        starts = writer.name(starts_of(self.lengths), "i")
        terms, *others = self.names
        if others:
            self.work = writer.name(np.empty(len(self.refs[0])), "b")
            writer.put(f"np.multiply({terms}, {others[0]}, out={self.work})")
            terms = self.work
        ufunc = UFUNCS.get(self.code, "minimum")
        writer.put(f"np.{ufunc}.reduceat({terms}, {starts}, out={self.out})")

    def backward(self, writer: Writer) -> None:
        """Write the lines that hand its gradient on."""
        g = writer.gradient(self.slots)
        if self.code != SUM:
            lengths = writer.name(self.lengths, "i")
            smallest = "" if self.code == LARGEST else ", smallest=True"
            share = f"ragged_extreme({g}, {self.out}, {self.names[0]}, {lengths}{smallest})"
            writer.add(self.refs[0], share, self.refs[0].shape)
            return
        each = writer.name(np.empty(len(self.refs[0])), "b")
        which = writer.name(segments_of(self.lengths), "i")
        writer.put(f"{g}.take({which}, None, {each}, 'clip')")  # quicker than `np.repeat`
        for ref, others in zip(self.refs, (self.names[1:], self.names[:1]), strict=False):
            if writer.wanted(ref):
                writer.add(
                    ref, writer.call("multiply", each, others[0]) if others else each, ref.shape
                )


def starts_of(lengths: Ints) -> Ints:
    """Where each segment begins."""
    starts: Ints = np.cumsum(lengths) - lengths
    return starts


def segments_of(lengths: Ints) -> Ints:
    """Which segment each term belongs to."""
    return np.repeat(np.arange(len(lengths)), lengths)


class Extreme(Step):
    """The largest or the smallest of many, over the last axis."""

    gains = 4

    def __init__(self, code: int, group: Group) -> None:
        super().__init__(group.slots, [group.plain])
        self.largest = code == LARGEST

    @property
    def title(self) -> str:
        """What it does, in a word."""
        return "largest" if self.largest else "smallest"

    def formula(self, *operands: Any) -> Any:
        """The same of operands, which are symbols and numbers."""
        return Symbol(f"{self.title}({operands[0]})")

    def forward(self, writer: Writer) -> None:
        """Write the lines that compute it."""
        self.out = writer.value(self.slots)
        self.name = writer.read(self.refs[0])
        ufunc = "maximum" if self.largest else "minimum"
        writer.put(f"np.{ufunc}.reduce({self.name}, -1, out={self.out})")

    def backward(self, writer: Writer) -> None:
        """Write the lines that hand its gradient on."""
        g, smallest = writer.gradient(self.slots), "" if self.largest else ", smallest=True"
        share = f"extreme({g}, {self.out}, {self.name}{smallest})"
        writer.add(self.refs[0], share, self.refs[0].shape)
