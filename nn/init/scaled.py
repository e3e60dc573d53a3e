"""Random weights as large as keeps the size of what passes through a layer."""

from __future__ import annotations

import math

from autograd import Tensor
from nn.init.fans import calculate_gain, fan_in_and_fan_out
from nn.init.fill import Source, normal_, uniform_


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Source = None) -> Tensor:
    """Weights from ``U(-a, a)`` with ``a = gain · √(6 / (fan_in + fan_out))``.

    As ``torch.nn.init.xavier_uniform_`` (Glorot & Bengio 2010, Understanding the difficulty of
    training deep feedforward neural networks, eq. 16). The fans are those of `fan_in_and_fan_out`.

    Examples
    --------
    >>> from autograd import zeros
    >>> bool((abs(xavier_uniform_(zeros(2, 4)).data) <= 1.0).all())
    True
    """
    bound = math.sqrt(3.0) * _xavier(tensor, gain)
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Source = None) -> Tensor:
    """Weights from ``N(0, std²)`` with ``std = gain · √(2 / (fan_in + fan_out))``.

    As ``torch.nn.init.xavier_normal_``; the source is that of `xavier_uniform_`.

    Examples
    --------
    >>> from autograd import zeros
    >>> xavier_normal_(zeros(2, 4)).shape
    (2, 4)
    """
    return normal_(tensor, 0.0, _xavier(tensor, gain), generator)


def _xavier(tensor: Tensor, gain: float) -> float:
    return gain * math.sqrt(2.0 / max(sum(fan_in_and_fan_out(tensor)), 1))


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Source = None,
) -> Tensor:
    """Weights from ``U(-b, b)`` with ``b = gain · √(3 / fan)``.

    As ``torch.nn.init.kaiming_uniform_`` (He et al. 2015, Delving deep into rectifiers, eq. 10).

    Parameters
    ----------
    tensor : Tensor of shape (out, in, *kernel)
    a : float, default 0
        The slope of the leaky ReLU that follows.
    mode : {"fan_in", "fan_out"}
        Which to keep: the size of what goes forward, or of the gradients that come back.
    nonlinearity : str, default "leaky_relu"
        What follows; see `calculate_gain`.
    generator : numpy.random.Generator or int, optional

    Raises
    ------
    ValueError
        If there is no such mode or activation, or the Tensor has fewer than two axes.

    Examples
    --------
    >>> from autograd import zeros
    >>> bool((abs(kaiming_uniform_(zeros(8, 6)).data) <= 1.0).all())
    True
    """
    bound = math.sqrt(3.0) * _kaiming(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Source = None,
) -> Tensor:
    """Weights from ``N(0, std²)`` with ``std = gain / √fan``.

    As ``torch.nn.init.kaiming_normal_``; the arguments are those of `kaiming_uniform_`.

    Examples
    --------
    >>> from autograd import zeros
    >>> kaiming_normal_(zeros(8, 6), mode="fan_out", nonlinearity="relu").shape
    (8, 6)
    """
    return normal_(tensor, 0.0, _kaiming(tensor, a, mode, nonlinearity), generator)


def _kaiming(tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    modes = ("fan_in", "fan_out")
    if mode not in modes:
        raise ValueError(f"mode is 'fan_in' or 'fan_out', but was given {mode!r}")
    fan = fan_in_and_fan_out(tensor)[modes.index(mode)]
    return calculate_gain(nonlinearity, a) / math.sqrt(max(fan, 1))
