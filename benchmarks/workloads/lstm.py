"""A recurrent network with a memory: an LSTM that reads a sequence and foretells its sum."""

from __future__ import annotations

from random import Random
from typing import Any

from benchmarks.workloads import Weights, Workload, matrix, vector

Gate = tuple[list[list[Any]], list[Any]]  # weights, a row for each unit, and biases


def gate(parameters: Gate, inputs: list[Any]) -> list[Any]:
    weights, biases = parameters
    return [
        sum(w * x for w, x in zip(row, inputs, strict=True)) + b
        for row, b in zip(weights, biases, strict=True)
    ]


def step(gates: list[Gate], x: list[float], h: list[Any], c: list[Any]) -> Any:
    """One time step: what to let in, to forget, to let out, and what is new."""
    inputs = x + h
    let_in = [z.sigmoid() for z in gate(gates[0], inputs)]
    forget = [z.sigmoid() for z in gate(gates[1], inputs)]
    let_out = [z.sigmoid() for z in gate(gates[2], inputs)]
    new = [z.tanh() for z in gate(gates[3], inputs)]
    c = [f * ci + i * n for f, ci, i, n in zip(forget, c, let_in, new, strict=True)]
    h = [o * ci.tanh() for o, ci in zip(let_out, c, strict=True)]
    return h, c


def loss(weights: Weights, xs: list[list[float]], target: float) -> Any:
    """The squared error of the number that is read out after the last step."""
    h: list[Any] = [0.0] * len(weights.readout)
    c = h
    for x in xs:
        h, c = step(weights.gates, x, h, c)
    return (sum(w * hi for w, hi in zip(weights.readout, h, strict=True)) - target) ** 2


def make(seed: int, hidden: int = 16, steps: int = 20, features: int = 8) -> Workload:
    random = Random(seed)
    spread = (hidden + features) ** -0.5
    gates = [
        (matrix(random, hidden, features + hidden, spread), vector(random, hidden, spread))
        for _ in range(4)
    ]
    readout = vector(random, hidden, spread)
    xs = [[random.gauss(0.0, 1.0) for _ in range(features)] for _ in range(steps)]
    target = sum(map(sum, xs)) / steps
    weights = Weights(gates=gates, readout=readout)
    return Workload(loss, (weights, xs, target), weights.parameters())
