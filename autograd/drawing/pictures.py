"""The pictures of a graph by path: the whole, and one for each part that is folded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from autograd.drawing.colours import Colour, Marked, Scale, coloured, scale_of
from autograd.drawing.parts import Item, Partial
from autograd.drawing.picture import Direction, Members, Picture
from autograd.drawing.reading import Reader, inner, title
from autograd.graph import Graph
from autograd.graph.folding import Group
from autograd.node import Node

AT_ONCE = 60  # boxes: up to here all are drawn; of more, equal parts are folded
AHEAD = 2_500  # boxes that are read at once, and that a page holds

Finish: TypeAlias = Callable[[Picture], Picture]


def read(
    graph: Graph,
    names: Mapping[Node, str],
    at_once: int = AT_ONCE,
    partial: Partial | None = None,
    color: Colour | Marked | None = None,
    direction: Direction = "right",
    finish: Finish | None = None,
) -> Pictures:
    """Read a graph into pictures by path, the whole first.

    A small graph is one picture. Of a large one, equal parts are folded, and each has a picture of
    its own; so on inside those. Long sums are folded in any.

    Parameters
    ----------
    graph : Graph
    names : mapping of Node to str
        What nodes are called.
    at_once : int
        Up to how many boxes are drawn without folding.
    partial : callable, optional
        What is written on the edge to a node from some of its operands.
    color : {"gradient", "activation", "operation"} or Diagnosis, optional
        What is shown by colour.
    direction : {"right", "down"}
        Which way it is drawn.
    finish : callable, optional
        What is done to each picture in the end.

    Raises
    ------
    ValueError
        If there is no such `color`.

    Examples
    --------
    >>> from autograd import Value
    >>> a = Value(3.0, name="a")
    >>> graph = Graph(a - a)
    >>> (picture,) = read(graph, graph.names).values()
    >>> [(box.key, box.kind, box.name, box.symbol) for box in picture.boxes]
    [('n0', 'parameter', 'a', ''), ('n1', 'output', '', '−')]
    >>> picture.edges
    (Edge(source='n0', target='n1', count=2, places=(), partial=''),)
    """
    scale = None if color is None else scale_of(graph, color)
    pictures = Pictures(graph, Reader(graph, names, partial, direction), at_once, scale, finish)
    for path in pictures.outermost():
        pictures[path]
    return pictures


class Pictures(Mapping[str, Picture]):
    """The pictures of a graph by path, those of the outermost parts first.

    As many as a page holds are read when the graph is; what happens later does not show in them. Of
    a graph with more, which tens of thousands of nodes that hardly repeat make, those further
    inside are read when they are first asked for, with the numbers that the nodes have then.
    """

    def __init__(
        self,
        graph: Graph,
        reader: Reader,
        at_once: int,
        scale: Scale | None,
        finish: Finish | None,
    ) -> None:
        self._finish = finish
        self._reader = reader
        self._at_once = at_once
        self._scale = scale
        self._parts: dict[str, tuple[tuple[str, ...], Group]] = {"": ((), graph.folded)}
        self._items: dict[str, list[Item]] = {}
        self._read: dict[str, Picture] = {}

    def __getitem__(self, path: str) -> Picture:
        if path not in self._read:
            trail, group = self._part(path)
            picture = self._reader.picture(path, trail, group, self._inside(path))
            if self._scale is not None:
                picture = coloured(picture, self._scale, self.members)
            self._read[path] = picture if self._finish is None else self._finish(picture)
        return self._read[path]

    def __iter__(self) -> Iterator[str]:
        todo = deque([""])
        while todo:
            yield (path := todo.popleft())
            todo += self.inside(path)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def inside(self, path: str) -> list[str]:
        """The paths of the parts that open in a picture."""
        items = enumerate(self._inside(path))
        return [inner(path, place) for place, item in items if isinstance(item, Group)]

    def trail(self, path: str) -> tuple[str, ...]:
        """What a part is called, and what it stands in, outermost first."""
        return self._part(path)[0]

    def members(self, path: str) -> Members:
        """The nodes of each of the equal parts for which a picture stands."""
        return self._reader.members(self._part(path)[1])

    def outermost(self) -> Iterator[str]:
        """The paths of as many pictures as are read ahead, the outermost first; of one at least."""
        boxes = 0
        for path in self:
            boxes += len(self[path].boxes)
            if path and boxes > AHEAD:
                return
            yield path

    def _part(self, path: str) -> tuple[tuple[str, ...], Group]:
        """What stands under a path; it is known once the part around it has been looked into."""
        if path not in self._parts:
            self._inside(path.rpartition(".")[0])
        return self._parts[path]

    def _inside(self, path: str) -> list[Item]:
        """The items of the picture of a part."""
        if path not in self._items:
            trail, group = self._part(path)
            items = self._items[path] = list(self._reader.items(group, self._at_once))
            for place, item in enumerate(items):
                if isinstance(item, Group):
                    self._parts[inner(path, place)] = (*trail, title(item)), item
        return self._items[path]
