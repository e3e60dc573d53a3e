"""How far the scores of classes are from the truth."""

from __future__ import annotations

from typing import Any

import autograd
from nn.functional import scalars
from nn.functional.operands import as_array, holds_nodes, is_scalar_code, misfit


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """The mean cross-entropy of scores (logits) and classes, ``log Σⱼ eˣʲ - x[target]``.

    As ``torch.nn.functional.cross_entropy``; what `autograd.cross_entropy` says holds for Tensors.

    Parameters
    ----------
    input : Tensor or array of shape (n, classes), (classes,) or (n, classes, ...)
        The scores. In scalar code, a list of Values or numbers, or a list of such lists: then the
        mean is a Value or a float.
    target : integers of shape (n,), () or (n, ...), or floats of the shape of `input`
        The class of each row, or the probability of each class. In scalar code, the class, or a
        list of them. Classes may be arguments of a compiled function.
    weight : array of shape (classes,), optional
        How much each class counts; all alike if omitted.
    ignore_index : int, default -100
        A target that does not count.
    reduction : {"mean", "sum", "none"}
    label_smoothing : float, default 0
        How much of each target to spread evenly over all classes.

    Raises
    ------
    IndexError
        If there is no such class.
    ValueError
        If there are not as many targets as rows, or an argument is out of its range.

    Examples
    --------
    >>> round(cross_entropy([-2.0, 3.0, 0.5], 1), 6)
    0.085097
    >>> from autograd import Tensor
    >>> cross_entropy(Tensor([[-2.0, 3.0, 0.5], [0.0, 0.0, 0.0]]), [1, 2])
    Tensor(0.59185477)
    """
    usual = weight is None and ignore_index == -100 and reduction == "mean" and not label_smoothing
    if usual and is_scalar_code(input, target):
        return scalars.cross_entropy(input, target)
    scores, classes = _arrays("cross_entropy", input, target)
    if classes.shape not in (scores.shape, scores.shape[:1] + scores.shape[2:], ()):
        raise misfit("cross_entropy", scores, classes)
    return autograd.cross_entropy(
        scores,
        classes,
        weight,
        ignore_index=ignore_index,
        reduction=reduction,
        label_smoothing=label_smoothing,
    )


def nll_loss(
    input: Any,
    target: Any,
    weight: Any = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Any:
    """The mean of ``-x[target]``, where `log_softmax` made x. As ``torch.nn.functional.nll_loss``.

    Parameters
    ----------
    input : Tensor or array of shape (n, classes), (classes,) or (n, classes, ...)
        Logarithms of probabilities.
    target : integers of shape (n,), () or (n, ...)
        The class of each row.
    weight, ignore_index, reduction
        As in `cross_entropy`, as are the errors.

    Examples
    --------
    >>> from autograd import Tensor
    >>> nll_loss(Tensor([[-2.0, -0.25, -1.5]]), [1])
    Tensor(0.25)
    """
    logs, classes = _arrays("nll_loss", input, target)
    return autograd.nll_loss(logs, classes, weight, ignore_index=ignore_index, reduction=reduction)


def _arrays(function: str, input: Any, target: Any) -> tuple[Any, Any]:
    """Scores, and their classes or probabilities."""
    scores, classes = as_array(input), as_array(target)
    if holds_nodes(target) and classes.shape != scores.shape:
        raise TypeError(
            f"{function}, with these settings, takes classes in an array of whole numbers, as "
            "np.array([1]): of one by itself, and of lists, a compiled function makes Values"
        )
    return scores, classes
