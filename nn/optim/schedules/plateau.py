"""Rates that fall when the training stands still."""

from __future__ import annotations

from math import inf
from typing import Any

from nn.optim.optimizer import Optimizer
from nn.optim.schedules.scheduler import LRScheduler, for_each, required


class ReduceLROnPlateau(LRScheduler):
    """Rates that fall when a metric improves no longer, as ``ReduceLROnPlateau`` in PyTorch.

    A metric improves if it is below ``best · (1 - threshold)``, or ``best - threshold``; to become
    larger, above ``best · (1 + threshold)``, or ``best + threshold``.

    Parameters
    ----------
    optimizer : Optimizer
    mode : {"min", "max"}
        Whether the metric is to become small or large.
    factor : float, default 0.1
        What the rates are multiplied by.
    patience : int, default 10
        How many epochs without an improvement are let pass.
    threshold : float, default 1e-4
    threshold_mode : {"rel", "abs"}
        Whether the threshold is a share of the best or a difference to it.
    cooldown : int, default 0
        For how many epochs after a fall none counts as without an improvement.
    min_lr : float, or a list of them, one for each group, default 0
        How low the rates may become.
    eps : float, default 1e-8
        By how much a rate must fall, if it is to fall at all.

    Examples
    --------
    >>> from autograd import Value
    >>> from nn import SGD
    >>> optimizer = SGD([Value(1.0)], lr=1.0)
    >>> schedule = ReduceLROnPlateau(optimizer, factor=0.5, patience=1)
    >>> rates = []
    >>> for loss in (3.0, 2.0, 2.0, 2.0, 2.0):
    ...     schedule.step(loss)
    ...     rates.append(optimizer.lr)
    >>> rates
    [1.0, 1.0, 1.0, 0.5, 0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | list[float] = 0.0,
        eps: float = 1e-8,
    ) -> None:
        self.optimizer = required("ReduceLROnPlateau", optimizer)
        if not factor < 1.0:
            raise ValueError(f"factor must be below 1, but is {factor!r}")
        if mode not in ("min", "max"):
            raise ValueError(f"mode is 'min' or 'max', not {mode!r}")
        if threshold_mode not in ("rel", "abs"):
            raise ValueError(f"threshold_mode is 'rel' or 'abs', not {threshold_mode!r}")
        self.mode, self.factor, self.patience = mode, factor, patience
        self.threshold, self.threshold_mode, self.cooldown = threshold, threshold_mode, cooldown
        for_each("min_lr", min_lr, optimizer)  # an error now, if there are not as many
        self.min_lr, self.eps = min_lr, eps
        self.best = inf if mode == "min" else -inf
        self.num_bad_epochs = self.cooldown_counter = 0
        self.last_epoch = 0
        self._last_lr = self.now()

    def step(self, metrics: Any) -> None:  # type: ignore[override]  # PyTorch's, too, takes more
        """Tell it the metric of an epoch: a number, a Value, or a Tensor of one number."""
        metric = float(metrics)
        self.last_epoch += 1
        if self._is_better(metric):
            self.best, self.num_bad_epochs = metric, 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        due = self.num_bad_epochs > self.patience
        if due:
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
        self.put(self.get_lr() if due else self.now())

    def get_lr(self) -> list[float]:
        """The rates after a fall."""
        lowest = for_each("min_lr", self.min_lr, self.optimizer)
        falls = [
            (rate, max(rate * self.factor, low))
            for rate, low in zip(self.now(), lowest, strict=True)
        ]
        return [new if old - new > self.eps else old for old, new in falls]

    def _is_better(self, metric: float) -> bool:
        sign = -1.0 if self.mode == "min" else 1.0
        if self.threshold_mode == "rel":
            bound = self.best * (1.0 + sign * self.threshold)
        else:
            bound = self.best + sign * self.threshold
        return metric < bound if self.mode == "min" else metric > bound
