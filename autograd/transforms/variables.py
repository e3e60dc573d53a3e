"""What transforms share: variables to differentiate by, and a function recorded on them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from numbers import Integral
from typing import Any

import numpy as np

from autograd import rules
from autograd.backward import reverse
from autograd.modes import enable_grad
from autograd.node import Node
from autograd.tensor import Tensor, as_array
from autograd.trees import leaves, map_leaves, matching, paths, rebuild
from autograd.value import Value


class _Nesting(threading.local):
    depth = 0


_nesting = _Nesting()


@contextmanager
def inside() -> Iterator[None]:
    """A block in which a function is recorded; what is differentiated in it knows it is nested."""
    _nesting.depth += 1
    try:
        with enable_grad():
            yield
    finally:
        _nesting.depth -= 1


def gives_nodes(*trees: Any) -> bool:
    """Whether a transform of these arguments returns nodes.

    Numbers in, numbers out; nodes in, nodes out. But inside another transform everything is a
    node, for what is a number here may depend on a variable there.
    """
    return _nesting.depth > 0 or any(isinstance(leaf, Node) for leaf in leaves(trees))


def variable(name: str, x: Any) -> Node:
    """A node to differentiate by: a fresh one, so that no other derivative means the same.

    Raises
    ------
    TypeError
        If it is an array of integers or booleans, or no number at all.
    """
    if isinstance(x, Node) and x.requires_grad:
        fresh: Node = rules.alias(x)
        return fresh
    if isinstance(x, Tensor):
        x = x.data
    if isinstance(x, (np.ndarray, list, tuple)):
        try:
            array = as_array(x)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{name} cannot be differentiated by: {error}") from None
        if array.dtype.kind != "f" and (array.dtype.kind == "b" or isinstance(x, np.ndarray)):
            raise TypeError(
                f"{name} cannot be differentiated by: it is an array of {array.dtype}, for labels, "
                "masks and indices; make it one of floats"
            )
        # A list of Python's integers means floats, as does one of them alone.
        return Tensor(array if array.dtype.kind == "f" else array.astype(float), requires_grad=True)
    try:
        return Value(x.data if isinstance(x, Value) else x)
    except TypeError as error:
        raise TypeError(f"{name} cannot be differentiated by: {error}") from None


def variables(name: str, tree: Any) -> Any:
    """The same tree with a variable for each leaf."""
    return rebuild(tree, iter([variable(path, leaf) for path, leaf in paths(tree, name)]))


def results(function: str, y: Any) -> Any:
    """What a function returned, with constants made nodes."""
    return map_leaves(lambda leaf: _result(function, leaf), y)


def _result(function: str, y: Any) -> Node:
    if isinstance(y, Node):
        return y
    if isinstance(y, (np.ndarray, np.generic, list, tuple)):
        return Tensor(y)
    try:
        return Value(y, requires_grad=False)
    except TypeError:
        raise TypeError(
            f"{function} takes a function that returns numbers, arrays or nodes, but it returned "
            f"{y!r} of type {type(y).__name__}"
        ) from None


def one(function: str, y: Any) -> Any:
    """The gradient of a result by itself."""
    if isinstance(y, Value):
        return 1.0
    if y.data.size != 1:
        raise ValueError(
            f"{function} differentiates one number, but the result has shape {y.shape}; "
            "take its sum or its mean"
        )
    return np.ones(y.shape, y.data.dtype)


def finished(g: Any, x: Node, graph: bool) -> Any:
    """A gradient with respect to `x` as users get it: a node, or a number or an array."""
    if not graph:
        return _as_number(g, x)
    if isinstance(g, Tensor) and isinstance(x, Tensor) and g.dtype != x.dtype:
        exact: Node = rules.astype(g, dtype=x.dtype)  # as `backward` leaves it
        return exact
    if isinstance(g, Node):
        return g
    return (
        Value(_as_number(g, x), requires_grad=False)
        if isinstance(x, Value)
        else Tensor(_as_number(g, x))
    )


def _as_number(g: Any, x: Node) -> Any:
    """A gradient as a float, or as an array of its own; none at all is zero."""
    if isinstance(g, Node):
        g = g.data
    if isinstance(x, Value):
        return 0.0 if g is None else float(g)
    return np.zeros_like(x.data) if g is None else np.array(g, x.data.dtype)


def plain(y: Any, like: Any = None) -> Any:
    """The numbers in a tree of nodes: a float for each Value and each Tensor without axes.

    Another tree of numbers that belongs to it, such as its tangents, may be given in its place.
    """
    like = y if like is None else like
    numbers = (part.data if isinstance(part, Node) else part for part in matching("value", y, like))
    return rebuild(like, (np.array(x) if np.ndim(x) else float(x) for x in numbers))


def inner(ys: Iterable[Any], weights: Iterable[Any]) -> Node | None:
    """``Σ y · weight`` over all entries, as one node; None of nothing.

    A derivative of several results along some direction is that of this one number.
    """
    total: Node | None = None
    for y, weight in zip(ys, weights, strict=True):
        product = y * weight
        term: Node = product.sum() if isinstance(product, Tensor) else product
        total = term if total is None else total + term
    return total


def reverse_all(root: Node | None, xs: list[Any], graph: bool) -> list[Any]:
    """The derivatives of one number by each x."""
    if root is None:
        return [None for _ in xs]
    return reverse(root, one("a transform", root), xs, graph)


def chosen(argnums: int | Sequence[int]) -> tuple[int, ...]:
    """Which arguments to differentiate by."""
    wanted: Any = argnums if isinstance(argnums, (tuple, list)) else (argnums,)
    if not all(isinstance(i, Integral) for i in wanted):
        raise TypeError(f"argnums is an integer or a sequence of them, but is {argnums!r}")
    return tuple(wanted)


def bound(
    function: str, f: Callable[..., Any], wanted: tuple[int, ...], args: tuple[Any, ...]
) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """`f` as a function of the wanted arguments alone, and those."""
    positions = {i % len(args) for i in wanted} if args else set()
    for i in wanted:
        if not -len(args) <= i < len(args):
            raise TypeError(
                f"{function} by argument {i}, but only {len(args)} positional were given"
            )
    if len(positions) < len(wanted):
        raise ValueError(f"argnums names an argument twice: {wanted}")

    def of_wanted(*xs: Any, **kwargs: Any) -> Any:
        given = dict(zip((i % len(args) for i in wanted), xs, strict=True))
        return f(*(given.get(i, arg) for i, arg in enumerate(args)), **kwargs)

    return of_wanted, tuple(args[i] for i in wanted)
