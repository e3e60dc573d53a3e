"""What bends, as modules: the functions of `nn.functional`, with their settings.

They take a Tensor, an array, a Value or a number. `inplace` is there so that code written for
PyTorch runs: nothing is changed in place.
"""

from __future__ import annotations

import inspect
from typing import Any

from numpy.typing import DTypeLike

import autograd
from nn import functional
from nn.layers.sizes import at_least_one
from nn.module import Module
from nn.parameter import Parameter


class Activation(Module):
    """What these share: each prints its settings, which are the arguments that it was made with."""

    def extra_repr(self) -> str:
        """How it was made."""
        words = inspect.signature(type(self)).parameters
        given = {name: x for name, x in vars(self).items() if name in words}
        return ", ".join(f"{k}={x!r}" for k, x in given.items() if k != "inplace" or x)


class ReLU(Activation):
    """``max(x, 0)``: ``torch.nn.ReLU``; see `nn.functional.relu`.

    Examples
    --------
    >>> ReLU()(-2.0)
    0.0
    """

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, input: Any) -> Any:
        """What it makes of each element."""
        return functional.relu(input)


class LeakyReLU(Activation):
    """``x`` above 0, else ``negative_slope · x``: ``torch.nn.LeakyReLU``.

    Examples
    --------
    >>> LeakyReLU(0.1)(-2.0)
    -0.2
    """

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        self.negative_slope = negative_slope
        self.inplace = inplace

    def forward(self, input: Any) -> Any:
        """What it makes of each element."""
        return functional.leaky_relu(input, self.negative_slope)


class ELU(Activation):
    """``x`` above 0, else ``alpha · (eˣ - 1)``: ``torch.nn.ELU``.

    Examples
    --------
    >>> ELU(2.0)(-1000.0)
    -2.0
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        self.alpha = alpha
        self.inplace = inplace

    def forward(self, input: Any) -> Any:
        """What it makes of each element."""
        return functional.elu(input, self.alpha)


class SELU(Activation):
    """`ELU`, scaled to keep mean 0 and variance 1: ``torch.nn.SELU``.

    Examples
    --------
    >>> SELU()(1.0)
    1.0507009873554805
    """

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, input: Any) -> Any:
        """What it makes of each element."""
        return functional.selu(input)


class GELU(Activation):
    """``x · Φ(x)``: ``torch.nn.GELU``; see `nn.functional.gelu`.

    Examples
    --------
    >>> round(GELU()(1.0), 6), round(GELU("tanh")(1.0), 6)
    (0.841345, 0.841192)
    """

    def __init__(self, approximate: str = "none") -> None:
        self.approximate = approximate

    def forward(self, input: Any) -> Any:
        """What it makes of each element."""
        return functional.gelu(input, self.approximate)


class SiLU(Activation):
    """``x · σ(x)``: ``torch.nn.SiLU``.

    Examples
    --------
    >>> round(SiLU()(1.0), 6)
    0.731059
    """

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, input: Any) -> Any:
        """What it makes of each element."""
        return functional.silu(input)


class Mish(Activation):
    """``x · tanh(softplus(x))``: ``torch.nn.Mish``.

    Examples
    --------
    >>> round(Mish()(1.0), 6)
    0.865098
    """

    def __init__(self, inplace: bool = False) -> None:
        self.inplace = inplace

    def forward(self, input: Any) -> Any:
        """What it makes of each element."""
        return functional.mish(input)


class Sigmoid(Activation):
    """``1 / (1 + e⁻ˣ)``: ``torch.nn.Sigmoid``.

    Examples
    --------
    >>> Sigmoid()(0.0)
    0.5
    """

    def forward(self, input: Any) -> Any:
        """What it makes of each element."""
        return autograd.sigmoid(input)


class Tanh(Activation):
    """The hyperbolic tangent: ``torch.nn.Tanh``.

    Examples
    --------
    >>> Tanh()(0.0)
    0.0
    """

    def forward(self, input: Any) -> Any:
        """What it makes of each element."""
        return autograd.tanh(input)


class Softplus(Activation):
    """``log(1 + exp(beta · x)) / beta``: ``torch.nn.Softplus``; see `nn.functional.softplus`.

    Examples
    --------
    >>> Softplus()(1000.0)
    1000.0
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        self.beta = beta
        self.threshold = threshold

    def forward(self, input: Any) -> Any:
        """What it makes of each element."""
        return functional.softplus(input, self.beta, self.threshold)


class Hardtanh(Activation):
    """``x`` kept between two bounds: ``torch.nn.Hardtanh``.

    Examples
    --------
    >>> Hardtanh()(3.0)
    1.0
    """

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> None:
        self.min_val = min_val
        self.max_val = max_val
        self.inplace = inplace

    def forward(self, input: Any) -> Any:
        """What it makes of each element."""
        return functional.hardtanh(input, self.min_val, self.max_val)


class Threshold(Activation):
    """``x`` above a threshold, else a value: ``torch.nn.Threshold``.

    Examples
    --------
    >>> Threshold(0.1, 20.0)(0.1)
    20.0
    """

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        self.threshold = threshold
        self.value = value
        self.inplace = inplace

    def forward(self, input: Any) -> Any:
        """What it makes of each element."""
        return functional.threshold(input, self.threshold, self.value)


class Step(Activation):
    """Heaviside's step, 1 from 0 on and 0 below, as in the first neurons; no gradient passes it.

    ``autograd.heaviside(x, 1)``; PyTorch has no such layer. For a `Sequential` whose weights are
    set by hand, or by a rule such as the perceptron's (McCulloch & Pitts 1943, A logical calculus
    of the ideas immanent in nervous activity).

    Examples
    --------
    >>> Step()(-0.5), Step()(0.0)
    (0.0, 1.0)
    """

    def forward(self, input: Any) -> Any:
        """What it makes of each element."""
        return autograd.heaviside(input, 1.0)


class PReLU(Activation):
    """``x`` above 0, else ``weight · x``, with a slope that is learned: ``torch.nn.PReLU``.

    Parameters
    ----------
    num_parameters : int, default 1
        1 for a slope of all, or the number of channels, axis 1, for one of each.
    init : float, default 0.25
        What the slopes are at first.
    dtype : dtype, default float64

    Attributes
    ----------
    weight : Tensor of shape (num_parameters,)

    Examples
    --------
    >>> from autograd import Tensor
    >>> PReLU()(Tensor([-2.0, 3.0])).data
    array([-0.5,  3. ])
    """

    def __init__(
        self, num_parameters: int = 1, init: float = 0.25, *, dtype: DTypeLike | None = None
    ) -> None:
        at_least_one(self, num_parameters=num_parameters)
        self.num_parameters = num_parameters
        self.weight = Parameter([init] * num_parameters, dtype=dtype or float)

    def forward(self, input: Any) -> Any:
        """What it makes of each element."""
        return functional.prelu(input, self.weight)

    def extra_repr(self) -> str:
        """How it was made."""
        return f"num_parameters={self.num_parameters}"
