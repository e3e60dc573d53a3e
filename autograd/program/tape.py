"""A graph of Values as flat arrays: what the analysis reads instead of nodes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import attrgetter
from typing import Any
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from autograd.op import TABLE, Op
from autograd.program.pick import PICK
from autograd.value import Leaf, Value

Ints = NDArray[np.int64]

OPS: list[Op] = [op for op in TABLE.values() if op.scalar is not None] + [PICK]
CODE = {op: code for code, op in enumerate(OPS)}
LEAF, CONSTANT = -1, -2
UNKNOWN = math.nan  # in place of the number of what is no constant


@dataclass(frozen=True, eq=False)
class Tape:
    """Everything that was computed, one slot a number.

    Attributes
    ----------
    ops : list of Op
        All operations: those of the table, then those of the user's own that are met.
    code : array of int, shape (n,)
        The operation of each slot, by its place in `ops`; `LEAF` or `CONSTANT` for others.
    operands : array of int, shape (n, 3)
        The slots of its operands; -1 for none. Of a pick, that of the index.
    choices : dict
        For the slot of each pick: the slots that it picks from.
    leaves : list of Value
        The leaves, in the order of their slots.
    given : array of bool, shape (n,)
        Which slots are leaves that each call brings anew.
    constants : array of float, shape (n,)
        The numbers of constants; NaN elsewhere.
    outputs : array of int
        The slots of the results.
    made : list of weak references
        The leaves among the constants, which were made while the trace went on.
    """

    ops: list[Op]
    code: Ints
    operands: Ints
    choices: dict[int, Ints]
    leaves: list[Value]
    given: NDArray[np.bool_]
    constants: NDArray[np.float64]
    outputs: Ints
    made: list[ref[Leaf]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.code)

    @property
    def leaf_slots(self) -> Ints:
        """The slots of the leaves."""
        return np.flatnonzero(self.code == LEAF)


def tape_of(
    outputs: Sequence[Value], given: Sequence[Value] = (), since: int | None = None
) -> Tape:
    """Read the graph of some Values.

    Parameters
    ----------
    outputs : sequence of Value
        The results.
    given : sequence of Value
        The leaves that each call brings anew; all of them get slots, used or not.
    since : int, optional
        What the engine's clock showed when the trace began: what was computed before is a leaf, and
        a leaf that was made since is a constant.

    Examples
    --------
    >>> x = Value(2.0)
    >>> tape = tape_of([x * x + 1.0])
    >>> [tape.ops[code].name if code >= 0 else code for code in tape.code.tolist()]
    ['mul', 'add', -1, -2]
    """
    order = in_order(outputs, since or 0)
    known = _Codes(CODE)
    codes = np.fromiter(map(known.__getitem__, map(_op, order)), int, len(order))
    slots = _Slots(order, given, since)
    columns, choices = _operands(order, codes, list(known), slots)
    results = slots.of(outputs)
    slots.of(given)
    operands = np.full((len(order) + len(slots.kinds), 3), -1)
    operands[: len(order)] = np.transpose(columns)
    code = np.append(codes, slots.kinds)
    is_given = code == LEAF
    is_given[is_given] = [leaf in slots.given for leaf in slots.leaves]
    return Tape(
        ops=list(known),
        code=code,
        operands=operands,
        choices=choices,
        leaves=slots.leaves,
        given=is_given,
        constants=np.append(np.full(len(order), UNKNOWN), slots.constants),
        outputs=results,
        made=slots.made,
    )


class _Codes(dict[Op, int]):
    """The code of each operation; of one that is not known, the next."""

    def __missing__(self, op: Op) -> int:
        self[op] = code = len(self)
        return code


class _Slots(dict[Any, int]):
    """The slot of each operand: of what was computed in order, then of leaves and constants.

    None, which stands for no operand, has slot -1.
    """

    def __init__(self, order: dict[Any, int], given: Sequence[Value], since: int | None) -> None:
        super().__init__(order)
        self[None] = -1
        self._computed, self._since = len(order), since
        self.given = set(given)
        self.leaves: list[Value] = []
        self.kinds: list[int] = []
        self.constants: list[float] = []
        self.made: list[ref[Leaf]] = []

    def of(self, operands: Sequence[Any]) -> Ints:
        """The slots of some operands."""
        return np.fromiter(map(self.__getitem__, operands), int, len(operands))

    def __missing__(self, x: Any) -> int:
        """The slot of an operand that was not computed."""
        if isinstance(x, tuple):  # a number, and its sign: -0.0 is not 0.0
            return self._new(x, CONSTANT, x[0])
        if not isinstance(x, Value):
            slot = self[x, math.copysign(1.0, x)]
            if x:
                self[x] = slot
            return slot
        if self._since is None or x in self.given or x._made.time < self._since:
            self.leaves.append(x)
            return self._new(x, LEAF, UNKNOWN)
        if isinstance(x, Leaf) and x.requires_grad:
            self.made.append(ref(x))
        self[x] = slot = self[x._data]
        return slot

    def _new(self, key: Any, kind: int, number: float) -> int:
        self[key] = slot = self._computed + len(self.kinds)
        self.kinds.append(kind)
        self.constants.append(number)
        return slot


def _operands(
    order: dict[Any, int], codes: Ints, ops: list[Op], slots: _Slots
) -> tuple[list[Ints], dict[int, Ints]]:
    """The slots of the first, second and third operands, and those that a pick picks from."""
    first, second = list(map(_first, order)), list(map(_second, order))
    third, choices = np.full(len(order), -1), {}
    more = [op is PICK or op.arity > 2 or op.variadic or op.scalar is None for op in ops]
    for node in compress(order, np.array(more)[codes].tolist()):
        i = order[node]
        if node.op is PICK:
            first[i], *rows = node.operands
            choices[i] = slots.of(rows)
        elif node.op.arity > 3 or node.op.variadic or node.op.scalar is None:
            raise NotImplementedError(f"{node.op.name} cannot be compiled with other operations")
        else:
            third[i] = slots[node._c]
    return [slots.of(first), slots.of(second), third], choices


_first, _second, _op = attrgetter("_a"), attrgetter("_b"), attrgetter("op")


def in_order(outputs: Sequence[Value], since: int) -> dict[Any, int]:
    """What was computed for some results since then, operands first, and which place each has."""
    order: dict[Any, int] = {}
    place = 0  # to ask for `len(order)` each time takes a twentieth of the walk
    stack: list[Any] = [output for output in reversed(outputs) if output.op is not None]
    pop = stack.pop
    while stack:
        node = pop()
        if node is None:  # all that the node below it was computed from is done
            order[pop()] = place
            place += 1
            continue
        if node in order:
            continue
        while node._made.time >= since:
            if not node.op.direct:
                stack += (node, None)
                stack += [x for x in reversed(node.operands) if type(x) is Value]
                break
            a, b = node._a, node._b
            later = type(b) is Value and b not in order
            if type(a) is Value and a not in order:  # go there at once: it is not stacked
                stack += (node, None, b) if later else (node, None)
                node = a
            elif later:
                stack += (node, None)
                node = b
            else:
                order[node] = place
                place += 1
                break
    return order
