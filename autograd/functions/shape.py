"""Functions that give the same elements another shape or order."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import rules
from autograd.functions.arguments import lengths, positive
from autograd.node import plain


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
    return rules.reshape(x, shape=lengths("reshape", shape))


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
    ndim = np.ndim(plain(x))
    order = list(range(ndim))
    if not axes:
        order.reverse()
    elif len(axes) == 2:
        first, second = positive("transpose", axes, ndim)
        order[first], order[second] = second, first
    elif len(axes) == 1 and isinstance(axes[0], (tuple, list)):
        order = list(positive("transpose", axes[0], ndim))
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
    return rules.broadcast_to(x, shape=lengths("broadcast_to", shape))
