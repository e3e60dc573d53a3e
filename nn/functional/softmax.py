"""Scores as probabilities: softmax and what belongs to it, of Tensors and of lists of Values."""

from __future__ import annotations

from typing import Any

from numpy.typing import DTypeLike

import autograd
from nn.functional import scalars


def softmax(input: Any, dim: int | None = None, dtype: DTypeLike | None = None) -> Any:
    """Scores as probabilities, ``eˣⁱ / Σⱼ eˣʲ``, without overflow: ``torch.nn.functional.softmax``.

    Parameters
    ----------
    input : Tensor or array of any shape, or sequence of Values or numbers
        The scores (logits). Of a sequence, without `dim`, it makes a list.
    dim : int, optional
        The axis of a Tensor along which the probabilities add up to 1; it must be named.
    dtype : dtype, optional
        What to convert a Tensor to first.

    Raises
    ------
    TypeError
        If no axis of a Tensor is named.

    Examples
    --------
    >>> [round(p, 4) for p in softmax([-2.0, 3.0, 0.5])]
    [0.0062, 0.9184, 0.0754]
    >>> from autograd import Tensor
    >>> softmax(Tensor([[0.0, 0.0], [1000.0, 0.0]]), dim=1)
    Tensor([[0.5, 0.5],
            [1. , 0. ]])
    """
    if _is_array(input, dim):
        return autograd.softmax(input, dim, dtype)
    return scalars.softmax(input)


def log_softmax(input: Any, dim: int | None = None, dtype: DTypeLike | None = None) -> Any:
    """The logarithm of `softmax`, ``xᵢ - log Σⱼ eˣʲ``; exact also where that is tiny.

    As ``torch.nn.functional.log_softmax``. The arguments are those of `softmax`.

    Examples
    --------
    >>> log_softmax([1000.0, 0.0])
    [0.0, -1000.0]
    """
    if _is_array(input, dim):
        return autograd.log_softmax(input, dim, dtype)
    total = scalars.logsumexp(input)
    return [score - total for score in input]


def logsumexp(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """``log Σᵢ eˣⁱ``, without overflow: of a sequence of Values, or along axes of a Tensor.

    As ``torch.logsumexp``.

    Examples
    --------
    >>> logsumexp([1000.0, 1000.0])
    1000.6931471805599
    >>> from autograd import Tensor
    >>> logsumexp(Tensor([[0.0, 0.0], [7.0, -1000.0]]), dim=1)
    Tensor([0.69314718, 7.        ])
    """
    if dim is not None:
        return autograd.logsumexp(input, dim, keepdim)
    return scalars.logsumexp(input)


def _is_array(x: Any, dim: int | None) -> bool:
    """Whether it has axes, of which one must be named, rather than to be a row of scores."""
    return dim is not None or (isinstance(x, autograd.Tensor) and x.ndim > 0)
