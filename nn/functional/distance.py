"""How far things are from each other, and losses that bring them together or apart."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd
from nn.functional.operands import as_array, pair, reduced


def cosine_similarity(x1: Any, x2: Any, dim: int = 1, eps: float = 1e-8) -> Any:
    """The cosine of the angle between vectors. As ``torch.nn.functional.cosine_similarity``.

    ``x1 · x2 / (max(|x1|, eps) · max(|x2|, eps))``; as in PyTorch, gradients are those of the norms
    also where they are below `eps`.

    Parameters
    ----------
    x1, x2 : Tensors or arrays, of shapes that broadcast
    dim : int, default 1
        The axis along which the vectors lie, which the result lacks.
    eps : float, default 1e-8

    Examples
    --------
    >>> cosine_similarity([[1.0, 0.0], [1.0, 1.0]], [[0.0, 1.0], [2.0, 2.0]])
    array([0., 1.])
    """
    x1, x2 = as_array(x1), as_array(x2)
    shape = np.broadcast_shapes(x1.shape, x2.shape)
    x1, x2 = (autograd.broadcast_to(x, shape) for x in (x1, x2))
    return autograd.sum(_unit(x1, dim, eps) * _unit(x2, dim, eps), dim)


def _unit(x: Any, dim: int, eps: float) -> Any:
    """Vectors of length 1, or less where they were shorter than `eps`."""
    norm = autograd.norm(x, dim=dim, keepdim=True)
    short = autograd.detach(autograd.maximum(eps - norm, 0.0))
    return x / (norm + short)


def pairwise_distance(
    x1: Any, x2: Any, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False
) -> Any:
    """The distance between vectors, ``(Σ |x1 - x2 + eps|ᵖ)^(1/p)`` along the last axis.

    As ``torch.nn.functional.pairwise_distance``.

    Parameters
    ----------
    x1, x2 : Tensors or arrays, of shapes that broadcast
    p : float, default 2
        See `autograd.norm`.
    eps : float, default 1e-6
        Keeps vectors apart, for there is no derivative where they are the same.
    keepdim : bool, default False
        Whether the last axis stays, with length 1.

    Examples
    --------
    >>> pairwise_distance([[0.0, 0.0]], [[3.0, 4.0]], eps=0.0)
    array([5.])
    """
    x1, x2 = as_array(x1), as_array(x2)
    return autograd.norm(x1 - x2 + eps, p, dim=-1, keepdim=keepdim)


def hinge_embedding_loss(
    input: Any, target: Any, margin: float = 1.0, *, reduction: str = "mean"
) -> Any:
    """The mean of distances, of what is alike, and of what they lack, of what is not.

    ``x`` where the target is 1 and ``max(0, margin - x)`` where it is -1. As
    ``torch.nn.functional.hinge_embedding_loss``.

    Parameters
    ----------
    input : Tensor or array
        Distances.
    target : Tensor or array of the same shape, of 1 and -1
    margin : float, default 1
        How far from each other is far enough.
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ValueError
        If the shapes differ, or there is no such reduction.

    Examples
    --------
    >>> from autograd import Tensor
    >>> hinge_embedding_loss(Tensor([0.25, 0.25]), [1, -1], reduction="none")
    Tensor([0.25, 0.75])
    """
    x, y = pair("hinge_embedding_loss", input, target)
    alike = autograd.where(y != -1.0, x, 0.0)
    apart = autograd.where(y != 1.0, autograd.clamp_min(margin - x, 0.0), 0.0)
    return reduced("hinge_embedding_loss", alike + apart, reduction)


def cosine_embedding_loss(
    input1: Any, input2: Any, target: Any, margin: float = 0.0, *, reduction: str = "mean"
) -> Any:
    """The mean of what cosines lack to 1, of what is alike, and of how large others are.

    ``1 - cos`` where the target is 1 and ``max(0, cos - margin)`` where it is -1. As
    ``torch.nn.functional.cosine_embedding_loss``, which adds 1e-12 to squared lengths.

    Parameters
    ----------
    input1, input2 : Tensors or arrays of shape (n, d), or (d,)
    target : Tensor or array of shape (n,), or (), of 1 and -1
    margin : float, default 0
        How large a cosine is small enough, from -1 to 1.
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ValueError
        If the shapes do not fit, or there is no such reduction.

    Examples
    --------
    >>> from autograd import Tensor
    >>> one = Tensor([[1.0, 0.0], [1.0, 0.0]])
    >>> cosine_embedding_loss(one, [[0.0, 1.0], [0.0, 1.0]], [1, -1], reduction="none")
    Tensor([1., 0.])
    """
    x1, x2 = pair("cosine_embedding_loss", input1, input2)
    y = as_array(target, like=x1)
    if not 1 <= len(x1.shape) <= 2 or y.shape != x1.shape[:-1]:
        raise ValueError(
            f"cosine_embedding_loss takes vectors and a target for each, but was given inputs of "
            f"shape {x1.shape} and targets of shape {y.shape}"
        )
    square1, square2 = (autograd.sum(autograd.square(x), -1) + 1e-12 for x in (x1, x2))
    cosine = autograd.sum(x1 * x2, -1) / autograd.sqrt(square1 * square2)
    alike = autograd.where(y == 1.0, 1.0 - cosine, 0.0)
    apart = autograd.where(y == -1.0, autograd.clamp_min(cosine - margin, 0.0), 0.0)
    return reduced("cosine_embedding_loss", alike + apart, reduction)


def triplet_margin_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    *,
    reduction: str = "mean",
) -> Any:
    """The mean of how much further, by a margin, what is alike is than what is not.

    ``max(0, d(anchor, positive) - d(anchor, negative) + margin)`` with `pairwise_distance` for d.
    As ``torch.nn.functional.triplet_margin_loss``.

    Parameters
    ----------
    anchor, positive, negative : Tensors or arrays of shape (..., d), as many axes each
    margin : float, default 1
    p, eps : float, default 2 and 1e-6
        See `pairwise_distance`.
    swap : bool, default False
        Whether ``d(positive, negative)`` counts where it is smaller (Balntas et al. 2016, Learning
        local feature descriptors with triplets and shallow convolutional neural networks, sec. 3).
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ValueError
        If the shapes do not fit, the margin is not above 0, or there is no such reduction.

    Examples
    --------
    >>> triplet_margin_loss([[0.0, 0.0]], [[3.0, 4.0]], [[0.0, 5.5]], eps=0.0)
    np.float64(0.5)
    """
    if not margin > 0.0:
        raise ValueError(f"triplet_margin_loss takes a margin above 0, but was given {margin!r}")
    anchor, positive, negative = as_array(anchor), as_array(positive), as_array(negative)
    shapes = [x.shape for x in (anchor, positive, negative)]
    try:
        fits = len(set(map(len, shapes))) == 1 and np.broadcast_shapes(*shapes) is not None
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(f"triplet_margin_loss takes three of one shape, but was given {shapes}")
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = autograd.minimum(far, pairwise_distance(positive, negative, p, eps))
    losses = autograd.clamp_min(near - far + margin, 0.0)
    return reduced("triplet_margin_loss", losses, reduction)
