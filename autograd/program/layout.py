"""Where each slot lies in the one array of all numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograd.program.steps import Step
from autograd.program.tape import CONSTANT, Ints, Tape


def addresses(tape: Tape, steps: Sequence[Step]) -> Ints:
    """A place for each slot: what a step reads or writes together lies together, if it can.

    First come the leaves, then those that each call brings, then constants, then what each step
    computes, in its order.
    """
    read = [ref.ravel() for step in sorted(steps, key=_gain) for ref in step.refs]
    every = np.concatenate([*read, np.flatnonzero(tape.code < 0)])
    every = every[tape.code[every] < 0]
    _, first = np.unique(every, return_index=True)
    known = every[np.sort(first)]
    kind = np.where(tape.code[known] == CONSTANT, 2, tape.given[known])
    laid = np.concatenate(
        [known[np.argsort(kind, kind="stable")], *(step.slots.ravel() for step in steps)]
    )
    address = np.full(len(tape), -1)
    address[laid] = np.arange(len(laid))
    for step in steps:
        step.arrange(address)
    return address


def _gain(step: Step) -> tuple[bool, int]:
    return step.slots.size == 1, step.gains
