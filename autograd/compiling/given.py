"""What a traced function is given in place of its arguments: leaves that know where they stood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from autograd.program.pick import Given
from autograd.tracing import refuse

__all__ = ["Given", "GivenArray"]


class GivenArray(Sequence[Any]):
    """An array of leaves, in place of an array that each call brings anew.

    It is iterated and indexed as an array is, into rows and, in the end, Values.
    """

    __array_priority__ = 100.0

    def __init__(self, cells: NDArray[np.object_], path: str) -> None:
        self._cells = cells
        self._path = path

    @classmethod
    def of(cls, leaves: Sequence[Given], shape: tuple[int, ...], path: str) -> Self:
        """The array of some leaves."""
        return cls(np.fromiter(leaves, object, len(leaves)).reshape(shape), path)

    def leaves(self) -> Iterator[Given]:
        """The leaves, row by row."""
        yield from self._cells.flat

    @property
    def shape(self) -> tuple[int, ...]:
        """That of the array."""
        return self._cells.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._cells.ndim

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._cells.size

    @property
    def T(self) -> Any:  # noqa: N802 - NumPy's name
        """The array with its axes in reverse order."""
        return self._shown(self._cells.T)

    def tolist(self) -> Any:
        """The leaves in nested lists."""
        return self._cells.tolist()

    def __len__(self) -> int:
        return len(self._cells)

    def __getitem__(self, key: Any) -> Any:
        for part in key if isinstance(key, tuple) else (key,):
            if isinstance(part, Given):
                part.__index__()
        return self._shown(self._cells[key])

    def __iter__(self) -> Iterator[Any]:
        return map(self._shown, self._cells)

    def _shown(self, cells: Any) -> Any:
        return GivenArray(cells, self._path) if isinstance(cells, np.ndarray) else cells

    def __bool__(self) -> bool:
        refuse("a decision")
        return True

    def __repr__(self) -> str:
        return f"{self._path}: array of shape {self.shape}"
