"""Functions that take many elements to one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd import rules
from autograd.complaints import dtype_of, shape_of
from autograd.functions.arguments import Axes, along
from autograd.functions.layout import astype


def sum(
    input: Any,
    dim: Axes = None,
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
    axis: Axes = None,
    keepdims: bool = False,
) -> Any:
    """The sum over all elements, or along some axes. As ``torch.sum``.

    ``out[j] = Σᵢ input[i, j]`` for axis 0.

    Parameters
    ----------
    input : Tensor or array, of any shape
    dim, axis : int or sequence of int, optional
        The axes to sum along (PyTorch's and NumPy's word for it); all if omitted.
    keepdim, keepdims : bool, default False
        Whether those axes stay, with length 1.
    dtype : dtype, optional
        What to convert `input` to first.

    Returns
    -------
    Tensor or array
        Of the shape of `input` without those axes.

    Raises
    ------
    IndexError
        If there is no such axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).sum(dim=0)
    Tensor([4., 6.])
    """
    input, axes = along_as("sum", input, dim, axis, dtype)
    return rules.sum(input, axis=axes, keepdims=keepdim or keepdims)


def mean(
    input: Any,
    dim: Axes = None,
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
    axis: Axes = None,
    keepdims: bool = False,
) -> Any:
    """The mean over all elements, or along some axes: ``Σ input / n``. As ``torch.mean``.

    The arguments are those of `sum`. The mean of no elements is NaN.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).mean()
    Tensor(2.5)
    """
    input, axes = along_as("mean", input, dim, axis, dtype)
    total, count = rules.sum(input, axis=axes, keepdims=keepdim or keepdims), number_of(input, axes)
    return rules.div(total, count) if count else rules.mul(total, math.nan)


def along_as(
    function: str, x: Any, dim: Axes, axis: Axes, dtype: DTypeLike | None
) -> tuple[Any, tuple[int, ...]]:
    """The same as `along`, with what is reduced converted to another type, if one is given."""
    x, axes = along(function, x, dim, axis)
    return (x if dtype is None else astype(x, dtype)), axes


def number_of(x: Any, axes: tuple[int, ...]) -> int:
    """How many elements lie along some axes."""
    shape = shape_of(x)
    return math.prod(shape[i] for i in axes)


def prod(
    input: Any,
    dim: Axes = None,
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
    axis: Axes = None,
    keepdims: bool = False,
) -> Any:
    """The product of all elements, or along some axes. As ``torch.prod``.

    ``out[j] = Πᵢ input[i, j]`` for axis 0. The arguments are those of `sum`; PyTorch takes one axis
    at most. Halves are multiplied with each other until one element is left: no division, so the
    derivatives are right also where elements are 0. Integers and booleans give integers.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([2.0, 0.0, 3.0], requires_grad=True)
    >>> x.prod().backward()
    >>> x.grad
    array([0., 6., 0.])
    """
    input, axes = along_as("prod", input, dim, axis, dtype)
    shape = shape_of(input)
    if dtype_of(input).kind != "f":
        input = rules.astype(input, dtype=np.dtype(np.int64))
    kept = [i for i in range(len(shape)) if i not in axes]
    count = number_of(input, axes)
    input = rules.transpose(input, axes=(*kept, *axes))
    input = rules.reshape(input, shape=(*(shape[i] for i in kept), count))
    left = [n for i, n in enumerate(shape) if i in kept]
    if keepdim or keepdims:
        left = [n if i in kept else 1 for i, n in enumerate(shape)]
    return rules.reshape(_product(input), shape=tuple(left))


def _product(x: Any) -> Any:
    """The product along the last axis."""
    n = x.shape[-1]
    if n == 0:
        return rules.sum(x, axis=(x.ndim - 1,), keepdims=False) + 1
    rest: Any = 1
    while n > 1:
        if n % 2:
            rest = x[..., n - 1] * rest
        n = n // 2
        x = x[..., :n] * x[..., n : 2 * n]
    return x[..., 0] * rest


def var(
    input: Any,
    dim: Axes = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
    axis: Axes = None,
    keepdims: bool = False,
) -> Any:
    """The variance of all elements, or along some axes: ``Σ (input - mean)² / (n - correction)``.

    As ``torch.var``; NumPy's variance has ``correction=0``.

    Parameters
    ----------
    input : Tensor or array, of any shape
    dim, axis : int or sequence of int, optional
        The axes along which it varies; all if omitted. A bool that stands here is `unbiased`.
    unbiased : bool, default True
        PyTorch's older word: ``correction=1`` if true, ``correction=0`` if false.
    correction : number, default 1
        What to take from the number of elements: 1 estimates the variance of what they were drawn
        from (Bessel), 0 is that of the elements themselves. With too few elements it is NaN.
    keepdim, keepdims : bool, default False
        Whether those axes stay, with length 1.

    Returns
    -------
    Tensor or array
        Of the shape of `input` without those axes.

    Raises
    ------
    TypeError
        If both `unbiased` and `correction` are given.
    IndexError
        If there is no such axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0, 3.0]).var(), Tensor([1.0, 3.0]).var(correction=0)
    (Tensor(1.), Tensor(1.))
    """
    input, settings = _varying("var", input, dim, axis, unbiased, correction)
    return rules.var(input, keepdims=keepdim or keepdims, **settings)


def _varying(
    function: str, x: Any, dim: Axes, axis: Axes, unbiased: bool | None, correction: float | None
) -> tuple[Any, dict[str, Any]]:
    """What varies, along which axes, and what to multiply the sum of the squares with."""
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if correction is None:
        correction = 0 if unbiased is False else 1
    elif unbiased is not None:
        raise TypeError(f"{function} takes unbiased= or correction=, but not both")
    x, axes = along(function, x, dim, axis)
    count = number_of(x, axes)
    free = count - correction
    return x, {"axis": axes, "count": max(count, 1), "scale": 1 / free if free > 0 else math.inf}


def std(
    input: Any,
    dim: Axes = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
    axis: Axes = None,
    keepdims: bool = False,
) -> Any:
    """The standard deviation: the root of `var`, with the same arguments. As ``torch.std``.

    ``out = √(Σ (input - mean)² / (n - correction))``. Where all elements are equal, its derivatives
    are taken as 0, as in PyTorch.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0, 3.0]).std()
    Tensor(1.)
    """
    input, settings = _varying("std", input, dim, axis, unbiased, correction)
    return rules.std(input, keepdims=keepdim or keepdims, **settings)


def logsumexp(
    input: Any,
    dim: Axes = None,
    keepdim: bool = False,
    *,
    axis: Axes = None,
    keepdims: bool = False,
) -> Any:
    """``log(Σ eˣ)`` of all elements or along some axes, without overflow. As ``torch.logsumexp``.

    The arguments are those of `sum`; of no elements it is ``-inf``. The derivative is the softmax
    (Boyd & Vandenberghe, Convex Optimization, sec. 3.1.5).

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1000.0, 0.0]).logsumexp(0)
    Tensor(1000.)
    """
    input, axes = along("logsumexp", input, dim, axis)
    return rules.logsumexp(input, axis=axes, keepdims=keepdim or keepdims)
