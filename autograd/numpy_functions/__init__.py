"""NumPy's functions on nodes: `np.sum(t, axis=0)` is an operation, and means what NumPy means.

Each stands here in terms of a function of `autograd`, which has PyTorch's meaning where the two
differ: ``np.var`` divides by n, ``np.median`` takes the mean of the middle two, ``np.repeat``
repeats each element. The module is imported when NumPy first meets a node.
"""

# ruff: noqa: PLW0108 - a lambda gives the arguments the names by which NumPy's users know them
from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import rules
from autograd.complaints import shape_of
from autograd.functions import (
    contraction,
    elementwise,
    extremes,
    joining,
    layout,
    linear_algebra,
    norms,
    reduction,
    shape,
    truth,
)
from autograd.functions import products as torch_products
from autograd.node import UFUNCS, plain
from autograd.numpy_functions import choices, products, reductions, shapes
from autograd.numpy_functions.arguments import answer, moved, sequence, without_past
from autograd.numpy_functions.reductions import moment, place, reduced
from autograd.tensor import masks

FUNCTIONS: dict[Any, Callable[..., Any]] = {
    # of each element
    np.round: lambda a, decimals=0: rules.round(a, decimals),
    np.around: lambda a, decimals=0: rules.round(a, decimals),
    np.rint: lambda x: rules.round(x, 0),
    np.fix: lambda x: rules.trunc(x),
    np.floor_divide: lambda x1, x2: rules.floor_divide(x1, x2),
    np.remainder: lambda x1, x2: rules.remainder(x1, x2),
    np.divmod: lambda x1, x2: (rules.floor_divide(x1, x2), rules.remainder(x1, x2)),
    np.sign: lambda x: rules.where(rules.eq(x, x), rules.sign(x), rules.detach(x)),  # NaN of NaN
    np.reciprocal: lambda x: rules.reciprocal(x),
    np.positive: lambda x: rules.alias(x),
    np.deg2rad: lambda x: rules.mul(x, np.pi / 180),
    np.radians: lambda x: rules.mul(x, np.pi / 180),
    np.rad2deg: lambda x: rules.mul(x, 180 / np.pi),
    np.degrees: lambda x: rules.mul(x, 180 / np.pi),
    np.copy: lambda a: rules.alias(a),
    # reductions
    np.sum: reduced(reduction.sum),
    np.mean: reduced(reduction.mean),
    np.prod: reduced(reduction.prod),
    np.var: moment(reduction.var),
    np.std: moment(reduction.std),
    np.max: reduced(extremes.amax),
    np.amax: reduced(extremes.amax),
    np.min: reduced(extremes.amin),
    np.amin: reduced(extremes.amin),
    np.argmax: place(extremes.argmax),
    np.argmin: place(extremes.argmin),
    np.any: reduced(truth.any),
    np.all: reduced(truth.all),
    np.ptp: reductions.ptp,
    np.average: reductions.average,
    np.nansum: reductions.nansum,
    np.nanmean: reductions.nanmean,
    np.median: reductions.median,
    np.quantile: reductions.quantile,
    np.percentile: reductions.percentile,
    np.linalg.norm: reductions.norm,
    np.linalg.vector_norm: lambda x, *, axis=None, keepdims=False, ord=2: norms.norm(
        x, ord, axis=axis, keepdim=keepdims
    ),
    np.linalg.matrix_norm: lambda x, *, keepdims=False, ord="fro": reductions.norm(
        x, ord, (-2, -1), keepdims
    ),
    np.cumsum: reductions.cumsum,
    np.diff: reductions.diff,
    np.trapezoid: reductions.trapezoid,
    # joining and taking apart
    np.concatenate: shapes.concatenate,
    np.append: shapes.append,
    np.stack: lambda arrays, axis=0: joining.stack(arrays, axis),
    np.hstack: shapes.hstack,
    np.vstack: shapes.vstack,
    np.dstack: shapes.dstack,
    np.column_stack: shapes.column_stack,
    np.split: shapes.split,
    np.array_split: shapes.array_split,
    np.hsplit: shapes.hsplit,
    np.vsplit: lambda ary, indices_or_sections: shapes.split(ary, indices_or_sections, 0),
    np.dsplit: lambda ary, indices_or_sections: shapes.split(ary, indices_or_sections, 2),
    np.delete: shapes.delete,
    # shapes and orders
    np.reshape: lambda a, shape: shapes.reshape(a, shape),
    np.ravel: lambda a: shape.reshape(a, -1),
    np.transpose: shapes.transpose,
    np.matrix_transpose: lambda x: rules.mT(x),
    np.linalg.matrix_transpose: lambda x: rules.mT(x),
    np.swapaxes: lambda a, axis1, axis2: shape.transpose(a, axis1, axis2),
    np.moveaxis: lambda a, source, destination: shape.movedim(a, source, destination),
    np.rollaxis: moved(np.rollaxis),
    np.squeeze: shapes.squeeze,
    np.expand_dims: lambda a, axis: shapes.reshape(a, np.expand_dims(plain(a), axis).shape),
    np.atleast_1d: shapes.at_least(1),
    np.atleast_2d: shapes.at_least(2),
    np.atleast_3d: shapes.at_least(3),
    np.broadcast_to: lambda array, shape: shapes.broadcast_to(array, sequence(shape)),
    np.broadcast_arrays: shapes.broadcast_arrays,
    np.meshgrid: shapes.meshgrid,
    np.repeat: shapes.repeat,
    np.tile: lambda A, reps: layout.tile(A, sequence(reps)),
    np.resize: moved(np.resize),
    np.flip: shapes.flip,
    np.fliplr: lambda m: layout.flip(m, 1),
    np.flipud: lambda m: layout.flip(m, 0),
    np.rot90: moved(np.rot90),
    np.roll: shapes.roll,
    np.pad: shapes.pad,
    np.full_like: shapes.full_like,
    np.linspace: shapes.linspace,
    # choosing
    np.where: choices.where,
    np.select: choices.select,
    np.clip: choices.clip,
    np.nan_to_num: choices.nan_to_num,
    np.take: choices.take,
    np.take_along_axis: choices.take_along_axis,
    np.sort: choices.sort,
    np.interp: choices.interp,
    np.bincount: choices.bincount,
    # linear algebra
    np.dot: products.dot,
    np.inner: products.inner,
    np.vdot: products.vdot,
    np.vecdot: products.vecdot,
    np.linalg.vecdot: products.vecdot,
    np.matmul: lambda x1, x2: torch_products.matmul(x1, x2),
    np.linalg.matmul: lambda x1, x2: torch_products.matmul(x1, x2),
    np.tensordot: lambda a, b, axes=2: contraction.tensordot(a, b, axes),
    np.linalg.tensordot: lambda x1, x2, *, axes=2: contraction.tensordot(x1, x2, axes),
    np.einsum: lambda subscripts, *operands, optimize=False: contraction.einsum(
        subscripts, *operands
    ),
    np.outer: products.outer,
    np.linalg.outer: lambda x1, x2: torch_products.outer(x1, x2),
    np.kron: products.kron,
    np.cross: products.cross,
    np.linalg.cross: products.cross,
    np.convolve: products.convolve,
    np.polyval: products.polyval,
    np.diag: lambda v, k=0: linear_algebra.diag(v, k),
    np.diagonal: lambda a, offset=0, axis1=0, axis2=1: linear_algebra.diagonal(
        a, offset, axis1, axis2
    ),
    np.linalg.diagonal: lambda x, *, offset=0: linear_algebra.diagonal(x, offset, -2, -1),
    np.trace: lambda a, offset=0, axis1=0, axis2=1: reduction.sum(
        linear_algebra.diagonal(a, offset, axis1, axis2), -1
    ),
    np.linalg.trace: lambda x, *, offset=0: reduction.sum(
        linear_algebra.diagonal(x, offset, -2, -1), -1
    ),
    np.tril: products.triangle(linear_algebra.tril),
    np.triu: products.triangle(linear_algebra.triu),
    np.linalg.inv: lambda a: linear_algebra.inverse(a),
    np.linalg.det: lambda a: linear_algebra.det(a),
    np.linalg.solve: products.solve,
    np.linalg.matrix_power: products.matrix_power,
    np.linalg.multi_dot: products.multi_dot,
    # what has no derivative: masks and places
    np.bitwise_and: lambda x1, x2: rules.logical_and(*masks("&", x1, x2)),
    np.bitwise_or: lambda x1, x2: rules.logical_or(*masks("|", x1, x2)),
    np.bitwise_xor: lambda x1, x2: rules.logical_xor(*masks("^", x1, x2)),
    np.invert: lambda x: rules.logical_not(*masks("~", x)),
    np.isnan: elementwise.isnan,
    np.isinf: elementwise.isinf,
    np.isfinite: elementwise.isfinite,
    np.shape: lambda a: shape_of(a),
}
"""NumPy's function -> what it means for nodes, with NumPy's arguments."""

FUNCTIONS |= {
    function: without_past(function)
    for function in (
        *(np.argpartition, np.argsort, np.argwhere, np.digitize, np.empty_like),
        *(np.flatnonzero, np.isclose, np.isin, np.ones_like, np.searchsorted, np.signbit),
        np.zeros_like,
    )
}
FUNCTIONS |= {
    function: answer(function)
    for function in (
        *(np.allclose, np.array2string, np.array_equal, np.array_equiv, np.array_repr),
        *(np.array_str, np.count_nonzero, np.iscomplexobj, np.isrealobj, np.may_share_memory),
        *(np.ndim, np.nonzero, np.result_type, np.save, np.savez, np.shares_memory, np.size),
    )
}

IN_PLACE = "autograd.where(mask, new, old) or t.scatter_add(dim, index, new), which make a new one"
INSTEAD: dict[str, str] = {
    **dict.fromkeys(["copyto", "fill_diagonal", "place", "put", "put_along_axis"], IN_PLACE),
    "putmask": IN_PLACE,
    "add.at": IN_PLACE,
    "block": "numpy.concatenate",
    "cbrt": "x.sign() * x.abs() ** (1 / 3)",
    "compress": "x[mask]",
    "cumprod": "numpy.exp(numpy.cumsum(numpy.log(x))) of what is positive",
    "extract": "x[mask]",
    "fabs": "numpy.abs",
    "float_power": "numpy.power",
    "fmax": "numpy.maximum",
    "fmin": "numpy.minimum",
    "hypot": "autograd.stack([x, y]).norm(dim=0), or (x * x + y * y).sqrt() where it is not 0",
    "insert": "numpy.concatenate",
    "logaddexp2": "numpy.logaddexp",
    "nanmax": "numpy.max(numpy.where(numpy.isnan(x), -numpy.inf, x))",
    "nanmin": "numpy.min(numpy.where(numpy.isnan(x), numpy.inf, x))",
    "partition": "numpy.sort",
    "unique": "x[numpy.unique(x.data, return_index=True)[1]]",
    "add.accumulate": "numpy.cumsum",
    "add.reduce": "numpy.sum",
    "logical_and.reduce": "numpy.all",
    "logical_or.reduce": "numpy.any",
    "maximum.reduce": "numpy.max",
    "minimum.reduce": "numpy.min",
    "multiply.reduce": "numpy.prod",
}
"""What to write instead of some that are not known here."""


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
        otherwise = "a method, a function of autograd, or `.data` to leave the graph"
        raise _unknown(name, function.__name__, otherwise)
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
    try:
        return ours(*args, **given)
    except (ValueError, IndexError) as error:
        if str(error).startswith((name, f"{function.__name__}:")):
            raise
        raise type(error)(f"{error}, in {name}") from None


def call_ufunc(
    ufunc: np.ufunc, method: str, operands: tuple[Any, ...], options: dict[str, Any]
) -> Any:
    """What is no plain call of an operation on each element: ``np.matmul``, or an error."""
    ours = FUNCTIONS.get(ufunc)
    if ours is not None and method == "__call__" and not options:
        return ours(*operands)
    asked = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
    if "out" in options:
        raise TypeError(
            f"numpy.{asked} cannot write into an array (out=, or an operator such as +=) what is "
            "computed from a Tensor or a Value: the array would not remember how it was computed; "
            "make a new one, as in a = a + t"
        )
    if method == "__call__" and options and (ufunc in UFUNCS or ufunc in FUNCTIONS):
        raise TypeError(f"numpy.{asked} of a Tensor takes no {', '.join(options)}=")
    known = sorted(f.__name__ for f in {*UFUNCS, *FUNCTIONS} if isinstance(f, np.ufunc))
    raise _unknown(f"numpy.{asked}", asked, f"one of numpy's {', '.join(known)}")


def _unknown(name: str, short: str, otherwise: str) -> TypeError:
    """The error for what has no meaning here, with what to write instead."""
    instead = INSTEAD.get(short, otherwise)
    return TypeError(f"{name} is not an operation that can be differentiated here; use {instead}")
