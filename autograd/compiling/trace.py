"""One call of a function on leaves that stand for its arguments, as a tape."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd import trees
from autograd.compiling.arguments import Inputs, given_in, stand_ins, structure
from autograd.compiling.given import Given
from autograd.modes import tick
from autograd.program.tape import Ints, tape_of
from autograd.tracing import Notes, tracing
from autograd.value import Value

Arguments: TypeAlias = dict[str, Any]
Again: TypeAlias = Callable[[Arguments], Any]


class Trace(Notes):
    """What a function did when it was called on leaves that stand for its arguments.

    Attributes
    ----------
    tape : Tape
        What it computed.
    tree : Any
        What it gave: a Value, or Values in lists, tuples and dicts.
    draws : dict of str to callable
        How random numbers are drawn, by what to call them.
    """

    def __init__(
        self, again: Again, arguments: Arguments, static: frozenset[str], name: str
    ) -> None:
        super().__init__()
        self.draws: dict[str, Callable[[], NDArray[Any]]] = {}
        self._given: dict[str, list[Given]] = {}
        stand_in = self._stand_in(arguments, static)
        since = tick()
        before = _drawn()
        with tracing(self):
            self.tree = again(stand_in)
        if before != _drawn():
            raise RuntimeError(
                f"{name} draws random numbers of Python or NumPy, and each later call would find "
                "those that it drew when it was traced; autograd.rand and autograd.randn draw anew"
            )
        given = [leaf for leaves in self._given.values() for leaf in leaves]
        self.tape = tape_of(_outputs(name, self.tree), given, since)
        slots = self.tape.leaf_slots.tolist()
        self._slots = dict(zip(self.tape.leaves, slots, strict=True))

    def _stand_in(self, arguments: Arguments, static: frozenset[str]) -> Arguments:
        """Leaves in the place of the numbers in arguments."""
        inputs = Inputs()
        varying = {key: x for key, x in arguments.items() if key not in static}
        for x in varying.values():
            structure(x, inputs)
        numbers = iter(inputs.numbers().tolist())
        stand_in = {key: stand_ins(x, key, numbers) for key, x in varying.items()}
        self._given.update({key: list(given_in(x)) for key, x in stand_in.items()})
        return arguments | stand_in

    def drawn(self, draw: Callable[[], NDArray[Any]]) -> Any:
        """Leaves in the place of random numbers."""
        name = f"random numbers {len(self.draws) + 1}"
        stand_in = stand_ins(np.asarray(draw()), name, iter(np.ravel(draw()).tolist()))
        self.draws[name] = draw
        self._given[name] = list(given_in(stand_in))
        return stand_in if stand_in.shape else self._given[name][0]

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
