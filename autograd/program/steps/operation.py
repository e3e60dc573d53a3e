"""An operation of the table on each element."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.op import TABLE, Op
from autograd.program.groups import Group
from autograd.program.partials import Share
from autograd.program.steps.step import Step, compressed, shape_like
from autograd.program.tape import Ints
from autograd.symbol import Symbol

if TYPE_CHECKING:
    from autograd.program.writer import Writer

FEW = 256  # numbers: up to here NumPy gathers sooner than it repeats one number for each row


class Operation(Step):
    """An operation of the table on each element: its forward function, its rule."""

    gains = 1

    def __init__(self, op: Op, slots: Ints, refs: list[Ints]) -> None:
        super().__init__(slots, refs)
        self.op = op

    @classmethod
    def of(cls, group: Group, op: Op, made_by: dict[int, Step]) -> Operation:
        """The step of a group."""
        slots, operands = group.slots, group.operands
        if len(operands) == 1:
            order = _as_it_lies(operands[0], made_by)
            slots, operands = slots[order], [operands[0][order]]
        shape = shape_like(slots, operands, made_by)
        refs = [compressed(column.reshape(shape)) for column in operands]
        repeated = shape[-1] > 1 and any(ref.shape[-1] == 1 < len(ref) for ref in refs)
        if repeated and slots.size <= FEW:
            shape = slots.shape
            refs = [compressed(column) for column in operands]
        return cls(op, slots.reshape(shape), refs)

    @property
    def title(self) -> str:
        """What it does, in a word."""
        return self.op.name

    def formula(self, *operands: Any) -> Any:
        """The same of operands, which are symbols and numbers."""
        return Symbol("", self.op, operands)

    def forward(self, writer: Writer) -> None:
        """Write the lines that compute it."""
        self.out = writer.value(self.slots)
        self.names = [writer.read(ref, alone=True) for ref in self.refs]
        whole = Symbol("", self.op, tuple(map(writer.symbol, self.names)))
        writer.put_into(self.out, writer.quicker(whole))

    def shares(self, writer: Writer) -> Iterator[Share]:
        """What it adds to the gradients of its operands."""
        g, symbols = Symbol(writer.gradient(self.slots)), list(map(writer.symbol, self.names))
        whole = Symbol(self.out, self.op, tuple(symbols))
        for i, ref in enumerate(self.refs):
            if self.op.flows_to(i) and writer.wanted(ref):
                share = self.op.vjp(i, g, Symbol(self.out), *symbols)
                yield Share(i, g, writer.quicker(share, whole))

    def backward(self, writer: Writer) -> None:
        """Write the lines that hand its gradient on."""
        for share, x in writer.partials.of(self):
            g, tame = share.g.label, self.op.unbounded and not _is_polynomial(share.x)
            # It is 0 or 1 as well, and NumPy multiplies by numbers quicker than by a mask.
            mask = writer.call("sign", self.out) if self.op is TABLE["relu"] else None
            quick = mask and writer.call("multiply", g, mask)
            writer.add(self.refs[share.i], x, self.slots.shape, tame, g, quick)


def _as_it_lies(column: Ints, made_by: dict[int, Step]) -> Ints | slice:
    """The order in which what is read is the whole result of a step, if it is."""
    step = made_by.get(int(column.min()))
    if step is not None and step.slots.size == column.size:
        here, there = np.argsort(column), np.argsort(step.slots, axis=None)
        if np.array_equal(column[here], step.slots.ravel()[there]):
            order = np.empty_like(here)
            order[there] = here
            return order
    return slice(None)


def _is_polynomial(x: Any) -> bool:
    """Whether an expression is finite for all numbers, short of overflow."""
    if not isinstance(x, Symbol) or x.op is None:
        return True
    return x.op.name in ("add", "sub", "mul", "neg") and all(map(_is_polynomial, x.operands))
