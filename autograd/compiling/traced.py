"""A function traced on arguments of one structure, and replayed on others of the same."""

from __future__ import annotations

import gc
import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiling.arguments import Inputs, structure
from autograd.compiling.call import Call, result
from autograd.compiling.leaves import Leaves, places
from autograd.compiling.rows import Rows
from autograd.compiling.trace import Again, Arguments, Trace
from autograd.lines import user_line
from autograd.modes import no_grad
from autograd.op import Op
from autograd.program.pick import out_of_bounds
from autograd.program.program import Program
from autograd.program.tape import LEAF, Ints, Tape
from autograd.value import Value


class Traced:
    """A function traced on arguments of one structure.

    Parameters
    ----------
    op : Op
        What its calls are, as nodes.
    again : callable
        Calls the function with given arguments, or with what stands for them.
    arguments : dict
        Those of the first call, by name.
    static : set of str
        Which of them are given as they are.
    rows : Rows, optional
        How the function is run on many rows at once, if it is.

    Attributes
    ----------
    program : Program
        The steps.
    leaves : Leaves
        What it reads beside its arguments.
    seconds : float
        How long it took to trace and to build.
    line : (str, int)
        The file and the line of the user's code that called it first.

    Raises
    ------
    RuntimeError
        If the function draws random numbers of Python's or NumPy's.
    TypeError
        If it looks at a number, or gives something other than Values.
    """

    def __init__(
        self,
        op: Op,
        again: Again,
        arguments: Arguments,
        static: frozenset[str],
        rows: Rows | None,
    ) -> None:
        start = time.perf_counter()
        with without_collection():
            self._build(op, again, arguments, static, rows)
        self.seconds = time.perf_counter() - start

    def _build(
        self,
        op: Op,
        again: Again,
        arguments: Arguments,
        static: frozenset[str],
        rows: Rows | None,
    ) -> None:
        self.line = user_line()
        self._op, self._again = op, again
        self._lock = threading.RLock()
        self._serials, self._current = itertools.count(1), 0
        trace = Trace(again, rows.one(arguments, 0) if rows else arguments, static, op.name)
        tape, slots_of = trace.tape, trace.places()
        self._draws = list(trace.draws.values())
        self._count = rows.count if rows else 1
        if rows:
            tape, slots_of = rows.repeated(tape, slots_of, trace.draws)
        given = np.concatenate([at.ravel() for at in slots_of.values()] or [np.empty(0, int)])
        self._tree, self._shape = trace.tree, rows.shape if rows else ()
        self._names = trace.names
        inputs = Inputs()
        for name, x in arguments.items():
            if name not in static:
                structure(x, inputs)
        self.program = Program(tape, _wanted(tape, given, inputs))
        self._given = self.program.address[given]
        self._fill = places(self._given.tolist())
        slots = tape.leaf_slots
        own = np.flatnonzero(~tape.given[slots])
        self.leaves = Leaves(
            [tape.leaves[i] for i in own.tolist()], self.program.address[slots[own]]
        )
        self._relied_on = [(thing, thing.compile_state()) for thing in trace.outermost()]

    def still_holds(self) -> bool:
        """Whether what the function relied on, beside its arguments, is in the same state."""
        return all(thing.compile_state() == state for thing, state in self._relied_on)

    def call(self, inputs: Inputs, arguments: Arguments) -> Any:
        """What the function gives: a node, or a tree of them."""
        numbers = inputs.numbers()
        if self._draws:
            anew = [np.ravel(draw()) for draw in self._draws for _ in range(self._count)]
            numbers = np.concatenate([numbers, *anew])
        with self._lock:
            self._run(numbers, arguments)
            data = self.program.values[self.program.outputs]
            serial = self._current
        call = Call(self, lambda: self._again(arguments), serial, numbers, inputs.nodes)
        return result(self._op, data, call, self._tree, self._shape)

    def _run(self, numbers: NDArray[Any], arguments: Arguments) -> None:
        values, program = self.program.values, self.program
        self._current = next(self._serials)
        values[self._fill] = numbers
        self.leaves.fill(values)
        try:
            with np.errstate(divide="raise", over="raise", invalid="raise"):
                program.forward()
        except (ArithmeticError, ValueError):
            with no_grad():  # floats raise here, with the user's names; or they go on, and so do we
                self._again(arguments)
            with np.errstate(all="ignore"):
                program.forward()
        except IndexError:
            raise self._out_of_bounds() from None

    def _out_of_bounds(self) -> IndexError:
        """The error for the first index that picks nothing."""
        for slot, count in self.program.picks:
            index = int(self.program.values[self.program.address[slot]])
            if not -count <= index < count:
                return out_of_bounds(self._names[slot], index, count)
        raise AssertionError("an index was out of bounds, but none is")

    def shares(self, call: Call, g: Any) -> list[Any]:
        """What a gradient of the result contributes to each operand of a call."""
        program = self.program
        with self._lock:
            if call.serial != self._current:  # another call was made since
                program.values[self._fill] = call.numbers
                self.leaves.fill(program.values)
                with np.errstate(all="ignore"):
                    program.forward()
                self._current = call.serial
            try:
                with np.errstate(divide="raise", over="raise", invalid="raise"):
                    program.backward(g)
            except (ArithmeticError, ValueError):
                return call.recorded(g, graph=False)
            found = self.leaves.shares(program.gradients)
            for place, node in call.nodes:
                if isinstance(node, Value):
                    found.append(float(program.gradients[self._given[place]]))
                else:
                    at = self._given[place : place + node.size]
                    found.append(program.gradients[at].reshape(node.shape))
            return found

    def __str__(self) -> str:
        file, number = self.line
        steps = len(self.program.steps)
        what = "straight-line code" if self.program.straight else f"{steps} steps"
        return (
            f"{self._op.name}, first called at {file}:{number}: {self.program.nodes:,} scalar "
            f"nodes became {what} in {self.seconds:.3f} s"
        )


@contextmanager
def without_collection() -> Iterator[None]:
    """A block in which no garbage is looked for: a trace is large, and has no cycles to find."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _wanted(tape: Tape, given: Ints, inputs: Inputs) -> NDArray[np.bool_]:
    """Of which slots the gradients are wanted: leaves that ask for them, and given nodes."""
    wanted: NDArray[np.bool_] = (tape.code == LEAF) & ~tape.given
    wanted[tape.leaf_slots] &= [leaf._requires_grad for leaf in tape.leaves]
    for place, node in inputs.nodes:
        wanted[given[place : place + np.size(node._data)]] = True
    return wanted
