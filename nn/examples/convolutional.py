"""A convolutional network that reads digits, from images that are shifted and turned as it learns.

Each kernel is a small picture that slides over the image and is looked for everywhere in it; those
of the second and third layer are looked for in what the layer before has found. Pooling keeps the
largest of four neighbours, so that it matters less where something was found. The training images
are moved by up to a pixel and turned by up to 12° anew in each epoch (augmentation), dropout
hides a share of the features, and the learning rate rises and then falls to zero (one cycle).

A fifth of scikit-learn's 1,797 digits is held out, the same share of each class. The test curve
is there to look at: no choice is made by it, and the last epoch is what counts. MNIST, or
Fashion-MNIST, is learned instead if the environment variable GLASSGRAD_MNIST names the folder that
has its four files.

``curves.png`` shows loss and accuracy after each epoch. ``mistakes.png`` shows what the network
gets wrong on the test digits, and then those of which it is least sure. ``inside.png`` shows the
32 kernels of the first layer, blue where they look for ink and red where for none; and below, for
one digit, where each kernel finds its picture, and what half of the next layer makes of that.

Sources: LeCun, Bottou, Bengio & Haffner 1998, Gradient-based learning applied to document
recognition; Ioffe & Szegedy 2015, Batch normalization; Smith & Topin 2018, Super-convergence.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

import autograd
from autograd import no_grad
from nn.data import DataLoader, compose, rotate, shift
from nn.examples import idx
from nn.examples.digit_images import stratified
from nn.examples.pictures import BLUE, ORANGE, whole_epochs
from nn.examples.reporting import is_time
from nn.examples.settings import Example
from nn.layers.activation import ReLU
from nn.layers.batch_norm import BatchNorm2d
from nn.layers.containers import Sequential
from nn.layers.convolution import Conv2d
from nn.layers.dropout import Dropout
from nn.layers.linear import Linear
from nn.layers.pooling import MaxPool2d
from nn.layers.shape import Flatten
from nn.losses import CrossEntropyLoss
from nn.optim import AdamW
from nn.optim.schedules import OneCycleLR
from nn.training import History, Run, fit

EPOCHS = 40
MNIST_EPOCHS = 5  # of 60,000 images
TARGET = 0.985  # of the test digits
BATCH = 32

Array: TypeAlias = NDArray[Any]
FLOAT = np.float32  # half as wide as usual, and half as long to wait


def network(side: int = 8) -> Sequential:
    """Three layers of kernels on square images, and one that weighs what they found."""
    pools = 2 if side < 16 else 3  # images of 8 × 8 become 2 × 2, those of 28 × 28 become 3 × 3
    end = side // 2**pools
    return Sequential(
        *kernels(1, 32),
        *[MaxPool2d(2)] * (pools - 2),
        *kernels(32, 64),
        MaxPool2d(2),
        *kernels(64, 64),
        MaxPool2d(2),
        Flatten(),
        Dropout(0.3),
        Linear(64 * end * end, 10, dtype=FLOAT),
    )


def kernels(channels: int, count: int) -> tuple[Conv2d, BatchNorm2d, ReLU]:
    """A layer of kernels of 3 × 3, with zeros around the image, so that its size stays."""
    convolution = Conv2d(channels, count, 3, padding=1, dtype=FLOAT)
    return convolution, BatchNorm2d(count, dtype=FLOAT), ReLU()


def load(settings: Example) -> tuple[Array, Array, Array, Array]:
    """Images of shape (n, 1, side, side) from 0 to 1 and their digits: to learn from, held out."""
    if folder := os.environ.get("GLASSGRAD_MNIST"):
        train_x, train_y, test_x, test_y = idx.read(Path(folder))
        n = 100 if settings.small else None
        images = [x[:n, None].astype(FLOAT) / 255 for x in (train_x, test_x)]
        return images[0], train_y[:n].astype(int), images[1], test_y[:n].astype(int)
    return stratified(200 if settings.small else None, settings.seed)


class Report:
    """A callback that prints how it goes, about ten times."""

    def on_epoch_end(self, run: Run) -> None:
        """Print what was measured."""
        if is_time(run):
            now = run.history[-1]
            print(
                f"epoch {run.epoch:2d} of {run.epochs}: loss {now['loss']:.4f}, train accuracy "
                f"{now['accuracy']:.1%} (augmented), test accuracy "
                f"{now['val_accuracy']:.2%}"
            )


def train(
    model: Sequential, train_x: Array, train_y: Array, test: tuple[Array, Array], epochs: int
) -> History:
    """Train with AdamW, on other images in each epoch."""
    loader = DataLoader(
        (train_x, train_y), BATCH, shuffle=True, transform=compose(shift(1), rotate(12.0))
    )
    optimizer = AdamW(model.parameters(), lr=0.001, weight_decay=0.01)
    schedule = OneCycleLR(optimizer, max_lr=0.006, total_steps=epochs * len(loader))
    return fit(
        model,
        loader,
        CrossEntropyLoss(label_smoothing=0.05),
        optimizer,
        epochs=epochs,
        validation=test,
        metrics="accuracy",
        schedule=schedule,
        schedule_each="batch",
        callbacks=[Report()],
        progress=False,
    )


def probabilities(model: Sequential, images: Array) -> Array:
    """How likely each image shows each digit, says the model."""
    model.eval()
    parts = np.array_split(images, range(500, len(images), 500))
    with no_grad():
        return np.concatenate([autograd.softmax(model(part), 1).data for part in parts])


def run(settings: Example) -> dict[str, float]:
    """Train, report, and leave pictures."""
    autograd.manual_seed(settings.seed)
    train_x, train_y, test_x, test_y = load(settings)
    model = network(train_x.shape[-1])
    count = sum(parameter.data.size for parameter in model.parameters())
    print(f"{len(train_y)} images to learn from, {len(test_y)} held out; {count:,} weights")
    mnist = train_x.shape[-1] != 8
    epochs = settings.epochs or (2 if settings.small else MNIST_EPOCHS if mnist else EPOCHS)
    history = train(model, train_x, train_y, (test_x, test_y), epochs)
    sure = probabilities(model, test_x)
    wrong = int(np.sum(sure.argmax(1) != test_y))
    test = 1 - wrong / len(test_y)
    target = "" if mnist else f" (to be reached: {TARGET:.1%})"
    print(f"test accuracy {test:.2%}, mistakes {wrong}{target}")
    curves(history, settings.out / "curves.png")
    mistakes(test_x, test_y, sure, settings.out / "mistakes.png")
    inside(model, test_x[0], settings.out / "inside.png")
    return {
        "test_accuracy": test,
        "mistakes": float(wrong),
        "train_accuracy": float(np.mean(probabilities(model, train_x).argmax(1) == train_y)),
        "loss": history[-1]["loss"],
    }


def curves(history: History, path: Path) -> None:
    """Loss and accuracy by epoch."""
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    for axes, name in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        epochs = range(1, len(history) + 1)
        axes.plot(epochs, history[name], ".-", color=BLUE, label="training, augmented")
        axes.plot(epochs, history[f"val_{name}"], ".--", color=ORANGE, label="test")
        axes.set(title=name.capitalize(), xlabel="epoch", ylabel=name)
        whole_epochs(axes)
        axes.grid(alpha=0.3)
        axes.legend()
    figure.axes[0].set(ylabel="cross-entropy, smoothed labels")
    figure.axes[1].yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    figure.savefig(path, dpi=110)


def mistakes(images: Array, truth: Array, sure: Array, path: Path) -> None:
    """Test digits with the answers: mistakes first, then those that it is least sure of."""
    answers, share = sure.argmax(1), sure.max(1)
    order = np.lexsort([share, answers == truth])
    figure = Figure(figsize=(8, 4.2), layout="constrained")
    for axes, i in zip(figure.subplots(2, 6).flat, order, strict=False):
        right = answers[i] == truth[i]
        ink(axes, images[i, 0])
        word = f"{answers[i]}" if right else f"{answers[i]}, but is {truth[i]}"
        axes.set_title(f"{word}\n{share[i]:.0%} sure", color=BLUE if right else ORANGE, fontsize=10)
    figure.suptitle("Test images: its mistakes (orange), then what it is least sure of")
    figure.savefig(path, dpi=110)


def inside(model: Sequential, image: Array, path: Path) -> None:
    """The kernels of the first layer, and what two layers find in an image."""
    model.eval()
    weights = model[0].weight.data[:, 0]
    ends = [i for i, layer in enumerate(model, 1) if isinstance(layer, ReLU)]
    with no_grad():
        first, second = (model[:end](image[None]).data[0] for end in ends[:2])
    figure = Figure(figsize=(9.5, 5.4), layout="constrained")
    (one, two), (three, four) = figure.subplots(2, 2)
    ink(one, image[0])
    one.set_title("An image")
    limit = float(np.abs(weights).max())
    two.imshow(mosaic(weights), cmap="RdBu", vmin=-limit, vmax=limit)
    two.set_title("The 32 kernels of the first layer:\nblue looks for ink, red for none")
    three.imshow(mosaic(first), cmap="gray_r")
    three.set_title("Where each of them finds its picture (dark)")
    four.imshow(mosaic(second[:32]), cmap="gray_r")
    four.set_title("What 32 kernels of the second layer find in that")
    two.set_axis_off()
    for axes in (three, four):  # the gaps between pictures show what is behind them
        axes.set(xticks=(), yticks=(), facecolor="lightsteelblue")
    figure.savefig(path, dpi=110)


def mosaic(tiles: Array) -> Array:
    """Pictures in rows of eight, with a gap around each."""
    spaced = np.pad(tiles.astype(float), ((0, 0), (0, 1), (0, 1)), constant_values=np.nan)
    _, height, width = spaced.shape
    rows = spaced.reshape(-1, 8, height, width).swapaxes(1, 2)
    laid: Array = rows.reshape(-1, 8 * width)[:-1, :-1]
    return laid


def ink(axes: Axes, image: Array) -> None:
    """A picture, dark where its numbers are large."""
    axes.imshow(image, cmap="gray_r")
    axes.set_axis_off()
