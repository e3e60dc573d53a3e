"""Gradients that are not to be too long: PyTorch's definitions and names."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd import Node


def clip_grad_norm_(
    parameters: Any, max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False
) -> float:
    """Scale all gradients so that their norm, as of one vector g, is at most so much.

    ``g ← g · min(1, max_norm / (‖g‖ + 1e-6))``: ``torch.nn.utils.clip_grad_norm_``.

    Parameters
    ----------
    parameters : Value or Tensor, or an iterable of them
        Those without a gradient are left alone.
    max_norm : float
    norm_type : float, default 2
        Which norm; ``math.inf`` is the largest gradient.
    error_if_nonfinite : bool, default False
        Whether to raise an error if the norm is NaN or infinite.

    Returns
    -------
    float
        The norm before.

    Raises
    ------
    FloatingPointError
        If the norm is NaN or infinite, and this was asked for; no gradient is changed then.

    References
    ----------
    Pascanu, Mikolov & Bengio 2013, On the difficulty of training recurrent neural networks, alg. 1.

    Examples
    --------
    >>> from autograd import Value
    >>> a, b = Value(3.0), Value(4.0)
    >>> ((a * a + b * b) / 2.0).backward()
    >>> clip_grad_norm_([a, b], 1.0)
    5.0
    >>> round(a.grad, 3), round(b.grad, 3)
    (0.6, 0.8)
    """
    leaves = _with_gradients(parameters)
    norm = grad_norm(leaves, norm_type)
    if error_if_nonfinite and not math.isfinite(norm):
        raise FloatingPointError(f"the norm of the gradients is {norm}; none was clipped")
    scale = min(1.0, max_norm / (norm + 1e-6)) if not math.isnan(norm) else norm
    if scale != 1.0:
        for leaf in leaves:
            leaf.grad = leaf.grad * scale
    return norm


def clip_grad_value_(parameters: Any, clip_value: float) -> None:
    """Let no gradient be larger than a value, or smaller than minus that.

    ``g ← max(-clip_value, min(clip_value, g))``, each element by itself:
    ``torch.nn.utils.clip_grad_value_``.

    Examples
    --------
    >>> from autograd import Value
    >>> w = Value(3.0)
    >>> (w * w).backward()
    >>> clip_grad_value_(w, 1.0)
    >>> w.grad
    1.0
    """
    for leaf in _with_gradients(parameters):
        clipped = np.clip(leaf.grad, -clip_value, clip_value)
        leaf.grad = clipped if isinstance(leaf.grad, np.ndarray) else float(clipped)


def grad_norm(leaves: Iterable[Any], norm_type: float = 2.0) -> float:
    """The norm of the gradients of some leaves, which all have one."""
    gradients = [np.ravel(leaf.grad) for leaf in leaves]
    if not gradients:
        return 0.0
    with np.errstate(over="ignore", invalid="ignore"):  # then it is infinite or NaN, and says so
        return float(np.linalg.norm(np.concatenate(gradients), norm_type))


def _with_gradients(parameters: Any) -> list[Any]:
    leaves = [parameters] if isinstance(parameters, Node) else list(parameters)
    for leaf in leaves:
        if not isinstance(leaf, Node):
            raise TypeError(
                f"gradients are those of Values and Tensors, but was given {leaf!r:.60}"
            )
    return [leaf for leaf in leaves if leaf.has_grad]
