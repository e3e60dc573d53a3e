"""How much a Tensor costs on top of NumPy: whole training steps of a small network.

``python -m benchmarks.tensor_step`` times a step of the MLP 64-128-64-10 with cross-entropy and
Adam in float32, at batches of 32 and 512, in glassgrad, in NumPy written by hand and, where they
are installed, in PyTorch (eager) and MyGrad. All start from the same weights and digits, and must
agree on the loss after some steps before they are timed.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd
from autograd import Tensor
from benchmarks.harness import Row, compare, report
from nn import Adam

Array = NDArray[Any]
Step = Callable[[], float]
SIZES = (64, 128, 64, 10)
BASELINE = "NumPy by hand"
LR, BETA1, BETA2, EPS = 1e-3, 0.9, 0.999, 1e-8


def draw(batch: int) -> tuple[Array, Array, list[Array]]:
    """Pixels, digits, and the weights and biases to start from, always the same."""
    rng = np.random.default_rng(0)
    x = rng.uniform(size=(batch, SIZES[0])).astype(np.float32)
    y = rng.integers(0, SIZES[-1], batch)
    parameters: list[Array] = []
    for fan_in, fan_out in pairwise(SIZES):
        parameters += [rng.normal(size=(fan_out, fan_in)) / fan_in**0.5, np.zeros(fan_out)]
    return x, y, [parameter.astype(np.float32) for parameter in parameters]


def glassgrad(batch: int) -> Step:
    """The step with Tensors."""
    x, y, start = draw(batch)
    parameters = [Tensor(array, requires_grad=True) for array in start]
    optimizer = Adam(parameters, lr=LR)
    pixels = Tensor(x)

    def step() -> float:
        optimizer.zero_grad()
        h = pixels
        for i in range(0, 6, 2):
            h = autograd.linear(h, parameters[i], parameters[i + 1])
            h = h.relu() if i < 4 else h
        loss = autograd.cross_entropy(h, y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


class Flat:
    """Arrays that lie side by side in one, and Adam on all of them at once."""

    def __init__(self, start: list[Array]) -> None:
        ends = np.cumsum([array.size for array in start])
        self.w, self.g, self.m, self.v, self.t = np.zeros((5, ends[-1]), np.float32)
        places = [slice(end - array.size, end) for end, array in zip(ends, start, strict=True)]
        shapes = [array.shape for array in start]
        self.weights = [self.w[p].reshape(s) for p, s in zip(places, shapes, strict=True)]
        self.grads = [self.g[p].reshape(s) for p, s in zip(places, shapes, strict=True)]
        for weight, array in zip(self.weights, start, strict=True):
            weight[...] = array
        self.steps = 0

    def adam(self) -> None:
        """Move all weights by their gradients, in place and without a new array."""
        w, g, m, v, t = self.w, self.g, self.m, self.v, self.t
        self.steps += 1
        m *= BETA1
        np.multiply(g, 1 - BETA1, out=t)
        m += t
        v *= BETA2
        g *= g
        g *= 1 - BETA2
        v += g
        np.sqrt(v, out=t)
        t /= (1 - BETA2**self.steps) ** 0.5
        t += EPS
        np.divide(m, t, out=t)
        t *= LR / (1 - BETA1**self.steps)
        w -= t


def by_hand(batch: int) -> Step:
    """The step in NumPy, by somebody who knows the derivatives and counts the passes."""
    x, y, start = draw(batch)
    flat, rows = Flat(start), np.arange(batch)
    w1, b1, w2, b2, w3, b3 = flat.weights
    dw1, db1, dw2, db2, dw3, db3 = flat.grads

    def layer(x: Array, w: Array, b: Array) -> Array:
        out: Array = x @ w.T
        out += b
        return out

    def step() -> float:
        h1 = layer(x, w1, b1)
        np.maximum(h1, 0, out=h1)
        h2 = layer(h1, w2, b2)
        np.maximum(h2, 0, out=h2)
        z = layer(h2, w3, b3)
        z -= z.max(axis=1, keepdims=True)
        e = np.exp(z)
        total = e.sum(axis=1, keepdims=True)
        loss = float((np.log(total[:, 0]) - z[rows, y]).mean())
        e /= total
        e[rows, y] -= 1
        e /= batch
        np.matmul(e.T, h2, out=dw3)
        e.sum(axis=0, out=db3)
        d2 = e @ w3
        d2 *= h2 > 0
        np.matmul(d2.T, h1, out=dw2)
        d2.sum(axis=0, out=db2)
        d1 = d2 @ w2
        d1 *= h1 > 0
        np.matmul(d1.T, x, out=dw1)
        d1.sum(axis=0, out=db1)
        flat.adam()
        return loss

    return step


def pytorch(torch: Any) -> Callable[[int], Step]:
    """The step in PyTorch, eager, with its fused Adam."""
    torch.set_num_threads(1)

    def make(batch: int) -> Step:
        x, y, start = draw(batch)
        parameters = [torch.tensor(array, requires_grad=True) for array in start]
        optimizer = torch.optim.Adam(parameters, lr=LR, fused=True)
        pixels, digits = torch.tensor(x), torch.tensor(y)
        linear, cross_entropy = torch.nn.functional.linear, torch.nn.functional.cross_entropy

        def step() -> float:
            optimizer.zero_grad()
            h = pixels
            for i in range(0, 6, 2):
                h = linear(h, parameters[i], parameters[i + 1])
                h = h.relu() if i < 4 else h
            loss = cross_entropy(h, digits)
            loss.backward()
            optimizer.step()
            return float(loss.item())

        return step

    return make


def mygrad(mg: Any) -> Callable[[int], Step]:
    """The step in MyGrad, which also runs on NumPy, with Adam by hand, a parameter at a time."""
    losses = importlib.import_module("mygrad.nnet.losses")

    def make(batch: int) -> Step:
        x, y, start = draw(batch)
        parameters = [mg.tensor(array) for array in start]
        moments = [(np.zeros_like(array), np.zeros_like(array)) for array in start]
        steps = [0]

        def step() -> float:
            h = x
            for i in range(0, 6, 2):
                h = mg.matmul(h, parameters[i].T) + parameters[i + 1]
                h = mg.maximum(h, 0) if i < 4 else h
            loss = losses.softmax_crossentropy(h, y)
            loss.backward()
            steps[0] += 1
            for parameter, moment in zip(parameters, moments, strict=True):
                mean, square = moment
                mean += (1 - BETA1) * (parameter.grad - mean)
                square += (1 - BETA2) * (parameter.grad**2 - square)
                spread = np.sqrt(square / (1 - BETA2 ** steps[0])) + EPS
                parameter.data -= LR / (1 - BETA1 ** steps[0]) * mean / spread
            return float(loss.item())

        return step

    return make


def measure(batch: int, makers: dict[str, Callable[[int], Step]], rounds: int) -> list[Row]:
    """Check that all agree on the loss, then time a hundred steps of each in every round."""
    steps = {name: make(batch) for name, make in makers.items()}
    losses = {name: [step() for _ in range(20)][-1] for name, step in steps.items()}
    for name, loss in losses.items():
        if abs(loss - losses[BASELINE]) > 1e-4:
            raise RuntimeError(f"{name} has loss {loss}, {BASELINE} has {losses[BASELINE]}")
    jobs = {name: lambda step=step: [step() for _ in range(100)] for name, step in steps.items()}
    rows = compare(jobs, BASELINE, rounds)
    return [
        {"name": row["name"], "µs a step": 10 * float(row["median ms"])}
        | {key: value for key, value in row.items() if key.startswith("÷")}
        for row in rows
    ]


def main() -> None:
    """Run everything and report it."""
    parser = argparse.ArgumentParser(description="Compare training steps on arrays.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    quick = parser.parse_args().quick
    makers: dict[str, Callable[[int], Step]] = {"glassgrad": glassgrad, BASELINE: by_hand}
    missing: list[Row] = []
    for module, make in (("torch", pytorch), ("mygrad", mygrad)):
        try:
            makers[module] = make(importlib.import_module(module))
        except ImportError:
            missing.append({"name": f"{module}: not installed"})
    tables = {
        f"MLP 64-128-64-10, cross-entropy, Adam, float32, batch {batch}": measure(
            batch, makers, 5 if quick else 21
        )
        + missing
        for batch in (32, 512)
    }
    report("tensor_step.quick" if quick else "tensor_step", tables)


if __name__ == "__main__":
    main()
