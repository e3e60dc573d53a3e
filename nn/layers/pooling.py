"""Layers of windows that slide over samples. They have no parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import autograd
from nn.layers.sizes import Size, each, in_layer
from nn.module import Module


class Pooling(Module):
    """What poolings share: how they apply a function, and how they are shown.

    Attributes
    ----------
    axes : int
        How many axes the windows slide along.
    shown : tuple of str
        The settings that `repr` shows.
    """

    axes: ClassVar[int]
    shown: ClassVar[tuple[str, ...]]
    kernel_size: Any
    stride: Any
    padding: Any

    def set_window(self, kernel_size: Size, stride: Size | None, padding: Size) -> None:
        """Set what all windows have; the stride is that of the window unless it is given."""
        each(self, "kernel_size", kernel_size, self.axes, least=1)
        each(self, "padding", padding, self.axes)
        if stride is not None:
            each(self, "stride", stride, self.axes, least=1)
        self.kernel_size, self.padding = kernel_size, padding
        self.stride = kernel_size if stride is None else stride

    def pooled(self, pool: Callable[..., Any], input: Any, *settings: Any) -> Any:
        """What a function makes of an input."""
        try:
            return pool(input, *settings)
        except ValueError as error:
            raise in_layer(self, error) from None

    def extra_repr(self) -> str:
        """The settings."""
        return ", ".join(f"{name}={getattr(self, name)}" for name in self.shown)


class MaxPool(Pooling):
    """The largest element in each window."""

    shown = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
    pool: ClassVar[Callable[..., Any]]

    def __init__(
        self,
        kernel_size: Size,
        stride: Size | None = None,
        padding: Size = 0,
        dilation: Size = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        self.set_window(kernel_size, stride, padding)
        each(self, "dilation", dilation, self.axes, least=1)
        self.dilation, self.return_indices, self.ceil_mode = dilation, return_indices, ceil_mode

    def forward(self, input: Any) -> Any:
        """The largest elements of samples, (n, channels, ...), or of one alone."""
        window = self.kernel_size, self.stride, self.padding, self.dilation
        return self.pooled(self.pool, input, *window, self.ceil_mode, self.return_indices)


class MaxPool2d(MaxPool):
    """The largest element in each window of images: ``torch.nn.MaxPool2d``.

    Parameters
    ----------
    kernel_size, stride, padding, dilation, return_indices, ceil_mode
        As of `autograd.max_pool2d`.

    Raises
    ------
    ValueError
        If a setting is out of range; of `forward`, if no window fits.

    Examples
    --------
    >>> from autograd import zeros
    >>> MaxPool2d(2)(zeros(10, 3, 28, 28)).shape
    (10, 3, 14, 14)
    """

    axes = 2
    pool = staticmethod(autograd.max_pool2d)


class MaxPool1d(MaxPool):
    """The largest element in each window along one axis: ``torch.nn.MaxPool1d``.

    All is as of `MaxPool2d`, with one axis less.

    Examples
    --------
    >>> from autograd import zeros
    >>> MaxPool1d(3, stride=2)(zeros(10, 3, 9)).shape
    (10, 3, 4)
    """

    axes = 1
    pool = staticmethod(autograd.max_pool1d)


class AvgPool2d(Pooling):
    """The mean of each window of images: ``torch.nn.AvgPool2d``.

    Parameters
    ----------
    kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
        As of `autograd.avg_pool2d`.

    Raises
    ------
    ValueError
        If a setting is out of range; of `forward`, if no window fits.

    Examples
    --------
    >>> from autograd import zeros
    >>> AvgPool2d(2)(zeros(10, 3, 28, 28)).shape
    (10, 3, 14, 14)
    """

    axes = 2
    shown = ("kernel_size", "stride", "padding")

    def __init__(
        self,
        kernel_size: Size,
        stride: Size | None = None,
        padding: Size = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        self.set_window(kernel_size, stride, padding)
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad
        self.divisor_override = divisor_override

    def forward(self, input: Any) -> Any:
        """The means of images, (n, channels, height, width) or one alone."""
        window = self.kernel_size, self.stride, self.padding, self.ceil_mode
        rest = self.count_include_pad, self.divisor_override
        return self.pooled(autograd.avg_pool2d, input, *window, *rest)


class AvgPool1d(Pooling):
    """The mean of each window along one axis: ``torch.nn.AvgPool1d``.

    Parameters
    ----------
    kernel_size, stride, padding, ceil_mode, count_include_pad
        As of `autograd.avg_pool1d`.

    Examples
    --------
    >>> from autograd import zeros
    >>> AvgPool1d(3, stride=2)(zeros(10, 3, 9)).shape
    (10, 3, 4)
    """

    axes = 1
    shown = ("kernel_size", "stride", "padding")

    def __init__(
        self,
        kernel_size: Size,
        stride: Size | None = None,
        padding: Size = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        self.set_window(kernel_size, stride, padding)
        for name in self.shown:  # a tuple of one, as PyTorch shows it
            setattr(self, name, each(self, name, getattr(self, name), self.axes))
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad

    def forward(self, input: Any) -> Any:
        """The means of samples, (n, channels, length) or one alone."""
        window = self.kernel_size, self.stride, self.padding
        return self.pooled(
            autograd.avg_pool1d, input, *window, self.ceil_mode, self.count_include_pad
        )


class AdaptiveAvgPool2d(Pooling):
    """So many means over images of any size: ``torch.nn.AdaptiveAvgPool2d``.

    Parameters
    ----------
    output_size : int, or pair of int or None
        As of `autograd.adaptive_avg_pool2d`.

    Examples
    --------
    >>> from autograd import zeros
    >>> AdaptiveAvgPool2d(1)(zeros(10, 3, 28, 28)).shape
    (10, 3, 1, 1)
    """

    axes = 2
    shown = ("output_size",)

    def __init__(self, output_size: int | Sequence[int | None] | None) -> None:
        self.output_size = output_size

    def forward(self, input: Any) -> Any:
        """The means of images, (n, channels, height, width) or one alone."""
        return self.pooled(autograd.adaptive_avg_pool2d, input, self.output_size)
