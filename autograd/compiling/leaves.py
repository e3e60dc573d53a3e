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
    values, gradients : array
        The numbers of the program, and their gradients.
    """

    def __init__(
        self,
        leaves: Sequence[Any],
        address: Ints,
        wanted: NDArray[np.bool_],
        reached: NDArray[np.bool_],
        values: NDArray[Any],
        gradients: NDArray[Any],
    ) -> None:
        self.values, self.gradients = values, gradients
        order = np.argsort(address)
        self.all = [leaves[i] for i in order]
        self.address = address[order].tolist()
        self.wanted, self.reached = wanted[order].tolist(), reached[order].tolist()
        free = [leaf for leaf in self.all if leaf.__class__ is Leaf and leaf.requires_grad]
        if len(free) > 1:
            pack.packed(free)


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
    """

    def __init__(self, leaves: Leaves) -> None:
        self._version = Moves.count
        self._values, self._gradients = leaves.values, leaves.gradients
        self.singles: list[tuple[int, Any, bool]] = []
        self._alone: list[tuple[int, Any]] = []  # those of them that are operands
        self._as_built = True
        found: dict[Pack, InPack] = {}
        for at, leaf, wanted, reached in zip(
            leaves.address, leaves.all, leaves.wanted, leaves.reached, strict=True
        ):
            if leaf.__class__ is PackedLeaf:
                each = found.get(leaf._a)
                if each is None:
                    each = found[leaf._a] = InPack(leaf._a)
                each.add(at, leaf, reached)
                self._as_built &= wanted
            else:
                self.singles.append((at, leaf, wanted))
                if reached and leaf._requires_grad:
                    self._alone.append((at, leaf))
        self.packs = [each.finished(leaves) for each in found.values()]
        self._reached = [each for each in self.packs if each.is_reached]
        self.operands = (
            *(each.pack for each in self._reached),
            *(leaf for _, leaf in self._alone),
        )
        self._only_leaves = all(operand.op is None for operand in self.operands)

    def still_holds(self) -> bool:
        """Whether those ask for a gradient that did when the program was built."""
        for _, leaf, wanted in self.singles:
            if leaf._requires_grad != wanted:
                return False
        return self._as_built

    def takes_all(self) -> bool:
        """Whether all operands are leaves that want a gradient; those in packs do."""
        return self._only_leaves and (
            not self._alone or all(leaf._requires_grad for _, leaf in self._alone)
        )

    def check(self, made: int, node: Any) -> None:
        """See that none was changed since a node was made."""
        for _, leaf, _ in self.singles:
            if leaf.op is None and leaf._changed > made:
                raise stale(leaf, node)
        for each in self.packs:
            if each.pack.last > made:
                for leaf in each.members:
                    if leaf is not None and leaf._changed > made:
                        raise stale(leaf, node)

    def fill(self) -> None:
        """Write their numbers where the program reads them."""
        for each in self.packs:
            each.fill()
        for at, leaf, _ in self.singles:
            self._values[at] = leaf._data

    def shares(self) -> list[Any]:
        """The gradients of the operands, where the program wrote them."""
        found = [each.share() for each in self._reached]
        return found + [self._gradients[at] for at, _ in self._alone] if self._alone else found

    def receive(self, shares: Sequence[Any]) -> None:
        """Add gradients to those of the operands, which are leaves."""
        for each, share in zip(self._reached, shares):  # noqa: B905 - the first
            each.receive(share)
            if self.moved:
                each.follow(share)
        if self._alone:
            for (_, leaf), share in zip(self._alone, shares[len(self._reached) :], strict=True):
                leaf.grad += float(share)

    @property
    def moved(self) -> bool:
        """Whether any leaf has moved since, maybe out of one of these packs."""
        return self._version != Moves.count

    def reach(self, operands: Sequence[Any], shares: Sequence[Any]) -> None:
        """Let the leaves in packs know that they have a gradient; not if copies stand for those."""
        for each, operand, share in zip(self._reached, operands, shares):  # noqa: B905 - the first
            if operand is each.pack:
                operand.reached |= each.reached
                if self.moved:
                    each.follow(share)

    def members(self, operand: Any) -> list[Any]:
        """The leaves in an operand that is a pack; see `InPack.members`."""
        return next(each.members for each in self._reached if each.pack is operand)


class InPack:
    """The leaves of a program that lie in one pack.

    Attributes
    ----------
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

    def finished(self, leaves: Leaves) -> InPack:
        """The same when all have been added."""
        self._values, self._gradients = leaves.values, leaves.gradients
        here, there = np.array(self._here), np.array(self._there)
        cuts = np.flatnonzero((np.diff(here) != 1) | (np.diff(there) != 1)) + 1
        if len(cuts) > FEW:
            self._places: list[tuple[Places, Places]] = [(here, there)]
        else:
            parts = zip(np.split(here, cuts), np.split(there, cuts), strict=True)
            self._places = [(places(a), places(b)) for a, b in parts]
        self._others = places(np.setdiff1d(np.arange(self.pack.size), there))
        # If the program reads all of the pack in its order, the usual case: where that stands.
        self._room = self._found = None
        if not len(cuts) and here.size == self.pack.size:
            whole = slice(self._here[0], self._here[-1] + 1)
            self._room, self._found = self._values[whole], self._gradients[whole]
        self.is_reached = bool(self.reached.any())
        return self

    def fill(self) -> None:
        """Write their numbers where the program reads them."""
        data = self.pack._data
        if self._room is not None:
            self._room[...] = data
            return
        for here, there in self._places:
            self._values[here] = data[there]

    def share(self) -> NDArray[Any]:
        """Their gradients, as one for the pack."""
        if self._found is not None:
            return self._found
        share = np.empty(self.pack.size)
        share[self._others] = 0.0
        for here, there in self._places:
            share[there] = self._gradients[here]
        return share

    def receive(self, share: NDArray[Any]) -> None:
        """Add their gradients to those of the pack, and let them know that they have one."""
        self.pack.receive(share, share is self._found, self.reached)

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
