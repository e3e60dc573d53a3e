"""Functions that pick elements of an array, by place or by a mask."""

from __future__ import annotations

from collections.abc import Iterator
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import rules
from autograd.complaints import called, require_broadcasting, shape_of
from autograd.functions.arguments import integers, positive, takes_axis, without
from autograd.node import plain


def item(x: Any, key: Any) -> Any:
    """``x[key]``, with PyTorch's meaning.

    Parameters
    ----------
    x : Tensor or array
    key : int, slice, ..., None, array or list of integers or booleans, or a tuple of these
        Integers and slices pick first, arrays from what is left; an integer beside an array is
        not an array for broadcasting, as it would be in NumPy. An index that repeats gets the sum
        of its gradients.

    Raises
    ------
    IndexError
        If there is no such place, or the key is none.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    >>> x[0, [2, 2]], x[..., None, 0], x[x > 4]
    (Tensor([3., 3.]), Tensor([[1.],
            [4.]]), Tensor([5., 6.]))
    """
    parts = tuple(map(_part, key if isinstance(key, tuple) else (key,)))
    arrays = [part for part in parts if isinstance(part, np.ndarray)]
    try:
        if not arrays or len(arrays) == len(parts):
            return rules.index(x, key=parts)
        return rules.index(rules.index(x, key=tuple(_simple(parts))), key=tuple(_left(parts)))
    except IndexError:
        _explain(x, parts)
        raise


def _explain(x: Any, parts: tuple[Any, ...]) -> None:
    """Raise the error of an impossible key, saying what was indexed."""
    try:
        plain(x)[parts]
    except IndexError as error:
        raise IndexError(f"indexing {called(x, 'x')}: {error}") from None


def _part(part: Any) -> Any:
    """One part of a key: an array of its own, an integer, or what is neither as it is."""
    part = plain(part)
    if isinstance(part, list):
        part = np.array(part) if part else np.array(part, np.intp)
    if isinstance(part, np.ndarray) and part.ndim == 0 and part.dtype.kind in "iu":
        return int(part)
    return np.array(part) if isinstance(part, (np.ndarray, bool, np.bool_)) else part


def _simple(parts: tuple[Any, ...]) -> Iterator[Any]:
    """The key without its arrays: their axes stay."""
    for part in parts:
        if not isinstance(part, np.ndarray):
            yield part
        else:
            yield from [slice(None)] * (part.ndim if part.dtype == bool else 1)


def _left(parts: tuple[Any, ...]) -> Iterator[Any]:
    """The key of arrays, once all else has picked."""
    for part in parts:
        if isinstance(part, np.ndarray) or part is Ellipsis:
            yield part
        elif not isinstance(part, Integral):
            yield slice(None)


def _along(axis: int, part: Any) -> tuple[Any, ...]:
    return (*[slice(None)] * axis, part)


@takes_axis
def narrow(x: Any, dim: int, start: int, length: int) -> Any:
    """So many slices along an axis, from `start` on.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0, 3.0]).narrow(0, 1, 2)
    Tensor([2., 3.])
    """
    (axis,) = positive("narrow", (dim,), len(shape_of(x)))
    begin, count = integers("narrow", "place", (plain(start), length))
    n = shape_of(x)[axis]
    first = begin + n if begin < 0 else begin
    if count < 0 or first < 0 or first + count > n:
        raise IndexError(
            f"narrow: axis {axis} of {called(x, 'x')} has no {count} places from {begin} on"
        )
    return rules.index(x, key=_along(axis, slice(first, first + count)))


@takes_axis
def select(x: Any, dim: int, index: int) -> Any:
    """One slice along an axis, without that axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).select(1, 0)
    Tensor([1., 3.])
    """
    (axis,) = positive("select", (dim,), len(shape_of(x)))
    (place,) = integers("select", "index", (plain(index),))
    if not -shape_of(x)[axis] <= place < shape_of(x)[axis]:
        raise IndexError(f"select: axis {axis} of {called(x, 'x')} has no place {place}")
    return rules.index(x, key=_along(axis, place))


@takes_axis
def index_select(x: Any, dim: int, index: Any) -> Any:
    """The slices along an axis that a list of indices names, in its order; they may repeat.

    Parameters
    ----------
    x : Tensor or array
    dim : int
    index : integers of shape (k,), or one

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).index_select(1, [1, 1])
    Tensor([[2., 2.],
            [4., 4.]])
    """
    (axis,) = positive("index_select", (dim,), len(shape_of(x)))
    places = _places("index_select", x, axis, index)
    if places.ndim > 1:
        raise ValueError(f"index_select takes indices in a row, but their shape is {places.shape}")
    return rules.index(x, key=_along(axis, places.reshape(-1)))


def _places(function: str, x: Any, axis: int, index: Any) -> NDArray[Any]:
    """Integers that are places along an axis; an error that names the first that is none."""
    places = np.array(plain(index))
    if not places.size:
        places = places.astype(np.intp)
    if places.dtype.kind not in "iu":
        raise TypeError(f"{function} takes integers for an index, but was given {places.dtype}")
    length = shape_of(x)[axis]
    wrong = places[(places < 0) | (places >= length)]
    if wrong.size:
        raise IndexError(
            f"{function}: index {wrong[0]} is out of range for axis {axis} of {called(x, 'x')}"
        )
    return places


def _elements(function: str, x: Any, dim: int, index: Any) -> tuple[Any, ...]:
    """The key of one element for each entry of `index`, which says where along one axis it is."""
    shape = shape_of(x)
    (axis,) = positive(function, (dim,), len(shape))
    places = _places(function, x, axis, index)
    if places.ndim != len(shape) or any(
        m > n for i, (m, n) in enumerate(zip(places.shape, shape, strict=True)) if i != axis
    ):
        raise ValueError(
            f"{function}: index {places.shape} does not fit {called(x, 'x')}: it needs as many "
            f"axes, none longer but axis {axis}"
        )
    grid = np.ix_(*map(range, places.shape))
    return tuple(places if i == axis else along for i, along in enumerate(grid))


@takes_axis
def gather(x: Any, dim: int, index: Any) -> Any:
    """Elements picked along an axis: ``out[i, j] = x[i, index[i, j]]`` for ``dim=1``.

    Parameters
    ----------
    x : Tensor or array, of any shape
    dim : int
        The axis along which `index` picks.
    index : integers, with as many axes as `x`
        No longer than `x` along any other axis. Its shape is that of the result.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).gather(1, [[0], [1]])
    Tensor([[1.],
            [4.]])
    """
    return rules.index(x, key=_elements("gather", x, dim, index))


@takes_axis
def scatter_add(x: Any, dim: int, index: Any, src: Any) -> Any:
    """`x` with numbers added: ``out[i, index[i, j]] += src[i, j]`` for ``dim=1``.

    Parameters
    ----------
    x : Tensor or array, of any shape
    dim : int
        The axis along which `index` says where to add.
    index : integers, with as many axes as `x`
        They may repeat.
    src : Tensor or array, with as many axes
        At least as long as `index` along each; what is beyond is not used.

    Examples
    --------
    >>> from autograd import Tensor, zeros
    >>> zeros(3).scatter_add(0, [0, 2, 2], Tensor([1.0, 2.0, 3.0]))
    Tensor([1., 0., 5.])
    """
    key = _elements("scatter_add", x, dim, index)
    used = np.broadcast_shapes(*map(np.shape, key))
    given = shape_of(src)
    if len(given) != len(used) or any(m > n for m, n in zip(used, given, strict=True)):
        raise ValueError(f"scatter_add: index {used} is larger than {called(src, 'src')}")
    added = rules.index(src, key=tuple(map(slice, used)))
    return rules.add(x, rules.scatter(added, key=key, shape=shape_of(x)))


@takes_axis
def take_along_dim(x: Any, indices: Any, dim: int | None = None) -> Any:
    """Elements picked along an axis, as an argsort or argmax names them; other axes broadcast.

    Parameters
    ----------
    x : Tensor or array, of any shape
    indices : integers, with as many axes as `x`
    dim : int, optional
        The axis along which they pick; if omitted, from all elements in a row.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [4.0, 3.0]]).take_along_dim([[1, 0]], dim=1)
    Tensor([[2., 1.],
            [3., 4.]])
    """
    places = np.asarray(plain(indices))
    if dim is None:
        row = rules.reshape(x, shape=(int(np.prod(shape_of(x))),))
        return gather(row, 0, places.reshape(-1))
    shape = shape_of(x)
    (axis,) = positive("take_along_dim", (dim,), len(shape))
    if places.ndim != len(shape):
        raise ValueError(
            f"take_along_dim: indices {places.shape} and {called(x, 'x')} differ in their number "
            "of axes"
        )
    others = without(axis, shape), without(axis, places.shape)
    try:
        common = np.broadcast_shapes(*others)
    except ValueError:
        raise ValueError(
            f"take_along_dim: indices {places.shape} do not broadcast with {called(x, 'x')}"
        ) from None
    wide = rules.broadcast_to(x, shape=(*common[:axis], shape[axis], *common[axis:]))
    spread = (*common[:axis], places.shape[axis], *common[axis:])
    return gather(wide, axis, np.broadcast_to(places, spread))


def _mask(function: str, mask: Any) -> NDArray[np.bool_]:
    array = np.array(plain(mask))
    if array.dtype != bool:
        raise TypeError(f"{function} takes a mask of booleans, but was given {array.dtype}")
    return array


def masked_fill(x: Any, mask: Any, value: Any) -> Any:
    """`value` where the mask holds, `x` elsewhere.

    Parameters
    ----------
    x : Tensor or array
    mask : booleans, of a shape that broadcasts with that of `x`
    value : number, or Tensor with one element

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([1.0, -2.0])
    >>> x.masked_fill(x < 0, 0.0)
    Tensor([1., 0.])
    """
    if shape_of(value):
        raise ValueError(f"masked_fill takes one number, but was given {called(value, 'value')}")
    chosen = _mask("masked_fill", mask)
    require_broadcasting("masked_fill", mask=chosen, x=x)
    return rules.where(chosen, value, x)


def masked_select(x: Any, mask: Any) -> Any:
    """The elements where a mask holds, in a row.

    Parameters
    ----------
    x : Tensor or array
    mask : booleans, of a shape that broadcasts with that of `x`

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([1.0, -2.0, 3.0])
    >>> x.masked_select(x > 0)
    Tensor([1., 3.])
    """
    chosen = _mask("masked_select", mask)
    require_broadcasting("masked_select", mask=chosen, x=x)
    shape = np.broadcast_shapes(shape_of(x), chosen.shape)
    return rules.index(
        rules.broadcast_to(x, shape=shape), key=(np.broadcast_to(chosen, shape).copy(),)
    )
