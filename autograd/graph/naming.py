"""What nodes are called: by pictures, listings, steps, explanations and code alike."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from autograd.graph.modules import named_parameters
from autograd.node import Node
from autograd.text import clean
from autograd.variables import find_names

if TYPE_CHECKING:
    from autograd.graph.graph import Graph

Labels = Mapping[Node, str]


def names(graph: Graph, variables: Mapping[str, object]) -> dict[Node, str]:
    """Find the names that nodes have, operands first.

    That is the node's own, or else its path in a module, ``layers.0.w[1]``, or else the variable
    that holds it. The path begins with the variable that holds the module if there are several, or
    if something else is called the same. Further nodes of one name are numbered, ``w #2``.

    Parameters
    ----------
    graph : Graph
    variables : mapping of str to object
        Where to look, by name.
    """
    modules = graph.modules
    found = find_names([*graph, *modules], variables)
    first = {node: found[id(node)] for node in graph if id(node) in found}
    first = {node: name for node, name in first.items() if node not in graph.names}
    first |= graph._first
    first |= {node: node.name for node in graph if node.name}
    paths = named_parameters(modules, found, first)
    known = {node: first.get(node) or paths.get(node) or graph.names.get(node) for node in graph}
    return _told_apart({node: clean(name) for node, name in known.items() if name})


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


def _told_apart(names: dict[Node, str]) -> dict[Node, str]:
    """The same names; of several nodes with one name all but the first numbered."""
    taken = set(names.values())
    met: dict[str, Iterator[str]] = {}
    for node, name in names.items():
        if name in met:
            names[node] = next(met[name])
        else:
            met[name] = _unused(f"{name} #", taken, 2)
    return names


def _unused(stem: str, taken: set[str], first: int = 1) -> Iterator[str]:
    return (name for i in itertools.count(first) if (name := f"{stem}{i}") not in taken)
