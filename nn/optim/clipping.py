"""Gradients made shorter where they are too long to follow."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Node, Tensor


def clip_grad_norm_(
    parameters: Any,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> float:
    """Shrink the gradients of parameters so that all of them as one vector are no longer than that.

    They are multiplied by ``max_norm / (norm + 1e-6)`` where that is below 1. As
    ``torch.nn.utils.clip_grad_norm_``.

    Parameters
    ----------
    parameters : iterable of Value or Tensor, or one
        Those without a gradient do not count.
    max_norm : float
        How long they may be.
    norm_type : float, default 2
        The p of the norm ``(Σ |g|ᵖ)^(1/p)``; ``inf`` for the largest size.
    error_if_nonfinite : bool, default False
        Whether to refuse a norm that is infinite or NaN, by which all gradients become NaN.

    Returns
    -------
    float
        The norm before.

    Raises
    ------
    ValueError
        If `max_norm` is negative.
    RuntimeError
        If the norm is not finite and that is an error; then nothing is changed.

    References
    ----------
    Pascanu, Mikolov & Bengio 2013, On the difficulty of training recurrent neural networks,
    algorithm 1.

    Examples
    --------
    >>> from autograd import Value
    >>> a, b = Value(3.0), Value(4.0)
    >>> (a * a / 2 + b * b / 2).backward()
    >>> float(clip_grad_norm_([a, b], max_norm=1.0))
    5.0
    >>> round(a.grad, 4), round(b.grad, 4)
    (0.6, 0.8)
    """
    if not max_norm >= 0.0:
        raise ValueError(f"max_norm must not be negative, but is {max_norm!r}")
    leaves, order = _with_gradients(parameters), float(norm_type)
    with np.errstate(all="ignore"):  # then the norm is infinite or NaN, and says so
        norms = [np.linalg.norm(row, order) for row in _rows(leaves)]
        norm = np.linalg.norm(norms, order) if norms else np.float64(0.0)
        shrink = np.float64(max_norm) / (norm + 1e-6)
    if error_if_nonfinite and not math.isfinite(norm):
        raise RuntimeError(f"the norm of order {norm_type} of the gradients is {norm}")
    if not shrink >= 1.0:
        with np.errstate(invalid="ignore"):
            for leaf in leaves:
                _put(leaf, leaf.grad * float(shrink))
    return np.float64(norm)


def clip_grad_value_(parameters: Any, clip_value: float) -> None:
    """Bound each element of the gradients of parameters: ``-clip_value <= g <= clip_value``.

    As ``torch.nn.utils.clip_grad_value_``.

    Parameters
    ----------
    parameters : iterable of Value or Tensor, or one
        Those without a gradient are left alone.
    clip_value : float

    Raises
    ------
    ValueError
        If `clip_value` is negative.

    Examples
    --------
    >>> from autograd import Value
    >>> a = Value(3.0)
    >>> (a * a).backward()
    >>> clip_grad_value_([a], 0.5)
    >>> a.grad
    0.5
    """
    if not clip_value >= 0.0:
        raise ValueError(f"clip_value must not be negative, but is {clip_value!r}")
    for leaf in _with_gradients(parameters):
        _put(leaf, np.clip(leaf.grad, -float(clip_value), float(clip_value)))


def _with_gradients(parameters: Any) -> list[Any]:
    """Those of some parameters, or of one, that have a gradient."""
    if not isinstance(parameters, (Node, Iterable)):
        raise TypeError(f"expected parameters, but was given {parameters!r}")
    several = [parameters] if isinstance(parameters, Node) else list(parameters)
    strange = [leaf for leaf in several if not isinstance(leaf, Node)]
    if strange:
        raise TypeError(f"expected Values or Tensors, but was given {strange[0]!r}")
    return [leaf for leaf in several if leaf.has_grad]


def _rows(leaves: list[Any]) -> list[NDArray[Any]]:
    """The gradients of each Tensor in a row, and those of all Values in one, as float64."""
    values = np.array([leaf.grad for leaf in leaves if not isinstance(leaf, Tensor)])
    arrays: list[Any] = [leaf.grad for leaf in leaves if isinstance(leaf, Tensor)]
    rows = [values, *arrays] if values.size else arrays
    return [np.ravel(row).astype(float) for row in rows]


def _put(leaf: Any, grad: Any) -> None:
    """Give a leaf a new gradient, for others may share the old one."""
    leaf.grad = np.asarray(grad) if isinstance(leaf, Tensor) else float(grad)
