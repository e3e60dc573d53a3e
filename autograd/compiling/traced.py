"""A function traced on arguments of one structure, and replayed on others of the same."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograd.compiling.arguments import Inputs
from autograd.compiling.call import Call, result
from autograd.compiling.rows import Rows
from autograd.compiling.runs import Numbers, Run
from autograd.compiling.trace import Again, Arguments, Trace
from autograd.lines import user_line
from autograd.modes import no_grad
from autograd.op import Op


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
    run : Run
        The program, and where its leaves and arguments are.
    seconds : float
        How long it took to trace and to build.
    line : (str, int)
        The file and the line of the user's code that called it first.

    Raises
    ------
    RuntimeError
        If the function draws random numbers of Python's or NumPy's.
    TypeError
        If it looks at a number, or gives something other than Values or Tensors.
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
        self.line = user_line()
        self._op, self._again = op, again
        with without_collection():
            trace = Trace(op.name, again, arguments, static, rows)
            self.run: Run = trace.run()
        self._tree, self._shape = trace.tree, rows.shape if rows else ()
        self._draws = trace.all_draws()
        self._relied_on = [(thing, thing.compile_state()) for thing in trace.outermost()]
        self.seconds = time.perf_counter() - start

    def still_holds(self) -> bool:
        """Whether what the function relied on, beside its arguments, is in the same state."""
        return all(thing.compile_state() == state for thing, state in self._relied_on)

    def call(self, inputs: Inputs, arguments: Arguments) -> Any:
        """What the function gives: a node, or a tree of them."""
        for draw in self._draws:
            inputs.put_array(np.asarray(draw()))
        numbers = Numbers(inputs.numbers(), inputs.arrays)
        try:
            data, serial = self.run.results(numbers)
        except (ArithmeticError, ValueError):
            with no_grad():  # floats raise here, with the user's names; or they go on, and so do we
                self._again(arguments)
            with self.run.lock, np.errstate(all="ignore"):
                data, serial = self.run.run(numbers), self.run.serial
        call = Call(self.run, lambda: self._again(arguments), serial, numbers, inputs.nodes)
        return result(self._op, data, call, self._tree, self._shape)

    def __str__(self) -> str:
        file, number = self.line
        return f"{self._op.name}, first called at {file}:{number}: {self.seconds:.3f} s"


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
