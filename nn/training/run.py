"""A training that goes on: what callbacks are told of, and how an epoch is done."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from autograd import Node, no_grad
from nn.module import Module
from nn.optim import clip_grad_norm_
from nn.training.history import History
from nn.training.metrics import Metric
from nn.training.steps import Batch, Steps

HOOKS = (
    "on_fit_start",
    "on_epoch_start",
    "on_batch_end",
    "on_epoch_end",
    "on_epoch_done",
    "on_fit_end",
)


@dataclass
class Run:
    """A training that goes on; each hook of a callback is called with it.

    A callback is any object with some of these methods:

    ================================  ==============================================================
    ``on_fit_start(run)``             before the first epoch
    ``on_epoch_start(run)``           before each
    ``on_batch_end(run)``             when the parameters were moved
    ``on_epoch_end(run)``             when an epoch is over, and measured in ``run.history[-1]``
    ``on_epoch_done(run)``            after every callback's `on_epoch_end`
    ``on_fit_end(run)``               at the end, also when Ctrl-C made it
    ================================  ==============================================================

    One that has `state_dict` and `load_state_dict` is kept by a `Checkpoint`.

    Attributes
    ----------
    model, optimizer, schedule, data, validation, callbacks
        What `fit` was given; the data as an iterable of batches.
    history : History
        What was measured in the epochs that are over.
    epoch, epochs : int
        How many epochs are over, and how many there are to be.
    batch : int
        How many batches of this epoch are over.
    loss : float
        That of the last batch.
    """

    model: Module
    optimizer: Any
    schedule: Any
    data: Any
    validation: Any
    callbacks: Sequence[Any]
    epochs: int
    steps: Steps
    metrics: dict[str, Metric]
    clip_grad_norm: float | None
    accumulate: int
    schedule_each: Literal["epoch", "batch"]
    history: History = field(default_factory=History)
    epoch: int = 0
    batch: int = 0
    loss: float = float("nan")
    is_stopped: bool = False

    def stop(self, reason: str) -> None:
        """Let this epoch be the last, and note why in the history."""
        self.is_stopped = True
        self.history.notes.append(reason)

    def tell(self, hook: str) -> None:
        """Call a hook of every callback that has it."""
        for callback in self.callbacks:
            getattr(callback, hook, _nothing)(self)

    def do_epoch(self) -> None:
        """Train on all batches, validate, and move the schedule on."""
        self.tell("on_epoch_start")
        measured = self._train()
        if self.validation is not None:
            measured |= {f"val_{name}": x for name, x in self._validate().items()}
        if self.schedule is not None:
            measured["lr"] = learning_rate(self.optimizer)
            if self.schedule_each == "epoch":
                step_schedule(self.schedule, measured.get("val_loss", measured["loss"]))
        self.history.epochs.append(measured)
        self.epoch += 1
        self.batch = 0
        self.tell("on_epoch_end")
        self.tell("on_epoch_done")

    def _train(self) -> dict[str, float]:
        self.model.train()
        means, batches = Means(self.metrics), iter(self.data)
        while group := list(itertools.islice(batches, self.accumulate)):
            try:
                with np.errstate(all="ignore"):  # what is not finite is found, and said better
                    self._step([parted(batch) for batch in group], means)
            except Exception as error:
                error.add_note(f"This was in {self._where(self.batch + 1)} of nn.fit.")
                raise
            if self.schedule is not None and self.schedule_each == "batch":
                self.schedule.step()
            self.batch += len(group)
            self.tell("on_batch_end")
        return means.found(f"{self.data!r} gave no batch in epoch {self.epoch + 1}")

    def _step(self, group: list[Batch], means: Means) -> None:
        """Move the parameters by the gradient of the mean loss over some batches."""
        self.optimizer.zero_grad()
        total = sum(map(count, group))
        for i, batch in enumerate(group, 1):
            before = self.steps.randomness.state()
            loss, output = self.steps(batch)
            self.loss = means.add(loss, output, batch)
            where = self._where(self.batch + i)
            self.steps.require_finite("the loss", [loss.data], batch, before, where)
            (loss if len(group) == 1 else loss * (count(batch) / total)).backward()
            self.steps.require_finite("a gradient", self.steps.gradients(), batch, before, where)
        if self.clip_grad_norm is not None:
            clip_grad_norm_(self.steps.parameters, self.clip_grad_norm)
        self.optimizer.step()

    def _where(self, batch: int) -> str:
        return f"epoch {self.epoch + 1}, batch {batch}"

    def _validate(self) -> dict[str, float]:
        """The mean loss and the metrics in evaluation mode; nothing is recorded."""
        self.model.eval()
        means = Means(self.metrics)
        with no_grad():
            for batch in map(parted, self.validation):
                loss, output = self.steps(batch)
                means.add(loss, output, batch)
        return means.found("the validation data has no batch")


class Means:
    """The loss and the metrics, as means over all samples."""

    def __init__(self, metrics: Mapping[str, Metric]) -> None:
        self._metrics = metrics
        self._sums = dict.fromkeys(["loss", *metrics], 0.0)
        self._count = 0

    def add(self, loss: Any, output: Any, batch: Batch) -> float:
        """Add those of a batch; its loss."""
        samples, target = count(batch), batch[1]
        number = one_number(loss)
        self._sums["loss"] += number * samples
        for name, metric in self._metrics.items():
            self._sums[name] += float(metric(output, target)) * samples
        self._count += samples
        return number

    def found(self, if_none: str) -> dict[str, float]:
        """The means."""
        if not self._count:
            raise ValueError(if_none)
        return {name: total / self._count for name, total in self._sums.items()}


def parted(batch: Any) -> Batch:
    """What a batch gives to the model, and the target: its last part."""
    parts = list(batch.values()) if isinstance(batch, Mapping) else batch
    if not isinstance(parts, (list, tuple)) or len(parts) < 2:
        raise TypeError(
            "a batch is what the model takes and the target, as a tuple or a dict, but was given "
            f"{batch!r:.60}"
        )
    *inputs, target = parts
    return tuple(inputs), target


def count(batch: Batch) -> int:
    """How many samples a batch has."""
    return len(batch[0][0])


def one_number(loss: Any) -> float:
    """What a loss gave, as a float."""
    if not isinstance(loss, Node):
        raise TypeError(f"the loss gives a Value or a Tensor, but it gave {loss!r:.60}")
    if np.size(loss.data) != 1:
        raise ValueError(
            f"the loss gives one number for a batch, such as its mean, but gave shape {loss.shape}"
        )
    return float(np.asarray(loss.data).item())


def learning_rate(optimizer: Any) -> float:
    """That of an optimiser, or of its first group of parameters."""
    groups = getattr(optimizer, "param_groups", None)
    return float(groups[0]["lr"] if groups else optimizer.lr)


def step_schedule(schedule: Any, loss: float) -> None:
    """Move a schedule on by an epoch; one that must be told how it goes is told the loss."""
    arguments = inspect.signature(schedule.step).parameters.values()
    needed = any(
        each.default is each.empty and each.kind < each.VAR_POSITIONAL for each in arguments
    )
    schedule.step(loss) if needed else schedule.step()


def hooks_of(callback: Any) -> Iterator[str]:
    """The names of the methods of a callback that look like hooks."""
    return (name for name in dir(callback) if name.startswith("on_"))


def _nothing(run: Run) -> None:
    """What a callback does that has no such hook."""
