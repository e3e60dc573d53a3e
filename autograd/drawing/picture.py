"""What is to be drawn: a graph read once into plain, frozen data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from autograd.drawing.names import find_names
from autograd.drawing.text import clean, clip, number
from autograd.node import Node, ancestors

Kind = Literal["leaf", "constant", "operation", "output"]
Row = tuple[str, str]

MOST_BOXES = 2_000
NEVER = "–"  # a gradient that was never computed


@dataclass(frozen=True, slots=True)
class Box:
    """One node, or one constant, as it will be drawn.

    Attributes
    ----------
    key : str
        ``"n0"``, ``"n1"``, …: its place in topological order, the same from run to run.
    kind : "leaf", "constant", "operation" or "output"
        How it looks.
    name, symbol : str
        What it is called and which operation made it; empty if nothing is to be said.
    rows : tuple of (label, value)
        What is written below, in short.
    hover : str
        The same in full.
    """

    key: str
    kind: Kind
    name: str
    symbol: str
    rows: tuple[Row, ...]
    hover: str


@dataclass(frozen=True, slots=True)
class Edge:
    """One operand of one operation, or several that are the same node.

    Attributes
    ----------
    source, target : str
        The keys of the operand's box and of the operation's.
    count : int
        How many times it is an operand: 2 in ``a + a``.
    places : tuple of int
        Which operands it is, counted from 1; empty where their order does not matter.
    """

    source: str
    target: str
    count: int
    places: tuple[int, ...]

    @property
    def label(self) -> str:
        """What is written at its end, such as ``×2`` in ``a + a`` and ``1`` in ``a - b``."""
        times = f"×{self.count}" if self.count > 1 else ""
        return " ".join(filter(None, [",".join(map(str, self.places)), times]))


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes, operands always before what is made of them, and the edges between them."""

    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]

    @property
    def summary(self) -> str:
        """How much there is to see: ``2 boxes, 1 edge``."""
        boxes, edges = len(self.boxes), len(self.edges)
        return f"{boxes} box{'es' * (boxes != 1)}, {edges} edge{'s' * (edges != 1)}"

    @property
    def title(self) -> str:
        """What it is a picture of."""
        return f"Computation graph of {self.boxes[-1].name}".removesuffix(" of ")

    @property
    def description(self) -> str:
        """The same in words, for those who do not see it."""
        counts = Counter(box.kind for box in self.boxes)
        kinds = ", ".join(f"{count} × {kind}" for kind, count in counts.items())
        last = self.boxes[-1]
        output = " ".join([last.name, last.symbol, *(" ".join(row) for row in last.rows)])
        return f"{self.summary}, to be read from left to right: {kinds}. At the end: {output}."


def read(root: Node, names: Mapping[str, object]) -> Picture:
    """Read the graph that ends in `root`; nothing that happens to it later shows.

    Parameters
    ----------
    root : node
        The output.
    names : mapping of str to object
        Variables, for nodes that have no name of their own.

    Examples
    --------
    >>> from autograd import Value
    >>> a = Value(3.0, name="a")
    >>> picture = read(a - a, {})
    >>> [(box.key, box.kind, box.name, box.symbol) for box in picture.boxes]
    [('n0', 'leaf', 'a', ''), ('n1', 'output', '', '−')]
    >>> picture.edges
    (Edge(source='n0', target='n1', count=2, places=()),)
    """
    nodes = _in_order(root)
    called = find_names(nodes, names)
    boxes: list[Box] = []
    edges: list[Edge] = []
    keys: dict[int, str] = {}
    for node in nodes:
        places: dict[str, list[int]] = {}
        for place, operand in enumerate(node.operands, 1):
            key = keys.get(id(operand))
            if key is None:
                key = f"n{len(boxes)}"
                boxes.append(_constant(key, operand))
            places.setdefault(key, []).append(place)
        keys[id(node)] = target = f"n{len(boxes)}"
        name = node.name or called.get(id(node), "")
        boxes.append(_box(target, node, name, is_root=node is root))
        ordered = node.op is not None and not node.op.symmetric
        edges += [
            Edge(source, target, len(at), tuple(at) if len(places) > 1 and ordered else ())
            for source, at in places.items()
        ]
    return Picture(tuple(boxes), tuple(edges))


def _in_order(root: Node) -> list[Node]:
    """List the nodes, operands first; give up once they are too many."""
    nodes: list[Node] = []
    boxes = 0
    for node in ancestors([root]):
        nodes.append(node)
        boxes += 1 + len(node.operands) - len(node.parents)  # one for each constant, too
        if boxes > MOST_BOXES:
            raise ValueError(
                f"this graph has more than {MOST_BOXES:,} boxes, too many to be read: "
                "draw one of the nodes that it is made of"
            )
    return nodes


def _box(key: str, node: Node, name: str, *, is_root: bool) -> Box:
    rows = [*_rows("data", node.data), *_grad_rows(node)]
    made = "leaf" if node.op is None else node.op.name
    if node.params:
        made += f"({', '.join(f'{param}={value!r}' for param, value in node.params.items())})"
    grad = _full(node.grad) if node.has_grad else "never computed"
    hover = f"{name or 'unnamed'}: {made}\ndata = {_full(node.data)}\ngrad = {grad}"
    return Box(
        key=key,
        kind="leaf" if node.op is None else "output" if is_root else "operation",
        name=clip(clean(name)),
        symbol="" if node.op is None else clip(clean(node.op.symbol)),
        rows=tuple(rows),
        hover="\n".join(map(clean, hover.splitlines())),
    )


def _constant(key: str, value: object) -> Box:
    rows = _rows("", value)
    return Box(key, "constant", "", "", tuple(rows), clean(f"constant {_full(value)}"))


def _rows(label: str, value: Any) -> list[Row]:
    """Write a number as itself; an array as its type and shape, and its value if it has one."""
    if not isinstance(value, np.ndarray):
        return [(label, number(value))]
    kind = (str(value.dtype), str(value.shape))
    return [kind, (label, number(value.item()))] if value.size == 1 else [kind]


def _grad_rows(node: Node) -> list[Row]:
    if not node.has_grad:
        return [("grad", NEVER)]
    grad = node.grad
    if np.size(grad) == 1:
        return [("grad", number(np.asarray(grad).item()))]
    with np.errstate(all="ignore"):  # an overflow shows as inf
        return [("|grad|", number(np.linalg.norm(grad)))]


def _full(value: object) -> str:
    if isinstance(value, np.ndarray):
        return np.array2string(value, threshold=20, separator=", ")
    return repr(value)
