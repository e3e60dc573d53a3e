"""How long a vector is, and how large a matrix."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd import rules
from autograd.complaints import called, dtype_of, shape_of
from autograd.functions.arguments import Axes
from autograd.functions.reduction import along_as, number_of


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
    input, axes = along_as("norm", input, dim, axis, dtype)
    settings: dict[str, Any] = {"axis": axes, "keepdims": keepdim or keepdims}
    if p == "nuc":
        return _nuclear_norm(input, axes, settings["keepdims"])
    if isinstance(p, str) and p != "fro":
        raise ValueError(f"norm takes a number, 'fro' or 'nuc' for p, but was given {p!r}")
    power = 2.0 if p is None or isinstance(p, str) else float(p)
    if power <= 0 or math.isinf(power):
        if power and not number_of(input, axes):
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
