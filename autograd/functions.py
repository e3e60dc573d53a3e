"""Functions of arrays as users call them, with the names and defaults that PyTorch gives them.

Each makes its arguments canonical and applies one operation of the table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np

from autograd import rules

Axes = int | Sequence[int] | None


def sum(
    x: Any, dim: Axes = None, keepdim: bool = False, *, axis: Axes = None, keepdims: bool = False
) -> Any:
    """The sum over all elements, or along some axes.

    Parameters
    ----------
    x : Tensor or array, of any shape
    dim, axis : int or sequence of int, optional
        The axes to sum along (PyTorch's and NumPy's word for it); all if omitted.
    keepdim, keepdims : bool, default False
        Whether those axes stay, with length 1.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).sum(dim=0)
    Tensor([4., 6.])
    """
    axes = _axes("sum", x, dim, axis)
    return rules.sum(x, axis=axes, keepdims=keepdim or keepdims)


def mean(
    x: Any, dim: Axes = None, keepdim: bool = False, *, axis: Axes = None, keepdims: bool = False
) -> Any:
    """The mean over all elements, or along some axes; the arguments are those of `sum`.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).mean()
    Tensor(2.5)
    """
    axes = _axes("mean", x, dim, axis)
    shape = np.shape(_plain(x))
    total = rules.sum(x, axis=axes, keepdims=keepdim or keepdims)
    return total / math.prod(shape[i] for i in axes)


def reshape(x: Any, *shape: Any) -> Any:
    """The same elements, in the same order, in another shape.

    Parameters
    ----------
    x : Tensor or array
    *shape : int, or one sequence of int
        The new shape; one length may be -1 and is then worked out.

    Raises
    ------
    ValueError
        If the number of elements is not the same.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0, 3.0, 4.0]).reshape(2, -1)
    Tensor([[1., 2.],
            [3., 4.]])
    """
    return rules.reshape(x, shape=_lengths("reshape", shape))


def transpose(x: Any, *axes: Any) -> Any:
    """The axes in another order.

    Parameters
    ----------
    x : Tensor or array
    *axes : int
        Two axes to swap, as in PyTorch, or one sequence with the new order of all, as in NumPy;
        reversed if omitted.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).transpose(0, 1)
    Tensor([[1., 3.],
            [2., 4.]])
    """
    ndim = np.ndim(_plain(x))
    order = list(range(ndim))
    if not axes:
        order.reverse()
    elif len(axes) == 2:
        first, second = _positive("transpose", axes, ndim)
        order[first], order[second] = second, first
    elif len(axes) == 1 and isinstance(axes[0], (tuple, list)):
        order = list(_positive("transpose", axes[0], ndim))
    else:
        raise TypeError(f"transpose takes two axes, or one sequence of all; was given {axes}")
    return rules.transpose(x, axes=tuple(order))


def broadcast_to(x: Any, *shape: Any) -> Any:
    """`x` repeated to a larger shape by NumPy's rules of broadcasting.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0]).broadcast_to(2, 2)
    Tensor([[1., 2.],
            [1., 2.]])
    """
    return rules.broadcast_to(x, shape=_lengths("broadcast_to", shape))


def matmul(x: Any, y: Any) -> Any:
    """The product of matrices: ``(..., n, k) @ (..., k, m)`` gives ``(..., n, m)``.

    A vector stands for a row on the left and for a column on the right, and its axis is gone from
    the result, as in NumPy and PyTorch.

    Raises
    ------
    ValueError
        If the inner sizes differ, or either has no axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]) @ [1.0, 1.0]
    Tensor([3., 7.])
    """
    left, right = np.shape(_plain(x)), np.shape(_plain(y))
    if not left or not right:
        raise ValueError(f"matmul takes arrays with at least one axis, not {left} @ {right}")
    if len(left) == 1:
        x = rules.reshape(x, shape=(1, *left))
    if len(right) == 1:
        y = rules.reshape(y, shape=(*right, 1))
    product = rules.matmul(x, y)
    if len(left) == 1 or len(right) == 1:
        shape = list(product.shape)
        if len(right) == 1:
            del shape[-1]
        if len(left) == 1:
            del shape[-1 if len(right) == 1 else -2]
        product = rules.reshape(product, shape=tuple(shape))
    return product


def _plain(x: Any) -> Any:
    """The array of a node; what is not one as it is (`np.shape` must not see a node)."""
    return x.data if hasattr(x, "operands") else x


def _lengths(function: str, shape: tuple[Any, ...]) -> tuple[int, ...]:
    lengths = shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape
    return _integers(function, "length", lengths)


def _integers(function: str, what: str, numbers: Sequence[Any]) -> tuple[int, ...]:
    for number in numbers:
        if not isinstance(number, Integral):
            raise TypeError(
                f"{function} takes an integer for each {what}, but was given {number!r}"
            )
    return tuple(int(number) for number in numbers)


def _axes(function: str, x: Any, dim: Axes, axis: Axes) -> tuple[int, ...]:
    if dim is not None and axis is not None:
        raise TypeError(f"{function} takes dim= or axis=, which mean the same, but not both")
    chosen = axis if dim is None else dim
    ndim = np.ndim(_plain(x))
    if chosen is None:
        return tuple(range(ndim))
    axes = chosen if isinstance(chosen, (tuple, list)) else (chosen,)
    return _positive(function, axes, ndim)


def _positive(function: str, axes: Sequence[int], ndim: int) -> tuple[int, ...]:
    for axis in _integers(function, "axis", axes):
        if not -ndim <= axis < ndim:
            given = f"an array with {ndim} axes"
            raise IndexError(f"{function}: there is no axis {axis} in {given}")
    return tuple(axis % ndim for axis in axes)
