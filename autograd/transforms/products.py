"""A Jacobian times a vector, from either side, without the Jacobian."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.complaints import require_function
from autograd.node import Node
from autograd.tensor import as_array
from autograd.transforms.variables import (
    finished,
    gives_nodes,
    inner,
    inside,
    plain,
    results,
    reverse_all,
    variable,
    variables,
)
from autograd.trees import leaves, matching, rebuild
from autograd.value import Value


def vjp(f: Callable[..., Any], *args: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """The value of `f` and its pullback, the vector-Jacobian product; as ``jax.vjp``.

    Parameters
    ----------
    f : callable
        A function that returns numbers, arrays or nodes, or a tree of them.
    *args : number, array, Value, Tensor, or a tree of them
        What to call it with and to differentiate by; see `autograd.trees`.

    Returns
    -------
    value
        ``f(*args)``: numbers and arrays, or nodes if an argument held nodes.
    pullback : callable
        Takes a gradient ``g``, of the shape of the value (a tree of them where the value is one),
        and returns a tuple with ``gᵀ · ∂f/∂argᵢ`` for each argument, in that argument's shape. It
        may be called again; each call costs one pass back. (JAX, Autodiff cookbook, "VJPs".)

    Examples
    --------
    >>> from autograd import vjp
    >>> value, pullback = vjp(lambda x, y: x * y, [1.0, 2.0], 3.0)
    >>> value, pullback([1.0, 10.0])
    (array([3., 6.]), (array([ 3., 30.]), 21.0))
    """
    require_function("vjp", f)
    graph = gives_nodes(args)
    with inside():
        xs = tuple(variables(f"argument {i}", arg) for i, arg in enumerate(args))
        y = results("vjp", f(*xs))

    def pullback(g: Any) -> tuple[Any, ...]:
        nodes = graph or gives_nodes(g)
        with inside():
            weights = weights_like("the gradient", g, y)
            found = reverse_all(inner(leaves(y), weights), leaves(xs), nodes)
            pulled: tuple[Any, ...] = rebuild(
                xs, (finished(g, x, nodes) for g, x in zip(found, leaves(xs), strict=True))
            )
        return pulled

    return y if graph else plain(y), pullback


def weights_like(what: str, tree: Any, like: Any) -> list[Any]:
    """The leaves of a tree of vectors, each of the shape and type of what it belongs to.

    Raises
    ------
    ValueError
        If the containers or a shape differ.
    """
    weights = []
    for given, node in zip(matching(what, tree, like), leaves(like), strict=True):
        weight = given
        if not isinstance(given, Node):
            weight = (
                float(given)
                if isinstance(node, Value) and not np.ndim(given)
                else _array(what, given, node.data.dtype if node.shape else None)
            )
        if np.shape(getattr(weight, "data", weight)) != node.shape:
            raise ValueError(f"{what} has shape {np.shape(weight)} where {node.shape} belongs")
        weights.append(weight)
    return weights


def _array(what: str, x: Any, dtype: Any) -> Any:
    try:
        return as_array(x, dtype)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{what}: {error}") from None


def jvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The value of `f` and its derivative along a direction; as ``jax.jvp``.

    It is computed by two passes back (Townsend 2017, "A new trick for calculating Jacobian vector
    products"): the pullback ``u ↦ uᵀ J`` is linear in u, and *its* pullback of the tangents is
    ``J · tangents``. It costs the forward pass and two passes back, the first recorded; forward
    mode would cost about two forward passes, but needs a second rule for each operation.

    Parameters
    ----------
    f : callable
        A function that returns numbers, arrays or nodes, or a tree of them.
    primals : tuple or list
        The arguments to call it with.
    tangents : tuple or list
        The direction: for each argument one of its shape.

    Returns
    -------
    value
        ``f(*primals)``.
    tangent
        ``Σᵢ ∂f/∂argᵢ · tangentᵢ``, in the shape of the value.

    Examples
    --------
    >>> from autograd import jvp
    >>> jvp(lambda x, y: x * y, (2.0, 3.0), (1.0, 10.0))
    (6.0, 23.0)
    """
    primals, tangents = directed("jvp", f, primals, tangents)
    graph = gives_nodes(primals, tangents)
    with inside():
        xs = tuple(variables(f"argument {i}", x) for i, x in enumerate(primals))
        y = results("jvp", f(*xs))
        ts = weights_like("tangents", tangents, xs)
        us = [_ones(leaf) for leaf in leaves(y)]
        pulled = reverse_all(inner(leaves(y), us), leaves(xs), graph=True)
        along = [(g, t) for g, t in zip(pulled, ts, strict=True) if isinstance(g, Node)]
        found = reverse_all(inner(*zip(*along, strict=True)) if along else None, us, graph)
        tangent = rebuild(y, (finished(g, u, graph) for g, u in zip(found, us, strict=True)))
    return (y, tangent) if graph else (plain(y), plain(tangent, y))


def directed(transform: str, f: Any, primals: Any, tangents: Any) -> tuple[Any, Any]:
    """The arguments for a function, and a direction for each; an error if they are not tuples."""
    require_function(transform, f)
    for what, xs in (("primals", primals), ("tangents", tangents)):
        if not isinstance(xs, (tuple, list)):
            raise TypeError(
                f"{transform}: {what} is a tuple with one entry for each argument, but is {xs!r}"
            )
    return tuple(primals), tuple(tangents)


def _ones(y: Any) -> Node:
    """A variable in the shape of a result; any would do, for what it multiplies is linear in it."""
    start = 1.0 if isinstance(y, Value) else np.ones(y.shape, y.data.dtype)
    return variable("the result", start)
