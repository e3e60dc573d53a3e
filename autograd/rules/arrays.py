"""What only arrays can do: products of matrices, sums along axes, new shapes, indexing.

Each of the linear maps here comes with its adjoint, and each is the other's derivative. The
parameters are canonical (axes are tuples of non-negative integers); `autograd.functions` has the
calling conventions that users know.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import Case, operation

# Radul, Paszke, Frostig, Johnson & Maclaurin, "You only linearize once", POPL 2023.
ADJOINT = "a linear map, whose vector-Jacobian product is its adjoint (Radul et al. 2023)"


def product(x: NDArray[Any], y: NDArray[Any], out: NDArray[Any] | None = None) -> NDArray[Any]:
    """The same as ``np.matmul``, which takes longer to begin with two matrices than `dot` does.

    It takes longer with a stack of them, too, and one matrix, than with all rows at once.
    """
    if x.__class__ is y.__class__ is np.ndarray and y.ndim == 2:
        if x.ndim == 2:
            return x.dot(y, out)
        if x.ndim > 2 and x.flags.c_contiguous and x.size:
            flat = None if out is None else out.reshape(-1, y.shape[1])
            return x.reshape(-1, x.shape[-1]).dot(y, flat).reshape(*x.shape[:-1], y.shape[1])
    both: NDArray[Any] = np.matmul(x, y, out)
    return both


@operation(
    array=product,
    vjps=[lambda g, out, x, y: matmul(g, mT(y)), lambda g, out, x, y: matmul(mT(x), g)],
    text="{0:2} @ {1:3}",
    latex="{0:2} {1:3}",
    multilinear=True,
    binds=2,
    symbol="@",
    cases=[
        Case(((3, 4), (4, 2))),
        Case(((1, 1), (1, 3))),
        Case(((2, 3, 4), (2, 4, 2))),
        Case(((5, 1, 2, 3), (4, 3, 2))),
    ],
    source="Giles 2008, An extended collection of matrix derivative results, sec. 2.2.1",
)
def matmul(x: Any, y: Any) -> Any:
    """The product of two matrices, or of stacks of them: ``(..., n, k) @ (..., k, m)``.

    Examples
    --------
    >>> matmul([[1.0, 2.0]], [[3.0], [4.0]])
    array([[11.]])
    """


def _mT(x: NDArray[Any]) -> NDArray[Any]:  # noqa: N802 - PyTorch's name
    if x.ndim < 2:
        raise ValueError("it takes a matrix, or a stack of them")
    return x.mT


@operation(
    array=_mT,
    vjps=[lambda g, out, x: mT(g)],
    text="{0:9}ᵀ",
    latex=r"{0:9}^\top",
    code="{0:9}.mT",
    binds=4,
    symbol="ᵀ",
    cases=[Case(((3, 4),)), Case(((2, 3, 4),))],
    source=ADJOINT,
)
def mT(x: Any) -> Any:  # noqa: N802 - PyTorch's name
    """The transpose of a matrix, or of each in a stack: its last two axes swapped.

    Examples
    --------
    >>> mT([[1.0, 2.0]])
    array([[1.],
           [2.]])
    """


def _over_rows(x: Any, y: Any, out: NDArray[Any] | None = None) -> NDArray[Any]:
    if x.ndim > 2:
        rows = math.prod(x.shape[:-1])
        x, y = (z.reshape(rows, z.shape[-1]) for z in (x, y))
    result: NDArray[Any] = x.T.dot(y, out)
    return result


@operation(
    array=_over_rows,
    vjps=[lambda g, out, x, y: matmul(y, mT(g)), lambda g, out, x, y: matmul(x, g)],
    text="{0:9}ᵀ @ {1:3}",
    latex=r"{0:9}^\top {1:3}",
    multilinear=True,
    binds=2,
    symbol="ᵀ@",
    cases=[Case(((3, 2), (3, 4))), Case(((2, 3, 2), (2, 3, 4)))],
    source=ADJOINT,
    public=False,
)
def over_rows(x: Any, y: Any) -> Any:
    """The sum over all rows of what each of `x` makes of each of `y`: ``Σᵢⱼ x[i, j]ᵀ @ y[i, j]``.

    Examples
    --------
    >>> over_rows([[1.0, 2.0], [0.0, 1.0]], [[3.0], [4.0]])
    array([[ 3.],
           [10.]])
    """


@operation(
    array=lambda x, axis, keepdims: np.sum(x, axis=axis, keepdims=keepdims),
    vjps=[lambda g, out, x, axis, keepdims: spread(g, axis=axis, keepdims=keepdims, shape=x.shape)],
    symbol="Σ",
    text="sum({0})",
    latex=r"\sum {0:2}",
    cases=[
        Case(((3, 4),), {"axis": (0, 1), "keepdims": False}),
        Case(((3, 4),), {"axis": (1,), "keepdims": False}),
        Case(((2, 3, 4),), {"axis": (0, 2), "keepdims": True}),
        Case(((),), {"axis": (), "keepdims": False}),
    ],
    source=ADJOINT,
)
def sum(x: Any, *, axis: Any, keepdims: Any) -> Any:
    """The sum along some axes.

    Examples
    --------
    >>> sum([[1.0, 2.0]], axis=(1,), keepdims=False)
    array([3.])
    """


def _spread(g: Any, axis: Any, keepdims: bool, shape: tuple[int, ...]) -> NDArray[Any]:
    return np.broadcast_to(g if keepdims else np.expand_dims(g, axis), shape)


@operation(
    array=_spread,
    vjps=[lambda g, out, x, axis, keepdims, shape: sum(g, axis=axis, keepdims=keepdims)],
    cases=[
        Case(((3,),), {"axis": (1,), "keepdims": False, "shape": (3, 4)}),
        Case(((1, 3, 1),), {"axis": (0, 2), "keepdims": True, "shape": (2, 3, 4)}),
    ],
    source=ADJOINT,
    public=False,
)
def spread(x: Any, *, axis: Any, keepdims: Any, shape: Any) -> Any:
    """What `sum` took away, put back: `x` repeated along the axes that were summed.

    Examples
    --------
    >>> spread([3.0], axis=(1,), keepdims=False, shape=(1, 2))
    array([[3., 3.]])
    """


@operation(
    array=lambda x, shape: np.asarray(x).reshape(shape),
    vjps=[lambda g, out, x, shape: reshape(g, shape=x.shape)],
    cases=[Case(((3, 4),), {"shape": (2, 6)}), Case(((),), {"shape": (1, 1)})],
    source=ADJOINT,
)
def reshape(x: Any, *, shape: Any) -> Any:
    """The same elements in another shape.

    Examples
    --------
    >>> reshape([1.0, 2.0], shape=(2, 1))
    array([[1.],
           [2.]])
    """


def _inverse(axes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(range(len(axes)), key=axes.__getitem__))


@operation(
    array=np.transpose,
    vjps=[lambda g, out, x, axes: transpose(g, axes=_inverse(axes))],
    cases=[Case(((2, 3, 4),), {"axes": (2, 0, 1)}), Case(((3, 4),), {"axes": (1, 0)})],
    source=ADJOINT,
)
def transpose(x: Any, *, axes: Any) -> Any:
    """The axes in another order: axis i of the result is axis ``axes[i]`` of `x`.

    Examples
    --------
    >>> transpose([[1.0, 2.0]], axes=(1, 0))
    array([[1.],
           [2.]])
    """


@operation(
    array=np.broadcast_to,
    vjps=[lambda g, out, x, shape: g],  # the sweep sums what was broadcast, here as everywhere
    symbol="broadcast",
    cases=[Case(((3, 1),), {"shape": (2, 3, 4)}), Case(((),), {"shape": (2,)})],
    source=ADJOINT,
)
def broadcast_to(x: Any, *, shape: Any) -> Any:
    """`x` repeated to a larger shape by NumPy's rules of broadcasting.

    Examples
    --------
    >>> broadcast_to([1.0, 2.0], shape=(2, 2))
    array([[1., 2.],
           [1., 2.]])
    """


@operation(
    array=lambda x, key: np.asarray(x)[key],
    vjps=[lambda g, out, x, key: scatter(g, key=key, shape=x.shape)],
    symbol="[ ]",
    text="{0:9}[key]",
    latex=r"{0:9}_{{key}}",
    cases=[
        Case(((3, 4),), {"key": (slice(None), 1)}),
        Case(((3, 4),), {"key": (np.array([0, 0, 2]),)}),
        Case(((3, 4),), {"key": (Ellipsis, slice(None, None, -2), None)}),
        Case(((3,),), {"key": (np.array([True, False, True]),)}),
    ],
    source=ADJOINT,
    public=False,
)
def index(x: Any, *, key: Any) -> Any:
    """``x[key]``, for any key that NumPy takes.

    Examples
    --------
    >>> index([1.0, 2.0, 3.0], key=slice(1, None))
    array([2., 3.])
    """


def at_axis(axis: int, part: Any) -> tuple[Any, ...]:
    """The key of part of one axis, and of all the others.

    Examples
    --------
    >>> at_axis(1, 0)
    (slice(None, None, None), 0)
    """
    return (*[slice(None)] * axis, part)


def _scatter(x: Any, key: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    x = np.asarray(x)
    result = np.zeros(shape, x.dtype)
    if not any(isinstance(part, np.ndarray) and part.dtype != bool for part in key):
        result[key] = x
    elif len(key) == 1 and len(shape) > 1:  # whole rows, as of an embedding: quicker one by one
        row = math.prod(shape[1:])
        starts = key[0].astype(np.intp) % shape[0] * row
        places = starts[..., None] + np.arange(row)
        np.add.at(result.reshape(-1), places.reshape(-1), x.reshape(-1))
    else:
        np.add.at(result, key, x)  # an index may repeat
    return result


@operation(
    array=_scatter,
    vjps=[lambda g, out, x, key, shape: index(g, key=key)],
    cases=[
        Case(((3,),), {"key": (slice(None), 1), "shape": (3, 4)}),
        Case(((3, 4),), {"key": (np.array([0, 0, -1]),), "shape": (2, 4)}),
        Case(((3, 2),), {"key": (np.array([0, 0, 1]), slice(0, 2)), "shape": (2, 4)}),
    ],
    source=ADJOINT,
    public=False,
)
def scatter(x: Any, *, key: Any, shape: Any) -> Any:
    """Zeros of a given shape, with `x` added at `key`: what `index` read, put back.

    Examples
    --------
    >>> scatter([5.0], key=(slice(1, 2),), shape=(3,))
    array([0., 5., 0.])
    """
