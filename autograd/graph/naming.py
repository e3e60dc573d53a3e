"""What nodes are called: by pictures, listings, steps, explanations and code alike."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import FrameType
from typing import TYPE_CHECKING, TypeGuard

from autograd.graph.modules import called, named_parameters
from autograd.node import Node

if TYPE_CHECKING:
    from autograd.graph.graph import Graph

Labels = Mapping[Node, str]
LONGEST = 2_000  # a longer list is taken for data and not searched


def names(graph: Graph, variables: Mapping[str, object]) -> dict[Node, str]:
    """Find the names that nodes have, operands first.

    That is the node's own, or else its path in a module, ``layers.0.w[1]``, or else the variable
    that holds it. The path begins with the variable that holds the module if there are several.

    Parameters
    ----------
    graph : Graph
    variables : mapping of str to object
        Where to look, by name.
    """
    modules = list(called(graph.scopes))
    found = find_names([*graph, *modules], variables)
    several = len(modules) > 1 and not found.keys().isdisjoint(map(id, modules))
    paths = named_parameters(modules, found) if several else {}
    known = {
        node: node.name or paths.get(node) or graph.names.get(node) or found.get(id(node))
        for node in graph
    }
    return {node: name for node, name in known.items() if name}


def labels(graph: Graph, variables: Mapping[str, object]) -> dict[Node, str]:
    """Find what to call every node, operands first.

    What has no name is numbered: ``x1`` is a leaf and ``n1`` was computed. A result without a name
    is ``L``, as a loss is in most books.

    Parameters
    ----------
    graph, variables
        As for `names`.

    Examples
    --------
    >>> from autograd import Graph, Value
    >>> w = Value(2.0)
    >>> list(labels(Graph((w * 3.0).tanh()), {"w": w}).values())
    ['w', 'n1', 'L']
    """
    known = names(graph, variables)
    taken = set(known.values())
    if "L" not in taken and len(graph.outputs) == 1:
        known.setdefault(graph.outputs[0], "L")
    leaves, computed = _unused("x", taken), _unused("n", taken)
    return {node: known.get(node) or next(computed if node.op else leaves) for node in graph}


def _unused(letter: str, taken: set[str]) -> Iterator[str]:
    return (name for i in itertools.count(1) if (name := f"{letter}{i}") not in taken)


def of_caller(depth: int = 1) -> dict[str, object]:
    """The variables that who called the caller of this function can see."""
    return visible(sys._getframe(depth + 1))


def visible(frame: FrameType) -> dict[str, object]:
    """Collect the variables that code in `frame` can see: its own, then its module's."""
    own, shared = frame.f_locals, frame.f_globals
    return {**own, **{name: shared[name] for name in shared if name not in own}}


def find_names(nodes: Iterable[object], names: Mapping[str, object]) -> dict[int, str]:
    """Find a name for each node among the variables `names`; the first that fits is taken.

    Lists and tuples are searched too, however they are nested, and give names with indices.
    Names that begin with an underscore are private and skipped.

    Parameters
    ----------
    nodes : iterable of nodes
        What to find names for.
    names : mapping of str to object
        Variables, by name.

    Returns
    -------
    dict of int to str
        The names, by the ``id`` of the node.

    Examples
    --------
    >>> from autograd import Value
    >>> w, x = [Value(2.0), Value(3.0)], Value(1.0)
    >>> sorted(find_names([*w, x], {"w": w, "x": x}).values())
    ['w[0]', 'w[1]', 'x']
    """
    wanted = {id(node) for node in nodes}
    found: dict[int, str] = {}
    opened: set[int] = set()  # a list may contain itself
    todo = [(k, v) for k, v in names.items() if not k.startswith("_")][::-1]
    while todo:
        name, value = todo.pop()
        if id(value) in wanted:
            found.setdefault(id(value), name)
        elif _is_searched(value) and id(value) not in opened:
            opened.add(id(value))
            items = [(i, v) for i, v in enumerate(value) if id(v) in wanted or _is_searched(v)]
            todo.extend((f"{name}[{i}]", v) for i, v in reversed(items))
    return found


def _is_searched(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, (list, tuple)) and len(value) <= LONGEST
