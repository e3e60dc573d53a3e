"""NumPy's functions that take many elements to one, or to as many sums."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import rules
from autograd.complaints import dtype_of, shape_of
from autograd.functions import along_axis, extremes, indexing, norms, reduction, shape
from autograd.functions.elementwise import isnan
from autograd.node import Node, plain
from autograd.numpy_functions.arguments import Axis, axes_of, flat_unless, part_of


def reduced(ours: Callable[..., Any]) -> Callable[..., Any]:
    """A function of some axes, with NumPy's arguments."""
    return lambda a, axis=None, *, keepdims=False: ours(a, axis=axis, keepdim=keepdims)


def moment(ours: Callable[..., Any]) -> Callable[..., Any]:
    """A variance or deviation: NumPy divides by n where PyTorch divides by n - 1."""
    return lambda a, axis=None, *, ddof=0, keepdims=False: ours(
        a, axis=axis, correction=ddof, keepdim=keepdims
    )


def place(ours: Callable[..., Any]) -> Callable[..., Any]:
    """An argmax or argmin: NumPy takes one axis, and no tuple of them."""

    def placed(a: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:
        if isinstance(axis, (tuple, list)):
            raise TypeError(
                f"numpy.{ours.__name__} takes one axis, an integer, but was given {axis}"
            )
        return ours(a, axis=axis, keepdim=keepdims)

    return placed


def cumsum(a: Any, axis: int | None = None) -> Any:
    """Along an axis, or of all elements in a row."""
    a, along = flat_unless(axis, a)
    return along_axis.cumsum(a, along)


def diff(a: Any, n: int = 1, axis: int = -1) -> Any:
    """The differences of neighbours, n times over."""
    (along,) = axes_of("diff", a, axis)
    for _ in range(n):
        later, earlier = part_of(a, along, slice(1, None)), part_of(a, along, slice(-1))
        a = rules.sub(later, earlier)
    return a


def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """The area under straight lines from point to point."""
    (along,) = axes_of("trapezoid", y, axis)
    if x is None:
        width = dx
    elif len(shape_of(x)) == 1:
        others = len(shape_of(y)) - 1 - along
        width = shape.reshape(diff(x), -1, *(1 for _ in range(others)))
    else:
        width = diff(x, axis=along)
    ends = rules.add(part_of(y, along, slice(1, None)), part_of(y, along, slice(-1)))
    return reduction.sum(rules.mul(width, rules.div(ends, 2.0)), along)


def ptp(a: Any, axis: Axis = None, *, keepdims: bool = False) -> Any:
    """From the smallest to the largest."""
    largest = extremes.amax(a, axis=axis, keepdim=keepdims)
    return rules.sub(largest, extremes.amin(a, axis=axis, keepdim=keepdims))


def average(a: Any, axis: Axis = None, weights: Any = None, *, keepdims: bool = False) -> Any:
    """The mean with weights: of the same shape, or one for each place along an axis."""
    if weights is None:
        return reduction.mean(a, axis=axis, keepdim=keepdims)
    if shape_of(weights) != shape_of(a):
        if not isinstance(axis, int) or len(shape_of(weights)) != 1:
            raise TypeError("numpy.average takes weights of the shape of a, or a row for one axis")
        (along,) = axes_of("average", a, axis)
        others = len(shape_of(a)) - 1 - along
        row = shape.reshape(weights, -1, *(1 for _ in range(others)))
        weights = rules.broadcast_to(row, shape=shape_of(a))
    total = reduction.sum(weights, axis=axis, keepdim=keepdims)
    if not plain(total).all():
        raise ZeroDivisionError("numpy.average: the weights add up to zero")
    return rules.div(reduction.sum(rules.mul(a, weights), axis=axis, keepdim=keepdims), total)


def nansum(a: Any, axis: Axis = None, *, keepdims: bool = False) -> Any:
    """The sum of those that are numbers."""
    return reduction.sum(rules.where(isnan(a), 0, a), axis=axis, keepdim=keepdims)


def nanmean(a: Any, axis: Axis = None, *, keepdims: bool = False) -> Any:
    """The mean of those that are numbers."""
    count = np.sum(~np.isnan(plain(a)), axis=axis, keepdims=keepdims)
    return rules.div(nansum(a, axis, keepdims=keepdims), count)


def _rows(function: str, a: Any, axis: Axis) -> tuple[Any, tuple[int, ...]]:
    """The elements to take to one, along the last axis, and the shape if the axes stay."""
    axes, lengths = axes_of(function, a, axis), shape_of(a)
    others = tuple(k for k in range(len(lengths)) if k not in axes)
    rows = rules.transpose(a, axes=others + axes)
    count = int(np.prod([lengths[k] for k in axes], dtype=int))
    kept = tuple(1 if k in axes else n for k, n in enumerate(lengths))
    return rules.reshape(rows, shape=(*(lengths[k] for k in others), count)), kept


def median(a: Any, axis: Axis = None, *, keepdims: bool = False) -> Any:
    """The mean of the middle two; NaN where there is one, and of no elements."""
    rows, kept = _rows("median", a, axis)
    order = np.argsort(plain(rows), axis=-1)  # NaNs last
    n = order.shape[-1]
    last = np.take_along_axis(plain(rows), order[..., -1:], axis=-1)
    middle = order[..., max(n - 1, 0) // 2 : n // 2 + 1]
    middle = np.where(np.isnan(last), order[..., -1:], middle)
    found = reduction.mean(indexing.take_along_dim(rows, middle, -1), -1)
    return rules.reshape(found, shape=kept) if keepdims else found


def quantile(a: Any, q: Any, axis: Axis = None, *, keepdims: bool = False) -> Any:
    """On the straight line between the two that stand next to it in order."""
    if isinstance(q, Node) and q.requires_grad:
        raise TypeError("numpy.quantile has no gradient for q, which requires one; give its .data")
    rows, kept = _rows("quantile", a, axis)
    parts = np.asarray(plain(q), float)
    n = shape_of(rows)[-1]
    if not n or not ((parts >= 0) & (parts <= 1)).all():
        raise ValueError(f"numpy.quantile takes parts from 0 to 1 of 1 element or more, not {q}")
    order = np.argsort(plain(rows), axis=-1)
    last = np.take_along_axis(plain(rows), order[..., -1:], axis=-1)
    order = np.where(np.isnan(last), order[..., -1:], order)  # one NaN makes all NaN
    at = parts.reshape(-1) * (n - 1)
    lower = np.minimum(at.astype(int), max(n - 2, 0))
    upper = np.minimum(lower + 1, n - 1)
    low, high = (indexing.take_along_dim(rows, order[..., places], -1) for places in (lower, upper))
    between = (at - lower).astype(np.result_type(dtype_of(rows), 1.0))
    found = rules.add(low, rules.mul(between, rules.sub(high, low)))
    found = shape.movedim(found, -1, 0)  # NumPy puts the parts first
    rest = kept if keepdims else shape_of(rows)[:-1]
    return rules.reshape(found, shape=(*parts.shape, *rest))


def percentile(a: Any, q: Any, axis: Axis = None, *, keepdims: bool = False) -> Any:
    """The quantile, in hundredths."""
    return quantile(a, rules.div(q, 100), axis, keepdims=keepdims)


def norm(x: Any, ord: Any = None, axis: Axis = None, keepdims: bool = False) -> Any:
    """A vector's along one axis, a matrix's along two; of all elements if nothing is said."""
    axes = axes_of("norm", x, axis)
    if dtype_of(x).kind != "f":
        x = rules.astype(x, dtype=np.dtype(float))
    if ord is None and (axis is None or len(axes) in (1, 2)):
        return norms.norm(x, 2, axes, keepdims)
    if len(axes) not in (1, 2):
        raise ValueError(f"numpy.linalg.norm takes one axis or two, but was given {len(axes)}")
    if len(axes) == 1 and isinstance(ord, str):
        raise ValueError(f"numpy.linalg.norm: {ord!r} is a norm of matrices, not of vectors")
    if len(axes) == 1 or ord == "fro":
        return norms.norm(x, ord, axes, keepdims)
    if ord not in (1, -1, np.inf, -np.inf):
        raise TypeError(
            f"numpy.linalg.norm with ord={ord!r} is not an operation that can be differentiated "
            "here; it takes 'fro', 1 and inf for matrices and any number for vectors"
        )
    rows, columns = axes  # 1: the greatest sum of a column; inf: of a row
    summed, compared = (rows, columns) if abs(ord) == 1 else (columns, rows)
    greatest = extremes.amax if ord > 0 else extremes.amin
    sums = reduction.sum(rules.abs(x), summed, True)
    found = greatest(sums, compared, True)
    return found if keepdims else shape.squeeze(found, axes)
