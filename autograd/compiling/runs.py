"""How the program of a trace is run on the numbers of a call, and back."""

from __future__ import annotations

import itertools
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import Context
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd.backward import receive
from autograd.compiling.arguments import Inputs
from autograd.compiling.filling import Filling
from autograd.compiling.given import GivenTensor
from autograd.compiling.leaves import Layout, Leaves
from autograd.order import stale
from autograd.program.arrays import ArrayProgram
from autograd.program.pick import out_of_bounds
from autograd.program.program import Program
from autograd.program.tape import Ints, Tape
from autograd.tensor import Tensor
from autograd.value import Value

Nodes: TypeAlias = list[tuple[int, Any]]
NOTHING = np.empty(0)
NO_ARRAYS: Mapping[int, NDArray[Any]] = {}


def guard(how: Any) -> Callable[..., Any]:
    """What runs something where NumPy raises what floats would raise, or goes on with NaN and ∞.

    NumPy looks up how it is set in the context of a thread, so one is set like that and kept: to go
    there takes a tenth of the time of `errstate`. Only one run can be there at a time.
    """
    context = Context()
    context.run(np.seterr, divide=how, over=how, under="ignore", invalid=how)
    return context.run


class Run(ABC):
    """A program, and where its leaves and arguments are.

    Its arrays hold the numbers of the last call, of which `serial` says which it was.
    """

    serial = 0
    program: Program | ArrayProgram

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._serials = itertools.count(1)

    def results(self, inputs: Inputs, errors: Any) -> tuple[list[NDArray[Any]], int, Held]:
        """What the program gives, which call that was, and where the leaves were.

        `errors` is "raise" or "ignore": what becomes of those that floats raise.
        """
        with self.lock:
            self.serial, held = next(self._serials), self.held
            return self.run(inputs, held, errors), self.serial, held

    def found(
        self, inputs: Inputs, serial: int, seeds: Sequence[Any], held: Any, nodes: Nodes
    ) -> list[Any]:
        """The gradients of the leaves, and of nodes among the arguments, for those of the results.

        Each of those nodes comes with the place of its first number.
        """
        with self.lock:
            if serial != self.serial:  # there was another call since
                self.serial = 0  # interrupted, the arrays would hold the numbers of neither
                self.run(inputs, self.held, "ignore")
                self.serial = serial
            return self.back(seeds, held, nodes)

    @property
    @abstractmethod
    def held(self) -> Held:
        """The leaves that it reads, and where they are now."""

    @abstractmethod
    def run(self, inputs: Inputs, held: Any, errors: Any) -> list[NDArray[Any]]:
        """Compute the results; `errors` is what NumPy does where floats would raise one."""

    @abstractmethod
    def back(self, seeds: Sequence[Any], held: Any, nodes: Nodes) -> list[Any]:
        """Go back from the gradients of the results, after `run`; see `found`."""

    @abstractmethod
    def check(self, made: int, node: Any) -> None:
        """See that no leaf was changed since a node was made."""

    @abstractmethod
    def reaches(self, place: int, size: int) -> bool:
        """Whether a gradient reaches any of some numbers in the arguments."""


def _of_nodes(
    nodes: Nodes, flat: NDArray[Any], arrays: Mapping[int, NDArray[Any]] = NO_ARRAYS
) -> Iterator[Any]:
    """The gradients of nodes among the arguments.

    Parameters
    ----------
    nodes : list of (int, Node)
        The nodes, each with the place of its first number.
    flat : ndarray
        The gradient of each number in the arguments, as far as scalar code reads them; empty if
        none is wanted.
    arrays : dict of int to ndarray
        Those of arrays among them, as far as Tensor code reads them, by their places.
    """
    for place, node in nodes:
        if isinstance(node, Value):
            yield float(flat[place]) if flat.size else 0.0
            continue
        found = arrays.get(place)
        if not flat.size:
            yield np.zeros(node.shape, node.dtype) if found is None else found
            continue
        read = flat[place : place + node.size].reshape(node.shape)
        yield read if found is None else found + read


class ScalarRun(Run):
    """A program of scalar code.

    Parameters
    ----------
    tape : Tape
    slots : array of int
        The slot of each number in the arguments; -1 where it is not asked for.
    wanted : array of bool
        Of which of these the gradient is wanted.
    names : dict of int to str
        What to call the integers among them, by their slots.
    natural : sequence of int
        The slots of those that must not be below 0.
    name : str
        What was traced.
    modules : sequence of object
        The modules that it relied on.

    Attributes
    ----------
    filling : Filling
        Where the numbers in the arguments go.
    """

    program: Program

    def __init__(
        self,
        tape: Tape,
        slots: Ints,
        wanted: NDArray[np.bool_],
        names: dict[int, str],
        natural: Sequence[int],
        name: str,
        modules: Sequence[Any],
    ) -> None:
        super().__init__()
        self._guards = {how: guard(how) for how in ("raise", "ignore")}
        asked = np.flatnonzero(slots >= 0)
        needs = np.zeros(len(tape), bool)
        needs[slots[asked]] = wanted[asked]
        own = np.flatnonzero(~tape.given[tape.leaf_slots])
        mine = [tape.leaves[i] for i in own.tolist()]
        needs[tape.leaf_slots[own]] = [each._requires_grad for each in mine]
        self.program = program = Program(tape, needs, name, modules)
        at = program.leaves[own]
        self._names = {
            where: names[slot]
            for slot, where in zip(tape.leaf_slots.tolist(), program.leaves.tolist(), strict=True)
            if slot in names
        }
        self._natural = program.leaves[np.searchsorted(tape.leaf_slots, natural)].astype(int)
        self._leaves = Leaves(
            mine,
            at,
            needs[tape.leaf_slots[own]],
            program.reached[at],
            program.values,
            program.gradients,
        )
        self._layout = Layout(self._leaves)
        self.filling = Filling(program, tape, slots, wanted)

    @property
    def held(self) -> Layout:
        """The leaves that it reads, and where they are now."""
        if self._layout.moved:
            self._layout = Layout(self._leaves)
        return self._layout

    def reaches(self, place: int, size: int) -> bool:
        """Whether a gradient reaches any of some numbers in the arguments."""
        return self.filling.reaches(place, size)

    def run(self, inputs: Inputs, held: Layout, errors: Any) -> list[NDArray[Any]]:
        """Compute the results; `errors` is what NumPy does where floats would raise one."""
        values = self.program.values
        self.filling.write(inputs)
        held.fill()
        try:
            if self._natural.size and values[self._natural].min() < 0:
                raise IndexError
            self._guards[errors](self.program.forward)
        except IndexError:
            raise self._out_of_bounds() from None
        return [values[self.program.outputs]]

    def _out_of_bounds(self) -> IndexError:
        """The error for the first index that picks nothing."""
        for at, count in self.program.picks:
            index = int(self.program.values[at])
            if not (0 if at in self._natural else -count) <= index < count:
                return out_of_bounds(self._names[at], index, count)
        raise AssertionError("an index was out of bounds, but none is")

    def back(self, seeds: Sequence[Any], held: Layout, nodes: Nodes) -> list[Any]:
        """Go back from the gradients of the results."""
        if not self._guards["raise"](self.program.backward, *seeds):
            raise FloatingPointError("a gradient is not finite")  # eager code says whether it is
        found = held.shares()
        return [*found, *_of_nodes(nodes, self.filling.gradients())] if nodes else found

    def check(self, made: int, node: Any) -> None:
        """See that no leaf was changed since a node was made."""
        self.held.check(made, node)


class ArrayRun(Run):
    """A program of Tensor code, and before it that of the scalar code which it starts from.

    Parameters
    ----------
    program : ArrayProgram
    given : list of (int, GivenTensor)
        What stands for arrays among the arguments, each with the place of its first number.
    head : ScalarRun, optional
        What computes `program.scalars`.
    """

    program: ArrayProgram

    def __init__(
        self,
        program: ArrayProgram,
        given: Sequence[tuple[int, GivenTensor]],
        head: ScalarRun | None,
    ) -> None:
        super().__init__()
        self.program, self._head = program, head
        self._natural = [i for i, (_, tensor) in enumerate(given) if tensor.natural]
        which = {tensor: (i, place) for i, (place, tensor) in enumerate(given)}
        self._given = [which.get(leaf) for leaf in program.leaves]  # type: ignore[call-overload]
        self._own = [
            leaf for leaf, known in zip(program.leaves, self._given, strict=True) if not known
        ]

        self._wanted = [leaf._requires_grad for leaf in self._own]
        self._held = ArrayHeld(self._own, self._wanted, head.held if head else None)

    @property
    def held(self) -> ArrayHeld:
        """The leaves that it reads, and where they are now."""
        head = self._head.held if self._head else None
        wanted = [leaf._requires_grad for leaf in self._own]
        if wanted != self._held.wanted or head is not self._held.head:
            self._held = ArrayHeld(self._own, self._wanted, head)
        return self._held

    def reaches(self, place: int, size: int) -> bool:
        """Whether a gradient reaches any of some numbers in the arguments."""
        arrays = zip(self._given, self.program.reached, strict=True)
        return any(known and known[1] == place and reached for known, reached in arrays) or (
            self._head is not None and self._head.reaches(place, size)
        )

    def run(self, inputs: Inputs, held: ArrayHeld, errors: Any) -> list[NDArray[Any]]:
        """Compute the results; `errors` is for floats, and arrays go on as NumPy is set."""
        arrays = [
            inputs.arrays[known[0]] if known else leaf._data
            for leaf, known in zip(self.program.leaves, self._given, strict=True)
        ]
        if any((inputs.arrays[i] < 0).any() for i in self._natural):
            raise ValueError("an index is negative")  # eager code says of what
        scalars: list[float] = []
        if self._head:
            scalars = self._head.run(inputs, self._head.held, errors)[0].tolist()
        try:
            return self.program.forward(arrays, scalars)
        except IndexError as error:
            raise ValueError(str(error)) from None  # the same

    def back(self, seeds: Sequence[Any], held: ArrayHeld, nodes: Nodes) -> list[Any]:
        """Go back from the gradients of the results."""
        found = self.program.backward(*seeds)
        n = len(self.program.leaves)
        own: list[Any] = []
        arrays, flat = {}, NOTHING
        for leaf, known, g in zip(self.program.leaves, self._given, found[:n], strict=True):
            if known:
                if g is not None:
                    arrays[known[1]] = g
            elif leaf in held.own:
                own.append(np.zeros(leaf.shape, leaf.dtype) if g is None else g)
        if self._head and held.head:
            seed = np.array([0.0 if g is None else g for g in found[n:]], float)
            own += self._head.back([seed], held.head, [])
            flat = self._head.filling.gradients()
        return [*own, *_of_nodes(nodes, flat, arrays)]

    def check(self, made: int, node: Any) -> None:
        """See that no leaf was changed since a node was made."""
        for leaf in self._own:
            changed = isinstance(leaf, Tensor) and leaf.op is None and leaf._changed > made
            if changed and leaf in self.program.behind:
                raise stale(leaf, node)
        if self._head:
            self._head.check(made, node)


class ArrayHeld:
    """The leaves of a program of Tensor code: Tensors, and those of the scalar code before it."""

    def __init__(self, leaves: Sequence[Any], wanted: Sequence[bool], head: Layout | None) -> None:
        self.wanted = [leaf._requires_grad for leaf in leaves]
        self._as_built = self.wanted == wanted
        self.own = {leaf: True for leaf in leaves if leaf._requires_grad}
        self.head = head
        self.operands = (*self.own, *(head.operands if head else ()))
        self._only_leaves = all(operand.op is None for operand in self.operands)

    def still_holds(self) -> bool:
        """Whether those ask for a gradient that did when the program was built."""
        return self._as_built and (self.head is None or self.head.still_holds())

    def takes_all(self) -> bool:
        """Whether all operands are leaves that want a gradient."""
        return self._only_leaves and all(operand._requires_grad for operand in self.operands)

    @property
    def moved(self) -> bool:
        """Whether any leaf has moved since, maybe out of one of the packs."""
        return self.head is not None and self.head.moved

    def receive(self, shares: Sequence[Any]) -> None:
        """Add gradients to those of the operands, which are leaves."""
        for leaf, share in zip(self.own, shares):  # noqa: B905 - the first
            receive(leaf, share)
        if self.head:
            self.head.receive(shares[len(self.own) :])

    def reach(self, operands: Sequence[Any], shares: Sequence[Any]) -> None:
        """Let the leaves in packs know that they have a gradient."""
        if self.head:
            n = len(self.own)
            self.head.reach(operands[n:], shares[n:])

    def members(self, operand: Any) -> list[Any]:
        """The leaves in an operand that is a pack, in its order."""
        assert self.head is not None
        return self.head.members(operand)


Held: TypeAlias = Layout | ArrayHeld
