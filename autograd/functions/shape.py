"""Functions that give the same elements another shape or order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd import rules
from autograd.complaints import called, shape_of
from autograd.functions.arguments import Axes, axes_of, lengths, positive, takes_axis


def reshape(x: Any, *shape: Any) -> Any:
    """The same elements, in the same order, in another shape.

    Parameters
    ----------
    x : Tensor or array
    *shape : int, or one sequence of int
        The new shape; one length may be -1 and is then worked out.

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
    return _reshaped("reshape", x, lengths("reshape", shape))


def view(x: Any, *shape: Any) -> Any:
    """The same as `reshape`: no Tensor is changed in place, so whether it is a copy is no matter.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).view(-1)
    Tensor([1., 2., 3., 4.])
    """
    return _reshaped("view", x, lengths("view", shape))


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


def flatten(x: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    """The axes from `start_dim` to `end_dim` made into one; a number becomes one element.

    Parameters
    ----------
    x : Tensor or array, of any shape
    start_dim, end_dim : int
        The first and the last of the axes that become one.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(2, 3, 4).flatten(1).shape
    (2, 12)
    """
    shape = shape_of(x) or (1,)
    start, end = positive("flatten", (start_dim, end_dim), len(shape))
    if start > end:
        raise ValueError(f"flatten: start_dim={start_dim} comes after end_dim={end_dim}")
    merged = math.prod(shape[start : end + 1])
    return rules.reshape(x, shape=(*shape[:start], merged, *shape[end + 1 :]))


def ravel(x: Any) -> Any:
    """All elements in a row.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(2, 3).ravel().shape
    (6,)
    """
    return rules.reshape(x, shape=(math.prod(shape_of(x)),))


@takes_axis
def squeeze(x: Any, dim: Axes = None) -> Any:
    """Without the axes of length 1: all of them, or those of some that have length 1.

    Parameters
    ----------
    x : Tensor or array, of any shape
    dim : int or sequence of int, optional
        The axes to remove; one that is longer than 1 stays, as in PyTorch.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(1, 3, 1).squeeze().shape, ones(1, 3, 1).squeeze(0).shape
    ((3,), (3, 1))
    """
    shape = shape_of(x)
    chosen = axes_of("squeeze", x, dim)
    kept = tuple(n for i, n in enumerate(shape) if n != 1 or i not in chosen)
    return rules.reshape(x, shape=kept)


@takes_axis
def unsqueeze(x: Any, dim: int) -> Any:
    """With a new axis of length 1, which is axis `dim` of the result.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(3).unsqueeze(0).shape, ones(3).unsqueeze(-1).shape
    ((1, 3), (3, 1))
    """
    shape = shape_of(x)
    (at,) = positive("unsqueeze", (dim,), len(shape) + 1)
    return rules.reshape(x, shape=(*shape[:at], 1, *shape[at:]))


def transpose(x: Any, *axes: Any, dim0: int | None = None, dim1: int | None = None) -> Any:
    """The axes in another order.

    Parameters
    ----------
    x : Tensor or array
    *axes : int
        Two axes to swap, as in PyTorch, or one sequence with the new order of all, as in NumPy;
        reversed if omitted.
    dim0, dim1 : int, optional
        PyTorch's names for the two axes.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).transpose(0, 1)
    Tensor([[1., 3.],
            [2., 4.]])
    """
    axes += tuple(axis for axis in (dim0, dim1) if axis is not None)
    ndim = len(shape_of(x))
    order = list(range(max(ndim, 1)))  # a number has an axis to name, as in PyTorch
    if not axes:
        order.reverse()
    elif len(axes) == 2:
        first, second = positive("transpose", axes, len(order))
        order[first], order[second] = second, first
    elif len(axes) == 1 and isinstance(axes[0], (tuple, list)):
        return _reordered("transpose", x, axes[0])
    else:
        raise TypeError(f"transpose takes two axes, or one sequence of all; was given {axes}")
    return rules.transpose(x, axes=tuple(order[:ndim]))


def swapaxes(x: Any, axis0: int, axis1: int) -> Any:
    """Two axes exchanged.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(2, 3, 4).swapaxes(0, -1).shape
    (4, 3, 2)
    """
    return transpose(x, axis0, axis1)


def t(x: Any) -> Any:
    """The transpose of a matrix; a vector and a number as they are.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(2, 3).t().shape
    (3, 2)
    """
    if len(shape_of(x)) > 2:
        raise ValueError(f"t takes at most 2 axes, not {called(x, 'x')}; use mT or transpose")
    return transpose(x)


def permute(x: Any, *dims: Any) -> Any:
    """The axes in another order: axis i of the result is axis ``dims[i]`` of `x`.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(2, 3, 4).permute(2, 0, 1).shape
    (4, 2, 3)
    """
    return _reordered("permute", x, lengths("permute", dims))


def _reordered(function: str, x: Any, dims: Sequence[int]) -> Any:
    ndim = len(shape_of(x))
    axes = positive(function, dims, ndim)
    if sorted(axes) != list(range(ndim)):
        raise ValueError(
            f"{function}: {tuple(dims)} does not name each axis of {called(x, 'x')} once"
        )
    return rules.transpose(x, axes=axes)


def movedim(x: Any, source: int | Sequence[int], destination: int | Sequence[int]) -> Any:
    """Some axes moved to other places; the others keep their order.

    Parameters
    ----------
    x : Tensor or array
    source, destination : int or sequence of int
        Which axes, and where each of them goes.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(2, 3, 4).movedim(0, -1).shape
    (3, 4, 2)
    """
    ndim = len(shape_of(x))
    moved, places = axes_of("movedim", x, source), axes_of("movedim", x, destination)
    if len(moved) != len(places) or len(set(moved)) < len(moved) or len(set(places)) < len(places):
        raise ValueError(
            f"movedim takes each axis once and a place for each, but was given source={source} and "
            f"destination={destination}"
        )
    order = [axis for axis in range(ndim) if axis not in moved]
    for place, axis in sorted(zip(places, moved, strict=True)):
        order.insert(place, axis)
    return rules.transpose(x, axes=tuple(order))


def broadcast_to(x: Any, *shape: Any) -> Any:
    """`x` repeated to a larger shape by NumPy's rules of broadcasting.

    Parameters
    ----------
    x : Tensor or array
    *shape : int, or one sequence of int
        The new shape; -1 leaves an axis as it is.

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
    return _broadcast("broadcast_to", x, lengths("broadcast_to", shape))


def expand(x: Any, *sizes: Any) -> Any:
    """`x` repeated along axes of length 1, and new ones in front; -1 leaves an axis as it is.

    Examples
    --------
    >>> from autograd import ones
    >>> ones(3, 1).expand(-1, 4).shape
    (3, 4)
    """
    return _broadcast("expand", x, lengths("expand", sizes))


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
