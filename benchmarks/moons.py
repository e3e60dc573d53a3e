"""micrograd's demo, a whole training step: the MLP 2-16-16-1 on 100 points, hinge loss, SGD.

``python -m benchmarks.moons``
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
    glassgrad,
    jax,
    mlp_cutter,
    numbers,
    pytorch,
    scalar,
)
from benchmarks.workloads import Workload, moons
from nn import SGD

TITLE = "Moons: MLP 2-16-16-1, 100 points, hinge loss and L2, SGD"
LR, PULL = 0.05, 1e-4


def micrograd(workload: Workload) -> Candidate:
    """micrograd itself, on the very same code."""
    model, xs, ys = workload.args
    sizes = [len(layer.neurons) for layer in model.layers]
    theirs = importlib.import_module("micrograd.nn").MLP(2, sizes)
    for parameter, number in zip(theirs.parameters(), numbers(workload.parameters), strict=True):
        parameter.data = float(number)

    def update() -> None:
        for parameter in theirs.parameters():
            parameter.data -= LR * parameter.grad
        theirs.zero_grad()

    cut = mlp_cutter(2, *sizes)
    return scalar(workload.loss, (theirs, xs, ys), theirs.parameters(), cut, update)


def numpy(start: Arrays, x: Array, y: Array) -> Candidate:
    flat = Flat(start)
    w1, b1, w2, b2, w3, b3 = flat.weights
    dw1, db1, dw2, db2, dw3, db3 = flat.grads

    def derive() -> float:
        h1 = x @ w1.T
        h1 += b1
        np.maximum(h1, 0.0, out=h1)
        h2 = h1 @ w2.T
        h2 += b2
        np.maximum(h2, 0.0, out=h2)
        short = 1.0 - y * ((h2 @ w3[0]) + b3)  # how much of the margin is missing
        np.maximum(short, 0.0, out=short)
        loss = short.sum() / len(y) + PULL * (flat.w @ flat.w)
        d = (short > 0.0) * y
        d /= -len(y)
        np.matmul(d, h2, out=dw3[0])
        db3[0] = d.sum()
        d2 = d[:, None] * w3
        d2 *= h2 > 0.0
        np.matmul(d2.T, h1, out=dw2)
        d2.sum(axis=0, out=db2)
        d1 = d2 @ w2
        d1 *= h1 > 0.0
        np.matmul(d1.T, x, out=dw1)
        d1.sum(axis=0, out=db1)
        np.multiply(flat.w, 2.0 * PULL, out=flat.t)
        flat.g += flat.t
        return float(loss)

    return by_hand(flat, derive, partial(flat.sgd, LR))


def torch_loss(x: Array, y: Array) -> Callable[[list[Any]], Any]:
    torch = importlib.import_module("torch")
    points, signs = torch.tensor(x), torch.tensor(y)
    linear = torch.nn.functional.linear

    def loss(parameters: list[Any]) -> Any:
        w1, b1, w2, b2, w3, b3 = parameters
        h = linear(linear(points, w1, b1).relu(), w2, b2).relu()
        hinge = (1.0 - signs * linear(h, w3, b3)[:, 0]).relu().mean()
        return hinge + PULL * torch.cat([p.flatten() for p in parameters]).square().sum()

    return loss


def torch_sgd(parameters: list[Any]) -> Any:
    return importlib.import_module("torch").optim.SGD(parameters, lr=LR)


def jax_loss(x: Array, y: Array) -> Callable[[list[Any]], Any]:
    relu = importlib.import_module("jax").nn.relu

    def loss(parameters: list[Any]) -> Any:
        w1, b1, w2, b2, w3, b3 = parameters
        h = relu(relu(x @ w1.T + b1) @ w2.T + b2)
        hinge = relu(1.0 - y * (h @ w3[0] + b3)).mean()
        return hinge + PULL * sum((p * p).sum() for p in parameters)

    return loss


def jax_sgd(parameters: list[Any], gradients: list[Any], state: Any) -> Any:
    return [p - LR * g for p, g in zip(parameters, gradients, strict=True)], state


def makers(make: Callable[[], Workload]) -> Makers:
    model, xs, ys = make().args
    cut = mlp_cutter(2, *(len(layer.neurons) for layer in model.layers))
    start = cut(numbers(model.parameters()))
    x, y = np.array(xs), np.array(ys)
    sgd = partial(SGD, lr=LR)

    def on_arrays() -> Candidate:
        workload = make()
        args = (workload.args[0], x, y)
        return glassgrad(workload, cut, sgd, compiled=True, args=args)

    return {
        "glassgrad, compiled": lambda: glassgrad(make(), cut, sgd, compiled=True),
        "glassgrad, compiled, given arrays": on_arrays,
        "glassgrad, eager": lambda: glassgrad(make(), cut, sgd),
        "NumPy by hand": lambda: numpy(start, x, y),
        "jax.jit": lambda: jax(start, jax_loss(x, y), jax_sgd),
        "torch": lambda: pytorch(start, torch_loss(x, y), torch_sgd),
        "torch.compile": lambda: pytorch(start, torch_loss(x, y), torch_sgd, compiled=True),
        "micrograd": lambda: micrograd(make()),
    }


def measure(quick: bool) -> Any:
    ways = at_hand(makers(partial(moons.make, 0)), quick)
    return {TITLE: race(ways, "glassgrad, eager", "NumPy by hand", 3 if quick else 15)}


if __name__ == "__main__":
    main("moons", measure, __doc__)
