"""Compiled programs that several tests look at: two that are well known, small, and their like."""

from __future__ import annotations

import itertools

import autograd
import nn
from autograd import Value

XS = [[0.5, -1.0], [1.5, 0.25], [-0.75, 2.0], [0.1, 0.2], [-1.0, -0.5]]
YS = [1.0, -1.0, 1.0, 1.0, -1.0]


def moons():
    """micrograd's demo: the hinge loss of a network, and a pull of every weight towards zero."""

    @autograd.compile
    def loss(model, xs, ys):
        scores = [model(x) for x in xs]
        losses = [(1 + -y * score).relu() for y, score in zip(ys, scores, strict=True)]
        pull = 1e-4 * sum(p * p for p in model.parameters())
        return sum(losses) / len(losses) + pull

    model = nn.MLP(2, [3, 1], init="kaiming", seed=1)
    return loss, (model, XS, YS), model.parameters()


def lstm():
    """The squared error of what is read out after two steps of an LSTM."""

    def gate(weights, biases, inputs):
        sums = (sum(w * x for w, x in zip(row, inputs, strict=True)) for row in weights)
        return [z + b for z, b in zip(sums, biases, strict=True)]

    def step(gates, x, h, c):
        found = [gate(weights, biases, x + h) for weights, biases in gates]
        let_in, forget, let_out = ([z.sigmoid() for z in each] for each in found[:3])
        new = [z.tanh() for z in found[3]]
        c = [f * ci + i * n for f, ci, i, n in zip(forget, c, let_in, new, strict=True)]
        return [o * ci.tanh() for o, ci in zip(let_out, c, strict=True)], c

    @autograd.compile
    def loss(gates, xs, h, target):
        c = h
        for x in xs:
            h, c = step(gates, x, h, c)
        return (sum(h) - target) ** 2

    numbers = iter(range(1, 200))

    def values(count):
        return [Value(((7 * next(numbers)) % 11 - 5) / 8) for _ in range(count)]

    gates = [([values(3), values(3)], values(2)) for _ in range(4)]
    parameters = [p for weights, biases in gates for row in [*weights, biases] for p in row]
    return loss, (gates, [[0.5], [-1.0]], [0.25, -0.5], 1.0), parameters


def picking():
    """A choice of rows by integers, softmax and the logarithm of one probability."""
    table = [[Value((3 * i + j) / 7 - 1.0) for j in range(3)] for i in range(4)]

    @autograd.compile
    def loss(tokens):
        total = 0.0
        for token, target in itertools.pairwise(tokens):
            row = autograd.pick(table, token)
            logits = [sum(w * x for w, x in zip(other, row, strict=True)) for other in table]
            largest = autograd.max(logits)
            exps = [(z - largest).exp() for z in logits]
            total -= (autograd.pick(exps, target) / sum(exps)).log()
        return total / (len(tokens) - 1)

    return loss, ([0, 3, 1, 2],), [p for row in table for p in row]


def choosing():
    """Operations that are no plain functions of NumPy: choices, extremes, ties, powers."""
    v = [Value(x, name=f"v{i}") for i, x in enumerate((0.5, -0.25, 2.0, 2.0))]

    @autograd.compile
    def loss(x):
        parts = [autograd.where(a > x, a.exp(), a.sigmoid()) for a in v]
        ties = autograd.max(v) * autograd.min(v) + autograd.max(parts)
        return ties + sum((a * a + 0.5) ** -1.5 + abs(a) + a.softplus() for a in v)

    return loss, (0.25,), v


def rows():
    """One row's function on many rows."""
    model = nn.MLP(2, [3, 1], seed=0)
    return autograd.vmap(lambda x: model(x).tanh()), (XS,), model.parameters()


EVERY = [moons, lstm, picking, choosing, rows]
