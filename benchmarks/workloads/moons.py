"""micrograd's demo: two half moons of points told apart by a network 2-16-16-1."""

from __future__ import annotations

from typing import Any

from sklearn.datasets import make_moons

from benchmarks.workloads import Workload
from nn import MLP


def loss(model: Any, xs: Any, ys: Any) -> Any:
    """The hinge loss, which asks for a margin of 1, and a pull of every weight towards zero."""
    scores = [model(x) for x in xs]
    losses = [(1 + -y * score).relu() for y, score in zip(ys, scores, strict=True)]
    pull = 1e-4 * sum(p * p for p in model.parameters())
    return sum(losses) / len(losses) + pull


def points(samples: int, seed: int = 1) -> tuple[list[list[float]], list[float]]:
    """Draw points, and on which of the moons each lies: -1 or 1."""
    xs, ys = make_moons(n_samples=samples, noise=0.1, random_state=seed)
    return xs.tolist(), (2.0 * ys - 1.0).tolist()


def make(seed: int, hidden: tuple[int, ...] = (16, 16), samples: int = 100) -> Workload:
    model = MLP(2, [*hidden, 1], init="kaiming", seed=seed)
    return Workload(loss, (model, *points(samples, seed)), model.parameters())
