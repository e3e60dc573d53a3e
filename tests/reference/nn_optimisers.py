"""Make nn_optimisers.json: the paths that PyTorch's optimisers take, with more settings.

The tests read only the JSON file and need no PyTorch. To make it again, install PyTorch 2.13 (the
CPU build will do) in an environment of its own, because it is no dependency of this project:

    python -m venv torch-environment
    torch-environment/bin/pip install "torch==2.13.*" numpy
    torch-environment/bin/python tests/reference/nn_optimisers.py

It is the same each time. One case a line: the optimiser, its settings, the settings of the first
two parameters if they are a group of their own, where the four parameters are after some of the 50
steps, and the state after 25. The problem and its start are those of optimisers.py; to go uphill,
it is turned over. `clipped` are norms and gradients before and after clipping.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch
from optimisers import KEPT, START, STEPS, problem

HALF = 25
SETTINGS = {
    "SGD": [
        {"lr": 0.02, "maximize": True},
        {"lr": 0.01, "momentum": 0.9, "weight_decay": 0.1, "nesterov": True, "maximize": True},
        {"lr": 0.01, "momentum": 0.9, "dampening": 0.3},
    ],
    "Adam": [
        {"lr": 0.05, "amsgrad": True},
        {"lr": 0.2, "amsgrad": True, "betas": [0.5, 0.7], "weight_decay": 0.1},
        {"lr": 0.05, "maximize": True, "weight_decay": 0.3},
    ],
    "AdamW": [
        {},
        {"lr": 0.05, "weight_decay": 0.5},
        {"lr": 0.2, "amsgrad": True, "betas": [0.5, 0.7], "eps": 1e-3},
        {"lr": 0.05, "maximize": True},
    ],
    "RMSprop": [
        {},
        {"lr": 0.02, "alpha": 0.5},
        {"lr": 0.01, "centered": True, "eps": 1e-3},
        {"lr": 0.005, "momentum": 0.9, "weight_decay": 0.1},
        {"lr": 0.005, "momentum": 0.5, "centered": True, "alpha": 0.9, "eps": 1e-3},
        {"lr": 0.02, "maximize": True},
    ],
    "Adagrad": [
        {},
        {"lr": 0.2},
        {"lr": 0.2, "lr_decay": 0.05, "weight_decay": 0.1},
        {"lr": 0.2, "initial_accumulator_value": 0.5, "eps": 1e-3},
        {"lr": 0.2, "maximize": True},
    ],
}
GROUPS = [
    ("SGD", {"lr": 0.01, "momentum": 0.9}, {"lr": 0.003, "weight_decay": 0.2}),
    ("SGD", {"lr": 0.01}, {"momentum": 0.5, "nesterov": True}),
    ("Adam", {"lr": 0.05}, {"lr": 0.01, "betas": [0.5, 0.9]}),
    ("AdamW", {"lr": 0.05}, {"weight_decay": 0.0, "amsgrad": True}),
    ("RMSprop", {"lr": 0.02}, {"momentum": 0.5, "lr": 0.005}),
    ("Adagrad", {"lr": 0.2}, {"lr_decay": 0.1}),
]


def plain(x):
    """Numbers of a state, as JSON has them."""
    if isinstance(x, torch.Tensor):
        return x.tolist()
    if isinstance(x, dict):
        return {str(key): plain(entry) for key, entry in x.items()}
    return [plain(entry) for entry in x] if isinstance(x, (list, tuple)) else x


def case(name, settings, own=None):
    parameters = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in START]
    groups = [{"params": parameters[:2], **(own or {})}, {"params": parameters[2:]}]
    optimizer = getattr(torch.optim, name)(parameters if own is None else groups, **settings)
    sign = -1.0 if settings.get("maximize") else 1.0
    visited, state = [], None
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        (sign * problem(*parameters, everything=True)).backward()
        optimizer.step()
        if step in KEPT:
            visited.append([parameter.item() for parameter in parameters])
        if step == HALF:
            state = plain(optimizer.state_dict())
    return {"optimiser": name, "settings": settings, "own": own, "path": visited, "state": state}


def clipped():
    torch.manual_seed(0)
    for scale in (1.0, 1e-3, 1e200):
        for norm_type in (1.0, 2.0, 3.0, math.inf):
            grads = [
                scale * torch.randn(shape, dtype=torch.float64) for shape in ((2, 3), (), (4,))
            ]
            parameters = [torch.zeros_like(grad).requires_grad_() for grad in grads]
            for parameter, grad in zip(parameters, grads, strict=True):
                parameter.grad = grad.clone()
            norm = torch.nn.utils.clip_grad_norm_(parameters, 1.5, norm_type)
            if not math.isfinite(norm):
                continue
            yield {
                "norm_type": "inf" if norm_type == math.inf else norm_type,
                "norm": norm.item(),
                "before": plain(grads),
                "after": plain([parameter.grad for parameter in parameters]),
            }


def main():
    cases = [case(name, each) for name, several in SETTINGS.items() for each in several]
    cases += [case(*group) for group in GROUPS]
    lines = ",\n".join(map(json.dumps, cases))
    norms = ",\n".join(map(json.dumps, clipped()))
    version = torch.__version__.partition("+")[0]
    head = f'"made with": "PyTorch {version}", "start": {START}, "steps": {STEPS}, "kept": {KEPT}'
    text = f'{{{head}, "half": {HALF}, "cases": [\n{lines}\n], "clipped": [\n{norms}\n]}}\n'
    Path(__file__).with_suffix(".json").write_text(text)


if __name__ == "__main__":
    main()
