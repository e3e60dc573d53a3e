"""How far probabilities are from what came true, and from each other; as PyTorch defines it."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd
from nn.functional import scalars
from nn.functional.operands import as_array, is_scalar_code, pair, reduced, require_reduction

LEAST = -100.0  # of a logarithm
TINY = 1e-44  # whose logarithm is below that
LEAST_DIVISOR = float(np.float32(1e-12))  # PyTorch has it in float32, whatever it divides


def _log(x: Any) -> Any:
    """The logarithm, not below -100."""
    return autograd.maximum(autograd.log(autograd.maximum(x, TINY)), LEAST)


@autograd.custom(
    partials=[
        lambda out, x, y: (x - y) / autograd.maximum(x * (1.0 - x), LEAST_DIVISOR),
        lambda out, x, y: _log(1.0 - x) - _log(x),
    ],
    text="−({1} · ln {0} + (1 − {1}) · ln(1 − {0}))",
    source="PyTorch, aten/src/ATen/native/Loss.cpp: logarithms and divisors are bounded",
)
def log_loss(x: Any, y: Any) -> Any:
    """The cross-entropy of two probabilities of the same."""
    if not (np.all(x >= 0.0) and np.all(x <= 1.0)):
        raise ValueError(
            "binary_cross_entropy takes probabilities, from 0 to 1, for its input; of scores, take "
            "binary_cross_entropy_with_logits"
        )
    return -(y * _log(x) + (1.0 - y) * _log(1.0 - x))


def binary_cross_entropy(
    input: Any, target: Any, weight: Any = None, *, reduction: str = "mean"
) -> Any:
    """The mean cross-entropy of probabilities and what came true.

    ``-weight · (target · log x + (1 - target) · log(1 - x))``, in which no logarithm is below -100.
    As ``torch.nn.functional.binary_cross_entropy``, also where x is 0 or 1; but the derivative by
    the target is that of the bounded logarithms, where PyTorch's is infinite.

    Parameters
    ----------
    input : Tensor or array of floats from 0 to 1
        The probabilities. `binary_cross_entropy_with_logits` takes scores, and is more exact.
    target : Tensor or array of the same shape, of floats from 0 to 1
        Usually the class, 0 or 1.
    weight : array, optional
        How much each loss counts; its shape broadcasts to theirs.
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ValueError
        If the shapes differ, or an input is no probability.

    Examples
    --------
    >>> from autograd import Tensor
    >>> binary_cross_entropy(Tensor([0.5, 0.0]), [1.0, 1.0], reduction="none")
    Tensor([  0.69314718, 100.        ])
    """
    x, y = pair("binary_cross_entropy", input, target)
    losses = _weighed(log_loss(x, y), weight, x)
    return reduced("binary_cross_entropy", losses, reduction)


def binary_cross_entropy_with_logits(
    input: Any,
    target: Any,
    weight: Any = None,
    *,
    reduction: str = "mean",
    pos_weight: Any = None,
) -> Any:
    """The mean cross-entropy of scores (logits) and probabilities, without overflow.

    ``-weight · (pos_weight · target · log σ(x) + (1 - target) · log(1 - σ(x)))``. As
    ``torch.nn.functional.binary_cross_entropy_with_logits``.

    Parameters
    ----------
    input : Tensor or array of floats; or Values, numbers, or lists of them
        The scores: the probabilities are their sigmoids. Of the latter the mean is a Value or a
        float.
    target : the same, of the same shape
        Probabilities; usually the class, 0 or 1.
    weight : array, optional
        How much each loss counts; its shape broadcasts to theirs.
    reduction : {"mean", "sum", "none"}
    pos_weight : array, optional
        How much the positive class counts, in a shape that broadcasts.

    Raises
    ------
    ValueError
        If the shapes differ, or there is no such reduction.

    Examples
    --------
    >>> round(binary_cross_entropy_with_logits(2.0, 1.0), 6)
    0.126928
    """
    function = "binary_cross_entropy_with_logits"
    usual = reduction == "mean" and weight is None and pos_weight is None
    if usual and is_scalar_code(input, target):
        return scalars.binary_cross_entropy_with_logits(input, target)
    x, y = pair(function, input, target)
    miss = autograd.softplus(-x)  # -log σ(x), where the positive class is the true one
    if pos_weight is not None:
        miss = miss * (1.0 + (as_array(pos_weight, like=x) - 1.0) * y)
    return reduced(function, _weighed((1.0 - y) * x + miss, weight, x), reduction)


def _weighed(losses: Any, weight: Any, like: Any) -> Any:
    """Losses, by how much each counts."""
    return losses if weight is None else losses * as_array(weight, like=like)


def kl_div(input: Any, target: Any, *, reduction: str = "mean", log_target: bool = False) -> Any:
    """The Kullback-Leibler divergence of a distribution from one whose logarithms are given.

    ``target · (log target - input)``, and 0 where `target` is 0; with `log_target`
    ``exp(target) · (target - input)``. As ``torch.nn.functional.kl_div``.

    Parameters
    ----------
    input : Tensor or array
        Logarithms of probabilities, such as `log_softmax` gives.
    target : Tensor or array of the same shape
        Probabilities, or their logarithms.
    reduction : {"mean", "sum", "none", "batchmean"}
        "batchmean" divides the sum by the length of the first axis, as the definition does; "mean"
        by the number of all elements.
    log_target : bool, default False

    Raises
    ------
    ValueError
        If the shapes differ, or there is no such reduction.

    References
    ----------
    Kullback & Leibler 1951, On information and sufficiency.

    Examples
    --------
    >>> import math
    >>> from autograd import Tensor
    >>> kl_div(Tensor([[math.log(0.25), math.log(0.75)]]), [[0.0, 1.0]], reduction="batchmean")
    Tensor(0.28768207)
    """
    require_reduction("kl_div", reduction, ("batchmean",))
    x, y = pair("kl_div", input, target)
    if log_target:
        losses = autograd.exp(y) * (y - x)
    else:
        losses = y * autograd.log(autograd.where(y == 0.0, 1.0, y)) - y * x
    if reduction != "batchmean":
        return reduced("kl_div", losses, reduction)
    return autograd.sum(losses) / (x.shape[0] if x.shape else 1)
