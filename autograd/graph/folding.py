"""Equal parts of a graph, found and shown as one.

Four rules, each tried where the one before has left something:

- what a sum, a product, a `stack` or the like joins: its terms with all that is computed for them
  alone; and then the sums. (The loss over 100 samples is one sample, ×100, and one sum, ×99.)
- the results of a call, likewise.
- calls in a row, of the same module or of those in one list. (The neurons of a layer.)
- steps: what is computed again and again, each time from what came before. (A recurrent network
  that was written as a loop.)

What is inside a group is only looked at for its first member, and only when it is asked for, so the
whole takes time in proportion to the graph.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby
from typing import TYPE_CHECKING, TypeAlias

from autograd.graph.calls import Call
from autograd.graph.items import Item, Items
from autograd.graph.likeness import Likeness, stem
from autograd.node import Node

if TYPE_CHECKING:
    from autograd.graph.graph import Graph

ASSOCIATIVE = {"add", "mul", "maximum", "minimum", "logaddexp", "logical_and", "logical_or"}

STEPS = 3  # so many must be equal
PERIODS = 8  # so many are tried

Members: TypeAlias = list[list[Item]]


@dataclass(frozen=True, eq=False, repr=False)
class Group:
    """Equal parts of a graph, one or several, of which the first stands for all.

    Attributes
    ----------
    label : str
        What one is called: ``layers.0``; of several, what they have in common: ``neurons``, or the
        operation that each ends in.
    members : tuple of tuple of Node or Call
        The parts: each is one call, or nodes and calls that belong together.
    nodes : tuple of tuple of Node
        All nodes of each member, also those in its calls, in the graph's order. Those at the same
        place correspond.
    """

    label: str
    members: tuple[tuple[Node | Call, ...], ...]
    nodes: tuple[tuple[Node, ...], ...]
    _folding: _Folding
    _here: Call
    _indices: Sequence[int]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.members)

    @property
    def representative(self) -> tuple[Node | Call, ...]:
        """The first of them, which stands for all."""
        return self.members[0]

    @property
    def call(self) -> Call | None:
        """The representative, if it is one call."""
        first = self.members[0][0]
        return first if len(self.members[0]) == 1 and isinstance(first, Call) else None

    @cached_property
    def inside(self) -> tuple[Node | Group, ...]:
        """What the representative is made of, folded likewise, in the order of the last nodes."""
        return tuple(self._folding.contents(self._here, self._indices))

    def runs(self, count: int) -> tuple[Group, ...]:
        """What is inside, in the same order, in so many groups or fewer: where all else fails."""
        length = -(-len(self.inside) // count)
        return tuple(
            self._run(f"part {at // length + 1}", self.inside[at : at + length])
            for at in range(0, len(self.inside), length)
        )

    def _run(self, label: str, items: Sequence[Node | Group]) -> Group:
        nodes = [
            node
            for item in items
            for member in (item.nodes if isinstance(item, Group) else [[item]])
            for node in member
        ]
        indices = sorted(map(self._folding.index.__getitem__, nodes))
        run = tuple(self._folding.all[i] for i in indices)
        return Group(label, (run,), (run,), self._folding, self._here, indices)

    def __repr__(self) -> str:
        times = f" ×{self.count}" if self.count > 1 else ""
        return f"Group({self.label!r}{times}, {len(self.nodes[0])} nodes)"


def fold(graph: Graph) -> Group:
    """The whole graph as a group of one, to be opened step by step.

    Examples
    --------
    >>> from autograd import Graph, Value
    >>> w = Value(2.0)
    >>> loss = sum((w * x - y) ** 2.0 for x, y in [(1.0, 2.0), (2.0, 5.0), (3.0, 4.0)])
    >>> fold(Graph(loss)).inside
    (Value(2.0), Group('pow' ×3, 3 nodes), Value(1.0, op=add), Value(5.0, op=add))
    """
    everything = range(len(graph))
    return Group("", ((graph.scopes,),), (graph.nodes,), _Folding(graph), graph.scopes, everything)


class _Folding:
    """A graph, and how parts of it are folded."""

    def __init__(self, graph: Graph) -> None:
        self.root = graph.scopes  # kept, since calls refer to what they stand in only weakly
        self.all = graph.nodes
        self.index = {node: i for i, node in enumerate(graph.nodes)}
        self.links = graph.links
        self.known = Likeness(graph)

    def contents(self, here: Call, indices: Sequence[int]) -> Iterator[Node | Group]:
        """Fold some nodes that stand in a call, or in those inside it."""
        part = Items(self.known, here, indices)
        taken: set[Item] = set()
        found: list[tuple[int, Node | Group]] = []
        for members in chain(self._terms(part, taken), self._rows(part, taken)):
            taken.update(*members)
            found.append((part.indices(members[0])[-1], self._group(part, members)))
        for members in self._steps(part, taken):
            taken.update(*members)
            found.append((part.indices(members[0])[-1], self._group(part, members, "step")))
        found += [(i, self.all[i]) for i in part.own if i not in taken]
        yield from (each for _, each in sorted(found, key=lambda pair: pair[0]))

    def _terms(self, part: Items, taken: set[Item]) -> Iterator[Members]:
        """Find equal terms among what is joined: the outermost first, and none in what is taken."""
        for terms, links in self._joined(part, taken):
            alike = defaultdict(list)
            for item, i in terms.items():
                alike[self.known.expressions[i]].append(item)
            found = [
                members
                for items in alike.values()
                if len(items) > 1
                for members in self._equal(part, [part.alone(item) for item in items])
            ]
            if found and len({self.known.labels[i] for i in links}) == 1:
                found.append([[i] for i in sorted(links)])  # ×100 samples, joined by ×99 sums
            for members in found:
                size = sum(len(part.nodes(item)) for item in members[0])
                if (len(members) - 1) * size > 1:  # two single nodes are as easily seen
                    yield members

    def _joined(self, part: Items, taken: set[Item]) -> Iterator[tuple[dict[Item, int], list[int]]]:
        """What is joined, each with the node of it that is joined; and the nodes that join it."""
        yield {item: part.nodes(item)[-1] for item in part if item not in part.uses}, []
        known: set[int] = set()
        for i in reversed(part.own):
            op = self.all[i].op
            if op is None or i in taken or i in known:
                continue
            if op.variadic or op.name in ASSOCIATIVE:
                terms, links = self._chain(part, i, "" if op.variadic else op.name)
                known.update(links)
                yield terms, links

    def _chain(self, part: Items, last: int, op: str) -> tuple[dict[Item, int], list[int]]:
        """The terms of a sum of sums, those of which nothing else is made; and the sums."""
        terms: dict[Item, int] = {}
        links = [last]
        for i in links:  # grows while it is walked
            for j in self.links[i]:
                item = part.item_of.get(j)
                if item is None or item in part.shown or part.uses[item] > 1:
                    continue
                made_by = self.all[j].op
                if item != j or made_by is None or made_by.name != op:
                    terms[item] = j
                elif self.links[i].count(j) == 1:
                    links.append(j)
        return dict(sorted(terms.items(), key=lambda term: term[1])), links

    def _rows(self, part: Items, taken: set[Item]) -> Iterator[Members]:
        """Put calls in a row together, where they are equal; alone, where not."""
        calls = [call for call in part.here.children if call in part and call not in taken]
        for _, row in groupby(calls, key=lambda call: (stem(call), call.size)):
            members: Members = [[call] for call in row]
            if len(members) == 1:
                yield members
                continue
            for _, equal in groupby(members, key=lambda member: self._structure(part, member)):
                yield list(equal)

    def _steps(self, part: Items, taken: set[Item]) -> Iterator[Members]:
        """Find the longest stretch of nodes that repeats itself."""
        row = [i for i in part.own if i not in taken and self.all[i].op is not None]
        place = {i: n for n, i in enumerate(row)}
        kinds = [self._kind_of_step(i, place) for i in row]
        begin, end, period = _repeated(kinds)
        steps = [row[at - period : at] for at in range(end, begin + period - 1, -period)][::-1]
        if len(steps) >= STEPS:
            own = self.known.lone.intersection(part.own)
            alone = [{j for i in step for j in self.links[i] if j in own} for step in steps]
            members: Members = [[*s, *sorted(more)] for s, more in zip(steps, alone, strict=True)]
            yield from self._equal(part, members)

    def _kind_of_step(self, i: int, place: dict[int, int]) -> Hashable:
        """What a node has in common with the same one of the next step."""
        links = [
            ("before", place[i] - place[j]) if j in place else ("same", j)
            for j in self.links[i]
            if j >= 0 and j not in self.known.lone
        ]
        return self.known.labels[i], *links

    def _equal(self, part: Items, members: Members) -> Iterator[Members]:
        """Put together those members, among several, that are equal."""
        alike = defaultdict(list)
        for member in members:
            alike[self._structure(part, member)].append(member)
        yield from (equal for equal in alike.values() if len(equal) > 1)

    def _structure(self, part: Items, member: list[Item]) -> Hashable:
        return self.known.structure(part.indices(member))

    def _group(self, part: Items, members: Members, name: str = "") -> Group:
        indices = [part.indices(member) for member in members]
        parts = [sorted(member, key=lambda item: part.nodes(item)[-1]) for member in members]
        first = members[0][0]
        call = first if isinstance(first, Call) else None
        return Group(
            name or (call.name if call and len(members) == 1 else self._name(first)),
            tuple(tuple(self.all[x] if isinstance(x, int) else x for x in each) for each in parts),
            tuple(tuple(self.all[i] for i in each) for each in indices),
            self,
            call if call and len(members[0]) == 1 else part.here,
            indices[0],
        )

    def _name(self, item: Item) -> str:
        """What several like it have in common."""
        if isinstance(item, Call):
            return stem(item)
        op = self.all[item].op
        return "leaf" if op is None else op.name


def _repeated(kinds: Sequence[Hashable]) -> tuple[int, int, int]:
    """Find the longest stretch that repeats itself: where it begins and ends, and its period.

    Tried are the periods that occur most often between two of the same kind.

    Examples
    --------
    >>> _repeated("xyabcabcabcz")
    (2, 11, 3)
    """
    last: dict[Hashable, int] = {}
    apart: Counter[int] = Counter()
    for n, kind in enumerate(kinds):
        if kind in last:
            apart[n - last[kind]] += 1
        last[kind] = n
    best = (0, 0, 1)
    for period in sorted(period for period, _ in apart.most_common(PERIODS)):
        begin = 0
        for n in range(period, len(kinds) + 1):
            if n == len(kinds) or kinds[n] != kinds[n - period]:
                if n - begin > max(best[1] - best[0], period):
                    best = (begin, n, period)
                begin = n - period + 1
    return best
