"""What is to be drawn: a graph, or a part of it, as plain, frozen data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from autograd.drawing.heat import Heat
from autograd.text import clip

Kind = Literal["parameter", "input", "constant", "operation", "output", "group", "outside", "tag"]
Direction = Literal["right", "down"]
Row = tuple[str, str]
Members = tuple[tuple[int, ...], ...]  # the nodes of each of several equal parts

# As they are told to those who do not see the picture: one, and several.
KINDS: dict[Kind, tuple[str, str]] = {
    "parameter": ("parameter", "parameters"),
    "input": ("input", "inputs"),
    "constant": ("constant", "constants"),
    "operation": ("operation", "operations"),
    "output": ("output", "outputs"),
    "group": ("group", "groups"),
    "outside": ("from outside", "from outside"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A measure in colour: how much of a box's width it takes tells the same.

    Attributes
    ----------
    fill : str
        Its colour.
    length : float
        From 0 to 1.
    text : str
        What it means, in the legend.
    """

    fill: str
    length: float
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """One node, one constant, or several nodes, as they will be drawn.

    Attributes
    ----------
    key : str
        The same from run to run: ``"n7"`` for the graph's node 7 and those that are drawn with it,
        ``"c7.1"`` for its operand 1 if that is a constant, ``"g3"`` for the picture's item 3 if
        that is a group, ``"n2@n7"`` for the tag that stands for box ``n2`` beside ``n7``.
    kind : str
        How it looks: "parameter", "input", "constant", "operation", "output", "group", "outside"
        for what comes into this part of the graph from elsewhere, or "tag" for a box that stands
        far away.
    name, symbol : str
        What it is called and which operation made it; empty if nothing is to be said.
    rows : tuple of (label, value)
        What is written below, in short.
    hover : str
        The same in full.
    nodes : tuple of int
        The graph's nodes that it stands for; of a group, those of its first member.
    opens : str
        The path of the picture of what is inside; empty if it does not open.
    count : int
        How many equal parts it stands for.
    heat : tuple of Heat
        The numbers of an array in little, and those of its gradient.
    bar : Bar or None
        What its colour tells, if colours were asked for.
    last : bool
        Whether it is an output, or holds one.
    """

    key: str
    kind: Kind
    name: str
    symbol: str
    rows: tuple[Row, ...]
    hover: str
    nodes: tuple[int, ...] = ()
    opens: str = ""
    count: int = 1
    heat: tuple[Heat, ...] = ()
    bar: Bar | None = None
    last: bool = False


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
    partial : str
        The local derivative, if it was asked for.
    """

    source: str
    target: str
    count: int = 1
    places: tuple[int, ...] = ()
    partial: str = ""

    @property
    def label(self) -> str:
        """What is written at its end, such as ``×2`` in ``a + a`` and ``1`` in ``a - b``."""
        times = f"×{self.count}" if self.count > 1 else ""
        places = clip(",".join(map(str, self.places)))
        colon = ":" if places and self.partial else ""
        return " ".join(filter(None, [places + colon, times, self.partial]))


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes, operands always before what is made of them, and the edges between them.

    Attributes
    ----------
    boxes, edges : tuple
        What is drawn.
    back : tuple of Edge
        Edges that lead from a later box to an earlier one or to itself, as those between folded
        steps in time do; they are drawn as a small loop at the box that they lead to.
    path : str
        Which part of the graph it shows: empty for the whole, ``"2.0"`` for the inside of item 0
        inside item 2 of the whole.
    trail : tuple of str
        What it is called, and what it stands in, outermost first.
    members : tuple of tuple of int
        The nodes of each of the equal parts for which this one stands. Those at the same place
        correspond: the picture of another part has the same boxes, with other nodes.
    legend : tuple of Bar
        What the colours mean, if colours were asked for.
    direction : {"right", "down"}
        Which way it is drawn, from the leaves to the results.
    """

    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    back: tuple[Edge, ...] = ()
    path: str = ""
    trail: tuple[str, ...] = ()
    members: Members = ()
    legend: tuple[Bar, ...] = ()
    direction: Direction = "right"

    @property
    def summary(self) -> str:
        """How much there is to see: ``2 boxes, 1 edge``."""
        boxes, edges = sum(box.kind != "tag" for box in self.boxes), len(self.edges)
        return f"{boxes} box{'es' * (boxes != 1)}, {edges} edge{'s' * (edges != 1)}"

    @property
    def title(self) -> str:
        """What it is a picture of."""
        name = " › ".join(self.trail) or self.boxes[-1].name
        return f"Computation graph of {name}".removesuffix(" of ")

    @property
    def description(self) -> str:
        """The same in words, for those who do not see it."""
        counts = Counter(box.kind for box in self.boxes if box.kind != "tag")
        kinds = ", ".join(f"{n} {KINDS[kind][n > 1]}" for kind, n in counts.items())
        last = self.boxes[-1]
        end = " ".join(filter(None, [last.name, last.symbol, *(" ".join(r) for r in last.rows)]))
        way = "left to right" if self.direction == "right" else "top to bottom"
        return f"{self.summary}, to be read from {way}: {kinds}. At the end: {end}."
