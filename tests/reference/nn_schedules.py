"""Make nn_schedules.json: the learning rates of PyTorch's schedules, over 60 steps.

The tests read only the JSON file and need no PyTorch. To make it again, install PyTorch 2.13 (the
CPU build will do) in an environment of its own, because it is no dependency of this project:

    python -m venv torch-environment
    torch-environment/bin/pip install "torch==2.13.*" numpy
    torch-environment/bin/python tests/reference/nn_schedules.py

It is the same each time. One case a line: the schedule, its settings, the optimiser, and the rates
of its two groups at the start and after each step; where momentum is cycled, that, too. `parts` are
the schedules of SequentialLR and its milestones. A function of LambdaLR is a word; the test states
it again.
"""

from __future__ import annotations

import json
import math
import warnings
from pathlib import Path

import torch
from torch.optim import lr_scheduler

STEPS = 60
RATES = (0.1, 0.03)
LAMBDAS = {
    "root": lambda epoch: 1.0 / math.sqrt(1.0 + epoch),
    "power": lambda epoch: 0.95**epoch,
}
PARTS = {
    "warm-up and decay": (
        [("LinearLR", {"start_factor": 0.1, "total_iters": 10}), ("ExponentialLR", {"gamma": 0.9})],
        [10],
    ),
    "three": (
        [
            ("LinearLR", {"total_iters": 4}),
            ("StepLR", {"step_size": 3, "gamma": 0.5}),
            ("CosineAnnealingLR", {"T_max": 20, "eta_min": 1e-3}),
        ],
        [5, 25],
    ),
    "restarts": (
        [
            ("MultiStepLR", {"milestones": [2, 4]}),
            ("CosineAnnealingWarmRestarts", {"T_0": 7, "T_mult": 2}),
        ],
        [8],
    ),
}
SETTINGS = [
    ("StepLR", {"step_size": 7}),
    ("StepLR", {"step_size": 1, "gamma": 0.9}),
    ("MultiStepLR", {"milestones": [5, 20, 20, 41]}),
    ("MultiStepLR", {"milestones": [0, 3], "gamma": 0.3}),
    ("ExponentialLR", {"gamma": 0.93}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 0.01, "end_factor": 0.7, "total_iters": 33}),
    ("LinearLR", {"start_factor": 1.0, "end_factor": 0.0, "total_iters": 40}),
    ("CosineAnnealingLR", {"T_max": 60}),
    ("CosineAnnealingLR", {"T_max": 13, "eta_min": 0.01}),
    ("CosineAnnealingLR", {"T_max": 1}),
    ("CosineAnnealingWarmRestarts", {"T_0": 10}),
    ("CosineAnnealingWarmRestarts", {"T_0": 5, "T_mult": 2, "eta_min": 1e-3}),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 60}),
    ("OneCycleLR", {"max_lr": [0.5, 0.2], "epochs": 13, "steps_per_epoch": 5, "pct_start": 0.2}),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 61, "three_phase": True}),
    (
        "OneCycleLR",
        {
            "max_lr": 0.5,
            "total_steps": 80,
            "anneal_strategy": "linear",
            "base_momentum": 0.8,
            "max_momentum": [0.9, 0.99],
            "div_factor": 10.0,
            "final_div_factor": 100.0,
        },
    ),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 60, "cycle_momentum": False}),
    ("ReduceLROnPlateau", {}),
    ("ReduceLROnPlateau", {"mode": "max", "factor": 0.5, "patience": 2}),
    ("ReduceLROnPlateau", {"patience": 1, "cooldown": 4, "factor": 0.7, "min_lr": [0.02, 1e-3]}),
    ("ReduceLROnPlateau", {"patience": 0, "threshold": 0.05, "threshold_mode": "abs", "eps": 1e-3}),
    ("ReduceLROnPlateau", {"mode": "max", "patience": 3, "threshold_mode": "abs"}),
    ("LambdaLR", {"lr_lambda": "root"}),
    ("LambdaLR", {"lr_lambda": ["root", "power"]}),
    *[("SequentialLR", {"parts": name}) for name in PARTS],
]


def metric(step):
    """Falls, stands still, and jumps."""
    return round(2.0 * math.exp(-step / 9.0) + 0.3 * math.sin(step), 6)


def made(optimizer, name, settings):
    if name == "SequentialLR":
        parts, milestones = PARTS[settings["parts"]]
        inner = [made(optimizer, *part) for part in parts]
        return lr_scheduler.SequentialLR(optimizer, inner, milestones)
    if name == "LambdaLR":
        given = settings["lr_lambda"]
        several = isinstance(given, list)
        functions = [LAMBDAS[word] for word in given] if several else LAMBDAS[given]
        return lr_scheduler.LambdaLR(optimizer, functions)
    return getattr(lr_scheduler, name)(optimizer, **settings)


def case(name, settings, kind="SGD"):
    groups = [{"params": [torch.zeros(1, requires_grad=True)], "lr": rate} for rate in RATES]
    optimizer = getattr(torch.optim, kind)(groups, **({"momentum": 0.9} if kind == "SGD" else {}))
    schedule = made(optimizer, name, settings)
    rates, momenta = [], []
    for step in range(STEPS + 1):
        if step:
            schedule.step(*([metric(step)] if name == "ReduceLROnPlateau" else []))
        rates.append([group["lr"] for group in optimizer.param_groups])
        if name == "OneCycleLR":
            momenta.append(
                [group.get("momentum") or group["betas"][0] for group in optimizer.param_groups]
            )
        optimizer.step()
    found = {"schedule": name, "settings": settings, "optimiser": kind, "rates": rates}
    return found | ({"momenta": momenta} if momenta else {})


def main():
    cases = [case(*pair) for pair in SETTINGS]
    cases += [case(*pair, kind="Adam") for pair in SETTINGS if pair[0] == "OneCycleLR"]
    lines = ",\n".join(map(json.dumps, cases))
    version = torch.__version__.partition("+")[0]
    head = f'"made with": "PyTorch {version}", "start": {list(RATES)}, '
    metrics = (
        f'"metrics": {[metric(step) for step in range(1, STEPS + 1)]}, "parts": {json.dumps(PARTS)}'
    )
    text = f'{{{head}{metrics}, "cases": [\n{lines}\n]}}\n'
    Path(__file__).with_suffix(".json").write_text(text)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # of schedules in a row, each of which steps once
    main()
