"""One call of a function on leaves that stand for its arguments."""

from __future__ import annotations

import inspect
import pickle
import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias
from weakref import ReferenceType

import numpy as np
from numpy.typing import NDArray

from autograd import trees
from autograd.compiling.arguments import Inputs, given_in, stand_ins, structure
from autograd.compiling.given import Given, GivenTensor
from autograd.compiling.rows import Rows
from autograd.compiling.runs import ArrayRun, Run, ScalarRun
from autograd.modes import enable_grad, tick
from autograd.program.arrays import ArrayProgram
from autograd.program.tape import Ints, Tape, tape_of
from autograd.rules import astype, detach
from autograd.tensor import Tensor
from autograd.tracing import Notes, tracing
from autograd.value import Value

Arguments: TypeAlias = dict[str, Any]
Again: TypeAlias = Callable[[Arguments], Any]
Draw: TypeAlias = Callable[[], NDArray[Any]]


class Part(NamedTuple):
    """One argument, or one drawing of random numbers, as a trace met it.

    Attributes
    ----------
    given : list of Given and GivenTensor
        What stands for it, or for its first row.
    size : int
        How many numbers that is.
    rows : int or None
        How many rows there are, if it has rows.
    """

    given: list[Any]
    size: int
    rows: int | None


class Trace(Notes):
    """What a function did when it was called on leaves that stand for its arguments.

    Attributes
    ----------
    tree : Any
        What it gave: a Value or a Tensor, or a tree of either.
    made : list of weak references
        The leaves that it made, which are constants of its own as long as nobody keeps them.
    since : int
        What the engine's clock showed when it began.
    rows : Rows or None
        How the function is run on many rows at once, if it is.
    updates : dict of Tensor to Tensor
        Leaves that each call gives other numbers, and what computes those.
    """

    def __init__(
        self,
        name: str,
        again: Again,
        arguments: Arguments,
        static: frozenset[str],
        rows: Rows | None,
    ) -> None:
        super().__init__()
        self._name, self.rows = name, rows
        self._draws: list[Draw] = []
        self._parts: list[Part] = []
        self._inputs = Inputs()
        self.updates: dict[Tensor, Any] = {}
        self.made: list[ReferenceType[Any]] = []
        stand_in = dict(arguments)
        for key, x in arguments.items():
            if key not in static:
                structure(x, self._inputs)
                mapped = rows is not None and key in rows.names
                stand_in[key] = self._part(key, x[0] if mapped else x, mapped)
        self.since = tick()
        around = _generators(again, arguments)
        before = _drawn(around)
        with enable_grad(), tracing(self):
            self.tree = again(stand_in)
        if before != _drawn(around):
            raise RuntimeError(
                f"{name} draws random numbers of Python or NumPy, and each later call would find "
                "those that it drew when it was traced; autograd.rand and autograd.randn draw anew"
            )

    def _part(self, key: str, x: Any, mapped: bool) -> Any:
        """What stands for an argument."""
        own = Inputs()
        structure(x, own)
        stand_in = stand_ins(x, key)
        count = self.rows.count if self.rows and mapped else None
        self._parts.append(Part(list(given_in(stand_in)), own.size, count))
        return (
            stand_in[()]
            if isinstance(stand_in, GivenTensor) and mapped and not x.shape
            else stand_in
        )

    def drawn(self, draw: Draw) -> Any:
        """What stands for random numbers, which each call draws anew, for each row."""
        self._draws.append(draw)
        numbers = np.asarray(draw())
        for _ in range(self.rows.count if self.rows else 1):
            self._inputs.put_array(numbers)
        return self._part(f"random numbers {len(self._draws)}", numbers, mapped=True)

    def updated(self, leaf: Any, how: Callable[[Any], Any]) -> Any:
        """Note that each call gives a leaf other numbers; a second time, made of the first."""
        new = detach(how(self.updates.get(leaf, leaf)))
        self.updates[leaf] = new if new.dtype == leaf.dtype else astype(new, dtype=leaf.dtype)
        return self.updates[leaf]

    def all_draws(self) -> list[Draw]:
        """How random numbers are drawn for a call, in order."""
        return [draw for draw in self._draws for _ in range(self.rows.count if self.rows else 1)]

    def outermost(self) -> Iterator[Any]:
        """What it relied on, without the modules that are parts of others."""
        parts = {id(part) for x in self.relied_on.values() for part in x.modules() if part is not x}
        return (x for key, x in self.relied_on.items() if key not in parts)

    # The program.

    def run(self) -> Run:
        """What computes the same on other numbers."""
        outputs = trees.leaves(self.tree)
        kinds = {Value if isinstance(x, Value) else type(x) for x in outputs}
        if self.updates and (self.rows or Tensor not in kinds):
            raise NotImplementedError(
                f"update_leaf, in {self._name}: only a compiled function of Tensors updates leaves"
            )
        if kinds == {Value}:
            return self._scalar_run(outputs, self.rows)
        if outputs and all(isinstance(x, Tensor) for x in outputs):
            return self._array_run(outputs)
        raise TypeError(
            f"a compiled function gives Values, or Tensors, alone or in lists, tuples and dicts, "
            f"but {self._name} gave {self.tree!r}"
        )

    def _scalar_run(self, outputs: list[Value], rows: Rows | None) -> ScalarRun:
        tape, moved, found = self.tape(outputs, rows)
        slots = np.full(self._inputs.size, -1)
        start = 0
        for part, at, to in found:
            for row in range(part.rows or 1):
                slots[start + at] = moved[row][to]
                start += part.size
        names = {
            int(row[slot]): rows.path(leaf.path, k) if rows else leaf.path
            for part, _, to in found
            for slot, (_, leaf) in zip(to.tolist(), _cells(part), strict=True)
            if leaf.whole
            for k, row in enumerate(moved)
        }
        natural = [
            int(row[slot])
            for part, _, to in found
            for slot, (_, leaf) in zip(to.tolist(), _cells(part), strict=True)
            if leaf.natural
            for row in moved
        ]
        modules = list(self.outermost())
        return ScalarRun(tape, slots, self._wanted(), names, natural, self._name, modules)

    def tape(
        self, outputs: list[Value], rows: Rows | None
    ) -> tuple[Tape, Ints, list[tuple[Part, Ints, Ints]]]:
        """The tape of all rows; for each, where the slots of one went; the numbers of each part."""
        cells = [leaf for part in self._parts for _, leaf in _cells(part)]
        tape = tape_of(outputs, cells, self.since)
        self.made += tape.made
        slot_of = dict(zip(tape.leaves, tape.leaf_slots.tolist(), strict=True))
        found = [
            (part, *_numbers([(at, slot_of[leaf]) for at, leaf in _cells(part)]))
            for part in self._parts
        ]
        if rows:
            own = [slots for part, _, slots in found if part.rows is not None]
            return *rows.repeated(tape, own), found
        return tape, np.arange(len(tape))[None], found

    def _wanted(self) -> NDArray[np.bool_]:
        """Of which numbers in the arguments the gradient is wanted."""
        wanted = np.zeros(self._inputs.size, bool)
        for place, node in self._inputs.nodes:
            wanted[place : place + np.size(node._data)] = True
        return wanted

    def _array_run(self, outputs: list[Tensor]) -> ArrayRun:
        if self.rows:
            raise NotImplementedError(
                f"vmap repeats scalar code, but {self._name} computes with Tensors, which hold a "
                "batch as they are"
            )
        given, place = [], 0
        for part in self._parts:
            for x in part.given:
                if isinstance(x, GivenTensor):
                    given.append((place, x))
                place += x.size if isinstance(x, GivenTensor) else 1
        also = list(self.updates.values())
        program = ArrayProgram(outputs, self.since, [tensor for _, tensor in given], also)
        self.made += program.made
        head = self._scalar_run(program.scalars, None) if program.scalars else None
        program.scalars.clear()  # with all that they were computed from
        return ArrayRun(program, given, head)


class _Drawn(Notes):
    """Notes of a trace that is made again, with the random numbers of a call."""

    def __init__(self, numbers: Iterable[NDArray[Any]]) -> None:
        super().__init__()
        self._numbers = iter(numbers)

    def drawn(self, draw: Draw) -> Any:
        """What stands for those numbers."""
        stand_in = stand_ins(next(self._numbers), "random numbers")
        return stand_in if stand_in.shape else stand_in[()]


def retraced(
    again: Again, arguments: Arguments, static: frozenset[str], drawn: Iterable[NDArray[Any]]
) -> list[Any]:
    """What a function gives when it is traced again, in a row; nodes it is given are nodes now."""
    stand_in = {
        key: x if key in static else stand_ins(x, key, nodes=True) for key, x in arguments.items()
    }
    with enable_grad(), tracing(_Drawn(drawn)):
        return trees.leaves(again(stand_in))


def _cells(part: Part) -> Iterator[tuple[int, Given]]:
    """The leaves in a part that scalar code asked for, each with the place of its number."""
    place = 0
    for x in part.given:
        if isinstance(x, GivenTensor):
            for at, cell in x.cells():
                yield place + at, cell
            place += x.size
        else:
            yield place, x
            place += 1


def _numbers(pairs: list[tuple[int, int]]) -> tuple[Ints, Ints]:
    first, second = np.array(pairs, int).reshape(-1, 2).T
    return first, second


def _generators(again: Again, arguments: Arguments) -> list[Any]:
    """The generators of random numbers that a function can see: what it is given, and around it."""
    f = getattr(again, "args", [None])[0]  # of a partial
    around = inspect.getclosurevars(f) if inspect.isfunction(f) else None
    seen = [*around.globals.values(), *around.nonlocals.values()] if around else []
    return [
        x
        for x in [*seen, *arguments.values()]
        if isinstance(x, (np.random.Generator, np.random.RandomState, random.Random))
    ]


def _drawn(generators: list[Any]) -> list[Any]:
    """Where generators stand, and the global ones."""
    states = [
        x.getstate()
        if isinstance(x, random.Random)
        else pickle.dumps(
            x.bit_generator.state if isinstance(x, np.random.Generator) else x.get_state()
        )
        for x in generators
    ]
    return [random.getstate(), pickle.dumps(np.random.get_state(legacy=False)), *states]
