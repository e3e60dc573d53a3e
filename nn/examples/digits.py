"""A multi-layer perceptron that learns to read digits, one scalar at a time."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tqdm import tqdm

from autograd import no_grad
from nn.examples import pictures
from nn.examples.settings import Settings
from nn.functional import cross_entropy
from nn.neuron import MLP
from nn.optim import Adam

Pixels = list[float]
PICTURES = ("curves.png", "confusion.png", "predictions.png", "neuron.svg")


@dataclass(frozen=True)
class Digits:
    """Images of 8 × 8 pixels from 0 to 1 in a row, and which digit each shows."""

    train_x: list[Pixels]
    train_y: list[int]
    test_x: list[Pixels]
    test_y: list[int]


@dataclass
class History:
    """What was measured after each epoch."""

    loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    test_accuracy: list[float] = field(default_factory=list)


def load(settings: Settings) -> Digits:
    """The digits that scikit-learn brings along, a fifth of them held out for the test.

    Source: E. Alpaydin & C. Kaynak 1998, Optical Recognition of Handwritten Digits, UCI.
    """
    x, y = load_digits(return_X_y=True)
    count = min(settings.samples, len(y))
    pixels, digits = (x[:count] / 16.0).tolist(), y[:count].tolist()
    train_x, test_x, train_y, test_y = train_test_split(
        pixels, digits, test_size=0.2, random_state=settings.seed
    )
    return Digits(train_x, train_y, test_x, test_y)


def answer(scores: Sequence[Any]) -> int:
    """The digit with the highest score."""
    return max(range(len(scores)), key=lambda digit: float(scores[digit]))


def predict(model: MLP, images: list[Pixels]) -> list[int]:
    """The digit that the model sees in each image."""
    with no_grad():
        return [answer(model(image)) for image in images]


def accuracy(answers: list[int], truth: list[int]) -> float:
    """The share of right answers."""
    return sum(a == t for a, t in zip(answers, truth, strict=True)) / len(truth)


def train_epoch(
    model: MLP, data: Digits, order: list[int], batch: int, optimizer: Adam, bar: Any
) -> tuple[float, float]:
    """One pass over the training data; its mean loss and the share answered rightly."""
    loss_sum, right = 0.0, 0
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        optimizer.zero_grad()
        for i in chosen:
            scores = model(data.train_x[i])
            loss = cross_entropy(scores, data.train_y[i])
            loss.backward(1.0 / len(chosen))  # gradients add up to those of the batch's mean
            loss_sum += loss.data
            right += answer(scores) == data.train_y[i]
            bar.update()
        optimizer.step()
    return loss_sum / len(order), right / len(order)


def train(model: MLP, data: Digits, settings: Settings) -> History:
    """Train with Adam, its rate falling to zero; Ctrl-C ends it early, with what it has."""
    optimizer = Adam(model.parameters(), settings.lr)
    shuffler = random.Random(settings.seed)
    order = list(range(len(data.train_y)))
    history = History()
    # Where nobody watches, in a log file, there is no bar.
    with tqdm(total=settings.epochs * len(order), unit=" images", disable=None) as bar:
        try:
            for epoch in range(settings.epochs):
                optimizer.lr = settings.lr * (1.0 - epoch / settings.epochs)
                shuffler.shuffle(order)
                loss, seen = train_epoch(model, data, order, settings.batch, optimizer, bar)
                held_out = accuracy(predict(model, data.test_x), data.test_y)
                history.loss.append(loss)
                history.train_accuracy.append(seen)
                history.test_accuracy.append(held_out)
                bar.write(
                    f"epoch {epoch + 1:2d} of {settings.epochs}: loss {loss:.4f}, "
                    f"train accuracy {seen:.1%}, test accuracy {held_out:.1%}"
                )
        except KeyboardInterrupt:
            bar.write(f"stopped in epoch {len(history.loss) + 1}; keeping what was learned")
    return history


@contextmanager
def longer_lived() -> Iterator[None]:
    """A block in which Python's collector passes over all that exists already.

    While millions of nodes come and go it would look through every imported library again and
    again for cycles, a third of the time.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


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
    with longer_lived():
        history = train(model, data, settings)
    answers = predict(model, data.test_x)
    print(f"test accuracy {accuracy(answers, data.test_y):.1%}")
    curves, confusion, predictions, neuron = (settings.out / picture for picture in PICTURES)
    if history.loss:
        pictures.curves(history, curves)
    pictures.confusion(data.test_y, answers, confusion)
    pictures.predictions(data.test_x, data.test_y, answers, predictions)
    pictures.neuron(model, data.test_x[0], data.test_y[0], neuron)
    print(f"the pictures are in {settings.out}")
    return history
