"""Numbers of one kind in all of a Tensor: a constant, or each drawn by itself."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

import autograd
from autograd import Tensor

Source: TypeAlias = "np.random.Generator | int | None"  # in quotes: slow to import


def one_source(generator: Source) -> np.random.Generator | None:
    """One source for several draws: a seed would give each of them the same numbers."""
    return None if generator is None else np.random.default_rng(generator)


def fill(function: str, tensor: Tensor, data: ArrayLike) -> Tensor:
    """Write numbers to a leaf, in its own type, and return it."""
    require_tensor(function, tensor)
    numbers = np.asarray(data)
    if numbers.dtype.kind == "f" != tensor.dtype.kind:
        raise TypeError(f"{function} writes floats, but the Tensor is of {tensor.dtype}")
    tensor.data = np.broadcast_to(numbers, tensor.shape)
    return tensor


def require_tensor(function: str, tensor: Any, axes: tuple[int, ...] = ()) -> None:
    """See that it is a Tensor, and has one of some numbers of axes."""
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{function} writes to a Tensor, but was given {tensor!r:.60}")
    if axes and tensor.ndim not in axes:
        wanted = " or ".join(map(str, axes))
        raise ValueError(
            f"{function} takes a Tensor of {wanted} axes, but this one has shape {tensor.shape}"
        )


def constant_(tensor: Tensor, val: float) -> Tensor:
    """One number everywhere, ``tensor[...] = val``: ``torch.nn.init.constant_``.

    Examples
    --------
    >>> from autograd import Tensor
    >>> constant_(Tensor([1.0, 2.0]), 5.0)
    Tensor([5., 5.])
    """
    return fill("constant_", tensor, val)


def ones_(tensor: Tensor) -> Tensor:
    """Ones: ``torch.nn.init.ones_``.

    Examples
    --------
    >>> from autograd import Tensor
    >>> ones_(Tensor([3.0, 2.0]))
    Tensor([1., 1.])
    """
    return fill("ones_", tensor, 1)


def zeros_(tensor: Tensor) -> Tensor:
    """Zeros: ``torch.nn.init.zeros_``.

    Examples
    --------
    >>> from autograd import Tensor
    >>> zeros_(Tensor([3.0, 2.0]))
    Tensor([0., 0.])
    """
    return fill("zeros_", tensor, 0)


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Source = None) -> Tensor:
    """Numbers from a to b, all as likely: ``torch.nn.init.uniform_``.

    Raises
    ------
    ValueError
        If ``a > b``.

    Examples
    --------
    >>> from autograd import Tensor
    >>> uniform_(Tensor([0.0, 0.0]), -1.0, 1.0, generator=0)
    Tensor([ 0.27392337, -0.46042657])
    """
    require_tensor("uniform_", tensor)
    if not a <= b:
        raise ValueError(f"uniform_ takes a <= b, but was given a={a} and b={b}")
    part = autograd.rand(tensor.shape, generator=generator).data
    return fill("uniform_", tensor, a + (b - a) * part)


def normal_(
    tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Source = None
) -> Tensor:
    """Numbers from a normal distribution: ``torch.nn.init.normal_``.

    Raises
    ------
    ValueError
        If `std` is negative.

    Examples
    --------
    >>> from autograd import Tensor
    >>> normal_(Tensor([0.0, 0.0]), std=2.0, generator=0)
    Tensor([ 0.25146044, -0.26420973])
    """
    require_tensor("normal_", tensor)
    if not std >= 0.0:
        raise ValueError(f"normal_ takes a std of 0 or more, but was given {std}")
    deviations = autograd.randn(tensor.shape, generator=generator).data
    return fill("normal_", tensor, mean + std * deviations)


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Source = None,
) -> Tensor:
    """Numbers from that part of a normal distribution which lies in ``[a, b]``.

    ``x = mean + std · Φ⁻¹(u)`` with u uniform in ``[Φ((a - mean) / std), Φ((b - mean) / std)]``. As
    ``torch.nn.init.trunc_normal_``. It is exact also where both bounds lie on one side of the mean,
    up to 37 standard deviations away.

    Raises
    ------
    ValueError
        If `std` is not positive, or not ``a < b``, or the bounds lie so far out that nothing is
        left between them.

    Examples
    --------
    >>> from autograd import Tensor
    >>> trunc_normal_(Tensor([0.0, 0.0]), std=0.02, generator=0)
    Tensor([ 0.00700698, -0.01226916])
    """
    require_tensor("trunc_normal_", tensor)
    if not (std > 0.0 and a < b):
        raise ValueError(
            f"trunc_normal_ takes a positive std and a < b, but was given std={std}, a={a}, b={b}"
        )
    from statistics import NormalDist  # slow to import

    low, high = (a - mean) / std, (b - mean) / std
    sign = 1.0
    if low > 0.0:  # the tail above: that below is its mirror image, and its Φ is not close to 1
        low, high, sign = -high, -low, -1.0
    first, last = (math.erfc(-x / math.sqrt(2.0)) / 2.0 for x in (low, high))
    if not first < last:
        raise ValueError(f"trunc_normal_: nothing is left between a={a} and b={b}")
    part = autograd.rand(tensor.shape, generator=generator).data
    within = np.clip(first + (last - first) * part, np.finfo(float).tiny, 1.0 - 2.0**-53)
    drawn = np.fromiter(map(NormalDist().inv_cdf, within.ravel().tolist()), float, within.size)
    numbers = mean + std * sign * drawn.reshape(tensor.shape)
    return fill("trunc_normal_", tensor, np.clip(numbers, a, b))
