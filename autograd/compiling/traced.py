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

from autograd.checkpointing import taped
from autograd.compiling.arguments import Inputs, structure, with_nodes
from autograd.compiling.call import Call, result
from autograd.compiling.leaves import Layout, Leaves, places
from autograd.compiling.rows import Rows
from autograd.compiling.trace import Again, Arguments, Trace, retraced
from autograd.lines import user_line
from autograd.modes import enable_grad, no_grad, state
from autograd.op import Op
from autograd.program.pick import out_of_bounds
from autograd.program.program import Program
from autograd.program.steps.picks import Pick
from autograd.program.tape import LEAF, Ints, Tape
from autograd.rules import alias
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
        self._op, self._again, self._static, self._rows = op, again, static, rows
        self._lock = threading.RLock()
        self._serials, self._current = itertools.count(1), 0
        trace = Trace(again, rows.one(arguments, 0) if rows else arguments, static, op.name)
        tape, slots_of = trace.tape, trace.places()
        self._draws = list(trace.draws.values())
        self._count = rows.count if rows else 1
        self._names = trace.names
        if rows:
            tape, slots_of, self._names = rows.repeated(tape, slots_of, trace.names, trace.draws)
        given = np.concatenate([at.ravel() for at in slots_of.values()] or [np.empty(0, int)])
        self._tree, self._shape = trace.tree, rows.shape if rows else ()
        self.single = isinstance(trace.tree, Value) and not rows
        inputs = Inputs()
        for name, x in arguments.items():
            if name not in static:
                structure(x, inputs)
        wanted = _wanted(tape, given, inputs)
        self.program = Program(tape, wanted)
        self._given = self.program.address[given]
        self._fill = places(self._given.tolist())
        slots = tape.leaf_slots
        own = np.flatnonzero(~tape.given[slots])
        at = self.program.address[slots[own]]
        reached = self.program.reached
        self.leaves = Leaves(
            [tape.leaves[i] for i in own.tolist()], at, wanted[slots[own]], reached[at]
        )
        self._reached = [
            i
            for i, (place, node) in enumerate(inputs.nodes)
            if reached[self._places(place, node)].any()
        ]
        self._relied_on = [(thing, thing.compile_state()) for thing in trace.outermost()]

    def still_holds(self) -> bool:
        """Whether what the function relied on, beside its arguments, is in the same state."""
        return self.leaves.layout.still_holds() and all(
            thing.compile_state() == state for thing, state in self._relied_on
        )

    @property
    def name(self) -> str:
        """What the function is called."""
        return self._op.name

    def _places(self, place: int, node: Any) -> Ints:
        """Where the numbers of a given node stand in the program."""
        at: Ints = self._given[place : place + np.size(node._data)]
        return at

    def call(self, inputs: Inputs, arguments: Arguments) -> Any:
        """What the function gives: a node, or a tree of them."""
        numbers = inputs.numbers()
        if self._draws:
            anew = [np.ravel(draw()) for draw, _ in self._draws for _ in range(self._count)]
            numbers = np.concatenate([numbers, *anew])
        with self._lock:
            made, layout = state.now.time, self.leaves.layout
            self._run(numbers, layout, arguments)
            data = self.program.values[self.program.outputs]
            serial = self._current
        nodes = [inputs.nodes[i] for i in self._reached]
        call = Call(self, arguments, serial, made, numbers, layout, nodes)
        return result(self._op, data, call, self._tree, self._shape)

    def _run(self, numbers: NDArray[Any], layout: Layout, arguments: Arguments) -> None:
        values, program = self.program.values, self.program
        self._current = next(self._serials)
        values[self._fill] = numbers
        layout.fill(values)
        try:
            with np.errstate(divide="raise", over="raise", invalid="raise"):
                program.forward()
        except FloatingPointError:
            with no_grad():  # floats raise here, with the user's names; or they go on, and so do we
                for run, drawn in self._runs(arguments, numbers):
                    retraced(self._again, run, self._static, drawn)
            with np.errstate(all="ignore"):
                program.forward()
        except IndexError:
            raise self._out_of_bounds() from None

    def _out_of_bounds(self) -> IndexError:
        """The error for the first index that picks nothing."""
        for step in self.program.steps:
            if isinstance(step, Pick):
                count = step.choices.shape[1]
                for slot in step.refs[0].tolist():
                    index = int(self.program.values[self.program.address[slot]])
                    if not -count <= index < count:
                        return out_of_bounds(self._names[slot], index, count)
        raise AssertionError("an index was out of bounds, but none is")

    def _runs(
        self, arguments: Arguments, numbers: NDArray[Any]
    ) -> Iterator[tuple[Arguments, list[NDArray[Any]]]]:
        """The arguments of each run of the function, one for each row if there are rows.

        With them come the random numbers that it drew, which are the last of its numbers.
        """
        shapes = [shape for _, shape in self._draws]
        sizes = np.array([np.prod(shape, dtype=int) for shape in shapes], int)
        parts = np.split(numbers, len(numbers) - np.cumsum(sizes[::-1] * self._count)[::-1])[1:]
        for k in range(self._count):
            run = self._rows.one(arguments, k) if self._rows else arguments
            pairs = zip(parts, shapes, strict=True)
            yield run, [part.reshape(-1, *shape)[k] for part, shape in pairs]

    def again(self, call: Call) -> tuple[list[Any], list[Any], list[Any]]:
        """What the function gives when it is called again as a call did, in nodes.

        Returns
        -------
        list of Value
            The results, in a row.
        list of Node
            The nodes that were made for them.
        list of Node
            What stood in the place of the nodes it was given which a gradient reaches: it is known
            apart from them, for the function may have found them by itself, too.
        """
        given: list[Any] = []

        def known_apart(node: Any) -> Any:
            given.append(alias(node) if node._requires_grad else node)
            return given[-1]

        with enable_grad():
            arguments = {
                key: x if key in self._static else with_nodes(x, known_apart)
                for key, x in call.arguments.items()
            }
        results, nodes = taped(
            lambda: [
                y
                for run, drawn in self._runs(arguments, call.numbers)
                for y in retraced(self._again, run, self._static, drawn)
            ]
        )
        return results, nodes, [given[i] for i in self._reached]

    def check(self, call: Call) -> None:
        """See that no leaf was changed since a call."""
        self.leaves.check(call.made, self)

    @property
    def op(self) -> Op:
        """What its calls are, as nodes."""
        return self._op

    def shares(self, call: Call, g: Any) -> list[Any]:
        """What a gradient of the result contributes to each operand of a call."""
        program = self.program
        self.check(call)
        with self._lock:
            if call.serial != self._current:  # another call was made since
                program.values[self._fill] = call.numbers
                self.leaves.layout.fill(program.values)
                with np.errstate(all="ignore"):
                    program.forward()
                self._current = call.serial
            try:
                with np.errstate(divide="raise", over="raise", invalid="raise"):
                    program.backward(g)
            except FloatingPointError:
                return call.recorded(g, graph=False)
            found = call.layout.shares(program.gradients)
            for place, node in call.nodes:
                share = program.gradients[self._places(place, node)]
                found.append(share.reshape(node.shape))
            return found

    def __str__(self) -> str:
        file, number = self.line
        return (
            f"{self._op.name}, first called at {file}:{number}: {self.program.nodes:,} scalar "
            f"nodes became {len(self.program.steps)} steps in {self.seconds:.3f} s"
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
