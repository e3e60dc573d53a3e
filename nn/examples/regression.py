"""A regression kept from learning by heart: weight decay, dropout, early stopping.

How far will the diabetes of 442 patients have gone in a year, by ten measurements? A network of
4,929 weights can learn 350 patients by heart, and then knows the others the worse: the loss on
those that it has not seen falls, and rises again. Three cures are tried, and measured by
cross-validation, in which each patient is held out once:

- weight decay pulls each weight towards zero in each step (AdamW);
- dropout hides a share of the units, others in each step;
- early stopping ends the training when the loss on some held-out patients gets no better, and
  takes the network of the best epoch.

A grid search finds how much of the first two is good. The networks are scikit-learn's estimators,
`NeuralRegressor` and, for three cultivars of wine, `NeuralClassifier`. A score (R²) of 1 would be
to know all, and 0 to know but the mean. On diabetes a straight line has about 0.48, and there is
hardly more in the data: the cures only keep a network from being worse.

``curves.png`` shows the loss of training and of held-out patients after each epoch, without and
with regularisation, and which epoch was the best; then the score of each fold as a dot, their mean
as a line, and as a diamond the mean of PyTorch's same networks.

Sources: Efron, Hastie, Johnstone & Tibshirani 2004, Least angle regression (the patients); Forina
et al. 1988, PARVUS (the wines); Srivastava et al. 2014, Dropout; Prechelt 1998, Early stopping -
but when?; Loshchilov & Hutter 2019, Decoupled weight decay regularization.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes, load_wine
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import (
    GridSearchCV,
    KFold,
    StratifiedKFold,
    cross_val_score,
    train_test_split,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nn.estimators import NeuralClassifier, NeuralRegressor
from nn.examples.pictures import BLUE, ORANGE, whole_epochs
from nn.examples.settings import Example
from nn.layers.activation import ReLU
from nn.layers.containers import Sequential
from nn.layers.dropout import Dropout
from nn.layers.linear import Linear
from nn.optim import Adam, AdamW
from nn.training import EarlyStopping, History

EPOCHS = 100
LR = 0.003
PATIENCE = 10
# What PyTorch's same networks reach on the same folds: the mean and the standard deviation of ten
# seeds, as tests/reference/regression_example.py measured them.
PYTORCH = {
    "diabetes plain": (0.171, 0.034),
    "diabetes early stopping": (0.464, 0.016),
    "diabetes regularised": (0.475, 0.012),
    "wine plain": (0.979, 0.005),
    "wine early stopping": (0.978, 0.006),
    "wine regularised": (0.979, 0.004),
}

Array: TypeAlias = NDArray[Any]
Scores: TypeAlias = dict[str, Array]


def network(features: int, outputs: int, *, dropout: float = 0.0) -> Sequential:
    """Two hidden layers of 64 units, each of which is hidden with a probability as it learns."""
    return Sequential(
        Linear(features, 64),
        ReLU(),
        Dropout(dropout),
        Linear(64, 64),
        ReLU(),
        Dropout(dropout),
        Linear(64, outputs),
    )


PLAIN = {"module": network, "optimizer": Adam}
STOPPED = PLAIN | {"validation_fraction": 0.2, "callbacks": [EarlyStopping(PATIENCE)]}
REGULARISED = {
    "module": partial(network, dropout=0.4),
    "optimizer": partial(AdamW, weight_decay=1.0),
}
WAYS = {"plain": PLAIN, "early stopping": STOPPED, "regularised": REGULARISED}


def regressor(epochs: int, seed: int, **how: Any) -> Any:
    """A network behind scalers, of the measurements and of what is to be told from them."""
    model = NeuralRegressor(**how, lr=LR, epochs=epochs, random_state=seed)
    return TransformedTargetRegressor(
        make_pipeline(StandardScaler(), model), transformer=StandardScaler()
    )


def classifier(epochs: int, seed: int, **how: Any) -> Any:
    """The same for classes."""
    model = NeuralClassifier(**how, lr=LR, epochs=epochs, random_state=seed)
    return make_pipeline(StandardScaler(), model)


def cross_validated(epochs: int, seed: int) -> Iterator[tuple[str, Array]]:
    """The score of each of five folds: R² on diabetes, the share of right answers on wine."""
    patients, wines = load_diabetes(return_X_y=True), load_wine(return_X_y=True)
    folds = KFold(5, shuffle=True, random_state=seed)
    yield "diabetes straight line", cross_val_score(LinearRegression(), *patients, cv=folds)
    for name, how in WAYS.items():
        model = regressor(epochs, seed, **how)
        yield f"diabetes {name}", cross_val_score(model, *patients, cv=folds)
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    for name, how in WAYS.items():
        model = classifier(epochs, seed, **how)
        yield f"wine {name}", cross_val_score(model, *wines, cv=folds)


def searched(epochs: int, seed: int, small: bool) -> tuple[Any, float]:
    """The best dropout and weight decay of a grid, and how it does on patients it never saw."""
    x, test_x, y, test_y = train_test_split(
        *load_diabetes(return_X_y=True), test_size=0.2, random_state=seed
    )
    place = "regressor__neuralregressor__"
    dropouts, decays = ([0.4], [0.0, 1.0]) if small else ([0.0, 0.2, 0.4], [0.0, 0.3, 1.0])
    grid = {
        f"{place}module": [partial(network, dropout=share) for share in dropouts],
        f"{place}optimizer": [partial(AdamW, weight_decay=rate) for rate in decays],
    }
    folds = KFold(2 if small else 5, shuffle=True, random_state=seed)
    search = GridSearchCV(regressor(epochs, seed), grid, cv=folds).fit(x, y)
    found = search.cv_results_
    for score, module, optimizer in zip(
        found["mean_test_score"],
        found[f"param_{place}module"],
        found[f"param_{place}optimizer"],
        strict=True,
    ):
        dropout, decay = module.keywords["dropout"], optimizer.keywords["weight_decay"]
        mark = "  <- the best" if score == search.best_score_ else ""
        print(f"  dropout {dropout}, weight decay {decay}: R² {score:.3f}{mark}")
    return search, float(search.score(test_x, test_y))


def histories(epochs: int, seed: int) -> dict[str, History]:
    """The losses without and with regularisation, a fifth of the patients held out."""
    return {
        name: regressor(epochs, seed, **WAYS[name], validation_fraction=0.2)
        .fit(*load_diabetes(return_X_y=True))
        .regressor_[-1]
        .history_
        for name in ("plain", "regularised")
    }


def run(settings: Example) -> dict[str, float]:
    """Cross-validate, search, report, and leave a picture."""
    epochs = settings.epochs or (3 if settings.small else EPOCHS)
    scores: Scores = {}
    torch = PYTORCH if epochs == EPOCHS else {}
    for name, folds in cross_validated(epochs, settings.seed):
        scores[name] = folds
        of = "R²" if name.startswith("diabetes") else "accuracy"
        there = ""
        if name in torch:
            mean, spread = torch[name]
            there = f" (PyTorch's same net: {mean:.3f} ± {spread:.3f})"
        print(f"{name}: {of} {folds.mean():.3f}, of five folds{there}", flush=True)
    print("a grid search on four fifths of the patients, itself by cross-validation:", flush=True)
    search, test = searched(epochs, settings.seed, settings.small)
    print(f"the best has R² {test:.3f} on the last fifth, which the search never saw")
    draw(histories(epochs, settings.seed), scores, torch, settings.out / "curves.png")
    return {name.replace(" ", "_"): float(folds.mean()) for name, folds in scores.items()} | {
        "grid_best_score": float(search.best_score_),
        "grid_test_score": test,
    }


def draw(
    losses: dict[str, History], scores: Scores, torch: dict[str, tuple[float, float]], path: Path
) -> None:
    """Curves without and with regularisation, and the scores of all folds."""
    figure = Figure(figsize=(10.5, 7), layout="constrained")
    (left, right), lower = figure.subplots(2, 2)
    for axes, (name, history) in zip((left, right), losses.items(), strict=True):
        epochs = range(1, len(history) + 1)
        axes.plot(epochs, history["loss"], ".-", ms=4, color=BLUE, label="training")
        axes.plot(epochs, history["val_loss"], ".--", ms=4, color=ORANGE, label="held out")
        best = int(np.argmin(history["val_loss"])) + 1
        axes.axvline(best, color="gray", lw=0.8, ls=":", label=f"best epoch: {best}")
        axes.set(title=f"Diabetes, {name}", xlabel="epoch", ylabel="mean squared error")
        whole_epochs(axes)
        axes.grid(alpha=0.3)
        axes.legend()
    top = max(axes.get_ylim()[1] for axes in (left, right))
    for axes in (left, right):
        axes.set_ylim(0, top)
    for axes, data, of in zip(lower, ("diabetes", "wine"), ("R²", "accuracy"), strict=True):
        names = [name for name in scores if name.startswith(data)]
        for i, name in enumerate(names):
            folds = scores[name]
            beside = i + np.linspace(-0.15, 0.15, len(folds))
            axes.plot(beside, folds, "o", color=BLUE, alpha=0.5, label="a fold")
            axes.hlines(folds.mean(), i - 0.3, i + 0.3, color=BLUE, lw=2.5, label="their mean")
            if name in torch:
                style = {"color": ORANGE, "mfc": "none", "ms": 9}
                axes.plot(i, torch[name][0], "D", **style, label="PyTorch's mean, ten seeds")
        axes.set_xticks(range(len(names)), [name.removeprefix(f"{data} ") for name in names])
        axes.set(title=f"{data.capitalize()}, cross-validated", ylabel=of, xlim=(-0.6, None))
        axes.grid(alpha=0.3, axis="y")
        once = dict(zip(*axes.get_legend_handles_labels()[::-1], strict=True))
        low, high = axes.get_ylim()
        low = min(low, 0.92) if of == "accuracy" else low  # a wine or two are no great difference
        axes.set_ylim(low - 0.4 * (high - low), high)  # room for the legend
        axes.legend(list(once.values()), list(once), loc="lower right", fontsize=8)
    figure.savefig(path, dpi=110)
