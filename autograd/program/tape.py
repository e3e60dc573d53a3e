"""A graph of Values as flat arrays: what the analysis reads instead of nodes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import TABLE, Op
from autograd.program.pick import PICK
from autograd.value import Value

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
    """

    ops: list[Op]
    code: Ints
    operands: Ints
    choices: dict[int, Ints]
    leaves: list[Value]
    given: NDArray[np.bool_]
    constants: NDArray[np.float64]
    outputs: Ints

    def __len__(self) -> int:
        return len(self.code)

    @property
    def leaf_slots(self) -> Ints:
        """The slots of the leaves."""
        return np.flatnonzero(self.code == LEAF)


def tape_of(outputs: Sequence[Value], given: Sequence[Value] = (), since: int | None = None) -> Tape:
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
    order = _in_order(outputs, since or 0)
    slots: dict[Any, Any] = dict(zip(order, itertools.count()))
    made_by = list(map(_op, order))
    ops = OPS + [op for op in dict.fromkeys(made_by) if op not in CODE]
    known = CODE if len(ops) == len(OPS) else {op: code for code, op in enumerate(ops)}
    codes = list(map(known.__getitem__, made_by))
    leaves: list[Value] = []
    constants = [UNKNOWN] * len(order)
    anew = set(given)

    def slot_of(x: Any) -> int:
        """The slot of an operand that was not computed."""
        if x is None:
            return -1
        leaf = isinstance(x, Value) and (
            since is None or x in anew or x._made.time < since
        )
        number = x._data if isinstance(x, Value) else x
        key = x if leaf else (number, math.copysign(1.0, number))  # -0.0 is not 0.0
        slot: int | None = slots.get(key)
        if slot is None:
            slot = slots[key] = len(codes)
            codes.append(LEAF if leaf else CONSTANT)
            constants.append(UNKNOWN if leaf else number)
            if leaf:
                leaves.append(x)
        return slot

    def slots_of(operands: Sequence[Any]) -> list[int]:
        found = map(slots.get, operands)
        return [
            slot_of(x) if slot is None else slot for x, slot in zip(operands, found, strict=True)
        ]

    first, second = list(map(_first, order)), list(map(_second, order))
    third, choices = [-1] * len(order), {}
    for i, node in enumerate(order):
        if node.op is PICK:
            first[i], *rows = node.operands
            choices[i] = np.array(slots_of(rows))
        elif node.op.arity > 3 or node.op.variadic:
            raise NotImplementedError(f"{node.op.name} has too many operands to be compiled")
        elif node.op.arity == 3:
            (third[i],) = slots_of([node._c])
    columns = [slots_of(first), slots_of(second), third]
    results = slots_of(outputs)
    slots_of(given)
    rest = [-1] * (len(codes) - len(order))
    code = np.array(codes)
    is_given = code == LEAF
    is_given[is_given] = [leaf in anew for leaf in leaves]
    return Tape(
        ops=ops,
        code=code,
        operands=np.array([column + rest for column in columns]).T,
        choices=choices,
        leaves=leaves,
        given=is_given,
        constants=np.array(constants),
        outputs=np.array(results),
    )


_first, _second, _op = attrgetter("_a"), attrgetter("_b"), attrgetter("op")


def _in_order(outputs: Sequence[Value], since: int) -> list[Any]:
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
