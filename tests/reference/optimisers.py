"""Make optimisers.json: the paths that PyTorch's SGD and Adam take, in float64.

The tests read only the JSON file and need no PyTorch. To make it again, install PyTorch 2.13 (the
CPU build will do) in an environment of its own, because it is no dependency of this project:

    python -m venv torch-environment
    torch-environment/bin/pip install "torch==2.13.*" numpy
    torch-environment/bin/python tests/reference/optimisers.py

It is the same each time. One case a line: the optimiser, its settings, the learning rate it gets
before step 25 (if any), whether only the first two parameters are used in every third step, and
where the four parameters are after some of the 50 steps. The problem is `problem` below; the test
states it again.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch

START = [-0.7, 0.9, 0.4, -1.1]
STEPS = 50
KEPT = [1, 2, 3, 4, 5, 10, 20, 26, 30, 40, 50]

CASES = [
    {"optimiser": "SGD", "settings": {}},
    {"optimiser": "SGD", "settings": {"lr": 0.02}},
    {"optimiser": "SGD", "settings": {"lr": 0.01, "momentum": 0.9}},
    {"optimiser": "SGD", "settings": {"lr": 0.01, "momentum": 0.9, "nesterov": True}},
    {"optimiser": "SGD", "settings": {"lr": 0.02, "momentum": 0.8, "dampening": 0.5}},
    {"optimiser": "SGD", "settings": {"lr": 0.02, "weight_decay": 0.3}},
    {
        "optimiser": "SGD",
        "settings": {"lr": 0.01, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
    },
    {"optimiser": "SGD", "settings": {"lr": 0.02, "momentum": 0.9}, "late_lr": 0.005},
    {"optimiser": "SGD", "settings": {"lr": 0.01, "momentum": 0.9}, "sparse": True},
    {"optimiser": "Adam", "settings": {}},
    {"optimiser": "Adam", "settings": {"lr": 0.05}},
    {"optimiser": "Adam", "settings": {"lr": 0.05, "betas": [0.5, 0.9]}},
    {"optimiser": "Adam", "settings": {"lr": 0.05, "betas": [0.0, 0.99], "eps": 0.01}},
    {"optimiser": "Adam", "settings": {"lr": 0.05, "weight_decay": 0.2}},
    {"optimiser": "Adam", "settings": {"lr": 0.05}, "late_lr": 0.01},
    {"optimiser": "Adam", "settings": {"lr": 0.05, "weight_decay": 0.1}, "sparse": True},
]


def problem(a, b, c, d, everything):
    """A curved valley, and, if everything is asked for, a bowl that is not quadratic either."""
    valley = (1.0 - a) ** 2 + 4.0 * (b - a * a) ** 2
    return valley + ((a * c - d).tanh() + 0.1 * d**4 + (0.5 * c).exp() if everything else 0.0)


def path(optimiser, settings, late_lr=None, sparse=False):
    """Where the parameters are after the steps that are kept."""
    parameters = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in START]
    optimizer = getattr(torch.optim, optimiser)(parameters, **settings)
    visited = []
    for step in range(1, STEPS + 1):
        if late_lr is not None and step == 25:
            optimizer.param_groups[0]["lr"] = late_lr
        optimizer.zero_grad()
        problem(*parameters, everything=not (sparse and step % 3 == 0)).backward()
        optimizer.step()
        if step in KEPT:
            visited.append([parameter.item() for parameter in parameters])
    return visited


def main():
    lines = ",\n".join(json.dumps(case | {"path": path(**case)}) for case in CASES)
    version = torch.__version__.partition("+")[0]
    head = f'"made with": "PyTorch {version}", "start": {START}, "steps": {STEPS}, "kept": {KEPT}'
    Path(__file__).with_suffix(".json").write_text(f'{{{head}, "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
