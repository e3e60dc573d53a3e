"""The largest, the smallest and the middle element, and where they stand.

The largest element may stand in several places: which share the gradient. That `tied` finds, on
the data alone, as the gradient's way does not change where the elements do a little.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import Case, operation
from autograd.rules.arithmetic import FLAT
from autograd.rules.arrays import spread
from autograd.rules.reductions import CASES

PLACES = [
    Case(((3, 4),), {"axis": None, "keepdims": False}),
    Case(((3, 4),), {"axis": 1, "keepdims": True}),
]


def _same(x: Any, y: Any) -> Any:
    """Whether two are equal; a NaN is equal to a NaN."""
    return (x == y) | ((x != x) & (y != y))


def _tied(x: Any, y: Any, axis: Any) -> NDArray[Any]:
    same = _same(x, y)
    count = np.maximum(np.sum(same, axis=axis, keepdims=True), 1)
    return (same / count).astype(np.result_type(x, y))


@operation(
    array=_tied,
    vjps=[None, None],
    cases=[Case(((3, 4), (3, 4)), {"axis": (0,)})],
    source=FLAT,
    public=False,
)
def tied(x: Any, y: Any, *, axis: Any) -> Any:
    """``1 / n`` at each of the n places along some axes where x is y, and 0 at the others.

    Examples
    --------
    >>> tied([1.0, 3.0, 3.0], [3.0, 3.0, 3.0], axis=(0,))
    array([0. , 0.5, 0.5])
    """


def _share(g: Any, out: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The gradient, in equal parts to all the elements that are what was picked."""
    picked = spread(out, axis=axis, keepdims=keepdims, shape=x.shape)
    return spread(g, axis=axis, keepdims=keepdims, shape=x.shape) * tied(x, picked, axis=axis)


@operation(
    array=lambda x, axis, keepdims: np.max(x, axis=axis, keepdims=keepdims),
    vjps=[_share],
    selects=True,
    symbol="max",
    text="max({0})",
    latex=r"\max({0})",
    cases=CASES,
    source="PyTorch, torch.amax: ties share the gradient",
)
def amax(x: Any, *, axis: Any, keepdims: Any) -> Any:
    """The largest element along some axes; NaN if any is. Ties share the gradient.

    Examples
    --------
    >>> amax([1.0, 3.0, 2.0], axis=(0,), keepdims=False)
    np.float64(3.0)
    """


@operation(
    array=lambda x, axis, keepdims: np.min(x, axis=axis, keepdims=keepdims),
    vjps=[_share],
    selects=True,
    symbol="min",
    text="min({0})",
    latex=r"\min({0})",
    cases=CASES,
    source="PyTorch, torch.amin: ties share the gradient",
)
def amin(x: Any, *, axis: Any, keepdims: Any) -> Any:
    """The smallest element along some axes; NaN if any is. Ties share the gradient.

    Examples
    --------
    >>> amin([1.0, 3.0, 2.0], axis=(0,), keepdims=False)
    np.float64(1.0)
    """


def _argmedian(x: Any, axis: int, keepdims: bool) -> NDArray[Any]:
    """Where the lower of the middle elements stands; the first NaN if there is one."""
    x = np.asarray(x)
    order = np.argsort(x, axis=axis, kind="stable")
    middle = np.take(order, [(x.shape[axis] - 1) // 2], axis=axis)
    missing = x != x
    first = np.argmax(missing, axis=axis, keepdims=True)
    place = np.where(np.any(missing, axis=axis, keepdims=True), first, middle)
    return place if keepdims else np.squeeze(place, axis)


@operation(
    array=_argmedian,
    vjps=[None],
    cases=[
        Case(((3, 4),), {"axis": 1, "keepdims": True}),
        Case(((5,),), {"axis": 0, "keepdims": False}),
    ],
    source=FLAT,
    public=False,
)
def argmedian(x: Any, *, axis: Any, keepdims: Any) -> Any:
    """The place of the middle element along an axis, the lower of two.

    Examples
    --------
    >>> argmedian([3.0, 1.0, 4.0, 2.0], axis=0, keepdims=False)
    array(3)
    """


def _median(x: Any, axis: Any, keepdims: bool) -> NDArray[Any]:
    elements = np.ravel(x)
    if elements.size:
        middle = elements[_argmedian(elements, 0, True)]
    else:
        middle = np.full(1, np.nan, elements.dtype)
    return middle.reshape([1] * np.ndim(x) if keepdims else [])


@operation(
    array=_median,
    vjps=[_share],
    selects=True,
    cases=[
        Case(((3, 4),), {"axis": (0, 1), "keepdims": False}),
        Case(((5,),), {"axis": (0,), "keepdims": True}),
    ],
    source="PyTorch, torch.median: the lower of two middle elements; ties share the gradient",
)
def median(x: Any, *, axis: Any, keepdims: Any) -> Any:
    """The middle element of all (`axis` names them all), the lower of two; NaN if any is.

    Examples
    --------
    >>> median([3.0, 1.0, 4.0, 2.0], axis=(0,), keepdims=False)
    array(2.)
    """


@operation(
    array=lambda x, axis, keepdims: np.argmax(x, axis=axis, keepdims=keepdims),
    vjps=[None],
    cases=PLACES,
    source=FLAT,
)
def argmax(x: Any, *, axis: Any, keepdims: Any) -> Any:
    """The place of the first largest element along an axis, or among all.

    Examples
    --------
    >>> argmax([1.0, 3.0, 2.0], axis=0, keepdims=False)
    np.int64(1)
    """


@operation(
    array=lambda x, axis, keepdims: np.argmin(x, axis=axis, keepdims=keepdims),
    vjps=[None],
    cases=PLACES,
    source=FLAT,
)
def argmin(x: Any, *, axis: Any, keepdims: Any) -> Any:
    """The place of the first smallest element along an axis, or among all.

    Examples
    --------
    >>> argmin([1.0, 3.0, 2.0], axis=0, keepdims=False)
    np.int64(0)
    """


@operation(
    array=lambda x, axis, keepdims: np.any(x, axis=axis, keepdims=keepdims),
    vjps=[None],
    cases=CASES,
    source=FLAT,
)
def any(x: Any, *, axis: Any, keepdims: Any) -> Any:
    """Whether any element along some axes is not zero.

    Examples
    --------
    >>> any([0.0, 2.0], axis=(0,), keepdims=False)
    np.True_
    """


@operation(
    array=lambda x, axis, keepdims: np.all(x, axis=axis, keepdims=keepdims),
    vjps=[None],
    cases=CASES,
    source=FLAT,
)
def all(x: Any, *, axis: Any, keepdims: Any) -> Any:
    """Whether no element along some axes is zero.

    Examples
    --------
    >>> all([0.0, 2.0], axis=(0,), keepdims=False)
    np.False_
    """


@operation(
    array=np.argwhere,
    vjps=[None],
    cases=[Case(((3, 4),)), Case(((),))],
    source=FLAT,
)
def nonzero(x: Any) -> Any:
    """The places of the elements that are not 0, a row of the result for each.

    Examples
    --------
    >>> nonzero([0.0, 2.0])
    array([[1]])
    """
