"""What is done beside a training: stopping it in time, and keeping it in a file."""

from __future__ import annotations

import copy
import math
import os
from typing import Any, Literal

from autograd import saving as files
from nn.saving import load, save
from nn.training.run import Run
from nn.tree import put_together, taken_apart


class EarlyStopping:
    """A callback that stops a training which gets no better.

    Parameters
    ----------
    patience : int, default 10
        After how many epochs without improvement.
    monitor : str, optional
        What is to get better, by its name in the history; if omitted, ``val_loss``, or without
        validation ``loss``.
    min_delta : float, default 0
        How much better counts as better.
    mode : {"auto", "min", "max"}
        Which is better, less or more; "auto" is less for a loss and more for an accuracy.
    restore_best : bool, default True
        Whether the model is at last what it was after the best epoch, also after Ctrl-C.

    Attributes
    ----------
    best, best_epoch : float and int
        The best so far, and in which epoch that was, counted from 1.

    References
    ----------
    Prechelt 1998, Early stopping - but when?

    Examples
    --------
    >>> EarlyStopping(patience=3, monitor="val_accuracy")
    EarlyStopping(patience=3, monitor='val_accuracy')
    """

    def __init__(
        self,
        patience: int = 10,
        monitor: str | None = None,
        *,
        min_delta: float = 0.0,
        mode: Literal["auto", "min", "max"] = "auto",
        restore_best: bool = True,
    ) -> None:
        if patience < 1:
            raise ValueError(f"patience is at least 1 epoch, but is {patience!r}")
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"mode is 'auto', 'min' or 'max', but is {mode!r}")
        self.patience, self.monitor, self.min_delta = patience, monitor, min_delta
        self.mode, self.restore_best = mode, restore_best
        self.best: float | None = None
        self.best_epoch = 0
        self._best_state: dict[str, Any] | None = None

    def on_epoch_start(self, run: Run) -> None:
        """Forget what another training left, if this one begins."""
        if not run.epoch:
            self.best, self.best_epoch, self._best_state = None, 0, None

    def on_epoch_end(self, run: Run) -> None:
        """See whether this epoch was better."""
        measured = run.history[-1]
        name = self.monitor or ("val_loss" if "val_loss" in measured else "loss")
        if name not in measured:
            raise KeyError(f"EarlyStopping monitors {name!r}, but there is {', '.join(measured)}")
        sign = self._sign(name)
        least = -math.inf if self.best is None else sign * self.best + self.min_delta
        if sign * measured[name] > least:  # which a NaN is not
            self.best, self.best_epoch = measured[name], run.epoch
            self._best_state = run.model.state_dict() if self.restore_best else None
        elif run.epoch - self.best_epoch >= self.patience:
            best = f"best in epoch {self.best_epoch}" if self.best_epoch else "never a number"
            run.stop(f"stopped early after epoch {run.epoch}: {name} was {best}")

    def on_fit_end(self, run: Run) -> None:
        """Put back the best."""
        if self._best_state is not None and self.best_epoch != run.epoch + (run.batch > 0):
            run.model.load_state_dict(self._best_state)
            run.history.notes.append(f"the model is that of epoch {self.best_epoch}, the best")

    def _sign(self, name: str) -> int:
        """1 if more is better, -1 if less."""
        if self.mode != "auto":
            return 1 if self.mode == "max" else -1
        for word, sign in (("loss", -1), ("error", -1), ("acc", 1)):
            if word in name:
                return sign
        raise ValueError(f"whether more of {name!r} is better is not known: mode='min' or 'max'")

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        return {"best": self.best, "best_epoch": self.best_epoch, "state": self._best_state}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from there."""
        self.best, self.best_epoch = state_dict["best"], state_dict["best_epoch"]
        self._best_state = state_dict["state"]

    def __repr__(self) -> str:
        return f"EarlyStopping(patience={self.patience}, monitor={self.monitor!r})"


class Checkpoint:
    """A callback that keeps a training in a file, from which another goes on to the same bits.

    The file is safetensors: the model's state under its names with ``model.`` before them, and all
    else that matters: optimiser, schedule, other callbacks, order of the data, random numbers,
    history. It is replaced as a whole, so there is always a good one.

    Parameters
    ----------
    path : str or path
        Its name ends in ``.safetensors``.
    every : int, default 1
        After how many epochs to write it; it is written after the last, too.
    resume : bool, default False
        Whether to go on from the file if it is there.

    Examples
    --------
    A script that is started again goes on where it was:

    >>> checkpoint = Checkpoint("digits.safetensors", every=5, resume=True)
    """

    def __init__(self, path: files.Path, every: int = 1, *, resume: bool = False) -> None:
        if not isinstance(every, int) or every < 1:
            raise ValueError(f"every is a number of epochs of at least 1, but is {every!r}")
        if not os.fspath(path).endswith(".safetensors"):
            raise ValueError(
                f"a checkpoint's name ends in .safetensors, unlike {os.fspath(path)!r}"
            )
        self.path, self.every, self.resume = path, every, resume

    def on_fit_start(self, run: Run) -> None:
        """See that the training can be kept; go on from the file."""
        _require_states(run)
        if self.resume and os.path.exists(self.path):
            _resume(run, self.path)

    def on_epoch_done(self, run: Run) -> None:
        """Write the file."""
        if run.epoch % self.every == 0 or run.epoch == run.epochs or run.is_stopped:
            _write(run, self.path)


def _parts(run: Run) -> dict[str, Any]:
    """What has a state, by the name that it has in the file."""
    parts = {"optimizer": run.optimizer, "schedule": run.schedule, "data": run.data}
    parts |= {f"callback{i}": callback for i, callback in enumerate(run.callbacks)}
    return {name: part for name, part in parts.items() if hasattr(part, "state_dict")}


def _passing(run: Run) -> dict[str, Any]:
    """The buffers that are no part of the model's state."""
    state = run.model.state_dict()
    return {name: each for name, each in run.model.named_buffers() if name not in state}


def _require_states(run: Run) -> None:
    for what in (run.optimizer, run.schedule, run.data):
        if what is not None and not hasattr(what, "state_dict"):
            raise TypeError(
                f"a Checkpoint cannot keep {type(what).__name__}, which has no state_dict()"
            )


def _state(run: Run) -> dict[str, Any]:
    """All that a training goes on from, but for the model."""
    return {
        "parts": {name: part.state_dict() for name, part in _parts(run).items()},
        "passing buffers": {name: buffer.data for name, buffer in _passing(run).items()},
        "random": run.steps.randomness.whole_state(),
        "history": run.history.epochs,
        "notes": run.history.notes,
        "epoch": run.epoch,
        "is_stopped": run.is_stopped,
    }


def _write(run: Run, path: files.Path) -> None:
    arrays, text = taken_apart(_state(run))
    model = {f"model.{name}": array for name, array in run.model.state_dict().items()}
    rest = {f"training.{name}": array for name, array in arrays.items()}
    save(model | rest, path, {"training": text, "written by": "glassgrad's nn.Checkpoint"})


def _resume(run: Run, path: files.Path) -> None:
    """Go on from a file; if it does not fit, all is as it was."""
    file = load(path)
    if "training" not in file.metadata:
        raise ValueError(f"{os.fspath(path)!r} holds a state, but no training to go on with")
    model = {n.removeprefix("model."): x for n, x in file.items() if n.startswith("model.")}
    arrays = {n.removeprefix("training."): x for n, x in file.items() if n.startswith("training.")}
    before = run.model.state_dict(), copy.deepcopy(_state(run))
    try:
        _restore(run, model, put_together(arrays, file.metadata["training"]))
    except Exception as error:
        _restore(run, *before)
        error.add_note(f"The training in {os.fspath(path)!r} is not of this model and these parts.")
        raise


def _restore(run: Run, model: dict[str, Any], state: dict[str, Any]) -> None:
    parts = _parts(run)
    if parts.keys() != state["parts"].keys():
        raise ValueError(
            f"the training was of {', '.join(state['parts'])}, and this one is of "
            f"{', '.join(parts)}"
        )
    run.model.load_state_dict(model)
    for name, part in parts.items():
        part.load_state_dict(state["parts"][name])
    for name, buffer in _passing(run).items():
        buffer.data = state["passing buffers"][name]
    run.steps.randomness.restore(state["random"])
    run.history.epochs, run.history.notes = list(state["history"]), list(state["notes"])
    run.epoch, run.is_stopped = state["epoch"], state["is_stopped"]
