"""What PyTorch's same networks reach in `nn/examples/regression.py`: run by hand, with PyTorch.

The folds are those of the example; weights, order and dropout are PyTorch's own random numbers,
so it is the means over ten seeds that can be compared. It takes some minutes.
"""

from __future__ import annotations

import copy
import json
from functools import partial
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_diabetes, load_wine
from sklearn.metrics import r2_score
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split
from sklearn.preprocessing import StandardScaler

EPOCHS, LR, BATCH, PATIENCE, SEEDS = 100, 0.003, 32, 10, range(10)
WAYS = {
    "plain": (0.0, torch.optim.Adam, False),
    "early stopping": (0.0, torch.optim.Adam, True),
    "regularised": (0.4, partial(torch.optim.AdamW, weight_decay=1.0), False),
}


def network(features, outputs, dropout):
    return torch.nn.Sequential(
        torch.nn.Linear(features, 64),
        torch.nn.ReLU(),
        torch.nn.Dropout(dropout),
        torch.nn.Linear(64, 64),
        torch.nn.ReLU(),
        torch.nn.Dropout(dropout),
        torch.nn.Linear(64, outputs),
    )


def trained(x, y, outputs, loss, way, seed):
    """A network; a fifth of the samples stops it if it is to be stopped."""
    dropout, optimizer, stops = WAYS[way]
    torch.manual_seed(seed)
    if stops:
        classes = y if outputs > 1 else None
        x, held_x, y, held_y = train_test_split(
            x, y, test_size=0.2, stratify=classes, random_state=seed
        )
    x, y = torch.as_tensor(x), torch.as_tensor(y)
    model = network(x.shape[1], outputs, dropout)
    moved = optimizer(model.parameters(), lr=LR)
    best, best_epoch, state = np.inf, 0, None
    for epoch in range(EPOCHS):
        model.train()
        for batch in torch.randperm(len(x)).split(BATCH):
            moved.zero_grad()
            loss(model(x[batch]), y[batch]).backward()
            moved.step()
        if stops:
            model.eval()
            with torch.no_grad():
                now = loss(model(torch.as_tensor(held_x)), torch.as_tensor(held_y)).item()
            if now < best:
                best, best_epoch, state = now, epoch, copy.deepcopy(model.state_dict())
            elif epoch - best_epoch >= PATIENCE:
                break
    if stops:
        model.load_state_dict(state)
    return model.eval()


def score(x, y, train, test, is_classifier, way, seed):
    xs = StandardScaler().fit(x[train])
    given, asked = xs.transform(x[train]), xs.transform(x[test])
    if is_classifier:
        model = trained(given, y[train], 3, torch.nn.CrossEntropyLoss(), way, seed)
        with torch.no_grad():
            answers = model(torch.as_tensor(asked)).argmax(1).numpy()
        return float(np.mean(answers == y[test]))
    ys = StandardScaler().fit(y[train, None])
    model = trained(given, ys.transform(y[train, None]), 1, torch.nn.MSELoss(), way, seed)
    with torch.no_grad():
        answers = ys.inverse_transform(model(torch.as_tensor(asked)).numpy())[:, 0]
    return float(r2_score(y[test], answers))


def main():
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    found = {}
    for data, load, folds in (
        ("diabetes", load_diabetes, KFold),
        ("wine", load_wine, StratifiedKFold),
    ):
        x, y = load(return_X_y=True)
        for way in WAYS:
            found[f"{data} {way}"] = means = []
            for seed in SEEDS:
                splits = folds(5, shuffle=True, random_state=seed).split(x, y)
                scores = [score(x, y, *split, data == "wine", way, seed) for split in splits]
                means.append(round(float(np.mean(scores)), 4))
            print(f"{data} {way}: {np.mean(means):.3f} ± {np.std(means, ddof=1):.3f}", flush=True)
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
