"""What is to be drawn: a graph, or a part of it, read once into plain, frozen data."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from autograd.drawing.text import clean, clip, number
from autograd.graph import Graph
from autograd.graph.folding import Group
from autograd.graph.listing import summary
from autograd.node import Node

Kind = Literal["parameter", "input", "constant", "operation", "output", "group", "outside"]
Row = tuple[str, str]
Item = Node | Group

NEVER = "–"  # a gradient that was never computed
AT_ONCE = 60  # boxes: up to here all are drawn; of more, equal parts are folded
MOST = 200  # parts: where more are left after folding, they are put together in runs
RUNS = 24  # so many
FEW = 4  # leaves with the same uses: up to here each has a box of its own


@dataclass(frozen=True, slots=True)
class Box:
    """One node, one constant, or several nodes, as they will be drawn.

    Attributes
    ----------
    key : str
        The same from run to run: ``"n7"`` for the graph's node 7 and those that are drawn with it,
        ``"c7.1"`` for its operand 1 if that is a constant, ``"g3"`` for the picture's item 3 if
        that is a group.
    kind : str
        How it looks: "parameter", "input", "constant", "operation", "output", "group", or "outside"
        for what comes into this part of the graph from elsewhere.
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
    """

    key: str
    kind: Kind
    name: str
    symbol: str
    rows: tuple[Row, ...]
    hover: str
    nodes: tuple[int, ...] = ()
    opens: str = ""


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
    count: int = 1
    places: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """What is written at its end, such as ``×2`` in ``a + a`` and ``1`` in ``a - b``."""
        times = f"×{self.count}" if self.count > 1 else ""
        return " ".join(filter(None, [",".join(map(str, self.places)), times]))


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes, operands always before what is made of them, and the edges between them.

    Attributes
    ----------
    boxes, edges : tuple
        What is drawn.
    back : tuple of Edge
        Edges that lead from a later box to an earlier one or to itself, as those between folded
        steps in time do; a layout leaves them out.
    path : str
        Which part of the graph it shows: empty for the whole, ``"2.0"`` for the inside of item 0
        inside item 2 of the whole.
    trail : tuple of str
        What it is called, and what it stands in, outermost first.
    members : tuple of tuple of int
        The nodes of each of the equal parts for which this one stands. Those at the same place
        correspond: the picture of another part has the same boxes, with other nodes.
    """

    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    back: tuple[Edge, ...] = ()
    path: str = ""
    trail: tuple[str, ...] = ()
    members: tuple[tuple[int, ...], ...] = ()

    @property
    def summary(self) -> str:
        """How much there is to see: ``2 boxes, 1 edge``."""
        boxes, edges = len(self.boxes), len(self.edges)
        return f"{boxes} box{'es' * (boxes != 1)}, {edges} edge{'s' * (edges != 1)}"

    @property
    def title(self) -> str:
        """What it is a picture of."""
        name = " › ".join(self.trail) or self.boxes[-1].name
        return f"Computation graph of {name}".removesuffix(" of ")

    @property
    def description(self) -> str:
        """The same in words, for those who do not see it."""
        counts = Counter(box.kind for box in self.boxes)
        kinds = ", ".join(f"{count} × {kind}" for kind, count in counts.items())
        last = self.boxes[-1]
        output = " ".join([last.name, last.symbol, *(" ".join(row) for row in last.rows)])
        return f"{self.summary}, to be read from left to right: {kinds}. At the end: {output}."


def read(graph: Graph, names: Mapping[Node, str], at_once: int = AT_ONCE) -> dict[str, Picture]:
    """Read a graph into pictures by path, the whole first; nothing that happens later shows.

    A small graph is one picture. Of a large one, equal parts are folded, and each has a picture of
    its own; so on inside those.

    Parameters
    ----------
    graph : Graph
    names : mapping of Node to str
        What nodes are called.
    at_once : int
        Up to how many boxes are drawn without folding.

    Examples
    --------
    >>> from autograd import Value
    >>> a = Value(3.0, name="a")
    >>> graph = Graph(a - a)
    >>> (picture,) = read(graph, graph.names).values()
    >>> [(box.key, box.kind, box.name, box.symbol) for box in picture.boxes]
    [('n0', 'parameter', 'a', ''), ('n1', 'output', '', '−')]
    >>> picture.edges
    (Edge(source='n0', target='n1', count=2, places=()),)
    """
    reader = _Reader(graph, names)
    found: dict[str, Picture] = {}
    todo: list[tuple[str, tuple[str, ...], Group]] = [("", (), graph.folded)]
    while todo:
        path, trail, group = todo.pop()
        items = reader.items(group, at_once)
        found[path] = reader.picture(path, trail, group, items)
        inside = [
            (f"{path}.{place}".lstrip("."), (*trail, item.label), item)
            for place, item in enumerate(items)
            if isinstance(item, Group)
        ]
        todo += reversed(inside)
    return found


class _Reader:
    """One graph, and how its nodes are shown."""

    def __init__(self, graph: Graph, names: Mapping[Node, str]) -> None:
        self.graph = graph
        self.names = names
        self.parameters = set(graph.parameters)
        self.outputs = set(graph.outputs)

    def items(self, group: Group, at_once: int) -> Sequence[Item]:
        """What the picture of a group shows: all its nodes if they are few, or else its parts."""
        nodes = group.nodes[0]
        operands = {id(operand) for node in nodes for operand in node.operands}
        if len(operands.union(map(id, nodes))) <= at_once:
            return nodes
        few = sum(isinstance(item, Group) or item.op is not None for item in group.inside) <= MOST
        return group.inside if few else group.runs(RUNS)

    def picture(
        self, path: str, trail: tuple[str, ...], group: Group, items: Sequence[Item]
    ) -> Picture:
        """Read one part of the graph: its items, and what comes in from outside."""
        part = _Part(self.graph, items)
        boxes: list[Box] = []
        key_of: dict[int, str] = {}  # of the box that shows a node

        def add(box: Box, nodes: Iterable[int]) -> None:
            boxes.append(box)
            key_of.update(dict.fromkeys(nodes, box.key))

        for alike in part.gathered(self._kind):
            add(self._many(alike, outside=alike[0] not in part.item_of), alike)
        for place in part.in_order():
            item, nodes = items[place], part.nodes[place]
            if isinstance(item, Group):
                add(self._group(place, item, f"{path}.{place}".lstrip(".")), nodes)
            elif nodes[0] not in key_of:
                boxes += self._constants(item)
                add(self._node(item), nodes)
        order = {box.key: at for at, box in enumerate(boxes)}
        edges = list(part.edges(key_of))
        return Picture(
            boxes=tuple(boxes),
            edges=tuple(edge for edge in edges if order[edge.source] < order[edge.target]),
            back=tuple(edge for edge in edges if order[edge.source] >= order[edge.target]),
            path=path,
            trail=trail,
            members=tuple(tuple(map(self.graph.index, nodes)) for nodes in group.nodes),
        )

    def _kind(self, i: int) -> Kind:
        node = self.graph.nodes[i]
        if node.op is None:
            return "parameter" if node in self.parameters else "input"
        return "output" if node in self.outputs else "operation"

    def _node(self, node: Node) -> Box:
        i = self.graph.index(node)
        name = self.names.get(node, "")
        made = "leaf" if node.op is None else node.op.name
        if node.params:
            made += f"({', '.join(f'{param}={value!r}' for param, value in node.params.items())})"
        grad = _full(node.grad) if node.has_grad else "never computed"
        hover = f"{name or 'unnamed'}: {made}\ndata = {_full(node.data)}\ngrad = {grad}"
        return Box(
            key=f"n{i}",
            kind=self._kind(i),
            name=clip(clean(name)),
            symbol="" if node.op is None else clip(clean(node.op.symbol)),
            rows=(*_rows("data", node.data), *_grad_rows(node)),
            hover="\n".join(map(clean, hover.splitlines())),
            nodes=(i,),
        )

    def _constants(self, node: Node) -> list[Box]:
        i = self.graph.index(node)
        return [
            Box(
                f"c{i}.{at}", "constant", "", "", tuple(_rows("", x)), clean(f"constant {_full(x)}")
            )
            for at, (x, link) in enumerate(zip(node.operands, self.graph.links[i], strict=True))
            if link < 0
        ]

    def _group(self, place: int, group: Group, opens: str) -> Box:
        nodes = [node for member in group.nodes for node in member]
        times = f"×{group.count}" if group.count > 1 else ""
        each = summary(group.nodes[0])
        count = each.partition(":")[0] + (" each" if times else "")
        return Box(
            key=f"g{place}",
            kind="group",
            name=clip(clean(group.label)),
            symbol=times,
            rows=(("", count), *_ranges(nodes)),
            hover=clean(f"{group.label} {times}: {each}"),
            nodes=tuple(map(self.graph.index, group.nodes[0])),
            opens=opens,
        )

    def _many(self, indices: Sequence[int], outside: bool) -> Box:
        """Nodes that are drawn as one, and those from outside."""
        nodes = [self.graph.nodes[i] for i in indices]
        kind = "outside" if outside else self._kind(indices[0])
        names = [self.names.get(node) or (node.op and node.op.symbol) or "" for node in nodes]
        times = f"×{len(nodes)}" if len(nodes) > 1 else ""
        return Box(
            key=f"n{indices[0]}",
            kind=kind,
            name=clip(clean(_in_common(names))),
            symbol=times,
            rows=tuple(_ranges(nodes)),
            hover=clean(f"{len(nodes)} × {kind}: {', '.join(filter(None, names))}"),
            nodes=tuple(indices),
        )


class _Part:
    """Some items of a graph, and how they hang together.

    Attributes
    ----------
    nodes : list of list of int
        The nodes of each item; of a group, those of all members.
    item_of : dict of int to int
        The item of each node.
    uses : dict of int to dict of int to None
        For each node, the items that are made of it, other than its own: an ordered set.
    """

    def __init__(self, graph: Graph, items: Sequence[Item]) -> None:
        self.graph = graph
        self.items = items
        self.nodes = [
            [graph.index(node) for member in item.nodes for node in member]
            if isinstance(item, Group)
            else [graph.index(item)]
            for item in items
        ]
        self.item_of = {i: place for place, nodes in enumerate(self.nodes) for i in nodes}
        self.uses: dict[int, dict[int, None]] = defaultdict(dict)
        for i, place in self.item_of.items():
            for j in graph.links[i]:
                if j >= 0 and self.item_of.get(j) != place:
                    self.uses[j][place] = None

    def gathered(self, kind: Callable[[int], Kind]) -> Iterator[list[int]]:
        """What comes from outside, and leaves if they are many, together where used alike."""
        alike: dict[Any, list[int]] = defaultdict(list)
        for j in sorted(self.uses):
            leaf = self.graph.nodes[j].op is None
            if j not in self.item_of or (leaf and not isinstance(self._item(j), Group)):
                alike[tuple(self.uses[j]), kind(j), j in self.item_of].append(j)
        for (_, _, here), nodes in alike.items():
            if len(nodes) > FEW:
                yield nodes
            elif not here:
                yield from ([j] for j in nodes)

    def _item(self, i: int) -> Item:
        return self.items[self.item_of[i]]

    def in_order(self) -> Iterator[int]:
        """The items, each after those it is made of, unless they are made of each other."""
        waiting = Counter(place for i in self.uses if i in self.item_of for place in self.uses[i])
        ready = [place for place in range(len(self.items)) if not waiting[place]]
        left = dict.fromkeys(range(len(self.items)))
        while left:
            place = heapq.heappop(ready) if ready else next(iter(left))
            if place not in left:
                continue
            del left[place]
            yield place
            for i in self.nodes[place]:
                for use in self.uses.get(i, ()):
                    waiting[use] -= 1
                    if not waiting[use]:
                        heapq.heappush(ready, use)

    def edges(self, key_of: Mapping[int, str]) -> Iterator[Edge]:
        """What each item is made of."""
        for item, nodes in zip(self.items, self.nodes, strict=True):
            target = key_of[nodes[0]]
            if isinstance(item, Group):
                member_of = {i: n // len(item.nodes[0]) for n, i in enumerate(nodes)}
                sources = dict.fromkeys(
                    key_of[j]
                    for i in nodes
                    for j in self.graph.links[i]
                    if j >= 0 and member_of.get(j) != member_of[i]
                )
                yield from (Edge(source, target) for source in sources)
                continue
            places: dict[str, list[int]] = defaultdict(list)
            for at, j in enumerate(self.graph.links[nodes[0]]):
                places[f"c{nodes[0]}.{at}" if j < 0 else key_of[j]].append(at + 1)
            ordered = len(places) > 1 and item.op is not None and not item.op.symmetric
            for source, here in places.items():
                yield Edge(source, target, len(here), tuple(here) if ordered else ())


def _in_common(names: Sequence[str]) -> str:
    """What several names begin with: ``x`` for ``x[0]`` and ``x[1]``."""
    if len(names) == 1:
        return names[0]
    first, last = min(names), max(names)
    shared = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), 0)
    return first[:shared].rstrip("[0123456789.")


def _ranges(nodes: Sequence[Node]) -> Iterator[Row]:
    """From what to what the numbers of several nodes go, and their largest gradient."""
    with np.errstate(all="ignore"):
        data = np.concatenate([np.ravel(node.data) for node in nodes])
        if data.size and data.dtype.kind == "f":
            low, high = number(data.min().item()), number(data.max().item())
            yield ("data", low if low == high else f"{low} … {high}")
        grads = [np.max(np.abs(node.grad), initial=0.0) for node in nodes if node.has_grad]
        yield ("|grad|", f"≤ {number(float(max(grads)))}" if grads else NEVER)


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
