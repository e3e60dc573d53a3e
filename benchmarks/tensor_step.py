"""How much a Tensor costs on top of NumPy: whole training steps of a small network.

``python -m benchmarks.tensor_step`` times a step of the MLP 64-128-64-10 with cross-entropy and
Adam in float32, on batches of 32 and 512 digits, in glassgrad, as it is and compiled, in NumPy
written by hand and, where they are installed, in JAX, PyTorch and MyGrad.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

import autograd
from autograd import Tensor
from benchmarks import peers
from benchmarks.harness import Candidate, Makers, at_hand, main, race
from benchmarks.peers import Array, Arrays, Flat
from benchmarks.workloads import Weights
from nn import Adam

SIZES = (64, 128, 64, 10)
BASELINE = "NumPy by hand"
LR, BETA1, BETA2, EPS = 1e-3, 0.9, 0.999, 1e-8


def draw(batch: int) -> tuple[Array, Array, Arrays]:
    """Pixels, digits, and the weights and biases to start from, always the same."""
    images, digits = load_digits(return_X_y=True)
    rng = np.random.default_rng(0)
    parameters: Arrays = []
    for fan_in, fan_out in pairwise(SIZES):
        parameters += [rng.normal(size=(fan_out, fan_in)) / fan_in**0.5, np.zeros(fan_out)]
    start = [parameter.astype(np.float32) for parameter in parameters]
    return images[:batch].astype(np.float32) / 16.0, digits[:batch], start


def our_loss(weights: Weights, x: Any, y: Any) -> Tensor:
    h, parameters = x, weights.each
    for i in range(0, len(parameters), 2):
        h = autograd.linear(h if i == 0 else h.relu(), parameters[i], parameters[i + 1])
    return autograd.cross_entropy(h, y)


def glassgrad(x: Array, y: Array, start: Arrays, *, compiled: bool) -> Candidate:
    """The step with Tensors."""
    parameters = [Tensor(array, requires_grad=True) for array in start]
    weights, optimizer = Weights(each=parameters), Adam(parameters, lr=LR)
    pixels = Tensor(x)
    loss = autograd.compile(our_loss) if compiled else our_loss

    def gradients() -> tuple[float, Arrays]:
        out = loss(weights, pixels, y)
        out.backward()
        return out.item(), [parameter.grad for parameter in parameters]

    def step() -> float:
        optimizer.zero_grad()
        out = loss(weights, pixels, y)
        out.backward()
        optimizer.step()
        return float(out.item())

    return Candidate(gradients, step)


def by_hand(x: Array, y: Array, start: Arrays) -> Candidate:
    """The step in NumPy, by somebody who knows the derivatives and counts the passes."""
    flat, rows = Flat(start), np.arange(len(x))
    w1, b1, w2, b2, w3, b3 = flat.weights
    dw1, db1, dw2, db2, dw3, db3 = flat.grads

    def layer(x: Array, w: Array, b: Array) -> Array:
        out: Array = x @ w.T
        out += b
        return out

    def derive() -> float:
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
        e /= len(x)
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
        return loss

    return peers.by_hand(flat, derive, partial(flat.adam, LR, BETA1, BETA2, EPS))


def torch_loss(x: Array, y: Array) -> Callable[[list[Any]], Any]:
    torch = importlib.import_module("torch")
    pixels, digits = torch.tensor(x), torch.tensor(y)
    linear, cross_entropy = torch.nn.functional.linear, torch.nn.functional.cross_entropy

    def loss(parameters: list[Any]) -> Any:
        w1, b1, w2, b2, w3, b3 = parameters
        h = linear(linear(pixels, w1, b1).relu(), w2, b2).relu()
        return cross_entropy(linear(h, w3, b3), digits)

    return loss


def torch_adam(parameters: list[Any]) -> Any:
    return importlib.import_module("torch").optim.Adam(parameters, lr=LR, fused=True)


def jax_loss(x: Array, y: Array) -> Callable[[list[Any]], Any]:
    library = importlib.import_module("jax")
    relu, log_softmax, rows = library.nn.relu, library.nn.log_softmax, np.arange(len(x))

    def loss(parameters: list[Any]) -> Any:
        w1, b1, w2, b2, w3, b3 = parameters
        h = relu(relu(x @ w1.T + b1) @ w2.T + b2)
        return -log_softmax(h @ w3.T + b3)[rows, y].mean()

    return loss


def jax_adam(parameters: list[Any], gradients: list[Any], state: Any) -> Any:
    """Adam; the state is how many steps were taken, and the moments of each array."""
    taken, m, v = state
    taken += 1
    m = [BETA1 * a + (1 - BETA1) * g for a, g in zip(m, gradients, strict=True)]
    v = [BETA2 * a + (1 - BETA2) * g**2 for a, g in zip(v, gradients, strict=True)]
    fix1, fix2 = 1 - BETA1**taken, 1 - BETA2**taken
    moved = [
        p - LR * (a / fix1) / ((b / fix2) ** 0.5 + EPS)
        for p, a, b in zip(parameters, m, v, strict=True)
    ]
    return moved, (taken, m, v)


def mygrad(x: Array, y: Array, start: Arrays) -> Candidate:
    """The step in MyGrad, which also runs on NumPy, with Adam by hand, a parameter at a time."""
    mg, losses = map(importlib.import_module, ("mygrad", "mygrad.nnet.losses"))
    parameters = [mg.tensor(array) for array in start]
    moments = [(np.zeros_like(array), np.zeros_like(array)) for array in start]
    taken = 0

    def loss() -> Any:
        h = x
        for i in range(0, 6, 2):
            h = mg.matmul(h, parameters[i].T) + parameters[i + 1]
            h = mg.maximum(h, 0) if i < 4 else h
        out = losses.softmax_crossentropy(h, y)
        out.backward()
        return out.item()

    def step() -> float:
        nonlocal taken
        out, taken = loss(), taken + 1
        for parameter, (mean, square) in zip(parameters, moments, strict=True):
            mean += (1 - BETA1) * (parameter.grad - mean)  # noqa: PLW2901  in place
            square += (1 - BETA2) * (parameter.grad**2 - square)  # noqa: PLW2901
            spread = np.sqrt(square / (1 - BETA2**taken)) + EPS
            parameter.data -= LR / (1 - BETA1**taken) * mean / spread
        return float(out)

    return Candidate(lambda: (loss(), [parameter.grad for parameter in parameters]), step)


def makers(batch: int) -> Makers:
    x, y, start = draw(batch)

    def with_jax() -> Candidate:
        zeros = [np.zeros_like(array) for array in start]
        return peers.jax(start, jax_loss(x, y), jax_adam, (np.float32(0.0), zeros, zeros))

    def with_torch(*, compiled: bool) -> Candidate:
        return peers.pytorch(start, torch_loss(x, y), torch_adam, compiled=compiled)

    return {
        "glassgrad, compiled": partial(glassgrad, x, y, start, compiled=True),
        "glassgrad, eager": partial(glassgrad, x, y, start, compiled=False),
        BASELINE: partial(by_hand, x, y, start),
        "jax.jit": with_jax,
        "torch": partial(with_torch, compiled=False),
        "torch.compile": partial(with_torch, compiled=True),
        "mygrad": partial(mygrad, x, y, start),
    }


def measure(quick: bool) -> Any:
    rounds = 3 if quick else 15
    return {
        f"MLP 64-128-64-10, cross-entropy, Adam, float32, batch {batch}": race(
            at_hand(makers(batch), quick), "glassgrad, eager", BASELINE, rounds, tolerance=1e-4
        )
        for batch in (32, 512)
    }


if __name__ == "__main__":
    main("tensor_step", measure, __doc__)
