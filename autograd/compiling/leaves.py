"""Where a program finds the leaves that it reads: in packs, or by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import pack
from autograd.order import stale
from autograd.pack import Moves, Pack, PackedLeaf
from autograd.program.tape import Ints
from autograd.value import Leaf

Places = slice | Ints
FEW = 8  # slices: up to here they are quicker than indices


class Leaves:
    """The leaves of a program, and their places among its numbers.

    Those that no pack holds yet are put into one, so that they are read at once.

    Parameters
    ----------
    leaves : sequence of Value
        Leaves, and what was computed before the trace.
    address : array of int
        The place of each.
    wanted : array of bool
        Which of them asked for a gradient when the program was built.
    reached : array of bool
        Which of them a gradient reaches.
    """

    def __init__(
        self,
        leaves: Sequence[Any],
        address: Ints,
        wanted: NDArray[np.bool_],
        reached: NDArray[np.bool_],
    ) -> None:
        order = np.argsort(address)
        self.all = [leaves[i] for i in order]
        self.address = address[order].tolist()
        self.wanted, self.reached = wanted[order].tolist(), reached[order].tolist()
        free = [leaf for leaf in self.all if leaf.__class__ is Leaf and leaf.requires_grad]
        if len(free) > 1:
            pack.packed(free)
        self._layout = Layout(self)

    @property
    def layout(self) -> Layout:
        """Where they are now."""
        if self._layout.version != Moves.count:
            self._layout = Layout(self)
        return self._layout

    def check(self, made: int, node: Any) -> None:
        """See that none was changed since a node was made."""
        layout = self.layout
        for _, leaf, _ in layout.singles:
            if leaf.op is None and leaf._changed > made:
                raise stale(leaf, node)
        for each in layout.packs:
            if each.pack.last > made:
                for leaf in each.members:
                    if leaf is not None and leaf._changed > made:
                        raise stale(leaf, node)


class Layout:
    """Where the leaves of a program are, as long as none moves.

    Attributes
    ----------
    packs : list of InPack
        The packs that hold some of them.
    singles : list of (int, Node, bool)
        The others: the place of each, and whether it asked for a gradient.
    operands : tuple of Node
        The packs and single nodes that a gradient reaches.
    only_leaves : bool
        Whether all of these are leaves.
    """

    def __init__(self, leaves: Leaves) -> None:
        self.version = Moves.count
        self.singles: list[tuple[int, Any, bool]] = []
        self._alone: list[tuple[int, Any]] = []  # those of them that are operands
        self._as_built = True
        found: dict[Pack, InPack] = {}
        for at, leaf, wanted, reached in zip(
            leaves.address, leaves.all, leaves.wanted, leaves.reached, strict=True
        ):
            if leaf.__class__ is PackedLeaf:
                found.setdefault(leaf._a, InPack(leaf._a)).add(at, leaf, reached)
                self._as_built &= wanted
            else:
                self.singles.append((at, leaf, wanted))
                if reached and leaf._requires_grad:
                    self._alone.append((at, leaf))
        self.packs = [each.finished() for each in found.values()]
        self._reached = [each for each in self.packs if each.is_reached]
        self.operands = (
            *(each.pack for each in self._reached),
            *(leaf for _, leaf in self._alone),
        )
        self.only_leaves = all(operand.op is None for operand in self.operands)

    def still_holds(self) -> bool:
        """Whether those ask for a gradient that did when the program was built."""
        for _, leaf, wanted in self.singles:
            if leaf._requires_grad != wanted:
                return False
        return self._as_built

    def fill(self, values: NDArray[Any]) -> None:
        """Write their numbers where the program reads them."""
        for each in self.packs:
            data = each.pack._data
            for here, there in each.places:
                values[here] = data[there]
        for at, leaf, _ in self.singles:
            values[at] = leaf._data

    def shares(self, gradients: NDArray[Any]) -> list[Any]:
        """The gradients of the operands, where the program wrote them."""
        found = [each.share(gradients) for each in self._reached]
        return found + [gradients[at] for at, _ in self._alone]

    @property
    def moved(self) -> bool:
        """Whether any leaf has moved since, maybe out of one of these packs."""
        return self.version != Moves.count

    def reach(self, operands: Sequence[Any], shares: Sequence[Any]) -> None:
        """Let the leaves in packs know that they have a gradient; not if copies stand for those."""
        for each, operand, share in zip(self._reached, operands, shares, strict=False):
            if operand is each.pack:
                each.pack.reached |= each.reached
                if self.moved:
                    each.follow(share)

    def members(self, operand: Any) -> list[Any]:
        """The leaves in an operand that is a pack; see `InPack.members`."""
        return next(each.members for each in self._reached if each.pack is operand)


class InPack:
    """The leaves of a program that lie in one pack.

    Attributes
    ----------
    places : list of (Places, Places)
        Where the program reads them, and where they lie in the pack; slices, if those are few.
    reached : array of bool
        Which of the leaves in the pack a gradient reaches.
    members : list of Value
        The leaves in the order of the pack; None in places that the program does not read.
    """

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.members: list[Any] = [None] * pack.size
        self._here: list[int] = []
        self._there: list[int] = []
        self.reached = np.zeros(pack.size, bool)

    def add(self, at: int, leaf: Any, reached: bool) -> None:
        """Add a leaf that the program reads at some place."""
        self.members[leaf._b] = leaf
        self._here.append(at)
        self._there.append(leaf._b)
        self.reached[leaf._b] = reached

    def finished(self) -> InPack:
        """The same when all have been added."""
        here, there = np.array(self._here), np.array(self._there)
        cuts = np.flatnonzero((np.diff(here) != 1) | (np.diff(there) != 1)) + 1
        if len(cuts) > FEW:
            self.places: list[tuple[Places, Places]] = [(here, there)]
        else:
            parts = zip(np.split(here, cuts), np.split(there, cuts), strict=True)
            self.places = [(places(a), places(b)) for a, b in parts]
        in_order = not len(cuts) and here.size == self.pack.size
        self._whole = self.places[0][0] if in_order else None  # where all of the pack stands
        self.is_reached = bool(self.reached.any())
        return self

    def share(self, gradients: NDArray[Any]) -> Any:
        """Their gradients, as one for the pack."""
        if self._whole is not None:
            return gradients[self._whole]
        share = np.zeros(self.pack.size)
        for here, there in self.places:
            share[there] = gradients[here]
        return share

    def follow(self, share: Any) -> None:
        """Hand their gradients to those of the leaves that are not in the pack any more."""
        for i in np.flatnonzero(self.reached).tolist():
            leaf = self.members[i]
            here = leaf.__class__ is PackedLeaf and leaf._a is self.pack
            if not here and leaf._requires_grad:
                leaf.grad += float(share[i])


def places(numbers: Sequence[int] | Ints) -> Places:
    """Numbers as a slice, if they follow one another."""
    array = np.array(numbers, int)
    if array.size and (np.diff(array) == 1).all():
        return slice(int(array[0]), int(array[-1]) + 1)
    return array
