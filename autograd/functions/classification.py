"""How far scores are from classes, and from probabilities of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import rules
from autograd.complaints import called, dtype_of, shape_of
from autograd.functions.arguments import without
from autograd.functions.indexing import gather, recorded
from autograd.functions.shape import unsqueeze
from autograd.node import Node, index_array
from autograd.tracing import Varying


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """The mean of ``log Σⱼ eˣʲ - x[target]`` over rows of scores, without overflow.

    As ``torch.nn.functional.cross_entropy`` (Goodfellow, Bengio & Courville, Deep Learning, eq.
    6.30).

    Parameters
    ----------
    input : Tensor of shape (n, classes), (classes,) or (n, classes, ...)
        The scores (logits).
    target : integers of shape (n,), () or (n, ...), or floats of the shape of `input`
        The class of each row, or the probability of each class.
    weight : array of shape (classes,), optional
        How much each class counts; all alike if omitted.
    ignore_index : int, default -100
        A target that does not count.
    reduction : {"mean", "sum", "none"}
        What to do with the losses of the rows. The mean of classes is weighted by `weight`.
    label_smoothing : float, default 0
        How much of each target to spread evenly over all classes (Szegedy et al. 2016, Rethinking
        the inception architecture, sec. 7).

    Returns
    -------
    Tensor of shape (), or that of the rows

    Raises
    ------
    ValueError
        If there are not as many targets as rows, or none; or if an argument is out of range.
    IndexError
        If there is no such class.

    Examples
    --------
    >>> scores = [[-2.0, 3.0, 0.5]]
    >>> round(cross_entropy(scores, [1]).item(), 6)
    0.085097
    """
    input, target, shape = _rows("cross_entropy", "scores", input, target, probabilities=True)
    if reduction != "mean" or label_smoothing:
        _require_settings("cross_entropy", reduction, label_smoothing)
    if shape_of(target) == shape_of(input):
        losses, count = _of_probabilities(input, target, weight, label_smoothing)
        return _reduced(losses, reduction, count, shape)
    classes = _whole("cross_entropy", target)
    if weight is None and reduction == "mean" and not label_smoothing and classes.ndim == 1:
        try:
            return rules.cross_entropy(input, target=classes, ignored=int(ignore_index))
        except ValueError:
            _require_classes("cross_entropy", classes, input, ignore_index)
            raise
    _require_classes("cross_entropy", classes, input, ignore_index)
    logs, weights = rules.log_softmax(input, axis=(1,)), _weights("cross_entropy", input, weight)
    kept, losses, count = _of_classes(logs, classes, weights, ignore_index)
    if label_smoothing:
        spread = rules.neg(rules.sum(_weighed(logs, weights), axis=(1,), keepdims=False))
        even = rules.mul(rules.where(kept, spread, 0.0), label_smoothing / shape_of(input)[1])
        losses = rules.add(rules.mul(losses, 1.0 - label_smoothing), even)
    return _reduced(losses, reduction, count, shape)


def nll_loss(
    input: Any,
    target: Any,
    weight: Any = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Any:
    """The mean of ``-x[target]`` over rows of logarithms of probabilities.

    ``-Σᵢ weight[tᵢ] · input[i, tᵢ] / Σᵢ weight[tᵢ]``, which is the cross-entropy if `log_softmax`
    made the logarithms. As ``torch.nn.functional.nll_loss``.

    Parameters
    ----------
    input : Tensor of shape (n, classes), (classes,) or (n, classes, ...)
        The logarithms.
    target : integers of shape (n,), () or (n, ...)
        The class of each row.
    weight, ignore_index, reduction
        As in `cross_entropy`.

    Returns
    -------
    Tensor of shape (), or that of the rows

    Raises
    ------
    ValueError
        If there are not as many targets as rows, or none; or if an argument is out of range.
    IndexError
        If there is no such class.

    Examples
    --------
    >>> float(nll_loss([[-2.0, -0.25, -1.5]], [1]))
    0.25
    """
    input, target, shape = _rows("nll_loss", "logarithms", input, target)
    _require_settings("nll_loss", reduction)
    classes = _whole("nll_loss", target)
    _require_classes("nll_loss", classes, input, ignore_index)
    weights = _weights("nll_loss", input, weight)
    _, losses, count = _of_classes(input, classes, weights, ignore_index)
    return _reduced(losses, reduction, count, shape)


def _rows(
    function: str, what: str, input: Any, target: Any, probabilities: bool = False
) -> tuple[Any, Any, tuple[int, ...]]:
    """Rows of scores, their targets, and of which shape the losses are; a row by itself is one."""
    shape, given = shape_of(input), shape_of(target)
    rows = without(1 if len(shape) > 1 else 0, shape)
    if not shape or 0 in rows or not (given == rows or (probabilities and given == shape)):
        raise ValueError(
            f"{function} takes rows of {what} and a class for each, but was given "
            f"{called(input, 'input')} and {called(target, 'target')}"
        )
    if len(shape) > 1:
        return input, target, rows
    one = [rules.reshape(x, shape=(1, *shape_of(x))) for x in (input, target)]
    return one[0], one[1], ()


def _require_settings(function: str, reduction: str, smoothing: float = 0.0) -> None:
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(
            f"{function} takes reduction='mean', 'sum' or 'none', but was given {reduction!r}"
        )
    if not 0.0 <= smoothing <= 1.0:
        raise ValueError(f"{function} takes label_smoothing from 0 to 1, not {smoothing}")


def _weights(function: str, input: Any, weight: Any) -> Any:
    """How much each class counts, in the type of the scores; None if all count alike."""
    if weight is None:
        return None
    if shape_of(weight) != shape_of(input)[1:2]:
        raise ValueError(
            f"{function} takes a weight for each class, but was given "
            f"{called(weight, 'weight')} and {called(input, 'input')}"
        )
    return rules.astype(
        weight if isinstance(weight, Node) else np.array(weight), dtype=_type(input)
    )


def _type(input: Any) -> np.dtype[Any]:
    """The type of what is computed from scores."""
    return np.result_type(dtype_of(input), np.float32)


def _weighed(x: Any, weights: Any) -> Any:
    """Numbers times the weights of their classes."""
    if weights is None:
        return x
    return rules.mul(x, rules.reshape(weights, shape=(-1,) + (1,) * (len(shape_of(x)) - 2)))


def _of_probabilities(input: Any, target: Any, weight: Any, smoothing: float) -> tuple[Any, float]:
    """How much each row loses, given the probability of each class, and how many there are."""
    shape, kind = shape_of(input), dtype_of(target)
    if kind.kind != "f":
        raise ValueError(f"cross_entropy takes floats for probabilities, not {kind}")
    share = target if isinstance(target, Node) else np.array(target, _type(input))
    if smoothing:
        share = rules.add(rules.mul(share, 1.0 - smoothing), smoothing / shape[1])
    share = _weighed(share, _weights("cross_entropy", input, weight))
    logs = rules.log_softmax(input, axis=(1,))
    if not getattr(target, "requires_grad", False):
        logs = rules.where(rules.ne(share, 0.0), logs, 0.0)  # a score of -inf that does not count
    losses = rules.neg(rules.sum(rules.mul(share, logs), axis=(1,), keepdims=False))
    return losses, math.prod(without(1, shape))


def _of_classes(logs: Any, target: Any, weights: Any, ignored: int) -> tuple[Any, Any, Any]:
    """Which rows count, how much each loses, and what the mean divides by."""
    is_new = isinstance(target, Varying)  # in each call, which has to find out what is no class
    target = target.source if is_new else target
    kept, known = rules.ne(target, ignored), target
    if is_new:
        known = rules.where(rules.lt(target, 0), shape_of(logs)[1], target)
    places = unsqueeze(rules.where(kept, known, 0), 1)
    share = rules.astype(unsqueeze(kept, 1), dtype=_type(logs))
    if weights is not None:
        chosen = index_array(places)
        share = rules.mul(share, rules.index(recorded(weights, chosen), key=(chosen,)))
    found = rules.where(rules.ne(share, 0.0), gather(logs, 1, places), 0.0)
    losses = rules.neg(rules.sum(rules.mul(share, found), axis=(1,), keepdims=False))
    return kept, losses, _total(share)


def _total(x: Any) -> Any:
    return rules.sum(x, axis=tuple(range(len(shape_of(x)))), keepdims=False)


def _reduced(losses: Any, reduction: str, count: Any, shape: tuple[int, ...]) -> Any:
    """The losses of the rows in a shape, or their sum, or their mean."""
    if reduction == "none":
        return losses if shape_of(losses) == shape else rules.reshape(losses, shape=shape)
    total = _total(losses)
    if reduction == "sum":
        return total
    if isinstance(count, Node):  # the mean of none is NaN, and flat
        none = rules.eq(count, 0.0)
        return rules.where(none, math.nan, rules.div(total, rules.where(none, 1.0, count)))
    return rules.mul(total, 1.0 / float(count)) if count else rules.mul(total, 0.0) + math.nan


def _whole(function: str, target: Any) -> NDArray[Any]:
    """The class of each row, in an array of its own."""
    classes = index_array(target)
    if classes.dtype.kind not in "iu":
        raise ValueError(f"{function} takes whole numbers for classes, not {classes.dtype}")
    return classes.astype(np.intp, copy=False)


def _require_classes(function: str, classes: NDArray[Any], input: Any, ignored: int) -> None:
    """See that there is a class of each number, or that it is to be ignored."""
    known, n = classes.view(np.ndarray), shape_of(input)[1]  # in a trace, those of one call
    wrong = known[((known < 0) | (known >= n)) & (known != ignored)]
    if wrong.size:
        raise IndexError(f"{function}: class {wrong[0]} is not one of the {n} that have scores")
