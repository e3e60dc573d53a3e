"""A scalar LSTM, hidden 16, 20 steps of 8 numbers: forward and backward.

``python -m benchmarks.lstm``
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
    Cut,
    Flat,
    by_hand,
    cutter,
    glassgrad,
    jax,
    numbers,
    pytorch,
    tiny,
)
from benchmarks.workloads import Workload, lstm

TITLE = "LSTM: hidden 16, 20 steps of 8 numbers, forward and backward"


def gate_cutter(hidden: int, features: int) -> Cut:
    """All gates' weights in one matrix, in PyTorch's order: in, forget, new, out."""
    pieces = cutter(*[(hidden, features + hidden), (hidden,)] * 4, (hidden,))

    def cut(numbers: Array) -> Arrays:
        w0, b0, w1, b1, w2, b2, w3, b3, readout = pieces(numbers)
        return [np.concatenate([w0, w1, w3, w2]), np.concatenate([b0, b1, b3, b2]), readout]

    return cut


def numpy(start: Arrays, x: Array, target: float) -> Candidate:  # noqa: PLR0915  by hand is long
    flat = Flat(start)
    w, b, readout = flat.weights
    dw, db, dreadout = flat.grads
    (steps, features), hidden = x.shape, len(readout)
    half = np.repeat([0.5, 0.5, 1.0, 0.5], hidden)  # σ(z) = (1 + tanh(z / 2)) / 2
    shift = 1.0 - half
    inputs = np.zeros((steps + 1, features + hidden))  # of each step: x and h
    inputs[:-1, :features] = x
    h, c = inputs[:, features:], np.zeros((steps + 1, hidden))
    gates, bent, dz = (np.empty((steps, n * hidden)) for n in (4, 1, 4))
    let_in, forget, new, let_out = np.split(gates, 4, axis=1)

    def forward() -> float:
        before = x @ w[:, :features].T
        before += b
        before *= half
        recurrent = w[:, features:] * half[:, None]
        for t in range(steps):
            z = recurrent @ h[t]
            z += before[t]
            np.tanh(z, out=z)
            z *= half
            np.add(z, shift, out=gates[t])
            c[t + 1] = forget[t] * c[t] + let_in[t] * new[t]
            np.tanh(c[t + 1], out=bent[t])
            np.multiply(let_out[t], bent[t], out=h[t + 1])
        return float(readout @ h[steps] - target)

    def derive() -> float:
        error = forward()
        np.multiply(h[steps], 2.0 * error, out=dreadout)
        through_c = let_out * (1.0 - bent * bent)
        slopes = np.concatenate([new, c[:-1], let_in, bent], axis=1)
        sigmoids = gates * (1.0 - gates)
        sigmoids[:, 2 * hidden : 3 * hidden] = 1.0 - new * new
        slopes *= sigmoids
        wide = slopes.reshape(steps, 4, hidden)
        dh, dc, out = 2.0 * error * readout, np.zeros(hidden), dz.reshape(steps, 4, hidden)
        recurrent = w[:, features:]
        for t in reversed(range(steps)):
            dc += dh * through_c[t]
            np.multiply(wide[t], dc, out=out[t])
            np.multiply(wide[t, 3], dh, out=out[t, 3])
            dh = dz[t] @ recurrent
            dc *= forget[t]
        np.matmul(dz.T, inputs[:-1], out=dw)
        dz.sum(axis=0, out=db)
        return error * error

    return by_hand(flat, derive)


def torch_loss(x: Array, target: float) -> Callable[[list[Any]], Any]:
    torch = importlib.import_module("torch")
    sequence = torch.tensor(x)[:, None]  # (steps, batch, features)

    def loss(parameters: list[Any]) -> Any:
        w, b, readout = parameters
        features = sequence.shape[2]
        zero = torch.zeros(1, 1, len(readout), dtype=torch.float64)
        weights = [w[:, :features], w[:, features:], b, torch.zeros_like(b)]
        _, h, _ = torch.lstm(sequence, (zero, zero), weights, True, 1, 0.0, True, False, False)
        return (readout @ h[0, 0] - target) ** 2

    return loss


def jax_loss(x: Array, target: float) -> Callable[[list[Any]], Any]:
    library = importlib.import_module("jax")
    jnp, sigmoid = library.numpy, library.nn.sigmoid

    def loss(parameters: list[Any]) -> Any:
        w, b, readout = parameters
        features = x.shape[1]

        def step(state: Any, before: Any) -> Any:
            h, c = state
            i, f, n, o = jnp.split(before + w[:, features:] @ h, 4)
            c = sigmoid(f) * c + sigmoid(i) * jnp.tanh(n)
            return (sigmoid(o) * jnp.tanh(c), c), None

        zero = jnp.zeros_like(readout)
        (h, _), _ = library.lax.scan(step, (zero, zero), x @ w[:, :features].T + b)
        return (readout @ h - target) ** 2

    return loss


def makers(make: Callable[[], Workload]) -> Makers:
    weights, xs, target = make().args
    readout = weights.readout
    x = np.array(xs)
    cut = gate_cutter(len(readout), x.shape[1])
    start = cut(numbers(make().parameters))
    return {
        "glassgrad, compiled": lambda: glassgrad(make(), cut, compiled=True),
        "glassgrad, eager": lambda: glassgrad(make(), cut),
        "NumPy by hand": lambda: numpy(start, x, target),
        "jax.jit": lambda: jax(start, jax_loss(x, target)),
        "torch": lambda: pytorch(start, torch_loss(x, target)),
        "torch.compile": lambda: pytorch(start, torch_loss(x, target), compiled=True),
        "TinyValue": lambda: tiny(make(), cut),
    }


def measure(quick: bool) -> Any:
    ways = at_hand(makers(partial(lstm.make, 0)), quick)
    return {TITLE: race(ways, "glassgrad, eager", "NumPy by hand", 3 if quick else 15)}


if __name__ == "__main__":
    main("lstm", measure, __doc__)
