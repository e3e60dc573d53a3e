"""Equal parts of a graph, found and shown as one.

Four rules, each tried where the one before has left something:

- what a sum, a product, a `stack` or the like joins: its terms with all that is computed for them
  alone; and then the sums. (The loss over 100 samples is one sample, ×100, and one sum, ×99.)
- the results of a call, likewise.
- calls in a row, of the same module or of those in one list. (The neurons of a layer.)
- steps: what is computed again and again, each time from what came before. (A recurrent network
  that was written as a loop.)

Parts are equal if they have the same operations, shapes, dtypes and parameters in the same order,
joined in the same way inside, and to the outside in the same pattern. To find them quickly each
node first gets the number of its expression, made from those of its operands, so that equal
expressions have equal numbers; only where these agree are parts compared. What is inside a group
is only looked at for its first member, and only when it is asked for, so the whole takes time in
proportion to the graph.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby
from typing import TYPE_CHECKING, TypeAlias

from autograd.graph.calls import Call
from autograd.graph.labels import label
from autograd.node import Node

if TYPE_CHECKING:
    from autograd.graph.graph import Graph

ASSOCIATIVE = {"add", "mul", "maximum", "minimum", "logaddexp", "logical_and", "logical_or"}

STEPS = 3  # so many must be equal
PERIODS = 8  # so many are tried

Item: TypeAlias = int | Call  # a node that stands in no inner call, by its index; or an inner call
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


class _Part:
    """Some nodes as the items they stand in, and how those hang together.

    Attributes
    ----------
    here : Call
        Where they stand: items are its own nodes, and the calls in it.
    item_of : dict of int to item
        The item of each node.
    nodes : dict of item to list of int
        The nodes of each item.
    sources, uses : dict of item to dict of item to None
        What each is made of, and what is made of it: ordered sets.
    shown : set of item
        Those of which something outside is made, or which hold an output.
    """

    def __init__(self, here: Call) -> None:
        self.here = here
        self.item_of: dict[int, Item] = {}
        self.nodes: dict[Item, list[int]] = defaultdict(list)
        self.sources: dict[Item, dict[Item, None]] = defaultdict(dict)
        self.uses: dict[Item, dict[Item, None]] = defaultdict(dict)
        self.shown: set[Item] = set()

    @property
    def own(self) -> list[int]:
        """The nodes that are items themselves."""
        return [item for item in self.nodes if isinstance(item, int)]

    def indices(self, items: Iterable[Item]) -> list[int]:
        """The nodes of some items, in the graph's order."""
        return sorted(i for item in items for i in self.nodes[item])

    def alone(self, item: Item) -> list[Item]:
        """An item, and all that is computed for it alone."""
        found, open_uses = [item], dict[Item, int]()
        for each in found:  # grows while it is walked
            for source in self.sources[each]:
                open_uses[source] = open_uses.get(source, len(self.uses[source])) - 1
                if not open_uses[source] and source not in self.shown:
                    found.append(source)
        return found


class _Folding:
    """What is known of each node of a graph, and how parts of it are folded."""

    def __init__(self, graph: Graph) -> None:
        self.root = graph.scopes  # kept, since calls refer to what they stand in only weakly
        self.all = graph.nodes
        self.index = {node: i for i, node in enumerate(graph.nodes)}
        self.links = graph.links
        self.calls = [graph.call(node) for node in graph.nodes]
        self.used_by: list[list[int]] = [[] for _ in graph.nodes]
        for i, link in enumerate(self.links):
            for j in set(link):
                if j >= 0:
                    self.used_by[j].append(i)
        self.outputs = {graph.index(node) for node in graph.outputs}
        labels: dict[Hashable, int] = {}
        self.labels = [labels.setdefault(label(node), len(labels)) for node in graph.nodes]
        expressions: dict[Hashable, int] = {}
        self.expressions: list[int] = []
        for kind, link in zip(self.labels, self.links, strict=True):
            first: dict[int, int] = {}
            same = tuple([first.setdefault(j, at) for at, j in enumerate(link)])  # a·a is not a·b
            key = (kind, same, *(self.expressions[j] if j >= 0 else -1 for j in link))
            self.expressions.append(expressions.setdefault(key, len(expressions)))

    def contents(self, here: Call, indices: Sequence[int]) -> Iterator[Node | Group]:
        """Fold some nodes that stand in a call, or in those inside it."""
        part = self._part(here, indices)
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

    def _part(self, here: Call, indices: Sequence[int]) -> _Part:
        part = _Part(here)
        tops: dict[Call, Call] = {here: here}
        for i in indices:
            top = _top(self.calls[i], here, tops)
            item = part.item_of[i] = i if top is here else top
            part.nodes[item].append(i)
        for i, item in part.item_of.items():
            for j in self.links[i]:
                source = part.item_of.get(j)
                if source is not None and source != item:
                    part.sources[item][source] = None
                    part.uses[source][item] = None
            if i in self.outputs or any(k not in part.item_of for k in self.used_by[i]):
                part.shown.add(item)
        return part

    def _terms(self, part: _Part, taken: set[Item]) -> Iterator[Members]:
        """Find equal terms among what is joined: the outermost first, and none in what is taken."""
        for terms, links in self._joined(part, taken):
            alike = defaultdict(list)
            for item, i in terms.items():
                alike[self.expressions[i]].append(item)
            found = [
                members
                for items in alike.values()
                if len(items) > 1
                for members in self._equal(part, [part.alone(item) for item in items])
            ]
            if found and len({self.labels[i] for i in links}) == 1:
                found.append([[i] for i in sorted(links)])  # ×100 samples, joined by ×99 sums
            for members in found:
                size = sum(len(part.nodes[item]) for item in members[0])
                if (len(members) - 1) * size > 1:  # two single nodes are as easily seen
                    yield members

    def _joined(self, part: _Part, taken: set[Item]) -> Iterator[tuple[dict[Item, int], list[int]]]:
        """What is joined, each with the node of it that is joined; and the nodes that join it."""
        yield {item: part.nodes[item][-1] for item in part.nodes if not part.uses[item]}, []
        known: set[int] = set()
        for i in reversed(part.own):
            op = self.all[i].op
            if op is None or i in taken or i in known:
                continue
            if op.variadic or op.name in ASSOCIATIVE:
                terms, links = self._chain(part, i, "" if op.variadic else op.name)
                known.update(links)
                yield terms, links

    def _chain(self, part: _Part, last: int, op: str) -> tuple[dict[Item, int], list[int]]:
        """The terms of a sum of sums, those of which nothing else is made; and the sums."""
        terms: dict[Item, int] = {}
        links = [last]
        for i in links:  # grows while it is walked
            for j in self.links[i]:
                item = part.item_of.get(j)
                if item is None or item in part.shown or len(part.uses[item]) > 1:
                    continue
                made_by = self.all[j].op
                if item != j or made_by is None or made_by.name != op:
                    terms[item] = j
                elif self.links[i].count(j) == 1:
                    links.append(j)
        return dict(sorted(terms.items(), key=lambda term: term[1])), links

    def _rows(self, part: _Part, taken: set[Item]) -> Iterator[Members]:
        """Put calls in a row together, where they are equal; alone, where not."""
        calls = [call for call in part.here.children if call in part.nodes and call not in taken]
        for _, row in groupby(calls, key=lambda call: (stem(call), call.size)):
            members: Members = [[call] for call in row]
            if len(members) == 1:
                yield members
                continue
            for _, equal in groupby(members, key=lambda member: self._structure(part, member)):
                yield list(equal)

    def _steps(self, part: _Part, taken: set[Item]) -> Iterator[Members]:
        """Find the longest stretch of nodes that repeats itself."""
        row = [i for i in part.own if i not in taken and self.all[i].op is not None]
        place = {i: n for n, i in enumerate(row)}
        kinds = [self._kind_of_step(i, place) for i in row]
        begin, end, period = _repeated(kinds)
        steps = [row[at - period : at] for at in range(end, begin + period - 1, -period)][::-1]
        if len(steps) >= STEPS:
            alone = [{j for i in step for j in self._own_leaves(part, i)} for step in steps]
            members: Members = [[*s, *sorted(more)] for s, more in zip(steps, alone, strict=True)]
            yield from self._equal(part, members)

    def _kind_of_step(self, i: int, place: dict[int, int]) -> Hashable:
        """What a node has in common with the same one of the next step."""
        links = [
            ("before", place[i] - place[j]) if j in place else ("same", j)
            for j in self.links[i]
            if j >= 0 and not (self.all[j].op is None and len(self.used_by[j]) == 1)
        ]
        return self.labels[i], *links

    def _own_leaves(self, part: _Part, i: int) -> Iterator[int]:
        """The leaves that serve for one node alone."""
        for j in self.links[i]:
            if part.item_of.get(j) == j and self.all[j].op is None and len(self.used_by[j]) == 1:
                yield j

    def _equal(self, part: _Part, members: Members) -> Iterator[Members]:
        """Put together those members, among several, that are equal."""
        alike = defaultdict(list)
        for member in members:
            alike[self._structure(part, member)].append(member)
        yield from (equal for equal in alike.values() if len(equal) > 1)

    def _structure(self, part: _Part, member: list[Item]) -> Hashable:
        """What equal members have in common: all but the numbers."""
        indices = part.indices(member)
        place = {i: n for n, i in enumerate(indices)}
        outside: dict[int, int] = {}
        calls: dict[Call, int] = {}

        def link(j: int) -> int:
            if j < 0:
                return -1
            return place[j] if j in place else -2 - outside.setdefault(j, len(outside))

        found: list[Hashable] = []
        for i in indices:
            call = self.calls[i]
            if call not in calls:
                calls[call] = len(calls)
                found.append(stem(call))
            shown = i in self.outputs or any(k not in place for k in self.used_by[i])
            found.append((self.labels[i], calls[call], shown, *map(link, self.links[i])))
        return tuple(found)

    def _group(self, part: _Part, members: Members, name: str = "") -> Group:
        indices = [part.indices(member) for member in members]
        parts = [sorted(member, key=lambda item: part.nodes[item][-1]) for member in members]
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


def _top(call: Call, here: Call, tops: dict[Call, Call]) -> Call:
    """The call that stands in `here` itself and has `call` inside it; `here` for its own."""
    passed = []
    while call not in tops:
        passed.append(call)
        parent = call.parent
        assert parent is not None
        if parent is here:
            tops[call] = call
            break
        call = parent
    tops.update(dict.fromkeys(passed, tops[call]))
    return tops[call]


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


def stem(call: Call) -> str:
    """What calls of modules in one list have in common: ``neurons`` for ``neurons.3``."""
    before, _, last = call.path.rpartition(".")
    return before if before and last.isdigit() else call.path
