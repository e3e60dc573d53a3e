"""`fit`: the loop that every training is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from typing import Any, Literal

from nn.data.loader import DataLoader
from nn.modes import keeping_modes
from nn.module import Module
from nn.training.history import History
from nn.training.metrics import by_name
from nn.training.progress import Progress
from nn.training.run import HOOKS, Run, hooks_of
from nn.training.steps import Compile, DivergedError, Steps


def fit(
    model: Module,
    data: Any,
    loss: Callable[[Any, Any], Any],
    optimizer: Any,
    *,
    epochs: int = 1,
    validation: Any = None,
    metrics: Any = (),
    schedule: Any = None,
    schedule_each: Literal["epoch", "batch"] = "epoch",
    callbacks: Iterable[Any] = (),
    clip_grad_norm: float | None = None,
    accumulate: int = 1,
    batch_size: int = 32,
    compile: Compile = "auto",
    progress: bool = True,
) -> History:
    """Train a model: for each batch, compute the loss, go back, and let the optimiser step.

    Ctrl-C ends it and keeps what was learned. A loss or a gradient that becomes NaN or infinite
    ends it with an error that names the operation which made it.

    Parameters
    ----------
    model : Module
    data : DataLoader, or another iterable of batches; or what a `DataLoader` takes
        A batch is ``(x, y)``, or more: the last part is the target, and the model is called with
        the others. Arrays and datasets are put into shuffled batches of `batch_size`.
    loss : callable
        ``loss(output, target)`` gives the mean over the batch, as a Value or a Tensor.
    optimizer : Optimizer
    epochs : int, default 1
        How often to go through the data.
    validation : the same as data, optional
        What loss and metrics are measured on after each epoch, in evaluation mode.
    metrics : "accuracy", or callable ``(output, target) -> float`` on arrays; or a list or dict
        What else to measure: the mean over the batches, each counted by its samples. On training
        data it is of what the model gave before it learned from the batch.
    schedule : object with `step()`, optional
        Moved on after each epoch. If its `step` must be told how it goes, as that of
        ReduceLROnPlateau, it is told the loss of the validation, or else of the training.
    schedule_each : {"epoch", "batch"}
        When to move it on; after each batch for schedules that count steps.
    callbacks : iterable of objects with hooks
        See `nn.training.Run`; `EarlyStopping` and `Checkpoint` are some.
    clip_grad_norm : float, optional
        How long the gradient of all parameters may be: `clip_grad_norm_`.
    accumulate : int, default 1
        How many batches to sum the gradients of before a step; they are weighted by their samples,
        so that it is as if they were one batch.
    batch_size : int, default 32
    compile : {"auto", True, False}
        Whether to run model and loss by `autograd.compile`. It makes code on Values hundreds of
        times as fast, and little of code on Tensors, so "auto" does it where parameters are Values.
        What cannot be traced is run as it is; the history's notes say why.
    progress : bool, default True
        Whether to show a bar.

    Returns
    -------
    History

    Raises
    ------
    DivergedError
        A FloatingPointError: if a loss or a gradient is not finite. Its `history` is what was
        measured before.
    ImportError
        If a bar is to be shown and tqdm is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> from nn import MLP, Adam
    >>> from nn.functional import mse_loss
    >>> x = np.linspace(-1.0, 1.0, 32).reshape(-1, 1)
    >>> model = MLP(1, [8, 1], "tanh", seed=0)
    >>> optimizer = Adam(model.parameters(), lr=0.05)
    >>> loader = DataLoader((x, np.sin(3.0 * x[:, 0])), batch_size=8, shuffle=True, generator=0)
    >>> history = fit(model, loader, mse_loss, optimizer, epochs=30, progress=False)
    >>> history[-1]["loss"] < history[0]["loss"] / 4
    True
    """
    _require(model, optimizer, epochs, accumulate, schedule, schedule_each)
    every = [*callbacks, *([Progress()] if progress else [])]
    _require_hooks(every)
    named = by_name(metrics)
    run = Run(
        model=model,
        optimizer=optimizer,
        schedule=schedule,
        data=_batches(data, batch_size, shuffle=True),
        validation=None if validation is None else _batches(validation, batch_size, shuffle=False),
        callbacks=every,
        epochs=epochs,
        steps=Steps(model, loss, bool(named), compile),
        metrics=named,
        clip_grad_norm=clip_grad_norm,
        accumulate=accumulate,
        schedule_each=schedule_each,
    )
    return _done(run)


def _done(run: Run) -> History:
    """The history of a training that is over, by itself, by Ctrl-C or by an error."""
    with ExitStack() as at_the_end:
        at_the_end.enter_context(keeping_modes(run.model))
        at_the_end.callback(lambda: run.history.notes.insert(0, run.steps.note))
        for callback in run.callbacks:
            if isinstance(callback, Progress):
                at_the_end.callback(callback.close)
        try:
            run.tell("on_fit_start")
            while run.epoch < run.epochs and not run.is_stopped:
                run.do_epoch()
        except KeyboardInterrupt:
            run.stop(f"stopped by Ctrl-C in epoch {run.epoch + 1}, after {run.batch} batches of it")
        except DivergedError as error:
            error.history = run.history
            raise
        run.tell("on_fit_end")
    return run.history


def _batches(data: Any, batch_size: int, shuffle: bool) -> Any:
    """Batches that can be gone through in each epoch."""
    if isinstance(data, DataLoader):
        return data
    if hasattr(data, "__iter__") and not hasattr(data, "__getitem__"):
        if iter(data) is data:
            raise TypeError(
                f"data is gone through in each epoch, but {data!r:.60} can be but once; give a "
                "DataLoader, or an object whose __iter__ begins anew"
            )
        return data
    return DataLoader(data, batch_size, shuffle)


def _require(
    model: Any, optimizer: Any, epochs: int, accumulate: int, schedule: Any, schedule_each: str
) -> None:
    if not isinstance(model, Module):
        raise TypeError(f"fit trains an nn.Module, but was given {model!r:.60}")
    if not (hasattr(optimizer, "step") and hasattr(optimizer, "zero_grad")):
        raise TypeError(f"fit takes an optimiser, such as nn.Adam, but was given {optimizer!r:.60}")
    groups = getattr(optimizer, "param_groups", [{"params": model.parameters()}])
    moved = {id(parameter) for group in groups for parameter in group["params"]}
    if not any(id(parameter) in moved for parameter in model.parameters()):
        raise ValueError(
            f"{type(optimizer).__name__} moves no parameter of this model: make it of this one's"
        )
    for name, number, least in (("epochs", epochs, 0), ("accumulate", accumulate, 1)):
        if not isinstance(number, int) or number < least:
            raise ValueError(f"{name} is an integer of at least {least}, but is {number!r}")
    of = getattr(schedule, "optimizer", optimizer)
    if of is not optimizer:
        raise ValueError(
            f"{type(schedule).__name__} sets the rates of another optimiser than {optimizer!r}"
        )
    if schedule_each not in ("epoch", "batch"):
        raise ValueError(f"schedule_each is 'epoch' or 'batch', but is {schedule_each!r}")


def _require_hooks(callbacks: Sequence[Any]) -> None:
    """See that each callback has a hook, and none that would never be called."""
    for callback in callbacks:
        found = set(hooks_of(callback))
        if not found or not found <= set(HOOKS):
            raise TypeError(
                f"a callback has some of the methods {', '.join(HOOKS)}, but {callback!r:.60} has "
                f"{', '.join(sorted(found)) or 'none'}"
            )
