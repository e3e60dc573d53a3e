"""Losses in scalar code: of Values, floats and lists of them; `autograd.compile` rolls it up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any

import autograd
from autograd import Node


def softmax(x: Sequence[Any]) -> list[Any]:
    """``eˣⁱ / Σⱼ eˣʲ`` of a list of scores."""
    powers, _ = _shifted(x)
    total = reduce(add, powers)  # not `sum`, which rounds floats and Values unlike since 3.12
    return [power / total for power in powers]


def _shifted(x: Sequence[Any]) -> tuple[list[Any], Any]:
    """``exp(xᵢ - m)`` and m, the largest: a constant shift, by which no result changes."""
    if not _is_many(x) or not len(x):
        raise ValueError(f"softmax and cross-entropy take a list of scores, but were given {x!r}")
    shift = _largest(x)
    return [autograd.exp(score - shift) for score in x], shift


def _largest(x: Sequence[Any]) -> Any:
    """The largest score, as a constant; 0 if it is infinite, for ∞ - ∞ is no number."""
    if autograd.is_tracing():  # where each call finds its own
        largest = autograd.max(list(x)).detach()
        return autograd.where(autograd.isinf(largest), 0.0, largest)
    number = max(float(score) for score in x)
    return 0.0 if math.isinf(number) else number


def logsumexp(x: Sequence[Any]) -> Any:
    """``log Σᵢ eˣⁱ`` of a list of scores."""
    powers, largest = _shifted(x)
    return autograd.log(reduce(add, powers)) + largest


def cross_entropy(input: Sequence[Any], target: Any) -> Any:
    """The cross-entropy of scores and a class, or the mean of several."""
    if _is_many(target):
        return _mean(cross_entropy, input, target)
    total = logsumexp(input)
    if autograd.is_tracing() and isinstance(target, Node):  # an integer that each call brings
        return total - autograd.pick(input, target, negative=False)
    if target not in range(len(input)):
        raise IndexError(f"class {target} is not one of the {len(input)} that have scores")
    return total - input[int(target)]


def binary_cross_entropy_with_logits(input: Any, target: Any) -> Any:
    """The cross-entropy of a score and a probability, or the mean of several."""
    if _is_many(input) or _is_many(target):
        return _mean(binary_cross_entropy_with_logits, input, target)
    return autograd.softplus(input) - input * target


def mse_loss(input: Any, target: Any) -> Any:
    """The squared error, or the mean of several."""
    if _is_many(input) or _is_many(target):
        return _mean(mse_loss, input, target)
    return autograd.square(input - target)


def hinge_loss(input: Any, target: Any) -> Any:
    """The hinge loss, or the mean of several."""
    if _is_many(input) or _is_many(target):
        return _mean(hinge_loss, input, target)
    return autograd.relu(1.0 - input * target)


def _is_many(x: Any) -> bool:
    """Whether `x` is a list or an array, rather than one number or Value."""
    return not isinstance(x, (int, float, str)) and getattr(x, "shape", None) != ()


def _mean(loss: Any, inputs: Any, targets: Any) -> Any:
    """The mean of a loss over samples."""
    counts = [len(x) if _is_many(x) else None for x in (inputs, targets)]
    if counts[0] != counts[1] or not counts[0]:
        raise ValueError(
            f"{loss.__name__} was given {counted(*counts)}; it takes as many of each, and at least "
            "one"
        )
    losses = [loss(x, t) for x, t in zip(inputs, targets, strict=True)]
    return reduce(add, losses) / len(losses)


def counted(inputs: int | None, targets: int | None) -> str:
    """How many inputs and targets there are; None for one by itself.

    Examples
    --------
    >>> counted(3, None)
    '3 inputs for one target'
    """
    pairs = zip(("input", "target"), (inputs, targets), strict=True)
    return " for ".join(
        f"one {what}" if count is None else f"{count} {what}s" for what, count in pairs
    )
