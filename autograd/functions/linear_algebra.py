"""Products of vectors and matrices, their diagonals and triangles; inverses and determinants."""

from __future__ import annotations

from typing import Any

from autograd import rules
from autograd.complaints import called, differ, first_clash, shape_of
from autograd.functions.arguments import integers, positive


def matmul(x: Any, other: Any) -> Any:
    """The product of matrices: ``(..., n, k) @ (..., k, m)`` gives ``(..., n, m)``.

    ``out[i, j] = Σₖ x[i, k] · other[k, j]``; ``∂L/∂x = g otherᵀ`` and ``∂L/∂other = xᵀ g`` (Giles
    2008, sec. 2.2.2). A vector stands for a row on the left and for a column on the right, and its
    axis is gone from the result. The axes before the last two broadcast. As ``torch.matmul``.

    Raises
    ------
    ValueError
        If the inner sizes differ, or either has no axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]) @ [1.0, 1.0]
    Tensor([3., 7.])
    """
    y, left, right = other, shape_of(x), shape_of(other)
    _fit_for_matmul(x, y, left, right)
    if len(left) == 1:
        x = rules.reshape(x, shape=(1, *left))
    if len(right) == 1:
        y = rules.reshape(y, shape=(*right, 1))
    product = rules.matmul(x, y)
    if len(left) == 1 or len(right) == 1:
        shape = list(product.shape)
        if len(right) == 1:
            del shape[-1]
        if len(left) == 1:
            del shape[-1 if len(right) == 1 else -2]
        product = rules.reshape(product, shape=tuple(shape))
    return product


def _fit_for_matmul(x: Any, y: Any, left: tuple[int, ...], right: tuple[int, ...]) -> None:
    given = f"matmul: {called(x, 'x')} @ {called(y, 'y')}"
    if not left or not right:
        raise ValueError(f"{given}: each takes at least one axis")
    inner = right[-2] if len(right) > 1 else right[0]
    if left[-1] != inner:
        raise differ(given, "inner", left[-1], inner)
    clash = first_clash([left[:-2], right[:-2]])
    if clash:
        raise differ(given, "batch", *clash[2:])


def _strict(function: str, x: Any, y: Any, axes: tuple[int, int]) -> Any:
    """`matmul` for exactly these numbers of axes, and for equal batches."""
    given = f"{function}: {called(x, 'x')} @ {called(y, 'y')}"
    left, right = shape_of(x), shape_of(y)
    if (len(left), len(right)) != axes:
        raise ValueError(f"{given}: it takes arrays with {axes[0]} and {axes[1]} axes")
    inner = right[-2] if len(right) > 1 else right[0]
    if left[-1] != inner:
        raise differ(given, "inner", left[-1], inner)
    if axes == (3, 3) and left[0] != right[0]:
        raise differ(given, "batch", left[0], right[0])
    return matmul(x, y)


def mm(x: Any, mat2: Any) -> Any:
    """The product of two matrices: ``(n, k) @ (k, m)`` gives ``(n, m)``. Nothing broadcasts.

    ``out[i, j] = Σₖ x[i, k] · mat2[k, j]``. As ``torch.mm``.

    Raises
    ------
    ValueError
        If they are not two matrices, or the inner sizes differ.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0]]).mm(Tensor([[3.0], [4.0]]))
    Tensor([[11.]])
    """
    return _strict("mm", x, mat2, (2, 2))


def bmm(x: Any, mat2: Any) -> Any:
    """The product of two stacks of matrices: ``(b, n, k) @ (b, k, m)`` gives ``(b, n, m)``.

    ``out[b] = x[b] @ mat2[b]``. As ``torch.bmm``.

    Raises
    ------
    ValueError
        If they do not have three axes each, or the sizes do not fit.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[[1.0, 2.0]]]).bmm(Tensor([[[3.0], [4.0]]]))
    Tensor([[[11.]]])
    """
    return _strict("bmm", x, mat2, (3, 3))


def mv(x: Any, vec: Any) -> Any:
    """The product of a matrix and a vector: ``(n, k) @ (k,)`` gives ``(n,)``.

    ``out[i] = Σₖ x[i, k] · vec[k]``. As ``torch.mv``.

    Raises
    ------
    ValueError
        If they are not a matrix and a vector, or the inner sizes differ.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).mv(Tensor([1.0, 1.0]))
    Tensor([3., 7.])
    """
    return _strict("mv", x, vec, (2, 1))


def dot(x: Any, other: Any) -> Any:
    """The scalar product of two vectors: ``(n,)`` and ``(n,)`` give ``()``: ``Σᵢ xᵢ yᵢ``.

    As ``torch.dot``; ``np.dot`` multiplies arrays of any number of axes.

    Raises
    ------
    ValueError
        If they are not two vectors of the same size.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0]).dot(Tensor([3.0, 4.0]))
    Tensor(11.)
    """
    return _strict("dot", x, other, (1, 1))


def outer(x: Any, vec2: Any) -> Any:
    """The products of each with each: ``(n,)`` and ``(m,)`` give ``(n, m)``: ``xᵢ yⱼ``.

    As ``torch.outer``.

    Raises
    ------
    ValueError
        If they are not two vectors.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0]).outer(Tensor([3.0, 4.0]))
    Tensor([[3., 4.],
            [6., 8.]])
    """
    given = f"outer: {called(x, 'x')} and {called(vec2, 'y')}"
    if len(shape_of(x)) != 1 or len(shape_of(vec2)) != 1:
        raise ValueError(f"{given}: it takes two vectors")
    return rules.mul(rules.reshape(x, shape=(*shape_of(x), 1)), vec2)


def addmm(x: Any, mat1: Any, mat2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """A sum with a product of matrices, ``beta · x + alpha · (mat1 @ mat2)``, of shape ``(n, m)``.

    As ``torch.addmm``.

    Parameters
    ----------
    x : Tensor or array that broadcasts to ``(n, m)``
    mat1 : Tensor or array of shape ``(n, k)``
    mat2 : Tensor or array of shape ``(k, m)``
    beta, alpha : number, default 1
        With ``beta=0``, x does not matter, even where it is infinite or NaN.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0]).addmm(Tensor([[1.0, 2.0]]), Tensor([[3.0], [4.0]]))
    Tensor([[12.]])
    """
    product = _strict("addmm", mat1, mat2, (2, 2))
    if first_clash([shape_of(x), product.shape]) or len(shape_of(x)) > 2:
        raise ValueError(f"addmm: {called(x, 'x')} does not broadcast to {product.shape}")
    scaled = product if alpha == 1 else rules.mul(alpha, product)
    if beta == 0:
        return rules.add(scaled, rules.where(False, x, 0.0))
    return rules.add(x if beta == 1 else rules.mul(beta, x), scaled)


def diagonal(x: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """The diagonal of the matrices that two axes make, as the last axis of the result.

    Parameters
    ----------
    x : Tensor or array of shape ``(..., n, ..., m, ...)``
    offset : int, default 0
        Which diagonal: above the main one if positive, below if negative.
    dim1, dim2 : int, default 0 and 1
        The axes of the matrices.

    Returns
    -------
    Tensor or array
        The axes of x but those two, then ``out[..., i] = x[..., i, ..., i + offset, ...]``. As
        ``torch.diagonal``.

    Raises
    ------
    ValueError
        If the two axes are the same.
    IndexError
        If there is no such axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).diagonal(offset=1)
    Tensor([2.])
    """
    axes = positive("diagonal", (dim1, dim2), len(shape_of(x)))
    if axes[0] == axes[1]:
        raise ValueError(f"diagonal: {called(x, 'x')}: dim1 and dim2 are the same axis, {axes[0]}")
    (offset,) = integers("diagonal", "offset", (offset,))
    return rules.diagonal(x, offset=offset, axes=axes)


def diag(x: Any, diagonal: int = 0) -> Any:
    """The diagonal of a matrix, ``(n, m)``; of a vector, ``(n,)``, the matrix that has it.

    ``diagonal`` says which: above the main one if positive, below if negative. As ``torch.diag``.

    Raises
    ------
    ValueError
        If x is neither a vector nor a matrix.

    Examples
    --------
    >>> from autograd import Tensor, diag
    >>> diag(Tensor([1.0, 2.0]))
    Tensor([[1., 0.],
            [0., 2.]])
    >>> diag(Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([1., 4.])
    """
    shape = shape_of(x)
    (offset,) = integers("diag", "diagonal", (diagonal,))
    if len(shape) == 1:
        n = shape[0] + abs(offset)
        return rules.put_diagonal(x, offset=offset, axes=(0, 1), shape=(n, n))
    if len(shape) != 2:
        raise ValueError(f"diag: {called(x, 'x')}: it takes a vector or a matrix")
    return rules.diagonal(x, offset=offset, axes=(0, 1))


def trace(x: Any) -> Any:
    """The sum of a matrix's diagonal: ``(n, m)`` gives ``()``.

    ``out = Σᵢ x[i, i]``. As ``torch.trace``.

    Raises
    ------
    ValueError
        If x is not a matrix.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).trace()
    Tensor(5.)
    """
    if len(shape_of(x)) != 2:
        raise ValueError(f"trace: {called(x, 'x')}: it takes a matrix")
    return rules.sum(diagonal(x), axis=(0,), keepdims=False)


def tril(x: Any, diagonal: int = 0) -> Any:
    """The lower triangle of a matrix, ``(..., n, m)``, or of each in a stack; zeros elsewhere.

    Zero is what stands above a diagonal: 0 is the main one, 1 the one above it. As ``torch.tril``.

    Raises
    ------
    ValueError
        If x has fewer than two axes.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).tril()
    Tensor([[1., 0.],
            [3., 4.]])
    """
    return rules.tril(_matrix("tril", x), diagonal=integers("tril", "diagonal", (diagonal,))[0])


def triu(x: Any, diagonal: int = 0) -> Any:
    """The upper triangle of a matrix, ``(..., n, m)``, or of each in a stack; zeros elsewhere.

    Zero is what stands below a diagonal: 0 is the main one, 1 the one above it. As ``torch.triu``.

    Raises
    ------
    ValueError
        If x has fewer than two axes.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).triu(diagonal=1)
    Tensor([[0., 2.],
            [0., 0.]])
    """
    return rules.triu(_matrix("triu", x), diagonal=integers("triu", "diagonal", (diagonal,))[0])


def _matrix(function: str, x: Any) -> Any:
    if len(shape_of(x)) < 2:
        raise ValueError(f"{function}: {called(x, 'x')}: it takes a matrix, or a stack of them")
    return x


def _square(function: str, x: Any) -> Any:
    shape = shape_of(_matrix(function, x))
    if shape[-1] != shape[-2]:
        raise ValueError(
            f"{function}: {called(x, 'x')}: the matrix is not square, {shape[-2]} and "
            f"{shape[-1]} differ"
        )
    return x


def inverse(x: Any) -> Any:
    """The inverse of a square matrix, or of each in a stack: ``(..., n, n)`` to ``(..., n, n)``.

    ``∂L/∂x = −x⁻ᵀ g x⁻ᵀ`` (Giles 2008, sec. 2.2.3). To multiply by an inverse use `solve`, which
    is quicker and more exact. As ``torch.linalg.inv``.

    Raises
    ------
    ValueError
        If a matrix is not square.
    numpy.linalg.LinAlgError
        If a matrix is singular.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[2.0, 0.0], [0.0, 4.0]]).inverse()
    Tensor([[0.5 , 0.  ],
            [0.  , 0.25]])
    """
    return rules.inverse(_square("inverse", x))


def det(x: Any) -> Any:
    """The determinant of a square matrix, or of each in a stack: ``(..., n, n)`` to ``(...)``.

    ``∂L/∂x = g · det(x) x⁻ᵀ`` (Jacobi; Giles 2008, sec. 2.2.4), computed from the singular values,
    so that it is right where x is singular, too; second derivatives need an x that is not.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[3.0, 1.0], [0.0, 2.0]]).det()
    Tensor(6.)
    """
    return rules.det(_square("det", x))


def solve(A: Any, B: Any, *, left: bool = True) -> Any:
    """The X for which ``A @ X = B``; with ``left=False`` the X for which ``X @ A = B``.

    ``∂L/∂B = A⁻ᵀ g`` and ``∂L/∂A = −∂L/∂B Xᵀ`` (Giles 2008, sec. 2.3.1). As
    ``torch.linalg.solve``.

    Parameters
    ----------
    A : Tensor or array of shape ``(..., n, n)``
    B : Tensor or array of shape ``(..., n, k)``, or one vector, ``(n,)``, for each A: ``(..., n)``
    left : bool, default True
        On which side of A the result stands.

    Returns
    -------
    Tensor or array
        Of the shape of B, its axes before the last two broadcast with those of A.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    numpy.linalg.LinAlgError
        If a matrix is singular.

    Examples
    --------
    >>> from autograd import Tensor, solve
    >>> solve(Tensor([[2.0, 0.0], [0.0, 4.0]]), Tensor([1.0, 1.0]))
    Tensor([0.5 , 0.25])
    """
    coefficients, right = shape_of(_square("solve", A)), shape_of(B)
    given = f"solve: {called(A, 'A')} and {called(B, 'B')}"
    vector = len(right) == 1 or right == coefficients[:-1]
    if vector:
        B, right = rules.reshape(B, shape=(*right, 1)), (*right, 1)
    if len(right) < 2:
        raise ValueError(f"{given}: B must be a vector or a matrix")
    if vector and not left:
        raise ValueError(f"{given}: with left=False, B must be a matrix")
    rows = right[-2 if left else -1]
    if rows != coefficients[-1]:
        raise differ(given, "inner", coefficients[-1], rows)
    clash = first_clash([coefficients[:-2], right[:-2]])
    if clash:
        raise differ(given, "batch", *clash[2:])
    found = rules.solve(A, B) if left else rules.mT(rules.solve(rules.mT(A), rules.mT(B)))
    return rules.reshape(found, shape=found.shape[:-1]) if vector else found
