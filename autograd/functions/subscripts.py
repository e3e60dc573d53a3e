"""What stands between the brackets of ``x[...]``, and what it picks."""

from __future__ import annotations

from collections.abc import Iterator
from numbers import Integral
from typing import Any

import numpy as np

from autograd import rules
from autograd.complaints import called, shape_of
from autograd.node import Node, index_array, plain
from autograd.tracing import Hidden, Varying, refusal


def item(x: Any, key: Any) -> Any:
    """``x[key]``, with PyTorch's meaning.

    The shape of the result is that of what the key picks: an integer takes an axis away, None
    makes one, arrays put their common shape in the place of their axes. As ``torch.Tensor``, and
    as NumPy but for integers beside arrays; steps of slices may be negative, as in NumPy.

    Parameters
    ----------
    x : Tensor or array, of any shape
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
        simply = rules.index(x, key=tuple(_simple(parts)))
        return rules.index(simply, key=tuple(_left(parts, len(shape_of(x)))))
    except IndexError:
        _explain(x, parts)
        raise


def _explain(x: Any, parts: tuple[Any, ...]) -> None:
    """Raise the error of an impossible key, saying what was indexed."""
    try:
        np.empty(shape_of(x), bool)[parts]
    except IndexError as error:
        raise IndexError(f"indexing {called(x, 'x')}: {error}") from None


def _part(part: Any) -> Any:
    """One part of a key: an array of its own, an integer, or what is neither as it is."""
    if isinstance(part, Node):
        part = index_array(part) if part.shape else _number(part)
    if isinstance(part, list):
        part = np.array(part) if part else np.array(part, np.intp)
    if isinstance(part, np.ndarray) and part.ndim == 0 and part.dtype.kind in "iu":
        return int(part)
    if isinstance(part, Varying):
        return part
    return np.array(part) if isinstance(part, (np.ndarray, bool, np.bool_)) else part


def _number(part: Node) -> Any:
    """What one number says as an index, which a trace may not ask."""
    if isinstance(plain(part), Hidden):
        raise refusal("an index")
    return plain(part)


def _width(part: Any) -> int:
    """How many axes a part of a key picks from."""
    if isinstance(part, np.ndarray):
        return part.ndim if part.dtype == bool else 1
    return 0 if part is None or part is Ellipsis else 1


def _simple(parts: tuple[Any, ...]) -> Iterator[Any]:
    """The key without its arrays: their axes stay."""
    for part in parts:
        if isinstance(part, np.ndarray):
            yield from [slice(None)] * _width(part)
        else:
            yield part


def _left(parts: tuple[Any, ...], ndim: int) -> Iterator[Any]:
    """The key of arrays, once all else has picked.

    The axes that ... stands for are spelt out: where it stands for none, what it parts is not.
    """
    for part in parts:
        if isinstance(part, np.ndarray):
            yield part
        elif part is Ellipsis:
            yield from [slice(None)] * (ndim - sum(map(_width, parts)))
        elif not isinstance(part, Integral):
            yield slice(None)
