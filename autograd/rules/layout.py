"""Where the elements of an array stand, and how they are stored: joined, rolled, converted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import Case, operation
from autograd.rules.arrays import ADJOINT, at_axis, index


def _cat(*arrays: Any, axis: int, bounds: tuple[int, ...]) -> NDArray[Any]:
    return np.concatenate(arrays, axis)


@operation(
    array=_cat,
    variadic=True,
    vjps=[
        lambda i, g, out, xs, axis, bounds: index(
            g, key=at_axis(axis, slice(bounds[i], bounds[i + 1]))
        )
    ],
    cases=[
        Case(((2, 3), (4, 3)), {"axis": 0, "bounds": (0, 2, 6)}),
        Case(((2, 3, 1), (2, 0, 1)), {"axis": 1, "bounds": (0, 3, 3)}),
    ],
    source=ADJOINT,
)
def cat(*xs: Any, axis: Any, bounds: Any) -> Any:
    """Arrays joined along an axis; ``bounds[i]`` is where array i begins in the result.

    Examples
    --------
    >>> cat([1.0], [2.0, 3.0], axis=0, bounds=(0, 1, 3))
    array([1., 2., 3.])
    """


def _stack(*arrays: Any, axis: int) -> NDArray[Any]:
    dtype = np.result_type(*arrays)  # a plain number among them leaves float32 as it is
    return np.stack([np.asarray(array, dtype) for array in arrays], axis)


@operation(
    array=_stack,
    variadic=True,
    vjps=[lambda i, g, out, xs, axis: index(g, key=at_axis(axis, i))],
    cases=[Case(((3, 4), (3, 4)), {"axis": 1}), Case(((), ()), {"axis": 0})],
    source=ADJOINT,
)
def stack(*xs: Any, axis: Any) -> Any:
    """Arrays of one shape joined along a new axis.

    Examples
    --------
    >>> stack(1.0, 2.0, axis=0)
    array([1., 2.])
    """


@operation(
    array=np.roll,
    vjps=[
        lambda g, out, x, shift, axis: roll(g, shift=tuple(-each for each in shift), axis=axis),
    ],
    cases=[
        Case(((3, 4),), {"shift": (1,), "axis": (1,)}),
        Case(((2, 3),), {"shift": (-1, 5), "axis": (0, 1)}),
    ],
    source=ADJOINT,
)
def roll(x: Any, *, shift: Any, axis: Any) -> Any:
    """The elements moved along some axes; what leaves at one end comes back at the other.

    Examples
    --------
    >>> roll([1.0, 2.0, 3.0], shift=(1,), axis=(0,))
    array([3., 1., 2.])
    """


@operation(
    array=lambda x, dtype: np.asarray(x).astype(dtype),
    vjps=[lambda g, out, x, dtype: astype(g, dtype=x.dtype)],
    cases=[Case(((3,),), {"dtype": np.dtype(np.float64)})],
    source="a linear map, up to rounding; its adjoint converts back, as in PyTorch",
)
def astype(x: Any, *, dtype: Any) -> Any:
    """The same numbers stored as another type.

    Examples
    --------
    >>> astype([1.5, 2.5], dtype=int)
    array([1, 2])
    """
