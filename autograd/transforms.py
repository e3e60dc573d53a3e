"""Derivatives as functions: of a function, or of a graph that exists."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Sequence
from numbers import Integral
from typing import Any

import numpy as np

from autograd import rules
from autograd.backward import reverse
from autograd.modes import enable_grad
from autograd.node import Node
from autograd.tensor import Tensor, as_array
from autograd.value import Value


class _Nesting(threading.local):
    depth = 0


_nesting = _Nesting()


def gradient(y: Node, *xs: Node) -> Any:
    """The derivatives of a result, as nodes that can be differentiated again.

    Unlike ``y.backward()`` it touches no node's `grad`, so it leaves no trace and makes no cycle.
    The same as ``torch.autograd.grad(y, xs, create_graph=True)``.

    Parameters
    ----------
    y : Value, or Tensor of one element
        The result.
    *xs : Value or Tensor
        What to differentiate by: leaves, or nodes on the way.

    Returns
    -------
    Value or Tensor, or a tuple of them
        ``∂y/∂x`` in the shape of x, one for each x; zero where y does not depend on it, as what was
        computed in `no_grad` depends on nothing. For a
        Value that y depends on through a Tensor it is a Tensor without axes.

    Raises
    ------
    TypeError
        If `y` or an x is not a node.
    ValueError
        If `y` has more than one element, or an x requires no gradient.

    Examples
    --------
    >>> from autograd import Value, gradient
    >>> x = Value(2.0)
    >>> slope = gradient(x ** 3, x)
    >>> slope.data, gradient(slope, x).data
    (12.0, 12.0)
    """
    for role, node in (("y", y), *(("x", x) for x in xs)):
        if not isinstance(node, Node):
            raise TypeError(f"gradient(y, *xs) takes nodes, but was given {node!r} for {role}")
    for x in xs:
        if not x.requires_grad:
            raise ValueError(
                f"gradient(y, *xs) was given {x!r}, of which no graph keeps track; make it with "
                "requires_grad=True"
            )
    if not xs:
        raise TypeError("gradient(y, *xs) was given no x to differentiate by")
    with enable_grad():
        found = reverse(y, _one("gradient", y), list(xs), graph=True)
        nodes = tuple(_as_node(g, x) for g, x in zip(found, xs, strict=True))
    return nodes if len(nodes) > 1 else nodes[0]


def _one(function: str, y: Any) -> Any:
    """The gradient of a result by itself."""
    if isinstance(y, Value):
        return 1.0
    if y.data.size != 1:
        raise ValueError(
            f"{function} differentiates one number, but the result has shape {y.shape}; "
            "take its sum or its mean"
        )
    return np.ones(y.shape, y.data.dtype)


def _as_node(g: Any, x: Node) -> Node:
    """A gradient as a node, also where it is a constant."""
    if isinstance(g, Node):
        return g
    if isinstance(x, Value):
        return Value(0.0 if g is None else float(g), requires_grad=False)
    return Tensor(_as_number(g, x))


def _as_number(g: Any, x: Node) -> Any:
    """A gradient as a float, or as an array of its own."""
    if isinstance(x, Value):
        return 0.0 if g is None else float(g)
    return np.zeros_like(x.data) if g is None else np.array(g, x.data.dtype)


def value_and_grad(
    f: Callable[..., Any], argnums: int | Sequence[int] = 0
) -> Callable[..., tuple[Any, Any]]:
    """The function that returns both ``f(*args)`` and its gradient; see `grad`.

    Examples
    --------
    >>> from autograd import value_and_grad
    >>> value_and_grad(lambda x: x * x)(3.0)
    (9.0, 6.0)
    """
    single = not isinstance(argnums, (tuple, list))
    wanted: Any = (argnums,) if single else argnums
    if not all(isinstance(i, Integral) for i in wanted):
        raise TypeError(f"argnums is an integer or a sequence of them, but is {argnums!r}")

    @functools.wraps(f)
    def derived(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        for i in wanted:
            if not -len(args) <= i < len(args):
                raise TypeError(f"grad by argument {i}, but only {len(args)} positional were given")
        # Numbers in, numbers out; but inside another derivative everything is a node, for what
        # is a number here may depend on a variable there.
        graph = _nesting.depth > 0 or any(isinstance(args[i], Node) for i in wanted)
        _nesting.depth += 1
        try:
            with enable_grad():
                variables = {i % len(args): _variable(args[i]) for i in wanted}
                y = f(*(variables.get(i, arg) for i, arg in enumerate(args)), **kwargs)
                if not isinstance(y, Node):
                    y = _constant(y)
                xs = [variables[i % len(args)] for i in wanted]
                found = reverse(y, _one("grad", y), xs, graph)
                finish = _as_node if graph else _as_number
                gradients = tuple(finish(g, x) for g, x in zip(found, xs, strict=True))
        finally:
            _nesting.depth -= 1
        value = y if graph else y.item()
        return value, gradients[0] if single else gradients

    return derived


def _variable(x: Any) -> Node:
    """A node to differentiate by: a fresh one, so that no other derivative means the same."""
    if isinstance(x, Node) and x.requires_grad:
        fresh: Node = rules.alias(x)
        return fresh
    if isinstance(x, Tensor):
        x = x.data
    if isinstance(x, (np.ndarray, list, tuple)):
        array = as_array(x)
        return Tensor(array if array.dtype.kind == "f" else array.astype(float), requires_grad=True)
    return Value(x.data if isinstance(x, Value) else x)


def _constant(y: Any) -> Node:
    """The result of a function that depends on none of its variables."""
    if isinstance(y, (np.ndarray, np.generic)):
        return Tensor(y)
    try:
        return Value(y, requires_grad=False)
    except TypeError:
        raise TypeError(
            f"grad differentiates a function that returns one number, but it returned {y!r} of "
            f"type {type(y).__name__}"
        ) from None


def grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """The function that returns the gradient of `f` by some of its positional arguments.

    Parameters
    ----------
    f : callable
        A function of floats, arrays, Values or Tensors that returns one number.
    argnums : int or sequence of int, default 0
        By which positional arguments; a sequence gives a tuple of gradients. As in JAX.

    Returns
    -------
    callable
        Takes what `f` takes. A number or array gives a gradient of the same kind, a node gives a
        node; so gradients nest: ``grad(grad(f))`` is the second derivative. It touches no
        node's `grad`.

    Examples
    --------
    >>> from autograd import grad
    >>> cube = lambda x: x ** 3
    >>> grad(cube)(2.0), grad(grad(cube))(2.0), grad(grad(grad(cube)))(2.0)
    (12.0, 12.0, 6.0)
    >>> grad(lambda x, y: (x * y).sum(), argnums=(0, 1))([1.0, 2.0], [3.0, 4.0])
    (array([3., 4.]), array([1., 2.]))
    """
    both = value_and_grad(f, argnums)

    @functools.wraps(f)
    def derived(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return derived
