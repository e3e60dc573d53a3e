"""What must be so in every graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.modes import enable_grad
from autograd.node import Node, describe, plain
from autograd.op import apply
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.graph.graph import Graph


def verify(graph: Graph) -> None:
    """Raise a ValueError for the first thing that is not as it must be; see `Graph.verify`."""
    for i, node in enumerate(graph.nodes):
        complaint = _order(graph, i) or _kinds(node)
        complaint = complaint or (node.op and _forward(node)) or _gradient(node)
        if complaint:
            raise ValueError(f"node {i}, {_shown(node)}, {complaint}")


def several(what: str, given: Any, expected: str, fits: Callable[[Any], bool]) -> list[Any]:
    """What was given for an argument that takes several things; a TypeError if one does not fit."""
    entries = None if isinstance(given, Node) or not isinstance(given, Iterable) else list(given)
    if entries is None or not all(map(fits, entries)):
        raise TypeError(f"{what} of a Graph are {expected} in a list, but were {given!r:.60}")
    return entries


def is_node(x: Any) -> bool:
    """Whether something is a Value or a Tensor."""
    return isinstance(x, Node)


def names_parameters(x: Any) -> bool:
    """Whether something is a module."""
    return hasattr(x, "named_parameters") and not isinstance(x, type)


def _shown(node: Node) -> str:
    op, operands = node.op, node.operands
    if op is None:
        return "a leaf"
    return describe(op, operands) if len(op.letters(operands)) == len(operands) else op.name


def _order(graph: Graph, i: int) -> str | None:
    for parent in graph.links[i]:
        if parent >= i:
            return f"comes before its operand, node {parent}: the order is wrong, or a cycle"
    return None


def _kinds(node: Node) -> str | None:
    """Whether the operands are as many, and of such kinds, as the operation and its result take."""
    op, operands = node.op, node.operands
    if op is None:
        return "has operands or parameters" if operands or node.params else None
    if len(operands) != op.arity and not op.variadic:
        return f"has {len(operands)} operands, where {op.name} takes {op.arity}"
    if not node.parents:
        return "was computed from no node"
    kinds = (Value, float) if isinstance(node, Value) else (Node, np.ndarray, float, int, bool)
    custom = isinstance(node, Value) and op.variadic  # a checkpoint's result may be of any kind
    for position, operand in enumerate(operands):
        if not custom and not isinstance(operand, (*kinds, np.generic)):
            kind = type(operand).__name__
            return f"is a {type(node).__name__} with a {kind} for operand {position}"
    return None


def _forward(node: Node) -> str | None:
    """Whether applying the operation again gives what the node holds."""
    data: Any = node.data
    try:
        again = _again(node)
    except (ArithmeticError, ValueError, IndexError) as error:
        return f"holds {data!r}, but its operands now raise {error!r}"
    if isinstance(data, np.ndarray) and (again.shape, again.dtype) != (data.shape, data.dtype):
        return (
            f"is {data.dtype} of shape {data.shape}, but its operands give {again.dtype} of shape "
            f"{again.shape}"
        )
    if not np.array_equal(again, data, equal_nan=True):
        return (
            f"holds {data!r}, but its operands now give {again!r}; was a leaf changed after it was "
            "used?"
        )
    return None


def _again(node: Node) -> Any:
    """What the operation gives of the operands as they are now."""
    op = node.op
    assert op is not None
    with enable_grad(), np.errstate(all="ignore"):
        if isinstance(node, Value) and op.scalar is not None:
            return op.scalar(*map(plain, node.operands))
        return plain(apply(op, node.operands, node.params))


def _gradient(node: Node) -> str | None:
    """Whether the data, and the gradient if there is one, are of the kind that such a node has."""
    data, grad = node.data, node.grad if node.has_grad else None
    if isinstance(node, Value):
        for what, x in (("data", data), ("gradient", grad)):
            if x is not None and not isinstance(x, float):
                return f"has {what} that is no float, but {x!r}"
        return None
    if not isinstance(data, np.ndarray):
        return f"has data that is no array, but {data!r}"
    if grad is not None and (np.shape(grad), np.asarray(grad).dtype) != (data.shape, data.dtype):
        return (
            f"has a gradient of {np.asarray(grad).dtype} and shape {np.shape(grad)} for data of "
            f"{data.dtype} and shape {data.shape}"
        )
    return None
