"""What a graph is apart from all names: its nodes, edges and calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from autograd.graph.calls import Call, tree_of_calls
from autograd.graph.edges import Constant, Edge
from autograd.graph.labels import label
from autograd.node import Node, ancestors
from autograd.trees import paths


class Structure:
    """Nodes in an order, how they hang together and the calls that they stand in; see `Graph`.

    Parameters
    ----------
    output : Node, or list, tuple or dict of them
        The results.
    nodes : tuple of Node, optional
        The nodes of a part, operands first; otherwise all that the results were computed from.
    """

    output: Any
    outputs: tuple[Node, ...]
    nodes: tuple[Node, ...]
    links: tuple[tuple[int, ...], ...]
    scopes: Call
    _index: dict[Node, int]
    _calls: tuple[Call, ...]

    def __init__(self, output: Any, nodes: tuple[Node, ...] | None = None) -> None:
        outputs = _outputs(output)
        nodes = tuple(ancestors(outputs)) if nodes is None else nodes
        index = {node: i for i, node in enumerate(nodes)}
        links = tuple(
            [
                tuple([index.get(x, -1) if isinstance(x, Node) else -1 for x in node.operands])
                for node in nodes
            ]
        )
        root, calls = tree_of_calls(nodes, links)
        vars(self).update(output=output, outputs=outputs, nodes=nodes, links=links)
        vars(self).update(scopes=root, _index=index, _calls=calls)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a Graph is frozen: {name} cannot be assigned")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a Graph is frozen: {name} cannot be deleted")

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        """The nodes that no operation made."""
        return tuple(node for node in self.nodes if node.op is None)

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Each operand of each node: one edge, however many times it is an operand of that."""
        found = []
        for node, link in zip(self.nodes, self.links, strict=True):
            places: dict[int, list[int]] = {}
            for position, parent in enumerate(link):
                if parent >= 0:
                    places.setdefault(parent, []).append(position)
            found += [Edge(self.nodes[i], node, tuple(at)) for i, at in places.items()]
        return tuple(found)

    @cached_property
    def constants(self) -> tuple[Constant, ...]:
        """The plain numbers and arrays among the operands, one for each use."""
        return tuple(
            Constant(operand, node, position)
            for node in self.nodes
            for position, operand in enumerate(node.operands)
            if not isinstance(operand, Node)
        )

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many nodes each operation made, most first."""
        counts = Counter(node.op.name for node in self.nodes if node.op is not None)
        return MappingProxyType(dict(counts.most_common()))

    @cached_property
    def depth(self) -> int:
        """The number of operations on the longest way through the graph."""
        depths: list[int] = []
        for link in self.links:
            depths.append(1 + max([depths[i] for i in link if i >= 0], default=0) if link else 0)
        return max(depths)

    @property
    def memory(self) -> int:
        """The bytes of all data and gradients now; arrays that share them count once."""
        held: dict[int, int] = {}
        total = 0
        for node in self.nodes:
            for data in (node.data, node.grad if node.has_grad else None):
                if isinstance(data, np.ndarray):
                    whole = data.base if isinstance(data.base, np.ndarray) else data
                    held[id(whole)] = whole.nbytes
                elif data is not None:
                    total += 8
        return total + sum(held.values())

    def index(self, node: Node) -> int:
        """Where a node stands in `nodes`; a KeyError that says so if it does not."""
        try:
            return self._index[node]
        except (KeyError, TypeError):
            raise KeyError(f"{node!r} is not in {self!r}") from None

    def call(self, node: Node) -> Call:
        """The call that a node stands in; the root if in none."""
        return self._calls[self.index(node)]

    @cached_property
    def _structure(self) -> Hashable:
        outputs = [(path, self._index[node]) for path, node in paths(self.output)]
        return tuple(map(label, self.nodes)), self.links, tuple(outputs)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Structure):
            return NotImplemented
        return len(self) == len(other) and self._structure == other._structure

    def __hash__(self) -> int:
        return hash(self._structure)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def __contains__(self, node: object) -> bool:
        return isinstance(node, Node) and node in self._index


def _outputs(output: Any) -> tuple[Node, ...]:
    """The nodes in a result; an error that says what else is there."""
    found = list(paths(output, "output"))
    for path, leaf in found:
        if not isinstance(leaf, Node):
            raise TypeError(
                "a Graph is of Values and Tensors, or of lists, tuples and dicts of them, but "
                f"{path} is {leaf!r:.60} of type {type(leaf).__name__}"
            )
    if not found:
        raise ValueError(f"a Graph needs at least one Value or Tensor, but was given {output!r}")
    return tuple(dict.fromkeys(leaf for _, leaf in found))
