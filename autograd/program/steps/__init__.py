"""Each group as a step on arrays: what its operands look like side by side."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from autograd.program.groups import FIRST, PICKED, SOFTMAX, SUM, Group
from autograd.program.steps.operation import Operation
from autograd.program.steps.picks import Pick
from autograd.program.steps.ragged import Extreme, Ragged
from autograd.program.steps.softmax import RaggedSoftmax, Softmax
from autograd.program.steps.step import Step
from autograd.program.steps.sums import Dots, Matmul, Sum, cartesian
from autograd.program.tape import Tape

__all__ = ["Operation", "Step", "steps_of"]


def steps_of(tape: Tape, groups: Sequence[Group]) -> list[Step]:
    """Find out for each group how its operands lie."""
    made_by: dict[int, Step] = {}  # the first slot of a step -> the step
    steps: list[Step] = []
    for _, alike in itertools.groupby(sorted(groups, key=_alike), key=_alike):
        for step in _steps(tape, list(alike), made_by):
            made_by[int(step.slots.flat[0])] = step
            steps.append(step)
    return steps


def _alike(group: Group) -> tuple[int, int, int]:
    """What groups have in common that may be one ragged step: of more or fewer terms."""
    first = int(group.slots[0])
    if group.code < FIRST:
        return group.round, group.code, first
    products, plain = group.x.shape[1] > 0, group.plain.shape[1] > 0
    mixed = (products and plain) or bool((group.signs < 0).any())
    return group.round, group.code, first if mixed else -1 - products


def _steps(tape: Tape, groups: list[Group], made_by: dict[int, Step]) -> Iterator[Step]:
    code = groups[0].code
    if code == PICKED:
        yield Pick(groups[0])
    elif code < FIRST:
        yield Operation.of(groups[0], tape.ops[code], made_by)
    elif code == SOFTMAX:
        yield Softmax(groups[0]) if len(groups) == 1 else RaggedSoftmax(groups)
    elif len(groups) == 1:
        yield _reduced(groups[0], made_by)
    else:
        ragged = []
        for group in groups:
            table = cartesian(group) if group.x.shape[1] else None
            if table is not None and min(map(len, table[1:])) > 1:
                yield Matmul.of_table(group, table)
            else:
                ragged.append(group)
        if len(ragged) == 1:
            yield _reduced(ragged[0], made_by)
        elif ragged:
            yield Ragged(code, ragged)


def _reduced(group: Group, made_by: dict[int, Step]) -> Step:
    if group.code != SUM:
        return Extreme(group.code, group)
    if not group.x.shape[1]:
        return Sum.of(group, made_by)
    table = cartesian(group)
    return Dots.of_products(group) if table is None else Matmul.of_table(group, table)
