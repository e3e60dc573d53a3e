"""Bodies that attract one another: how far they come apart, and what that depends on."""

from __future__ import annotations

from random import Random
from typing import Any

from benchmarks.workloads import Weights, Workload, matrix

Place = list[Any]  # three coordinates


def pull(place: Place, others: list[tuple[float, Place]]) -> Place:
    """The acceleration of a body; near ones are softened, so that none is infinitely strong."""
    total: Place = [0.0, 0.0, 0.0]
    for mass, other in others:
        way = [b - a for a, b in zip(place, other, strict=True)]
        strength = mass * (sum(d * d for d in way) + 0.1) ** -1.5
        total = [t + strength * d for t, d in zip(total, way, strict=True)]
    return total


def loss(start: Weights, masses: list[float], dts: list[float]) -> Any:
    """The mean square of the distances from the middle, after some steps of time."""
    places, speeds = start.places, start.speeds
    for dt in dts:
        bodies = list(zip(masses, places, strict=True))
        pulls = [pull(place, bodies[:i] + bodies[i + 1 :]) for i, place in enumerate(places)]
        speeds = [move(speed, p, dt) for speed, p in zip(speeds, pulls, strict=True)]
        places = [move(place, speed, dt) for place, speed in zip(places, speeds, strict=True)]
    return sum(x * x for place in places for x in place) / len(places)


def move(place: Place, speed: Place, dt: float) -> Place:
    return [x + v * dt for x, v in zip(place, speed, strict=True)]


def make(seed: int, bodies: int = 20, steps: int = 10) -> Workload:
    random = Random(seed)
    places, speeds = matrix(random, bodies, 3), matrix(random, bodies, 3, 0.3)
    masses = [random.uniform(0.5, 1.5) / bodies for _ in range(bodies)]
    start = Weights(places=places, speeds=speeds)
    return Workload(loss, (start, masses, [0.05] * steps), start.parameters())
