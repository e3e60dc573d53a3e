"""Linear algebra: sums over products, diagonals and triangles, inverses, determinants.

A matrix is the last two axes of an array; what stands before them makes a stack of matrices.

Giles: M. B. Giles, "An extended collection of matrix derivative results for forward and reverse
mode algorithmic differentiation", Oxford University Computing Laboratory report 08/01, 2008.

Stewart: G. W. Stewart, "On the adjugate matrix", Linear Algebra and its Applications 283, 1998.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import Case, operation
from autograd.rules.arrays import ADJOINT, index, matmul, mT, spread


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
    binds=4,
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


def _without_each(x: NDArray[Any]) -> NDArray[Any]:
    """The product of all but each along the last axis: of those before it and those after it."""
    one = np.ones_like(x[..., :1])
    before = np.cumprod(np.concatenate([one, x[..., :-1]], -1), -1)
    after = np.cumprod(np.concatenate([one, x[..., :0:-1]], -1), -1)
    return before * after[..., ::-1]


def _turned(x: Any) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """``x = U diag(s) Vᵀ`` of singular values; of one the sign is such that ``det(U Vᵀ) = 1``."""
    finite = np.isfinite(x).all((-2, -1))[..., None]
    u, s, vt = np.linalg.svd(np.where(finite[..., None], x, 0))
    s[~finite[..., 0]] = np.nan  # as the determinant is
    sign = np.sign(np.linalg.det(u) * np.linalg.det(vt))[..., None]
    s[..., :1] *= sign
    u[..., :1] *= sign[..., None]
    return u, s, vt


def _cofactors(x: Any) -> NDArray[Any]:
    """Those of a diagonal matrix are the products of all its elements but one (Stewart 1998)."""
    u, s, vt = _turned(x)
    return np.asarray((u * _without_each(s)[..., None, :]) @ vt, x.dtype)


@operation(
    array=_cofactors,
    vjps=[lambda g, out, x: cofactors_along(g, x)],
    cases=[Case(((3, 3),)), Case(((2, 2, 2),)), Case(((1, 1),))],
    source="the second derivative of det, which is symmetric: so it is its own adjoint",
    public=False,
)
def cofactors(x: Any) -> Any:
    """The derivative of the determinant: ``det(x) · x⁻ᵀ``, which a singular matrix has, too.

    Nothing is divided by, here and in all that follows, as the determinant is a polynomial: the
    derivatives of all orders are right at every matrix. Up to the second they cost ``O(n³)``; from
    the third on ``O(n⁵)``.

    Examples
    --------
    >>> cofactors([[1.0, 0.0], [0.0, 0.0]]) + 0.0
    array([[0., 0.],
           [0., 1.]])
    """


def _cofactors_along(y: Any, x: Any) -> NDArray[Any]:
    """Those of ``diag(s) + εy``, to first order in ε: products of all of s but two."""
    u, s, vt = _turned(x)
    off = ~np.eye(s.shape[-1], dtype=bool)
    others = off * _without_each(np.where(off, s[..., None, :], 1))
    y = mT(u) @ y @ mT(vt)
    change = -others * mT(y)
    change[..., ~off] = (others @ np.diagonal(y, 0, -2, -1)[..., None])[..., 0]
    return np.asarray(u @ change @ vt, x.dtype)


def _pull_along(g: Any, out: Any, y: Any, x: Any) -> Any:
    """As each cofactor is the determinant of a minor, it changes as that does."""
    return put_minors(index(y, key=(..., None, None)) * cofactors_along(minors(g), minors(x)))


@operation(
    array=_cofactors_along,
    vjps=[lambda g, out, y, x: cofactors_along(g, x), _pull_along],
    cases=[Case(((3, 3), (3, 3))), Case(((2, 2, 2), (2, 2, 2))), Case(((1, 1), (1, 1)))],
    source="the second derivative of det is symmetric, so along y the map is its own adjoint",
    symbol="cofactors",
    public=False,
)
def cofactors_along(y: Any, x: Any) -> Any:
    """How the cofactors of `x` change along `y`; `x` may be singular.

    Examples
    --------
    >>> cofactors_along([[0.0, 2.0], [3.0, 4.0]], [[0.0, 0.0], [0.0, 0.0]]) + 0.0
    array([[ 4., -3.],
           [-2.,  0.]])
    """


def _places(n: int) -> tuple[Any, ...]:
    """Where the elements stand that are not in row i and column j, for all i and j."""
    others = np.nonzero(~np.eye(n, dtype=bool))[1].reshape(n, max(n - 1, 0))
    return ..., others[:, None, :, None], others[:, None, :]


def _signed(x: NDArray[Any]) -> NDArray[Any]:
    """The signs of the cofactors, put on the first row of each minor."""
    i = np.arange(x.shape[-3])
    x[..., :1, :] *= (1 - 2 * ((i[:, None] + i) % 2))[..., None, None]
    return x


def _put_minors(x: Any) -> NDArray[Any]:
    n = x.shape[-3]
    result = np.zeros((*x.shape[:-4], n, n), x.dtype)
    np.add.at(result, _places(n), _signed(x.copy()))
    return result


@operation(
    array=lambda x: _signed(x[_places(x.shape[-1])]),
    vjps=[lambda g, out, x: put_minors(g)],
    cases=[Case(((3, 3),)), Case(((2, 2, 2),)), Case(((1, 1),))],
    source=ADJOINT,
    public=False,
)
def minors(x: Any) -> Any:
    """The matrices whose determinants are the cofactors: ``(..., n, n, n - 1, n - 1)``.

    Number ``i, j`` is `x` without row i and column j, with the cofactor's sign on its first row.

    Examples
    --------
    >>> minors([[1.0, 2.0], [3.0, 4.0]])[..., 0, 0]
    array([[ 4., -3.],
           [-2.,  1.]])
    """


@operation(
    array=_put_minors,
    vjps=[lambda g, out, x: minors(g)],
    cases=[Case(((3, 3, 2, 2),)), Case(((1, 1, 0, 0),))],
    source=ADJOINT,
    public=False,
)
def put_minors(x: Any) -> Any:
    """The sum of what `minors` took from each element, put back.

    Examples
    --------
    >>> put_minors([[[[1.0]], [[2.0]]], [[[3.0]], [[4.0]]]])
    array([[ 4., -3.],
           [-2.,  1.]])
    """
