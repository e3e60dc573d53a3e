"""Scores as probabilities."""

from __future__ import annotations

from typing import Any

from nn import functional
from nn.layers.activation import Activation


class Softmax(Activation):
    """Scores as probabilities along an axis: ``torch.nn.Softmax``; see `nn.functional.softmax`.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Softmax(dim=1)(Tensor([[0.0, 0.0]]))
    Tensor([[0.5, 0.5]])
    """

    def __init__(self, dim: int | None = None) -> None:
        self.dim = dim

    def forward(self, input: Any) -> Any:
        """What it makes of each row."""
        return functional.softmax(input, self.dim)


class LogSoftmax(Activation):
    """The logarithm of `Softmax`: ``torch.nn.LogSoftmax``.

    Examples
    --------
    >>> from autograd import Tensor
    >>> LogSoftmax(dim=0)(Tensor([1000.0, 0.0]))
    Tensor([    0., -1000.])
    """

    def __init__(self, dim: int | None = None) -> None:
        self.dim = dim

    def forward(self, input: Any) -> Any:
        """What it makes of each row."""
        return functional.log_softmax(input, self.dim)
