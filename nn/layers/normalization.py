"""Layers that bring samples to a common scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from numpy.typing import DTypeLike

import autograd
from autograd import Tensor
from nn.layers.sizes import at_least_one, in_layer
from nn.module import Module


class BatchNorm(Module):
    """What batch norms share, whatever the axes of a sample are.

    Attributes
    ----------
    ndims : tuple of int
        How many axes an input may have.
    """

    ndims: ClassVar[tuple[int, ...]]
    running_mean: Tensor | None
    running_var: Tensor | None
    num_batches_tracked: Tensor | None

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        bias: bool = True,
        dtype: DTypeLike | None = None,
    ) -> None:
        at_least_one(self, num_features=num_features)
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        shape, kind, tracked = (num_features,), dtype or float, track_running_stats
        self.weight = _ones(shape, dtype) if affine else None
        self.bias = _zeros(shape, dtype) if affine and bias else None
        self.register_buffer("running_mean", autograd.zeros(shape, dtype=kind) if tracked else None)
        self.register_buffer("running_var", autograd.ones(shape, dtype=kind) if tracked else None)
        self.register_buffer("num_batches_tracked", Tensor(0) if tracked else None)

    def forward(self, input: Any) -> Any:
        """The samples by channel: as they are known from the batch, or in evaluation from all."""
        tracked = self.track_running_stats and self.running_mean is not None
        batch = self.training or not tracked
        self._require(input, batch)
        momentum: Any = self.momentum
        if batch and tracked:
            count = autograd.update_leaf(self.num_batches_tracked, lambda count: count + 1)
            momentum = 1.0 / count if momentum is None else momentum  # the mean of all so far
        return autograd.batch_norm(
            input,
            self.running_mean if tracked else None,
            self.running_var if tracked else None,
            self.weight,
            self.bias,
            training=batch,
            momentum=momentum,
            eps=self.eps,
        )

    def _require(self, input: Any, batch: bool) -> None:
        """See that there are channels as many as it takes, and numbers enough to know them by."""
        name = type(self).__name__
        shape: tuple[int, ...] = getattr(input, "shape", ())
        said = f"{getattr(input, 'name', None) or 'x'} has shape {shape}"
        if len(shape) not in self.ndims:
            axes = " or ".join(map(str, self.ndims))
            raise ValueError(f"{name}({self.num_features}) takes {axes} axes: {said}")
        if shape[1] != self.num_features:
            raise ValueError(f"{name}({self.num_features}) was given {shape[1]} channels: {said}")
        if batch and input.size < 2 * self.num_features:
            raise ValueError(
                f"{name}({self.num_features}), in training, takes two numbers or more for each "
                f"channel: {said}"
            )

    def extra_repr(self) -> str:
        """Its settings."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )


class BatchNorm1d(BatchNorm):
    """Channels less their mean, over their standard deviation: ``torch.nn.BatchNorm1d``.

    In training they are those of the batch, which the buffers follow; in evaluation those that the
    buffers hold. For the formula see `autograd.batch_norm`.

    Parameters
    ----------
    num_features : int
        The number of channels.
    eps : float, default 1e-5
    momentum : float or None, default 0.1
        How much of each batch goes into the buffers. With None they are the mean of all batches.
    affine : bool, default True
        Whether there are a weight and a bias.
    track_running_stats : bool, default True
        Whether there are buffers. Without them, evaluation is as training.
    bias : bool, default True
        Whether there is a bias, where there is a weight.
    dtype : dtype, default float64

    Attributes
    ----------
    weight, bias : Tensor of shape (num_features,), or None
        Ones, and zeros.
    running_mean, running_var, num_batches_tracked : Tensor, or None
        The buffers: mean, unbiased variance, and the number of batches.

    Raises
    ------
    ValueError
        Of `forward`: if the shape of the input does not fit, or in training each channel has but
        one number.

    Examples
    --------
    >>> from autograd import Tensor
    >>> norm = BatchNorm1d(1)
    >>> norm(Tensor([[1.0], [3.0]])).data.round(3).tolist()
    [[-1.0], [1.0]]
    >>> norm.running_mean
    Tensor([0.2])
    """

    ndims = (2, 3)


class BatchNorm2d(BatchNorm):
    """The same for images, (n, channels, height, width): ``torch.nn.BatchNorm2d``.

    All is as of `BatchNorm1d`.

    Examples
    --------
    >>> from autograd import rand
    >>> BatchNorm2d(3)(rand(10, 3, 8, 8)).shape
    (10, 3, 8, 8)
    """

    ndims = (4,)


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
        self.weight = _ones(shape, dtype) if elementwise_affine else None
        self.bias = _zeros(shape, dtype) if has_bias else None

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
        self.weight = _ones(self.normalized_shape, dtype) if elementwise_affine else None

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
        self.weight = _ones((num_channels,), dtype) if affine else None
        self.bias = _zeros((num_channels,), dtype) if affine and bias else None

    def forward(self, input: Any) -> Any:
        """The samples, (n, channels, ...), on a common scale."""
        shape: tuple[int, ...] = getattr(input, "shape", ())
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


def _ones(shape: tuple[int, ...], dtype: DTypeLike | None) -> Tensor:
    return autograd.ones(shape, dtype=dtype or float, requires_grad=True)


def _zeros(shape: tuple[int, ...], dtype: DTypeLike | None) -> Tensor:
    return autograd.zeros(shape, dtype=dtype or float, requires_grad=True)
