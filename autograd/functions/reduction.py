"""Functions that take many elements to one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd import rules
from autograd.complaints import called, dtype_of, shape_of
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
    input, axes = _along("sum", input, dim, axis, dtype)
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
    input, axes = _along("mean", input, dim, axis, dtype)
    total, count = rules.sum(input, axis=axes, keepdims=keepdim or keepdims), _count(input, axes)
    return rules.div(total, count) if count else rules.mul(total, math.nan)


def _along(
    function: str, x: Any, dim: Axes, axis: Axes, dtype: DTypeLike | None
) -> tuple[Any, tuple[int, ...]]:
    """The same as `along`, with what is reduced converted to another type, if one is given."""
    x, axes = along(function, x, dim, axis)
    return (x if dtype is None else astype(x, dtype)), axes


def _count(x: Any, axes: tuple[int, ...]) -> int:
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
    input, axes = _along("prod", input, dim, axis, dtype)
    shape = shape_of(input)
    if dtype_of(input).kind != "f":
        input = rules.astype(input, dtype=np.dtype(np.int64))
    kept = [i for i in range(len(shape)) if i not in axes]
    count = _count(input, axes)
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
    count = _count(x, axes)
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


def norm(
    input: Any,
    p: float | str | None = "fro",
    dim: Axes = None,
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
    axis: Axes = None,
    keepdims: bool = False,
) -> Any:
    """The length of the elements, all or along some axes, as one vector: ``(Σ |input|ᵖ)^(1/p)``.

    Or the nuclear norm of matrices. As ``torch.norm``.

    Parameters
    ----------
    input : Tensor or array of floats, of any shape
    p : number, "fro" or "nuc", default "fro"
        2 or "fro" is the Euclidean length, 1 the sum of sizes, ``inf`` the largest size and
        ``-inf`` the smallest, 0 the number of elements that are not 0, which has no gradient.
        "nuc" is the sum of the singular values of the matrices that two axes make.
    dim, axis, keepdim, keepdims, dtype
        As in `sum`.

    Returns
    -------
    Tensor or array
        Of the shape of `input` without those axes.

    Raises
    ------
    ValueError
        If p is something else; if there are no elements and p is negative or infinite; or if "nuc"
        is given other than two axes.
    IndexError
        If there is no such axis.

    Notes
    -----
    ``∂out/∂input = sign(input) · (|input| / out) ** (p - 1)`` (Petersen & Pedersen, The Matrix
    Cookbook, sec. 2.8), and 0 where the norm is 0: finite also there, as in PyTorch. A second
    derivative the Euclidean norm does not have there, nor one with 0 < p < 2 (but for p = 1) by an
    element that is 0: it is NaN. With p below 0 the norm is 0 where an element is; it counts as
    flat there, with derivatives of 0 to any order, where PyTorch's second is NaN.

    Of the nuclear norm it is ``U Vᵀ`` for ``input = U diag(s) Vᵀ``, as in PyTorch (Watson 1992,
    Characterization of the subdifferential of some matrix norms). Where singular values are 0 that
    is one subgradient of many, and second derivatives are NaN.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([3.0, -4.0])
    >>> x.norm(), x.norm(1), x.norm(float("inf"))
    (Tensor(5.), Tensor(7.), Tensor(4.))
    """
    input, axes = _along("norm", input, dim, axis, dtype)
    settings: dict[str, Any] = {"axis": axes, "keepdims": keepdim or keepdims}
    if p == "nuc":
        return _nuclear_norm(input, axes, settings["keepdims"])
    if isinstance(p, str) and p != "fro":
        raise ValueError(f"norm takes a number, 'fro' or 'nuc' for p, but was given {p!r}")
    power = 2.0 if p is None or isinstance(p, str) else float(p)
    if power <= 0 or math.isinf(power):
        if power and not _count(input, axes):
            raise ValueError(f"norm with p={p} of no elements is undefined: {called(input, 'x')}")
        if power == 0.0:
            return rules.sum(rules.astype(rules.ne(input, 0.0), dtype=_float(input)), **settings)
    if math.isinf(power):
        return (rules.amax if power > 0 else rules.amin)(rules.abs(input), **settings)
    if power == 1.0:
        return rules.sum(rules.abs(input), **settings)
    if power == 2.0:
        return rules.norm(input, **settings)
    return rules.p_norm(input, p=power, **settings)


def _nuclear_norm(x: Any, axes: tuple[int, ...], keep: bool) -> Any:
    shape = shape_of(x)
    if len(axes) != 2:
        raise ValueError(
            f"norm with p='nuc' takes the two axes of matrices, but was given {len(axes)} of "
            f"{called(x, 'x')}"
        )
    others = tuple(i for i in range(len(shape)) if i not in axes)
    found = rules.nuclear_norm(rules.transpose(x, axes=others + axes))
    kept = tuple(1 if i in axes else n for i, n in enumerate(shape))
    return rules.reshape(found, shape=kept) if keep else found


def _float(x: Any) -> np.dtype[Any]:
    """The type of what is computed from `x` and cannot be whole numbers."""
    return np.result_type(dtype_of(x), np.float32)


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


def softmax(
    input: Any, dim: int | None = None, dtype: DTypeLike | None = None, *, axis: int | None = None
) -> Any:
    """``eˣ / Σ eˣ`` along an axis, which must be named: positive numbers that add up to 1.

    As ``torch.softmax`` (Goodfellow, Bengio & Courville, Deep Learning, eq. 6.29).

    Parameters
    ----------
    input : Tensor or array, of any shape
    dim, axis : int
        The axis (PyTorch's and NumPy's word for it).
    dtype : dtype, optional
        What to convert `input` to first.

    Returns
    -------
    Tensor or array
        Of the shape of `input`.

    Raises
    ------
    TypeError
        If no axis is named, or several are.
    IndexError
        If there is no such axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[0.0, 0.0], [1000.0, 0.0]]).softmax(dim=1)
    Tensor([[0.5, 0.5],
            [1. , 0. ]])
    """
    input, axes = _along_one("softmax", input, dim, axis, dtype)
    return rules.softmax(input, axis=axes)


def log_softmax(
    input: Any, dim: int | None = None, dtype: DTypeLike | None = None, *, axis: int | None = None
) -> Any:
    """The logarithm of `softmax`, with the same arguments; exact also where that is tiny.

    ``out[i] = xᵢ - log Σⱼ eˣʲ``. The result has the shape of `input`. As ``torch.log_softmax``
    (Goodfellow, Bengio & Courville, Deep Learning, eq. 6.30).

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1000.0, 0.0]).log_softmax(0)
    Tensor([    0., -1000.])
    """
    input, axes = _along_one("log_softmax", input, dim, axis, dtype)
    return rules.log_softmax(input, axis=axes)


def cumsum(
    input: Any, dim: int | None = None, *, dtype: DTypeLike | None = None, axis: int | None = None
) -> Any:
    """The sum of all elements up to each, along an axis, which must be named. As ``torch.cumsum``.

    ``out[i] = Σⱼ input[j]`` over ``j <= i``. The arguments, the shape of the result and the errors
    are those of `softmax`.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0, 3.0]).cumsum(0)
    Tensor([1., 3., 6.])
    """
    input, axes = _along_one("cumsum", input, dim, axis, dtype)
    if not axes:  # the sum up to the only element
        return rules.sum(input, axis=(), keepdims=False)
    return rules.cumsum(input, axis=axes[0])


def _along_one(
    function: str, x: Any, dim: int | None, axis: int | None, dtype: DTypeLike | None
) -> tuple[Any, tuple[int, ...]]:
    """The same as `_along`, for a function that needs one axis, and gets none from a number."""
    if (axis if dim is None else dim) is None:
        raise TypeError(f"{function} needs the axis to run along: {function}(x, dim=-1), say")
    x, axes = _along(function, x, dim, axis, dtype)
    if len(axes) > 1:
        raise TypeError(f"{function} runs along one axis, but was given {len(axes)}")
    return x, axes
