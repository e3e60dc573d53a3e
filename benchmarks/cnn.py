"""A scalar convolutional network on one image of 8 by 8: forward and backward.

``python -m benchmarks.cnn``
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

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
from benchmarks.workloads import Workload, cnn

TITLE = "CNN: one image of 8 × 8, convolutions 1-4-8 of 3 × 3, forward and backward"


def numpy(start: Arrays, image: Array, digit: int) -> Candidate:
    flat = Flat(start)
    k1, b1, k2, b2, head = flat.weights
    dk1, db1, dk2, db2, dhead = flat.grads
    first, second = len(b1), len(b2)
    rows1, rows2 = k1.reshape(first, -1), k2.reshape(second, -1)
    drows1, drows2 = dk1.reshape(first, -1), dk2.reshape(second, -1)
    size = len(image) - 2
    places = sliding_window_view(
        np.arange(first * size**2).reshape(first, size, size), (3, 3), (1, 2)
    )
    gather = places.transpose(0, 3, 4, 1, 2).reshape(rows2.shape[1], -1)  # whose pixel lies where
    beneath = np.ascontiguousarray(sliding_window_view(image, (3, 3)).reshape(-1, 9).T)

    def derive() -> float:
        h1 = rows1 @ beneath  # (first, size²)
        h1 += b1[:, None]
        np.maximum(h1, 0.0, out=h1)
        columns = h1.take(gather)
        h2 = rows2 @ columns  # (second, (size - 2)²)
        h2 += b2[:, None]
        np.maximum(h2, 0.0, out=h2)
        pixels = h2.ravel()
        logits = head @ pixels
        d = np.exp(logits)
        total = d.sum()
        d /= total
        d[digit] -= 1.0
        np.multiply(d[:, None], pixels, out=dhead)
        d2 = (d @ head).reshape(h2.shape)
        d2 *= h2 > 0.0
        d2.sum(axis=1, out=db2)
        np.matmul(d2, columns.T, out=drows2)
        spread = (rows2.T @ d2).ravel()
        d1 = np.bincount(gather.ravel(), spread, h1.size).reshape(h1.shape)
        d1 *= h1 > 0.0
        d1.sum(axis=1, out=db1)
        np.matmul(d1, beneath.T, out=drows1)
        return float(np.log(total) - logits[digit])

    return by_hand(flat, derive)


def torch_loss(image: Array, digit: int) -> Callable[[list[Any]], Any]:
    torch = importlib.import_module("torch")
    images, digits = torch.tensor(image)[None, None], torch.tensor([digit])
    conv2d, cross_entropy = torch.nn.functional.conv2d, torch.nn.functional.cross_entropy

    def loss(parameters: list[Any]) -> Any:
        k1, b1, k2, b2, head = parameters
        x = conv2d(conv2d(images, k1, b1).relu(), k2, b2).relu()
        return cross_entropy(x.flatten(1) @ head.T, digits)

    return loss


def jax_loss(image: Array, digit: int) -> Callable[[list[Any]], Any]:
    library = importlib.import_module("jax")
    relu, conv = library.nn.relu, library.lax.conv

    def loss(parameters: list[Any]) -> Any:
        k1, b1, k2, b2, head = parameters
        x = relu(conv(image[None, None], k1, (1, 1), "VALID") + b1[:, None, None])
        x = relu(conv(x, k2, (1, 1), "VALID") + b2[:, None, None])
        return -library.nn.log_softmax(head @ x.ravel())[digit]

    return loss


def makers(make: Callable[[], Workload]) -> Makers:
    weights, rows, digit = make().args
    first, second = len(weights.biases1), len(weights.biases2)
    head = (len(weights.head), len(weights.head[0]))
    cut = cutter((first, 1, 3, 3), (first,), (second, first, 3, 3), (second,), head)
    start, image = cut(numbers(make().parameters)), np.array(rows)
    return {
        "glassgrad, compiled": lambda: glassgrad(make(), cut, compiled=True),
        "glassgrad, eager": lambda: glassgrad(make(), cut),
        "NumPy by hand": lambda: numpy(start, image, digit),
        "jax.jit": lambda: jax(start, jax_loss(image, digit)),
        "torch": lambda: pytorch(start, torch_loss(image, digit)),
        "torch.compile": lambda: pytorch(start, torch_loss(image, digit), compiled=True),
        "TinyValue": lambda: tiny(make(), cut),
    }


def measure(quick: bool) -> Any:
    ways = at_hand(makers(partial(cnn.make, 0)), quick)
    return {TITLE: race(ways, "glassgrad, eager", "NumPy by hand", 3 if quick else 15)}


if __name__ == "__main__":
    main("cnn", measure, __doc__)
