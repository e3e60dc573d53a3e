"""Losses that bring things together or apart."""

from __future__ import annotations

from typing import Any

from nn import functional
from nn.losses.loss import Loss


class HingeEmbeddingLoss(Loss):
    """The mean of distances of the alike, and of what others lack: ``torch.nn.HingeEmbeddingLoss``.

    Parameters
    ----------
    margin : float, default 1
        How far is far enough; see `nn.functional.hinge_embedding_loss`.
    reduction : {"mean", "sum", "none"}

    Examples
    --------
    >>> from autograd import Tensor
    >>> HingeEmbeddingLoss()(Tensor([0.25, 0.25]), [1, -1])
    Tensor(0.5)
    """

    def __init__(self, margin: float = 1.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.margin = margin

    def forward(self, input: Any, target: Any) -> Any:
        """The loss of distances, given 1 for the alike and -1 for others."""
        return functional.hinge_embedding_loss(
            input, target, margin=self.margin, reduction=self.reduction
        )


class CosineEmbeddingLoss(Loss):
    """The mean of what cosines lack, or have too much: ``torch.nn.CosineEmbeddingLoss``.

    Parameters
    ----------
    margin : float, default 0
        How large is small enough; see `nn.functional.cosine_embedding_loss`.
    reduction : {"mean", "sum", "none"}

    Examples
    --------
    >>> from autograd import Tensor
    >>> CosineEmbeddingLoss()(Tensor([[1.0, 0.0]]), Tensor([[0.0, 1.0]]), [1])
    Tensor(1.)
    """

    def __init__(self, margin: float = 0.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.margin = margin

    def forward(self, input1: Any, input2: Any, target: Any) -> Any:
        """The loss of pairs of vectors, given 1 for the alike and -1 for others."""
        return functional.cosine_embedding_loss(
            input1, input2, target, margin=self.margin, reduction=self.reduction
        )


class TripletMarginLoss(Loss):
    """The mean of how much the alike are too far, beside others: ``torch.nn.TripletMarginLoss``.

    Parameters
    ----------
    margin : float, default 1
    p, eps : float, default 2 and 1e-6
    swap : bool, default False
        See `nn.functional.triplet_margin_loss`.
    reduction : {"mean", "sum", "none"}

    Examples
    --------
    >>> from autograd import Tensor
    >>> TripletMarginLoss(eps=0.0)(Tensor([[0.0, 0.0]]), [[3.0, 4.0]], [[0.0, 5.5]])
    Tensor(0.5)
    """

    def __init__(
        self,
        margin: float = 1.0,
        p: float = 2.0,
        eps: float = 1e-6,
        swap: bool = False,
        *,
        reduction: str = "mean",
    ) -> None:
        super().__init__(reduction=reduction)
        self.margin, self.p, self.eps, self.swap = margin, p, eps, swap

    def forward(self, anchor: Any, positive: Any, negative: Any) -> Any:
        """The loss of things, what is alike each, and what is not."""
        return functional.triplet_margin_loss(
            anchor,
            positive,
            negative,
            margin=self.margin,
            p=self.p,
            eps=self.eps,
            swap=self.swap,
            reduction=self.reduction,
        )
