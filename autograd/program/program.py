"""A tape as a program on arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd.program.groups import groups_of
from autograd.program.layout import addresses
from autograd.program.listing import lines_of, listing, summary
from autograd.program.naming import LeafNames
from autograd.program.profile import Profile, profile
from autograd.program.steps import steps_of
from autograd.program.sums import terms_of
from autograd.program.tape import CONSTANT, LEAF, Tape
from autograd.program.writer import Writer

if TYPE_CHECKING:
    from autograd.drawing import Drawing

Names = Mapping[str, object] | None


class Program:
    """Steps on arrays that compute what a trace of scalar code computed, and its gradient.

    Printed, it is a line a step: the formula, the shape of the result, and how many scalar nodes it
    stands for.

    Parameters
    ----------
    tape : Tape
        What was computed.
    wanted : array of bool, optional
        For each slot, whether its gradient is wanted; if omitted, that of all leaves.
    name : str
        What was traced.
    modules : sequence of object, optional
        What says of its parameters what they are called.

    Attributes
    ----------
    name : str
        The same.
    nodes : int
        How many scalar nodes it stands for.
    steps : list of Line
        What it does, in order.
    values, gradients : array
        The numbers of the leaves and of all results, and the gradients that the last pass back
        found.
    reached : array of bool
        Which of the gradients the pass back writes.
    leaves, outputs : array of int
        Where in them the leaves stand, in the order of the tape's; and the results.
    wanted : array of int
        Where the leaves stand whose gradients are wanted.
    names : LeafNames
        What the leaves are called.
    text : str
        The source of both passes; `source` gives it with all that it needs.
    windows : dict of str to str
        The parts of `values` and `gradients` that the source names.
    forward, backward : callable
        The two passes: ``forward()`` computes the values from those of the leaves, and
        ``backward(seed)`` the gradients from those of the results.
    trusting : callable
        The pass back without care about 0 · ∞, which is tried first.

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
    >>> print(program)
    program: 2 scalar nodes in 2 steps on 4 numbers
      s1 = w · x      (1,)  1
      s2 = tanh(s1)   (1,)  1
    """

    def __init__(
        self,
        tape: Tape,
        wanted: NDArray[np.bool_] | None = None,
        name: str = "program",
        modules: Sequence[Any] = (),
    ) -> None:
        self.name = name
        self.nodes = int((tape.code >= 0).sum())
        terms = terms_of(tape)
        steps = steps_of(tape, groups_of(tape, terms))
        address = addresses(tape, steps)
        needs = tape.code == LEAF if wanted is None else wanted.copy()
        for step in steps:
            needs[step.slots] = any(needs[ref].any() for ref in step.refs)
        writer = Writer(tape, address, needs)
        self.values, self.gradients = writer.v, writer.g
        constant = np.flatnonzero(tape.code == CONSTANT)
        self.values[address[constant]] = tape.constants[constant]
        self.leaves, self.outputs = address[tape.leaf_slots], address[tape.outputs]
        self.wanted = self.leaves[needs[tape.leaf_slots]]
        writer.write(steps)
        self.reached = writer.reached
        functions = writer.compiled("<program>")
        self.forward: Any = functions["forward"]
        self._careful: Any = functions["backward"]
        # What is not finite on the way is not so in the end, at the leaves.
        self._checked = self.gradients[: len(self.leaves)] if writer.trusts else None
        self.trusting: Any = writer.compiled("<program>", careful=False)["backward"]
        # What is kept for those who read it: the tape is much larger.
        counts = np.bincount(terms.root[tape.code >= 0], minlength=len(tape))
        self.steps = lines_of(steps, counts, writer)
        self.names = LeafNames(tape, self.leaves, modules)
        self.text, self.windows = writer.text(), writer.windows

    def backward(self, seed: Any = 1.0) -> None:
        """Find all gradients; with care about 0 · ∞ only where something was not finite."""
        self.trusting(seed)
        if self._checked is not None and not math.isfinite(self._checked.sum()):
            self._careful(seed)

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays that the source names and that are no part of others, by these names."""
        named = self.forward.__globals__.items()
        return {name: x for name, x in named if isinstance(x, np.ndarray) and x.base is None}

    @property
    def memory(self) -> int:
        """How many bytes its arrays take."""
        return sum({id(x): x.nbytes for x in self.arrays.values()}.values())

    def profile(self, rounds: int = 200) -> Profile:
        """How long each step takes, and how much memory; see `autograd.program.profile`."""
        return profile(self, rounds)

    def source(self, *, names: Names = None) -> str:
        """The same as NumPy code that runs alone; see `autograd.writing.program`."""
        from autograd.variables import of_caller
        from autograd.writing.program import source

        return source(self, of_caller() if names is None else names)

    def draw(self, *, names: Names = None, **options: Any) -> Drawing:
        """A picture of the steps; see `autograd.draw`."""
        from autograd.drawing import draw
        from autograd.variables import of_caller

        return draw(self, names=of_caller() if names is None else names, **options)

    def __repr__(self) -> str:
        return f"<Program {summary(self)}>"

    def __str__(self) -> str:
        from autograd.variables import of_caller

        return listing(self, of_caller())
