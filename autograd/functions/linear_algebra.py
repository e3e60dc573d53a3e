"""Products of vectors and matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import rules
from autograd.node import plain


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
    left, right = np.shape(plain(x)), np.shape(plain(y))
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
