"""Products of vectors and matrices, alone and in stacks."""

from __future__ import annotations

from typing import Any

from autograd import rules
from autograd.complaints import called, differ, first_clash, shape_of


def matmul(input: Any, other: Any) -> Any:
    """The product of matrices: ``(..., n, k) @ (..., k, m)`` gives ``(..., n, m)``.

    ``out[i, j] = Σₖ input[i, k] · other[k, j]``; ``∂L/∂input = g otherᵀ`` and ``∂L/∂other = inputᵀ
    g`` (Giles 2008, sec. 2.2.2). A vector stands for a row on the left and for a column on the
    right, and its axis is gone from the result. The axes before the last two broadcast. As
    ``torch.matmul``.

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
    y, left, right = other, shape_of(input), shape_of(other)
    _fit_for_matmul(input, y, left, right)
    if len(left) == 1:
        input = rules.reshape(input, shape=(1, *left))
    if len(right) == 1:
        y = rules.reshape(y, shape=(*right, 1))
    product = rules.matmul(input, y)
    if len(left) == 1 or len(right) == 1:
        shape = list(product.shape)
        if len(right) == 1:
            del shape[-1]
        if len(left) == 1:
            del shape[-1 if len(right) == 1 else -2]
        product = rules.reshape(product, shape=tuple(shape))
    return product


def _fit_for_matmul(x: Any, y: Any, left: tuple[int, ...], right: tuple[int, ...]) -> None:
    inner = right[-2:][:1]
    if left and inner == left[-1:] and len(left) <= 2 and len(right) <= 2:
        return
    given = f"matmul: {called(x, 'x')} @ {called(y, 'y')}"
    if not left or not right:
        raise ValueError(f"{given}: each takes at least one axis")
    if left[-1:] != inner:
        raise differ(given, "inner", left[-1], *inner)
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


def mm(input: Any, mat2: Any) -> Any:
    """The product of two matrices: ``(n, k) @ (k, m)`` gives ``(n, m)``. Nothing broadcasts.

    ``out[i, j] = Σₖ input[i, k] · mat2[k, j]``. As ``torch.mm``.

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
    return _strict("mm", input, mat2, (2, 2))


def bmm(input: Any, mat2: Any) -> Any:
    """The product of two stacks of matrices: ``(b, n, k) @ (b, k, m)`` gives ``(b, n, m)``.

    ``out[b] = input[b] @ mat2[b]``. As ``torch.bmm``.

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
    return _strict("bmm", input, mat2, (3, 3))


def mv(input: Any, vec: Any) -> Any:
    """The product of a matrix and a vector: ``(n, k) @ (k,)`` gives ``(n,)``.

    ``out[i] = Σₖ input[i, k] · vec[k]``. As ``torch.mv``.

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
    return _strict("mv", input, vec, (2, 1))


def dot(input: Any, tensor: Any) -> Any:
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
    return _strict("dot", input, tensor, (1, 1))


def outer(input: Any, vec2: Any) -> Any:
    """The products of each with each: ``(n,)`` and ``(m,)`` give ``(n, m)``: ``xᵢ yⱼ``.

    ``out[i, j] = input[i] · vec2[j]``. As ``torch.outer``.

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
    given = f"outer: {called(input, 'x')} and {called(vec2, 'vec2')}"
    if len(shape_of(input)) != 1 or len(shape_of(vec2)) != 1:
        raise ValueError(f"{given}: it takes two vectors")
    return rules.mul(rules.reshape(input, shape=(*shape_of(input), 1)), vec2)


def addmm(input: Any, mat1: Any, mat2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """A matrix and a product of two added: ``beta · input + alpha · (mat1 @ mat2)``.

    The result is of shape ``(n, m)``. As ``torch.addmm``.

    Parameters
    ----------
    input : Tensor or array that broadcasts to ``(n, m)``
    mat1 : Tensor or array of shape ``(n, k)``
    mat2 : Tensor or array of shape ``(k, m)``
    beta, alpha : number, default 1
        With ``beta=0``, `input` does not matter, even where it is infinite or NaN.

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
    if first_clash([shape_of(input), product.shape]) or len(shape_of(input)) > 2:
        raise ValueError(f"addmm: {called(input, 'x')} does not broadcast to {product.shape}")
    scaled = product if alpha == 1 else rules.mul(alpha, product)
    if beta == 0:
        return rules.add(scaled, rules.where(False, input, 0.0))
    return rules.add(input if beta == 1 else rules.mul(beta, input), scaled)
