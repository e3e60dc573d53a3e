"""Hyper-parameters found by search: how fast a network is to learn, and how wide it is to be.

What training does not learn, somebody has to choose. Here two such numbers are searched for, with
scikit-learn's own tools around an estimator, `NeuralClassifier`: the learning rate, and how many
units the hidden layer of a network has that reads digits. Each choice is tried by cross-validation
on four fifths of the digits: a network learns from two thirds of them and answers for the last, in
turn. A grid search tries each rate with each width; a random search half as many choices, but a
new rate and a new width nearly each time, and so has a closer look at what matters.

The score by which a choice wins is not what it is worth: it is the best of many, some of which are
good by luck, and of networks that had fewer digits to learn from. So once the choice is made, a
network learns with it from all four fifths, and is asked about the last, which no search has seen.
Beside it stands what the estimator reaches as it comes. Of 360 digits, a difference of one in a
hundred may be chance.

``search.png`` shows the mean score of each choice in per cent, of the grid on the left and of the
random search on the right, in the same colours; the star is the choice. Far left networks are still
learning when the time is up, far right they jump about and learn nothing.

Source: Bergstra & Bengio 2012, Random search for hyper-parameter optimization.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV, StratifiedKFold

from nn.estimators import NeuralClassifier
from nn.examples.digit_images import stratified
from nn.examples.pictures import ORANGE
from nn.examples.settings import Example

EPOCHS = 10
FOLDS = 3
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
WIDTHS = (4, 8, 16, 32, 64, 128)

Array: TypeAlias = NDArray[Any]


def classifier(epochs: int, seed: int) -> Any:
    """The estimator, as it comes: a hidden layer of 32 units, a rate of 0.01."""
    return NeuralClassifier(epochs=epochs, random_state=seed)


def choices(rates: Any, widths: Any) -> dict[str, list[Any]]:
    """What a search may choose from, by the names of the estimator's parameters."""
    return {"hidden": [(round(width),) for width in widths], "lr": [float(rate) for rate in rates]}


def searches(settings: Example, epochs: int) -> dict[str, Any]:
    """A grid search, and a random one of half as many choices among many more."""
    rates, widths = (RATES[2::3], WIDTHS[::3]) if settings.small else (RATES, WIDTHS)
    model = classifier(epochs, settings.seed)
    how = {"cv": StratifiedKFold(FOLDS, shuffle=True, random_state=settings.seed)}
    finer = choices(*(np.geomspace(those[0], those[-1], 10_000) for those in (rates, widths)))
    count = len(rates) * len(widths) // 2
    return {
        "grid": GridSearchCV(model, choices(rates, widths), **how),
        "random": RandomizedSearchCV(model, finer, n_iter=count, random_state=settings.seed, **how),
    }


def run(settings: Example) -> dict[str, float]:
    """Search in both ways, measure the choices on digits held out, and leave a picture."""
    train_x, train_y, test_x, test_y = stratified(300 if settings.small else None, settings.seed)
    x, test_x = (images.reshape(-1, 64).astype(float) for images in (train_x, test_x))
    epochs = settings.epochs or (3 if settings.small else EPOCHS)
    print(f"{len(x)} digits to search with, by cross-validation; {len(test_x)} held out")
    untuned = classifier(epochs, settings.seed).fit(x, train_y).score(test_x, test_y)
    print(f"as the estimator comes: {untuned:.1%} of those held out")
    reached, done = {"untuned test": untuned}, searches(settings, epochs)
    for name, search in done.items():
        print(f"{name} search:", end=" ", flush=True)
        search.fit(x, train_y)  # the winner learns once more, from all of them
        (width,), rate = search.best_params_["hidden"], search.best_params_["lr"]
        valid, test = search.best_score_, search.score(test_x, test_y)
        tried = search.cv_results_["mean_test_score"]
        print(f"{len(tried)} choices, from {tried.min():.1%} to {tried.max():.1%}")
        print(f"  {width} units, learning rate {rate:.2g}: {valid:.1%} in the search,", end=" ")
        print(f"{test:.1%} of those held out")
        reached |= {f"{name} valid": valid, f"{name} worst": tried.min(), f"{name} test": test}
    draw(done, settings.out / "search.png")
    return {name: float(share) for name, share in reached.items()}


def table(search: Any) -> tuple[Array, Array, Array]:
    """The rates, the widths and the mean scores of all choices that a search tried."""
    found = search.cv_results_
    widths = np.array([width for (width,) in found["param_hidden"]])
    return np.array(found["param_lr"], float), widths, found["mean_test_score"]


def draw(done: dict[str, Any], path: Path) -> None:
    """What each choice scored: the grid as a heat map, and the random choices where they lie."""
    figure = Figure(figsize=(11.5, 4.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    (rates, widths, shares), scattered = (table(done[name]) for name in ("grid", "random"))
    colours: dict[str, Any] = {"cmap": "viridis", "norm": Normalize(0, 1)}
    columns, rows = np.unique(rates), np.unique(widths)
    grid = shares.reshape(len(rows), len(columns))  # by rows: names are tried in their order
    shown = left.imshow(grid, origin="lower", aspect="auto", **colours)
    for (row, column), share in np.ndenumerate(grid):
        ink = "black" if share > 0.6 else "white"
        left.text(column, row, f"{100 * share:.1f}", color=ink, ha="center", va="center")
    left.set_xticks(range(len(columns)), [f"{rate:g}" for rate in columns])
    left.set_yticks(range(len(rows)), [str(width) for width in rows])
    best = divmod(int(done["grid"].best_index_), len(columns))
    star(left, best[1] + 0.36, best[0] + 0.28)
    right.scatter(*scattered[:2], c=scattered[2], s=90, edgecolors="gray", **colours)
    right.set(xscale="log", yscale="log")
    right.set_xticks(columns, [f"{rate:g}" for rate in columns])
    right.set_yticks(rows, [str(width) for width in rows])
    right.minorticks_off()
    index = done["random"].best_index_
    star(right, scattered[0][index], scattered[1][index])
    for axes, (name, search) in zip((left, right), done.items(), strict=True):
        title = f"{name.capitalize()} search: {len(search.cv_results_['params'])} choices"
        axes.set(title=title, xlabel="learning rate", ylabel="hidden units")
    bar = figure.colorbar(shown, ax=(left, right), label="right answers in cross-validation")
    bar.ax.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    figure.savefig(path, dpi=100)


def star(axes: Axes, x: float, y: float) -> None:
    """The mark of the choice."""
    axes.plot(x, y, "*", color=ORANGE, ms=15, mec="white")
