"""How the program of a trace is run on the numbers of a call, and back."""

from __future__ import annotations

import itertools
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd.compiling.given import GivenTensor
from autograd.compiling.leaves import Leaves, Places, places
from autograd.order import stale
from autograd.pack import Pack
from autograd.program.arrays import ArrayProgram
from autograd.program.pick import out_of_bounds
from autograd.program.program import Program
from autograd.program.tape import Ints, Tape
from autograd.tensor import Tensor


class Numbers(NamedTuple):
    """The numbers of one call: all in a row, and those of arrays as they were given, too."""

    flat: NDArray[np.float64]
    arrays: list[NDArray[Any]]


class Run(ABC):
    """A program, and where its leaves and arguments are.

    Its arrays hold the numbers of the last call, of which `serial` says which it was.
    """

    serial = 0
    operands: Sequence[Any]
    program: Program | ArrayProgram

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._serials = itertools.count(1)

    def results(self, numbers: Numbers) -> tuple[list[NDArray[Any]], int]:
        """What the program gives, and which call that was."""
        with self.lock:
            self.serial = next(self._serials)
            with np.errstate(divide="raise", over="raise", invalid="raise"):
                return self.run(numbers), self.serial

    def found(self, numbers: Numbers, serial: int, seeds: Sequence[Any]) -> Found:
        """The gradients of the operands and of the arguments, for those of the results."""
        with self.lock:
            if serial != self.serial:  # there was another call since
                with np.errstate(all="ignore"):
                    self.run(numbers)
                self.serial = serial
            with np.errstate(divide="raise", over="raise", invalid="raise"):
                return self.back(seeds)

    @abstractmethod
    def run(self, numbers: Numbers) -> list[NDArray[Any]]:
        """Compute the results."""

    @abstractmethod
    def back(self, seeds: Sequence[Any]) -> Found:
        """Go back from the gradients of the results, after `run`."""

    @abstractmethod
    def members(self, pack: Pack) -> list[Any]:
        """The leaves in a pack, in its order; None in the places that the program does not read."""

    @abstractmethod
    def check(self, node: Any) -> None:
        """See that no leaf was changed after a node was computed from it."""


class Found(NamedTuple):
    """What a pass back found.

    Attributes
    ----------
    operands : list
        The gradient of each operand.
    flat : ndarray
        That of each number in the arguments; empty if none is wanted.
    """

    operands: list[Any]
    flat: NDArray[Any]


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
        What to call the integers among the arguments, by their slots.
    """

    program: Program

    def __init__(
        self, tape: Tape, slots: Ints, wanted: NDArray[np.bool_], names: dict[int, str]
    ) -> None:
        super().__init__()
        asked = np.flatnonzero(slots >= 0)
        needs = np.zeros(len(tape), bool)
        needs[slots[asked]] = wanted[asked]
        own = tape.leaf_slots[~tape.given[tape.leaf_slots]]
        leaf = dict(zip(tape.leaf_slots.tolist(), tape.leaves, strict=True))
        mine = [leaf[slot] for slot in own.tolist()]
        needs[own] = [each._requires_grad for each in mine]
        self.program = program = Program(tape, needs)
        self._names = {int(program.address[slot]): name for slot, name in names.items()}
        self._leaves = Leaves(mine, program.address[own])
        self._asked: Places = places(asked)
        self._fill: Places = places(program.address[slots[asked]])
        self._size = len(slots) if wanted.any() else 0

    @property
    def operands(self) -> list[Any]:  # type: ignore[override]
        """What it depends on beside its arguments."""
        return self._leaves.operands

    def run(self, numbers: Numbers) -> list[NDArray[Any]]:
        """Compute the results."""
        values = self.program.values
        values[self._fill] = numbers.flat[self._asked]
        self._leaves.fill(values)
        try:
            self.program.forward()
        except IndexError:
            raise self._out_of_bounds() from None
        return [values[self.program.outputs]]

    def _out_of_bounds(self) -> IndexError:
        """The error for the first index that picks nothing."""
        for at, count in self.program.picks:
            index = int(self.program.values[at])
            if not -count <= index < count:
                return out_of_bounds(self._names[at], index, count)
        raise AssertionError("an index was out of bounds, but none is")

    def back(self, seeds: Sequence[Any]) -> Found:
        """Go back from the gradients of the results."""
        self.program.backward(*seeds)
        flat = np.zeros(self._size)
        if self._size:
            flat[self._asked] = self.program.gradients[self._fill]
        return Found(self._leaves.shares(self.program.gradients), flat)

    def check(self, node: Any) -> None:
        """See that no leaf was changed after a node was computed from it."""
        self._leaves.check(node)

    def members(self, pack: Pack) -> list[Any]:
        """The leaves in a pack, in its order; None in the places that the program does not read."""
        return self._leaves.members(pack)


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
        size: int,
        head: ScalarRun | None,
    ) -> None:
        super().__init__()
        self.program, self._head, self._size = program, head, size
        which = {tensor: (i, place) for i, (place, tensor) in enumerate(given)}
        self._given = [which.get(leaf) for leaf in program.leaves]  # type: ignore[call-overload]
        self._own = [
            leaf for leaf, known in zip(program.leaves, self._given, strict=True) if not known
        ]

    @property
    def operands(self) -> list[Any]:  # type: ignore[override]
        """What it depends on beside its arguments."""
        own: list[Any] = [leaf for leaf in self._own if leaf._requires_grad]
        return own + (self._head.operands if self._head else [])

    def run(self, numbers: Numbers) -> list[NDArray[Any]]:
        """Compute the results."""
        arrays = [
            numbers.arrays[known[0]] if known else leaf._data
            for leaf, known in zip(self.program.leaves, self._given, strict=True)
        ]
        scalars = self._head.run(numbers)[0].tolist() if self._head else []
        return self.program.forward(arrays, scalars)

    def back(self, seeds: Sequence[Any]) -> Found:
        """Go back from the gradients of the results."""
        found = self.program.backward(*seeds)
        n = len(self.program.leaves)
        own, flat = [], np.zeros(self._size)
        for leaf, known, g in zip(self.program.leaves, self._given, found[:n], strict=True):
            if known and g is not None:
                flat[known[1] : known[1] + g.size] = g.ravel()
            elif not known and leaf._requires_grad:
                own.append(np.zeros(leaf.shape, leaf.dtype) if g is None else g)
        if self._head:
            rest = self._head.back([np.array([0.0 if g is None else g for g in found[n:]], float)])
            own += rest.operands
            if rest.flat.size:
                flat += rest.flat
        return Found(own, flat)

    def check(self, node: Any) -> None:
        """See that no leaf was changed after a node was computed from it."""
        for leaf in self._own:
            if isinstance(leaf, Tensor) and leaf.op is None and leaf._changed > node._made.time:
                raise stale(leaf, node)
        if self._head:
            self._head.check(node)

    def members(self, pack: Pack) -> list[Any]:
        """The leaves in a pack, in its order; None in the places that the program does not read."""
        return self._head.members(pack) if self._head else []
