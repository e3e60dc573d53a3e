"""The ways from a node to a result, and what the chain rule makes of each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from autograd.labels import numbers, partial
from autograd.node import Node

UNCOUNTED = 10**18  # a number that no one counts to, and that stays quick to add to


@dataclass(frozen=True, eq=False, slots=True)
class Path:
    """A way from a node to a result, along which a derivative is a product.

    Attributes
    ----------
    nodes : tuple of Node
        From the node to the result, both included.
    locals : tuple of float
        The derivative of each but the first by the one before it.
    product : float
        Their product.
    """

    nodes: tuple[Node, ...]
    locals: tuple[float, ...]
    product: float


def count(order: list[Any], wrt: Node, root: Node) -> int:
    """The number of ways from `wrt` to `root`, edges counted with multiplicity.

    One number is kept for each node, so it costs no more than a pass over the graph. More than
    10¹⁸ are not counted further.
    """
    ways = {wrt: 1}
    for node in order:
        if node is not wrt:
            found = sum(ways.get(x, 0) for _, x in flowing(node))
            if found:
                ways[node] = min(found, UNCOUNTED)
    return ways.get(root, 0)


def largest(order: list[Any], wrt: Node, root: Node, most: int) -> tuple[Path, ...]:
    """The paths from `wrt` to `root` whose products are the largest, at most so many.

    Among the largest paths to a node are only such as were among the largest to an operand, so
    each node keeps but a few: the product, the place of the operand, and which of its paths it was.
    """
    known: dict[Any, list[tuple[float, int, int]]] = {wrt: [(1.0, 0, 0)]}
    for node in order:
        if node is wrt:
            continue
        found = []
        for i, operand in flowing(node):
            if operand in known:
                factor = _local(node, i)
                found += [(kept[0] * factor, i, k) for k, kept in enumerate(known[operand])]
        if found:
            known[node] = sorted(found, key=_size, reverse=True)[:most]

    def path(which: int) -> Path:
        product, node, nodes, factors = known[root][which][0], root, [root], []
        while node is not wrt:
            _, i, which = known[node][which]
            factors.append(_local(node, i))
            node = node.operands[i]
            nodes.append(node)
        return Path(tuple(reversed(nodes)), tuple(reversed(factors)), product)

    return tuple(path(which) for which in range(len(known.get(root, []))))


def flowing(node: Any) -> list[tuple[int, Any]]:
    """The operands of a node that a gradient flows to, and their places."""
    return [
        (i, x)
        for i, x in enumerate(node.operands)
        if isinstance(x, Node) and x.requires_grad and node.op.flows_to(i)
    ]


def _local(node: Any, i: int) -> float:
    """``∂node/∂operand``; where it is infinite nothing was handed on, or backward() would raise."""
    try:
        local = partial(node, i, numbers(node))
        return float(node.op.vjp(i, 1.0, node.data, *numbers(node)) if local is None else local)
    except (ArithmeticError, ValueError):
        return 0.0


def _size(path: tuple[float, int, int]) -> float:
    return math.inf if math.isnan(path[0]) else abs(path[0])
