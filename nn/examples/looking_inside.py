"""Looking inside a network that reads digits: which pixels its answers come from.

A small convolutional network learns to read, and is then asked why it answers as it does. No two
ways to ask mean the same:

- *Saliency*: where would a small change of a pixel change the score most? It also points at paper,
  where ink would make another digit of it.
- *Integrated gradients*: how much does each pixel add to the score on the way from white paper to
  the digit? What they say of all pixels sums to how far the score rises.
- *Relevance* (LRP): the score is shared out, layer by layer, among what it came from. By the rule
  z⁺ only what speaks for it counts, and the shares sum to the score.
- *Grad-CAM*: in which region do the kernels of the last convolution see what speaks for the score?
  Each kernel has one weight for all places, which is coarse where a network tells places apart.
- *Against the runner-up*: why this digit and not that? Integrated gradients of the difference of
  two scores.

``explanations.png`` shows these for some digits: blue speaks for the answer, red against it.
``likes.png`` shows images that the network made up: those that give a digit's score, or a kernel of
the second layer, as much as can be. They show what it looks for; they need not look like a digit.

Whether an explanation is right can be measured: the ten pixels that it finds most important are
erased, and it is the better, the fewer digits are still read correctly (pixel flipping). Ten pixels
of ink drawn at random are there to compare.

Sources: Simonyan, Vedaldi & Zisserman 2014 (saliency); Sundararajan, Taly & Yan 2017 (integrated
gradients); Bach et al. 2015, Montavon et al. 2019 (relevance); Selvaraju et al. 2017 (Grad-CAM);
Erhan et al. 2009 (ascent); Samek et al. 2017 (pixel flipping).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

import autograd
from autograd import no_grad
from nn.data import DataLoader, shift
from nn.examples.digit_images import stratified
from nn.examples.reporting import Lines
from nn.examples.settings import Example
from nn.explain import (
    feature_visualization,
    grad_cam,
    integrated_gradients,
    layer_relevance,
    saliency,
)
from nn.functional import cross_entropy
from nn.layers.activation import ReLU
from nn.layers.containers import Sequential
from nn.layers.convolution import Conv2d
from nn.layers.dropout import Dropout
from nn.layers.linear import Linear
from nn.layers.pooling import MaxPool2d
from nn.layers.shape import Flatten
from nn.modes import evaluating
from nn.optim import Adam
from nn.optim.schedules import OneCycleLR
from nn.overview import summary
from nn.training import fit

EPOCHS = 16
ERASED = 10  # of 64 pixels
LAST = "6"  # the path of the last convolution's activation
SHOWN = (3, 4, 5, 8, 0, 9)
FLOAT = np.float32

Array: TypeAlias = NDArray[Any]
Ask: TypeAlias = Callable[[Any, Array, Array], Array]

WAYS: dict[str, Ask] = {
    "saliency": saliency,
    "integrated gradients": integrated_gradients,
    "relevance": lambda model, x, target: layer_relevance(model, x, target, "z+"),
    "Grad-CAM": lambda model, x, target: grad_cam(model, x, target, layer=LAST),
}


def network() -> Sequential:
    """Three layers of kernels on images of 8 × 8 pixels, and one that weighs what they found."""
    return Sequential(
        kernels(1, 16),
        ReLU(),
        kernels(16, 32),
        ReLU(),
        MaxPool2d(2),  # 4 × 4
        kernels(32, 64),
        ReLU(),
        MaxPool2d(2),  # 2 × 2
        Flatten(),
        Dropout(0.3),
        Linear(64 * 2 * 2, 10, dtype=FLOAT),
    )


def kernels(channels: int, count: int) -> Conv2d:
    """Kernels of 3 × 3, with zeros around the image, so that its size stays."""
    return Conv2d(channels, count, 3, padding=1, dtype=FLOAT)


def train(model: Sequential, x: Array, y: Array, epochs: int) -> None:
    """Train with Adam, on images that are shifted anew in each epoch; the rate rises and falls."""
    loader = DataLoader((x, y), 32, shuffle=True, transform=shift(1))
    optimizer = Adam(model.parameters())
    schedule = OneCycleLR(optimizer, max_lr=0.005, total_steps=epochs * len(loader))
    fit(
        model,
        loader,
        cross_entropy,
        optimizer,
        epochs=epochs,
        schedule=schedule,
        schedule_each="batch",
        callbacks=[Lines("the network", 4)],
        progress=False,
    )


def scores(model: Sequential, x: Array) -> Array:
    """The score of each digit, for each image."""
    with no_grad(), evaluating(model):
        found: Array = model(x).data
    return found


def run(settings: Example) -> dict[str, float]:
    """Train, ask, check the answers, and leave pictures."""
    autograd.manual_seed(settings.seed)
    train_x, train_y, x, y = stratified(300 if settings.small else None, settings.seed)
    model = network()
    print(summary(model, (1, 1, 8, 8)))
    train(model, train_x, train_y, settings.epochs or (10 if settings.small else EPOCHS))
    found = scores(model, x)
    results = {"test_accuracy": float(np.mean(found.argmax(1) == y))}
    print(f"test accuracy {results['test_accuracy']:.1%}")
    results |= sums(model, x[: 10 if settings.small else 50]) | erasing(model, x, y, settings.seed)
    right = found.argmax(1) == y
    explanations(model, np.concatenate([x[right & (y == d)][:1] for d in SHOWN]), settings.out)
    likes(model, settings, 20 if settings.small else 200)
    return results


def sums(model: Sequential, x: Array) -> dict[str, float]:
    """How far explanations are from summing to what they share out, as a part of that."""
    found = scores(model, x)
    best = found.argmax(1)
    score = found.max(1)
    rise = score - scores(model, np.zeros_like(x))[np.arange(len(x)), best]
    added = integrated_gradients(model, x, best, steps=200).sum(axis=(1, 2, 3))
    shared = layer_relevance(model, x, best, "z+").sum(axis=(1, 2, 3))
    gaps = {
        "completeness_gap": float(np.abs(added - rise).max() / np.abs(rise).max()),
        "conservation_gap": float(np.abs(shared - score).max() / np.abs(score).max()),
    }
    print(
        "integrated gradients sum to how far the score rises, and relevance to the score, but for "
        f"{gaps['completeness_gap']:.1e} and {gaps['conservation_gap']:.1e} of it"
    )
    return gaps


def erasing(model: Sequential, x: Array, y: Array, seed: int) -> dict[str, float]:
    """How many digits are read correctly still, once the pixels that matter most are erased."""
    noise = np.random.default_rng(seed).random(x.shape)
    answers = scores(model, x).argmax(1)
    ways = WAYS | {"ink at random": lambda model, x, target: noise * (x > 0)}
    results = {}
    print(f"accuracy once the {ERASED} most important pixels are erased:")
    for title, ask in ways.items():
        importance = ask(model, x, answers).reshape(len(x), -1)
        erased = x.reshape(len(x), -1).copy()
        np.put_along_axis(erased, np.argsort(-importance, axis=1)[:, :ERASED], 0.0, axis=1)
        left = float(np.mean(scores(model, erased.reshape(x.shape)).argmax(1) == y))
        print(f"  {title:21}{left:6.1%}")
        results["erased_by_" + title.lower().replace(" ", "_").replace("-", "_")] = left
    return results


def explanations(model: Sequential, x: Array, out: Path) -> None:
    """Digits, and what each way to ask says of them."""
    found = scores(model, x)
    second, best = np.argsort(found, axis=1)[:, -2:].T
    rows = np.arange(len(x))
    found_by = {title: ask(model, x, best) for title, ask in WAYS.items()}
    found_by["against the runner-up"] = integrated_gradients(
        model, x, lambda scores: scores[rows, best] - scores[rows, second]
    )
    figure = Figure(figsize=(9, 1.42 * len(x) + 0.8), layout="constrained")
    grid = figure.subplots(len(x), 1 + len(found_by), squeeze=False)
    for i, line in enumerate(grid):
        line[0].imshow(x[i, 0], cmap="gray_r")
        line[0].set_ylabel(f"reads {best[i]}", fontsize=11)
        for axes, (title, maps) in zip(line[1:], found_by.items(), strict=True):
            limit = float(np.abs(maps[i]).max()) or 1.0
            axes.imshow(maps[i, 0], cmap="RdBu", vmin=-limit, vmax=limit)
            axes.contour(x[i, 0], levels=[0.5], colors="#555555", linewidths=0.8)
            if i == 0:
                axes.set_title(title.replace(" ", "\n", 1), fontsize=11)
        line[-1].set_xlabel(f"{best[i]}, not {second[i]}", fontsize=10)
    grid[0, 0].set_title("digit", fontsize=11)
    for axes in figure.axes:
        axes.set(xticks=[], yticks=[])
    figure.suptitle(
        "Blue speaks for the answer, red against it (saliency and Grad-CAM have no sign).\n"
        "The line is the edge of the ink."
    )
    figure.savefig(out / "explanations.png", dpi=100)


def likes(model: Sequential, settings: Example, steps: int) -> None:
    """Images that a digit's score likes best, and those that kernels of the second layer do."""
    how: Any = {"shape": (1, 8, 8), "bounds": (0.0, 1.0), "steps": steps}
    how |= {"generator": settings.seed}
    digits = feature_visualization(model, range(10), decay=0.5, smoothness=0.2, **how)
    units = feature_visualization(model, range(20), layer="2", where="middle", decay=0.1, **how)
    figure = Figure(figsize=(9, 4), layout="constrained")
    grid = figure.subplots(3, 10)
    for i, (axes, made) in enumerate(zip(grid.flat, (*digits, *units), strict=True)):
        axes.imshow(made[0], cmap="gray_r", vmin=0, vmax=1)
        axes.set(xticks=[], yticks=[], title=f"{i}" if i < 10 else f"kernel {i - 10}")
        axes.title.set_fontsize(10)
    figure.suptitle("Made up by the network: what each score likes best, and what 20 kernels do")
    figure.savefig(settings.out / "likes.png", dpi=100)
