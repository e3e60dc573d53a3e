"""Losses of numbers that were to be predicted."""

from __future__ import annotations

from typing import Any

from nn import functional
from nn.losses.loss import Loss


class MSELoss(Loss):
    """The mean of squared errors, ``(x - target)²``: ``torch.nn.MSELoss``, and `mse_loss`.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}

    Examples
    --------
    >>> from autograd import Tensor
    >>> MSELoss()(Tensor([1.0, 2.0]), [1.0, 4.0])
    Tensor(2.)
    """

    def forward(self, input: Any, target: Any) -> Any:
        """The loss of an input and a target of its shape."""
        return functional.mse_loss(input, target, reduction=self.reduction)


class L1Loss(Loss):
    """The mean of absolute errors, ``|x - target|``: ``torch.nn.L1Loss``, and `l1_loss`.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}

    Examples
    --------
    >>> from autograd import Tensor
    >>> L1Loss()(Tensor([1.0, 2.0]), [1.0, 4.0])
    Tensor(1.)
    """

    def forward(self, input: Any, target: Any) -> Any:
        """The loss of an input and a target of its shape."""
        return functional.l1_loss(input, target, reduction=self.reduction)


class SmoothL1Loss(Loss):
    """The mean of absolute errors, squared where small: ``torch.nn.SmoothL1Loss``.

    Parameters
    ----------
    beta : float, default 1
        What is small; see `nn.functional.smooth_l1_loss`.
    reduction : {"mean", "sum", "none"}

    Examples
    --------
    >>> from autograd import Tensor
    >>> SmoothL1Loss()(Tensor([1.0, 2.0]), [1.5, 4.0])
    Tensor(0.8125)
    """

    def __init__(self, *, reduction: str = "mean", beta: float = 1.0) -> None:
        super().__init__(reduction=reduction)
        self.beta = beta

    def forward(self, input: Any, target: Any) -> Any:
        """The loss of an input and a target of its shape."""
        return functional.smooth_l1_loss(input, target, reduction=self.reduction, beta=self.beta)


class HuberLoss(Loss):
    """The mean of squared errors that grow in a line from some size on: ``torch.nn.HuberLoss``.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}
    delta : float, default 1
        That size; see `nn.functional.huber_loss`.

    Examples
    --------
    >>> from autograd import Tensor
    >>> HuberLoss(delta=0.5)(Tensor([1.0, 2.0]), [1.5, 4.0])
    Tensor(0.5)
    """

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction=reduction)
        self.delta = delta

    def forward(self, input: Any, target: Any) -> Any:
        """The loss of an input and a target of its shape."""
        return functional.huber_loss(input, target, reduction=self.reduction, delta=self.delta)
