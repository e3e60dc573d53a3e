"""What the losses share: a reduction, and weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Node, Tensor
from nn.functional.operands import require_reduction
from nn.module import Module


class Loss(Module):
    """What the losses share: what is done with those of all elements, and weights.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}
    """

    more: tuple[str, ...] = ()  # reductions, beside those that all have

    def __init__(self, *, reduction: str = "mean") -> None:
        require_reduction(type(self).__name__, reduction, self.more)
        self.reduction = reduction

    def register_weight(self, name: str, weight: Any) -> None:
        """Hold numbers that are given once, which move with the state, but are not trained."""
        if weight is not None and not isinstance(weight, Node):
            array = np.array(weight)
            weight = Tensor(array if array.dtype.kind == "f" else array.astype(float))
        self.register_buffer(name, weight)
