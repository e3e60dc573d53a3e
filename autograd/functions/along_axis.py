"""What each row along an axis becomes: as long as it was, its elements seen together."""

from __future__ import annotations

from typing import Any

from numpy.typing import DTypeLike

from autograd import rules
from autograd.functions.reduction import along_as


def softmax(
    input: Any, dim: int | None = None, dtype: DTypeLike | None = None, *, axis: int | None = None
) -> Any:
    """``eˣ / Σ eˣ`` along an axis, which must be named: positive numbers that add up to 1.

    As ``torch.softmax`` (Goodfellow, Bengio & Courville, Deep Learning, eq. 6.29).

    Parameters
    ----------
    input : Tensor or array, of any shape
    dim, axis : int
        The axis (PyTorch's and NumPy's word for it).
    dtype : dtype, optional
        What to convert `input` to first.

    Returns
    -------
    Tensor or array
        Of the shape of `input`.

    Raises
    ------
    TypeError
        If no axis is named, or several are.
    IndexError
        If there is no such axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[0.0, 0.0], [1000.0, 0.0]]).softmax(dim=1)
    Tensor([[0.5, 0.5],
            [1. , 0. ]])
    """
    input, axes = _along_one("softmax", input, dim, axis, dtype)
    return rules.softmax(input, axis=axes)


def log_softmax(
    input: Any, dim: int | None = None, dtype: DTypeLike | None = None, *, axis: int | None = None
) -> Any:
    """The logarithm of `softmax`, with the same arguments; exact also where that is tiny.

    ``out[i] = xᵢ - log Σⱼ eˣʲ``. The result has the shape of `input`. As ``torch.log_softmax``
    (Goodfellow, Bengio & Courville, Deep Learning, eq. 6.30).

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1000.0, 0.0]).log_softmax(0)
    Tensor([    0., -1000.])
    """
    input, axes = _along_one("log_softmax", input, dim, axis, dtype)
    return rules.log_softmax(input, axis=axes)


def cumsum(
    input: Any, dim: int | None = None, *, dtype: DTypeLike | None = None, axis: int | None = None
) -> Any:
    """The sum of all elements up to each, along an axis, which must be named. As ``torch.cumsum``.

    ``out[i] = Σⱼ input[j]`` over ``j <= i``. The arguments, the shape of the result and the errors
    are those of `softmax`.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0, 3.0]).cumsum(0)
    Tensor([1., 3., 6.])
    """
    input, axes = _along_one("cumsum", input, dim, axis, dtype)
    if not axes:  # the sum up to the only element
        return rules.sum(input, axis=(), keepdims=False)
    return rules.cumsum(input, axis=axes[0])


def _along_one(
    function: str, x: Any, dim: int | None, axis: int | None, dtype: DTypeLike | None
) -> tuple[Any, tuple[int, ...]]:
    """The same as `along_as`, for a function that needs one axis, and gets none from a number."""
    if (axis if dim is None else dim) is None:
        raise TypeError(f"{function} needs the axis to run along: {function}(x, dim=-1), say")
    x, axes = along_as(function, x, dim, axis, dtype)
    if len(axes) > 1:
        raise TypeError(f"{function} runs along one axis, but was given {len(axes)}")
    return x, axes
