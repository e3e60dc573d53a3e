"""Where the numbers in the arguments stand in a program."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from autograd.compiling.arguments import Inputs
from autograd.compiling.leaves import places
from autograd.program.program import Program
from autograd.program.tape import Ints, Tape


class Filling:
    """Which of the numbers in the arguments a program reads, and where.

    Parameters
    ----------
    program : Program
    tape : Tape
        What it was made of.
    slots : array of int
        The slot of each number in the arguments; -1 where it is not asked for.
    wanted : array of bool
        Of which of these the gradient is wanted.
    """

    def __init__(
        self, program: Program, tape: Tape, slots: Ints, wanted: NDArray[np.bool_]
    ) -> None:
        self._values, self._gradients = program.values, program.gradients
        asked = np.flatnonzero(slots >= 0)
        fill = program.leaves[np.searchsorted(tape.leaf_slots, slots[asked])]
        order = np.argsort(fill)
        # Which of the numbers are read, in the order in which they lie in the program, and where.
        self._asked, self._fill = places(asked[order]), places(fill[order])
        room = program.values[self._fill] if isinstance(self._fill, slice) else None
        # Where all can be written as they come; or what can be gathered, and where.
        self._as_they_come = self._gathered = None
        if room is not None and not isinstance(self._asked, slice):
            self._gathered = self._asked, room
        elif len(asked) == len(slots):
            self._as_they_come = room
        self._size = len(slots) if wanted.any() else 0
        self._reached = np.zeros(len(slots), bool)
        self._reached[asked] = program.reached[fill]

    def write(self, inputs: Inputs) -> None:
        """Write the numbers of a call where the program reads them."""
        if self._as_they_come is not None:
            inputs.write(self._as_they_come)
        elif self._gathered is not None:
            which, room = self._gathered
            inputs.numbers().take(which, None, room, "clip")
        else:
            self._values[self._fill] = inputs.numbers()[self._asked]

    def gradients(self) -> NDArray[np.float64]:
        """The gradient of each number, after the pass back; empty if none is wanted."""
        flat = np.zeros(self._size)
        if self._size:
            flat[self._asked] = self._gradients[self._fill]
        return flat

    def reaches(self, place: int, size: int) -> bool:
        """Whether a gradient reaches any of some numbers."""
        return bool(self._reached[place : place + size].any())
