"""Arguments of a compiled function: what they look like, and the numbers in them.

Of two calls whose arguments look alike, the second replays what was traced for the first.

- A float, a Value, a Tensor, an array of floats differ in their numbers alone.
- So do integers and arrays of them: they may be an index of `autograd.pick`.
- Lists, tuples and dicts look alike if what they hold does.
- A module, or whatever else has a `compile_state()`, must be the same object in the same state.
- Everything else, a bool, a string, None, a mask, must be the same.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Hashable, Iterator, Sequence
from operator import countOf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiling.floats import floats, in_a_row
from autograd.compiling.given import Given, GivenTensor
from autograd.node import Node
from autograd.tensor import Tensor
from autograd.value import Value

HOLDING = (Value, Tensor, np.ndarray, float, int, list, tuple, dict)  # numbers that may differ
FEW = 64  # numbers: up to here NumPy takes less time to read a list than for an array
WANTED, UNWANTED = (Value, True), (Value, False)  # one for all: there may be thousands


class Inputs:
    """The numbers in the arguments of one call, in order.

    Attributes
    ----------
    nodes : list of (int, Node)
        Those of them that are nodes, each with the place of its first number.
    arrays : list of ndarray
        Those of them that are arrays.
    size : int
        How many numbers there are.
    """

    def __init__(self) -> None:
        self.nodes: list[tuple[int, Node]] = []
        self.arrays: list[NDArray[Any]] = []
        self.size = 0
        self._loose: list[float] = []
        self._parts: list[Any] = []
        self._flat: NDArray[np.float64] | None = None

    def put(self, numbers: Sequence[float]) -> None:
        """Add some numbers."""
        self._loose += numbers
        self.size += len(numbers)

    def put_array(self, numbers: NDArray[Any]) -> None:
        """Add the numbers of an array, which nobody writes to before a pass back reads them."""
        self.arrays.append(numbers)
        self.put_table(numbers)

    def put_table(self, numbers: NDArray[Any]) -> None:
        """Add the numbers of what is no array to the function, but a list of lists."""
        if self._loose:
            self._parts.append(in_a_row(self._loose))
            self._loose = []
        self._parts.append(numbers)
        self.size += numbers.size

    def put_value(self, value: Value) -> None:
        """Add the number of a Value."""
        self.nodes.append((self.size, value))
        self._loose.append(value._data)
        self.size += 1

    def put_tensor(self, tensor: Tensor) -> None:
        """Add the numbers of a Tensor that wants a gradient."""
        self.nodes.append((self.size, tensor))
        self.put_array(tensor._data)

    def numbers(self) -> NDArray[np.float64]:
        """All numbers, in one array."""
        if self._flat is not None:
            return self._flat
        if self._parts:
            self._flat = np.empty(self.size)
            self.write(self._flat)
        else:
            self._flat = in_a_row(self._loose)
        return self._flat

    def write(self, room: NDArray[np.float64]) -> None:
        """Write all numbers somewhere."""
        start = 0
        for part in self._parts:
            end = start + part.size
            if part.ndim == 1:
                room[start:end] = part
            else:
                room[start:end].reshape(part.shape)[...] = part
            start = end
        if self._loose:
            few = len(self._loose) <= FEW
            room[start:] = self._loose if few else in_a_row(self._loose)


def is_array(x: Any) -> bool:
    """Whether it is an array of numbers, or a Tensor."""
    return isinstance(x, (np.ndarray, Tensor)) and x.dtype.kind in "fiu"


def is_whole(x: Any) -> bool:
    """Whether it is an integer."""
    return isinstance(x, (int, np.integer)) and not isinstance(x, bool)


def structure(x: Any, inputs: Inputs) -> Hashable:
    """What an argument looks like; its numbers are added to the others.

    Where it is of no such class `issubclass` takes a fourth of the time of `isinstance`.
    """
    kind = x.__class__
    if kind is float or kind is int:
        inputs.put((x,))
        return kind
    if kind is np.ndarray:
        return _array(x, x, inputs)
    if kind is list or kind is tuple:
        return _row(x, kind, inputs)
    if issubclass(kind, Value):
        inputs.put_value(x)
        return WANTED if x._requires_grad else UNWANTED
    if hasattr(kind, "compile_state") and not issubclass(kind, HOLDING):
        return _identity(x), x.compile_state()
    if issubclass(kind, (float, np.floating)):
        inputs.put((x,))
        return float
    if issubclass(kind, (int, np.integer)) and kind is not bool:
        inputs.put((x,))
        return int
    if issubclass(kind, (Tensor, np.ndarray)):
        return _array(x, x if issubclass(kind, np.ndarray) else x._data, inputs)
    if issubclass(kind, dict):
        return kind, *((key, structure(value, inputs)) for key, value in x.items())
    if issubclass(kind, (list, tuple)):  # a named tuple
        return kind, *[structure(entry, inputs) for entry in x]
    return same(x)


def _array(x: Any, data: NDArray[Any], inputs: Inputs) -> Hashable:
    """What an array, or a Tensor, looks like."""
    if data.dtype.kind not in "fiu":
        return same(x)
    if data is not x and x._requires_grad:
        inputs.put_tensor(x)
        return Tensor, data.shape, data.dtype
    inputs.put_array(data.copy())
    return np.ndarray, data.shape, data.dtype


def _row(x: Any, kind: type, inputs: Inputs) -> Hashable:
    """What a list looks like; a table of numbers, the usual case, is not gone through in Python."""
    table = floats(x) if kind is list else None
    if table is not None:
        inputs.put_table(table)
        return list, table.shape, float
    first: Any = x[0].__class__ if x else None
    if first is float or first is int:
        if _all(type, x, first):
            inputs.put(x)
            return kind, len(x), first
    elif (first is list or first is tuple) and x[0] and _all(type, x, first):
        number = x[0][0].__class__
        if (number is float or number is int) and _all(len, x, len(x[0])):
            numbers = list(itertools.chain.from_iterable(x))
            if _all(type, numbers, number):
                inputs.put(numbers)
                return kind, len(x), first, len(x[0]), number
    return kind, *[structure(entry, inputs) for entry in x]


def _all(what: Callable[[Any], object], x: Sequence[Any], wanted: object) -> bool:
    """Whether what a function says of each entry is the same."""
    return countOf(map(what, x), wanted) == len(x)


class Token:
    """A thing that is the same if it is the same object, which lives as long as this does."""

    __slots__ = ("x",)

    def __init__(self, x: Any) -> None:
        self.x = x

    def __hash__(self) -> int:
        return id(self.x)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Token) and self.x is other.x


def same(x: Any) -> Hashable:
    """What an argument looks like that must be the same in each call.

    Strings, bools and their like are compared.
    """
    if x is None or isinstance(x, (bool, str, bytes, np.bool_, type)):
        return type(x), x
    if isinstance(x, np.ndarray):  # a mask: it may be changed, and is the same if it is not
        return x.dtype.str, x.shape, x.tobytes()
    return _identity(x)


def _identity(x: Any) -> Hashable:
    """What is equal to it alone: itself, unless its kind has another idea of what is equal."""
    kind: Any = type(x)
    plain = kind.__eq__ is object.__eq__ and kind.__hash__ is object.__hash__
    return x if plain else Token(x)


def stand_ins(x: Any, path: str, nodes: bool = False) -> Any:
    """What a trace is given in place of an argument: its like, of leaves for its numbers.

    With `nodes` those that require a gradient stay what they are.
    """
    if nodes and isinstance(x, (Value, Tensor)) and x._requires_grad:
        return x
    if isinstance(x, Value):
        return Given.of(x._data, x.name or path, whole=False)
    if is_array(x):
        return GivenTensor.of(x, path)
    if isinstance(x, dict):
        return _filled(x, [stand_ins(x[key], f"{path}[{key!r}]", nodes) for key in x])
    if isinstance(x, (list, tuple)):
        return _like(x, [stand_ins(entry, f"{path}[{i}]", nodes) for i, entry in enumerate(x)])
    if isinstance(x, (float, np.floating)) or is_whole(x):
        return Given.of(x, path, is_whole(x))
    return x


def as_called(x: Any, replaced: Callable[[Any], Any], numbers: Numbers) -> Any:
    """An argument with the numbers that `Inputs` found in it, and with each node replaced."""
    if isinstance(x, Value) or (isinstance(x, Tensor) and is_array(x) and x._requires_grad):
        numbers.take(x._data)
        return replaced(x)
    if is_array(x):
        data = numbers.take(x._data if isinstance(x, Tensor) else x)
        return x if data is None else Tensor(data) if isinstance(x, Tensor) else data
    if isinstance(x, dict):
        return _filled(x, [as_called(entry, replaced, numbers) for entry in x.values()])
    if isinstance(x, (list, tuple)):
        return _like(x, [as_called(entry, replaced, numbers) for entry in x])
    if isinstance(x, (float, np.floating)) or is_whole(x):
        number = numbers.take(x)
        return x if number is None else type(x)(number)
    return x


class Numbers:
    """The numbers of a call, one after another: what it was called with may be changed since.

    Attributes
    ----------
    left : int
        How many were not taken yet; below 0 if more were than there are.
    """

    def __init__(self, inputs: Inputs) -> None:
        self._all = inputs.numbers()
        self.left = self._all.size

    def take(self, x: Any) -> NDArray[Any] | None:
        """What stood in the place of some numbers, in their shape; None if it is the same."""
        now = np.asarray(x)
        start = self._all.size - self.left
        self.left -= now.size
        found = self._all[start : start + now.size]
        if found.size < now.size or np.array_equal(found, now.ravel(), equal_nan=True):
            return None
        return found.reshape(now.shape).astype(now.dtype)


def _like(x: Any, entries: list[Any]) -> Any:
    """A list or tuple of the same kind."""
    return type(x)(*entries) if hasattr(x, "_fields") else type(x)(entries)


def _filled(x: Any, entries: list[Any]) -> Any:
    """A dict of the same kind."""
    filled = copy.copy(x)
    for key, entry in zip(x, entries, strict=True):
        filled[key] = entry
    return filled


def given_in(x: Any) -> Iterator[Given | GivenTensor]:
    """The leaves in a stand-in, in the order of the numbers."""
    if isinstance(x, (Given, GivenTensor)):
        yield x
    elif isinstance(x, (list, tuple, dict)):
        for entry in x.values() if isinstance(x, dict) else x:
            yield from given_in(entry)
