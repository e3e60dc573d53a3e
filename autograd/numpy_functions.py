"""NumPy's functions on nodes: `np.sum(t, axis=0)` is an operation, and means what NumPy means.

Each stands here in terms of a function of `autograd`, which has PyTorch's meaning where the two
differ: ``np.var`` divides by n, ``np.median`` takes the mean of the middle two, ``np.repeat``
repeats each element. The module is imported when NumPy first meets a node.
"""

# ruff: noqa: PLW0108 - a lambda gives the arguments the names by which NumPy's users know them
from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import rules
from autograd.complaints import shape_of
from autograd.functions import (
    contraction,
    elementwise,
    extremes,
    indexing,
    joining,
    layout,
    linear_algebra,
    products,
    reduction,
    shape,
)
from autograd.functions.arguments import positive
from autograd.node import UFUNCS, plain
from autograd.tensor import Tensor, masks

Axis = int | Sequence[int] | None


def _axes(function: str, x: Any, axis: Axis) -> tuple[int, ...]:
    """The axes, none below 0; all for None."""
    ndim = len(shape_of(x))
    if axis is None:
        return tuple(range(ndim))
    return positive(function, axis if isinstance(axis, (tuple, list)) else (axis,), ndim)


def _sequence(lengths: Any) -> tuple[int, ...]:
    return tuple(lengths) if isinstance(lengths, (tuple, list)) else (lengths,)


def _reshaped(a: Any, lengths: Any) -> Any:
    return shape.reshape(a, _sequence(lengths))


def _flat_unless(axis: int | None, x: Any) -> tuple[Any, int]:
    """What NumPy does where no axis is given: all elements in one row."""
    return (shape.reshape(x, -1), 0) if axis is None else (x, axis)


def _reduction(ours: Callable[..., Any]) -> Callable[..., Any]:
    """A function of some axes, with NumPy's arguments."""
    return lambda a, axis=None, *, keepdims=False: ours(a, axis=axis, keepdim=keepdims)


def _moment(ours: Callable[..., Any]) -> Callable[..., Any]:
    """A variance or deviation: NumPy divides by n where PyTorch divides by n - 1."""
    return lambda a, axis=None, *, ddof=0, keepdims=False: ours(
        a, axis=axis, correction=ddof, keepdim=keepdims
    )


def _cumsum(a: Any, axis: int | None = None) -> Any:
    a, along = _flat_unless(axis, a)
    return reduction.cumsum(a, along)


def _median(a: Any, axis: Axis = None, *, keepdims: bool = False) -> Any:
    """The mean of the middle two; NaN where there is one."""
    axes, lengths = _axes("median", a, axis), shape_of(a)
    others = tuple(k for k in range(len(lengths)) if k not in axes)
    rows = rules.transpose(a, axes=others + axes)
    rows = shape.reshape(rows, *(lengths[k] for k in others), -1)
    order = np.argsort(plain(rows), axis=-1)  # NaNs last
    n = order.shape[-1]
    last = np.take_along_axis(plain(rows), order[..., -1:], axis=-1)
    middle = np.where(np.isnan(last), order[..., -1:], order[..., (n - 1) // 2 : n // 2 + 1])
    found = reduction.mean(indexing.take_along_dim(rows, middle, -1), -1)
    if not keepdims:
        return found
    return rules.reshape(found, shape=tuple(1 if k in axes else n for k, n in enumerate(lengths)))


def _norm(x: Any, ord: Any = None, axis: Axis = None, keepdims: bool = False) -> Any:
    axes = _axes("norm", x, axis)
    if ord is None or (ord == "fro" and len(axes) == 2):
        return reduction.norm(x, 2, axes, keepdims)
    if len(axes) == 1:
        return reduction.norm(x, ord, axes, keepdims)
    if len(axes) != 2 or ord not in (1, -1, np.inf, -np.inf):
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


def _concatenate(arrays: Sequence[Any], axis: int | None = 0) -> Any:
    flat = [shape.reshape(x, -1) for x in arrays] if axis is None else arrays
    return joining.cat(flat, axis or 0)


def _hstack(tup: Sequence[Any]) -> Any:
    arrays = [x if shape_of(x) else shape.reshape(x, 1) for x in tup]
    return joining.cat(arrays, 0 if len(shape_of(arrays[0])) == 1 else 1)


def _vstack(tup: Sequence[Any]) -> Any:
    return joining.cat([x if len(shape_of(x)) > 1 else shape.reshape(x, 1, -1) for x in tup], 0)


def _split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    n = shape_of(ary)[axis]
    if isinstance(indices_or_sections, int) and n % indices_or_sections:
        raise ValueError(
            f"numpy.split: {n} elements do not make {indices_or_sections} equal parts; "
            "numpy.array_split makes parts that are not"
        )
    return _array_split(ary, indices_or_sections, axis)


def _array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    (along,) = _axes("split", ary, axis)
    places = np.array_split(np.arange(shape_of(ary)[along]), indices_or_sections)
    bounds = [(part[0], part[-1] + 1) if part.size else (0, 0) for part in places]
    return [_sliced(ary, along, slice(int(start), int(stop))) for start, stop in bounds]


def _sliced(x: Any, axis: int, part: Any) -> Any:
    """Part of an axis: a slice, or an array of indices."""
    return rules.index(x, key=(*(slice(None) for _ in range(axis)), part))


def _squeeze(a: Any, axis: Axis = None) -> Any:
    lengths = shape_of(a)
    axes = [k for k in _axes("squeeze", a, axis) if axis is not None or lengths[k] == 1]
    for k in axes:
        if lengths[k] != 1:
            raise ValueError(f"numpy.squeeze: axis {k} of {lengths} has length {lengths[k]}, not 1")
    return rules.reshape(a, shape=tuple(n for k, n in enumerate(lengths) if k not in axes))


def _transpose(a: Any, axes: Sequence[int] | None = None) -> Any:
    return shape.transpose(a) if axes is None else shape.transpose(a, tuple(axes))


def _repeat(a: Any, repeats: Any, axis: int | None = None) -> Any:
    a, along = _flat_unless(axis, a)
    (along,) = _axes("repeat", a, along)
    return _sliced(a, along, np.repeat(np.arange(shape_of(a)[along]), plain(repeats)))


def _where(condition: Any, *branches: Any) -> Any:
    if not branches:
        return np.nonzero(plain(condition))
    return rules.where(condition, *branches)


def _clip(
    a: Any, a_min: Any = -np.inf, a_max: Any = np.inf, *, min: Any = None, max: Any = None
) -> Any:
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    return rules.clip(a, -np.inf if low is None else low, np.inf if high is None else high)


def _take(a: Any, indices: Any, axis: int | None = None) -> Any:
    a, along = _flat_unless(axis, a)
    (along,) = _axes("take", a, along)
    return _sliced(a, along, np.array(plain(indices)))


def _dot(a: Any, b: Any) -> Any:
    """Over the last axis of one and the last but one of the other, if it has two."""
    if not shape_of(a) or not shape_of(b):
        return rules.mul(a, b)
    return contraction.tensordot(a, b, ([-1], [max(len(shape_of(b)) - 2, 0)]))


def _solve(a: Any, b: Any) -> Any:
    """As NumPy 2: only what has one axis is a vector."""
    return linear_algebra.solve(a, b) if len(shape_of(b)) == 1 else rules.solve(a, b)


def _without_past(function: Callable[..., Any]) -> Callable[..., Any]:
    """NumPy's own function of the numbers alone, for what has no derivative."""
    return lambda a, *args, **kwargs: Tensor(function(plain(a), *map(plain, args), **kwargs))


def _answer(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same for what is no array."""
    return lambda *args, **kwargs: function(*map(plain, args), **kwargs)


FUNCTIONS: dict[Any, Callable[..., Any]] = {
    # reductions
    np.sum: _reduction(reduction.sum),
    np.mean: _reduction(reduction.mean),
    np.prod: _reduction(reduction.prod),
    np.var: _moment(reduction.var),
    np.std: _moment(reduction.std),
    np.max: _reduction(extremes.amax),
    np.amax: _reduction(extremes.amax),
    np.min: _reduction(extremes.amin),
    np.amin: _reduction(extremes.amin),
    np.argmax: _reduction(extremes.argmax),
    np.argmin: _reduction(extremes.argmin),
    np.any: _reduction(extremes.any),
    np.all: _reduction(extremes.all),
    np.cumsum: _cumsum,
    np.median: _median,
    np.linalg.norm: _norm,
    # joining and taking apart
    np.concatenate: _concatenate,
    np.stack: lambda arrays, axis=0: joining.stack(arrays, axis),
    np.hstack: _hstack,
    np.vstack: _vstack,
    np.split: _split,
    np.array_split: _array_split,
    # shapes and orders
    np.reshape: lambda a, shape: _reshaped(a, shape),
    np.ravel: lambda a: shape.reshape(a, -1),
    np.transpose: _transpose,
    np.swapaxes: lambda a, axis1, axis2: shape.transpose(a, axis1, axis2),
    np.moveaxis: lambda a, source, destination: shape.movedim(a, source, destination),
    np.squeeze: _squeeze,
    np.expand_dims: lambda a, axis: _reshaped(a, np.expand_dims(plain(a), axis).shape),
    np.broadcast_to: lambda array, shape: rules.broadcast_to(array, shape=_sequence(shape)),
    np.repeat: _repeat,
    np.tile: lambda A, reps: layout.tile(A, _sequence(reps)),
    np.flip: lambda m, axis=None: layout.flip(m, _axes("flip", m, axis)),
    np.roll: lambda a, shift, axis=None: layout.roll(a, shift, axis),
    # choosing
    np.where: _where,
    np.clip: _clip,
    np.take: _take,
    np.take_along_axis: lambda arr, indices, axis=-1: indexing.take_along_dim(arr, indices, axis),
    # linear algebra
    np.dot: _dot,
    np.matmul: lambda x1, x2: products.matmul(x1, x2),
    np.tensordot: lambda a, b, axes=2: contraction.tensordot(a, b, axes),
    np.einsum: lambda subscripts, *operands, optimize=False: contraction.einsum(
        subscripts, *operands
    ),
    np.outer: lambda a, b: products.outer(shape.reshape(a, -1), shape.reshape(b, -1)),
    np.diag: lambda v, k=0: linear_algebra.diag(v, k),
    np.diagonal: lambda a, offset=0, axis1=0, axis2=1: linear_algebra.diagonal(
        a, offset, axis1, axis2
    ),
    np.trace: lambda a, offset=0, axis1=0, axis2=1: reduction.sum(
        linear_algebra.diagonal(a, offset, axis1, axis2), -1
    ),
    np.tril: lambda m, k=0: linear_algebra.tril(m, k),
    np.triu: lambda m, k=0: linear_algebra.triu(m, k),
    np.linalg.inv: lambda a: linear_algebra.inverse(a),
    np.linalg.det: lambda a: linear_algebra.det(a),
    np.linalg.solve: _solve,
    # what has no derivative
    np.bitwise_and: lambda x1, x2: rules.logical_and(*masks("&", x1, x2)),
    np.bitwise_or: lambda x1, x2: rules.logical_or(*masks("|", x1, x2)),
    np.bitwise_xor: lambda x1, x2: rules.logical_xor(*masks("^", x1, x2)),
    np.invert: lambda x: rules.logical_not(*masks("~", x)),
    np.sign: lambda x: rules.where(rules.eq(x, x), rules.sign(x), rules.detach(x)),  # NaN of NaN
    np.isnan: elementwise.isnan,
    np.isinf: elementwise.isinf,
    np.isfinite: elementwise.isfinite,
    np.zeros_like: _without_past(np.zeros_like),
    np.ones_like: _without_past(np.ones_like),
    np.full_like: _without_past(np.full_like),
    np.shape: lambda a: shape_of(a),
    np.ndim: _answer(np.ndim),
    np.size: _answer(np.size),
    np.allclose: _answer(np.allclose),
    np.array_equal: _answer(np.array_equal),
}
"""NumPy's function -> what it means for nodes, with NumPy's arguments."""


_signature = functools.cache(inspect.signature)


def call(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Do what NumPy's function does, for nodes.

    Raises
    ------
    TypeError
        If the function, or one of its arguments, is not known here.
    """
    name = f"{function.__module__}.{function.__name__}"
    ours = FUNCTIONS.get(function)
    if ours is None:
        raise TypeError(
            f"{name} is not an operation that can be differentiated here; use a method, a function "
            "of autograd, or `.data` to leave the graph"
        )
    signature = _signature(ours)
    given = {
        option: value
        for option, value in kwargs.items()
        if value is not None or option in signature.parameters  # out=None says nothing
    }
    try:
        signature.bind(*args, **given)
    except TypeError as error:
        raise TypeError(f"{name} of a Tensor: {error}") from None
    return ours(*args, **given)


def call_ufunc(
    ufunc: np.ufunc, method: str, operands: tuple[Any, ...], options: dict[str, Any]
) -> Any:
    """What is no plain call of an operation on each element: ``np.matmul``, or an error."""
    ours = FUNCTIONS.get(ufunc)
    if ours is not None and method == "__call__" and not options:
        return ours(*operands)
    asked = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
    known = {*UFUNCS, *(f for f in FUNCTIONS if isinstance(f, np.ufunc))}
    given = f" with {', '.join(options)}=" if ufunc in known and options else ""
    raise TypeError(
        f"numpy.{asked}{given} is not an operation that can be differentiated here; "
        f"autograd knows numpy's {', '.join(sorted(u.__name__ for u in known))}"
    )
