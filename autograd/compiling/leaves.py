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


class Leaves:
    """The leaves of a program, and their places among its numbers.

    Those that no pack holds yet are put into one, so that they are read at once.

    Parameters
    ----------
    leaves : sequence of Value
        Leaves, and what was computed before the trace.
    address : array of int
        The place of each.

    Attributes
    ----------
    operands : list of Node
        The packs and single nodes that the program depends on.
    """

    def __init__(self, leaves: Sequence[Any], address: Ints) -> None:
        order = np.argsort(address)
        self._leaves = [leaves[i] for i in order]
        self._address = address[order]
        free = [leaf for leaf in self._leaves if leaf.__class__ is Leaf and leaf.requires_grad]
        if len(free) > 1:
            pack.packed(free)
        self._look()

    def _look(self) -> None:
        """Find out where each is now."""
        self._version = Moves.count
        found: dict[Pack, tuple[list[int], list[int]]] = {}
        self._single: list[tuple[int, Any]] = []
        for at, leaf in zip(self._address.tolist(), self._leaves, strict=True):
            if leaf.__class__ is PackedLeaf:
                here, there = found.setdefault(leaf._a, ([], []))
                here.append(at)
                there.append(leaf._b)
            else:
                self._single.append((at, leaf))
        self._packs = [(each, places(here), places(there)) for each, (here, there) in found.items()]
        self.operands = [*found, *(leaf for _, leaf in self._single if leaf.requires_grad)]

    def fill(self, values: NDArray[Any]) -> None:
        """Write their numbers where the program reads them."""
        if self._version != Moves.count:
            self._look()
        for each, here, there in self._packs:
            values[here] = each._data[there]
        for at, leaf in self._single:
            values[at] = leaf._data

    def check(self, node: Any) -> None:
        """See that no leaf was changed after a node was computed from it."""
        made = node._made.time
        if any(each.last > made for each, _, _ in self._packs) or self._single:
            for leaf in self._leaves:
                if leaf.op is None and leaf._changed > made:
                    raise stale(leaf, node)

    def members(self, each: Pack) -> list[Any]:
        """The leaves in a pack, in its order; None in the places that the program does not read."""
        found: list[Any] = [None] * each.size
        for leaf in self._leaves:
            if leaf.__class__ is PackedLeaf and leaf._a is each:
                found[leaf._b] = leaf
        return found

    def shares(self, gradients: NDArray[Any]) -> list[Any]:
        """The gradients of the operands, where the program wrote them."""
        found: list[Any] = []
        for each, here, there in self._packs:
            if there == slice(0, each.size):
                share = gradients[here]
                each.reached[:] = True
            else:
                share = np.zeros(each.size)
                share[there] = gradients[here]
                each.reached[there] = True
            found.append(share)
        return found + [gradients[at] for at, leaf in self._single if leaf.requires_grad]


def places(numbers: Sequence[int] | Ints) -> Places:
    """Numbers as a slice, if they follow one another."""
    array = np.array(numbers, int)
    if array.size and (np.diff(array) == 1).all():
        return slice(int(array[0]), int(array[-1]) + 1)
    return array
