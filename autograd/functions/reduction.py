"""Functions that take many elements to one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd import rules
from autograd.functions.arguments import Axes, axes_of
from autograd.node import plain


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
    axes = axes_of("sum", x, dim, axis)
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
    axes = axes_of("mean", x, dim, axis)
    shape = np.shape(plain(x))
    total = rules.sum(x, axis=axes, keepdims=keepdim or keepdims)
    return total / math.prod(shape[i] for i in axes)
