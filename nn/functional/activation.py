"""What bends: functions of each element, with PyTorch's names, settings and slopes at the kinks.

All take a Value, a Tensor, an array or a number, and give the same. `inplace` is there so that code
written for PyTorch runs: nothing is changed in place.
"""

from __future__ import annotations

import math
from typing import Any

import autograd
from autograd import relu as _relu
from autograd import sigmoid, tanh

__all__ = [
    "elu",
    "gelu",
    "hardtanh",
    "leaky_relu",
    "mish",
    "prelu",
    "relu",
    "selu",
    "sigmoid",
    "silu",
    "softplus",
    "tanh",
    "threshold",
]


def relu(input: Any, inplace: bool = False) -> Any:
    """``max(x, 0)``, with slope 0 at 0: ``torch.nn.functional.relu``.

    Examples
    --------
    >>> relu(-2.0), relu(3.0)
    (0.0, 3.0)
    """
    return _relu(input)


def leaky_relu(input: Any, negative_slope: float = 0.01, inplace: bool = False) -> Any:
    """``x`` above 0, else ``negative_slope · x``: ``torch.nn.functional.leaky_relu``.

    At 0 its slope is `negative_slope` (Maas, Hannun & Ng 2013, Rectifier nonlinearities improve
    neural network acoustic models).

    Examples
    --------
    >>> leaky_relu(-2.0), leaky_relu(3.0)
    (-0.02, 3.0)
    """
    return autograd.where(autograd.gt(input, 0.0), input, autograd.mul(input, negative_slope))


def elu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    """``x`` above 0, else ``alpha · (eˣ - 1)``: ``torch.nn.functional.elu``.

    At 0 its slope is `alpha` (Clevert, Unterthiner & Hochreiter 2016, Fast and accurate deep
    network learning by exponential linear units).

    Examples
    --------
    >>> elu(-1000.0), elu(3.0)
    (-1.0, 3.0)
    """
    curve = autograd.expm1(autograd.clamp_max(input, 0.0))  # above 0 it would overflow
    below = curve if alpha == 1.0 else autograd.mul(curve, alpha)
    return autograd.where(autograd.le(input, 0.0), below, input)


def selu(input: Any, inplace: bool = False) -> Any:
    """``λ · elu(x, α)``, which keeps mean 0 and variance 1: ``torch.nn.functional.selu``.

    The numbers are those of Klambauer et al. 2017, Self-normalizing neural networks.

    Examples
    --------
    >>> selu(1.0)
    1.0507009873554805
    """
    return autograd.mul(elu(input, 1.6732632423543772), 1.0507009873554805)


def gelu(input: Any, approximate: str = "none") -> Any:
    """``x · Φ(x)``, with the normal distribution's Φ: ``torch.nn.functional.gelu``.

    Parameters
    ----------
    input : Value, Tensor, array or number
    approximate : {"none", "tanh"}
        Exact; or ``x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³)))``, which is off by at most 0.0005.

    Raises
    ------
    ValueError
        If `approximate` is something else.

    Notes
    -----
    Hendrycks & Gimpel 2016, Gaussian error linear units.

    Examples
    --------
    >>> round(gelu(1.0), 6), round(gelu(1.0, "tanh"), 6)
    (0.841345, 0.841192)
    """
    # Far out all is flat, but a square that overflows would make NaN of a slope of 0.
    near = autograd.clamp(input, -100.0, 100.0)
    if approximate == "none":
        part = autograd.erf(autograd.mul(near, math.sqrt(0.5)))
    elif approximate == "tanh":
        cubic = 1.0 + 0.044715 * autograd.square(near)
        part = autograd.tanh(autograd.mul(math.sqrt(2.0 / math.pi) * near, cubic))
    else:
        raise ValueError(f"gelu: approximate is 'none' or 'tanh', but was given {approximate!r}")
    return autograd.mul(autograd.mul(input, 0.5), 1.0 + part)


def silu(input: Any, inplace: bool = False) -> Any:
    """``x · σ(x)``, also called swish: ``torch.nn.functional.silu``.

    The source is that of `gelu`.

    Examples
    --------
    >>> round(silu(1.0), 6)
    0.731059
    """
    return autograd.mul(input, sigmoid(input))


def mish(input: Any, inplace: bool = False) -> Any:
    """``x · tanh(softplus(x))``: ``torch.nn.functional.mish`` (Misra 2019, Mish).

    Examples
    --------
    >>> round(mish(1.0), 6)
    0.865098
    """
    return autograd.mul(input, tanh(autograd.softplus(input)))


def softplus(input: Any, beta: float = 1.0, threshold: float = 20.0) -> Any:
    """``log(1 + exp(beta · x)) / beta``: ``torch.nn.functional.softplus``.

    Where ``beta · x > threshold`` it is x itself, as in PyTorch, which by default is off by at most
    2e-9. `autograd.softplus` is exact there, too, and does not overflow either.

    Examples
    --------
    >>> round(softplus(0.0), 6), softplus(1000.0)
    (0.693147, 1000.0)
    """
    scaled = input if beta == 1.0 else autograd.mul(input, beta)
    curve = autograd.softplus(scaled)
    curve = curve if beta == 1.0 else autograd.mul(curve, 1.0 / beta)
    return autograd.where(autograd.gt(scaled, threshold), input, curve)


def hardtanh(input: Any, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Any:
    """`x` kept between two bounds, on which its slope is 0: ``torch.nn.functional.hardtanh``.

    Raises
    ------
    ValueError
        If not ``min_val < max_val``.

    Examples
    --------
    >>> hardtanh(0.5), hardtanh(3.0)
    (0.5, 1.0)
    """
    if not min_val < max_val:
        raise ValueError(f"hardtanh takes min_val < max_val, not {min_val} and {max_val}")
    # Not `clamp`, through which the gradient passes on a bound. A NaN is neither below nor above.
    below_top = autograd.where(autograd.ge(input, max_val), max_val, input)
    return autograd.where(autograd.le(input, min_val), min_val, below_top)


def threshold(input: Any, threshold: float, value: float, inplace: bool = False) -> Any:
    """`x` above a threshold, else `value`: ``torch.nn.functional.threshold``.

    Examples
    --------
    >>> threshold(0.5, 0.1, 20.0), threshold(0.1, 0.1, 20.0)
    (0.5, 20.0)
    """
    return autograd.where(autograd.le(input, threshold), value, input)


def prelu(input: Any, weight: Any) -> Any:
    """`x` above 0, else ``weight · x``, with a slope that is learned.

    As ``torch.nn.functional.prelu``. At 0 its slope is `weight` (He et al. 2015, Delving deep into
    rectifiers, eq. 1).

    Parameters
    ----------
    input : Tensor of shape (n, channels, ...), or of any other; Value, array or number
    weight : Tensor of shape (1,), or (channels,)
        The slope of all, or of each channel.

    Raises
    ------
    ValueError
        If there is not a slope for each channel.

    Examples
    --------
    >>> from autograd import Tensor
    >>> prelu(Tensor([-2.0, 3.0]), Tensor([0.25]))
    Tensor([-0.5,  3. ])
    """
    shape, given = (tuple(getattr(x, "shape", ())) for x in (input, weight))
    if given == (1,) and not shape:
        weight = autograd.reshape(weight, ())
    elif given not in ((), (1,)):
        channels = shape[1] if len(shape) > 1 else 1
        if given != (channels,):
            raise ValueError(
                f"prelu takes one slope, or one for each channel, axis 1 of x, but was given "
                f"weight {given} and x {shape}"
            )
        weight = autograd.reshape(weight, (channels,) + (1,) * (len(shape) - 2))
    return autograd.where(autograd.gt(input, 0.0), input, autograd.mul(weight, input))
