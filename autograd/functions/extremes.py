"""The largest, the smallest and the middle element, and where elements stand."""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autograd import rules
from autograd.complaints import called, shape_of
from autograd.functions.arguments import Axes, along, applied
from autograd.node import index_array, plain
from autograd.rules.arrays import at_axis


class Picked(NamedTuple):
    """One element of each row along an axis, and its place in that row.

    Attributes
    ----------
    values : Tensor or array
    indices : Tensor or array of int64
    """

    values: Any
    indices: Any


def max(
    input: Any,
    dim: Any = None,
    keepdim: bool = False,
    *,
    other: Any = None,
    axis: int | None = None,
    keepdims: bool = False,
) -> Any:
    """The largest element of all; along an axis, also where it stands; or the larger of two.

    ``out[j] = maxᵢ input[i, j]`` for axis 0. As ``torch.max``.

    Parameters
    ----------
    input : Tensor, array, Value or number; or a list of Values
    dim, axis : int, optional
        The axis; all if omitted. What stands here is `other` if it is a Tensor, a Value or an
        array, or if `input` is one number: ``max(3, 2)``.
    keepdim, keepdims : bool, default False
        Whether that axis stays, with length 1.
    other : Tensor, Value, array or number, optional
        What to compare with, element by element: the same as `maximum`.

    Returns
    -------
    Tensor or Value, or ``(values, indices)``
        The second with an axis, each of the shape of `input` without it: the first of several that
        are equally large, which alone gets the gradient. Without an axis the shape is ``()``, and
        they share it. NaN is larger than all.

        Of a list of Values it is the largest of them, as `maximum` finds it one after another.

    Raises
    ------
    ValueError
        If there are no elements, or the shapes of two do not broadcast.
    IndexError
        If there is no such axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([[1.0, 5.0], [7.0, 2.0]])
    >>> x.max()
    Tensor(7.)
    >>> x.max(dim=1)
    Picked(values=Tensor([5., 7.]), indices=Tensor([1, 0]))
    >>> x.max(Tensor(3.0))
    Tensor([[3., 5.],
            [7., 3.]])
    """
    if is_list_of_values(input):
        return functools.reduce(rules.maximum, input)
    other = other if other is not None else _other(input, dim)
    if other is not None:
        return applied("max", rules.maximum, x=input, other=other)
    keep = keepdim or keepdims
    if dim is None and axis is None:
        return _of_all("max", rules.amax, input, keep)
    return _picked("max", rules.argmax, input, dim, axis, keep)


def min(
    input: Any,
    dim: Any = None,
    keepdim: bool = False,
    *,
    other: Any = None,
    axis: int | None = None,
    keepdims: bool = False,
) -> Any:
    """The smallest element of all; along an axis, also where it stands; or the smaller of two.

    ``out[j] = minᵢ input[i, j]`` for axis 0. The arguments are those of `max`; NaN is smaller than
    all. As ``torch.min``.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 5.0], [7.0, 2.0]]).min(dim=1)
    Picked(values=Tensor([1., 2.]), indices=Tensor([0, 1]))
    """
    if is_list_of_values(input):
        return functools.reduce(rules.minimum, input)
    other = other if other is not None else _other(input, dim)
    if other is not None:
        return applied("min", rules.minimum, x=input, other=other)
    keep = keepdim or keepdims
    if dim is None and axis is None:
        return _of_all("min", rules.amin, input, keep)
    return _picked("min", rules.argmin, input, dim, axis, keep)


def median(
    input: Any,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    axis: int | None = None,
    keepdims: bool = False,
) -> Any:
    """The middle element of all; along an axis, also where it stands.

    ``out = sorted(input)[(n - 1) // 2]``. Of two middle ones it is the lower; NumPy's median is the
    mean of both. It is NaN if any element is, and if there are none. The arguments and the gradient
    are those of `max`. As ``torch.median``.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([4.0, 1.0, 3.0, 2.0])
    >>> x.median(), x.median(0).indices
    (Tensor(2.), Tensor(3))
    """
    keep = keepdim or keepdims
    if dim is None and axis is None:
        input, axes = along("median", input, None)
        return rules.median(input, axis=axes, keepdims=keep)
    return _picked("median", rules.argmedian, input, dim, axis, keep)


def is_list_of_values(x: Any) -> bool:
    """Whether it is a list of numbers one of which, at least, is a Value."""
    return isinstance(x, (list, tuple)) and builtins.any(hasattr(entry, "_made") for entry in x)


def _other(x: Any, dim: Any) -> Any:
    """What stands in the place of `dim` but is an operand; None if it is an axis."""
    is_operand = hasattr(dim, "operands") or isinstance(dim, np.ndarray)
    return dim if is_operand or isinstance(plain(x), (float, int, np.generic)) else None


def _of_all(function: str, pick: Callable[..., Any], x: Any, keep: bool) -> Any:
    if isinstance(plain(x), float):  # a Value, or a number: it is the largest of itself
        return rules.alias(x)
    return _extreme(function, pick, x, None, None, keep)


def _picked(
    function: str, place: Callable[..., Any], x: Any, dim: Any, axis: Any, keep: bool
) -> Picked:
    """The element of each row along an axis at the place that another function finds."""
    x, axes = along(function, x, dim, axis)
    _require_elements(function, x, axes)
    if not axes:  # a number
        return Picked(rules.alias(x), rules.argmax(x, axis=None, keepdims=False))
    if len(axes) > 1:
        raise TypeError(f"{function} takes one axis, but was given {len(axes)}; see amax and amin")
    (at,) = axes
    indices = place(x, axis=at, keepdims=True)
    key = list(np.indices(indices.shape, sparse=True))  # the place itself, along each axis
    first = at_axis(at, 0)
    if keep or len(key) == 1:
        key[at] = index_array(indices)
        picked = Picked(rules.index(x, key=tuple(key)), indices)
        return picked if keep else Picked(*(rules.index(each, key=first) for each in picked))
    key, indices = [np.squeeze(part, at) for part in key], rules.index(indices, key=first)
    key[at] = index_array(indices)
    return Picked(rules.index(x, key=tuple(key)), indices)


def _require_elements(function: str, x: Any, axes: tuple[int, ...]) -> None:
    shape = shape_of(x)
    for axis in axes:
        if not shape[axis]:
            raise ValueError(f"{function}: {called(x, 'x')} has no element along axis {axis}")


def _extreme(
    function: str, extreme: Callable[..., Any], x: Any, dim: Any, axis: Any, keep: bool
) -> Any:
    x, axes = along(function, x, dim, axis)
    _require_elements(function, x, axes)
    return extreme(x, axis=axes, keepdims=keep)


def amax(
    input: Any,
    dim: Axes = None,
    keepdim: bool = False,
    *,
    axis: Axes = None,
    keepdims: bool = False,
) -> Any:
    """The largest element of all, or along some axes; NaN if any is. As ``torch.amax``.

    ``out[j] = maxᵢ input[i, j]`` for axis 0. Elements that are equally large share the gradient,
    and so do NaNs.

    Parameters
    ----------
    input : Tensor or array, of any shape
    dim, axis : int or sequence of int, optional
        The axes (PyTorch's and NumPy's word for it); all if omitted.
    keepdim, keepdims : bool, default False
        Whether those axes stay, with length 1.

    Returns
    -------
    Tensor or array
        Of the shape of `input` without those axes.

    Raises
    ------
    ValueError
        If there are no elements along those axes.
    IndexError
        If there is no such axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 5.0], [7.0, 2.0]]).amax(dim=1)
    Tensor([5., 7.])
    """
    return _extreme("amax", rules.amax, input, dim, axis, keepdim or keepdims)


def amin(
    input: Any,
    dim: Axes = None,
    keepdim: bool = False,
    *,
    axis: Axes = None,
    keepdims: bool = False,
) -> Any:
    """The smallest element of all, or along some axes; like `amax` in everything else.

    ``out[j] = minᵢ input[i, j]`` for axis 0. As ``torch.amin``.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 5.0], [7.0, 2.0]]).amin(dim=1)
    Tensor([1., 2.])
    """
    return _extreme("amin", rules.amin, input, dim, axis, keepdim or keepdims)


def argmax(
    input: Any,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    axis: int | None = None,
    keepdims: bool = False,
) -> Any:
    """The place of the largest element: the first along an axis, or among all in a row.

    ``out[j]`` is the first i with ``input[i, j] = maxₖ input[k, j]``, for axis 0. NaN is larger
    than all. As ``torch.argmax``.

    Parameters
    ----------
    input : Tensor or array, of any shape
    dim, axis : int, optional
        The axis (PyTorch's and NumPy's word for it); all elements, in a row, if omitted.
    keepdim, keepdims : bool, default False
        Whether that axis stays, with length 1.

    Returns
    -------
    Tensor or array of int64
        Of the shape of `input` without that axis. No gradient flows through it.

    Raises
    ------
    ValueError
        If there are no elements.
    IndexError
        If there is no such axis.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([[1.0, 5.0], [7.0, 2.0]])
    >>> x.argmax(), x.argmax(dim=1)
    (Tensor(2), Tensor([1, 0]))
    """
    return _place("argmax", rules.argmax, input, dim, axis, keepdim or keepdims)


def argmin(
    input: Any,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    axis: int | None = None,
    keepdims: bool = False,
) -> Any:
    """The place of the smallest element; arguments and shape are those of `argmax`.

    ``out[j]`` is the first i with ``input[i, j] = minₖ input[k, j]``, for axis 0. NaN is smaller
    than all. As ``torch.argmin``.

    Examples
    --------
    >>> from autograd import Tensor
    >>> Tensor([[1.0, 5.0], [7.0, 2.0]]).argmin(dim=1)
    Tensor([0, 1])
    """
    return _place("argmin", rules.argmin, input, dim, axis, keepdim or keepdims)


def _place(function: str, place: Callable[..., Any], x: Any, dim: Any, axis: Any, keep: Any) -> Any:
    x, axes = along(function, x, dim, axis)
    _require_elements(function, x, axes)
    if (dim is None and axis is None) or not axes:
        return place(x, axis=None, keepdims=keep)
    if len(axes) > 1:
        raise TypeError(f"{function} takes one axis, but was given {len(axes)}")
    return place(x, axis=axes[0], keepdims=keep)
