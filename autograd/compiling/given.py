"""What a traced function is given in place of its arguments: leaves that know where they stood."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from autograd.functions.subscripts import item
from autograd.program.pick import Given
from autograd.tensor import Tensor

__all__ = ["Given", "GivenTensor"]


class GivenTensor(Tensor):
    """What stands for an array that each call brings anew.

    In array code it is a Tensor. In scalar code, which iterates over it or picks out one element,
    each element is a Value.
    """

    __slots__ = ()

    natural = False  # whether its numbers, which are whole, must not be below 0
    _whole: Cells  # of the array that it is part of
    _places: NDArray[np.intp]  # where its elements stand there

    @classmethod
    def of(cls, x: Any, path: str) -> Self:
        """Make one for an array or a Tensor that was found somewhere among the arguments."""
        wanted = isinstance(x, Tensor) and x._requires_grad
        array = x._data if isinstance(x, Tensor) else x
        node = cls(array, name=path, requires_grad=wanted)
        node._whole = Cells(array, path)
        node._places = np.arange(array.size).reshape(array.shape)
        return node

    def __getitem__(self, key: Any) -> Any:
        parts = key if isinstance(key, tuple) else (key,)
        if any(isinstance(part, Tensor) for part in parts):
            return item(self, key)
        for part in parts:
            if isinstance(part, Given):
                part.__index__()  # which refuses
        places = self._places[key]
        if not places.ndim:
            return self._whole[int(places)]
        part = item(self, key)
        part.__class__ = GivenTensor
        part._whole, part._places = self._whole, places
        return part

    def tolist(self) -> Any:
        """Its elements in nested lists."""
        return [x.tolist() if isinstance(x, GivenTensor) else x for x in self]

    def cells(self) -> Iterator[tuple[int, Given]]:
        """The elements that were asked for, and where they stand."""
        return iter(sorted(self._whole.items()))


class Cells(dict[int, Given]):
    """The elements of an array as Values, each made when it is first asked for."""

    def __init__(self, array: NDArray[Any], path: str) -> None:
        super().__init__()
        self._array, self._path = array, path

    def __missing__(self, place: int) -> Given:
        at = np.unravel_index(place, self._array.shape)
        path = self._path + "".join(f"[{i}]" for i in at)
        cell = Given.of(float(self._array[at]), path, self._array.dtype.kind != "f")
        self[place] = cell
        return cell
