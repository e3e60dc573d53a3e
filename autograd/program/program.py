"""A tape as a program on arrays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.program.groups import groups_of
from autograd.program.layout import addresses
from autograd.program.steps import steps_of
from autograd.program.tape import CONSTANT, LEAF, Tape
from autograd.program.writer import Writer


class Program:
    """Steps on arrays that compute what a trace of scalar code computed, and its gradient.

    Parameters
    ----------
    tape : Tape
        What was computed.

    Attributes
    ----------
    steps : list of Step
        In their order.
    values, gradients : array
        The numbers of all slots, and the gradients that the last pass back found.
    address : array of int
        Where in them each slot of the tape stands.
    reached : array of bool
        Which of the gradients the pass back writes.
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
        self.steps = steps_of(tape, groups_of(tape))
        self.address = address = addresses(tape, self.steps)
        needs = tape.code == LEAF if wanted is None else wanted.copy()
        self.needs = needs
        for step in self.steps:
            needs[step.slots] = any(needs[ref].any() for ref in step.refs)
        self.writer = writer = Writer(tape, address, needs)
        self.values, self.gradients = writer.v, writer.g
        constant = np.flatnonzero(tape.code == CONSTANT)
        self.values[address[constant]] = tape.constants[constant]
        self.leaves, self.outputs = address[tape.leaf_slots], address[tape.outputs]
        writer.write(self.steps)
        self.reached = writer.reached
        functions = writer.compiled("<program>")
        self.forward: Any = functions["forward"]
        self._careful: Any = functions["backward"]
        # What is not finite on the way is not so in the end, at the leaves.
        self._checked = self.gradients[: len(self.leaves)] if writer.trusts else None
        self._trusting: Any = writer.compiled("<program>", careful=False)["backward"]

    def backward(self, seed: Any = 1.0) -> None:
        """Find all gradients; with care about 0 · ∞ only where something was not finite."""
        self._trusting(seed)
        if self._checked is not None and not math.isfinite(self._checked.sum()):
            self._careful(seed)
