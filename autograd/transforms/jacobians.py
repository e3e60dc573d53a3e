"""All derivatives of all results: Jacobians and Hessians, and a Hessian times a vector."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.backward import reverse
from autograd.complaints import require_function
from autograd.node import Node
from autograd.rules.layout import stack
from autograd.tensor import Tensor
from autograd.transforms.gradients import grad
from autograd.transforms.products import directed, weights_like
from autograd.transforms.variables import (
    bound,
    chosen,
    finished,
    gives_nodes,
    inner,
    inside,
    one,
    results,
    reverse_all,
    variables,
)
from autograd.trees import leaves, map_leaves, rebuild
from autograd.value import Value


def jacobian(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """The function that returns the Jacobian of `f`, by one pass back for each number in its value.

    ``out[i, j] = ∂f(x)[i] / ∂x[j]``. As ``jax.jacrev`` and ``torch.func.jacrev``.

    Parameters
    ----------
    f : callable
        A function that returns numbers, arrays or nodes, or a tree of them.
    argnums : int or sequence of int, default 0
        By which positional arguments; a sequence gives a tuple in place of each leaf's Jacobian.

    Returns
    -------
    callable
        Takes what `f` takes and returns ``∂yⱼ/∂xᵢ`` in the shape ``(*y.shape, *x.shape)``, nested
        as the value of `f` and, within, as the argument. (Baydin et al. 2018, sec. 3.2.)

    Examples
    --------
    >>> from autograd import jacobian
    >>> jacobian(lambda x: x * x * 2.0)([1.0, 3.0])
    array([[ 4.,  0.],
           [ 0., 12.]])
    >>> jacobian(lambda x, y: {"sum": x + y, "product": x * y}, argnums=(0, 1))(2.0, 3.0)
    {'sum': (1.0, 1.0), 'product': (3.0, 2.0)}
    """
    require_function("jacobian", f)
    single = not isinstance(argnums, (tuple, list))
    wanted = chosen(argnums)

    @functools.wraps(f)
    def derived(*args: Any, **kwargs: Any) -> Any:
        of_wanted, given = bound("jacobian", f, wanted, args)
        graph = gives_nodes(given)
        with inside():
            trees = tuple(variables(f"argument {i}", x) for i, x in zip(wanted, given, strict=True))
            y = results("jacobian", of_wanted(*trees, **kwargs))
            by = trees[0] if single else trees
            return map_leaves(lambda leaf: rebuild(by, _blocks(leaf, leaves(by), graph)), y)

    return derived


def _blocks(y: Any, xs: list[Any], graph: bool) -> Any:
    """``∂y/∂x`` for each x, in the shape ``(*y.shape, *x.shape)``."""
    if isinstance(y, Value):
        found = reverse(y, 1.0, xs, graph)
        return (finished(g, x, graph) for g, x in zip(found, xs, strict=True))
    rows = [
        [finished(g, x, graph) for g, x in zip(reverse(y, seed, xs, graph), xs, strict=True)]
        for seed in _units(y)
    ]
    return (_block(y, x, [row[i] for row in rows], graph) for i, x in enumerate(xs))


def _units(y: Tensor) -> Any:
    """For each entry of `y` the array that is 1 there and 0 elsewhere."""
    for at in np.ndindex(y.shape):
        unit = np.zeros(y.shape, y.data.dtype)
        unit[at] = 1.0
        yield unit


def _block(y: Tensor, x: Any, rows: list[Any], graph: bool) -> Any:
    shape = y.shape + x.shape
    if not rows:
        empty = np.zeros(shape, y.data.dtype)
        return Tensor(empty) if graph else empty
    return stack(*rows, axis=0).reshape(shape) if graph else np.array(rows).reshape(shape)


def hessian(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """The function that returns all second derivatives of `f`: the Jacobian of its gradient.

    ``out[i, j] = ∂²f(x) / ∂x[i] ∂x[j]``. As ``jax.hessian`` and ``torch.func.hessian``, which it
    equals; it costs two passes back for each number in the arguments.

    Parameters
    ----------
    f : callable
        A function that returns one number.
    argnums : int or sequence of int, default 0
        By which positional arguments.

    Returns
    -------
    callable
        Takes what `f` takes and returns ``∂²y/∂xᵢ∂xⱼ`` in the shape ``(*xᵢ.shape, *xⱼ.shape)``,
        nested as the argument and, within, as the argument again.

    Examples
    --------
    >>> from autograd import hessian
    >>> hessian(lambda x: (x * x * x).sum())([1.0, 2.0])
    array([[ 6.,  0.],
           [ 0., 12.]])
    >>> hessian(lambda x, y: x * x * y, argnums=(0, 1))(2.0, 3.0)
    ((6.0, 4.0), (4.0, 0.0))
    """
    require_function("hessian", f)
    return jacobian(grad(f, argnums), argnums)


def hvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> Any:
    """The Hessian of `f` times a vector, without the Hessian.

    It is the gradient of ``∇f · v`` with v held fixed: two passes back, whatever the size.
    (Pearlmutter 1994, "Fast exact multiplication by the Hessian"; here in reverse over reverse.)

    Parameters
    ----------
    f : callable
        A function that returns one number.
    primals : tuple or list
        The arguments to call it with; the Hessian is by all of them.
    tangents : tuple or list
        The vector: for each argument one of its shape.

    Returns
    -------
    tree
        ``∇²f · v`` in the shape of the argument; of several arguments, a tuple with one for each.

    Examples
    --------
    >>> from autograd import hvp
    >>> hvp(lambda x: (x * x * x).sum(), ([1.0, 2.0],), ([1.0, 10.0],))
    array([  6., 120.])
    >>> hvp(lambda x, y: x * x * y, (2.0, 3.0), (1.0, 0.0))
    (6.0, 4.0)
    """
    primals, tangents = directed("hvp", f, primals, tangents)
    graph = gives_nodes(primals, tangents)
    with inside():
        xs = tuple(variables(f"argument {i}", x) for i, x in enumerate(primals))
        vs = weights_like("tangents", tangents, xs)
        y = results("hvp", f(*xs))
        if not isinstance(y, Node):
            raise TypeError(f"hvp takes a function that returns one number, but it returned {y!r}")
        slopes = reverse(y, one("hvp", y), leaves(xs), graph=True)
        along = [(g, v) for g, v in zip(slopes, vs, strict=True) if isinstance(g, Node)]
        root = inner(*zip(*along, strict=True)) if along else None
        found = reverse_all(root, leaves(xs), graph)
        product = rebuild(
            xs, (finished(g, x, graph) for g, x in zip(found, leaves(xs), strict=True))
        )
    return product if len(xs) > 1 else product[0]
