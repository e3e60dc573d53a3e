"""A tape as a program on arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd.lines import run_source
from autograd.program.groups import Group, groups_of
from autograd.program.lasting import with_lasting
from autograd.program.layout import addresses
from autograd.program.listing import Line, lines_of, listing, summary
from autograd.program.naming import LeafNames
from autograd.program.profile import Profile, profile
from autograd.program.steps import steps_of
from autograd.program.straight import Straight
from autograd.program.sums import Terms, terms_of
from autograd.program.tape import CONSTANT, LEAF, Ints, Tape
from autograd.program.writer import Writer

if TYPE_CHECKING:
    from autograd.drawing import Drawing

Names = Mapping[str, object] | None

# So many operations on floats take as long as a step on arrays: there and back some 0.07 µs each,
# and a step 1.3 to 5 µs, by how its operands lie.
PER_STEP = 40
SHORT = 24  # steps: up to here they stay, for they can be read and drawn, and take little time


class Program:
    """Steps on arrays that compute what a trace of scalar code computed, and its gradient.

    Where a step would stand for a few operations only, straight-line code on floats is quicker, and
    takes the place of steps. Printed, it is a line a step: the formula, the shape of the result,
    and how many scalar nodes it stands for.

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
        What it does, in order; none of straight-line code.
    straight : Straight or None
        The straight-line code, if that is what it is.
    picks : list of (int, int)
        Of each choice by an index: where the index stands, and from how many it chooses.
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
        needs = tape.code == LEAF if wanted is None else wanted.copy()
        terms = terms_of(tape)
        operations = self.nodes + sum(map(len, tape.choices.values()))
        groups = groups_of(tape, terms, most=max(operations // PER_STEP, SHORT))
        self.steps: list[Line] = []
        self.straight: Straight | None = None
        self.windows: dict[str, str] = {}
        if groups is None:
            self.straight = way = Straight(tape, needs)
            address, self.values, self.gradients = way.address, way.v, way.g
            self.forward: Any = way.forward
            self.trusting: Any = way.backward
            self.text, self.reached, self._trusts = "", way.reached, False
        else:
            address = self._write(tape, terms, groups, needs)
        self.leaves, self.outputs = address[tape.leaf_slots], address[tape.outputs]
        self.wanted = self.leaves[needs[tape.leaf_slots]]
        self._found = self.gradients[: len(self.leaves)]
        self.names = LeafNames(tape, self.leaves, modules)
        indices = address[tape.operands[list(tape.choices), 0]].tolist()
        self.picks = list(zip(indices, map(len, tape.choices.values()), strict=True))

    def _write(
        self, tape: Tape, terms: Terms, groups: list[Group], needs: NDArray[np.bool_]
    ) -> Ints:
        """Write steps on arrays; say where each slot lies."""
        steps = steps_of(tape, groups)
        address = addresses(tape, steps)
        for step in steps:
            needs[step.slots] = any(needs[ref].any() for ref in step.refs)
        writer = Writer(tape, address, needs)
        self.values, self.gradients = writer.v, writer.g
        constant = np.flatnonzero(tape.code == CONSTANT)
        self.values[address[constant]] = tape.constants[constant]
        writer.write(steps)
        self.reached = writer.reached
        self.forward, self.trusting = _passes(writer.text(careful=False), writer.namespace())
        self._trusts = writer.trusts
        # What is kept for those who read it: the tape is much larger.
        counts = np.bincount(terms.root[tape.code >= 0], minlength=len(tape))
        self.steps = lines_of(steps, counts, writer)
        self.text, self.windows = writer.text(), writer.windows
        return address

    def backward(self, seed: Any = 1.0) -> bool:
        """Find all gradients; say whether they are those of eager code for certain.

        They are if they are finite: what is not so on the way is not so in the end, at the leaves.
        Else the pass is made again with care about 0 · ∞ in derivatives. If that does not help, in
        a product perhaps, eager code, for which nothing comes of a zero, may find a number.
        """
        self.trusting(seed)
        if self.straight is not None or self._is_finite():  # the first does what eager code does
            return True
        if not self._trusts:
            return False
        self._careful(seed)
        return self._is_finite()

    def _is_finite(self) -> bool:
        """Whether all gradients of leaves are."""
        return math.isfinite(self._found.dot(self._found))

    @cached_property
    def _careful(self) -> Any:
        """The way back with care about 0 · ∞, which is seldom needed."""
        return _passes(self.text, dict(self.forward.__globals__))[1]

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays that the source names and that are no part of others, by these names."""
        named = self.forward.__globals__.items()
        arrays = {name: x for name, x in named if isinstance(x, np.ndarray)}
        return {name: x for name, x in arrays.items() if x.base is None and x.ndim}

    @property
    def memory(self) -> int:
        """How many bytes its arrays take."""
        return sum({id(x): x.nbytes for x in self.arrays.values()}.values())

    def profile(self, rounds: int = 200) -> Profile:
        """How long each step takes, and how much memory; see `autograd.program.profile`."""
        return profile(self, rounds)

    def source(self, *, names: Names = None) -> str:
        """The same as NumPy code that runs alone; see `autograd.writing.program`.

        Raises
        ------
        ValueError
            If it has no steps, but is straight-line code.
        """
        from autograd.variables import of_caller
        from autograd.writing.program import source

        self._require_steps("source()")
        return source(self, of_caller() if names is None else names)

    def draw(self, *, names: Names = None, **options: Any) -> Drawing:
        """A picture of the steps; see `autograd.draw`.

        Raises
        ------
        ValueError
            If it has no steps, but is straight-line code.
        """
        from autograd.drawing import draw
        from autograd.variables import of_caller

        self._require_steps("draw()")
        return draw(self, names=of_caller() if names is None else names, **options)

    def _require_steps(self, what: str) -> None:
        if self.straight is not None:
            raise ValueError(
                f"{what} shows steps, but {self.name} is a line of Python for each of its "
                f"{self.nodes:,} nodes, for little repeats; its graph says as much: "
                "autograd.trace(f, ...) draws and writes that"
            )

    def __repr__(self) -> str:
        return f"<Program {summary(self)}>"

    def __str__(self) -> str:
        from autograd.variables import of_caller

        return listing(self, of_caller())


def _passes(text: str, namespace: dict[str, Any]) -> tuple[Any, Any]:
    """The two functions that some source defines."""
    run_source(with_lasting(text, namespace), "<program>", namespace)
    # They refer to the namespace, so it must not refer to them.
    return namespace.pop("forward"), namespace.pop("backward")
