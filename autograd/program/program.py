"""A tape as a program on arrays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.program.groups import Group, groups_of
from autograd.program.layout import addresses
from autograd.program.steps import Step, steps_of
from autograd.program.straight import Straight
from autograd.program.tape import CONSTANT, LEAF, Tape
from autograd.program.writer import Writer

# So many operations on floats take as long as a step on arrays: there and back some 0.07 µs each,
# and a step 1.3 to 5 µs, by how its operands lie.
PER_STEP = 40


class Program:
    """Steps on arrays that compute what a trace of scalar code computed, and its gradient.

    Where a step would stand for a few operations only, straight-line code on floats is quicker, and
    takes the place of steps.

    Parameters
    ----------
    tape : Tape
        What was computed.

    Attributes
    ----------
    nodes : int
        How many operations on floats it stands for.
    steps : list of Step
        In their order; none of straight-line code.
    straight : Straight or None
        The straight-line code, if that is what it is.
    picks : list of (int, int)
        Of each choice by an index: where the index stands, and from how many it chooses.
    values, gradients : array
        The numbers of all slots, and the gradients that the last pass back found.
    address : array of int
        Where in them each slot of the tape stands.
    leaves, outputs : array of int
        Where in them the leaves stand, in the order of the tape's; and the results.
    forward, backward : callable
        The two passes: ``forward()`` computes the values from those of the leaves, and
        ``backward(seed)`` the gradients from those of the results.

    Examples
    --------
    >>> from autograd import Value
    >>> from autograd.program.tape import tape_of
    >>> w, x = Value(2.0), Value(3.0)
    >>> program = Program(tape_of([(w * x).tanh()]))
    >>> program.values[program.leaves] = 0.5, 1.0
    >>> program.forward()
    >>> program.values[program.outputs]
    array([0.46211716])
    """

    def __init__(self, tape: Tape, wanted: NDArray[np.bool_] | None = None) -> None:
        self.nodes = int((tape.code >= 0).sum())
        needs = tape.code == LEAF if wanted is None else wanted.copy()
        operations = self.nodes + sum(map(len, tape.choices.values()))
        groups = groups_of(tape, most=operations // PER_STEP)
        self.steps: list[Step] = []
        self.straight: Straight | None = None
        if groups is None:
            self.straight = way = Straight(tape, needs)
            self.address, self.values, self.gradients = way.address, way.v, way.g
            self.forward, self.backward = way.forward, way.backward
        else:
            self._write(tape, groups, needs)
        self.leaves, self.outputs = self.address[tape.leaf_slots], self.address[tape.outputs]
        indices = self.address[tape.operands[list(tape.choices), 0]].tolist()
        self.picks = list(zip(indices, map(len, tape.choices.values()), strict=True))

    def _write(self, tape: Tape, groups: list[Group], needs: NDArray[np.bool_]) -> None:
        """Write steps on arrays."""
        self.steps = steps_of(tape, groups)
        self.address = address = addresses(tape, self.steps)
        self.needs = needs
        for step in self.steps:
            needs[step.slots] = any(needs[ref].any() for ref in step.refs)
        self.writer = writer = Writer(tape, address, needs)
        self.values, self.gradients = writer.v, writer.g
        constant = np.flatnonzero(tape.code == CONSTANT)
        self.values[address[constant]] = tape.constants[constant]
        writer.write(self.steps)
        functions = writer.compiled("<program>")
        self.forward, self.backward = functions["forward"], self._back
        self._careful: Any = functions["backward"]
        # What is not finite on the way is not so in the end, at the leaves.
        self._checked = self.gradients[: len(tape.leaves)] if writer.trusts else None
        self._trusting: Any = writer.compiled("<program>", careful=False)["backward"]

    def _back(self, seed: Any = 1.0) -> None:
        """Find all gradients; with care about 0 · ∞ only where something was not finite."""
        self._trusting(seed)
        if self._checked is not None and not math.isfinite(self._checked.sum()):
            self._careful(seed)
