"""One call of a function on leaves that stand for its arguments, as a tape."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from autograd import trees
from autograd.compiling.arguments import Inputs, given_in, stand_ins, structure
from autograd.modes import tick
from autograd.program.tape import Ints, tape_of
from autograd.tracing import tracing
from autograd.value import Value

Arguments: TypeAlias = dict[str, Any]
Again: TypeAlias = Callable[[Arguments], Any]


class Trace:
    """What a function did when it was called on leaves that stand for its arguments.

    Attributes
    ----------
    tape : Tape
        What it computed.
    tree : Any
        What it gave: a Value, or Values in lists, tuples and dicts.
    names : dict of int to str
        What to call the integers among the arguments, by their slots.
    """

    def __init__(
        self, again: Again, arguments: Arguments, static: frozenset[str], name: str
    ) -> None:
        inputs = Inputs()
        varying = {key: x for key, x in arguments.items() if key not in static}
        for x in varying.values():
            structure(x, inputs)
        numbers = iter(inputs.numbers().tolist())
        stand_in = {key: stand_ins(x, key, numbers) for key, x in varying.items()}
        self._given = {key: list(given_in(x)) for key, x in stand_in.items()}
        stand_in = {key: stand_in.get(key, x) for key, x in arguments.items()}
        since = tick()
        before = _drawn()
        with tracing():
            self.tree = again(stand_in)
        if before != _drawn():
            raise RuntimeError(
                f"{name} draws random numbers, and each later call would find those that it drew "
                "when it was traced; draw them outside and give them as an argument"
            )
        given = [leaf for leaves in self._given.values() for leaf in leaves]
        self.tape = tape_of(_outputs(name, self.tree), given, since)
        slots = self.tape.leaf_slots.tolist()
        self._slots = dict(zip(self.tape.leaves, slots, strict=True))
        self.names = {self._slots[leaf]: leaf.path for leaf in given if leaf.whole}

    def places(self) -> dict[str, Ints]:
        """The slots of the numbers in each argument."""
        return {
            key: np.array([self._slots[leaf] for leaf in leaves], int)
            for key, leaves in self._given.items()
        }


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
