"""An RNN and an LSTM that learn to spell first names, one letter after the other.

Both read a name letter by letter and say what could come next. Then they are let loose: a letter is
drawn by what they say, read in turn, and so on until they end the name.

The picture shows the loss of both, on the names they learn from and on those held out, in nats a
letter: e to its power is among how many letters they are at a loss, on average. Beside it are
names that they made.

Sources: J. Elman 1990, Finding structure in time; A. Karpathy 2015, The unreasonable effectiveness
of recurrent neural networks.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from nn import LSTM, RNN, Embedding, Linear, Module
from nn.examples.names import ALPHABET, compare, frequencies, generate, load, show, train
from nn.examples.pictures import BLUE, ORANGE, whole_epochs
from nn.examples.settings import Example
from nn.training import History

EPOCHS = 12


class Speller(Module):
    """Letters as rows of numbers, a recurrent network, and a score for each letter to come."""

    def __init__(self, kind: type[RNN] | type[LSTM], units: int, seed: int) -> None:
        drawn: Any = {"generator": np.random.default_rng(seed), "dtype": np.float32}
        self.letters = Embedding(len(ALPHABET), 32, **drawn)
        self.recurrent = kind(32, units, batch_first=True, **drawn)
        self.readout = Linear(units, len(ALPHABET), **drawn)

    def forward(self, x: Any) -> Any:
        """The scores at each place."""
        states, _ = self.recurrent(self.letters(x))
        return self.readout(states)


def spellers(settings: Example) -> dict[str, Speller]:
    """One of each kind, with as many units."""
    units = 32 if settings.small else 128
    return {kind.__name__: Speller(kind, units, settings.seed) for kind in (RNN, LSTM)}


def run(settings: Example) -> dict[str, float]:
    """Train both, and let them make names; their losses on names they never read."""
    names = load(settings)
    epochs = settings.epochs or (6 if settings.small else EPOCHS)
    print(f"{len(names.train):,} names to learn from, {len(names.held_out)} held out.")
    alone = frequencies(names)
    print(f"Who knows only how frequent each letter is: {alone:.3f} nats a letter.")
    histories, made, measured = {}, {}, {"frequencies": alone}
    for name, model in spellers(settings).items():
        start = time.perf_counter()
        histories[name] = train(name, model, names, epochs, settings.seed)
        print(f"{name}: {time.perf_counter() - start:.1f} s")
        made[name] = generate(model, 200, settings.seed)
        measured[f"{name} new"] = show(name, made[name], names)
        measured[name] = histories[name][-1]["val_loss"]
    for name in made:
        compare(name, measured[name], settings)
    picture(histories, made, alone).savefig(settings.out / "characters.png", dpi=100)
    print(f"the picture is {settings.out / 'characters.png'}")
    return measured


def picture(histories: dict[str, History], made: dict[str, list[str]], alone: float) -> Figure:
    """The losses by epoch, and names that each network made."""
    figure = Figure(figsize=(9.5, 4), layout="constrained")
    axes, *texts = figure.subplots(1, 1 + len(made), width_ratios=(4, *[1.2] * len(made)))
    curves(axes, histories, alone)
    for beside, (name, names), color in zip(texts, made.items(), (ORANGE, BLUE), strict=True):
        column(beside, f"made by the {name}", names, color)
    return figure


def curves(axes: Any, histories: dict[str, History], alone: float) -> None:
    """The losses by epoch, on names learned from and on names held out."""
    axes.axhline(alone, color="gray", ls=":", label="frequencies of letters")
    for (name, history), color in zip(histories.items(), (ORANGE, BLUE), strict=False):
        epochs = range(1, len(history) + 1)
        axes.plot(epochs, history["val_loss"], "s-", ms=4, color=color, label=f"{name}, held out")
        axes.plot(epochs, history["loss"], ".--", color=color, label=f"{name}, training")
    axes.set(title="Spelling first names", xlabel="epoch", ylabel="nats a letter")
    whole_epochs(axes)
    axes.grid(alpha=0.3)
    axes.legend()


def column(axes: Any, title: str, names: Sequence[str], color: str) -> None:
    """Names as text, one below the other."""
    axes.set_title(title, fontsize=11)
    axes.set_axis_off()
    text = "\n".join(names[:18])
    axes.text(0.5, 0.98, text, ha="center", va="top", color=color, transform=axes.transAxes)
