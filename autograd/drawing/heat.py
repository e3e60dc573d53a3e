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

    Axes before the last are put one below the other. None for what has no two real numbers.

    Examples
    --------
    >>> import numpy as np
    >>> heat("data", np.array([[0.0, 1.0], [-4.0, np.nan]])).cells
    ((0, 1), (-4, None))
    """
    if not isinstance(array, np.ndarray) or array.size < 2 or array.dtype.kind not in "fiub":
        return None
    table = array.reshape(-1, array.shape[-1]).astype(np.float64)
    blocks = [np.array_split(rows, _parts(rows.shape[1]), 1) for rows in _split(table)]
    most = [[_furthest(block) for block in row] for row in blocks]
    finite = [abs(x) for row in most for x in row if np.isfinite(x)]
    scale = max(finite, default=0.0) or 1.0
    return Heat(label, tuple(tuple(_level(x, scale) for x in row) for row in most))


def _split(table: np.ndarray) -> list[np.ndarray]:
    return np.array_split(table, _parts(len(table)))


def _parts(length: int) -> int:
    return min(length, CELLS)


def _furthest(block: np.ndarray) -> float:
    return float(block.flat[np.argmax(np.abs(block))])  # a NaN wins


def _level(x: float, scale: float) -> int | None:
    if np.isnan(x):
        return None
    return int(np.copysign(np.ceil(min(abs(x) / scale, 1.0) * LEVELS), x))
