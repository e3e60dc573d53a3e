"""The scalar MLP 64-16-10 on all digits, batches of 32, beside the same network with Tensors.

``python -m benchmarks.digits_scalar``. A step is a whole training step, with Adam, on the next of
the 56 batches.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from functools import partial
from itertools import cycle
from typing import Any

from sklearn.datasets import load_digits

import autograd
from autograd import Tensor
from benchmarks.harness import MICROSECONDS, Candidate, Makers, main, race
from benchmarks.peers import Array, Arrays, glassgrad, mlp_cutter, numbers, pytorch
from benchmarks.workloads import Weights, digits
from nn import Adam

TITLE = "Digits: MLP 64-16-10, scalar and with Tensors, batch 32, Adam"
LR, SIZE = 1e-3, 32

cut = mlp_cutter(64, 16, 10)


def batches() -> list[tuple[Array, Array]]:
    """All digits, as many as fill batches."""
    images, labels = load_digits(return_X_y=True)
    starts = range(0, len(labels) - SIZE + 1, SIZE)
    return [(images[i : i + SIZE] / 16.0, labels[i : i + SIZE]) for i in starts]


def in_turn(candidate: Candidate, given: Sequence[tuple[Any, Any]]) -> Candidate:
    """A candidate whose every step is on the next batch."""
    upcoming = cycle(given)
    return Candidate(
        lambda: candidate.gradients(*given[0]), lambda: candidate.step(*next(upcoming))
    )


def scalar(*, compiled: bool) -> Candidate:
    workload = digits.make(0)
    adam = partial(Adam, lr=LR)
    return glassgrad(workload, cut, adam, compiled=compiled, args=workload.args[:1])


def tensor_loss(weights: Weights, images: Any, labels: Any) -> Tensor:
    w1, b1, w2, b2 = weights.each
    hidden = autograd.linear(images, w1, b1).relu()
    return autograd.cross_entropy(autograd.linear(hidden, w2, b2), labels)


def tensors(start: Arrays, *, compiled: bool) -> Candidate:
    parameters = [Tensor(array, requires_grad=True) for array in start]
    loss = autograd.compile(tensor_loss) if compiled else tensor_loss
    weights, adam = Weights(each=parameters), Adam(parameters, lr=LR)

    def gradients(images: Array, labels: Array) -> tuple[float, Arrays]:
        out = loss(weights, images, labels)
        out.backward()
        return out.item(), [parameter.grad for parameter in parameters]

    def step(images: Array, labels: Array) -> float:
        adam.zero_grad()
        out = loss(weights, images, labels)
        out.backward()
        adam.step()
        return float(out.item())

    return Candidate(gradients, step)


def torch_loss(parameters: list[Any], images: Any, labels: Any) -> Any:
    f = importlib.import_module("torch").nn.functional
    w1, b1, w2, b2 = parameters
    return f.cross_entropy(f.linear(f.linear(images, w1, b1).relu(), w2, b2), labels)


def torch_adam(parameters: list[Any]) -> Any:
    return importlib.import_module("torch").optim.Adam(parameters, lr=LR, fused=True)


def makers() -> Makers:
    start = cut(numbers(digits.make(0).parameters))
    arrays = batches()
    lists = [(images.tolist(), labels.tolist()) for images, labels in arrays]
    return {
        "scalar, compiled": lambda: in_turn(scalar(compiled=True), lists),
        "scalar, compiled, given arrays": lambda: in_turn(scalar(compiled=True), arrays),
        "scalar, eager": lambda: in_turn(scalar(compiled=False), lists),
        "Tensor, compiled": lambda: in_turn(tensors(start, compiled=True), arrays),
        "Tensor, eager": lambda: in_turn(tensors(start, compiled=False), arrays),
        "torch": lambda: in_turn(pytorch(start, torch_loss, torch_adam), arrays),
    }


def measure(quick: bool) -> Any:
    rows = race(makers(), "scalar, eager", "Tensor, eager", 3 if quick else 15)
    for row in rows:
        if not isinstance(row[MICROSECONDS], str):
            row["s for all digits"] = len(batches()) * row[MICROSECONDS] / 1e6
    return {TITLE: rows}


if __name__ == "__main__":
    main("digits_scalar", measure, __doc__)
