"""Weights with a structure: the identity, orthogonal rows, mostly zeros."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autograd
from autograd import Tensor
from nn.init.fill import Source, fill, one_source, require_tensor


def eye_(tensor: Tensor) -> Tensor:
    """The identity matrix, with ones on the diagonal: ``torch.nn.init.eye_``.

    Raises
    ------
    ValueError
        If it is no matrix.

    Examples
    --------
    >>> from autograd import zeros
    >>> eye_(zeros(2, 3))
    Tensor([[1., 0., 0.],
            [0., 1., 0.]])
    """
    require_tensor("eye_", tensor, (2,))
    return fill("eye_", tensor, np.eye(*tensor.shape, dtype=int))


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """A convolution that hands on its input: ones in the middle of the kernel of each channel.

    ``tensor[g · out/groups + i, i, *middle] = 1`` for as many i as there are channels on both
    sides. As ``torch.nn.init.dirac_``.

    Parameters
    ----------
    tensor : Tensor of shape (out, in, *kernel), with a kernel of one, two or three axes
    groups : int, default 1

    Raises
    ------
    ValueError
        If it has another number of axes, or `groups` does not divide its outputs.

    Examples
    --------
    >>> from autograd import zeros
    >>> dirac_(zeros(2, 2, 3))
    Tensor([[[0., 1., 0.],
             [0., 0., 0.]],
    <BLANKLINE>
            [[0., 0., 0.],
             [0., 1., 0.]]])
    """
    require_tensor("dirac_", tensor, (3, 4, 5))
    outputs, inputs, *kernel = tensor.shape
    if groups < 1 or outputs % groups:
        raise ValueError(f"dirac_: {outputs} output channels do not make {groups} groups")
    numbers = np.zeros((groups, outputs // groups, *tensor.shape[1:]), int)
    channels = np.arange(min(outputs // groups, inputs))
    key: Any = (slice(None), channels, channels, *(n // 2 for n in kernel))
    numbers[key] = 1
    return fill("dirac_", tensor, numbers.reshape(tensor.shape))


def orthogonal_(tensor: Tensor, gain: float = 1.0, generator: Source = None) -> Tensor:
    """Rows, or where there are more of them columns, of length `gain` at right angles.

    All axes after the first count as one. ``Q Qᵀ = gain² I``, drawn evenly from all such matrices.
    As ``torch.nn.init.orthogonal_`` (Saxe, McClelland & Ganguli 2014, Exact solutions to the
    nonlinear dynamics of learning in deep linear neural networks; Mezzadri 2007, How to generate
    random matrices from the classical compact groups, for the signs).

    Raises
    ------
    ValueError
        If it has fewer than two axes.

    Examples
    --------
    >>> from autograd import zeros
    >>> w = orthogonal_(zeros(2, 4)).data
    >>> np.allclose(w @ w.T, np.eye(2))
    True
    """
    require_tensor("orthogonal_", tensor)
    if tensor.ndim < 2:
        raise ValueError(
            f"orthogonal_ takes a Tensor of 2 axes or more, but this one has shape {tensor.shape}"
        )
    if not tensor.size:
        return tensor
    rows = tensor.shape[0]
    shape = rows, tensor.size // rows
    drawn = autograd.randn(max(shape), min(shape), generator=generator).data
    q, r = np.linalg.qr(drawn)
    q *= np.sign(np.diag(r))  # which the decomposition leaves open
    across = q.T if shape[0] < shape[1] else q
    return fill("orthogonal_", tensor, gain * across.reshape(tensor.shape))


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, generator: Source = None) -> Tensor:
    """Mostly zeros: in each column that part of the rows; the rest from ``N(0, std²)``.

    As ``torch.nn.init.sparse_`` (Martens 2010, Deep learning via Hessian-free optimization).

    Parameters
    ----------
    tensor : Tensor of shape (rows, columns)
    sparsity : float from 0 to 1
        Which part of each column is 0, rounded up.
    std : float, default 0.01
    generator : numpy.random.Generator or int, optional

    Raises
    ------
    ValueError
        If it is no matrix, or `sparsity` is out of its range.

    Examples
    --------
    >>> from autograd import zeros
    >>> (sparse_(zeros(4, 3), 0.5).data == 0.0).sum(0)
    array([2, 2, 2])
    """
    require_tensor("sparse_", tensor, (2,))
    if not 0.0 <= sparsity <= 1.0:
        raise ValueError(f"sparsity is a number from 0 to 1, but was given {sparsity}")
    source = one_source(generator)
    numbers = std * autograd.randn(tensor.shape, generator=source).data
    order = autograd.rand(tensor.shape, generator=source).data.argsort(0)  # of rows, in each column
    numbers[order < math.ceil(sparsity * tensor.shape[0])] = 0.0
    return fill("sparse_", tensor, numbers)
