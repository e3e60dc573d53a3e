"""Choosing among slots by indices that each call brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.program.groups import Group
from autograd.program.steps.step import Step
from autograd.symbol import Symbol

if TYPE_CHECKING:
    from autograd.program.writer import Writer


class Pick(Step):
    """One of n slots for each element.

    Attributes
    ----------
    choices : array of int, shape (m, n)
        The slots to pick from.
    """

    gains = 5

    def __init__(self, group: Group) -> None:
        super().__init__(group.slots, [*group.operands, group.choices])
        self.choices = group.choices

    @property
    def title(self) -> str:
        """What it does, in a word."""
        return "pick"

    def formula(self, *operands: Any) -> Any:
        """The same of operands, which are symbols and numbers."""
        index, choices = operands
        return Symbol(f"pick({choices}, {index})")

    def forward(self, writer: Writer) -> None:
        """Write the lines that compute it."""
        out, (index, choices) = writer.value(self.slots), self.refs
        wanted = writer.read(index)
        self.at = writer.name(np.empty(len(choices), int), "k")
        table = writer.addresses(choices)
        if len(choices) == 1:  # which Python does in the time that NumPy takes to begin
            places = writer.name(table.ravel(), "i")
            writer.put(f"{out}[0] = v[picked_one({wanted}, {places}, {self.at})]")
            return
        further = table[:, 0] - table[0, 0]
        if (table == table[0] + further[:, None]).all():  # which is quicker
            first, further = writer.name(table[0].copy(), "i"), writer.name(further, "i")
            writer.put(f"picked({wanted}, {first}, {further}, {self.at})")
        else:
            rows, places = writer.name(np.arange(len(choices)), "i"), writer.name(table, "i")
            writer.put(f"picked_apart({wanted}, {rows}, {places}, {self.at})")
        writer.put(f"v.take({self.at}, None, {out}, 'clip')")

    def backward(self, writer: Writer) -> None:
        """Write the lines that hand its gradient on."""
        if writer.wanted(self.choices):
            writer.scatter(self.choices, self.at, writer.gradient(self.slots))
