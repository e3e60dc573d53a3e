"""How fast convolutions of Tensors are: whole training steps of a small convolutional network.

``python -m benchmarks.cnn_step`` times a step of two convolutions of 3 × 3, to 16 and to 32
channels, each with ReLU and max pooling, a linear layer, cross-entropy and Adam in float32, on 64
images: digits of 8 × 8, and noise of 28 × 28 and of 3 × 32 × 32. So it does in glassgrad, as it is
and compiled, in NumPy written by hand and, where they are installed, in JAX, PyTorch and MyGrad.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.datasets import load_digits

import autograd
import nn
from autograd import Tensor
from benchmarks import peers
from benchmarks.harness import Candidate, Makers, at_hand, main, race
from benchmarks.peers import Array, Arrays, Flat
from benchmarks.tensor_step import BASELINE, BETA1, BETA2, EPS, LR, jax_adam, torch_adam

BATCH = 64
IMAGES = {"digits of 8 × 8": (1, 8), "28 × 28": (1, 28), "3 × 32 × 32": (3, 32)}


def draw(channels: int, size: int) -> tuple[Array, Array, Arrays]:
    """Images, classes, and the weights and biases to start from, always the same."""
    digits, classes = load_digits(return_X_y=True)
    rng = np.random.default_rng(0)
    images = digits[:BATCH].reshape(-1, 1, 8, 8) / 16.0
    if size != 8:
        images = rng.uniform(size=(BATCH, channels, size, size))
    shapes = [(16, channels, 3, 3), (32, 16, 3, 3), (10, 32 * (size // 4) ** 2)]
    parameters: Arrays = []
    for shape in shapes:
        bound = 1.0 / np.prod(shape[1:]) ** 0.5
        parameters += [rng.uniform(-bound, bound, shape), rng.uniform(-bound, bound, shape[0])]
    start = [parameter.astype(np.float32) for parameter in parameters]
    return images.astype(np.float32), classes[:BATCH], start


class Net(nn.Module):
    def __init__(self, start: Arrays) -> None:
        channels = start[0].shape[1]
        self.first = nn.Conv2d(channels, 16, 3, padding=1)
        self.second = nn.Conv2d(16, 32, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        parameters = [Tensor(array, requires_grad=True) for array in start]
        self.first.weight, self.first.bias, self.second.weight, self.second.bias = parameters[:4]
        self.weight, self.bias = parameters[4:]

    def forward(self, x: Any) -> Any:
        x = self.pool(self.first(x).relu())
        x = self.pool(self.second(x).relu())
        return autograd.linear(x.flatten(1), self.weight, self.bias)


def glassgrad(x: Array, y: Array, start: Arrays, *, compiled: bool) -> Candidate:
    """The step with Tensors."""
    net, images = Net(start), Tensor(x)
    first, second = net.first, net.second
    parameters: list[Any] = [first.weight, first.bias, second.weight, second.bias]
    parameters += [net.weight, net.bias]
    optimizer = nn.Adam(parameters, lr=LR)

    def of_net(images: Any, classes: Any) -> Any:
        return autograd.cross_entropy(net(images), classes)

    loss = autograd.compile(of_net) if compiled else of_net

    def gradients() -> tuple[float, Arrays]:
        out = loss(images, y)
        out.backward()
        return out.item(), [parameter.grad for parameter in parameters]

    def step() -> float:
        optimizer.zero_grad()
        out = loss(images, y)
        out.backward()
        optimizer.step()
        return float(out.item())

    return Candidate(gradients, step)


class Block:
    """By hand: a convolution, ReLU and pooling of images, channels last, and the way back."""

    def __init__(self, weight: Array, bias: Array, dweight: Array, dbias: Array) -> None:
        self.weight, self.bias, self.dweight, self.dbias = weight, bias, dweight, dbias

    def __call__(self, x: Array) -> Array:
        n, h, w, c = self.shape = x.shape
        rows = self.weight.transpose(0, 2, 3, 1).reshape(len(self.weight), -1)
        padded = np.zeros((n, h + 2, w + 2, c), x.dtype)
        padded[:, 1:-1, 1:-1] = x
        windows = sliding_window_view(padded, (3, 3), (1, 2)).transpose(0, 1, 2, 4, 5, 3)
        self.columns = windows.reshape(n * h * w, -1)
        out = self.columns @ rows.T
        out += self.bias
        np.maximum(out, 0, out=out)
        self.parts = out.reshape(n, h // 2, 2, w // 2, 2, -1)
        self.out = self.parts.max(axis=(2, 4))
        return self.out

    def back(self, g: Array, *, further: bool) -> Array | None:
        n, h, w, c = self.shape
        d = np.zeros_like(self.parts)
        g = g * (self.out > 0)
        free = np.ones(g.shape, bool)
        for i, j in np.ndindex(2, 2):
            first = free & (self.parts[:, :, i, :, j] == self.out)
            free ^= first
            np.multiply(g, first, out=d[:, :, i, :, j])
        rows = d.reshape(n * h * w, -1)
        dweight = (rows.T @ self.columns).reshape(-1, 3, 3, c)
        self.dweight[...] = dweight.transpose(0, 3, 1, 2)
        np.matmul(np.ones(len(rows), rows.dtype), rows, out=self.dbias)
        if not further:
            return None
        dx = np.zeros((n, h + 2, w + 2, c), g.dtype)
        for i, j in np.ndindex(3, 3):
            share = rows @ self.weight[:, :, i, j]
            dx[:, i : i + h, j : j + w] += share.reshape(n, h, w, c)
        return dx[:, 1:-1, 1:-1]


def by_hand(x: Array, y: Array, start: Arrays) -> Candidate:
    """The step in NumPy, by somebody who knows the derivatives and counts the passes."""
    flat, at = Flat(start), np.arange(len(x))
    w1, b1, w2, b2, w3, b3 = flat.weights
    dw1, db1, dw2, db2, dw3, db3 = flat.grads
    first, second = Block(w1, b1, dw1, db1), Block(w2, b2, dw2, db2)
    images = np.ascontiguousarray(x.transpose(0, 2, 3, 1))

    def derive() -> float:
        h = second(first(images))
        features = h.transpose(0, 3, 1, 2).reshape(len(x), -1)
        z = features @ w3.T
        z += b3
        z -= z.max(axis=1, keepdims=True)
        e = np.exp(z)
        total = e.sum(axis=1, keepdims=True)
        loss = float((np.log(total[:, 0]) - z[at, y]).mean())
        e /= total
        e[at, y] -= 1
        e /= len(x)
        np.matmul(e.T, features, out=dw3)
        e.sum(axis=0, out=db3)
        n, height, width, channels = h.shape
        d = (e @ w3).reshape(n, channels, height, width).transpose(0, 2, 3, 1)
        first.back(second.back(d, further=True), further=False)
        return loss

    return peers.by_hand(flat, derive, partial(flat.adam, LR, BETA1, BETA2, EPS))


def torch_loss(x: Array, y: Array) -> Callable[[list[Any]], Any]:
    torch = importlib.import_module("torch")
    images, classes = torch.tensor(x), torch.tensor(y)
    F = torch.nn.functional

    def loss(parameters: list[Any]) -> Any:
        w1, b1, w2, b2, w3, b3 = parameters
        h = F.max_pool2d(F.conv2d(images, w1, b1, padding=1).relu(), 2)
        h = F.max_pool2d(F.conv2d(h, w2, b2, padding=1).relu(), 2)
        return F.cross_entropy(F.linear(h.flatten(1), w3, b3), classes)

    return loss


def jax_loss(x: Array, y: Array) -> Callable[[list[Any]], Any]:
    library = importlib.import_module("jax")
    lax, log_softmax, at = library.lax, library.nn.log_softmax, np.arange(len(x))

    def block(h: Any, w: Any, b: Any) -> Any:
        h = library.nn.relu(lax.conv(h, w, (1, 1), "SAME") + b[:, None, None])
        return lax.reduce_window(h, -np.inf, lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")

    def loss(parameters: list[Any]) -> Any:
        w1, b1, w2, b2, w3, b3 = parameters
        h = block(block(x, w1, b1), w2, b2).reshape(len(x), -1)
        return -log_softmax(h @ w3.T + b3)[at, y].mean()

    return loss


def mygrad(x: Array, y: Array, start: Arrays) -> Candidate:
    """The step in MyGrad, which also runs on NumPy, with Adam by hand on all parameters at once."""
    mg, layers, losses = map(
        importlib.import_module, ("mygrad", "mygrad.nnet.layers", "mygrad.nnet.losses")
    )
    parameters = [mg.tensor(array) for array in start]
    flat = Flat(start)

    def loss() -> Any:
        w1, b1, w2, b2, w3, b3 = parameters
        h = x
        for w, b in ((w1, b1), (w2, b2)):
            h = layers.conv_nd(h, w, stride=1, padding=1) + b.reshape(-1, 1, 1)
            h = layers.max_pool(mg.maximum(h, 0), (2, 2), 2)
        out = losses.softmax_crossentropy(mg.matmul(h.reshape(len(x), -1), w3.T) + b3, y)
        out.backward()
        return out.item()

    def step() -> float:
        out = loss()
        for parameter, g, w in zip(parameters, flat.grads, flat.weights, strict=True):
            g[...], w[...] = parameter.grad, parameter.data
        flat.adam(LR, BETA1, BETA2, EPS)
        for parameter, w in zip(parameters, flat.weights, strict=True):
            parameter.data[...] = w
        return float(out)

    return Candidate(lambda: (loss(), [parameter.grad for parameter in parameters]), step)


def makers(channels: int, size: int) -> Makers:
    x, y, start = draw(channels, size)

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
        f"CNN: {name}, batch {BATCH}": race(
            at_hand(makers(channels, size), quick),
            "glassgrad, eager",
            BASELINE,
            rounds,
            tolerance=1e-4,
        )
        for name, (channels, size) in IMAGES.items()
    }


if __name__ == "__main__":
    main("cnn_step", measure, __doc__)
