"""Transfer learning: 5 to 9 from 50 examples, by features that were learned from 0 to 4.

A convolutional network learns to tell 0, 1, 2, 3 and 4 apart, from all examples that there are. Its
body, the convolutions that found out what strokes and corners are, is then frozen; only a new head
of one layer learns to tell 5, 6, 7, 8 and 9 apart, from 10 examples of each. It is compared with
the same network that learns from the same 50 examples alone, from random weights: after five
epochs, and at the end of a hundred; there also with its images moved and turned a little, as the
body saw its own.

Transfer is ahead after five epochs. At the end scratch has caught up, and with augmentation is
ahead: digits of 8 × 8 pixels are easy. He, Girshick and Dollár found on large images, too, that
transfer makes learning faster, and seldom better in the end. All is done ten times, each with
another split, other examples and other random weights, for 50 examples may be lucky ones; beside
each gain stands its standard error.

Picture: `accuracies.png` has for each run the accuracies on test digits; a line joins those that
had the same examples.

Sources: Yosinski, Clune, Bengio & Lipson 2014, How transferable are features in deep neural
networks?; He, Girshick & Dollár 2019, Rethinking ImageNet pre-training.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

import autograd
import nn
from nn.data import compose, rotate, shift
from nn.examples.digit_images import load_images
from nn.examples.digits import Floats, Ints
from nn.examples.settings import Example

EPOCHS = 12  # on the digits 0 to 4
FEW_EPOCHS = 100  # on the 50 examples
EXAMPLES = 10  # of each class
EARLY = 5  # of these: how far each has come by then
RUNS = 10
CHANGES = compose(shift(1), rotate(15.0))  # of the images, anew in each epoch


class Reader(nn.Module):
    """A convolutional network: its body makes features of an image, its head scores of these."""

    def __init__(self) -> None:
        self.body = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 64, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
        )
        self.head = nn.Linear(64 * 4 * 4, 5)

    def forward(self, x: Any) -> Any:
        """The scores of five classes, (n, 5)."""
        return self.head(self.body(x))


def train(model: nn.Module, data: Any, epochs: int, seed: int, transform: Any = None) -> None:
    """Train a model on images, or on features, and their classes."""
    batches = nn.DataLoader(data, 25, shuffle=True, transform=transform, generator=seed)
    optimizer = nn.Adam(model.parameters(), lr=0.003)
    nn.fit(model, batches, nn.CrossEntropyLoss(), optimizer, epochs=epochs, progress=False)


def accuracy(model: nn.Module, images: Floats, classes: Ints) -> float:
    """The share of right answers."""
    with autograd.no_grad():
        return float(np.mean(model(images).data.argmax(axis=1) == classes))


def few_of_each(classes: Ints, count: int, seed: int) -> NDArray[np.intp]:
    """Where so many random samples of each class are."""
    random = np.random.default_rng(seed)
    return np.concatenate(
        [random.choice(np.flatnonzero(classes == c), count, replace=False) for c in range(5)]
    )


def transferred(model: Reader, few: tuple[Floats, Ints], epochs: int, seed: int) -> Reader:
    """A reader of other classes, whose body is that of a model, frozen: only its head learns."""
    reader = Reader()
    reader.body = model.body.requires_grad_(False)
    images, classes = few
    features = reader.body(autograd.Tensor(images)).data  # once: they do not change any more
    train(reader.head, (features, classes), epochs, seed)
    return reader


def compare(settings: Example, epochs: int, few_epochs: int) -> dict[str, float]:
    """Accuracies on test digits: on 0 to 4; on 5 to 9 by transfer, and from scratch."""
    seed = settings.seed
    autograd.manual_seed(seed)
    data = load_images(settings)
    low, low_test = data.train_y < 5, data.test_y < 5
    images, classes = data.train_x[~low], data.train_y[~low] - 5
    chosen = few_of_each(classes, EXAMPLES, seed)
    few = images[chosen], classes[chosen]
    test = data.test_x[~low_test], data.test_y[~low_test] - 5

    model, moved = Reader(), Reader()
    train(model, (data.train_x[low], data.train_y[low]), epochs, seed, CHANGES)
    found = {"first_task": accuracy(model, data.test_x[low_test], data.test_y[low_test])}
    for when, count in (("early", EARLY), ("late", few_epochs)):
        scratch = Reader()
        train(scratch, few, count, seed)
        found[f"{when}_scratch"] = accuracy(scratch, *test)
        found[f"{when}_transfer"] = accuracy(transferred(model, few, count, seed), *test)
    train(moved, few, few_epochs, seed, CHANGES)
    return found | {"late_augmented": accuracy(moved, *test)}


def run(settings: Example) -> dict[str, float]:
    """Compare both ways several times, and draw how they did."""
    epochs = settings.epochs or (5 if settings.small else EPOCHS)
    few_epochs = 15 if settings.small else FEW_EPOCHS
    runs = 2 if settings.small else RUNS
    print(f"{5 * EXAMPLES} examples of 5 to 9; accuracy on test digits: transfer is to be better")
    found = []
    for i in range(runs):
        another = dataclasses.replace(settings, seed=settings.seed + i)
        found.append(compare(another, epochs, few_epochs))
        shown = ", ".join(f"{name} {x:.1%}" for name, x in found[-1].items())
        print(f"  run {i + 1:2d} of {runs}: {shown}")
    each = {name: np.array([one[name] for one in found]) for name in found[0]}
    for name, x in each.items():
        print(f"{name:17} {x.mean():.1%} ± {x.std(ddof=1):.1%}")
    numbers = {f"{name}_mean": float(x.mean()) for name, x in each.items()}
    numbers |= {f"{name}_spread": float(x.std(ddof=1)) for name, x in each.items()}
    for name in ("early_scratch", "late_scratch", "late_augmented"):
        gain = each[name.partition("_")[0] + "_transfer"] - each[name]
        numbers[f"gain_over_{name}"] = float(gain.mean())
        numbers[f"error_of_gain_over_{name}"] = float(gain.std(ddof=1) / np.sqrt(runs))
        print(
            f"transfer against {name}: {gain.mean():+.1%} ± {gain.std(ddof=1) / np.sqrt(runs):.1%} "
            f"(standard error); better in {np.sum(gain > 0)} runs, worse in {np.sum(gain < 0)}"
        )
    draw(each, settings.out / "accuracies.png")
    print(f"the picture is in {settings.out}")
    return numbers


def draw(each: dict[str, Floats], path: Any) -> None:
    """The accuracies on 5 to 9, a line for each run, and their means."""
    labels = {
        "early_scratch": f"scratch,\n{EARLY} epochs",
        "early_transfer": f"transfer,\n{EARLY} epochs",
        "late_scratch": "scratch,\nto the end",
        "late_transfer": "transfer,\nto the end",
        "late_augmented": "scratch, images\nmoved and turned",
    }
    rows = np.stack([each[name] for name in labels])
    places = np.arange(len(rows))
    figure = Figure(figsize=(8, 4.8), layout="constrained")
    axes = figure.subplots()
    axes.plot(places, rows, color="grey", marker="o", ms=4, lw=0.8, alpha=0.5)
    axes.errorbar(
        places,
        rows.mean(axis=1),
        rows.std(axis=1, ddof=1),
        fmt="s",
        color="#B34700",
        capsize=6,
        lw=2,
        zorder=3,
        label="mean ± standard deviation",
    )
    axes.set_xticks(places, labels.values())
    axes.set(
        title=f"5 to 9, learned from {EXAMPLES} examples of each: {rows.shape[1]} runs",
        ylabel="accuracy on test digits",
        xlim=(-0.4, len(rows) - 0.6),
    )
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.grid(alpha=0.3, axis="y")
    axes.legend(loc="lower right")
    figure.savefig(path, dpi=100)
