"""Losses and what belongs to them, on lists of Values; the names and definitions are PyTorch's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import autograd
from autograd import Node


def softmax(x: Sequence[Any]) -> list[Any]:
    """Scores as probabilities, ``eˣⁱ / Σⱼ eˣʲ``, without overflow.

    Parameters
    ----------
    x : sequence of Values or numbers
        The scores (logits).

    Examples
    --------
    >>> [round(p, 4) for p in softmax([-2.0, 3.0, 0.5])]
    [0.0062, 0.9184, 0.0754]
    """
    powers, _ = _shifted(x)
    total = sum(powers)
    return [power / total for power in powers]


def _shifted(x: Sequence[Any]) -> tuple[list[Any], float]:
    """``exp(xᵢ - m)`` and m, the largest: a constant shift, by which no result changes."""
    if not len(x):
        raise ValueError("softmax and cross-entropy take at least one score, but were given none")
    largest = max(float(score) for score in x)
    return [autograd.exp(score - largest) for score in x], largest


def logsumexp(x: Sequence[Any]) -> Any:
    """``log Σᵢ eˣⁱ``, without overflow.

    Examples
    --------
    >>> logsumexp([1000.0, 1000.0])
    1000.6931471805599
    """
    powers, largest = _shifted(x)
    return autograd.log(sum(powers)) + largest


def cross_entropy(input: Sequence[Any], target: Any) -> Any:
    """The cross-entropy of scores (logits) and a class: ``log Σⱼ eˣʲ - x[target]``.

    Parameters
    ----------
    input : sequence of Values, or a sequence of such sequences
        The scores of one sample, or of several.
    target : int, or a sequence of int
        The class of the sample, or of each; several samples give the mean.

    Raises
    ------
    IndexError
        If there is no such class.
    ValueError
        If there are not as many targets as samples.

    Examples
    --------
    >>> round(cross_entropy([-2.0, 3.0, 0.5], 1), 6)
    0.085097
    """
    if not isinstance(target, Sequence) and not hasattr(target, "__len__"):
        if not 0 <= target < len(input):
            raise IndexError(f"class {target} is not one of the {len(input)} that have scores")
        return logsumexp(input) - input[int(target)]
    return _mean(cross_entropy, input, target)


def binary_cross_entropy_with_logits(input: Any, target: Any) -> Any:
    """The cross-entropy of a score (logit) and a probability: ``softplus(x) - x · target``.

    Parameters
    ----------
    input : Value, or a sequence of them
        The score: the probability is its sigmoid.
    target : number from 0 to 1, or a sequence of them
        Usually the class, 0 or 1. Several give the mean.

    Examples
    --------
    >>> round(binary_cross_entropy_with_logits(2.0, 1.0), 6)
    0.126928
    """
    if not hasattr(target, "__len__"):
        return autograd.softplus(input) - input * target
    return _mean(binary_cross_entropy_with_logits, input, target)


def mse_loss(input: Any, target: Any) -> Any:
    """The squared error ``(x - target)²``; the mean of several.

    Examples
    --------
    >>> mse_loss([1.0, 2.0], [1.0, 4.0])
    2.0
    """
    if not hasattr(target, "__len__"):
        return autograd.square(input - target)
    return _mean(mse_loss, input, target)


def hinge_loss(input: Any, target: Any) -> Any:
    """The hinge loss ``max(0, 1 - target · x)``, with targets of -1 and 1; the mean of several.

    References
    ----------
    Cortes & Vapnik 1995, Support-vector networks.

    Examples
    --------
    >>> hinge_loss([0.25, -3.0], [1.0, -1.0])
    0.375
    """
    if not hasattr(target, "__len__"):
        return autograd.relu(1.0 - input * target)
    return _mean(hinge_loss, input, target)


def _mean(loss: Any, inputs: Any, targets: Any) -> Any:
    """The mean of a loss over samples."""
    if isinstance(inputs, Node) or len(inputs) != len(targets) or not len(targets):
        given = "one" if isinstance(inputs, Node) else len(inputs)
        raise ValueError(
            f"{loss.__name__} was given {given} inputs for {len(targets)} targets; it takes as "
            "many of each, and at least one"
        )
    return sum(loss(x, t) for x, t in zip(inputs, targets, strict=True)) / len(targets)
