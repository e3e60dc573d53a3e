"""Which nodes of a graph are alike, and which parts of it.

Parts are alike if they have the same operations, shapes, dtypes and parameters in the same order,
joined in the same way inside, and to the outside in the same pattern. To find them quickly each
node first gets the number of its expression, made from those of its operands, so that equal
expressions have equal numbers; only where these agree are parts compared.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from autograd.graph.calls import Call
from autograd.graph.labels import label

if TYPE_CHECKING:
    from autograd.graph.graph import Graph


class Likeness:
    """What is known of each node of a graph, by its index, when it is compared with others.

    Attributes
    ----------
    labels : list of int
        Equal for equal kinds, operations, shapes, dtypes and parameters.
    expressions : list of int
        Equal for equal labels applied to equal expressions.
    calls : list of Call
        The call that each stands in.
    used_by : list of list of int
        What is made of each.
    lone : set of int
        The leaves of which one node alone is made.
    outputs : set of int
        The results.
    """

    def __init__(self, graph: Graph) -> None:
        self.links = graph.links
        self.calls = list(map(graph.call, graph.nodes))
        self.used_by: list[list[int]] = [[] for _ in graph.nodes]
        for i, link in enumerate(self.links):
            for j in set(link):
                if j >= 0:
                    self.used_by[j].append(i)
        leaves = [i for i, node in enumerate(graph.nodes) if node.op is None]
        self.lone = {i for i in leaves if len(self.used_by[i]) == 1}
        self.outputs = {graph.index(node) for node in graph.outputs}
        labels: dict[Hashable, int] = {}
        self.labels = [labels.setdefault(label(node), len(labels)) for node in graph.nodes]
        expressions: dict[Hashable, int] = {}
        self.expressions: list[int] = []
        for kind, link in zip(self.labels, self.links, strict=True):
            key: list[Hashable] = [self.expressions[j] if j >= 0 else -1 for j in link]
            if len(set(link)) < len(link):  # a·a is not a·b
                first: dict[int, int] = {}
                key.append(tuple([first.setdefault(j, at) for at, j in enumerate(link)]))
            number = expressions.setdefault((kind, *key), len(expressions))
            self.expressions.append(number)

    def is_shown(self, i: int, within: dict[int, int] | dict[int, int | Call]) -> bool:
        """Whether a node is a result, or something outside some nodes is made of it."""
        return i in self.outputs or not all(map(within.__contains__, self.used_by[i]))

    def structure(self, indices: Sequence[int]) -> Hashable:
        """What the nodes of a part have in common with those of one that is like it."""
        place = {i: n for n, i in enumerate(indices)}
        outside: dict[int, int] = {}
        calls: dict[Call, int] = {}
        found: list[Hashable] = []
        for i in indices:
            call = self.calls[i]
            if call not in calls:
                calls[call] = len(calls)
                found.append(stem(call))
            found += (self.labels[i], calls[call], self.is_shown(i, place))
            for j in self.links[i]:
                at = place.get(j)
                if at is None:
                    at = -1 if j < 0 else -2 - outside.setdefault(j, len(outside))
                found.append(at)
        return tuple(found)


def stem(call: Call) -> str:
    """What calls of modules in one list have in common: ``neurons`` for ``neurons.3``."""
    before, _, last = call.path.rpartition(".")
    return before if before and last.isdigit() else call.path
