"""The functions of arrays that are methods of a Tensor, too."""

from __future__ import annotations

from typing import Any, Self

from autograd.functions import linear_algebra, reduction, shape


class Methods:
    """What a Tensor can do besides what every node can."""

    __slots__ = ()

    # reductions
    sum = reduction.sum
    mean = reduction.mean

    # shapes
    reshape = shape.reshape
    transpose = shape.transpose
    broadcast_to = shape.broadcast_to

    # linear algebra
    matmul = __matmul__ = linear_algebra.matmul

    def __rmatmul__(self, other: Any) -> Self:
        return linear_algebra.matmul(other, self)
