"""Linear algebra: sums over products, diagonals and triangles, inverses, determinants.

A matrix is the last two axes of an array; what stands before them makes a stack of matrices.

Giles: M. B. Giles, "An extended collection of matrix derivative results for forward and reverse
mode algorithmic differentiation", Oxford University Computing Laboratory report 08/01, 2008.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import Case, operation
from autograd.rules.arrays import ADJOINT, matmul, mT, spread, sum


def _einsum(x: Any, y: Any, subscripts: str) -> NDArray[Any]:
    """Bring the axes into an order in which it is a product of matrices."""
    terms, result = subscripts.split("->")
    left, right = terms.split(",")
    stack = [i for i in left if i in right and i in result]
    inner = [i for i in left if i in right and i not in result]
    rows = [i for i in left if i not in right]
    columns = [i for i in right if i not in left]
    sizes = dict(zip(left + right, x.shape + y.shape, strict=True))

    def shape(*groups: list[str]) -> tuple[int, ...]:
        return (
            *(sizes[i] for i in stack),
            *(math.prod(sizes[i] for i in group) for group in groups),
        )

    x = x.transpose([left.index(i) for i in stack + rows + inner]).reshape(shape(rows, inner))
    y = y.transpose([right.index(i) for i in stack + inner + columns]).reshape(
        shape(inner, columns)
    )
    product = stack + rows + columns
    found = np.matmul(x, y).reshape([sizes[i] for i in product])
    return np.transpose(found, [product.index(i) for i in result])


def _swapped(subscripts: str, other: int) -> str:
    """The subscripts of the gradient: result, other operand -> this operand."""
    terms, result = subscripts.split("->")
    operands = terms.split(",")
    return f"{result},{operands[other]}->{operands[1 - other]}"


@operation(
    multilinear=True,
    array=_einsum,
    vjps=[
        lambda g, out, x, y, subscripts: einsum(g, y, subscripts=_swapped(subscripts, 1)),
        lambda g, out, x, y, subscripts: einsum(g, x, subscripts=_swapped(subscripts, 0)),
    ],
    cases=[
        Case(((3, 4), (4, 2)), {"subscripts": "ij,jk->ik"}),
        Case(((2, 3), (4, 2)), {"subscripts": "ij,ki->jki"}),
        Case(((3,), (3,)), {"subscripts": "i,i->"}),
        Case(((2, 3, 2), (2, 2, 4)), {"subscripts": "bij,jbk->bki"}),
    ],
    source="Laue et al. 2020, A simple and efficient tensor calculus, theorems 5 and 6",
)
def einsum(x: Any, y: Any, *, subscripts: Any) -> Any:
    """The sum over products of two arrays that ``"ij,jk->ik"`` spells.

    No operand has a letter twice, and each of its letters is in the other or in the result; so the
    gradient of one is the same operation on the gradient of the result and the other.

    Examples
    --------
    >>> einsum([[1.0, 2.0]], [3.0, 4.0], subscripts="ij,j->i")
    array([11.])
    """


@operation(
    array=lambda x, offset, axes: np.diagonal(x, offset, *axes),
    vjps=[lambda g, out, x, offset, axes: put_diagonal(g, offset=offset, axes=axes, shape=x.shape)],
    symbol="diagonal",
    cases=[
        Case(((3, 4),), {"offset": 0, "axes": (0, 1)}),
        Case(((3, 4),), {"offset": -1, "axes": (0, 1)}),
        Case(((2, 3, 2),), {"offset": 1, "axes": (2, 0)}),
    ],
    source=ADJOINT,
)
def diagonal(x: Any, *, offset: Any, axes: Any) -> Any:
    """The diagonal of the matrices that two axes make, as the last axis: ``x[i, i + offset]``.

    Examples
    --------
    >>> diagonal([[1.0, 2.0], [3.0, 4.0]], offset=0, axes=(0, 1))
    array([1., 4.])
    """


def _put_diagonal(
    x: Any, offset: int, axes: tuple[int, int], shape: tuple[int, ...]
) -> NDArray[Any]:
    x = np.asarray(x)
    result = np.zeros(shape, x.dtype)
    matrices = np.moveaxis(result, axes, (-2, -1))
    at = np.arange(x.shape[-1])
    matrices[..., at + max(-offset, 0), at + max(offset, 0)] = x
    return result


@operation(
    array=_put_diagonal,
    vjps=[lambda g, out, x, offset, axes, shape: diagonal(g, offset=offset, axes=axes)],
    symbol="diagonal",
    cases=[
        Case(((3,),), {"offset": 0, "axes": (0, 1), "shape": (3, 4)}),
        Case(((3, 1),), {"offset": 1, "axes": (2, 0), "shape": (2, 3, 2)}),
    ],
    source=ADJOINT,
    public=False,
)
def put_diagonal(x: Any, *, offset: Any, axes: Any, shape: Any) -> Any:
    """Zeros of a given shape, with `x` on a diagonal: what `diagonal` read, put back.

    Examples
    --------
    >>> put_diagonal([1.0, 4.0], offset=0, axes=(0, 1), shape=(2, 2))
    array([[1., 0.],
           [0., 4.]])
    """


@operation(
    array=lambda x, diagonal: np.tril(x, k=diagonal),
    vjps=[lambda g, out, x, diagonal: tril(g, diagonal=diagonal)],
    cases=[Case(((3, 4),), {"diagonal": 0}), Case(((2, 3, 3),), {"diagonal": -1})],
    source=ADJOINT,
)
def tril(x: Any, *, diagonal: Any) -> Any:
    """The lower triangle of a matrix, or of each in a stack; zeros above a diagonal.

    Examples
    --------
    >>> tril([[1.0, 2.0], [3.0, 4.0]], diagonal=0)
    array([[1., 0.],
           [3., 4.]])
    """


@operation(
    array=lambda x, diagonal: np.triu(x, k=diagonal),
    vjps=[lambda g, out, x, diagonal: triu(g, diagonal=diagonal)],
    cases=[Case(((3, 4),), {"diagonal": 0}), Case(((2, 3, 3),), {"diagonal": 1})],
    source=ADJOINT,
)
def triu(x: Any, *, diagonal: Any) -> Any:
    """The upper triangle of a matrix, or of each in a stack; zeros below a diagonal.

    Examples
    --------
    >>> triu([[1.0, 2.0], [3.0, 4.0]], diagonal=0)
    array([[1., 2.],
           [0., 4.]])
    """


@operation(
    array=np.linalg.inv,
    vjps=[lambda g, out, x: -matmul(matmul(mT(out), g), mT(out))],
    text="{0:9}⁻¹",
    latex="{0:9}^{{-1}}",
    symbol="⁻¹",
    cases=[Case(((3, 3),)), Case(((2, 2, 2),)), Case(((1, 1),))],
    source="Giles 2008, sec. 2.2.3",
)
def inverse(x: Any) -> Any:
    """The inverse of a square matrix, or of each in a stack: ``(..., n, n)`` gives ``(..., n, n)``.

    Examples
    --------
    >>> inverse([[2.0, 0.0], [0.0, 4.0]])
    array([[0.5 , 0.  ],
           [0.  , 0.25]])
    """


@operation(
    array=np.linalg.solve,
    vjps=[
        lambda g, out, A, B: -matmul(solve(mT(A), g), mT(out)),
        lambda g, out, A, B: solve(mT(A), g),
    ],
    text="{0:9}⁻¹ @ {1:3}",
    latex="{0:9}^{{-1}} {1:3}",
    binds=2,
    cases=[Case(((3, 3), (3, 2))), Case(((2, 1, 2, 2), (3, 2, 1)))],
    source="Giles 2008, sec. 2.3.1",
)
def solve(A: Any, B: Any) -> Any:
    """The X for which ``A @ X = B``: ``(..., n, n)`` and ``(..., n, k)`` give ``(..., n, k)``.

    Examples
    --------
    >>> solve([[2.0, 0.0], [0.0, 4.0]], [[1.0], [1.0]])
    array([[0.5 ],
           [0.25]])
    """


@operation(
    array=np.linalg.det,
    vjps=[lambda g, out, x: spread(g, axis=(-2, -1), keepdims=False, shape=x.shape) * cofactors(x)],
    latex=r"\det {0:3}",
    cases=[Case(((3, 3),)), Case(((2, 2, 2),)), Case(((1, 1),))],
    source="Jacobi's formula; Giles 2008, sec. 2.2.4",
)
def det(x: Any) -> Any:
    """The determinant of a square matrix, or of each in a stack: ``(..., n, n)`` gives ``(...)``.

    Examples
    --------
    >>> float(det([[3.0, 1.0], [0.0, 2.0]]))
    6.0
    """


def _cofactors(x: Any) -> NDArray[Any]:
    """By singular values, so that a singular matrix has them, too: x = UΣVᵀ."""
    u, sizes, vt = np.linalg.svd(x)
    n = sizes.shape[-1]
    others = np.where(np.eye(n, dtype=bool), 1.0, sizes[..., None, :]).prod(-1)  # without the i-th
    sign = np.linalg.det(u) * np.linalg.det(vt)
    return np.asarray((u * (others * sign[..., None])[..., None, :]) @ vt, x.dtype)


def _pull_cofactors(g: Any, out: Any, x: Any) -> Any:
    projected = sum(g * out, axis=(-2, -1), keepdims=True) * out
    size = spread(det(x), axis=(-2, -1), keepdims=False, shape=x.shape)
    return (projected - matmul(matmul(out, mT(g)), out)) / size


@operation(
    array=_cofactors,
    vjps=[_pull_cofactors],
    cases=[Case(((3, 3),)), Case(((2, 2, 2),)), Case(((1, 1),))],
    source="the derivative of det(x) · x⁻ᵀ, by Giles 2008, sec. 2.2.3 and 2.2.4",
    public=False,
)
def cofactors(x: Any) -> Any:
    """The derivative of the determinant: ``det(x) · x⁻ᵀ``, which a singular matrix has, too.

    The derivative of the cofactors themselves is written with ``1 / det(x)`` and needs an inverse.

    Examples
    --------
    >>> cofactors([[1.0, 0.0], [0.0, 0.0]]).round(12) + 0.0
    array([[0., 0.],
           [0., 1.]])
    """
