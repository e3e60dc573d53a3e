"""Layers of kernels that slide over samples."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, Literal

from numpy.typing import DTypeLike

import autograd
from autograd import Node, Tensor
from nn.init.fill import one_source
from nn.layers.sizes import Size, at_least_one, each, in_layer, uniform
from nn.module import Module

Mode = Literal["zeros", "reflect", "replicate", "circular"]


class Convolution(Module):
    """What all of them share: their settings, their parameters, and how they are shown.

    Attributes
    ----------
    axes : int
        How many axes the kernels slide along.
    transposed : bool
        Whether it goes the other way round.
    """

    axes: ClassVar[int]
    transposed: ClassVar[bool] = False
    output_padding: tuple[int, ...] = ()  # which only transposed ones have
    weight: Tensor
    bias: Tensor | None

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size | str = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: Mode = "zeros",
        *,
        generator: Any = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        name, axes = type(self).__name__, self.axes
        at_least_one(self, in_channels=in_channels, out_channels=out_channels, groups=groups)
        if in_channels % groups or out_channels % groups:
            raise ValueError(
                f"{name}: {in_channels} channels in and {out_channels} out do not make "
                f"groups={groups}"
            )
        modes = ("zeros",) if self.transposed else ("zeros", "reflect", "replicate", "circular")
        if padding_mode not in modes:
            raise ValueError(
                f"{name}: padding_mode is {' or '.join(modes)}, but is {padding_mode!r}"
            )
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size = each(self, "kernel_size", kernel_size, axes, least=1)
        self.stride = each(self, "stride", stride, axes, least=1)
        named = not self.transposed and padding in ("same", "valid")
        self.padding: Any = padding if named else each(self, "padding", padding, axes)
        if padding == "same" and self.stride != (1,) * axes:
            raise ValueError(f"{name}: padding='same' takes stride=1, but was given {stride}")
        self.dilation = each(self, "dilation", dilation, axes, least=1)
        self.groups, self.padding_mode = groups, padding_mode
        self._draw(bias, generator, dtype)

    def _draw(self, bias: bool, generator: Any, dtype: DTypeLike | None) -> None:
        """Draw the parameters from U(-b, b): He's initialisation with a = √5, as in PyTorch."""
        ends = self.in_channels, self.out_channels
        first, second = ends if self.transposed else ends[::-1]
        shape = (first, second // self.groups, *self.kernel_size)
        bound, source = 1.0 / math.sqrt(math.prod(shape[1:])), one_source(generator)
        self.weight = uniform(shape, bound, source, dtype)
        self.bias = uniform((self.out_channels,), bound, source, dtype) if bias else None

    def convolved(self, convolve: Callable[..., Any], input: Any) -> Any:
        """What a function makes of an input with these settings, once that is padded."""
        if not isinstance(input, Node):
            input = Tensor(input)
        padding = self.padding
        settings = {"stride": self.stride, "dilation": self.dilation, "groups": self.groups}
        try:
            if self.padding_mode != "zeros":
                input, padding = autograd.pad(input, self._around(), self.padding_mode), 0
            return convolve(input, self.weight, self.bias, padding=padding, **settings)
        except ValueError as error:
            raise in_layer(self, error) from None

    def _around(self) -> list[int]:
        """How much to pad before and behind, the last axis first."""
        if self.padding == "valid":
            return [0, 0] * self.axes
        if self.padding != "same":
            return [pad for pad in reversed(self.padding) for _ in range(2)]
        reach = [d * (k - 1) for d, k in zip(self.dilation, self.kernel_size, strict=True)]
        return [pad for total in reversed(reach) for pad in (total // 2, total - total // 2)]

    def extra_repr(self) -> str:
        """The settings, and of the rarer ones those that are not the usual."""
        ones, zeros = (1,) * self.axes, (0,) * self.axes
        rare = {
            "padding": (self.padding, zeros),
            "dilation": (self.dilation, ones),
            "output_padding": (self.output_padding, zeros),
            "groups": (self.groups, 1),
            "bias": (self.bias is not None, True),
            "padding_mode": (self.padding_mode, "zeros"),
        }
        parts = [f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}"]
        parts += [f"stride={self.stride}"]
        parts += [f"{name}={x}" for name, (x, usual) in rare.items() if x not in (usual, ())]
        return ", ".join(parts)


class Conv2d(Convolution):
    """Kernels that slide over images: ``torch.nn.Conv2d``. For its formula see `autograd.conv2d`.

    Parameters
    ----------
    in_channels, out_channels : int
    kernel_size : int or pair of int
    stride, dilation : int or pair of int, default 1
    padding : int, pair of int, "valid" or "same", default 0
    groups : int, default 1
    bias : bool, default True
    padding_mode : {"zeros", "reflect", "replicate", "circular"}, default "zeros"
        What is there around the images; see `autograd.pad`.
    generator : numpy.random.Generator or int, optional
        Where the parameters are drawn from; see `autograd.rand`.
    dtype : dtype, default float64

    Attributes
    ----------
    weight : Tensor of shape (out_channels, in_channels / groups, kernel height, kernel width)
        Drawn from ``U(-b, b)``, ``b = 1 / √n``, where n numbers enter each of a result.
    bias : Tensor of shape (out_channels,), or None
        Drawn from the same.

    Raises
    ------
    ValueError
        If a setting is out of range; of `forward`, if the shape of the input does not fit.

    Examples
    --------
    >>> from autograd import zeros
    >>> layer = Conv2d(3, 8, 3, padding=1, generator=0)
    >>> layer(zeros(10, 3, 28, 28)).shape
    (10, 8, 28, 28)
    """

    axes = 2

    def forward(self, input: Any) -> Any:
        """The images, (n, in_channels, height, width) or one alone, seen through the kernels."""
        return self.convolved(autograd.conv2d, input)


class Conv1d(Convolution):
    """Kernels that slide along one axis: ``torch.nn.Conv1d``.

    All is as of `Conv2d`, with one axis less.

    Attributes
    ----------
    weight : Tensor of shape (out_channels, in_channels / groups, kernel)
    bias : Tensor of shape (out_channels,), or None

    Examples
    --------
    >>> from autograd import zeros
    >>> Conv1d(3, 8, 5, generator=0)(zeros(10, 3, 20)).shape
    (10, 8, 16)
    """

    axes = 1

    def forward(self, input: Any) -> Any:
        """The samples, (n, in_channels, length) or one alone, seen through the kernels."""
        return self.convolved(autograd.conv1d, input)


class ConvTranspose2d(Convolution):
    """A convolution the other way round: ``torch.nn.ConvTranspose2d``.

    For its formula see `autograd.conv_transpose2d`.

    Parameters
    ----------
    in_channels, out_channels : int
    kernel_size : int or pair of int
    stride : int or pair of int, default 1
    padding, output_padding : int or pair of int, default 0
    groups : int, default 1
    bias : bool, default True
    dilation : int or pair of int, default 1
    padding_mode : {"zeros"}
    generator : numpy.random.Generator or int, optional
        Where the parameters are drawn from; see `autograd.rand`.
    dtype : dtype, default float64

    Attributes
    ----------
    weight : Tensor of shape (in_channels, out_channels / groups, kernel height, kernel width)
    bias : Tensor of shape (out_channels,), or None

    Raises
    ------
    ValueError
        If a setting is out of range; of `forward`, if the shape of the input does not fit.

    Examples
    --------
    >>> from autograd import zeros
    >>> layer = ConvTranspose2d(8, 3, 2, stride=2, generator=0)
    >>> layer(zeros(10, 8, 14, 14)).shape
    (10, 3, 28, 28)
    """

    axes = 2
    transposed = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size = 0,
        output_padding: Size = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Size = 1,
        padding_mode: Mode = "zeros",
        *,
        generator: Any = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            groups,
            bias,
            padding_mode,
            generator=generator,
            dtype=dtype,
        )
        self.output_padding = each(self, "output_padding", output_padding, self.axes)

    def _larger(self, input: Any, output_size: Any) -> tuple[int, ...]:
        """The output padding that gives a size; an error that says which there are."""
        if output_size is None:
            return self.output_padding
        wanted = tuple(output_size)[-self.axes :]
        lengths = zip(input.shape[-self.axes :], self.stride, self.kernel_size, strict=True)
        pads = zip(self.padding, self.dilation, strict=True)
        least = [
            (n - 1) * s - 2 * pad + d * (k - 1) + 1
            for (n, s, k), (pad, d) in zip(lengths, pads, strict=True)
        ]
        more = tuple(n - m for n, m in zip(wanted, least, strict=False))
        if len(more) != self.axes or any(
            not 0 <= n < s for n, s in zip(more, self.stride, strict=True)
        ):
            most = [n + s - 1 for n, s in zip(least, self.stride, strict=True)]
            raise ValueError(
                f"{self!r}: output_size is from {least} to {most} for an input of shape "
                f"{input.shape}, but is {output_size}"
            )
        return more

    def forward(self, input: Any, output_size: Any = None) -> Any:
        """What `Conv2d` would make such images of; `output_size` chooses among their sizes."""
        more = self._larger(input, output_size)
        transposed = partial(autograd.conv_transpose2d, output_padding=more)
        return self.convolved(transposed, input)
