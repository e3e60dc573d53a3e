"""Layers that bring each sample to a common scale by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import DTypeLike

import autograd
from autograd.complaints import shape_of
from nn.layers.sizes import at_least_one, in_layer, ones, zeros
from nn.module import Module


class LayerNorm(Module):
    """Each sample less its mean, over its standard deviation: ``torch.nn.LayerNorm``.

    For the formula see `autograd.layer_norm`.

    Parameters
    ----------
    normalized_shape : int or sequence of int
        The last axes, those of a sample.
    eps : float, default 1e-5
    elementwise_affine : bool, default True
        Whether there are a weight and a bias.
    bias : bool, default True
        Whether there is a bias.
    dtype : dtype, default float64

    Attributes
    ----------
    weight, bias : Tensor of shape normalized_shape, or None
        Ones, and zeros.

    Raises
    ------
    ValueError
        Of `forward`: if the last axes of the input are others.

    Examples
    --------
    >>> from autograd import Tensor
    >>> LayerNorm(2)(Tensor([1.0, 3.0])).data.round(3).tolist()
    [-1.0, 1.0]
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        *,
        dtype: DTypeLike | None = None,
    ) -> None:
        self.normalized_shape = _several(self, normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        shape, has_bias = self.normalized_shape, elementwise_affine and bias
        self.weight = ones(shape, dtype) if elementwise_affine else None
        self.bias = zeros(shape, dtype) if has_bias else None

    def forward(self, input: Any) -> Any:
        """The samples on a common scale."""
        try:
            return autograd.layer_norm(
                input, self.normalized_shape, self.weight, self.bias, self.eps
            )
        except ValueError as error:
            raise in_layer(self, error) from None

    def extra_repr(self) -> str:
        """Its settings."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}"
        )


class RMSNorm(Module):
    """Each sample over its root mean square: ``torch.nn.RMSNorm``.

    For the formula see `autograd.rms_norm`.

    Parameters
    ----------
    normalized_shape : int or sequence of int
        The last axes, those of a sample.
    eps : float, optional
        If omitted, how far 1 is from the next number of the type of the input.
    elementwise_affine : bool, default True
        Whether there is a weight.
    dtype : dtype, default float64

    Attributes
    ----------
    weight : Tensor of shape normalized_shape, or None
        Ones.

    Raises
    ------
    ValueError
        Of `forward`: if the last axes of the input are others.

    Examples
    --------
    >>> from autograd import Tensor
    >>> RMSNorm(2)(Tensor([3.0, -3.0])).data.round(3).tolist()
    [1.0, -1.0]
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float | None = None,
        elementwise_affine: bool = True,
        *,
        dtype: DTypeLike | None = None,
    ) -> None:
        self.normalized_shape = _several(self, normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        self.weight = ones(self.normalized_shape, dtype) if elementwise_affine else None

    def forward(self, input: Any) -> Any:
        """The samples on a common scale."""
        try:
            return autograd.rms_norm(input, self.normalized_shape, self.weight, self.eps)
        except ValueError as error:
            raise in_layer(self, error) from None

    def extra_repr(self) -> str:
        """Its settings."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"
        )


class GroupNorm(Module):
    """Each group of channels of a sample on a common scale: ``torch.nn.GroupNorm``.

    For the formula see `autograd.group_norm`.

    Parameters
    ----------
    num_groups, num_channels : int
        Into how many groups how many channels are parted.
    eps : float, default 1e-5
    affine : bool, default True
        Whether there are a weight and a bias.
    bias : bool, default True
        Whether there is a bias, where there is a weight.
    dtype : dtype, default float64

    Attributes
    ----------
    weight, bias : Tensor of shape (num_channels,), or None
        Ones, and zeros.

    Raises
    ------
    ValueError
        If the channels do not make so many groups; of `forward`, if the input has others.

    Examples
    --------
    >>> from autograd import rand
    >>> GroupNorm(2, 6)(rand(10, 6, 8, 8)).shape
    (10, 6, 8, 8)
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        *,
        bias: bool = True,
        dtype: DTypeLike | None = None,
    ) -> None:
        at_least_one(self, num_groups=num_groups, num_channels=num_channels)
        if num_channels % num_groups:
            raise ValueError(f"GroupNorm: {num_channels} channels do not make {num_groups} groups")
        self.num_groups, self.num_channels, self.eps = num_groups, num_channels, eps
        self.affine = affine
        self.weight = ones((num_channels,), dtype) if affine else None
        self.bias = zeros((num_channels,), dtype) if affine and bias else None

    def forward(self, input: Any) -> Any:
        """The samples, (n, channels, ...), on a common scale."""
        shape = shape_of(input)
        if len(shape) < 2 or shape[1] != self.num_channels:
            raise ValueError(
                f"GroupNorm({self.num_groups}, {self.num_channels}) takes (n, {self.num_channels}, "
                f"...): {getattr(input, 'name', None) or 'x'} has shape {shape}"
            )
        return autograd.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """Its settings."""
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )


def _several(module: Module, shape: int | Sequence[int]) -> tuple[int, ...]:
    several = tuple(shape) if isinstance(shape, Sequence) else (shape,)
    if not several:
        raise ValueError(f"{type(module).__name__}: normalized_shape must name an axis or more")
    at_least_one(module, **{f"normalized_shape[{i}]": n for i, n in enumerate(several)})
    return several
