"""The order in which the chain rule passes the nodes of a graph, and whether it still can."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from autograd.node import Node
from autograd.pack import Pack, PackedLeaf
from autograd.value import Leaf, Value

Order = tuple[list[Any], list[Any]]
passes = itertools.count(1)  # a number for each over Values, by which a leaf knows it was met


def topological(root: Any) -> Order:
    """The computed nodes that a gradient of `root` reaches, operands first, and the leaves.

    The order is that of a depth-first walk, so the same program gives the same bits.

    Raises
    ------
    RuntimeError
        If a leaf was changed after it was used.
    """
    order: list[Any] = []
    leaves: list[Any] = [] if root.op else [root]
    met: set[Node] = set()
    stack: list[Any] = [root] if root.op else []
    push, pop, finish, meet = stack.append, stack.pop, order.append, met.add
    while stack:
        node = pop()
        if node is None:  # all that lies behind the node below it is done
            finish(pop())
        elif node not in met:
            meet(node)
            push(node)
            push(None)
            op, operands, made = node.op, node.operands, node._made.time
            for i in () if op.inert else range(len(operands) - 1, -1, -1):
                operand = operands[i]
                if not isinstance(operand, Node):
                    continue
                if operand.op is None and operand._changed > made:
                    raise stale(operand, node)
                if operand in met or not (op.variadic or op.flows[i]):
                    continue
                if operand.__class__ is PackedLeaf:
                    operand = operand._a
                    if operand in met:
                        continue
                if operand.op is None:
                    meet(operand)
                    leaves.append(operand)
                else:
                    push(operand)
    return order, leaves


class Mixed(Exception):  # noqa: N818 - no error, but an answer
    """A Value was computed from a Tensor."""


def topological_values(root: Any) -> Order:
    """The same for a `root` that is a Value, written out for speed; each gradient there becomes 0.

    That gradient is the mark of what was met: one zero, an object of this pass alone, so nothing
    that an interrupted pass left behind can mislead it.

    Raises
    ------
    Mixed
        If it was computed from Tensors, too, as the results of compiled functions may be.
    """
    this, zero = next(passes), float("0")
    order: list[Any] = []
    leaves: list[Any] = [] if root.op else [root]
    stack: list[Any] = [root] if root.op else []
    push, pop, finish = stack.append, stack.pop, order.append
    try:
        while stack:
            node = pop()
            if node is None:
                finish(pop())
                continue
            if node.grad is zero:
                continue
            node.grad = zero
            stack += (node, None)
            if node.op.direct:  # the general case, written out for two
                a, b = node._a, node._b
                if b.__class__ is Value:
                    if b.grad is not zero:
                        push(b)
                elif not (b is None or b.__class__ is float) and (
                    b._met != this or b._changed > node._made.time
                ):
                    leaves += _met(b, node, this)
                if a.__class__ is Value:
                    if a.grad is not zero:
                        push(a)
                elif a.__class__ is not float and (a._met != this or a._changed > node._made.time):
                    leaves += _met(a, node, this)
            elif not node.op.inert:  # otherwise its derivative reads no operand
                leaves += _others(node, push, this)
    except BaseException:
        for node in order + stack:
            if node is not None:
                node.zero_grad()
        raise
    return order, leaves


def _others(node: Any, push: Callable[[Any], None], this: int) -> list[Any]:
    """The leaves of an operation of any kind; what else it was computed from is pushed."""
    leaves: list[Any] = []
    for i, operand in enumerate(reversed(node.operands), 1):
        flows = node.op.flows_to(-i)
        if operand.__class__ is not Value and operand.__class__ is not float:
            leaves += _met(operand, node, this, flows)
        elif flows and operand.__class__ is Value:
            push(operand)
    return leaves


def _met(leaf: Any, node: Any, this: int, flows: bool = True) -> tuple[Any, ...]:
    """A leaf that a walk comes upon, if a gradient reaches it; an error if it was changed."""
    if not isinstance(leaf, (Leaf, Pack)):
        raise Mixed
    if leaf._changed > node._made.time:
        raise stale(leaf, node)
    if not flows:
        return ()
    if leaf.__class__ is PackedLeaf:
        leaf._met, leaf = this, leaf._a
    leaf._met, met = this, leaf._met
    return (leaf,) if met != this else ()


def stale(leaf: Any, node: Node) -> RuntimeError:
    """The error for a leaf that is no longer what it was when a node was computed from it."""
    return RuntimeError(
        f"{in_words(leaf)} was changed after {node.op} had used it, so its old value, which the "
        "gradient needs, is gone; compute the result again before backward(), or change it after"
    )


def in_words(node: Node) -> str:
    """What to call a node in an error, in one line."""
    kind = "the leaf" if node.op is None and node.requires_grad else "the result"
    if node.name:
        return f"{kind} {node.name!r}"
    return f"{kind} {node!r}" if isinstance(node, Value) else f"{kind} of shape {node.shape}"
