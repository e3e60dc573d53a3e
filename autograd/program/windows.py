"""What can be seen at once of an array: places that lie a stride apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd.program.tape import Ints


@dataclass(frozen=True)
class Window:
    """Places in an array that NumPy can show as one array: a start, a shape and a stride an axis.

    Examples
    --------
    >>> print(window(np.array([[4, 5], [6, 7]])).text("v"))
    v[4:8].reshape(2, 2)
    >>> print(window(np.array([[4, 6], [5, 7]])).text("v"))
    v[4:8].reshape(2, 2).T
    """

    start: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def places(self) -> Ints:
        """The places that it shows."""
        axes = np.indices(self.shape, sparse=True)
        offsets = (axis * stride for axis, stride in zip(axes, self.strides, strict=True))
        return np.broadcast_to(sum(offsets, np.array(self.start)), self.shape)

    def repeated(self, count: int, stride: int) -> Window:
        """The same so many times, each so far from the one before."""
        return Window(self.start, (count, *self.shape), (stride, *self.strides))

    @property
    def is_dense(self) -> bool:
        """Whether its elements lie in a row, as `np.dot` needs of what it writes to."""
        return self.strides == _dense(self.shape)

    def text(self, array: str) -> str:
        """The expression that shows it."""
        n = math.prod(self.shape)
        part = f"{array}[{self.start}:{self.start + n}]"
        if self.is_dense:
            return part if len(self.shape) == 1 else f"{part}.reshape{self.shape}"
        if len(self.shape) == 2 and self.strides[::-1] == _dense(self.shape[::-1]):
            return f"{part}.reshape{self.shape[::-1]}.T"
        if len(self.shape) == 1 and self.strides[0] > 0:
            end = self.start + (n - 1) * self.strides[0] + 1
            return f"{array}[{self.start}:{end}:{self.strides[0]}]"
        strides = tuple(8 * stride for stride in self.strides)
        return f"as_strided({array}[{self.start}:], {self.shape}, {strides})"

    def of(self, array: NDArray[Any]) -> NDArray[Any]:
        """What it shows of an array: what `text` says, in a tenth of the time."""
        if self.is_dense:
            part = array[self.start : self.start + math.prod(self.shape)]
            return part.reshape(self.shape)
        size = array.itemsize
        strides = tuple(size * stride for stride in self.strides)
        return np.ndarray(self.shape, array.dtype, array, size * self.start, strides)


# Where an array is: all of it to be seen at once, or element by element.
Places: TypeAlias = Window | Ints


def where(places: Places) -> Ints:
    """The places, one by one."""
    return places.places() if isinstance(places, Window) else places


def _dense(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The strides of an array whose elements lie in a row."""
    strides, step = [], 1
    for n in reversed(shape):
        strides.append(step if n > 1 else 0)
        step *= n
    return tuple(reversed(strides))


def window(places: Ints) -> Window | None:
    """The window that shows some places, if there is one."""
    strides = []
    for axis, n in enumerate(places.shape):
        if n == 1:
            strides.append(0)
            continue
        along = places.swapaxes(0, axis)
        steps = along[1:] - along[:-1]  # `np.diff` takes twice as long for few
        if (steps != steps.item(0)).any():
            return None
        strides.append(steps.item(0))
    return Window(places.item(0), places.shape, tuple(strides))
