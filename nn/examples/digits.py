"""A multi-layer perceptron that learns to read digits, one scalar at a time.

Each of its 1,210 weights is a Value, and each multiplication a node of a graph, written in plain
Python. ``autograd.compile`` records what is computed once, and replays it as a few steps on arrays.

``curves.png`` shows the loss, and how many of the digits learned from and held out are read rightly
after each epoch; ``confusion.png`` which of those held out was taken for which; ``predictions.png``
some of them, mistakes first; ``neuron.svg`` the graph of one output neuron, with the value and the
gradient of each node, for one image.

Sources: Rumelhart, Hinton & Williams 1986, Learning representations by back-propagating errors; the
digits, Alpaydin & Kaynak 1998.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import autograd
from autograd import no_grad
from nn.examples import pictures
from nn.examples.settings import Settings
from nn.functional import cross_entropy
from nn.neuron import MLP
from nn.optim import Adam

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
PICTURES = ("curves.png", "confusion.png", "predictions.png", "neuron.svg")


@autograd.compile
def batch_loss(model: MLP, images: Any, digits: Any) -> Any:
    """The mean cross-entropy over a batch; plain scalar code, about 2,400 Values an image.

    The first call with a batch of some size runs it; what was recorded then is replayed as a few
    steps on arrays. The last batch of an epoch, which is smaller, has a program of its own.
    """
    losses = [
        cross_entropy(model(image), digit) for image, digit in zip(images, digits, strict=True)
    ]
    return sum(losses) / len(losses)


@dataclass(frozen=True)
class Digits:
    """Images of 8 × 8 pixels from 0 to 1, one a row, and which digit each shows."""

    train_x: Floats  # (N, 64)
    train_y: Ints  # (N,)
    test_x: Floats
    test_y: Ints


@dataclass
class History:
    """What was measured after each epoch; the loss, during it."""

    loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    test_accuracy: list[float] = field(default_factory=list)


def load(settings: Settings) -> Digits:
    """The digits that scikit-learn brings along, a fifth of them held out for the test.

    Source: E. Alpaydin & C. Kaynak 1998, Optical Recognition of Handwritten Digits, UCI.
    """
    x, y = load_digits(return_X_y=True)
    count = min(settings.samples, len(y))
    train_x, test_x, train_y, test_y = train_test_split(
        x[:count] / 16.0, y[:count], test_size=0.2, random_state=settings.seed
    )
    return Digits(train_x, train_y, test_x, test_y)


def predict(model: MLP, images: Floats) -> Ints:
    """The digit that the model sees in each image: the one with the highest score."""
    with no_grad():
        answers: Ints = model(images).data.argmax(axis=1)
    return answers


def accuracy(model: MLP, images: Floats, digits: Ints) -> float:
    """The share of right answers."""
    return float(np.mean(predict(model, images) == digits))


def train_epoch(model: MLP, data: Digits, order: list[int], batch: int, optimizer: Adam) -> float:
    """One pass over the training data; its mean loss."""
    total = 0.0
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        optimizer.zero_grad()
        loss = batch_loss(model, data.train_x[chosen], data.train_y[chosen])
        loss.backward()
        optimizer.step()
        total += loss.data * len(chosen)
    return total / len(order)


def train(model: MLP, data: Digits, settings: Settings) -> History:
    """Train with Adam, its rate falling to zero; Ctrl-C ends it early, with what it has."""
    optimizer = Adam(model.parameters(), settings.lr)
    shuffler = random.Random(settings.seed)
    order = list(range(len(data.train_y)))
    history = History()
    try:
        for epoch in range(settings.epochs):
            optimizer.lr = settings.lr * (1.0 - epoch / settings.epochs)
            shuffler.shuffle(order)
            loss = train_epoch(model, data, order, settings.batch, optimizer)
            seen = accuracy(model, data.train_x, data.train_y)
            held_out = accuracy(model, data.test_x, data.test_y)
            history.loss.append(loss)
            history.train_accuracy.append(seen)
            history.test_accuracy.append(held_out)
            print(
                f"epoch {epoch + 1:2d} of {settings.epochs}: loss {loss:.4f}, "
                f"train accuracy {seen:.1%}, test accuracy {held_out:.1%}"
            )
    except KeyboardInterrupt:
        print(f"stopped in epoch {len(history.loss) + 1}; keeping what was learned")
    return history


def speed(model: MLP, data: Digits, batch: int) -> str:
    """The steps that `batch_loss` became, and how long a batch takes with them and without."""
    images, digits = data.train_x[:batch], data.train_y[:batch]
    batch_loss(model, images, digits)
    program = batch_loss.program
    fast = seconds(lambda: batch_loss(model, images, digits).backward())
    slow = seconds(lambda: batch_loss.__wrapped__(model, images, digits).backward())
    return (
        f"{program}\n"
        f"{program.nodes:,} scalar nodes became {len(program.steps)} array steps: a batch of "
        f"{len(digits)}, forward and backward, takes {1e3 * fast:.2f} ms; without "
        f"@autograd.compile {1e3 * slow:.0f} ms, {slow / fast:,.0f} times as long"
    )


def seconds(run: Callable[[], object]) -> float:
    """The processor time that something takes, so that what else runs meanwhile does not count."""
    times, taken, start = 0, 0.0, time.process_time()
    while taken < 0.2:
        run()
        times += 1
        taken = time.process_time() - start
    return taken / times


def run(settings: Settings) -> History:
    """Train, report, and leave pictures in the folder of the settings."""
    for picture in PICTURES:  # none of an earlier run is to stand beside this one's
        (settings.out / picture).unlink(missing_ok=True)
    data = load(settings)
    model = MLP(64, [settings.hidden, 10], "tanh", init="xavier", seed=settings.seed)
    print(
        f"{len(data.train_y)} digits to learn from, {len(data.test_y)} held out; a network "
        f"64-{settings.hidden}-10 of {len(model.parameters())} weights, each a Value"
    )
    start = time.perf_counter()
    history = train(model, data, settings)
    print(f"trained in {time.perf_counter() - start:.1f} s, tracing and evaluating included")
    print(speed(model, data, settings.batch))
    answers = predict(model, data.test_x)
    print(f"test accuracy {accuracy(model, data.test_x, data.test_y):.1%}")
    curves, confusion, predictions, neuron = (settings.out / picture for picture in PICTURES)
    if history.loss:
        pictures.curves(history, curves)
    pictures.confusion(data.test_y, answers, confusion)
    pictures.predictions(data.test_x, data.test_y, answers, predictions)
    pictures.neuron(model, data.test_x[0], data.test_y[0], neuron)
    print(f"the pictures are in {settings.out}")
    return history
