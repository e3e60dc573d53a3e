"""Layers that bring the samples of a batch to a common scale, and remember it."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from numpy.typing import DTypeLike

import autograd
from autograd import Tensor
from autograd.complaints import shape_of
from nn.layers.sizes import at_least_one, ones, zeros
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
        self.weight = ones(shape, dtype) if affine else None
        self.bias = zeros(shape, dtype) if affine and bias else None
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
        shape = shape_of(input)
        said = f"{getattr(input, 'name', None) or 'x'} has shape {shape}"
        if len(shape) not in self.ndims:
            axes = " or ".join(map(str, self.ndims))
            raise ValueError(f"{name}({self.num_features}) takes {axes} axes: {said}")
        if shape[1] != self.num_features:
            raise ValueError(f"{name}({self.num_features}) was given {shape[1]} channels: {said}")
        if batch and math.prod(shape) < 2 * self.num_features:
            raise ValueError(
                f"{name}({self.num_features}), in training, takes two numbers or more for each "
                f"channel: {said}; let no batch be so small, as drop_last=True does for the last"
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
