"""Where each slot lies in the one array of all numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from autograd.program.steps import Step
from autograd.program.tape import CONSTANT, Ints, Tape


def addresses(tape: Tape, steps: Sequence[Step]) -> Ints:
    """A place for each slot: what a step reads or writes together lies together, if it can.

    First come the leaves, then those that each call brings, then constants, then what each step
    computes, in its order; but steps whose results another reads one behind the other stand so.
    """
    read = [ref.ravel() for step in sorted(steps, key=_gain) for ref in step.refs]
    every = np.concatenate([*read, np.flatnonzero(tape.code < 0)])
    every = every[tape.code[every] < 0]
    _, first = np.unique(every, return_index=True)
    known = every[np.sort(first)]
    kind = np.where(tape.code[known] == CONSTANT, 2, tape.given[known])
    laid = np.concatenate(
        [
            known[np.argsort(kind, kind="stable")],
            *(step.slots.ravel() for step in _side_by_side(tape, steps)),
        ]
    )
    address = np.full(len(tape), -1)
    address[laid] = np.arange(len(laid))
    for step in steps:
        step.arrange(address)
    return address


def _side_by_side(tape: Tape, steps: Sequence[Step]) -> Iterator[Step]:
    """The steps, those next to each other whose results another step reads as one."""
    maker = np.full(len(tape), -1)
    for k, step in enumerate(steps):
        maker[step.slots] = k
    after: dict[int, int] = {}  # which step stands behind which
    before: dict[int, int] = {}
    for step in sorted(steps, key=_gain):
        for ref in step.refs:
            for first, second in pairwise(_read_whole(ref.ravel(), maker, steps)):
                if first not in after and second not in before and _last(second, after) != first:
                    after[first], before[second] = second, first
    for first in range(len(steps)):
        k = -1 if first in before else first
        while k >= 0:
            yield steps[k]
            k = after.get(k, -1)


def _read_whole(slots: Ints, maker: Ints, steps: Sequence[Step]) -> list[int]:
    """The steps whose results are what is read, one behind the other and each in its order."""
    makers = maker[slots]
    changes = np.flatnonzero(makers[1:] != makers[:-1])
    if not changes.size or makers.min() < 0:
        return []
    found = [int(makers[0]), *makers[changes + 1].tolist()]
    if sum(steps[k].slots.size for k in found) != slots.size:
        return []
    whole = np.concatenate([steps[k].slots.ravel() for k in found])
    return found if np.array_equal(whole, slots) else []


def _last(k: int, after: dict[int, int]) -> int:
    """The last of the steps that stand behind one."""
    while k in after:
        k = after[k]
    return k


def _gain(step: Step) -> tuple[bool, int]:
    return step.slots.size == 1, step.gains
