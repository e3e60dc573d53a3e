"""Losses of scores and probabilities."""

from __future__ import annotations

from typing import Any

from autograd import Tensor
from nn import functional
from nn.losses.loss import Loss


class CrossEntropyLoss(Loss):
    """The mean cross-entropy of scores and classes: ``torch.nn.CrossEntropyLoss``.

    Parameters
    ----------
    weight : array of shape (classes,), optional
        How much each class counts: a buffer.
    ignore_index : int, default -100
        A target that does not count.
    reduction : {"mean", "sum", "none"}
    label_smoothing : float, default 0
        How much of each target to spread evenly; see `nn.functional.cross_entropy`.

    Examples
    --------
    >>> from autograd import Tensor
    >>> CrossEntropyLoss()(Tensor([[-2.0, 3.0, 0.5], [0.0, 0.0, 0.0]]), [1, 2])
    Tensor(0.59185477)
    """

    weight: Tensor | None

    def __init__(
        self,
        weight: Any = None,
        *,
        ignore_index: int = -100,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(reduction=reduction)
        self.register_weight("weight", weight)
        self.ignore_index, self.label_smoothing = ignore_index, label_smoothing

    def forward(self, input: Any, target: Any) -> Any:
        """The loss of scores, given classes or probabilities of them."""
        return functional.cross_entropy(
            input,
            target,
            self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )


class NLLLoss(Loss):
    """The mean of ``-x[target]`` of logarithms of probabilities: ``torch.nn.NLLLoss``.

    Parameters
    ----------
    weight : array of shape (classes,), optional
        How much each class counts: a buffer.
    ignore_index : int, default -100
        A target that does not count.
    reduction : {"mean", "sum", "none"}

    Examples
    --------
    >>> from autograd import Tensor
    >>> NLLLoss()(Tensor([[-2.0, -0.25, -1.5]]), [1])
    Tensor(0.25)
    """

    weight: Tensor | None

    def __init__(
        self, weight: Any = None, *, ignore_index: int = -100, reduction: str = "mean"
    ) -> None:
        super().__init__(reduction=reduction)
        self.register_weight("weight", weight)
        self.ignore_index = ignore_index

    def forward(self, input: Any, target: Any) -> Any:
        """The loss of logarithms, given classes."""
        return functional.nll_loss(
            input,
            target,
            self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
        )


class BCELoss(Loss):
    """The mean cross-entropy of probabilities and what came true: ``torch.nn.BCELoss``.

    Parameters
    ----------
    weight : array, optional
        How much each loss counts: a buffer.
    reduction : {"mean", "sum", "none"}

    Examples
    --------
    >>> from autograd import Tensor
    >>> BCELoss()(Tensor([0.5, 0.5]), [1.0, 0.0])
    Tensor(0.69314718)
    """

    weight: Tensor | None

    def __init__(self, weight: Any = None, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.register_weight("weight", weight)

    def forward(self, input: Any, target: Any) -> Any:
        """The loss of probabilities and a target of their shape."""
        return functional.binary_cross_entropy(input, target, self.weight, reduction=self.reduction)


class BCEWithLogitsLoss(Loss):
    """The mean cross-entropy of scores and probabilities: ``torch.nn.BCEWithLogitsLoss``.

    Parameters
    ----------
    weight : array, optional
        How much each loss counts: a buffer.
    reduction : {"mean", "sum", "none"}
    pos_weight : array, optional
        How much the positive class counts: a buffer.

    Examples
    --------
    >>> from autograd import Tensor
    >>> BCEWithLogitsLoss()(Tensor([0.0, 1000.0]), [1.0, 1.0])
    Tensor(0.34657359)
    """

    weight: Tensor | None
    pos_weight: Tensor | None

    def __init__(
        self, weight: Any = None, *, reduction: str = "mean", pos_weight: Any = None
    ) -> None:
        super().__init__(reduction=reduction)
        self.register_weight("weight", weight)
        self.register_weight("pos_weight", pos_weight)

    def forward(self, input: Any, target: Any) -> Any:
        """The loss of scores and a target of their shape."""
        return functional.binary_cross_entropy_with_logits(
            input, target, self.weight, reduction=self.reduction, pos_weight=self.pos_weight
        )


class KLDivLoss(Loss):
    """The Kullback-Leibler divergence from what has given logarithms: ``torch.nn.KLDivLoss``.

    Parameters
    ----------
    reduction : {"mean", "sum", "none", "batchmean"}
        "batchmean" is the definition; see `nn.functional.kl_div`.
    log_target : bool, default False
        Whether the target is given by its logarithms, too.

    Examples
    --------
    >>> from autograd import Tensor
    >>> KLDivLoss(reduction="batchmean", log_target=True)(Tensor([[-1.0]]), [[0.0]])
    Tensor(1.)
    """

    more = ("batchmean",)

    def __init__(self, *, reduction: str = "mean", log_target: bool = False) -> None:
        super().__init__(reduction=reduction)
        self.log_target = log_target

    def forward(self, input: Any, target: Any) -> Any:
        """The divergence of a target from an input of its shape."""
        return functional.kl_div(
            input, target, reduction=self.reduction, log_target=self.log_target
        )
