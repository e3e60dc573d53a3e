"""A multi-layer perceptron, one scalar per weight, that parts two half moons by a curved border.

The network is a graph of Values, built by plain Python one multiplication at a time: 337 weights,
and a graph of about 260,000 nodes for the loss of 400 points. ``autograd.compile`` records it
once and replays it as a few steps on arrays, so that an epoch takes milliseconds.

No straight line parts the moons, so a perceptron cannot. The score of this network is above zero
on one side of a curve, and the hidden layers learn where that curve must run. The points scatter,
and the moons meet: nobody could be right about all of them.

``surface.png`` shows on the left how sure the network is at each place of the plane, and the border
on which it is undecided; points to learn from are small, test points large, and those that it gets
wrong are ringed. On the right are loss and accuracy after each epoch.

Sources: Rumelhart, Hinton & Williams 1986, Learning representations by back-propagating errors;
the demo of A. Karpathy's micrograd, which parts moons like these.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split

import autograd
from autograd import no_grad
from nn.examples.pictures import BLUE, ORANGE
from nn.examples.settings import Example
from nn.functional import binary_cross_entropy_with_logits
from nn.neuron import MLP
from nn.optim import Adam

EPOCHS = 300  # each is one step, on all points
TARGET = 0.95  # of the test points

Array: TypeAlias = NDArray[Any]


@autograd.compile
def loss_of(model: MLP, points: Any, moons: Any) -> Any:
    """The mean cross-entropy over all points, in plain scalar code."""
    losses = [
        binary_cross_entropy_with_logits(model(point), moon)
        for point, moon in zip(points, moons, strict=True)
    ]
    return sum(losses) / len(losses)


def load(settings: Example) -> tuple[Array, Array, Array, Array]:
    """Points of shape (n, 2) and the moon, 0 or 1, that each is of: to learn from, and held out."""
    x, y = make_moons(80 if settings.small else 800, noise=0.2, random_state=settings.seed)
    train_x, test_x, train_y, test_y = train_test_split(
        x, y.astype(float), test_size=0.5, stratify=y, random_state=settings.seed
    )
    return train_x, train_y, test_x, test_y


def scores(model: MLP, points: Array) -> Array:
    """How much the model is for the second moon at each point: above 0 if it is."""
    with no_grad():
        found: Array = model(points).data
    return found


def accuracy(model: MLP, points: Array, moons: Array) -> float:
    """The share of points that it is right about."""
    return float(np.mean((scores(model, points) > 0) == (moons > 0)))


def run(settings: Example) -> dict[str, float]:
    """Train, report, and leave a picture."""
    train_x, train_y, test_x, test_y = load(settings)
    model = MLP(2, [16, 16, 1], "tanh", init="xavier", seed=settings.seed)
    optimizer = Adam(model.parameters(), lr=0.02)
    epochs = settings.epochs or (10 if settings.small else EPOCHS)
    curves: dict[str, list[float]] = {"loss": [], "train accuracy": [], "test accuracy": []}
    start = time.perf_counter()
    for epoch in range(1, epochs + 1):
        optimizer.zero_grad()
        loss = loss_of(model, train_x, train_y)
        loss.backward()
        optimizer.step()
        now = [loss.data, accuracy(model, train_x, train_y), accuracy(model, test_x, test_y)]
        for measured, number in zip(curves.values(), now, strict=True):
            measured.append(number)
        if epoch % max(1, epochs // 10) == 0:
            print(f"epoch {epoch:3d} of {epochs}: loss {now[0]:.4f}, test accuracy {now[2]:.1%}")
    seconds = time.perf_counter() - start
    print(loss_of.program)
    print(f"{epochs} epochs took {seconds:.1f} s, recording and measuring included")
    test = curves["test accuracy"][-1]
    print(f"test accuracy {test:.1%} (to be reached: {TARGET:.0%})")
    draw(model, (train_x, train_y), (test_x, test_y), curves, settings.out / "surface.png")
    return {name.replace(" ", "_"): measured[-1] for name, measured in curves.items()}


def draw(
    model: MLP,
    train: tuple[Array, Array],
    test: tuple[Array, Array],
    curves: dict[str, list[float]],
    path: Path,
) -> None:
    """The decision surface with the points, and the curves beside it."""
    figure = Figure(figsize=(10.5, 5), layout="constrained")
    grid = figure.add_gridspec(2, 2, width_ratios=[1.7, 1])
    surface(figure.add_subplot(grid[:, 0]), model, train, test)
    upper, lower = figure.add_subplot(grid[0, 1]), figure.add_subplot(grid[1, 1])
    epochs = range(1, len(curves["loss"]) + 1)
    upper.plot(epochs, curves["loss"], color=BLUE)
    upper.set(title="Loss on the points to learn from", ylabel="cross-entropy")
    upper.set_ylim(bottom=0)
    lower.plot(epochs, curves["train accuracy"], color=BLUE, label="training")
    lower.plot(epochs, curves["test accuracy"], "--", color=ORANGE, label="test")
    lower.axhline(TARGET, color="gray", lw=0.8, ls=":")
    lower.set(title="Accuracy", xlabel="epoch")
    lower.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    lower.legend(loc="lower right")
    for axes in (upper, lower):
        axes.grid(alpha=0.3)
    figure.savefig(path, dpi=110)


def surface(axes: Axes, model: MLP, train: tuple[Array, Array], test: tuple[Array, Array]) -> None:
    """The probability of the second moon at each place, and the points."""
    x, y = np.meshgrid(np.linspace(-1.8, 2.8, 160), np.linspace(-1.4, 1.9, 120))
    table = np.column_stack([x.ravel(), y.ravel()])
    sure = 1 / (1 + np.exp(-scores(model, table).reshape(x.shape)))
    where = (x.min(), x.max(), y.min(), y.max())
    shades = axes.imshow(
        sure, extent=where, origin="lower", aspect="auto", cmap="RdBu_r", alpha=0.45, vmin=0, vmax=1
    )
    axes.contour(x, y, sure, levels=[0.5], colors="black")
    axes.figure.colorbar(shades, ax=axes, label="probability of the second moon", pad=0.01)
    for part, (points, moons), size in (("training", train, 8), ("test", test, 26)):
        for moon, colour in ((0, BLUE), (1, ORANGE)):
            those = points[moons == moon]
            name = f"{'first' if moon == 0 else 'second'} moon, {part}"
            dots = axes.scatter(those[:, 0], those[:, 1], size, colour, label=name)
            dots.set(edgecolor="white", linewidth=0.4)
    points, moons = test
    wrong = points[(scores(model, points) > 0) != (moons > 0)]
    rings = axes.scatter(wrong[:, 0], wrong[:, 1], 90, label="test, wrong")
    rings.set(facecolor="none", edgecolor="black", linewidth=1.2)
    axes.set(title="How sure it is, and where it is undecided", xlabel="x", ylabel="y")
    axes.legend(loc="lower right", fontsize=8)
