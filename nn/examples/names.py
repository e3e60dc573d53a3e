"""First names, letter by letter: what `characters` and `transformer` learn to spell.

The names are the 6,824 that the package faker (40.54) lists as English first names. A tenth of
them is held out. A network reads a name from its beginning and gives, at each place, a score to
each letter that could come next; the loss is how surprised it is by what comes, in nats a letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from faker.providers.person.en import Provider
from numpy.typing import NDArray

import autograd
from autograd import Tensor, no_grad
from nn import Adam, CosineAnnealingLR, DataLoader, Module, fit
from nn.examples.reporting import Lines
from nn.examples.settings import Example
from nn.functional import cross_entropy
from nn.training import History

ALPHABET = ".abcdefghijklmnopqrstuvwxyz"  # a dot stands before each name and after it
PLACES = 13  # twelve letters, and the dot
IGNORED = -100  # a target that does not count: there is nothing after the end
BATCH, LR = 32, 0.003
# The loss on held-out names of PyTorch's same networks, from the same start on the same batches, as
# tests/reference/names.py measures it.
PYTORCH = {"RNN": 1.996277, "LSTM": 1.96086, "transformer": 1.981009}

Ints: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class Names:
    """Those to learn from, and those held out."""

    train: list[str]
    held_out: list[str]


def load(settings: Example) -> Names:
    """All names in small letters, each once, parted by the seed."""
    names = sorted({name.lower() for name in Provider.first_names})
    np.random.default_rng(settings.seed).shuffle(names)
    names = names[:400] if settings.small else names
    count = len(names) // 10
    return Names(names[count:], names[:count])


def encode(names: Sequence[str]) -> tuple[Ints, Ints]:
    """What is read at each place, and what comes next, as places in the alphabet.

    Examples
    --------
    >>> x, y = encode(["abe"])
    >>> x[0, :6], y[0, :6]
    (array([0, 1, 2, 5, 0, 0]), array([   1,    2,    5,    0, -100, -100]))
    """
    x = np.zeros((len(names), PLACES), np.int64)
    y = np.full((len(names), PLACES), IGNORED)
    for i, name in enumerate(names):
        letters = [ALPHABET.index(letter) for letter in name]
        x[i, 1 : len(name) + 1] = letters
        y[i, : len(name) + 1] = [*letters, 0]
    return x, y


def nats(scores: Any, target: Any) -> Any:
    """The mean cross-entropy of each letter that comes, the dot at the end included."""
    return cross_entropy(scores.reshape(-1, len(ALPHABET)), target.reshape(-1))


def frequencies(names: Names) -> float:
    """The loss of who knows only how frequent each letter is."""
    counts = np.ones(len(ALPHABET))
    np.add.at(counts, _letters(names.train), 1.0)
    logs = np.log(counts / counts.sum())
    return float(-logs[_letters(names.held_out)].mean())


def _letters(names: Sequence[str]) -> Ints:
    _, target = encode(names)
    letters: Ints = target[target != IGNORED]
    return letters


def batches(names: Names, seed: int) -> tuple[DataLoader, DataLoader]:
    """Those to learn from in shuffled batches, and all that are held out in one."""
    train = DataLoader(encode(names.train), BATCH, shuffle=True, generator=seed)
    return train, DataLoader(encode(names.held_out), len(names.held_out))


def train(name: str, model: Module, names: Names, epochs: int, seed: int) -> History:
    """Train with Adam, its rate falling to zero along a cosine."""
    learned, held_out = batches(names, seed)
    optimizer = Adam(model.parameters(), lr=LR)
    return fit(
        model,
        learned,
        nats,
        optimizer,
        epochs=epochs,
        validation=held_out,
        schedule=CosineAnnealingLR(optimizer, epochs * len(learned)),
        schedule_each="batch",
        clip_grad_norm=1.0,
        callbacks=[Lines(name)],
        progress=False,
    )


def generate(model: Module, count: int, seed: int) -> list[str]:
    """New names: at each place a letter is drawn by the probabilities that the model gives it.

    A dot ends a name; where it comes first, there is none.
    """
    rng, read = np.random.default_rng(seed), np.zeros((count, 1), np.int64)
    model.eval()
    with no_grad():
        for _ in range(PLACES):
            scores = model(Tensor(read))[:, -1]
            shares = autograd.softmax(scores, dim=1).numpy().cumsum(axis=1)
            drawn = (shares < rng.random((count, 1)) * shares[:, -1:]).sum(axis=1)
            read = np.column_stack([read, drawn])
    texts = ["".join(ALPHABET[i] for i in row[1:]).partition(".")[0] for row in read]
    return [text.capitalize() for text in texts if text]


def compare(kind: str, loss: float, settings: Example) -> None:
    """Print a loss on held-out names, and beside it PyTorch's, if it is of the same training."""
    print(f"{kind}: {loss:.3f} nats a letter on held-out names", end="")
    alike = not (settings.small or settings.seed or settings.epochs)
    print(f"; PyTorch's same network, trained alike: {PYTORCH[kind]:.3f}" if alike else "")


def show(kind: str, made: Sequence[str], names: Names) -> float:
    """Print made names; the share of those that it never read."""
    known = set(names.train)
    new = float(np.mean([name.lower() not in known for name in made]))
    print(f"{kind} makes names, {new:.0%} of them new: {', '.join(made[:24])}")
    return new
