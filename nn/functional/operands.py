"""What the functions are given: scalar code, or arrays; and what they make of many losses."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd
from autograd import Node, Tensor, Value
from nn.functional.scalars import counted


def shape_of(function: str, input: Any) -> tuple[int, ...]:
    """The shape of a Tensor or an array; an error, in the name of a function, of anything else.

    Examples
    --------
    >>> shape_of("dropout", None)
    Traceback (most recent call last):
    ...
    TypeError: dropout takes a Tensor or an array, but was given None
    """
    shape = getattr(input, "shape", None)
    if not isinstance(shape, tuple):
        raise TypeError(f"{function} takes a Tensor or an array, but was given {input!r:.60}")
    return shape


def is_scalar_code(*operands: Any) -> bool:
    """Whether these are Values, numbers and lists of them, rather than Tensors or arrays.

    A loss of those is computed a number at a time, in code that `autograd.compile` rolls up, and is
    a Value or a float. That of Tensors or arrays is computed at once. Values among arrays make it
    scalar code.

    Examples
    --------
    >>> is_scalar_code([0.5, 1.0], [1, 0]), is_scalar_code([Value(0.5)], np.array([1]))
    (True, True)
    >>> is_scalar_code(Tensor([0.5, 1.0]), [1, 0])
    False
    """
    if not any(isinstance(x, (Tensor, np.ndarray)) for x in operands):
        return True
    return any(holds_nodes(x) for x in operands)


def holds_nodes(x: Any) -> bool:
    """Whether it is a Value, or a list with nodes in it."""
    if isinstance(x, (list, tuple)):
        return any(isinstance(entry, Node) or holds_nodes(entry) for entry in x)
    return isinstance(x, Value)


def as_array(x: Any, like: Any = None) -> Any:
    """A node as it is, lists of nodes as one Tensor, anything else as an array.

    Whole numbers, and lists, take on the type of `like`, if that is given.
    """
    is_list = isinstance(x, (list, tuple))
    if is_list and holds_nodes(x):
        x = autograd.stack([as_array(entry) for entry in x])
    elif not isinstance(x, Node):
        x = np.asarray(x)
    dtype = _float(like)
    if dtype is None or isinstance(x, Value):
        return x
    return autograd.astype(x, dtype) if is_list or x.dtype.kind in "iub" else x


def _float(like: Any) -> Any:
    """The type of floats that an array is of, or would be."""
    if like is None or isinstance(like, Value):
        return None
    return like.dtype if like.dtype.kind == "f" else np.dtype(float)


def pair(function: str, input: Any, target: Any) -> tuple[Any, Any]:
    """An input and a target of its shape, as arrays of floats.

    Raises
    ------
    ValueError
        If their shapes differ: broadcasting ``(n, 1)`` with ``(n,)`` makes ``(n, n)`` of them.
    """
    x = as_array(input)
    x, y = as_array(x, like=x), as_array(target, like=x)
    if x.shape != y.shape:
        raise misfit(function, x, y)
    return x, y


def misfit(function: str, input: Any, target: Any) -> ValueError:
    """The error for a target that does not fit."""
    counts = [x.shape[0] if x.shape else None for x in (input, target)]
    return ValueError(
        f"{function} was given {counted(*counts)}: the input has shape {input.shape}, the target "
        f"{target.shape}"
    )


REDUCTIONS = ("mean", "sum", "none")


def require_reduction(function: str, reduction: str, more: tuple[str, ...] = ()) -> None:
    """See that a reduction is one of those that there are."""
    known = REDUCTIONS + more
    if reduction not in known:
        raise ValueError(
            f"{function} takes reduction={', '.join(map(repr, known[:-1]))} or {known[-1]!r}, but "
            f"was given {reduction!r}"
        )


def reduced(function: str, losses: Any, reduction: str) -> Any:
    """The losses, or their sum, or their mean."""
    require_reduction(function, reduction)
    if reduction == "none":
        return losses
    return autograd.mean(losses) if reduction == "mean" else autograd.sum(losses)
