"""Samples brought to a common scale: by batch, by layer, by groups of channels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import rules
from autograd.complaints import called, dtype_of, shape_of
from autograd.functions.arguments import integers, operand
from autograd.node import plain
from autograd.rules.normalization import moments
from autograd.tracing import is_tracing, update_leaf


def batch_norm(
    input: Any,
    running_mean: Any,
    running_var: Any,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    """Each channel less its mean, over its standard deviation.

    As ``torch.nn.functional.batch_norm``.

    ``out[n, c] = (input[n, c] - mean[c]) / √(var[c] + eps) · weight[c] + bias[c]`` (Ioffe & Szegedy
    2015, Batch normalization, algorithm 1).

    Parameters
    ----------
    input : Tensor of shape (n, channels, ...)
    running_mean, running_var : Tensor of shape (channels,), or None
        The mean and variance to use, unless in training; there, what is to follow those of the
        batch: ``running = (1 - momentum) · running + momentum · new``, with the unbiased variance.
    weight, bias : Tensor of shape (channels,), optional
    training : bool, default False
        Whether to use the mean and variance of the batch; so it is without running ones, too.
    momentum : float, default 0.1
    eps : float, default 1e-5

    Raises
    ------
    ValueError
        If the shapes do not fit, or each channel has but one number and `training` is on.
    TypeError
        If running ones are to be changed that are no Tensors.

    Examples
    --------
    >>> from autograd import Tensor
    >>> batch_norm(Tensor([[1.0], [3.0]]), None, None, training=True, eps=0.0)
    Tensor([[-1.],
            [ 1.]])
    """
    input = operand("batch_norm", input)
    shape = shape_of(input)
    if len(shape) < 2:
        raise ValueError(
            f"batch_norm takes samples, (n, channels, ...), but was given {called(input, 'x')}"
        )
    scales = {"weight": weight, "bias": bias}
    running = {"running_mean": running_mean, "running_var": running_var}
    _require_fit("batch_norm", input, shape[1:2], **scales, **running)
    if (running_mean is None) != (running_var is None):
        raise ValueError("batch_norm takes running_mean and running_var, both or neither")
    along = (shape[1], *[1] * (len(shape) - 2))
    if not training and running_mean is not None:
        scale = rules.rsqrt(running_var + eps)
        scale = scale if weight is None else weight * scale
        shift = -running_mean * scale if bias is None else bias - running_mean * scale
        return _scaled(input, scale, shift, along)
    axis = (0, *range(2, len(shape)))
    count = math.prod(shape) // shape[1] if shape[1] else 0
    if count < 2:
        raise ValueError(
            f"batch_norm: in training each channel needs two numbers or more, but "
            f"{called(input, 'x')} has {count}"
        )
    if running_mean is not None:
        _follow(running_mean, running_var, input, axis, count, momentum)
    out = rules.standardise(input, axis=axis, count=count, centred=True, eps=eps)
    return _scaled(out, weight, bias, along)


def layer_norm(
    input: Any,
    normalized_shape: int | Sequence[int],
    weight: Any = None,
    bias: Any = None,
    eps: float = 1e-5,
) -> Any:
    """Each sample less its mean, over its standard deviation; as ``torch.layer_norm``.

    ``out[n] = (input[n] - mean[n]) / √(var[n] + eps) · weight + bias`` (Ba, Kiros & Hinton 2016,
    Layer normalization, eq. 4).

    Parameters
    ----------
    input : Tensor of shape (..., *normalized_shape)
    normalized_shape : int or sequence of int
        The last axes, those of a sample.
    weight, bias : Tensor of shape normalized_shape, optional
    eps : float, default 1e-5

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> from autograd import Tensor
    >>> layer_norm(Tensor([[1.0, 3.0], [4.0, 2.0]]), 2, eps=0.0)
    Tensor([[-1.,  1.],
            [ 1., -1.]])
    """
    settings = _last("layer_norm", input, normalized_shape, weight=weight, bias=bias)
    return _scaled(rules.standardise(input, centred=True, eps=eps, **settings), weight, bias)


def rms_norm(
    input: Any, normalized_shape: int | Sequence[int], weight: Any = None, eps: float | None = None
) -> Any:
    """Each sample over its root mean square; as ``torch.rms_norm``.

    ``out[n] = input[n] / √(mean(input[n]²) + eps) · weight`` (Zhang & Sennrich 2019, Root mean
    square layer normalization, eq. 4).

    Parameters
    ----------
    input : Tensor of shape (..., *normalized_shape)
    normalized_shape : int or sequence of int
        The last axes, those of a sample.
    weight : Tensor of shape normalized_shape, optional
    eps : float, optional
        If omitted, how far 1 is from the next number of the type of `input`.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> from autograd import Tensor
    >>> rms_norm(Tensor([3.0, 3.0]), 2, eps=0.0)
    Tensor([1., 1.])
    """
    settings = _last("rms_norm", input, normalized_shape, weight=weight)
    if eps is None:
        dtype = dtype_of(input)
        eps = float(np.finfo(dtype if dtype.kind == "f" else float).eps)
    return _scaled(rules.standardise(input, centred=False, eps=eps, **settings), weight, None)


def group_norm(
    input: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Any:
    """Each group of channels of a sample less its mean, over its standard deviation.

    ``out[n, c] = (input[n, c] - mean[n, g]) / √(var[n, g] + eps) · weight[c] + bias[c]``, g the
    group of c (Wu & He 2018, Group normalization, eq. 7). As ``torch.group_norm``.

    Parameters
    ----------
    input : Tensor of shape (n, channels, ...)
    num_groups : int
        Into how many groups the channels are parted.
    weight, bias : Tensor of shape (channels,), optional
    eps : float, default 1e-5

    Raises
    ------
    ValueError
        If the shapes do not fit, or the channels do not make so many groups.

    Examples
    --------
    >>> from autograd import Tensor
    >>> group_norm(Tensor([[1.0, 3.0, 4.0, 2.0]]), 2, eps=0.0)
    Tensor([[-1.,  1.,  1., -1.]])
    """
    shape = shape_of(input)
    (groups,) = integers("group_norm", "group", (num_groups,))
    if len(shape) < 2 or groups < 1 or shape[1] % groups:
        raise ValueError(
            f"group_norm takes samples, (n, channels, ...), the channels in {groups} groups, but "
            f"was given {called(input, 'x')}"
        )
    _require_fit("group_norm", input, shape[1:2], weight=weight, bias=bias)
    size = math.prod(shape[1:]) // groups
    parted = rules.reshape(input, shape=(shape[0], groups, size))
    out = rules.standardise(parted, axis=(2,), count=size, centred=True, eps=eps)
    along = (shape[1], *[1] * (len(shape) - 2))
    return _scaled(rules.reshape(out, shape=shape), weight, bias, along)


def _last(function: str, x: Any, normalized_shape: Any, **scales: Any) -> dict[str, Any]:
    """The axes of a sample, which are the last, and how many numbers it has."""
    several = (
        normalized_shape if isinstance(normalized_shape, (tuple, list)) else [normalized_shape]
    )
    sample, shape = integers(function, "length", several), shape_of(x)
    if not sample or shape[-len(sample) :] != sample:
        raise ValueError(
            f"{function} takes samples of normalized_shape={sample}, the last axes of x, but was "
            f"given {called(x, 'x') if shape else repr(x)}"
        )
    _require_fit(function, x, sample, **scales)
    axis = tuple(range(len(shape) - len(sample), len(shape)))
    return {"axis": axis, "count": math.prod(sample)}


def _require_fit(function: str, x: Any, shape: tuple[int, ...], **scales: Any) -> None:
    """See that weights, biases and the like have the shape that they must have."""
    for name, scale in scales.items():
        if scale is not None and shape_of(scale) != shape:
            raise ValueError(
                f"{function}: {called(scale, name)} does not fit {called(x, 'x')}: it must be of "
                f"shape {shape}"
            )


def _scaled(x: Any, weight: Any, bias: Any, shape: Any = None) -> Any:
    """``x · weight + bias``, both brought to a shape, if there is one."""
    if shape is not None:
        weight, bias = (
            None if each is None else rules.reshape(each, shape=shape) for each in (weight, bias)
        )
    if weight is not None and bias is not None:
        return rules.scale(x, weight, bias)
    x = x if weight is None else x * weight
    return x if bias is None else x + bias


def _follow(
    running_mean: Any,
    running_var: Any,
    x: Any,
    axis: tuple[int, ...],
    count: int,
    momentum: Any,
) -> None:
    """Move running means and variances towards those of a batch."""
    mean: Any
    var: Any
    if is_tracing():
        of_all = {"axis": axis, "keepdims": False}
        batch = rules.detach(x)
        mean = rules.sum(batch, **of_all) / count
        var = rules.var(batch, count=count, scale=1.0 / count, **of_all)
    else:
        mean, var = (each.ravel() for each in moments(plain(x), axis, count))
    unbiased = var * (count / (count - 1))
    update_leaf(running_mean, lambda old: old + momentum * (mean - old))
    update_leaf(running_var, lambda old: old + momentum * (unbiased - old))
