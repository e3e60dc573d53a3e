"""What PyTorch's same networks reach in `nn/examples/mnist1d_models.py`: run by hand, with PyTorch.

They are trained as the paper's notebook `quickstart` trains them, each from several seeds, for the
weights to start from are PyTorch's own random numbers. The tests read the JSON and need no PyTorch.
To make it again, in an environment of its own, from the project's folder:

    python -m venv torch-environment
    torch-environment/bin/pip install torch==2.13.0 -e '.[examples]'
    PYTHONPATH=. torch-environment/bin/python tests/reference/mnist1d_example.py

It takes some twenty minutes, most of them for the GRU.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from torch import nn

from nn.examples.mnist1d_models import load

STEPS, BATCH, LR, SEEDS = 6000, 100, 0.01, range(5)


class MLP(nn.Module):
    def __init__(self, units):
        super().__init__()
        self.linear1 = nn.Linear(40, units)
        self.linear2 = nn.Linear(units, units)
        self.linear3 = nn.Linear(units, 10)

    def forward(self, x):
        h = self.linear1(x).relu()
        return self.linear3(h + self.linear2(h).relu())


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(1, 6, batch_first=True, bidirectional=True)
        self.linear = nn.Linear(2 * 6 * 40, 10)

    def forward(self, x):
        return self.linear(self.gru(x[..., None])[0].flatten(1))


def convolutional():
    return nn.Sequential(
        nn.Unflatten(1, (1, 40)),
        nn.Conv1d(1, 25, 5, stride=2, padding=1),
        nn.ReLU(),
        nn.Conv1d(25, 25, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Conv1d(25, 25, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(125, 10),
    )


MODELS = {
    "logistic regression": lambda: nn.Linear(40, 10),
    "MLP, 100 units": lambda: MLP(100),
    "MLP, 256 units": lambda: MLP(256),
    "CNN": convolutional,
    "GRU": Reader,
}


def reached(make, data, seed):
    """The share of the test that a model gets right after its last step."""
    torch.manual_seed(seed)
    model = make()
    optimizer = torch.optim.Adam(model.parameters(), LR)
    x, y = torch.tensor(data["x"]), torch.tensor(data["y"])
    for step in range(STEPS):
        start = step * BATCH % len(x)
        optimizer.zero_grad()
        scores = model(x[start : start + BATCH])
        nn.functional.cross_entropy(scores, y[start : start + BATCH]).backward()
        optimizer.step()
    with torch.no_grad():
        answers = model(torch.tensor(data["x_test"])).argmax(1).numpy()
    return round(float(np.mean(answers == data["y_test"])), 4)


def main():
    torch.set_num_threads(1)
    data, found = load(), {}
    for name, make in MODELS.items():
        found[name] = shares = [reached(make, data, seed) for seed in SEEDS]
        print(f"{name}: {np.mean(shares):.3f} ± {np.std(shares, ddof=1):.3f}", flush=True)
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
