"""An array in little: at most eight by eight cells that tell sign and size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

CELLS = 8  # in each direction
LEVELS = 4  # of size, besides zero


@dataclass(frozen=True, slots=True)
class Heat:
    """The numbers of an array in little.

    Attributes
    ----------
    label : str
        "data" or "grad".
    cells : tuple of tuple of int or None
        Row by row, from -4 for the largest negative numbers to 4 for the largest positive; None
        where there is a NaN.
    """

    label: str
    cells: tuple[tuple[int | None, ...], ...]


def heat(label: str, array: Any) -> Heat | None:
    """Shrink an array to cells; each shows the number in it that is furthest from zero.

    Of two the positive one, and a NaN before all. Axes before the last are put one below the other.
    None for what has no two real numbers.

    Examples
    --------
    >>> import numpy as np
    >>> heat("data", np.array([[0.0, 1.0], [-4.0, np.nan]])).cells
    ((0, 1), (-4, None))
    """
    if not isinstance(array, np.ndarray) or array.size < 2 or array.dtype.kind not in "fiub":
        return None
    table = array.reshape(-1, array.shape[-1]).astype(np.float64)
    rows, columns = map(_begins, table.shape)
    high, low = (
        most.reduceat(most.reduceat(table, rows, 0), columns, 1)
        for most in (np.maximum, np.minimum)
    )
    furthest = np.where(-low > high, low, high)  # where there is a NaN, both are
    size = np.abs(furthest)
    scale = size.max(initial=0.0, where=np.isfinite(size)) or 1.0
    levels = np.copysign(np.ceil(np.minimum(size / scale, 1.0) * LEVELS), furthest).tolist()
    return Heat(label, tuple(tuple(None if x != x else int(x) for x in row) for row in levels))


def _begins(length: int) -> list[int]:
    """Where each cell begins, of so many numbers in a line."""
    cells = min(length, CELLS)
    return [-(-length * cell // cells) for cell in range(cells)]
