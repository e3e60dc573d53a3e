"""Pictures of a training run and of what came out of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from sklearn.metrics import ConfusionMatrixDisplay

from autograd import draw, no_grad

if TYPE_CHECKING:
    from nn.examples.digits import Floats, History, Ints
    from nn.neuron import MLP

BLUE, ORANGE = "#0072B2", "#B34700"


def whole_epochs(axes: Any) -> None:
    """See that no tick of the axis of epochs lies between two."""
    axes.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)


def curves(history: History, path: Path) -> None:
    """Loss and accuracy by epoch."""
    epochs = range(1, len(history.loss) + 1)
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.plot(epochs, history.loss, color=BLUE, marker="o")
    left.set(title="Loss on the training digits", xlabel="epoch", ylabel="cross-entropy")
    left.set_ylim(bottom=0)
    right.plot(epochs, history.train_accuracy, color=BLUE, marker="o", label="train")
    right.plot(epochs, history.test_accuracy, color=ORANGE, marker="s", ls="--", label="test")
    right.set(title="Accuracy", xlabel="epoch")
    right.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    right.legend(loc="lower right")
    for axes in (left, right):
        axes.grid(alpha=0.3)
        whole_epochs(axes)
    figure.savefig(path, dpi=120)


def confusion(truth: Ints, answers: Ints, path: Path) -> None:
    """How often each digit was taken for each other."""
    figure = Figure(figsize=(5.6, 5.2), layout="constrained")
    axes = figure.subplots()
    ConfusionMatrixDisplay.from_predictions(
        truth, answers, labels=range(10), cmap="Blues", colorbar=False, ax=axes
    )
    axes.set(title="Test digits, and the answers they got", xlabel="answer", ylabel="digit")
    figure.savefig(path, dpi=120)


def predictions(images: Floats, truth: Ints, answers: Ints, path: Path) -> None:
    """Test digits with the answers, mistakes first."""
    order = sorted(range(len(truth)), key=lambda i: truth[i] == answers[i])
    figure = Figure(figsize=(9, 5), layout="constrained")
    for axes, i in zip(figure.subplots(3, 8).flat, order, strict=False):
        right = truth[i] == answers[i]
        axes.imshow(np.reshape(images[i], (8, 8)), cmap="gray_r")
        axes.set_title(
            f"{answers[i]} ✓" if right else f"{answers[i]} ✗, is {truth[i]}",
            color=BLUE if right else ORANGE,
            fontsize=10,
        )
    for axes in figure.axes:
        axes.set_axis_off()
    figure.suptitle("What the network answers: its mistakes, then some it gets right")
    figure.savefig(path, dpi=120)


def neuron(model: MLP, image: Floats, digit: int, path: Path) -> None:
    """The graph of the output neuron for a digit, with values and gradients, on one image."""
    with no_grad():
        hidden = model.layers[0](image)
    unit = model.layers[1].neurons[digit]
    model.zero_grad()
    score = unit([float(h) for h in hidden] if isinstance(hidden, list) else float(hidden))
    score.backward()
    names = {"w": unit.w, "b": unit.b, f"score of {digit}": score}
    draw(score, names=names, at_once=1_000).save(path)  # every weight, and nothing folded
