"""Lists of floats, and lists of such lists, read at once.

Python writes them out for `marshal` several times as fast as any loop over them goes: a letter for
what each thing is, and the eight bytes of a float as NumPy reads them.
"""

from __future__ import annotations

import functools
import marshal
import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

VERSION = 2  # the last in which nothing refers to what was written before
LIST, FLOAT = 5, 9  # bytes: of a list, its letter and length; of a float, its letter and itself
DOUBLE = np.dtype("<f8")
FEW = 100  # floats: up to here a loop is as quick


class _Written(NamedTuple):
    """How a list of some shape is written.

    Attributes
    ----------
    size : int
        How many bytes it takes.
    marks : array of int
        Which of them do not depend on the floats.
    marked : bytes
        What stands there.
    """

    size: int
    marks: NDArray[np.intp]
    marked: bytes


@functools.lru_cache(maxsize=32)
def _written(shape: tuple[int, ...]) -> _Written:
    one, other = (  # floats that have no byte in common
        np.frombuffer(
            marshal.dumps(
                np.full((*shape, 8), byte, np.uint8).view(float)[..., 0].tolist(), VERSION
            ),
            np.uint8,
        )
        for byte in (1, 2)
    )
    marks = np.flatnonzero(one == other)
    return _Written(len(one), marks, one[marks].tobytes())


def floats(x: list[Any]) -> NDArray[np.float64] | None:
    """The numbers of a list of floats, or of a list of such lists, all of one length.

    None if it is something else, or so short that a loop is as quick.

    Examples
    --------
    >>> rows = [[0.5] * 10] * 20
    >>> floats(rows).shape
    (20, 10)
    >>> floats([*rows, [True] * 10]) is None
    True
    """
    first = x[0] if x else None
    shape = (len(x), len(first)) if first.__class__ is list else (len(x),)
    if math.prod(shape) <= FEW:
        return None
    try:
        written = marshal.dumps(x, VERSION)
    except ValueError:  # it holds a node, or whatever else
        return None
    form = _written(shape)
    if len(written) != form.size:
        return None
    if np.frombuffer(written, np.uint8).take(form.marks).tobytes() != form.marked:
        return None
    strides = (LIST + shape[-1] * FLOAT, FLOAT)[-len(shape) :]
    return np.ndarray(shape, DOUBLE, written, LIST * len(shape) + 1, strides)
