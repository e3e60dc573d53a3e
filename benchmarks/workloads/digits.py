"""A network 64-16-10 that reads handwritten digits, a batch of them at a time."""

from __future__ import annotations

from random import Random
from typing import Any

from sklearn.datasets import load_digits

import autograd
from benchmarks.workloads import Workload
from nn import MLP


def loss(model: Any, images: Any, digits: Any) -> Any:
    """The cross-entropy: how little the network expected each digit, on average."""
    losses = []
    for image, digit in zip(images, digits, strict=True):
        logits = model(image)
        largest = autograd.max(logits)
        total = sum((logit - largest).exp() for logit in logits)
        losses.append(total.log() + largest - autograd.pick(logits, digit))
    return sum(losses) / len(losses)


def batch(size: int, seed: int) -> tuple[list[list[float]], list[int]]:
    """Draw images, a list of 64 numbers from 0 to 1 each, and the digits that they show."""
    images, digits = load_digits(return_X_y=True)
    rows = Random(seed).sample(range(len(digits)), size)
    return (images[rows] / 16.0).tolist(), digits[rows].tolist()


def make(seed: int, hidden: int = 16, size: int = 32) -> Workload:
    model = MLP(64, [hidden, 10], init="kaiming", seed=seed)
    return Workload(loss, (model, *batch(size, seed)), model.parameters())
