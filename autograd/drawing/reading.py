"""A part of a graph, read into a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from autograd.drawing.parts import Item, Part, Partial, Sum, constants
from autograd.drawing.picture import KINDS, Box, Direction, Kind, Members, Picture, Row
from autograd.drawing.rows import full, heats, in_common, node_rows, ranges, rows, told
from autograd.drawing.tags import tagged
from autograd.graph import Graph
from autograd.graph.folding import Group
from autograd.graph.listing import summary
from autograd.node import Node
from autograd.text import clean, clip

MOST = 200  # parts: where more are left after folding, they are put together in runs
RUNS = 24  # so many
TERMS = 5  # additions: a sum of so many is drawn as one


def title(group: Group) -> str:
    """What a group is called: of a repeated term, also the last call that it is made of."""
    calls = [part for part in group.representative if not isinstance(part, Node)]
    if group.call is not None or not calls:
        return clean(group.label)
    return clean(f"{calls[-1].path or calls[-1].name} … {group.label}")


def inner(path: str, place: int) -> str:
    """The path of an item in a picture.

    Examples
    --------
    >>> inner("", 2), inner("2", 0)
    ('2', '2.0')
    """
    return f"{path}.{place}".lstrip(".")


class Reader:
    """One graph, and how its nodes are shown.

    Parameters
    ----------
    graph : Graph
    names : mapping of Node to str
        What nodes are called.
    partial : callable, optional
        What is written on the edge to a node from some of its operands.
    direction : {"right", "down"}
        Which way it is to be drawn.
    """

    def __init__(
        self,
        graph: Graph,
        names: Mapping[Node, str],
        partial: Partial | None = None,
        direction: Direction = "right",
    ) -> None:
        self.graph = graph
        self.names = names
        self.partial = partial
        self.direction = direction
        self.parameters = set(graph.parameters)
        self.outputs = set(graph.outputs)
        self.uses = Counter(j for link in graph.links for j in link)

    def items(self, group: Group, at_once: int) -> Sequence[Item]:
        """What the picture of a group shows: all its nodes if they are few, or else its parts."""
        nodes = group.nodes[0]
        if len(nodes) <= at_once:
            operands = {id(operand) for node in nodes for operand in node.operands}
            if len(operands.union(map(id, nodes))) <= at_once:
                return self._with_sums(nodes)
        items = self._inside(group)
        few = sum(not isinstance(item, Node) or item.op is not None for item in items) <= MOST
        return items if few else group.runs(RUNS)

    def _inside(self, group: Group) -> list[Item]:
        """The parts of a group; if all stands in one call, the parts of that."""
        items: list[Item] = list(group.inside)
        made = [item for item in items if not isinstance(item, Node) or item.op is not None]
        while len(made) == 1 and isinstance(made[0], Group) and made[0].call is not None:
            if made[0].count > 1:
                break
            leaves = [item for item in items if item is not made[0]]
            made = list(made[0].inside)
            items = [*leaves, *made]
        return self._with_sums([part for item in items for part in self._loose(item)])

    def _loose(self, item: Item) -> Iterable[Item]:
        """The nodes of a group of additions that make a sum; of another, the group itself."""
        if isinstance(item, Group) and len(item.nodes[0]) == 1 and _is_add(item.nodes[0][0]):
            adds = sorted((node for (node,) in item.nodes), key=self.graph.index)
            if len(self._sum(adds[-1], set(adds))) == len(adds):
                return adds
        return [item]

    def _with_sums(self, items: Sequence[Item]) -> list[Item]:
        """The same items, and in place of the nodes of each long sum of sums one item."""
        here, taken = {item for item in items if isinstance(item, Node)}, set[Node]()
        found: list[Item] = []
        for item in reversed(items):
            if item in taken:
                continue
            adds = self._sum(item, here) if isinstance(item, Node) and _is_add(item) else []
            if len(adds) < TERMS:
                found.append(item)
            else:
                taken.update(adds)
                found.append(Sum(tuple(sorted(adds, key=self.graph.index))))
        return found[::-1]

    def _sum(self, last: Node, here: set[Node]) -> list[Node]:
        """The additions that make one sum: those that serve for nothing else and have no name."""
        adds = [last]
        for node in adds:  # grows while it is walked
            adds += [
                x
                for x in node.operands
                if isinstance(x, Node)
                and x in here
                and _is_add(x)
                and self.uses[self.graph.index(x)] == 1
                and x not in self.names
                and x not in self.outputs
            ]
        return adds

    def picture(
        self, path: str, trail: tuple[str, ...], group: Group, items: Sequence[Item]
    ) -> Picture:
        """Read one part of the graph: its items, and what comes in from outside."""
        part = Part(self.graph, items)
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
                add(self._group(place, item, inner(path, place)), nodes)
            elif isinstance(item, Sum):
                add(self._total(item), nodes)
            elif nodes[0] not in key_of:
                boxes += self._constants(item)
                add(self._node(item), nodes)
        order = {box.key: at for at, box in enumerate(boxes)}
        edges = list(part.edges(key_of, self.partial))
        picture = Picture(
            boxes=tuple(boxes),
            edges=tuple(edge for edge in edges if order[edge.source] < order[edge.target]),
            back=tuple(edge for edge in edges if order[edge.source] >= order[edge.target]),
            path=path,
            trail=trail,
            members=self.members(group),
            direction=self.direction,
        )
        return tagged(picture)

    def members(self, group: Group) -> Members:
        """The nodes of each of the equal parts of a group."""
        return tuple(tuple(map(self.graph.index, nodes)) for nodes in group.nodes)

    def _kind(self, i: int) -> Kind:
        node = self.graph.nodes[i]
        if node.op is None:
            return "parameter" if node in self.parameters else "input"
        return "output" if node in self.outputs else "operation"

    def _node(self, node: Node) -> Box:
        i = self.graph.index(node)
        name = self.names.get(node, "")
        return Box(
            key=f"n{i}",
            kind=self._kind(i),
            name=clip(clean(name)),
            symbol="" if node.op is None else clip(clean(node.op.symbol)),
            rows=tuple(node_rows(node)),
            hover="\n".join(map(clean, told(node, name).splitlines())),
            nodes=(i,),
            heat=heats(node),
            last=node.op is not None and node in self.outputs,
        )

    def _total(self, item: Sum) -> Box:
        """A sum of sums: what comes out, and on the way there."""
        last = self._node(item.nodes[-1])
        count = len(item.nodes)
        terms = f"{len(item.nodes) + 1} terms"
        totals = ", ".join(full(node.data) for node in item.nodes[:MOST])
        return replace(
            last,
            symbol=f"+ ×{count}",
            rows=(("", terms), *last.rows),
            hover=f"{last.hover}\nsum of {terms}, one after the other: {clean(totals)}",
            nodes=tuple(map(self.graph.index, item.nodes)),
        )

    def _constants(self, node: Node) -> Iterator[Box]:
        i = self.graph.index(node)
        for first, *more in constants(self.graph.links[i]):
            x, key = node.operands[first], f"c{i}.{first}"
            if not more:
                told = clean(f"constant {full(x)}")
                yield Box(key, "constant", "", "", tuple(rows("", x)), told)
            else:
                all_of_them = ", ".join(full(node.operands[at]) for at in [first, *more][:MOST])
                told, count = clean(f"constants {all_of_them}"), len(more) + 1
                yield Box(key, "constant", "constants", f"×{count}", (), told, count=count)

    def _group(self, place: int, group: Group, opens: str) -> Box:
        times = f"×{group.count}" if group.count > 1 else ""
        name = title(group)
        return Box(
            key=f"g{place}",
            kind="group",
            name=clip(name),
            symbol=times,
            rows=tuple(self._group_rows(group)),
            hover=clean(f"{name} {times}: {summary(group.nodes[0])}"),
            nodes=tuple(map(self.graph.index, group.nodes[0])),
            opens=opens,
            count=group.count,
            last=any(node in self.outputs for member in group.nodes for node in member),
        )

    def _group_rows(self, group: Group) -> Iterator[Row]:
        """How much is inside, and what comes out: of several parts, from what to what."""
        first = group.nodes[0]
        results = self._results(first)
        one = results[0] if group.count == len(results) == 1 else None
        if len(first) > 1:
            name = self.names.get(one, "") if one is not None else ""
            each = " each" if group.count > 1 else f" → {clip(clean(name))}" if name else ""
            yield ("", f"{len(first)} nodes{each}")
        if one is not None:
            yield from node_rows(one)
        else:
            yield from ranges([node for member in group.nodes for node in member])

    def _results(self, nodes: Sequence[Node]) -> list[Node]:
        """Those of some nodes that serve for something else, or are results of the graph."""
        indices = [self.graph.index(node) for node in nodes]
        inside = Counter(j for i in indices for j in self.graph.links[i])
        return [
            node
            for i, node in zip(indices, nodes, strict=True)
            if self.uses[i] > inside[i] or node in self.outputs
        ]

    def _many(self, indices: Sequence[int], outside: bool) -> Box:
        """Nodes that are drawn as one, and those from outside."""
        nodes = [self.graph.nodes[i] for i in indices]
        kind: Kind = "outside" if outside else self._kind(indices[0])
        symbols = ["" if node.op is None else node.op.symbol for node in nodes]
        names = [self.names.get(node, "") for node in nodes]
        one, several = KINDS[kind]
        count = len(nodes)
        what = f"{count} {several}" if count > 1 else one
        told = (name or symbol for name, symbol in zip(names, symbols, strict=True))
        name = names[0] if count == 1 else in_common(names) or in_common(symbols)
        return Box(
            key=f"n{indices[0]}",
            kind=kind,
            name=clip(clean(name)),
            symbol=f"×{count}" if count > 1 else "" if name else symbols[0],
            rows=tuple(ranges(nodes) if count > 1 else node_rows(nodes[0])),
            hover=clean(f"{what}: {', '.join(filter(None, told))}"),
            nodes=tuple(indices),
            count=count,
            heat=() if count > 1 else heats(nodes[0]),
        )


def _is_add(node: Node) -> bool:
    return node.op is not None and node.op.name == "add"
