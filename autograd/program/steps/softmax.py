"""Softmax: of rows, or of segments of many lengths."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.program.groups import Group
from autograd.program.steps.ragged import segments_of, starts_of
from autograd.program.steps.step import Step
from autograd.symbol import Symbol

if TYPE_CHECKING:
    from autograd.program.writer import Writer


class Softmaxes(Step):
    """Softmaxes, each ``aᵢ = e^(xᵢ - m) / Σₖ e^(xₖ - m)``, where m is the largest xₖ.

    The derivative, by way of all that they have in common, is
    ``∂L/∂xᵢ = aᵢ ∂L/∂aᵢ - aᵢ Σₖ aₖ ∂L/∂aₖ``.
    """

    gains = 4

    @property
    def title(self) -> str:
        """What it does, in a word."""
        return "softmax"

    def formula(self, *operands: Any) -> Any:
        """The same of operands, which are symbols and numbers."""
        return Symbol(f"softmax({operands[0]})")

    def forward(self, writer: Writer) -> None:
        """Write the lines that compute it."""
        self.out, x = writer.value(self.slots), writer.read(self.refs[0])
        self.work = writer.name(np.empty(self.slots.shape), "b")
        top = self._largest(writer, x)
        writer.put(f"np.subtract({x}, {top}, out={self.out})")
        writer.put(f"np.exp({self.out}, out={self.out})")
        total = self._total(writer, self.out)
        writer.put(f"np.divide({self.out}, {total}, out={self.out})")

    def backward(self, writer: Writer) -> None:
        """Write the lines that hand its gradient on."""
        g, out = writer.gradient(self.slots), self.out
        writer.put(f"np.multiply({g}, {out}, out={self.work})")
        total = self._total(writer, self.work)
        common = writer.call("multiply", out, total)
        share = writer.call("subtract", self.work, common)
        writer.add(self.refs[0], share, self.slots.shape)

    @abstractmethod
    def _largest(self, writer: Writer, x: str) -> str:
        """Find the largest of each; say where it stands, to be subtracted from all."""

    @abstractmethod
    def _total(self, writer: Writer, x: str) -> str:
        """Find the sum of each, in the same way."""


class Softmax(Softmaxes):
    """Softmaxes of rows."""

    def __init__(self, group: Group) -> None:
        super().__init__(group.into, [group.plain])

    def forward(self, writer: Writer) -> None:
        """Write the lines that compute it."""
        rows, columns = self.slots.shape
        self._ones = writer.name(np.ones((columns, 1)), "s")
        self._one = writer.name(np.empty((rows, 1)), "b")
        super().forward(writer)

    def _largest(self, writer: Writer, x: str) -> str:
        writer.put(f"np.maximum.reduce({x}, -1, None, {self._one}, True)")
        return self._one

    def _total(self, writer: Writer, x: str) -> str:
        writer.put(f"np.dot({x}, {self._ones}, out={self._one})")  # quicker than `np.add.reduce`
        return self._one


class RaggedSoftmax(Softmaxes):
    """Softmaxes of segments."""

    def __init__(self, groups: Sequence[Group]) -> None:
        slots, x = (
            np.concatenate([part.ravel() for part in parts])
            for parts in ([group.into for group in groups], [group.plain for group in groups])
        )
        super().__init__(slots, [x])
        many, long = zip(*(group.into.shape for group in groups), strict=True)
        self.lengths = np.repeat(long, many)

    def forward(self, writer: Writer) -> None:
        """Write the lines that compute it."""
        n = len(self.lengths)
        self._starts = writer.name(starts_of(self.lengths), "i")
        self._which = writer.name(segments_of(self.lengths), "i")
        self._one = writer.name(np.empty(n), "b")
        self._each = writer.name(np.empty(self.slots.shape), "b")
        super().forward(writer)

    def _largest(self, writer: Writer, x: str) -> str:
        return self._reduced(writer, "maximum", x)

    def _total(self, writer: Writer, x: str) -> str:
        return self._reduced(writer, "add", x)

    def _reduced(self, writer: Writer, ufunc: str, x: str) -> str:
        writer.put(f"np.{ufunc}.reduceat({x}, {self._starts}, out={self._one})")
        writer.put(f"{self._one}.take({self._which}, None, {self._each}, 'clip')")
        return self._each
