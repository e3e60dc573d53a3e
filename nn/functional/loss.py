"""How far numbers are from those that were to be predicted; the definitions are PyTorch's."""

from __future__ import annotations

from typing import Any

import autograd
from nn.functional import scalars
from nn.functional.operands import is_scalar_code, pair, reduced


def mse_loss(input: Any, target: Any, *, reduction: str = "mean") -> Any:
    """The mean of the squared errors ``(x - target)²``. As ``torch.nn.functional.mse_loss``.

    Parameters
    ----------
    input, target : Tensors or arrays of one shape; or Values, numbers, or lists of them
        Of the latter the mean is a Value or a float.
    reduction : {"mean", "sum", "none"}
        What to do with the errors of all elements.

    Returns
    -------
    Tensor of shape (), or of that of `input`

    Raises
    ------
    ValueError
        If the shapes differ, or there is no such reduction.

    Examples
    --------
    >>> mse_loss([1.0, 2.0], [1.0, 4.0])
    2.0
    >>> from autograd import Tensor
    >>> mse_loss(Tensor([1.0, 2.0]), [1.0, 4.0], reduction="none")
    Tensor([0., 4.])
    """
    if reduction == "mean" and is_scalar_code(input, target):
        return scalars.mse_loss(input, target)
    x, y = pair("mse_loss", input, target)
    return reduced("mse_loss", autograd.square(x - y), reduction)


def l1_loss(input: Any, target: Any, *, reduction: str = "mean") -> Any:
    """The mean of the absolute errors ``|x - target|``. As ``torch.nn.functional.l1_loss``.

    The arguments, shapes and errors are those of `mse_loss`; lists become Tensors. The derivative
    where there is no error is taken as 0.

    Examples
    --------
    >>> from autograd import Tensor
    >>> l1_loss(Tensor([1.0, 2.0]), [1.0, 4.0])
    Tensor(1.)
    """
    x, y = pair("l1_loss", input, target)
    return reduced("l1_loss", autograd.abs(x - y), reduction)


def smooth_l1_loss(input: Any, target: Any, *, reduction: str = "mean", beta: float = 1.0) -> Any:
    """The mean of absolute errors, squared where they are small.

    ``(x - target)² / (2 · beta)`` where ``|x - target| < beta``, elsewhere ``|x - target| -
    beta / 2``. As ``torch.nn.functional.smooth_l1_loss`` (Girshick 2015, Fast R-CNN, eq. 3).

    Parameters
    ----------
    input, target, reduction
        As in `l1_loss`, with the same shapes.
    beta : float, default 1
        Where the one passes into the other; 0 makes it `l1_loss`.

    Raises
    ------
    ValueError
        If the shapes differ, or `beta` is negative.

    Examples
    --------
    >>> from autograd import Tensor
    >>> smooth_l1_loss(Tensor([1.0, 2.0]), [1.5, 4.0], reduction="none")
    Tensor([0.125, 1.5  ])
    """
    if not beta >= 0.0:
        raise ValueError(f"smooth_l1_loss takes a beta of 0 or more, but was given {beta!r}")
    if beta == 0.0:
        return l1_loss(input, target, reduction=reduction)
    x, y = pair("smooth_l1_loss", input, target)
    error = x - y
    size = autograd.abs(error)
    losses = autograd.where(size < beta, autograd.square(error) * (0.5 / beta), size - 0.5 * beta)
    return reduced("smooth_l1_loss", losses, reduction)


def huber_loss(input: Any, target: Any, reduction: str = "mean", delta: float = 1.0) -> Any:
    """The mean of squared errors, that grow no faster than they did at some size.

    ``(x - target)² / 2`` where ``|x - target| <= delta``, elsewhere ``delta · (|x - target| -
    delta / 2)``. As ``torch.nn.functional.huber_loss`` (Huber 1964, Robust estimation of a location
    parameter).

    Parameters
    ----------
    input, target, reduction
        As in `l1_loss`, with the same shapes.
    delta : float, default 1
        That size.

    Raises
    ------
    ValueError
        If the shapes differ, or `delta` is not above 0.

    Examples
    --------
    >>> from autograd import Tensor
    >>> huber_loss(Tensor([1.0, 2.0]), [1.5, 4.0], delta=0.5, reduction="none")
    Tensor([0.125, 0.875])
    """
    if not delta > 0.0:
        raise ValueError(f"huber_loss takes a delta above 0, but was given {delta!r}")
    x, y = pair("huber_loss", input, target)
    error = x - y
    size = autograd.abs(error)
    far = (size - 0.5 * delta) * delta
    losses = autograd.where(size <= delta, 0.5 * autograd.square(error), far)
    return reduced("huber_loss", losses, reduction)


def hinge_loss(input: Any, target: Any, *, reduction: str = "mean") -> Any:
    """The mean of ``max(0, 1 - target · x)``, with targets of -1 and 1.

    The arguments, shapes and errors are those of `mse_loss`. The derivative on the corner is taken
    as 0.

    References
    ----------
    Cortes & Vapnik 1995, Support-vector networks.

    Examples
    --------
    >>> hinge_loss([0.25, -3.0], [1.0, -1.0])
    0.375
    """
    if reduction == "mean" and is_scalar_code(input, target):
        return scalars.hinge_loss(input, target)
    x, y = pair("hinge_loss", input, target)
    return reduced("hinge_loss", autograd.relu(1.0 - x * y), reduction)
