"""A graph without any repetition: operations drawn at random, on operands drawn at random."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from benchmarks.workloads import Weights, Workload, vector

OPERATIONS: tuple[Callable[[Any, Any], Any], ...] = (  # each keeps about within -1 and 1
    lambda a, b: a * b,
    lambda a, b: (a - b) * 0.7,
    lambda a, b: (a + b).tanh(),
    lambda a, b: (a - b).sin(),
    lambda a, b: (a + b).sin(),
    lambda a, b: a / (2.0 + b),
)


@cache
def program(nodes: int, registers: int) -> Callable[[Weights], Any]:
    """Draw a program of about so many nodes; every result is used, for it replaces an operand."""
    random = Random(f"{nodes} nodes")
    instructions = [
        (random.choice(OPERATIONS), *random.sample(range(registers), 2))
        for _ in range(6 * nodes // 11)  # the six operations are eleven nodes
    ]

    def loss(start: Weights) -> Any:
        values = list(start.leaves)
        for operation, i, j in instructions:
            values[i] = operation(values[i], values[j])
        return sum(values)

    return loss


def make(seed: int, nodes: int = 10_000, registers: int = 100) -> Workload:
    leaves = vector(Random(seed), registers, 0.5)
    return Workload(program(nodes, registers), (Weights(leaves=leaves),), leaves)
