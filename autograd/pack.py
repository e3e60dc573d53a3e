"""Values side by side: leaves whose numbers and gradients lie in one array each.

A compiled function reads all its parameters at once, and hands all their gradients on at once; an
optimiser moves them at once. Each is still the Value that it was: `data` and `grad` read and write
its place in the arrays.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.modes import lock, tick
from autograd.tensor import Tensor
from autograd.value import NEVER, Leaf


class Moves:
    """How often leaves moved into packs, or out of them: who knows where they lie looks again."""

    count = 0


class Pack(Tensor):
    """A leaf in the place of many: their numbers in one flat array.

    Attributes
    ----------
    reached : array of bool
        Which of them have a gradient, if `grad` is not None.
    last : int
        When any of them was last changed.
    """

    __slots__ = ("_met", "_times", "_zeros", "last", "reached")

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        super().__init__([leaf._data for leaf in leaves], requires_grad=True)
        self.reached = np.array([leaf.has_grad for leaf in leaves])
        if self.reached.any():
            self.grad = np.array([leaf.grad for leaf in leaves])
        self._met, self.last = 0, max(leaf._changed for leaf in leaves)
        self._zeros: NDArray[Any] | None = None
        self._times: NDArray[np.int64] | None = None

    def touched(self, which: NDArray[np.bool_] | None = None) -> NDArray[Any]:
        """The numbers, to be changed: all leaves count as changed, or those of a mask."""
        self.last = now = tick()
        if which is None:
            self._changed = now
            return self._data
        if self._times is None:
            self._times = np.zeros(self.size, np.int64)
        self._times[which] = now
        return self._data

    def changed(self, i: int) -> int:
        """When one of the leaves was last changed with others."""
        return self._changed if self._times is None else max(self._changed, int(self._times[i]))

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget all gradients, or make zeros of them, in an array that nobody writes to."""
        if not set_to_none and self._zeros is None:
            self._zeros = np.zeros(self.size)
            self._zeros.setflags(write=False)
        self.grad = None if set_to_none else self._zeros
        self.reached.fill(not set_to_none)

    def receive(self, share: NDArray[Any], shared: bool, reached: NDArray[np.bool_]) -> None:
        """Add to the gradients, of some that it reaches, an array of their own unless `shared`."""
        if self.grad is not None and self.grad is not self._zeros:
            self.grad = self.grad + share
        else:
            known = self.grad is not None  # of zeros: then all have one
            self.grad = share.copy() if shared else share
            if known:
                return
        self.reached |= reached

    def _copy(self, operands: tuple[Any, ...], memo: dict[int, Any]) -> Any:
        raise no_copy()

    def owed(self) -> NDArray[Any]:
        """Its gradients, to write in."""
        if self.grad is None or self.grad is self._zeros:
            self.grad = np.zeros(self.size)
        return self.grad


def no_copy() -> TypeError:
    """The error for a copy of what a compiled function gave."""
    return TypeError(
        "the result of a compiled function cannot be copied, for its program reads the leaves that "
        "it was traced with; copy those, and call the function again"
    )


class PackedLeaf(Leaf):
    """A leaf whose number and gradient lie in a pack.

    It looks like any other; `Value._a` and `Value._b`, of which a leaf makes no other use, are the
    pack and its place there.
    """

    __slots__ = ()

    @property
    def _data(self) -> float:
        return float(self._a._data.item(self._b))

    @_data.setter
    def _data(self, data: float) -> None:
        self._a._data[self._b] = data

    @property
    def grad(self) -> float:
        """The gradient; 0.0 until there is one."""
        pack: Pack = self._a
        if pack.grad is None or not pack.reached[self._b]:
            return NEVER
        return float(pack.grad.item(self._b))

    @grad.setter
    def grad(self, grad: float) -> None:
        pack: Pack = self._a
        gradients = pack.owed()
        gradients[self._b] = grad
        pack.reached[self._b] = grad is not NEVER

    @property
    def _changed(self) -> int:
        return int(max(_changed.__get__(self), self._a.changed(self._b)))

    @_changed.setter
    def _changed(self, time: int) -> None:
        _changed.__set__(self, time)
        self._a.last = time

    @property
    def requires_grad(self) -> bool:
        """Whether `backward` leaves a gradient here; setting it takes the leaf out of its pack."""
        return True

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        if not wanted:
            unpack(self)
            self.requires_grad = wanted

    def _copy(self, operands: tuple[Any, ...], memo: dict[int, Any]) -> Any:
        memo[id(self)] = node = object.__new__(Leaf)
        node.__setstate__(copy.deepcopy(self._kept(), memo))
        node._changed = self._changed
        return node

    def __reduce_ex__(self, protocol: Any) -> Any:
        return object.__new__, (Leaf,), self._kept()

    def __copy__(self) -> Any:
        node: Any = object.__new__(Leaf)
        node.__setstate__(self._kept())
        return node


PackedLeaf.__name__ = "Value"
_changed: Any = Leaf._changed  # the slot behind the property


def packed(leaves: Sequence[Leaf]) -> Pack:
    """Put leaves into a pack, in their order."""
    with lock:
        pack = Pack(leaves)
        for i, leaf in enumerate(leaves):
            changed = leaf._changed  # maybe by the pack that it leaves
            leaf._a, leaf._b = pack, i
            leaf.__class__ = PackedLeaf
            _changed.__set__(leaf, changed)
        Moves.count += 1
    return pack


def unpack(leaf: Any) -> None:
    """Give a leaf its own number and gradient again."""
    with lock:
        data, grad, changed = leaf._data, leaf.grad, leaf._changed
        leaf.__class__ = Leaf
        leaf._data, leaf.grad, leaf._changed, leaf.requires_grad = data, grad, changed, True
        Moves.count += 1
