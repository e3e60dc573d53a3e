"""What is inside a step of a program: the scalar nodes of one of its elements, traced again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd import trees
from autograd.compiling.trace import Trace
from autograd.graph import Graph
from autograd.modes import enable_grad
from autograd.node import Node
from autograd.op import apply
from autograd.program.groups import groups_of
from autograd.program.program import Program
from autograd.program.steps import steps_of
from autograd.program.sums import terms_of
from autograd.program.tape import Ints, in_order
from autograd.value import Value


def inside(trace: Trace, program: Program, step: int, variables: Mapping[str, object]) -> Graph:
    """The scalar nodes of the first element of a step, counted from 1.

    Parameters
    ----------
    trace : Trace
        Of the same function, on arguments of the same structure.
    program : Program
        What was made of the first such trace.
    step : int
    variables : mapping of str to object
        Where to find names for leaves that have none.

    Raises
    ------
    IndexError
        If there is no such step.
    """
    if not 1 <= step <= len(program.steps):
        raise IndexError(f"{program.name} has steps 1 to {len(program.steps)}, but not {step}")
    return _Element(trace, program, step, variables).graph()


class _Element:
    """One element of a step, and where the slots of its row are on the tape of all rows."""

    def __init__(
        self, trace: Trace, program: Program, step: int, variables: Mapping[str, object]
    ) -> None:
        outputs = trees.leaves(trace.tree)
        self.tape, moved, _ = trace.tape(outputs, trace.rows)
        terms = terms_of(self.tape)
        self.steps = steps_of(self.tape, groups_of(self.tape, terms) or [])
        self.slot = self.steps[step - 1].slots.flat[0]
        self.row: Ints = moved[np.argwhere(moved == self.slot)[0, 0]]  # for each slot of one run
        nodes = list(in_order(outputs, trace.since))
        self.slot_of: dict[Any, int] = dict(zip(nodes, self.row.tolist(), strict=False))
        names = program.names.found(variables)
        found = map(names.__getitem__, program.leaves.tolist())
        self.leaves: dict[Any, str] = dict(zip(self.tape.leaves, found, strict=True))
        part = terms.root[self.row[: len(nodes)]] == self.slot
        self.nodes = [node for node, here in zip(nodes, part.tolist(), strict=True) if here]

    def graph(self) -> Graph:
        """Its nodes anew, in which what other steps computed is a leaf."""
        anew: dict[Any, Any] = {}
        names: dict[Node, str] = {}

        def operand(x: Any) -> Any:
            if x in anew or not isinstance(x, Value):
                return anew.get(x, x)
            name = self._name(x)
            if name is None:
                return x.data
            leaf = anew[x] = Value(x._data)
            names[leaf] = name
            return leaf

        with enable_grad():
            for node in self.nodes:
                assert node.op is not None
                anew[node] = apply(node.op, tuple(map(operand, node.operands)), {})
        element = next(node for node in self.nodes if self.slot_of[node] == self.slot)
        return Graph(anew[element], names=names)

    def _name(self, x: Any) -> str | None:
        """What to call a leaf, or what another step computed; None for a constant."""
        slot = self.slot_of.get(x)
        if slot is None:
            return self.leaves.get(x)
        for k, step in enumerate(self.steps, 1):
            at = np.argwhere(step.slots == slot)
            if len(at):
                return f"s{k}[{', '.join(map(str, at[0]))}]"
        raise AssertionError("every result belongs to a step")
