"""A trace of one row, repeated for many: what the function would do in a loop over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import trees
from autograd.program.tape import Ints, Tape
from autograd.value import Value


@dataclass(frozen=True)
class Rows:
    """Which arguments hold a row for each run, and how many.

    Attributes
    ----------
    names : frozenset of str
        The arguments.
    count : int
        How many rows.
    stacked : bool
        Whether all results are one array, with a row for each run.
    """

    names: frozenset[str]
    count: int
    stacked: bool

    def results(self, tree: Any) -> tuple[Any, tuple[int, ...]]:
        """A tree with a Value for each result of all rows, and their shape."""
        if not self.stacked or isinstance(tree, Value):
            return tree, (self.count,)
        values = trees.leaves(tree)
        return values[0], (self.count, len(values))

    def each(self, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The arguments of each run."""
        for k in range(self.count):
            yield {name: x[k] if name in self.names else x for name, x in arguments.items()}

    def path(self, path: str, k: int) -> str:
        """What to call a number in row k: ``xs[k][2]`` for ``xs[2]``."""
        name, bracket, rest = path.partition("[")
        return f"{name}[{k}]{bracket}{rest}" if name in self.names else path

    def repeated(self, tape: Tape, mapped: Sequence[Ints]) -> tuple[Tape, Ints]:
        """The tape of all runs in a row, and for each run where the slots of one went.

        `mapped` are the slots of what each run has for itself; so is all that is computed.
        """
        own = tape.code >= 0
        for slots in mapped:
            own[slots] = True
        shared, each = np.flatnonzero(~own), np.flatnonzero(own)
        slot = np.full((self.count, len(tape) + 1), -1)  # the last is that of no operand, -1
        slot[:, shared] = np.arange(len(shared))
        runs = np.arange(self.count)[:, None] * len(each) + np.arange(len(each))
        slot[:, each] = len(shared) + runs
        order = np.concatenate([shared, np.tile(each, self.count)])
        leaf = dict(zip(tape.leaf_slots.tolist(), tape.leaves, strict=True))
        repeated = Tape(
            ops=tape.ops,
            code=tape.code[order],
            operands=np.concatenate(
                [slot[0][tape.operands[shared]], *slot[:, tape.operands[each]]]
            ),
            choices={int(to[at]): to[chosen] for to in slot for at, chosen in tape.choices.items()},
            leaves=[leaf[at] for at in order.tolist() if at in leaf],
            given=tape.given[order],
            constants=tape.constants[order],
            outputs=slot[:, tape.outputs].ravel(),
        )
        return repeated, slot


def count_of(function: str, arguments: dict[str, Any], names: Sequence[str]) -> int:
    """How many rows the arguments hold.

    Raises
    ------
    ValueError
        If not all hold as many, or none.
    """
    counts = {name: len(arguments[name]) for name in names}
    if len(set(counts.values())) != 1 or 0 in counts.values():
        given = ", ".join(f"{name} has {count}" for name, count in counts.items()) or "none has any"
        raise ValueError(f"vmap runs {function} on rows, as many in each argument, but {given}")
    return next(iter(counts.values()))
