"""Functions that give the same elements another shape or order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd import rules
from autograd.complaints import called, shape_of
from autograd.functions.arguments import distinct, lengths, operand, positive, takes_axis


def reshape(input: Any, *numbers: Any, shape: Sequence[int] | None = None) -> Any:
    """The same elements, in the same order, in another shape; as ``torch.reshape``.

    Row by row: ``out.ravel()[k] = input.ravel()[k]``.

    Parameters
    ----------
    input : Tensor or array, of any shape
    *numbers : int, or one sequence of int
        The new shape; one length may be -1 and is then worked out.
    shape : sequence of int, optional
        The same by name.

    Raises
    ------
    ValueError
        If the number of elements is not the same.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0, 3.0, 4.0]).reshape(2, -1)
    Tensor([[1., 2.],
            [3., 4.]])
    """
    return _reshaped("reshape", input, lengths("reshape", numbers, shape))


def view(input: Any, *numbers: Any, size: Sequence[int] | None = None) -> Any:
    """The same as `reshape`: no Tensor is changed in place, so whether it is a copy is no matter.

    ``out.ravel()[k] = input.ravel()[k]``. As ``torch.Tensor.view``, which refuses where it cannot
    do without a copy.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).view(-1)
    Tensor([1., 2., 3., 4.])
    """
    return _reshaped("view", input, lengths("view", numbers, size))


def _reshaped(function: str, x: Any, wanted: tuple[int, ...]) -> Any:
    size, known = math.prod(shape_of(x)), math.prod(n for n in wanted if n != -1)
    if wanted.count(-1) > 1:
        raise ValueError(f"{function}: only one length may be -1, but the shape is {wanted}")
    shape = wanted
    if wanted.count(-1) == 1 and known:
        shape = tuple(size // known if n == -1 else n for n in wanted)
    if min(shape, default=0) < 0 or math.prod(shape) != size:
        raise ValueError(
            f"{function}: cannot make shape {wanted} of the {size} elements of {called(x, 'x')}"
        )
    return rules.reshape(x, shape=shape)


def flatten(input: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    """The axes from `start_dim` to `end_dim` made into one; a number becomes one element.

    ``out[i, j · c + k, l] = input[i, j, k, l]``: ``(a, b, c, d)`` gives ``(a, b·c, d)`` for axes
    1 to 2. As ``torch.flatten``.

    Parameters
    ----------
    input : Tensor or array, of any shape
    start_dim, end_dim : int, default 0 and -1
        The first and the last of the axes that become one.

    Raises
    ------
    ValueError
        If the first comes after the last.
    IndexError
        If there is no such axis.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(2, 3, 4).flatten(1).shape
    (2, 12)
    """
    input = operand("flatten", input)
    shape = shape_of(input) or (1,)
    start, end = positive("flatten", (start_dim, end_dim), len(shape), input)
    if start > end:
        raise ValueError(f"flatten: start_dim={start_dim} comes after end_dim={end_dim}")
    merged = math.prod(shape[start : end + 1])
    return rules.reshape(input, shape=(*shape[:start], merged, *shape[end + 1 :]))


def ravel(input: Any) -> Any:
    """All elements in a row: any shape gives ``(n,)``; as ``torch.ravel``.

    ``out[i · m + j] = input[i, j]`` for ``(n, m)``.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(2, 3).ravel().shape
    (6,)
    """
    input = operand("ravel", input)
    return rules.reshape(input, shape=(math.prod(shape_of(input)),))


@takes_axis
def squeeze(input: Any, *dims: Any, dim: int | Sequence[int] | None = None) -> Any:
    """Without the axes of length 1: all of them, or those of some that have length 1.

    ``out[i] = input[0, i, 0]``: ``(1, n, 1)`` gives ``(n,)``. As ``torch.squeeze``; an axis named
    that is longer than 1 stays, where ``np.squeeze`` raises.

    Parameters
    ----------
    input : Tensor or array, of any shape
    *dims : int, or one sequence of int
        The axes to remove, none for an empty sequence; all of length 1 if omitted.
    dim : int or sequence of int, optional
        The same by name.

    Raises
    ------
    IndexError
        If there is no such axis.
    ValueError
        If an axis is named twice.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(1, 3, 1).squeeze().shape, ones(1, 3, 1).squeeze(0).shape
    ((3,), (3, 1))
    """
    input = operand("squeeze", input)
    shape = shape_of(input)
    chosen: Sequence[int] = range(len(shape))
    if dim is not None or dims not in ((), (None,)):
        chosen = distinct("squeeze", input, lengths("squeeze", dims, dim))
    kept = tuple(n for i, n in enumerate(shape) if n != 1 or i not in chosen)
    return rules.reshape(input, shape=kept)


@takes_axis
def unsqueeze(input: Any, dim: int) -> Any:
    """With a new axis of length 1, which is axis `dim` of the result; as ``torch.unsqueeze``.

    ``out[i, 0, j] = input[i, j]``: ``(n, m)`` gives ``(n, 1, m)`` for axis 1, and the same for axis
    -2.

    Raises
    ------
    IndexError
        If the result has no such axis.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(3).unsqueeze(0).shape, ones(3).unsqueeze(-1).shape
    ((1, 3), (3, 1))
    """
    shape = shape_of(input)
    (at,) = positive("unsqueeze", (dim,), len(shape) + 1, input)
    return rules.reshape(input, shape=(*shape[:at], 1, *shape[at:]))


def transpose(input: Any, *axes: Any, dim0: int | None = None, dim1: int | None = None) -> Any:
    """The axes in another order: two of them swapped, or all of them.

    ``out[k, j, i] = input[i, j, k]``: ``(a, b, c)`` gives ``(c, b, a)`` for axes 0 and 2. As
    ``torch.transpose`` with two axes, as ``np.transpose`` otherwise.

    Parameters
    ----------
    input : Tensor or array, of any shape
    *axes : int
        Two axes to swap, as in PyTorch, or one sequence with the new order of all, as in NumPy;
        reversed if omitted.
    dim0, dim1 : int, optional
        PyTorch's names for the two axes.

    Raises
    ------
    IndexError
        If there is no such axis.
    TypeError, ValueError
        If it is neither two axes nor an order of all.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).transpose(0, 1)
    Tensor([[1., 3.],
            [2., 4.]])
    """
    axes += tuple(axis for axis in (dim0, dim1) if axis is not None)
    ndim = len(shape_of(input))
    if len(axes) == 1 and isinstance(axes[0], (tuple, list)):
        return _reordered("transpose", input, axes[0])
    if axes:
        return _swapped("transpose", input, axes)
    return rules.transpose(input, axes=tuple(reversed(range(ndim))))


def _swapped(function: str, x: Any, axes: Sequence[Any]) -> Any:
    if len(axes) != 2:
        raise TypeError(f"{function} takes two axes, or one sequence of all; was given {axes}")
    ndim = len(shape_of(x))
    order = list(range(max(ndim, 1)))  # a number has an axis to name, as in PyTorch
    first, second = positive(function, axes, len(order), x)
    order[first], order[second] = second, first
    return rules.transpose(x, axes=tuple(order[:ndim]))


def swapaxes(input: Any, axis0: int, axis1: int) -> Any:
    """Two axes exchanged: `transpose` by another name, as ``torch.swapaxes``.

    ``out[k, j, i] = input[i, j, k]`` for axes 0 and 2.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(2, 3, 4).swapaxes(0, -1).shape
    (4, 3, 2)
    """
    return _swapped("swapaxes", input, (axis0, axis1))


def t(input: Any) -> Any:
    """The transpose of a matrix; a vector and a number as they are. As ``torch.t``.

    ``out[j, i] = input[i, j]``.

    Raises
    ------
    ValueError
        If `input` has more than two axes.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(2, 3).t().shape
    (3, 2)
    """
    if len(shape_of(input)) > 2:
        raise ValueError(f"t takes at most 2 axes, not {called(input, 'x')}; use mT or transpose")
    return transpose(operand("t", input))


def permute(input: Any, *axes: Any, dims: Sequence[int] | None = None) -> Any:
    """The axes in another order: axis i of the result is axis ``dims[i]`` of `input`.

    ``out[k, i, j] = input[i, j, k]``: ``(a, b, c)`` gives ``(c, a, b)`` for ``(2, 0, 1)``. As
    ``torch.permute``.

    Parameters
    ----------
    input : Tensor or array, of any shape
    *axes : int, or one sequence of int
        The new order: each axis once.
    dims : sequence of int, optional
        The same by name.

    Raises
    ------
    IndexError
        If there is no such axis.
    ValueError
        If an axis is missing, or named twice.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(2, 3, 4).permute(2, 0, 1).shape
    (4, 2, 3)
    """
    return _reordered("permute", input, lengths("permute", axes, dims))


def _reordered(function: str, x: Any, dims: Sequence[int]) -> Any:
    ndim = len(shape_of(x))
    axes = positive(function, dims, ndim, x)
    if sorted(axes) != list(range(ndim)):
        raise ValueError(
            f"{function}: {tuple(dims)} does not name each axis of {called(x, 'x')} once"
        )
    return rules.transpose(x, axes=axes)


def movedim(input: Any, source: int | Sequence[int], destination: int | Sequence[int]) -> Any:
    """Some axes moved to other places; the others keep their order.

    ``out[j, k, i] = input[i, j, k]``: ``(a, b, c)`` gives ``(b, c, a)`` for 0 to -1. As
    ``torch.movedim``.

    Parameters
    ----------
    input : Tensor or array, of any shape
    source, destination : int or sequence of int
        Which axes, and where each of them goes.

    Raises
    ------
    IndexError
        If there is no such axis.
    ValueError
        If an axis or a place is named twice, or there are not as many of both.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(2, 3, 4).movedim(0, -1).shape
    (3, 4, 2)
    """
    moved, places = distinct("movedim", input, source), distinct("movedim", input, destination)
    if len(moved) != len(places):
        raise ValueError(
            f"movedim takes a place for each axis, but was given source={source} and "
            f"destination={destination}"
        )
    order = [axis for axis in range(len(shape_of(input))) if axis not in moved]
    for place, axis in sorted(zip(places, moved, strict=True)):
        order.insert(place, axis)
    return rules.transpose(input, axes=tuple(order))


def broadcast_to(input: Any, *numbers: Any, size: Sequence[int] | None = None) -> Any:
    """`input` repeated to a larger shape by NumPy's rules of broadcasting.

    ``out[k, i, j] = input[i, 0]``: ``(n, 1)`` gives ``(k, n, m)``. As ``torch.broadcast_to``; the
    same as `expand`.

    Parameters
    ----------
    input : Tensor or array
    *numbers : int, or one sequence of int
        The new shape; -1 leaves an axis as it is.
    size : sequence of int, optional
        The same by name.

    Raises
    ------
    ValueError
        If an axis that is to change has not length 1.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0]).broadcast_to(2, 2)
    Tensor([[1., 2.],
            [1., 2.]])
    """
    return _broadcast("broadcast_to", input, lengths("broadcast_to", numbers, size))


def expand(input: Any, *numbers: Any, size: Sequence[int] | None = None) -> Any:
    """`input` repeated along axes of length 1, and new ones in front: `broadcast_to` as a method.

    ``out[k, i, j] = input[i, 0]`` for ``(n, 1)`` and ``(k, n, m)``. As ``torch.Tensor.expand``.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(3, 1).expand(-1, 4).shape
    (3, 4)
    """
    return _broadcast("expand", input, lengths("expand", numbers, size))


def _broadcast(function: str, x: Any, wanted: tuple[int, ...]) -> Any:
    given = shape_of(x)
    new = len(wanted) - len(given)
    shape = tuple(given[i - new] if n == -1 and i >= new else n for i, n in enumerate(wanted))
    fits = new >= 0 and all(n in (1, m) for n, m in zip(given, shape[new:], strict=True))
    if not fits or min(shape, default=0) < 0:
        raise ValueError(
            f"{function}: {called(x, 'x')} cannot be repeated to {wanted}; only axes of length 1 "
            "can, and new ones in front"
        )
    return rules.broadcast_to(x, shape=shape)
