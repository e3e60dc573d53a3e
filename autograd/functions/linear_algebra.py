"""Diagonals and triangles of matrices; inverses, determinants and linear systems."""

from __future__ import annotations

from typing import Any

from autograd import rules
from autograd.complaints import called, differ, first_clash, shape_of
from autograd.functions.arguments import integers, operand, positive


def diagonal(input: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """The diagonal of the matrices that two axes make, as the last axis of the result.

    Parameters
    ----------
    input : Tensor or array of shape ``(..., n, ..., m, ...)``
    offset : int, default 0
        Which diagonal: above the main one if positive, below if negative.
    dim1, dim2 : int, default 0 and 1
        The axes of the matrices.

    Returns
    -------
    Tensor or array
        The axes of `input` but those two, then the diagonal: ``out[..., i] = input[..., i, ...,
        i + offset, ...]``. As ``torch.diagonal``.

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
    input = operand("diagonal", input)
    axes = positive("diagonal", (dim1, dim2), len(shape_of(input)), input)
    if axes[0] == axes[1]:
        raise ValueError(
            f"diagonal: {called(input, 'x')}: dim1 and dim2 are the same axis, {axes[0]}"
        )
    (offset,) = integers("diagonal", "offset", (offset,))
    return rules.diagonal(input, offset=offset, axes=axes)


def diag(input: Any, diagonal: int = 0) -> Any:
    """The diagonal of a matrix, ``(n, m)``; of a vector, ``(n,)``, the matrix that has it.

    ``out[i] = input[i, i + diagonal]``, or ``out[i, i + diagonal] = input[i]``. ``diagonal`` says
    which: above the main one if positive, below if negative. As ``torch.diag``.

    Raises
    ------
    ValueError
        If `input` is neither a vector nor a matrix.

    Examples
    --------
    >>> from autograd import Tensor, diag
    >>> diag(Tensor([1.0, 2.0]))
    Tensor([[1., 0.],
            [0., 2.]])
    >>> diag(Tensor([[1.0, 2.0], [3.0, 4.0]]))
    Tensor([1., 4.])
    """
    shape = shape_of(input)
    (offset,) = integers("diag", "diagonal", (diagonal,))
    if len(shape) == 1:
        n = shape[0] + abs(offset)
        return rules.put_diagonal(input, offset=offset, axes=(0, 1), shape=(n, n))
    if len(shape) != 2:
        raise ValueError(f"diag: {called(input, 'x')}: it takes a vector or a matrix")
    return rules.diagonal(input, offset=offset, axes=(0, 1))


def trace(input: Any) -> Any:
    """The sum of a matrix's diagonal: ``(n, m)`` gives ``()``.

    ``out = Σᵢ input[i, i]``. As ``torch.trace``.

    Raises
    ------
    ValueError
        If `input` is not a matrix.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).trace()
    Tensor(5.)
    """
    if len(shape_of(input)) != 2:
        raise ValueError(f"trace: {called(input, 'x')}: it takes a matrix")
    return rules.sum(diagonal(input), axis=(0,), keepdims=False)


def tril(input: Any, diagonal: int = 0) -> Any:
    """The lower triangle of a matrix, ``(..., n, m)``, or of each in a stack; zeros elsewhere.

    ``out[i, j] = input[i, j]`` where ``j - i <= diagonal``, and 0 elsewhere. Zero is what stands
    above a diagonal: 0 is the main one, 1 the one above it. As ``torch.tril``.

    Raises
    ------
    ValueError
        If `input` has fewer than two axes.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).tril()
    Tensor([[1., 0.],
            [3., 4.]])
    """
    return rules.tril(_matrix("tril", input), diagonal=integers("tril", "diagonal", (diagonal,))[0])


def triu(input: Any, diagonal: int = 0) -> Any:
    """The upper triangle of a matrix, ``(..., n, m)``, or of each in a stack; zeros elsewhere.

    ``out[i, j] = input[i, j]`` where ``j - i >= diagonal``, and 0 elsewhere. Zero is what stands
    below a diagonal: 0 is the main one, 1 the one above it. As ``torch.triu``.

    Raises
    ------
    ValueError
        If `input` has fewer than two axes.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).triu(diagonal=1)
    Tensor([[0., 2.],
            [0., 0.]])
    """
    return rules.triu(_matrix("triu", input), diagonal=integers("triu", "diagonal", (diagonal,))[0])


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


def inverse(input: Any) -> Any:
    """The inverse of a square matrix, or of each in a stack: ``(..., n, n)`` to ``(..., n, n)``.

    ``∂L/∂input = −outᵀ g outᵀ`` (Giles 2008, sec. 2.2.3). To multiply by an inverse use `solve`,
    which is quicker and more exact. As ``torch.linalg.inv``.

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
    return rules.inverse(_square("inverse", input))


def det(input: Any) -> Any:
    """The determinant of a square matrix, or of each in a stack: ``(..., n, n)`` to ``(...)``.

    ``∂L/∂input = g · out · input⁻ᵀ`` (Jacobi; Giles 2008, sec. 2.2.4), computed from the singular
    values, so that it is right where `input` is singular, too, as are the derivatives of all
    orders. As ``torch.det``.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[3.0, 1.0], [0.0, 2.0]]).det()
    Tensor(6.)
    """
    return rules.det(_square("det", input))


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
