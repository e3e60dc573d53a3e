"""One call of a function on leaves that stand for its arguments, as a tape."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd import trees
from autograd.compiling.arguments import Inputs, given_in, stand_ins, structure
from autograd.compiling.given import Given
from autograd.modes import enable_grad, tick
from autograd.program.tape import Ints, tape_of
from autograd.tracing import Notes, tracing
from autograd.value import Value

Arguments: TypeAlias = dict[str, Any]
Again: TypeAlias = Callable[[Arguments], Any]
Draw: TypeAlias = Callable[[], NDArray[Any]]


class Trace(Notes):
    """What a function did when it was called on leaves that stand for its arguments.

    Attributes
    ----------
    tape : Tape
        What it computed.
    tree : Any
        What it gave: a Value, or Values in lists, tuples and dicts.
    names : dict of int to str
        What to call the integers among the arguments, by their slots.
    draws : dict of str to (callable, shape)
        How random numbers are drawn, by what to call them.
    """

    def __init__(
        self, again: Again, arguments: Arguments, static: frozenset[str], name: str
    ) -> None:
        super().__init__()
        self.draws: dict[str, tuple[Draw, tuple[int, ...]]] = {}
        self._given: dict[str, list[Given]] = {}
        stand_in = stand_ins_for(arguments, static)
        self._given.update({key: list(given_in(x)) for key, x in stand_in.items()})
        since = tick()
        before = _drawn()
        with enable_grad(), tracing(self):
            self.tree = again(arguments | stand_in)
        if before != _drawn():
            raise RuntimeError(
                f"{name} draws random numbers of Python or NumPy, and each later call would find "
                "those that it drew when it was traced; autograd.rand and autograd.randn draw anew"
            )
        given = [leaf for leaves in self._given.values() for leaf in leaves]
        self.tape = tape_of(_outputs(name, self.tree), given, since)
        slots = self.tape.leaf_slots.tolist()
        self._slots = dict(zip(self.tape.leaves, slots, strict=True))
        self.names = {self._slots[leaf]: leaf.path for leaf in given if leaf.whole}

    def drawn(self, draw: Draw) -> Any:
        """Leaves in the place of random numbers."""
        name, numbers = f"random numbers {len(self.draws) + 1}", np.asarray(draw())
        stand_in = stand_ins(numbers, name, iter(numbers.ravel().tolist()))
        self.draws[name] = draw, numbers.shape
        self._given[name] = list(given_in(stand_in))
        return stand_in

    def places(self) -> dict[str, Ints]:
        """The slots of the numbers in each argument."""
        return {
            key: np.array([self._slots[leaf] for leaf in leaves], int)
            for key, leaves in self._given.items()
        }

    def outermost(self) -> Iterator[Any]:
        """What it relied on, without the modules that are parts of others."""
        parts = {id(part) for x in self.relied_on.values() for part in x.modules() if part is not x}
        return (x for key, x in self.relied_on.items() if key not in parts)


def stand_ins_for(arguments: Arguments, static: frozenset[str], nodes: bool = False) -> Arguments:
    """What stands for the numbers in arguments, but for those that are static."""
    inputs = Inputs()
    varying = {key: x for key, x in arguments.items() if key not in static}
    for x in varying.values():
        structure(x, inputs)
    numbers = iter(inputs.numbers().tolist())
    return {key: stand_ins(x, key, numbers, nodes) for key, x in varying.items()}


class _Drawn(Notes):
    """Notes of a trace that is made again, with the random numbers of a call."""

    def __init__(self, numbers: Iterable[NDArray[Any]]) -> None:
        super().__init__()
        self._numbers = iter(numbers)

    def drawn(self, draw: Draw) -> Any:
        """Leaves in the place of those numbers."""
        numbers = next(self._numbers)
        return stand_ins(numbers, "random numbers", iter(numbers.ravel().tolist()))


def retraced(
    again: Again, arguments: Arguments, static: frozenset[str], drawn: Iterable[NDArray[Any]]
) -> list[Any]:
    """What a function gives when it is traced again, in a row; nodes it is given are nodes now."""
    with enable_grad(), tracing(_Drawn(drawn)):
        return trees.leaves(again(arguments | stand_ins_for(arguments, static, nodes=True)))


def _drawn() -> tuple[Any, str]:
    """Where the global generators stand."""
    return random.getstate(), str(np.random.get_state(legacy=False))


def _outputs(name: str, tree: Any) -> list[Value]:
    found = trees.leaves(tree)
    for x in found:
        if not isinstance(x, Value):
            raise TypeError(
                f"a compiled function gives Values, alone or in lists, tuples and dicts, but "
                f"{name} gave {x!r} of type {type(x).__name__}"
            )
    if not found:
        raise TypeError(f"a compiled function gives Values, but {name} gave {tree!r}")
    return found
