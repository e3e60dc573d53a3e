"""What networks are made of: affine maps of rows, and the loss of a classification."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import rules
from autograd.complaints import called, dtype_of, shape_of
from autograd.functions.arguments import without
from autograd.functions.products import matmul
from autograd.node import index_array, plain
from autograd.tracing import Varying, refusal


def linear(input: Any, weight: Any, bias: Any = None) -> Any:
    """An affine map, ``input @ weightᵀ + bias``. As ``torch.nn.functional.linear``.

    Parameters
    ----------
    input : Tensor of shape (..., in_features)
    weight : Tensor of shape (out_features, in_features); or (in_features,), without a bias
    bias : Tensor of shape (out_features,), optional

    Returns
    -------
    Tensor of shape (..., out_features), or (...)

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> from autograd import Tensor
    >>> linear(Tensor([1.0, 2.0]), [[3.0, 4.0]], [0.5])
    Tensor([11.5])
    """
    try:
        if bias is not None:
            return rules.linear(input, weight, bias)
    except ValueError as error:
        if len(shape_of(input)) != 1:
            raise _misfit(input, weight, bias) or error from None
    misfit = _misfit(input, weight, bias)
    if misfit is not None:
        raise misfit
    given, features = shape_of(input), shape_of(weight)
    if bias is None:
        return matmul(input, weight if len(features) == 1 else rules.mT(weight))
    row = rules.linear(rules.reshape(input, shape=(1, *given)), weight, bias)
    return rules.reshape(row, shape=features[:1])


def _misfit(input: Any, weight: Any, bias: Any) -> ValueError | None:
    """What is wrong with the shapes of an affine map's operands; None if they fit."""
    given, features = shape_of(input), shape_of(weight)
    axes = (1, 2) if bias is None else (2,)
    if len(features) not in axes:
        return ValueError(
            f"linear: {called(weight, 'weight')}: it takes a matrix, (out_features, in_features)"
        )
    if not given or given[-1] != features[-1]:
        return ValueError(
            f"linear: {called(weight, 'weight')} takes {features[-1]} features, the last axis of "
            f"x, but was given {called(input, 'x')}"
        )
    if bias is not None and shape_of(bias)[-1:] not in ((), (1,), features[:1]):
        return ValueError(
            f"linear: {called(weight, 'weight')} gives {features[0]} features, which "
            f"{called(bias, 'bias')} does not fit"
        )
    return None


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
    shape, given = shape_of(input), shape_of(target)
    axis = 1 if len(shape) > 1 else 0
    rows = without(axis, shape)
    if not shape or given not in (shape, rows) or 0 in rows:
        raise ValueError(
            f"cross_entropy takes rows of scores and a class for each, but was given "
            f"{called(input, 'input')} and {called(target, 'target')}"
        )
    usual = weight is None and reduction == "mean" and not label_smoothing
    if not usual:
        _require_settings(reduction, label_smoothing)
    if given == shape:
        weights, count = _weights(input, weight, axis), math.prod(shape) / shape[axis]
        share = _of_probabilities(target, weights, label_smoothing)
    else:
        classes, kinds = _whole(target), shape[axis]
        if usual and len(shape) == 2 and not 0 <= ignore_index < kinds:
            try:
                return rules.cross_entropy(input, target=classes)
            except ValueError:  # a number without a class: wrong, unless it is to be ignored
                _require_classes(classes, kinds, ignore_index)
        else:
            if isinstance(classes, Varying):
                raise refusal("cross_entropy, with these settings,")
            _require_classes(classes, kinds, ignore_index)
        weights = _weights(input, weight, axis)
        share, count = _of_classes(classes, axis, weights, label_smoothing, ignore_index)
    parts = rules.mul(share, rules.log_softmax(input, axis=(axis,)))
    if isinstance(share, np.ndarray):
        parts = rules.where(share != 0, parts, 0.0)  # a score of -inf, where it does not count
    losses = rules.neg(rules.sum(parts, axis=(axis,), keepdims=False))
    if reduction == "none":
        return losses
    total = rules.sum(losses, axis=tuple(range(len(shape) - 1)), keepdims=False)
    scale = 1.0 if reduction == "sum" else 1.0 / count if count else math.nan
    return rules.mul(total, scale)


def _require_settings(reduction: str, smoothing: float) -> None:
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(
            f"cross_entropy takes reduction='mean', 'sum' or 'none', but was given {reduction!r}"
        )
    if not 0.0 <= smoothing <= 1.0:
        raise ValueError(f"cross_entropy takes label_smoothing from 0 to 1, not {smoothing}")


def _weights(input: Any, weight: Any, axis: int) -> NDArray[Any]:
    """How much each class counts, along the axis of the classes and in the type of the scores."""
    shape, dtype = shape_of(input), np.result_type(dtype_of(input), np.float32)
    weights = np.ones(shape[axis], dtype) if weight is None else np.array(plain(weight), dtype)
    if weights.shape != shape[axis : axis + 1]:
        raise ValueError(
            f"cross_entropy takes a weight for each class, but was given "
            f"{called(weight, 'weight')} and {called(input, 'input')}"
        )
    return weights.reshape((-1,) + (1,) * (len(shape) - axis - 1))


def _of_probabilities(target: Any, weights: NDArray[Any], smoothing: float) -> Any:
    """How much the score of each class counts in its row, given the probability of each."""
    kind = dtype_of(target)
    if kind.kind != "f":
        raise ValueError(f"cross_entropy takes floats for probabilities, not {kind}")
    target = target if hasattr(target, "operands") else np.array(target, weights.dtype)
    if smoothing:
        target = target * (1.0 - smoothing) + smoothing / len(weights)
    return target * weights


def _of_classes(
    classes: NDArray[Any], axis: int, weights: NDArray[Any], smoothing: float, ignored: int
) -> tuple[NDArray[Any], float]:
    """The same, given the class of each row; and what the mean divides by."""
    n, kept = len(weights), classes != ignored
    numbers = np.arange(n).reshape(weights.shape)
    truth = (np.expand_dims(classes, axis) == numbers) & np.expand_dims(kept, axis)
    even = np.expand_dims(kept, axis) * (smoothing / n)
    share = (truth * (1.0 - smoothing) + even) * weights
    return share.astype(weights.dtype), float((truth * weights).sum())


def _whole(target: Any) -> NDArray[Any]:
    """The class of each row, in an array of its own."""
    classes = index_array(target)
    if classes.dtype.kind not in "iu":
        raise ValueError(f"cross_entropy takes whole numbers for classes, not {classes.dtype}")
    return classes.astype(np.intp, copy=False)


def _require_classes(classes: NDArray[Any], n: int, ignored: int) -> None:
    """See that there is a class of each number, or that it is to be ignored."""
    wrong = classes[((classes < 0) | (classes >= n)) & (classes != ignored)]
    if wrong.size:
        raise IndexError(f"cross_entropy: class {wrong[0]} is not one of the {n} that have scores")
