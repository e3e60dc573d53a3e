"""20 bodies that attract one another, 10 steps of time: forward and backward.

``python -m benchmarks.nbody``
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.harness import Candidate, Makers, at_hand, main, race
from benchmarks.peers import (
    Array,
    Arrays,
    Flat,
    by_hand,
    cutter,
    glassgrad,
    jax,
    numbers,
    pytorch,
    tiny,
)
from benchmarks.workloads import Workload, nbody

TITLE = "N-body: 20 bodies, 10 steps, forward and backward"


def numpy(start: Arrays, masses: Array, dts: list[float]) -> Candidate:
    flat = Flat(start)
    count = len(masses)

    def derive() -> float:
        places, speeds = (array.T for array in flat.weights)  # (3, count)
        trail = []
        for dt in dts:
            ways = places[:, None, :] - places[:, :, None]
            near = 1.0 / (np.einsum("kij,kij->ij", ways, ways) + 0.1)
            strength = near * np.sqrt(near)
            strength *= masses
            speeds = speeds + dt * np.einsum("kij,ij->ki", ways, strength)
            places = places + dt * speeds
            trail.append((dt, ways, near, strength))
        dplaces, dspeeds = places * (2.0 / count), np.zeros((3, count))
        for dt, ways, near, strength in reversed(trail):
            dspeeds += dt * dplaces
            dpulls = dt * dspeeds
            dnear = np.einsum("kij,ki->ij", ways, dpulls)
            dnear *= strength
            dnear *= near
            dnear *= -3.0
            dways = ways * dnear
            dways += dpulls[:, :, None] * strength
            dplaces += dways.sum(axis=1)
            dplaces -= dways.sum(axis=2)
        flat.grads[0][...], flat.grads[1][...] = dplaces.T, dspeeds.T
        return float((places * places).sum() / count)

    return by_hand(flat, derive)


def torch_loss(masses: Array, dts: list[float]) -> Callable[[list[Any]], Any]:
    weights = importlib.import_module("torch").tensor(masses)

    def loss(parameters: list[Any]) -> Any:
        places, speeds = parameters
        for dt in dts:
            ways = places[None] - places[:, None]
            strength = weights * ((ways * ways).sum(dim=2) + 0.1) ** -1.5
            speeds = speeds + dt * (strength[:, :, None] * ways).sum(dim=1)
            places = places + dt * speeds
        return (places * places).sum() / len(places)

    return loss


def jax_loss(masses: Array, dts: list[float]) -> Callable[[list[Any]], Any]:
    library = importlib.import_module("jax")

    def step(state: Any, dt: Any) -> Any:
        places, speeds = state
        ways = places[None] - places[:, None]
        strength = masses * ((ways * ways).sum(axis=2) + 0.1) ** -1.5
        speeds = speeds + dt * (strength[:, :, None] * ways).sum(axis=1)
        return (places + dt * speeds, speeds), None

    def loss(parameters: list[Any]) -> Any:
        (places, _), _ = library.lax.scan(step, tuple(parameters), np.array(dts))
        return (places * places).sum() / len(places)

    return loss


def makers(make: Callable[[], Workload]) -> Makers:
    _, masses, dts = make().args
    cut = cutter((len(masses), 3), (len(masses), 3))
    start, weights = cut(numbers(make().parameters)), np.array(masses)
    return {
        "glassgrad, compiled": lambda: glassgrad(make(), cut, compiled=True),
        "glassgrad, eager": lambda: glassgrad(make(), cut),
        "NumPy by hand": lambda: numpy(start, weights, dts),
        "jax.jit": lambda: jax(start, jax_loss(weights, dts)),
        "torch": lambda: pytorch(start, torch_loss(weights, dts)),
        "torch.compile": lambda: pytorch(start, torch_loss(weights, dts), compiled=True),
        "TinyValue": lambda: tiny(make(), cut),
    }


def measure(quick: bool) -> Any:
    ways = at_hand(makers(partial(nbody.make, 0)), quick)
    return {TITLE: race(ways, "glassgrad, eager", "NumPy by hand", 3 if quick else 15)}


if __name__ == "__main__":
    main("nbody", measure, __doc__)
