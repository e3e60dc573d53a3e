"""Pictures coloured by size, by operation, or by what is marked in them, with a legend."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, Protocol, get_args

import numpy as np

from autograd.drawing.picture import Bar, Box, Members, Picture
from autograd.graph import Graph
from autograd.node import Node
from autograd.text import number

Colour = Literal["gradient", "activation", "operation"]

# From little to much; each step is a fifth of the way on a logarithmic scale.
SHADES = {
    "gradient": ("#FDD0A2", "#FDAE6B", "#F16913", "#D94801", "#8C2D04"),
    "activation": ("#C6DBEF", "#9ECAE1", "#4292C6", "#2171B5", "#08306B"),
}
# Okabe and Ito's, which the colour-blind tell apart; rarer operations share the last.
HUES = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#8A8A8A")
NOT_FINITE = "#000000"
SHORTEST = 0.1  # of a box: a bar that is still seen


class Marked(Protocol):
    """What has a word and a colour for some nodes, as what `nn.diagnose` found."""

    @property
    def marks(self) -> Mapping[Node, str]:
        """What is to be said of a node."""

    @property
    def colors(self) -> Mapping[Node, str]:
        """The colour to say it in."""


def coloured(picture: Picture, scale: Scale, members: Callable[[str], Members]) -> Picture:
    """Give each box a bar in the colour of its operation, of the size of its numbers, or its mark.

    Parameters
    ----------
    picture : Picture
    scale : Scale
        What `scale_of` gave.
    members : callable
        The nodes of the parts that a box opens, by its path.
    """

    def bar(box: Box) -> Bar | None:
        if box.kind in ("constant", "tag"):
            return None
        return scale.bar(
            [i for part in members(box.opens) for i in part] if box.opens else box.nodes
        )

    boxes = tuple(replace(box, bar=bar(box)) for box in picture.boxes)
    return replace(picture, boxes=boxes, legend=scale.legend)


def scale_of(graph: Graph, by: Colour | Marked) -> Scale:
    """Look at all numbers of a graph, so that its pictures can be coloured on one scale.

    Raises
    ------
    ValueError
        If there is no such way to colour.
    """
    if not isinstance(by, str):
        if hasattr(by, "marks") and hasattr(by, "colors"):
            return _Marks(graph, by)
    elif by == "operation":
        return _Operations(graph)
    elif by in get_args(Colour):
        return _Sizes(graph, by)
    ways = ", ".join(map(repr, get_args(Colour)))
    raise ValueError(f"color is one of {ways}, or what nn.diagnose found, but was given {by!r:.60}")


class _Operations:
    """A hue for each of the most frequent operations."""

    def __init__(self, graph: Graph) -> None:
        self.nodes = graph.nodes
        self.hues = {name: HUES[min(n, len(HUES) - 1)] for n, name in enumerate(graph.counts)}
        named = list(self.hues)
        shown = named[: len(HUES) - 1] if len(named) > len(HUES) else named
        others = [Bar(HUES[-1], 1.0, "others")] if len(shown) < len(named) else []
        self.legend = (*(Bar(self.hues[name], 1.0, name) for name in shown), *others)

    def bar(self, indices: Sequence[int]) -> Bar | None:
        """The operation that most of the nodes were made by."""
        counts = Counter(op.name for i in indices if (op := self.nodes[i].op) is not None)
        if not counts:
            return None
        name = counts.most_common(1)[0][0]
        return Bar(self.hues[name], 1.0, name)


class _Marks:
    """The colours that some nodes are marked with."""

    def __init__(self, graph: Graph, by: Marked) -> None:
        self.marks = [by.marks.get(node) for node in graph.nodes]
        self.fills = {by.marks[node]: by.colors[node] for node in graph.nodes if node in by.marks}
        self.legend = tuple(Bar(fill, 1.0, mark) for mark, fill in self.fills.items())

    def bar(self, indices: Sequence[int]) -> Bar | None:
        """The mark that most of the nodes have, as long as their share."""
        counts = Counter(mark for i in indices if (mark := self.marks[i]) is not None)
        if not counts:
            return None
        ((mark, count),) = counts.most_common(1)
        return Bar(self.fills[mark], max(SHORTEST, count / len(indices)), mark)


class _Sizes:
    """Shades for sizes from the smallest to the largest in the graph, on a logarithmic scale."""

    def __init__(self, graph: Graph, by: Literal["gradient", "activation"]) -> None:
        self.shades = SHADES[by]
        self.sizes = [_size(node, by) for node in graph.nodes]
        known = [size for size in self.sizes if size is not None]
        finite = [math.log10(size) for size in known if size and math.isfinite(size)]
        self.low, self.high = min(finite, default=0.0), max(finite, default=0.0)
        self.word = "|grad|" if by == "gradient" else "|data|"
        self.legend = tuple(self._legend(known))

    def bar(self, indices: Sequence[int]) -> Bar | None:
        """The largest of the nodes' numbers; none if there is none, or all are zero."""
        sizes = [size for i in indices if (size := self.sizes[i]) is not None]
        if not sizes:
            return None
        most = max(sizes, key=lambda size: (math.isnan(size), size))
        if not math.isfinite(most):
            return Bar(NOT_FINITE, 1.0, number(most))
        if not most:
            return None
        way = (math.log10(most) - self.low) / (self.high - self.low) if self.high > self.low else 1
        step = min(int(way * len(self.shades)), len(self.shades) - 1)
        return Bar(self.shades[step], (step + 1) / len(self.shades), number(most))

    def _legend(self, known: Iterable[float]) -> Iterable[Bar]:
        """From where to where each shade goes."""
        count = len(self.shades)
        apart = (self.high - self.low) / count
        for step, fill in enumerate(self.shades if apart else self.shades[-1:]):
            low, high = (10 ** (self.low + apart * (step + more)) for more in (0, 1))
            text = f"{_short(low)} … {_short(high)}" if apart else _short(low)
            length = (step + 1) / count if apart else 1.0
            yield Bar(fill, length, f"{self.word} {text}" if not step else text)
        if not all(map(math.isfinite, known)):
            yield Bar(NOT_FINITE, 1.0, "not finite")


Scale = _Operations | _Marks | _Sizes


def _short(size: float) -> str:
    return number(float(f"{size:.2g}"))


def _size(node: Node, by: str) -> float | None:
    """The largest number of a node, or of its gradient, without its sign."""
    if by == "gradient" and not node.has_grad:
        return None
    value: Any = node.grad if by == "gradient" else node.data
    if not isinstance(value, np.ndarray):
        return abs(float(value))
    return float(np.abs(value).max(initial=0.0))
