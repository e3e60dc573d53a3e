"""A program as a graph of arrays, a node a step, which is then drawn as any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from autograd.drawing.picture import Box, Picture
from autograd.graph import Graph
from autograd.node import Node
from autograd.op import TABLE, Op, operation
from autograd.program.listing import Line, Source, Sources
from autograd.program.program import Program
from autograd.program.tape import Ints
from autograd.tensor import made


class Steps:
    """The steps of a program as nodes.

    Parameters
    ----------
    program : Program
    variables : mapping of str to object
        Where to find names for leaves that have none.

    Attributes
    ----------
    graph : Graph
        A Tensor for each step, with what it computed last, and one for each group of leaves.
    names : dict of Node to str
        What they are called.
    """

    def __init__(self, program: Program, variables: Mapping[str, object]) -> None:
        self._program = program
        self._sources = Sources(program, variables)
        self._places = self._found()
        self._leaves: dict[str, Any] = {}
        self._lines: dict[Node, Line] = {}
        self._steps: list[Any] = []
        self.names: dict[Node, str] = {}
        for line in program.steps:
            self._steps.append(self._step(line))
        results = map(self._node, self._sources.of(program.outputs))
        self.graph = Graph([x for x in results if isinstance(x, Node)])

    def _found(self) -> dict[str, Ints]:
        """Where all stands that is called the same, wherever it is read."""
        program, places = self._program, dict[str, Ints]()
        read = [at for line in program.steps for at in line.reads]
        for at in [*read, program.outputs]:
            for name, found in ((source.name, source.places) for source in self._sources.of(at)):
                places[name] = np.union1d(places.get(name, found), found)
        return places

    def _step(self, line: Line) -> Any:
        """The node of a step: what it reads from several steps is several operands."""
        operands: list[Any] = []
        for operand in line.operands:
            if isinstance(operand, float):
                operands.append(operand)
            else:
                operands += map(self._node, self._sources.of(operand))
        op = _operation(line, len(operands) == len(line.operands))
        name = f"s{len(self._steps) + 1}"
        node = self._made(name, line.out.places(), op, tuple(operands), line.wanted)
        self._lines[node] = line
        return node

    def _node(self, source: Source) -> Any:
        """The node of a source: a step that was met before, or leaves."""
        if source.step is not None:
            return self._steps[source.step - 1]
        if source.constant is not None:
            return source.constant
        if source.name not in self._leaves:
            places = self._places[source.name]
            wanted = bool(np.isin(places, self._program.wanted).all())
            self._leaves[source.name] = self._made(source.name, places, None, (), wanted)
        return self._leaves[source.name]

    def _made(
        self, name: str, places: Ints, op: Op | None, operands: tuple[Any, ...], wanted: bool
    ) -> Any:
        program = self._program
        node = made(program.values[places], op, operands, {}, wanted)
        if wanted:
            node.grad = program.gradients[places]
        self.names[node] = name
        return node

    def counted(self, picture: Picture) -> Picture:
        """A picture of its graph in which each step says for how many scalar nodes it stands."""
        return replace(picture, boxes=tuple(map(self._counted, picture.boxes)))

    def _counted(self, box: Box) -> Box:
        node = self.graph.nodes[box.nodes[0]] if len(box.nodes) == 1 else None
        line = self._lines.get(node) if node is not None and box.kind != "tag" else None
        if line is None:
            return box
        count = f"{line.nodes:,} node{'s' * (line.nodes != 1)}"
        formula = line.formula.format(*map(self._sources.text, line.operands))
        rows = ((count, str(line.shape)), *box.rows[1:])
        return replace(box, rows=rows, hover=f"{box.name} = {formula}\n{box.hover}")


SYMBOLS = {"matmul": "@", "dot": "Σ ·", "mul-add": "· +", "sum": "Σ", "sums": "Σ"}


def _operation(line: Line, apart: bool) -> Op:
    """What a step does; of operands that stay `apart`, the order may say which is which."""
    known = TABLE.get(line.title)
    if known is not None and known.scalar is not None and line.title != "add" and apart:
        return known
    table: dict[str, Op] = {}

    def step(*operands: Any) -> Any:
        """A step of a program."""

    step.__name__ = line.title
    symbol = SYMBOLS.get(line.title, known.symbol if known else line.title)
    if line.title == "add" and (" − " in line.formula or line.formula[0] == "−"):
        symbol = "+ −" if " + " in line.formula else "−"
    operation(
        array=_refused,
        vjps=[_refused],
        variadic=True,
        symmetric=True,
        symbol=symbol,
        table=table,
        source="the steps of the program",
    )(step)
    return table[line.title]


def _refused(*_: Any, **__: Any) -> Any:
    raise TypeError("a step of a program is computed by the program")
