"""Small trainings that tests watch."""

from __future__ import annotations

import random

import numpy as np

import nn
from nn.functional import cross_entropy, mse_loss

CORNERS, XOR = [(0, 0), (0, 1), (1, 0), (1, 1)], [0, 1, 1, 0]


def trained(model, x, y, loss_of, steps, **options):
    """A watch of some steps of gradient descent."""
    optimizer = nn.SGD(model.parameters(), lr=0.2)
    watch = nn.watch(model, data=(x, y), **options)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_of([model(row) for row in x], y)
        loss.backward()
        optimizer.step()
        watch(loss)
    return watch


def xor(steps=6):
    model = nn.MLP(2, [4, 1], activation="tanh", seed=1)
    return trained(model, CORNERS, XOR, mse_loss, steps)


def three_classes():
    drawn = np.random.default_rng(0)
    y = np.arange(30) % 3
    x = np.array([[0.0, 2.0], [-2.0, -1.0], [2.0, -1.0]])[y] + drawn.normal(size=(30, 2)) * 0.6
    model = nn.MLP(2, [6, 3], activation="tanh", seed=3)
    return trained(model, x.tolist(), y.tolist(), cross_entropy, 4)


def wide():
    drawn = random.Random(0)
    x = [[drawn.random() for _ in range(64)] for _ in range(4)]
    model = nn.MLP(64, [24, 10], init="kaiming", seed=3)
    return trained(model, x, [0, 1, 2, 3], cross_entropy, 2)
