"""The numbers of many leaves side by side in one array, so that one formula moves them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.modes import tick
from autograd.order import in_words
from autograd.tensor import Tensor


class Packed:
    """Leaves whose numbers lie side by side in one flat array.

    The data of Tensors are views of that array, so what is written there is written in them. A
    Tensor that was given other data meanwhile is taken in again when it is next asked for. The
    numbers of Values are floats of their own, gathered and stored.

    Parameters
    ----------
    leaves : list of Value, or of Tensor of one dtype

    Attributes
    ----------
    leaves : the same
    places : list of slice
        Where the numbers of each lie.
    size : int
        How many numbers there are.

    Examples
    --------
    >>> from autograd import Tensor
    >>> row, one = Tensor([1.0, 2.0], requires_grad=True), Tensor(3.0, requires_grad=True)
    >>> packed = Packed([row, one])
    >>> packed.data([0, 1])[:] += 1.0
    >>> row.data, one.data
    (array([2., 3.]), array(4.))
    """

    def __init__(self, leaves: Sequence[Any]) -> None:
        self.leaves = list(leaves)
        ends = np.cumsum([np.size(leaf.data) for leaf in self.leaves]).tolist()
        self.places = [slice(*place) for place in zip([0, *ends], ends, strict=False)]
        self.size = ends[-1]
        self._flat: NDArray[Any] | None = None
        self._views: list[NDArray[Any]] = []
        if isinstance(self.leaves[0], Tensor):
            self._flat, self._grads = np.empty((2, self.size), self.leaves[0].dtype)
            self._views = [
                self._flat[place].reshape(leaf.shape)
                for place, leaf in zip(self.places, self.leaves, strict=True)
            ]

    def data(self, chosen: Sequence[int]) -> NDArray[Any]:
        """The numbers of leaves that stand in a row, to be changed: the leaves count as changed."""
        if self._flat is None:
            return np.array([self.leaves[i].data for i in chosen])
        now = tick()
        for i in chosen:
            leaf, view = self.leaves[i], self._views[i]
            leaf._changed = now
            if leaf._data is not view:
                _take_in(leaf, view)
        return self._flat[self.places[chosen[0]].start : self.places[chosen[-1]].stop]

    def store(self, chosen: Sequence[int], data: NDArray[Any]) -> None:
        """Give leaves the numbers that `data` lent; those of Tensors stand there already."""
        if self._flat is None:
            for i, number in zip(chosen, data.tolist(), strict=True):
                self.leaves[i].data = number

    def grad(self, chosen: Sequence[int]) -> NDArray[Any]:
        """The gradients of leaves that stand in a row; an array to work in, until the next call."""
        grads = [self.leaves[i].grad for i in chosen]
        if self._flat is None:
            return np.array(grads)
        place = self._grads[self.places[chosen[0]].start : self.places[chosen[-1]].stop]
        return np.concatenate(grads, axis=None, out=place)


def _take_in(leaf: Tensor, view: NDArray[Any]) -> None:
    """Move the data of a Tensor to where a view shows."""
    if leaf.shape != view.shape:
        raise ValueError(
            f"{in_words(leaf)} had shape {view.shape} when it was packed with others, as an "
            "optimiser does; make a new optimiser after changing shapes"
        )
    view[...] = leaf._data
    leaf._data = view
