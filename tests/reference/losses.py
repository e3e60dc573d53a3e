"""Make losses.json: what PyTorch says the losses and their gradients are, in float64.

The tests read only the JSON file and need no PyTorch. To make it again, install PyTorch 2.13 (the
CPU build will do) in an environment of its own, because it is no dependency of this project:

    python -m venv torch-environment
    torch-environment/bin/pip install "torch==2.13.*" numpy
    torch-environment/bin/python tests/reference/losses.py

It is the same each time. One case a line: the loss's name, its input and target, its value, and
the gradient of the value by the input (for softmax, that of the sum weighted with 1, 2, 3, …).
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import torch
from torch.nn import functional


def softmax(x, _):
    return torch.softmax(x, -1)


def logsumexp(x, _):
    return torch.logsumexp(x, -1)


def cross_entropy(x, target):
    return functional.cross_entropy(x, torch.tensor(target))


def binary_cross_entropy_with_logits(x, target):
    return functional.binary_cross_entropy_with_logits(x, torch.tensor(target, dtype=x.dtype))


def mse_loss(x, target):
    return functional.mse_loss(x, torch.tensor(target, dtype=x.dtype))


def hinge_loss(x, target):  # PyTorch has it only as a formula
    return torch.relu(1.0 - torch.tensor(target, dtype=x.dtype) * x).mean()


def case(loss, x, target=None):
    given = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    value = loss(given, target)
    weights = torch.arange(1, value.numel() + 1, dtype=value.dtype)
    (value.reshape(-1) * weights).sum().backward()
    return {
        "loss": loss.__name__,
        "input": x,
        "target": target,
        "value": value.tolist(),
        "gradient": given.grad.tolist(),
    }


def cases():
    draw = random.Random(2).uniform
    rows = [
        [-2.0, 3.0, 0.5],
        [0.25],
        [1.0, 1.0, 1.0, 1.0],
        [draw(-5, 5) for _ in range(10)],
        [1000.0, -1000.0, 999.0],
        [-1000.0, -1001.0],
        [40.0, -40.0, 0.0],
        [1e-9, -1e-9],
        [float("-inf"), 0.0, 1.0],  # a score that was masked out
    ]
    for row in rows:
        yield case(softmax, row)
        yield case(logsumexp, row)
    for row in rows[:-1]:
        yield case(cross_entropy, row, 0)
        yield case(cross_entropy, row, len(row) - 1)
    yield case(cross_entropy, rows[-1], 1)
    batch = [[draw(-3, 3) for _ in range(4)] for _ in range(6)]
    yield case(cross_entropy, batch, [0, 3, 1, 1, 2, 0])
    yield case(cross_entropy, batch[:1], [2])

    for x in (0.0, 0.5, -2.0, 36.5, -36.5, 1000.0, -1000.0):
        for target in (0.0, 1.0, 0.25):
            yield case(binary_cross_entropy_with_logits, x, target)
    x = [draw(-4, 4) for _ in range(5)]
    yield case(binary_cross_entropy_with_logits, x, [1.0, 0.0, 0.0, 1.0, 0.5])

    for x, target in ((0.5, 2.0), (-1000.0, 1000.0), (1.5, 1.5)):
        yield case(mse_loss, x, target)
    yield case(mse_loss, [draw(-4, 4) for _ in range(5)], [1.0, 0.0, -3.0, 2.5, 0.5])
    yield case(mse_loss, [[draw(-4, 4), draw(-4, 4)] for _ in range(3)], [[1.0, 2.0]] * 3)

    for x in (0.3, -0.3, 1.0, 1.5, 1000.0, -1000.0):  # at 1, on the corner, the gradient is 0
        for target in (1.0, -1.0):
            yield case(hinge_loss, x, target)
    yield case(hinge_loss, [draw(-2, 2) for _ in range(5)], [1.0, -1.0, -1.0, 1.0, 1.0])


def main():
    lines = ",\n".join(json.dumps(entry) for entry in cases())
    version = torch.__version__.partition("+")[0]
    text = f'{{"made with": "PyTorch {version}", "cases": [\n{lines}\n]}}\n'
    Path(__file__).with_suffix(".json").write_text(text)


if __name__ == "__main__":
    main()
