"""A graph of Values as flat arrays: what the analysis reads instead of nodes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
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
    ops = OPS + [op for op in dict.fromkeys(map(_op, order)) if op not in CODE]
    known = CODE if len(ops) == len(OPS) else {op: code for code, op in enumerate(ops)}
    slots = _Slots(order, given, since)
    columns, choices = _operands(order, slots)
    results = slots.of(outputs)
    slots.of(given)
    rest = [-1] * len(slots.constants)
    code = np.array([*map(known.__getitem__, map(_op, order)), *slots.kinds])
    is_given = code == LEAF
    is_given[is_given] = [leaf in slots.given for leaf in slots.leaves]
    return Tape(
        ops=ops,
        code=code,
        operands=np.array([column + rest for column in columns]).T,
        choices=choices,
        leaves=slots.leaves,
        given=is_given,
        constants=np.array([UNKNOWN] * len(order) + slots.constants),
        outputs=np.array(results),
        made=slots.made,
    )


class _Slots:
    """The slot of each operand: of what was computed in order, then of leaves and constants."""

    def __init__(self, order: list[Any], given: Sequence[Value], since: int | None) -> None:
        self._slots: dict[Any, int] = dict(zip(order, itertools.count(), strict=False))
        self._since = since
        self.given = set(given)
        self.leaves: list[Value] = []
        self.kinds: list[int] = []
        self.constants: list[float] = []
        self.made: list[ref[Leaf]] = []

    def of(self, operands: Sequence[Any]) -> list[int]:
        """The slots of some operands; -1 for None."""
        found = map(self._slots.get, operands)
        return [
            self._new(x) if slot is None else slot for x, slot in zip(operands, found, strict=True)
        ]

    def _new(self, x: Any) -> int:
        """The slot of an operand that was not computed."""
        if x is None:
            return -1
        number = x._data if isinstance(x, Value) else x
        leaf = isinstance(x, Value) and (
            self._since is None or x in self.given or x._made.time < self._since
        )
        key = x if leaf else (number, math.copysign(1.0, number))  # -0.0 is not 0.0
        if key not in self._slots:
            self._slots[key] = len(self._slots)
            self.kinds.append(LEAF if leaf else CONSTANT)
            self.constants.append(UNKNOWN if leaf else number)
            if leaf:
                self.leaves.append(x)
        if not leaf and isinstance(x, Leaf) and x.requires_grad:
            self.made.append(ref(x))
        return self._slots[key]


def _operands(order: list[Any], slots: _Slots) -> tuple[list[list[int]], dict[int, Ints]]:
    """The slots of the first, second and third operands, and those that a pick picks from."""
    first, second = list(map(_first, order)), list(map(_second, order))
    third, choices = [-1] * len(order), {}
    for i, node in enumerate(order):
        if node.op is PICK:
            first[i], *rows = node.operands
            choices[i] = np.array(slots.of(rows))
        elif node.op.arity > 3 or node.op.variadic or node.op.scalar is None:
            raise NotImplementedError(f"{node.op.name} cannot be compiled with other operations")
        elif node.op.arity == 3:
            (third[i],) = slots.of([node._c])
    return [slots.of(first), slots.of(second), third], choices


_first, _second, _op = attrgetter("_a"), attrgetter("_b"), attrgetter("op")


def in_order(outputs: Sequence[Value], since: int) -> list[Any]:
    """What was computed for some results since then, operands first."""
    order: list[Any] = []
    met: set[Any] = set()
    stack: list[Any] = [output for output in reversed(outputs) if output.op is not None]
    push, pop, meet = stack.append, stack.pop, met.add
    while stack:
        node = pop()
        if node is None:
            order.append(pop())
        elif node not in met and node._made.time >= since:
            meet(node)
            stack += (node, None)
            if node.op.arity > 2 or node.op.variadic:
                stack += [
                    x for x in reversed(node.operands) if x.__class__ is Value and x not in met
                ]
                continue
            a, b = node._a, node._b
            if b.__class__ is Value and b not in met:
                push(b)
            if a.__class__ is Value and a not in met:
                push(a)
    return order
