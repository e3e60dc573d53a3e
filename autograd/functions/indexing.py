"""Functions that pick elements of an array, by place or by a mask."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import rules
from autograd.complaints import called, require_broadcasting, shape_of
from autograd.functions.arguments import integers, operand, positive, takes_axis, without
from autograd.functions.shape import ravel
from autograd.node import Node, index_array, plain
from autograd.rules.arrays import at_axis
from autograd.tracing import Varying


@takes_axis
def narrow(input: Any, dim: int, start: int, length: int) -> Any:
    """So many slices along an axis, from `start` on: ``input[start : start + length]`` for axis 0.

    ``(n, m)`` gives ``(length, m)``. As ``torch.narrow``: a `start` below 0 counts from the end.

    Raises
    ------
    IndexError
        If the axis has not so many places, or there is no such axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([1.0, 2.0, 3.0]).narrow(0, 1, 2)
    Tensor([2., 3.])
    """
    (axis,) = positive("narrow", (dim,), len(shape_of(input)), input)
    begin, count = integers("narrow", "place", (start, length))
    n = shape_of(input)[axis]
    first = begin + n if begin < 0 else begin
    if count < 0 or first < 0 or first + count > n:
        raise IndexError(
            f"narrow: axis {axis} of {called(input, 'x')} has no {count} places from {begin} on"
        )
    return rules.index(input, key=at_axis(axis, slice(first, first + count)))


@takes_axis
def select(input: Any, dim: int, index: int) -> Any:
    """One slice along an axis, without that axis: ``input[:, index]`` for axis 1.

    ``out[i] = input[i, index]``: ``(n, m)`` gives ``(n,)``. As ``torch.select``.

    Raises
    ------
    IndexError
        If there is no such place, or no such axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).select(1, 0)
    Tensor([1., 3.])
    """
    (axis,) = positive("select", (dim,), len(shape_of(input)), input)
    (place,) = integers("select", "index", (index,))
    if not -shape_of(input)[axis] <= place < shape_of(input)[axis]:
        raise IndexError(f"select: axis {axis} of {called(input, 'x')} has no place {place}")
    return rules.index(input, key=at_axis(axis, place))


@takes_axis
def index_select(input: Any, dim: int, index: Any) -> Any:
    """The slices along an axis that a list of indices names.

    ``out[i] = input[index[i]]`` for axis 0: ``(n, m)`` gives ``(k, m)``. As
    ``torch.index_select``, and ``np.take`` where none is negative.

    Parameters
    ----------
    input : Tensor or array, of any shape; a number is a row of one, of which the result is that one
    dim : int
        The axis along which `index` picks.
    index : integers of shape (k,), or one
        They may repeat.

    Raises
    ------
    IndexError
        If there is no such place, or no such axis.
    TypeError, ValueError
        If `index` are not integers, or not in a row.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).index_select(1, [1, 1])
    Tensor([[2., 2.],
            [4., 4.]])
    """
    axis, places = _places("index_select", input, dim, index)
    if places.ndim > 1:
        raise ValueError(f"index_select takes indices in a row, but their shape is {places.shape}")
    if shape_of(input):
        chosen = at_axis(axis, places if places.ndim else places.reshape(1))
        return rules.index(recorded(input, places), key=chosen)
    if places.size != 1:
        raise ValueError(
            f"index_select takes one index for {called(input, 'x')}, not {places.size}"
        )
    return rules.alias(input)


def embedding(input: Any, weight: Any) -> Any:
    """The rows of a matrix that indices of any shape name: ``out[i, j] = weight[input[i, j]]``.

    Rows ``(n, m)`` and indices ``(k, l)`` give ``(k, l, m)``. The gradient of a row is the sum over
    the places that name it. As ``torch.nn.functional.embedding``.

    Parameters
    ----------
    input : integers, of any shape
        From 0 to ``n - 1``; in a compiled function they may be arguments.
    weight : Tensor or array of shape (n, m)

    Raises
    ------
    IndexError
        If there is no such row.
    TypeError
        If `input` are not integers.

    Source: PyTorch, torch.nn.functional.embedding.

    Examples
    --------
    >>> from autograd import Tensor
    >>> embedding([[0, 1], [1, 1]], Tensor([[1.0, 2.0], [3.0, 4.0]])).shape
    (2, 2, 2)
    """
    weight = operand("embedding", weight)
    if len(shape_of(weight)) != 2:
        raise ValueError(
            f"embedding takes a matrix of rows, but was given {called(weight, 'weight')}"
        )
    _, places = _places("embedding", weight, 0, input)
    return rules.index(recorded(weight, places), key=(places,))


def _places(
    function: str, x: Any, dim: int, index: Any, lowest: int = 0
) -> tuple[int, NDArray[Any]]:
    """An axis, and places along it, `lowest` or above; an error that names the first that is none.

    A number counts as a row of one, as in PyTorch.
    """
    shape = shape_of(x) or (1,)
    (axis,) = positive(function, (dim,), len(shape), x)
    places = index_array(index)
    if not places.size:
        places = places.astype(np.intp)
    if places.dtype.kind not in "iu":
        raise TypeError(f"{function} takes integers for an index, but was given {places.dtype}")
    known = places.view(np.ndarray)  # which in a trace are those of one call
    wrong = known[(known < lowest) | (known >= shape[axis])]
    if wrong.size:
        raise IndexError(
            f"{function}: index {wrong[0]} is out of range for axis {axis} of {called(x, 'x')}"
        )
    if isinstance(places, Varying) and lowest == 0:
        places.source.natural = True
    return axis, places


def recorded(x: Any, places: NDArray[Any]) -> Any:
    """`x`; a node of it where it is a constant, and a trace is to see that each call picks anew."""
    if isinstance(places, Varying) and not isinstance(x, Node):
        return type(places.source)(x)
    return x


def _elements(function: str, x: Any, dim: int, index: Any) -> tuple[Any, tuple[Any, ...]]:
    """`x`, or its elements in a row, and the key of one element for each entry of `index`."""
    axis, places = _places(function, x, dim, index)
    x, shape = recorded(x, places), shape_of(x)
    if not places.size or (len(shape) < 2 and places.ndim < 2):  # a row, or nothing, from anywhere
        return (x if len(shape) == 1 else ravel(x)), (places,)
    if places.ndim != len(shape) or any(
        m > n for i, (m, n) in enumerate(zip(places.shape, shape, strict=True)) if i != axis
    ):
        raise ValueError(
            f"{function}: index {places.shape} does not fit {called(x, 'x')}: it needs as many "
            f"axes, none longer but axis {axis}"
        )
    grid = np.ix_(*map(range, places.shape))
    return x, tuple(places if i == axis else along for i, along in enumerate(grid))


@takes_axis
def gather(input: Any, dim: int, index: Any) -> Any:
    """Elements picked along an axis: ``out[i, j] = input[i, index[i, j]]`` for axis 1.

    As ``torch.gather``; `take_along_dim` and ``np.take_along_axis`` broadcast, this does not.

    Parameters
    ----------
    input : Tensor or array, of any shape; a number counts as a row of one
    dim : int
        The axis along which `index` picks.
    index : integers, with as many axes as `input`
        No longer than `input` along any other axis. Its shape is that of the result.

    Raises
    ------
    IndexError
        If there is no such place, or no such axis.
    TypeError, ValueError
        If `index` are not integers, or their shape does not fit.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [3.0, 4.0]]).gather(1, [[0], [1]])
    Tensor([[1.],
            [4.]])
    """
    input, key = _elements("gather", input, dim, index)
    return rules.index(input, key=key)


@takes_axis
def scatter_add(input: Any, dim: int, index: Any, src: Any) -> Any:
    """`input` with numbers added: ``out[i, index[i, j]] += src[i, j]`` for axis 1.

    The adjoint of `gather`; the result has the shape of `input`. As ``torch.scatter_add``.

    Parameters
    ----------
    input : Tensor or array, of any shape; a number counts as a row of one
    dim : int
        The axis along which `index` says where to add.
    index : integers, with as many axes as `input`
        No longer than `input` along any other axis. They may repeat.
    src : Tensor or array, with as many axes
        At least as long as `index` along each; what is beyond is not used.

    Raises
    ------
    IndexError
        If there is no such place, or no such axis.
    TypeError, ValueError
        If `index` are not integers, or the shapes do not fit.

    Examples
    --------
    >>> from autograd import Tensor, zeros
    >>> zeros(3).scatter_add(0, [0, 2, 2], Tensor([1.0, 2.0, 3.0]))
    Tensor([1., 0., 5.])
    """
    row, key = _elements("scatter_add", input, dim, index)
    key = tuple(map(np.atleast_1d, key))
    used = np.broadcast_shapes(*map(np.shape, key))
    if 0 in used:
        return rules.alias(input)
    src = src if shape_of(src) else ravel(src)
    given = shape_of(src)
    if len(given) != len(used) or any(m > n for m, n in zip(used, given, strict=True)):
        raise ValueError(f"scatter_add: index {used} is larger than {called(src, 'src')}")
    added = rules.index(src, key=tuple(map(slice, used)))
    total = rules.add(row, rules.scatter(added, key=key, shape=shape_of(row)))
    return total if shape_of(input) else rules.reshape(total, shape=())


@takes_axis
def take_along_dim(input: Any, indices: Any, dim: int | None = None) -> Any:
    """Elements picked along an axis, as an argsort or argmax names them; other axes broadcast.

    ``out[i, j] = input[i, indices[i, j]]`` for axis 1. As ``torch.take_along_dim`` and
    ``np.take_along_axis``.

    Parameters
    ----------
    input : Tensor or array, of any shape
    indices : integers, with as many axes as `input`
        Below 0 they count from the end.
    dim : int, optional
        The axis along which they pick; if omitted, from all elements in a row.

    Raises
    ------
    IndexError
        If there is no such place, or no such axis.
    TypeError, ValueError
        If `indices` are not integers, or do not broadcast with `input`.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 2.0], [4.0, 3.0]]).take_along_dim([[1, 0]], dim=1)
    Tensor([[2., 1.],
            [3., 4.]])
    """
    input, places = operand("take_along_dim", input), np.asarray(plain(indices))
    if dim is None:
        input, dim, places = ravel(input), 0, places.reshape(-1)
    shape = shape_of(input)
    (axis,) = positive("take_along_dim", (dim,), len(shape), input)
    n = shape[axis]
    places = _places("take_along_dim", input, axis, places, lowest=-n)[1] % max(n, 1)
    if places.ndim != len(shape):
        raise ValueError(
            f"take_along_dim: indices {places.shape} and {called(input, 'x')} differ in their "
            "number of axes"
        )
    others = without(axis, shape), without(axis, places.shape)
    try:
        common = np.broadcast_shapes(*others)
    except ValueError:
        raise ValueError(
            f"take_along_dim: indices {places.shape} do not broadcast with {called(input, 'x')}"
        ) from None
    wide = rules.broadcast_to(input, shape=(*common[:axis], n, *common[axis:]))
    spread = (*common[:axis], places.shape[axis], *common[axis:])
    return gather(wide, axis, np.broadcast_to(places, spread))


def _mask(function: str, x: Any, mask: Any) -> NDArray[np.bool_]:
    """A mask of its own; an error if it is not of booleans, or does not broadcast with `x`."""
    array = np.array(plain(mask))
    if array.dtype != bool:
        raise TypeError(f"{function} takes a mask of booleans, but was given {array.dtype}")
    require_broadcasting(function, mask=array, x=x)
    return array


def masked_fill(input: Any, mask: Any, value: Any) -> Any:
    """`value` where the mask holds, `input` elsewhere: `where` in another order.

    ``out[i] = value if mask[i] else input[i]``. ``(n, m)`` gives ``(n, m)``. As
    ``torch.masked_fill``.

    Parameters
    ----------
    input : Tensor or array, of any shape
    mask : booleans, of a shape that broadcasts with that of `input`
    value : number, or Tensor without axes

    Raises
    ------
    TypeError, ValueError
        If the mask is not of booleans or does not broadcast, or `value` is not one number.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([1.0, -2.0])
    >>> x.masked_fill(x < 0, 0.0)
    Tensor([1., 0.])
    """
    if shape_of(value):
        raise ValueError(f"masked_fill takes one number, but was given {called(value, 'value')}")
    return rules.where(_mask("masked_fill", input, mask), value, input)


def masked_select(input: Any, mask: Any) -> Any:
    """The elements where a mask holds, in a row: ``(n, m)`` gives ``(k,)``.

    ``out[k] = input[i]`` for the k-th i where ``mask[i]``. As ``torch.masked_select``.

    Parameters
    ----------
    input : Tensor or array, of any shape
    mask : booleans, of a shape that broadcasts with that of `input`

    Raises
    ------
    TypeError, ValueError
        If the mask is not of booleans or does not broadcast.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([1.0, -2.0, 3.0])
    >>> x.masked_select(x > 0)
    Tensor([1., 3.])
    """
    chosen = _mask("masked_select", input, mask)
    shape = np.broadcast_shapes(shape_of(input), chosen.shape)
    wide = rules.broadcast_to(input, shape=shape)
    return rules.index(wide, key=(np.broadcast_to(chosen, shape).copy(),))
