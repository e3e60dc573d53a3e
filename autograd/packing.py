"""The numbers of many leaves side by side in one array, so that one formula moves them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from autograd.modes import tick
from autograd.order import in_words
from autograd.tensor import Tensor


class Packed:
    """Leaves whose numbers lie side by side in one row, with other rows beneath it.

    The data of Tensors are views of the first row, so what is written there is written in them. A
    Tensor that was given other data meanwhile is taken in again when it is next asked for. The
    numbers of Values are floats of their own, gathered and stored.

    Parameters
    ----------
    leaves : list of Value, or of Tensor of one dtype
    notes : int, default 0
        How many more rows there are, in which to remember something of each number.

    Attributes
    ----------
    leaves : the same
    places : list of slice
        Where the numbers of each lie.
    notes : list of ndarray
        Those other rows, of zeros at first.

    Examples
    --------
    >>> from autograd import Tensor
    >>> row, one = Tensor([1.0, 2.0], requires_grad=True), Tensor(3.0, requires_grad=True)
    >>> (row * one).sum().backward()
    >>> packed = Packed([row, one])
    >>> data, grad = packed.lend([0, 1])
    >>> grad
    array([3., 3., 3.])
    >>> data += 1.0
    >>> row.data, one.data
    (array([2., 3.]), array(4.))
    """

    def __init__(self, leaves: Sequence[Any], notes: int = 0) -> None:
        self.leaves = list(leaves)
        ends = np.cumsum([np.size(leaf.data) for leaf in self.leaves]).tolist()
        self.places = [slice(*place) for place in zip([0, *ends], ends, strict=False)]
        self._lay_out(notes)

    def _lay_out(self, notes: int) -> None:
        dtype = np.asarray(self.leaves[0].data).dtype
        self._rows = list(_rows(2 + notes, self.places[-1].stop, dtype))
        self.notes = self._rows[2:]
        self._views = [
            [row[place].reshape(leaf.shape) for row in self._rows[:2]]
            for place, leaf in zip(self.places, self.leaves, strict=True)
            if isinstance(leaf, Tensor)
        ]

    def lend(self, chosen: Sequence[int]) -> list[NDArray[Any]]:
        """The rows of leaves that stand side by side: their numbers, their gradients, the notes.

        What is written to the numbers goes to the leaves, to Values by `store`; they count as
        changed. The gradients are a copy to work in, until the next call.
        """
        place = slice(self.places[chosen[0]].start, self.places[chosen[-1]].stop)
        rows = [row[place] for row in self._rows]
        leaves, now = [self.leaves[i] for i in chosen], tick()
        for leaf in leaves:
            leaf._changed = now
        if not self._views:
            rows[0][:], rows[1][:] = [leaf.data for leaf in leaves], [leaf.grad for leaf in leaves]
            return rows
        for i, leaf in zip(chosen, leaves, strict=True):
            data, grad = self._views[i]
            if leaf._data is not data:
                _take_in(leaf, data)
            grad[...] = leaf.grad
        return rows

    def store(self, chosen: Sequence[int], data: NDArray[Any]) -> None:
        """Give Values the numbers that were lent; those of Tensors stand there already."""
        if not self._views:
            for i, number in zip(chosen, data.tolist(), strict=True):
                self.leaves[i]._data = number

    def __getstate__(self) -> dict[str, Any]:
        # A copy of a view shows nothing of the copy of what it was a view of.
        return self.__dict__ | {"_rows": None, "_views": None}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        self.__dict__.update(kept)
        self._lay_out(len(kept["notes"]))
        for note, noted in zip(self.notes, kept["notes"], strict=True):
            note[:] = noted


def _take_in(leaf: Tensor, view: NDArray[Any]) -> None:
    """Move the data of a Tensor to where a view shows."""
    if leaf.shape != view.shape:
        raise ValueError(
            f"{in_words(leaf)} had shape {view.shape} when it was packed with others, as an "
            "optimiser does; make a new optimiser after changing shapes"
        )
    view[...] = leaf._data
    leaf._data = view


def _rows(n: int, size: int, dtype: DTypeLike) -> NDArray[Any]:
    """Rows of zeros, each of which begins where a line of the processor's cache does.

    An array that does not takes up to twice as long to compute with, and so do two whose addresses
    have the same remainder by 4096 (Intel, Optimization reference manual, 4K aliasing).
    """
    line = 64 // np.dtype(dtype).itemsize
    width = -(-size // line) * line
    width += line if width % (64 * line) == 0 else 0
    flat = np.zeros(n * width + line, dtype)
    start = -flat.__array_interface__["data"][0] % 64 // flat.itemsize
    return flat[start : start + n * width].reshape(n, width)[:, :size]
