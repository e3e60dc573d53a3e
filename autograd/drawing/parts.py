"""How the items of a picture, nodes and groups, hang together, and with what is outside."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograd.drawing.picture import Edge, Kind
from autograd.graph import Graph
from autograd.graph.folding import Group
from autograd.node import Node


@dataclass(frozen=True, eq=False)
class Sum:
    """Additions that make one sum, drawn as one: the last of them is the sum."""

    nodes: tuple[Node, ...]


Item = Node | Group | Sum
Partial = Callable[[Node, Sequence[int]], str]  # of a node by some of its operands, from 1

FEW = 4  # leaves with the same uses: up to here each has a box of its own


def constants(link: Sequence[int]) -> list[list[int]]:
    """The places of the operands that are constants, those of one box together: of many all.

    Examples
    --------
    >>> constants([-1, 3, -1]), constants([-1, -1, 3, -1, -1, -1])
    ([[0], [2]], [[0, 1, 3, 4, 5]])
    """
    places = [at for at, j in enumerate(link) if j < 0]
    return [places] if len(places) > FEW else [[at] for at in places]


def members(item: Item) -> Sequence[Sequence[Node]]:
    """The nodes of an item, for each of the equal parts that it stands for."""
    if isinstance(item, Group):
        return item.nodes
    return [item.nodes if isinstance(item, Sum) else [item]]


class Part:
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
            [graph.index(node) for member in members(item) for node in member] for item in items
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

    def edges(self, key_of: Mapping[int, str], partial: Partial | None = None) -> Iterator[Edge]:
        """What each item is made of."""
        for item, nodes in zip(self.items, self.nodes, strict=True):
            target = key_of[nodes[0]]
            if not isinstance(item, Node):
                size = len(members(item)[0])
                member_of = {i: n // size for n, i in enumerate(nodes)}
                sources = dict.fromkeys(
                    key_of[j]
                    for i in nodes
                    for j in self.graph.links[i]
                    if j >= 0 and member_of.get(j) != member_of[i]
                )
                yield from (Edge(source, target) for source in sources)
                continue
            places: dict[str, list[int]] = defaultdict(list)
            link = self.graph.links[nodes[0]]
            first = {at: alike[0] for alike in constants(link) for at in alike}
            for at, j in enumerate(link):
                places[f"c{nodes[0]}.{first[at]}" if j < 0 else key_of[j]].append(at + 1)
            ordered = len(places) > 1 and item.op is not None and not item.op.symmetric
            for source, here in places.items():
                local = partial(item, here) if partial and not source.startswith("c") else ""
                yield Edge(source, target, len(here), tuple(here) if ordered else (), local)
