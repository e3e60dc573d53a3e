"""The numbers of many leaves side by side in one array, so that one formula moves them all."""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from autograd.modes import tick
from autograd.order import in_words
from autograd.pack import Moves, Pack, PackedLeaf, packed
from autograd.tensor import Tensor
from autograd.value import Leaf

Noted: TypeAlias = dict[Any, list[Any]]


class Block(ABC):
    """Leaves whose numbers are moved by one formula, with notes of each number."""

    notes: list[NDArray[Any]]

    @abstractmethod
    def lending(self) -> Iterator[tuple[int, list[NDArray[Any]]]]:
        """The numbers of leaves that have a gradient, to be changed in place.

        For all that were lent equally often: how often, with this time, and rows of their numbers,
        their gradients and the notes. What is written to the first goes to the leaves; the second
        are a copy to work in.
        """

    @abstractmethod
    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of the leaves, or make zeros of those of leaves that train."""

    @abstractmethod
    def take_over(self, noted: Noted) -> None:
        """Note what was noted of some leaves."""

    @abstractmethod
    def noted(self) -> Iterator[tuple[Any, int, list[NDArray[Any]]]]:
        """Of each leaf: how often it was lent, and the notes of it."""


class Blocks:
    """The leaves that an optimiser moves, in as few blocks as can be.

    Tensors of one dtype share a block, as do Values. Those Values that a compiled function has put
    into a `Pack` meanwhile are moved there.

    Parameters
    ----------
    leaves : sequence of Value or Tensor
    notes : int, default 0
        How many numbers are noted of each.

    Examples
    --------
    >>> from autograd import Tensor
    >>> row, one = Tensor([1.0, 2.0], requires_grad=True), Tensor(3.0, requires_grad=True)
    >>> (row * one).sum().backward()
    >>> for block in Blocks([row, one]):
    ...     for step, (data, grad) in block.lending():
    ...         data -= grad
    >>> row.data, one.data
    (array([-2., -1.]), array(0.))
    """

    def __init__(self, leaves: Sequence[Any], notes: int = 0) -> None:
        self._leaves, self._notes = list(leaves), notes
        self._blocks: list[Block] = []
        self._moves = self._joined = -1

    def __iter__(self) -> Iterator[Block]:
        if self._moves != Moves.count:
            self._regroup({leaf: rest for block in self._blocks for leaf, *rest in block.noted()})
        return iter(self._blocks)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of the leaves, or make zeros of those of leaves that train."""
        if not set_to_none and self._joined != Moves.count:
            self._join_packs()
            self._joined = Moves.count
        for block in self:
            block.zero_grad(set_to_none)

    def _join_packs(self) -> None:
        """Put the packs, and Values that no pack holds yet, into one: all will have a gradient.

        Packs grow apart where programs that are traced later read more leaves than earlier ones.
        """
        whole = [block for block in self if isinstance(block, InPack)]
        free = [leaf for leaf in self._leaves if leaf.__class__ is Leaf and leaf.requires_grad]
        if whole and len(whole) + bool(free) > 1:
            packed([*(leaf for block in whole for leaf in block.leaves), *free])

    def __getstate__(self) -> dict[str, Any]:
        noted = {id(leaf): rest for block in self for leaf, *rest in block.noted()}
        rest = [noted[id(leaf)] for leaf in self._leaves]
        return {"leaves": self._leaves, "notes": self._notes, "noted": rest}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        self._leaves, self._notes = kept["leaves"], kept["notes"]
        self._blocks, self._joined = [], -1
        self._regroup(dict(zip(self._leaves, kept["noted"], strict=True)))

    def _regroup(self, noted: Noted) -> None:
        """Find the packs that leaves lie in; what was noted of each goes with it."""
        alike: dict[Any, list[Any]] = {}
        for leaf in self._leaves:
            in_pack = leaf.__class__ is PackedLeaf
            kind: Any = leaf._a if in_pack else getattr(leaf, "dtype", None)
            alike.setdefault(kind, []).append(leaf)
        self._blocks = []
        for kind, leaves in alike.items():
            whole = isinstance(kind, Pack) and len(leaves) == kind.size
            make: Any = functools.partial(InPack, kind) if whole else Packed
            block = make(leaves, self._notes)
            block.take_over(noted)
            self._blocks.append(block)
        self._moves = Moves.count


class InPack(Block):
    """All the leaves of a pack."""

    def __init__(self, pack: Pack, leaves: Sequence[Any], notes: int) -> None:
        self._pack = pack
        self.leaves = sorted(leaves, key=lambda leaf: leaf._b)
        self._together: int | None = 0  # how often all were lent, if that is the same for all
        self._steps = np.zeros(pack.size, int)  # how often each was, if it is not
        self._work, *self.notes = _rows(1 + notes, pack.size, pack.dtype)

    def take_over(self, noted: Noted) -> None:
        """Note what was noted of some leaves."""
        for i, leaf in enumerate(self.leaves):
            if leaf in noted:
                self._steps[i], notes = noted[leaf]
                for mine, theirs in zip(self.notes, notes, strict=True):
                    mine[i] = theirs[0]
        steps = set(self._steps.tolist())
        self._together = steps.pop() if len(steps) == 1 else None

    def noted(self) -> Iterator[tuple[Any, int, list[NDArray[Any]]]]:
        """Of each leaf: how often it was lent, and the notes of it."""
        for i, leaf in enumerate(self.leaves):
            steps = int(self._steps[i]) if self._together is None else self._together
            yield leaf, steps, [note[i : i + 1] for note in self.notes]

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of the leaves, or make zeros of them."""
        self._pack.zero_grad(set_to_none)

    def lending(self) -> Iterator[tuple[int, list[NDArray[Any]]]]:
        """The numbers of leaves that have a gradient, to be changed in place."""
        pack, steps = self._pack, self._steps
        reached = np.count_nonzero(pack.reached)
        if pack.grad is None or not reached:
            return
        self._work[...] = pack.grad
        together = reached == pack.size
        rows = [pack.touched(None if together else pack.reached), self._work, *self.notes]
        if self._together is not None and together:
            self._together += 1
            yield self._together, rows
            return
        if self._together is not None:
            steps[:], self._together = self._together, None
        steps[pack.reached] += 1
        for step in np.unique(steps[pack.reached]).tolist():
            chosen = np.flatnonzero(pack.reached & (steps == step))
            lent = [row[chosen] for row in rows]
            yield step, lent
            for row, part in zip(rows, lent, strict=True):
                row[chosen] = part


class Packed(Block):
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
    steps : list of int
        How often the numbers of each were lent.
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
        self.steps = [0] * len(self.leaves)
        self._lay_out(notes)

    def lending(self) -> Iterator[tuple[int, list[NDArray[Any]]]]:
        """The numbers of leaves that have a gradient, to be changed in place."""
        having = [i for i, leaf in enumerate(self.leaves) if leaf.has_grad]
        alike = len(having) == len(self.leaves) and len(set(self.steps)) == 1
        for chosen in [having] if alike else self._neighbours(having):
            rows = self.lend(chosen)
            for i in chosen:
                self.steps[i] += 1
            yield self.steps[chosen[0]], rows
            self.store(chosen, rows[0])

    def _neighbours(self, having: Sequence[int]) -> list[list[int]]:
        """Leaves side by side that were lent equally often, as few groups as can be."""
        groups: list[list[int]] = []
        for i in having:
            if groups and groups[-1][-1] == i - 1 and self.steps[i - 1] == self.steps[i]:
                groups[-1].append(i)
            else:
                groups.append([i])
        return groups

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of the leaves, or make zeros of those of leaves that train."""
        for leaf in self.leaves:
            leaf.zero_grad()
            if not set_to_none and leaf.requires_grad:
                leaf.grad = np.zeros_like(leaf._data) if isinstance(leaf, Tensor) else 0.0

    def noted(self) -> Iterator[tuple[Any, int, list[NDArray[Any]]]]:
        """Of each leaf: how often it was lent, and the notes of it."""
        for leaf, place, steps in zip(self.leaves, self.places, self.steps, strict=True):
            yield leaf, steps, [note[place] for note in self.notes]

    def take_over(self, noted: Noted) -> None:
        """Note what was noted of some leaves."""
        for i, (leaf, place) in enumerate(zip(self.leaves, self.places, strict=True)):
            if leaf in noted:
                self.steps[i], notes = noted[leaf]
                for mine, theirs in zip(self.notes, notes, strict=True):
                    mine[place] = theirs

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
        rows = self._rows.copy()
        if len(chosen) < len(self.leaves):
            place = slice(self.places[chosen[0]].start, self.places[chosen[-1]].stop)
            rows = [row[place] for row in rows]
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
