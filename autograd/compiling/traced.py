"""A function traced on arguments of one structure, and replayed on others of the same."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograd.checkpointing import taped
from autograd.compiling.arguments import Inputs, Numbers, as_called
from autograd.compiling.call import Call, result
from autograd.compiling.rows import Rows
from autograd.compiling.runs import Run, ScalarRun
from autograd.compiling.trace import Again, Arguments, Trace, retraced
from autograd.lines import user_line
from autograd.modes import enable_grad, no_grad, state
from autograd.node import plain
from autograd.op import Op
from autograd.rules import alias
from autograd.tensor import Tensor
from autograd.trees import map_leaves
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
    op : Op
        The same.
    run : Run
        The program, and where its leaves and arguments are.
    seconds : float
        How long it took to trace and to build.
    line : (str, int)
        The file and the line of the user's code that called it first.

    Raises
    ------
    RuntimeError
        If the function draws random numbers of Python's or NumPy's, or makes parameters.
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
        self.op, self._again, self._static, self._rows = op, again, static, rows
        with without_collection():
            trace = Trace(op.name, again, arguments, static, rows)
            self.run: Run = trace.run()
            self._chosen: list[int] | None = None
            tree, self._shape = rows.results(trace.tree) if rows else (trace.tree, ())
            self._tree = map_leaves(_bare, tree)
            # The numbers of those that are updated are the last results.
            self._draws, self._updated = trace.all_draws(), list(reversed(trace.updates))
            self._relied_on = [(thing, thing.compile_state()) for thing in trace.outermost()]
            made = trace.made
            del trace, tree  # with all that only they kept
        for leaf in (reference() for reference in made):
            if leaf is not None:
                raise RuntimeError(
                    f"{op.name} made {leaf!r} when it was traced, and keeps it: later calls would "
                    "not see it change, nor hand it a gradient; make it before the first call"
                )
        self.seconds = time.perf_counter() - start

    def still_holds(self) -> bool:
        """Whether what the function relied on, beside its arguments, is in the same state."""
        for thing, found in self._relied_on:
            if thing.compile_state() != found:
                return False
        return self.run.held.still_holds()

    def call(self, inputs: Inputs, arguments: Arguments) -> Any:
        """What the function gives: a node, or a tree of them."""
        for draw in self._draws:
            inputs.put_array(np.asarray(draw()))
        made, by_floats = state.now.time, False
        try:
            data, serial, held = self.run.results(inputs, "raise")
        except (ArithmeticError, ValueError):
            with no_grad():  # floats raise here, with the user's names; or they go on, and so do we
                found = self._results(arguments, inputs)
            data, serial, held = self.run.results(inputs, "ignore")
            by_floats = isinstance(self.run, ScalarRun)
            if by_floats:  # √-∞ is NaN, and (-∞) ** 0.5 is not
                data = [np.array([plain(y) for y in found])]
        for leaf in self._updated:
            leaf.data = data.pop()
            made = state.now.time
        nodes = self._reached(inputs.nodes) if inputs.nodes else []
        call = Call(self, arguments, serial, made, inputs, held, nodes, by_floats)
        return result(self.op, data, call, self._tree, self._shape)

    def _reached(self, nodes: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
        """Those of the nodes in the arguments that a gradient reaches: the same in each call."""
        if self._chosen is None:
            self._chosen = [
                i
                for i, (place, node) in enumerate(nodes)
                if node._requires_grad and self.run.reaches(place, np.size(node._data))
            ]
        return nodes if len(nodes) == len(self._chosen) else [nodes[i] for i in self._chosen]

    def _results(self, arguments: Arguments, inputs: Inputs) -> list[Any]:
        """What the function gives when it is traced again, for each row in turn."""
        runs = self._rows.each(arguments) if self._rows else [arguments]
        count, drawn = self._rows.count if self._rows else 1, len(self._draws)
        draws = inputs.arrays[len(inputs.arrays) - drawn :]
        return [
            y
            for k, run in enumerate(runs)
            for y in retraced(self._again, run, self._static, draws[k::count])
        ]

    def again(self, call: Call) -> tuple[list[Any], list[Any], list[Any]]:
        """What the function gives when it is called again as a call did, in nodes.

        Returns
        -------
        list of Node
            The results, in a row.
        list of Node
            The nodes that were made for them.
        list of Node
            What stood in the place of the nodes it was given which a gradient reaches: it is known
            apart from them, for the function may have found them by itself, too.
        """
        given: list[Any] = []

        def known_apart(node: Any) -> Any:
            given.append((0, alias(node) if node._requires_grad else node))
            return given[-1][1]

        numbers = Numbers(call.inputs)
        with enable_grad():
            arguments = {
                key: x if key in self._static else as_called(x, known_apart, numbers)
                for key, x in call.arguments.items()
            }
        drawn = call.inputs.arrays[len(call.inputs.arrays) - len(self._draws) :]
        if numbers.left != sum(x.size for x in drawn):
            raise RuntimeError(
                f"what {self.op.name} was called with has other lengths by now, and its derivative "
                "calls it again; call it anew"
            )
        results, nodes = taped(lambda: self._results(arguments, call.inputs))
        return results, nodes, [node for _, node in self._reached(given)]

    def __str__(self) -> str:
        file, number = self.line
        return f"{self.op.name}, first called at {file}:{number}: {self.seconds:.3f} s"


def _bare(x: Any) -> Any:
    """A node of the same kind, without all that it was computed from."""
    return Value(0.0) if isinstance(x, Value) else Tensor(0.0)


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
