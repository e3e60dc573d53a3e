"""What `print(graph)` writes: a small graph node by node, a large one by its calls, folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.graph.calls import Call
from autograd.graph.folding import Group
from autograd.graph.naming import Labels, labels
from autograd.node import Node
from autograd.text import clean

if TYPE_CHECKING:
    from autograd.graph.graph import Graph

SMALL = 40  # nodes: up to here each has a line
WORTH_A_LINE = 4  # nodes: a smaller group without a call is only counted
MOST = 40  # lines side by side
LINES = 200  # lines of all
NEVER = "–"  # a gradient that was never computed


def summary(nodes: Iterable[Node]) -> str:
    """How many nodes there are, and of which operations: ``3 nodes: 1 leaf, 2 mul``."""
    counts = Counter("" if node.op is None else node.op.name for node in nodes)
    leaves, total = counts.pop("", 0), counts.total()
    parts = [f"{leaves} {'leaf' if leaves == 1 else 'leaves'}"] if leaves else []
    parts += [f"{count} {name}" for name, count in counts.most_common()]
    return f"{leaves + total} node{'s' * (leaves + total != 1)}: {', '.join(parts)}"


def listing(graph: Graph) -> str:
    """Write a graph as lines, indented by scope; see `Graph`.

    Examples
    --------
    >>> from autograd import Graph, Value
    >>> x, w = Value(2.0, name="x"), Value(3.0, name="w")
    >>> y = (w * x - 1.0) ** 2.0
    >>> y.backward()
    >>> print(listing(Graph(y)))
    Graph(5 nodes: 2 leaves, 1 mul, 1 sub, 1 pow; depth 3)
      w                 3    grad 20
      x                 2    grad 30
      n1 = mul(w, x)    6    grad 10
      n2 = sub(n1, 1)   5    grad 10
      L = pow(n2, 2)    25   grad 1
    """
    if len(graph) <= SMALL:
        return "\n".join([repr(graph), *_small(graph)])
    lines = [repr(graph), *islice(_large(graph), LINES)]
    return "\n".join([*lines, "  …"] if len(lines) > LINES else lines)


def _large(graph: Graph) -> Iterator[str]:
    """A line for each call and each group of equal parts; their insides below, for the first."""
    stack: list[tuple[int, Group | str]] = []

    def open_up(group: Group, depth: int) -> None:
        inner = [each for each in group.inside if isinstance(each, Group) and _counts(each)]
        shown: list[Group | str] = [*inner[:MOST]]
        if len(inner) > MOST:
            shown.append(f"… and {len(inner) - MOST} more")
        stack.extend((depth, each) for each in reversed(shown))

    open_up(graph.folded, 1)
    while stack:
        depth, each = stack.pop()
        if isinstance(each, str):
            yield "  " * depth + each
            continue
        times = f" ×{each.count}  each" if each.count > 1 else " "
        yield f"{'  ' * depth}{each.label}{times} {_operations(each.nodes[0])}"
        open_up(each, depth + 1)


def _counts(group: Group) -> bool:
    return len(group.nodes[0]) >= WORTH_A_LINE or any(
        isinstance(part, Call) for part in group.representative
    )


def _operations(nodes: tuple[Node, ...]) -> str:
    """What is computed in a part: ``34 nodes: mul ×16, add ×16, tanh``."""
    counts = Counter(node.op.name for node in nodes if node.op is not None)
    parts = [f"{name} ×{count}" if count > 1 else name for name, count in counts.most_common()]
    return f"{len(nodes)} node{'s' * (len(nodes) != 1)}: {', '.join(parts) or 'leaves'}"


def _small(graph: Graph) -> Iterator[str]:
    """A line for each node, with its value and its gradient."""
    called = labels(graph, {})  # the caller's variables would make equal graphs differ
    passed = any(node.has_grad for node in graph)
    rows: list[tuple[str, str, str]] = []
    stack: list[tuple[int, Call | Node]] = [(0, graph.scopes)]
    while stack:
        depth, each = stack.pop()
        if isinstance(each, Node):
            grad = f"grad {_short(each.grad) if each.has_grad else NEVER}" if passed else ""
            rows.append(("  " * depth + _written(each, called), _short(each.data), grad))
            continue
        if each.scope is not None:
            rows.append(("  " * depth + each.name, "", ""))
        inside: list[Call | Node] = [*each.nodes, *each.children]
        inside.sort(key=lambda part: _last(graph, part), reverse=True)
        stack += [(depth + 1, part) for part in inside]
    left, middle = (max(len(row[column]) for row in rows) for column in (0, 1))
    for what, value, grad in rows:
        yield f"{what:<{left}}   {value:<{middle}}   {grad}".rstrip()


def _last(graph: Graph, part: Call | Node) -> int:
    """Where a node stands in the graph, or the last node of a call."""
    if isinstance(part, Node):
        return graph.index(part)
    return max(graph.index(call.nodes[-1]) for call in part.walk() if call.nodes)


def _written(node: Node, called: Labels) -> str:
    """``n2 = mul(w, n1)``; a leaf by its name alone."""
    name = called[node]
    if node.op is None:
        return name
    operands = [_operand(x, called) if isinstance(x, Node) else _short(x) for x in node.operands]
    params = [f"{key}={value!r}" for key, value in node.params.items()]
    return f"{name} = {node.op.name}({', '.join(operands + params)})"


def _operand(node: Node, called: Labels) -> str:
    return called.get(node) or clean(node.name or "…")  # of a part: an operand from outside


def _short(x: Any) -> str:
    """A number in four digits; an array as its type and shape."""
    return f"{x.dtype} {x.shape}" if isinstance(x, np.ndarray) else f"{x:.4g}"
