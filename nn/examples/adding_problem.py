"""The adding problem: an LSTM carries two numbers over a hundred steps, and a plain RNN does not.

Each step brings a number between 0 and 1 and a mark, which is 1 at one step of the first half and
at one of the second, and 0 at all others. After the last step the network says the sum of the two
marked numbers. Whoever always says 1 has a mean squared error of 1/6, the variance of such a sum;
to do better, a network must keep a number over fifty steps and more. In a plain RNN the gradient
goes through a matrix and a tanh at each step on its way back, and vanishes. In an LSTM it goes
along the cell, which is added to, and multiplied only by a forget gate that can stay at 1.

The picture shows the error of both on sequences they never saw, and the line at 1/6; and what the
LSTM says at the end beside the true sum.

Sources: S. Hochreiter & J. Schmidhuber 1997, Long short-term memory, experiment 4; the marks lie,
and the numbers are, as in M. Arjovsky, A. Shah & Y. Bengio 2016, Unitary evolution recurrent neural
networks. The bias of 1 in the forget gates is from F. Gers, J. Schmidhuber & F. Cummins 2000,
Learning to forget.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from autograd import Tensor, no_grad
from nn import LSTM, RNN, Adam, DataLoader, Linear, Module, fit
from nn.examples.pictures import BLUE, ORANGE
from nn.examples.reporting import Lines
from nn.examples.settings import Example
from nn.functional import mse_loss
from nn.training import History

EPOCHS = 30  # of 100 batches
BASELINE = 1 / 6  # the error of always saying 1


def draw(count: int, steps: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """Sequences, (count, steps, number and mark), and the sum of the two marked numbers of each."""
    numbers, marks, rows = rng.random((count, steps)), np.zeros((count, steps)), np.arange(count)
    marks[rows, rng.integers(0, steps // 2, count)] = 1.0
    marks[rows, rng.integers(steps // 2, steps, count)] = 1.0
    sums = (numbers * marks).sum(axis=1)
    return np.stack([numbers, marks], axis=2).astype(np.float32), sums.astype(np.float32)


class Batches:
    """New sequences in each epoch: there is nothing that could be learned by heart."""

    def __init__(self, batches: int, size: int, steps: int, rng: np.random.Generator) -> None:
        self.batches, self.size, self.steps, self.rng = batches, size, steps, rng

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        for _ in range(self.batches):
            yield draw(self.size, self.steps, self.rng)


class Adder(Module):
    """A recurrent network, and of its last state one number."""

    def __init__(self, recurrent: RNN | LSTM, rng: np.random.Generator) -> None:
        self.recurrent = recurrent
        self.readout = Linear(recurrent.hidden_size, 1, generator=rng, dtype=np.float32)

    def forward(self, x: Any) -> Any:
        """The answer to each sequence of a batch."""
        states, _ = self.recurrent(x)
        return self.readout(states[:, -1])[:, 0]


def networks(units: int, seed: int) -> dict[str, Adder]:
    """One of each kind, with as many units; the LSTM begins by remembering."""
    rng = np.random.default_rng(seed)
    settings: Any = {"batch_first": True, "generator": rng, "dtype": np.float32}
    rnn, lstm = RNN(2, units, **settings), LSTM(2, units, **settings)
    bias: Any = dict(lstm.named_parameters())["bias_ih_l0"]
    bias.data[units : 2 * units] = 1.0  # the second block is that of the forget gates
    return {"RNN": Adder(rnn, rng), "LSTM": Adder(lstm, rng)}


def run(settings: Example) -> dict[str, float]:
    """Train both on the same task in the same way; their errors."""
    steps, units, batches = (10, 16, 60) if settings.small else (100, 64, 100)
    epochs = settings.epochs or (6 if settings.small else EPOCHS)
    unseen = draw(200 if settings.small else 1000, steps, np.random.default_rng(settings.seed + 1))
    baseline = float(np.mean((unseen[1] - 1.0) ** 2))
    print(
        f"Two numbers are to be added over {steps} steps. Always saying 1 has an error of 0.1667,"
    )
    print(f"and on the unseen sequences, which all errors below are of, of {baseline:.4f}.")
    histories, measured = {}, {"baseline": baseline}
    models = networks(units, settings.seed)
    for name, model in models.items():
        start = time.perf_counter()
        histories[name] = fit(
            model,
            Batches(batches, 50, steps, np.random.default_rng(settings.seed)),
            mse_loss,
            Adam(model.parameters(), lr=0.01 if settings.small else 0.003),
            epochs=epochs,
            validation=DataLoader(unseen, len(unseen[1])),
            clip_grad_norm=1.0,
            callbacks=[Lines(name)],
            progress=False,
        )
        measured[f"{name} error"] = histories[name][-1]["val_loss"]
        print(f"{name}: {time.perf_counter() - start:.1f} s")
    for name in models:
        error = measured[f"{name} error"]
        print(f"{name}: mean squared error {error:.4f}, {error / baseline:.1%} of saying 1")
    x, sums = unseen
    with no_grad():
        answers = models["LSTM"](Tensor(x[:200])).numpy()
    picture(histories, sums[:200], answers, steps).savefig(settings.out / "adding.png", dpi=100)
    print(f"the picture is {settings.out / 'adding.png'}")
    return measured


def picture(histories: dict[str, History], sums: Any, answers: Any, steps: int) -> Figure:
    """The errors by epoch, and the LSTM's answers beside the true sums."""
    figure = Figure(figsize=(9, 3.8), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    left.axhline(BASELINE, color="gray", ls="--", label="always saying 1: 0.167")
    for (name, history), color in zip(histories.items(), (ORANGE, BLUE), strict=True):
        left.plot(range(1, len(history) + 1), history["val_loss"], ".-", color=color, label=name)
    left.set(title=f"Adding two numbers of {steps}: error on unseen sequences")
    left.set(xlabel="epoch", ylabel="mean squared error", yscale="log")
    left.legend()
    right.plot([0, 2], [0, 2], color="gray", ls="--", label="right")
    right.scatter(sums, answers, s=10, color=BLUE, label="the LSTM's answer")
    right.set(title="After training", xlabel="true sum", ylabel="answer", aspect="equal")
    right.legend()
    for axes in (left, right):
        axes.grid(alpha=0.3)
    return figure
