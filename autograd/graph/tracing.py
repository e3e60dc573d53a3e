"""`trace`: the graph of a function's call."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from numbers import Real
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from autograd.functions import linear_algebra
from autograd.graph.checking import names_parameters
from autograd.graph.graph import Graph
from autograd.modes import enable_grad
from autograd.node import Node
from autograd.trees import paths


@overload
def trace(f: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Graph: ...
@overload
def trace(f: Node | ArrayLike, /) -> Any: ...
def trace(f: Any, /, *args: Any, **kwargs: Any) -> Any:
    """The graph of what a function computes, or of a matrix its trace.

    The function is called once, as it is; what it records is the graph. The leaves among its
    arguments, in lists, tuples and dicts too, are the inputs, named as the function names them. All
    other leaves that require a gradient are parameters, named by the modules they belong to: those
    that are called, and those given as arguments.

    Given a matrix in place of a function it is `torch.trace`: the sum of the diagonal,
    ``Σᵢ f[i, i]``.

    Parameters
    ----------
    f : callable
        A module, or a function of Values and Tensors, that returns one, or a list, tuple or dict of
        them.
    *args, **kwargs
        What to call it with.

    Returns
    -------
    Graph

    Raises
    ------
    TypeError
        If the function returns something that is no node, such as a number: give it Values or
        Tensors.
    ValueError
        If it returns nothing; or if `f` is neither a function nor a matrix.

    Examples
    --------
    >>> from autograd import Value, trace
    >>> b = Value(0.5, name="b")
    >>> graph = trace(lambda x, w: (w * x + b).tanh(), Value(2.0), Value(3.0))
    >>> graph
    Graph(6 nodes: 3 leaves, 1 mul, 1 add, 1 tanh; depth 3)
    >>> [graph.names[node] for node in graph.inputs], graph.parameters
    (['x', 'w'], (Value(0.5, name='b'),))
    """
    if not callable(f):
        return _of_matrix(f, *args, **kwargs)
    given = [leaf for name, tree in _named(f, args, kwargs) for leaf in paths(tree, name)]
    names: dict[Node, str] = {}
    for path, leaf in given:
        if isinstance(leaf, Node):
            names.setdefault(leaf, path)
    with enable_grad():
        output = f(*args, **kwargs)
    _see_nodes(output, getattr(f, "__name__", type(f).__name__), given=bool(names))
    modules = [getattr(f, "__self__", f), *(leaf for _, leaf in given)]
    return Graph(output, inputs=names, names=names, modules=filter(names_parameters, modules))


def _of_matrix(x: Any, /, *args: Any, **kwargs: Any) -> Any:
    try:
        return linear_algebra.trace(x, *args, **kwargs)
    except ValueError as error:
        raise ValueError(
            f"{error}, or a function, whose graph it gives; that of a node is Graph(node)"
        ) from None


def _see_nodes(output: Any, name: str, given: bool) -> None:
    """See that a function returned nodes; an error that says what it did, and why that may be."""
    returned = list(paths(output, f"{name}()"))
    for path, leaf in returned:
        if not isinstance(leaf, Node):
            why = "`.data`, float() and the like leave the graph"
            why = why if given else "give it some, Value(2.0) in place of 2.0"
            if not isinstance(leaf, (Real, np.ndarray, np.generic)):
                why = "it takes them in lists, tuples and dicts"
            raise TypeError(
                f"trace records what is computed from Values and Tensors, but {path} is "
                f"{leaf!r:.60} of type {type(leaf).__name__}; {why}"
            )
    if not returned:
        raise ValueError(f"trace: {name}() returned {output!r}, which holds no Value or Tensor")


def _named(
    f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> list[tuple[str, Any]]:
    """The arguments, with the names that the function has for them."""
    try:
        given = inspect.signature(getattr(f, "forward", f)).bind(*args, **kwargs)
    except (TypeError, ValueError):  # a function of C has no signature; a wrong call raises later
        return [*((f"args[{i}]", arg) for i, arg in enumerate(args)), *kwargs.items()]
    return list(given.arguments.items())
