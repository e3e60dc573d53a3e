"""An affine map of the features of each row."""

from __future__ import annotations

import math
from typing import Any

from numpy.typing import DTypeLike

import autograd
from nn.init.fill import one_source, uniform_
from nn.layers.sizes import at_least_one, zeros
from nn.module import Module


class Linear(Module):
    """An affine map, ``x @ weightᵀ + bias``: ``torch.nn.Linear``.

    Parameters
    ----------
    in_features, out_features : int
        How many numbers a row has, before and after.
    bias : bool, default True
        Whether it adds one.
    generator : numpy.random.Generator or int, optional
        Where the weights are drawn from; see `autograd.rand`.
    dtype : dtype, default float64

    Attributes
    ----------
    weight : Tensor of shape (out_features, in_features)
        Drawn from ``U(-b, b)`` with ``b = 1 / √in_features``, as PyTorch does.
    bias : Tensor of shape (out_features,), or None
        Drawn likewise.

    Raises
    ------
    ValueError
        If a number of features is less than 1; in a call, if a row has another number of them.

    Examples
    --------
    >>> from autograd import ones
    >>> layer = Linear(3, 2, generator=0)
    >>> layer(ones(8, 3)).shape
    (8, 2)
    >>> layer
    Linear(in_features=3, out_features=2, bias=True)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        generator: Any = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        at_least_one(self, in_features=in_features, out_features=out_features)
        self.in_features, self.out_features = in_features, out_features
        self.weight = zeros((out_features, in_features), dtype)
        self.bias = zeros((out_features,), dtype) if bias else None
        self.reset_parameters(generator)

    def reset_parameters(self, generator: Any = None) -> None:
        """Draw all parameters anew."""
        bound, source = 1.0 / math.sqrt(self.in_features), one_source(generator)
        for parameter in self.parameters():
            uniform_(parameter, -bound, bound, source)

    def forward(self, input: Any) -> Any:
        """A row of outputs for each row, ``(..., in_features)`` to ``(..., out_features)``."""
        try:
            return autograd.linear(input, self.weight, self.bias)
        except ValueError as error:
            shape = getattr(input, "shape", None)
            if not shape or shape[-1] == self.in_features:
                raise
            name = getattr(input, "name", None) or "x"
            raise ValueError(
                f"Linear(in_features={self.in_features}) was given {shape[-1]} features: {name} "
                f"has shape {shape}"
            ) from error

    def extra_repr(self) -> str:
        """How many numbers a row has, before and after."""
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None}"
        )
