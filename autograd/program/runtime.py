"""What the source of a program calls beside NumPy and the operations of the table."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
ONE = np.array(1.0)  # NumPy need not make an array of it in each call


def extreme(g: Array, out: Array, x: Array, smallest: bool = False) -> Any:
    """The gradient of the largest of many to each: as a chain of `maximum` hands it on.

    Where two tie, each of the chain's steps shares the gradient in halves.
    """
    if np.isnan(np.vdot(out, out)):
        return _chain(g, -x if smallest else x)
    hit = x == out[..., None]
    if np.count_nonzero(hit) == out.size:
        return hit * g[..., None]
    later = hit[..., ::-1].cumsum(-1)[..., ::-1] - hit  # how many after it tie with it
    first = hit & (hit.cumsum(-1) == 1)
    halved = later + 1 - first
    return g[..., None] * np.where(hit, 0.5**halved, 0.0)


def _chain(g: Array, x: Array) -> Array:
    """The same for the largest, one after another: what meets NaN gets all."""
    so_far, share = np.maximum.accumulate(x, -1), np.empty_like(x)
    for k in range(x.shape[-1] - 1, 0, -1):
        before, own = so_far[..., k - 1], x[..., k]
        g = np.where(before == own, 0.5 * g, g)
        share[..., k] = np.where(own < before, 0.0, g)
        g = np.where(before < own, 0.0, g)
    share[..., 0] = g
    return share


def ragged_extreme(g: Array, out: Array, x: Array, lengths: Array, smallest: bool = False) -> Any:
    """The same where some have more to choose from than others."""
    hit = x == np.repeat(out, lengths)
    if np.count_nonzero(hit) == out.size and not np.isnan(np.vdot(out, out)):
        return hit * np.repeat(g, lengths)
    wide = np.full((len(lengths), lengths.max()), np.nan)
    real = np.arange(lengths.max()) < lengths[:, None]
    wide[real] = x
    return extreme(g, out, wide, smallest)[real]


def logistic(x: Array, out: Array | None = None) -> Any:
    """``1 / (1 + e⁻ˣ)``; where that overflows, the program is left for eager code."""
    out = np.negative(x, out=out)
    np.exp(out, out=out)
    np.add(out, ONE, out=out)
    return np.divide(ONE, out, out=out)


def unless(mask: Array, g: Array, out: Array | None = None) -> Any:
    """`g`, but 0 where a mask holds."""
    share = np.where(mask, 0.0, g)
    return share if out is None else np.copyto(out, share)


def where_only(mask: Array, g: Array, out: Array | None = None) -> Any:
    """`g` where a mask holds, and 0 elsewhere."""
    return unless(~mask, g, out)


def picked(index: Array, first: Array, further: Array, at: Array) -> None:
    """Find out where what is picked lies: at an index in the first row, and so much further."""
    np.add(first.take(index.astype(int)), further, out=at)


def picked_one(index: Array, places: Array, at: Array) -> int:
    """The same for one: also as a number."""
    place: int = places.item(int(index.item()))
    at[0] = place
    return place


def picked_apart(index: Array, rows: Array, table: Array, at: Array) -> None:
    """The same where rows differ by more: in each row of a table, at an index."""
    at[...] = table[rows, index.astype(int)]
