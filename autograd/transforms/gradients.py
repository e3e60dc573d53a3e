"""Gradients: of a function that returns one number, or of a graph that exists."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from autograd.backward import reverse
from autograd.complaints import require_function
from autograd.modes import enable_grad
from autograd.node import Node
from autograd.transforms.variables import (
    bound,
    chosen,
    finished,
    gives_nodes,
    inside,
    one,
    results,
    variables,
)
from autograd.trees import leaves, rebuild


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
        ``∂y / ∂x`` in the shape of x, one for each x; zero where y does not depend on it, as what
        was computed in `no_grad` depends on nothing. For a Value that y depends on through a Tensor
        it is a Tensor without axes.

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
        found = reverse(y, one("gradient", y), list(xs), graph=True)
        nodes = tuple(finished(g, x, graph=True) for g, x in zip(found, xs, strict=True))
    return nodes if len(nodes) > 1 else nodes[0]


def value_and_grad(
    f: Callable[..., Any], argnums: int | Sequence[int] = 0
) -> Callable[..., tuple[Any, Any]]:
    """The function that returns both ``f(*args)`` and its gradient. As ``jax.value_and_grad``.

    ``value_and_grad(f)(x) = f(x), ∇f(x)``. What it takes, the shapes of what it returns and the
    errors are those of `grad`; it costs no more than `grad` alone.

    Examples
    --------
    >>> from autograd import value_and_grad
    >>> value_and_grad(lambda x: x * x)(3.0)
    (9.0, 6.0)
    """
    require_function("value_and_grad", f)
    single = not isinstance(argnums, (tuple, list))
    wanted = chosen(argnums)

    @functools.wraps(f)
    def derived(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        of_wanted, given = bound("grad", f, wanted, args)
        graph = gives_nodes(given)
        with inside():
            trees = tuple(variables(f"argument {i}", x) for i, x in zip(wanted, given, strict=True))
            y = _one_result(of_wanted(*trees, **kwargs))
            xs = leaves(trees)
            found = reverse(y, one("grad", y), xs, graph)
            gradients = rebuild(
                trees, (finished(g, x, graph) for g, x in zip(found, xs, strict=True))
            )
        return y if graph else y.item(), gradients[0] if single else gradients

    return derived


def _one_result(y: Any) -> Any:
    """The result of a function as a node, also where it depends on none of its variables."""
    if y is None or isinstance(y, (list, tuple, dict)):
        raise TypeError(
            f"grad differentiates a function that returns one number, but it returned {y!r} of "
            f"type {type(y).__name__}; for several numbers use jacobian or vjp"
        )
    return results("grad", y)


def grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """The function that returns the gradient of `f` by some of its positional arguments.

    ``grad(f)(x)[i] = ∂f(x) / ∂x[i]``.

    Parameters
    ----------
    f : callable
        A function of floats, arrays, Values or Tensors that returns one number.
    argnums : int or sequence of int, default 0
        By which positional arguments; a sequence gives a tuple of gradients. As in JAX. Each
        argument may be a tree: see `autograd.trees` for the rule.

    Returns
    -------
    callable
        Takes what `f` takes. A number or array gives a gradient of the same kind, a node gives a
        node, a list, tuple or dict of them gives the same; so gradients nest: ``grad(grad(f))``
        is the second derivative. It touches no node's `grad`.

    Raises
    ------
    TypeError
        By the function: where an argument is an array of integers or booleans, which labels,
        indices and masks are, or `f` returns something other than numbers. (A Python integer, or a
        list of them, means floats.)
    ValueError
        By the function: where `f` returns several numbers, or a list has rows of unequal lengths.

    Notes
    -----
    What takes a number out of the graph, such as ``math.sin(x)``, ``float(x)`` or ``x.data``, is a
    constant, with derivative 0. Use `autograd.sin`.

    Examples
    --------
    >>> from autograd import grad
    >>> cube = lambda x: x ** 3
    >>> grad(cube)(2.0), grad(grad(cube))(2.0), grad(grad(grad(cube)))(2.0)
    (12.0, 12.0, 6.0)
    >>> grad(lambda x, y: (x * y).sum(), argnums=(0, 1))([1.0, 2.0], [3.0, 4.0])
    (array([3., 4.]), array([1., 2.]))
    >>> grad(lambda p: p["w"] ** 2 * p["b"])({"w": 3.0, "b": 5.0})
    {'w': 30.0, 'b': 9.0}
    """
    require_function("grad", f)
    both = value_and_grad(f, argnums)

    @functools.wraps(f)
    def derived(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return derived
