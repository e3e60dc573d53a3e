"""Kernels that slide over samples, and the same the other way round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import rules
from autograd.complaints import called, shape_of
from autograd.functions.sliding import Size, each, on_samples, pairs
from autograd.rules.windows import places, spans

Padding = int | Sequence[int] | str


def conv1d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Any:
    """Kernels that slide along one axis: `conv2d` with one axis less. As ``torch.conv1d``.

    ``out[n, o, i] = bias[o] + Σ input[n, c, s · i + d · k - p] · weight[o, c, k]``, summed over c
    and k, with stride s, dilation d and padding p.

    Parameters
    ----------
    input : Tensor of shape (n, in_channels, length) or (in_channels, length)
    weight : Tensor of shape (out_channels, in_channels / groups, kernel)
    bias, stride, padding, dilation, groups
        As of `conv2d`.

    Examples
    --------
    >>> from autograd import Tensor
    >>> conv1d(Tensor([[1.0, 2.0, 4.0, 8.0]]), [[[-1.0, 1.0]]])
    Tensor([[1., 2., 4.]])
    """
    return _conv("conv1d", 1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Any:
    """Kernels that slide over images; as ``torch.conv2d``, a cross-correlation.

    ``out[n, o, i, j] = bias[o] + Σ input[n, c, s · i + d · k - p, s · j + d · l - p] · weight[o, c,
    k, l]``, summed over c, k and l, with stride s, dilation d and padding p (Goodfellow, Bengio &
    Courville, Deep Learning, eq. 9.6; Dumoulin & Visin 2016, A guide to convolution arithmetic).

    Parameters
    ----------
    input : Tensor of shape (n, in_channels, height, width) or (in_channels, height, width)
    weight : Tensor of shape (out_channels, in_channels / groups, kernel height, kernel width)
        The kernels.
    bias : Tensor of shape (out_channels,), optional
    stride : int or pair of int, default 1
        From each place to the next.
    padding : int, pair of int, "valid" or "same", default 0
        How many zeros there are on each side. "valid" is none; "same" as many as give a result of
        the size of `input`, of an odd number the greater part behind.
    dilation : int or pair of int, default 1
        From each entry of a kernel to the next.
    groups : int, default 1
        Into how many groups the channels are parted; each makes its part of the result alone.

    Returns
    -------
    Tensor of shape (n, out_channels, out height, out width), or without n

    Raises
    ------
    ValueError
        If the shapes do not fit, or a setting is out of range.

    Examples
    --------
    >>> from autograd import Tensor
    >>> image = Tensor([[[1.0, 2.0], [3.0, 4.0]]])
    >>> conv2d(image, [[[[1.0, 1.0]]]], [0.5])
    Tensor([[[3.5],
            [7.5]]])
    """
    return _conv("conv2d", 2, input, weight, bias, stride, padding, dilation, groups)


def conv_transpose1d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    groups: int = 1,
    dilation: Size = 1,
) -> Any:
    """A convolution the other way round: `conv_transpose2d` with one axis less.

    ``out[n, o, stride · i + dilation · k - padding] += input[n, c, i] · weight[c, o, k]``. As
    ``torch.conv_transpose1d``.

    Parameters
    ----------
    input : Tensor of shape (n, in_channels, length) or (in_channels, length)
    weight : Tensor of shape (in_channels, out_channels / groups, kernel)
    bias, stride, padding, output_padding, groups, dilation
        As of `conv_transpose2d`.

    Examples
    --------
    >>> from autograd import Tensor
    >>> conv_transpose1d(Tensor([[1.0, 2.0]]), [[[1.0, 10.0]]])
    Tensor([[ 1., 12., 20.]])
    """
    settings = stride, padding, output_padding, dilation, groups
    return _conv_transpose("conv_transpose1d", 1, input, weight, bias, *settings)


def conv_transpose2d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    groups: int = 1,
    dilation: Size = 1,
) -> Any:
    """A convolution the other way round: what it takes from a place, this gives to it.

    ``out[n, o, s · i + d · k - p, s · j + d · l - p] += input[n, c, i, j] · weight[c, o, k, l]``,
    with stride s, dilation d and padding p: the adjoint of `conv2d` by its input (Dumoulin & Visin
    2016, A guide to convolution arithmetic, ch. 4). As ``torch.conv_transpose2d``.

    Parameters
    ----------
    input : Tensor of shape (n, in_channels, height, width) or (in_channels, height, width)
    weight : Tensor of shape (in_channels, out_channels / groups, kernel height, kernel width)
    bias : Tensor of shape (out_channels,), optional
    stride, dilation : int or pair of int, default 1
    padding : int or pair of int, default 0
        How much of the result is left out on each side.
    output_padding : int or pair of int, default 0
        How much longer the result is behind: with a stride, inputs of several lengths give one
        output. Less than the stride or the dilation.
    groups : int, default 1

    Returns
    -------
    Tensor of shape (n, out_channels, out height, out width), or without n

    Raises
    ------
    ValueError
        If the shapes do not fit, or a setting is out of range.

    Examples
    --------
    >>> from autograd import Tensor
    >>> conv_transpose2d(Tensor([[[1.0, 2.0]]]), [[[[1.0], [10.0]]]], stride=2)
    Tensor([[[ 1.,  0.,  2.],
             [10.,  0., 20.]]])
    """
    settings = stride, padding, output_padding, dilation, groups
    return _conv_transpose("conv_transpose2d", 2, input, weight, bias, *settings)


def _conv(
    function: str,
    axes: int,
    x: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: Any,
) -> Any:
    out_channels = (shape_of(weight) or (0,))[0]
    _require_weight(function, axes, weight, groups, out_channels)
    _require_bias(function, bias, weight, out_channels)
    kernel = shape_of(weight)[2:]
    settings: dict[str, Any] = {
        "stride": each(function, "stride", stride, axes, least=1),
        "dilation": each(function, "dilation", dilation, axes, least=1),
        "groups": groups,
    }
    reach = spans(kernel, settings["dilation"])
    settings["padding"] = _padding(function, padding, reach, settings["stride"])

    def compute(x: Any) -> Any:
        _require_channels(function, x, weight, shape_of(weight)[1] * groups)
        _require_places(function, x, weight, settings)
        if bias is None:
            return rules.conv(x, weight, **settings)
        return rules.conv_bias(x, weight, bias, **settings)

    return on_samples(function, axes, x, compute)


def _conv_transpose(
    function: str,
    axes: int,
    x: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    dilation: Any,
    groups: Any,
) -> Any:
    in_channels = (shape_of(weight) or (0,))[0]
    _require_weight(function, axes, weight, groups, in_channels)
    out_channels, kernel = shape_of(weight)[1] * groups, shape_of(weight)[2:]
    _require_bias(function, bias, weight, out_channels)
    stride = each(function, "stride", stride, axes, least=1)
    dilation = each(function, "dilation", dilation, axes, least=1)
    before = each(function, "padding", padding, axes, least=0)
    more = _more(function, output_padding, stride, dilation)
    # Padding so that the convolution has as many places as there are elements here.
    padding = tuple((p, p - n) for p, n in zip(before, more, strict=True))

    def compute(x: Any) -> Any:
        _require_channels(function, x, weight, in_channels)
        sizes = zip(shape_of(x)[2:], stride, spans(kernel, dilation), padding, strict=True)
        lengths = tuple((n - 1) * s + span - p - q for n, s, span, (p, q) in sizes)
        if min(lengths) < 1 or 0 in shape_of(x)[2:]:
            raise ValueError(
                f"{function}: of {called(x, 'x')} nothing is left, with padding {padding}"
            )
        shape = (shape_of(x)[0], out_channels, *lengths)
        settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        out = rules.conv_input(x, weight, shape=shape, **settings)
        return out if bias is None else out + rules.reshape(bias, shape=(out_channels, *[1] * axes))

    return on_samples(function, axes, x, compute)


def _more(
    function: str, output_padding: Any, stride: tuple[int, ...], dilation: tuple[int, ...]
) -> tuple[int, ...]:
    """How much longer a result is behind; an error if that is more than one place's share."""
    more = each(function, "output_padding", output_padding, len(stride), least=0)
    if any(n >= max(s, d) for n, s, d in zip(more, stride, dilation, strict=True)):
        raise ValueError(
            f"{function}: output_padding={output_padding!r} must be less than the stride or the "
            f"dilation, {stride} and {dilation}"
        )
    return more


def _padding(
    function: str, padding: Any, reach: tuple[int, ...], stride: tuple[int, ...]
) -> tuple[tuple[int, int], ...]:
    """How much there is before and behind, along each axis."""
    if padding == "valid":
        return pairs((0,) * len(reach))
    if padding == "same":
        if any(s != 1 for s in stride):
            raise ValueError(f"{function}: padding='same' takes stride=1, but was given {stride}")
        return tuple(((n - 1) // 2, n // 2) for n in reach)
    if isinstance(padding, str):
        raise ValueError(f"{function}: padding is numbers, 'same' or 'valid', not {padding!r}")
    return pairs(each(function, "padding", padding, len(reach), least=0))


def _require_weight(function: str, axes: int, weight: Any, groups: Any, channels: int) -> None:
    """See that kernels have as many axes as they need, and that their channels make groups."""
    if len(shape_of(weight)) != axes + 2 or 0 in shape_of(weight):
        raise ValueError(
            f"{function}: {called(weight, 'weight')}: it takes an array of {axes + 2} axes, the "
            "channels and the kernel"
        )
    if not isinstance(groups, int) or groups < 1 or channels % groups:
        raise ValueError(
            f"{function}: {called(weight, 'weight')}: its {channels} channels do not make "
            f"groups={groups!r}"
        )


def _require_bias(function: str, bias: Any, weight: Any, channels: int) -> None:
    if bias is not None and shape_of(bias) != (channels,):
        raise ValueError(
            f"{function}: {called(weight, 'weight')} gives {channels} channels, which "
            f"{called(bias, 'bias')} does not fit"
        )


def _require_channels(function: str, x: Any, weight: Any, channels: int) -> None:
    if shape_of(x)[1] != channels:
        raise ValueError(
            f"{function}: {called(weight, 'weight')} takes {channels} channels, but was given "
            f"{called(x, 'x')}, which has {shape_of(x)[1]}"
        )


def _require_places(function: str, x: Any, weight: Any, settings: dict[str, Any]) -> None:
    kernel, padding, dilation = shape_of(weight)[2:], settings["padding"], settings["dilation"]
    lengths = shape_of(x)[2:]
    if min(places(lengths, kernel, settings["stride"], padding, dilation)) < 1:
        raise ValueError(
            f"{function}: a kernel that reaches over {spans(kernel, dilation)} does not fit into "
            f"{called(x, 'x')} with padding {padding}"
        )
