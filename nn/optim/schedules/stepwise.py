"""Schedules that multiply the rates by some factor, and the one that takes any function."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import FunctionType
from typing import Any

from nn.optim.optimizer import Optimizer
from nn.optim.schedules.scheduler import LRScheduler, for_each


class StepLR(LRScheduler):
    """Rates times `gamma` after every few epochs: ``torch.optim.lr_scheduler.StepLR``.

    ``lr = base · gamma ** (epoch // step_size)``.

    Parameters
    ----------
    optimizer : Optimizer
    step_size : int
    gamma : float, default 0.1
    last_epoch : int, default -1

    Examples
    --------
    >>> from autograd import Value
    >>> from nn import SGD
    >>> optimizer = SGD([Value(1.0)], lr=1.0)
    >>> schedule = StepLR(optimizer, step_size=2, gamma=0.5)
    >>> rates = []
    >>> for _ in range(5):
    ...     rates.append(optimizer.lr)
    ...     schedule.step()
    >>> rates
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    def __init__(
        self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        if step_size < 1:
            raise ValueError(f"step_size must be at least 1, but is {step_size!r}")
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The rates of this epoch, given those of the last."""
        is_due = self.last_epoch % self.step_size == 0
        return [rate * self.gamma if is_due else rate for rate in self.now()]


class MultiStepLR(LRScheduler):
    """Rates times `gamma` at some epochs: ``torch.optim.lr_scheduler.MultiStepLR``.

    ``lr = base · gamma ** (number of milestones up to this epoch)``.

    Parameters
    ----------
    optimizer : Optimizer
    milestones : iterable of int
        The epochs; one that is named twice counts twice.
    gamma : float, default 0.1
    last_epoch : int, default -1

    Examples
    --------
    >>> from autograd import Value
    >>> from nn import SGD
    >>> optimizer = SGD([Value(1.0)], lr=1.0)
    >>> schedule = MultiStepLR(optimizer, [1, 3], gamma=0.5)
    >>> rates = []
    >>> for _ in range(5):
    ...     rates.append(optimizer.lr)
    ...     schedule.step()
    >>> rates
    [1.0, 0.5, 0.5, 0.25, 0.25]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        milestones: Iterable[int],
        gamma: float = 0.1,
        last_epoch: int = -1,
    ) -> None:
        self.milestones, self.gamma = Counter(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def first_lr(self) -> list[float]:
        """The rates to begin with: a milestone may be at 0."""
        return self.get_lr()

    def get_lr(self) -> list[float]:
        """The rates of this epoch, given those of the last."""
        times = self.milestones[self.last_epoch]
        return [rate * self.gamma**times if times else rate for rate in self.now()]


class ExponentialLR(LRScheduler):
    """Rates times `gamma` after every epoch: ``torch.optim.lr_scheduler.ExponentialLR``.

    ``lr = base · gamma ** epoch``.

    Parameters
    ----------
    optimizer : Optimizer
    gamma : float
    last_epoch : int, default -1

    Examples
    --------
    >>> from autograd import Value
    >>> from nn import SGD
    >>> optimizer = SGD([Value(1.0)], lr=1.0)
    >>> schedule = ExponentialLR(optimizer, gamma=0.5)
    >>> schedule.step()
    >>> schedule.get_last_lr()
    [0.5]
    """

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The rates of this epoch, given those of the last."""
        return [rate * self.gamma for rate in self.now()]


class LinearLR(LRScheduler):
    """Rates that go in a straight line, to warm up: ``torch.optim.lr_scheduler.LinearLR``.

    ``lr = base · (start + (end - start) · min(epoch, total) / total)``.

    Parameters
    ----------
    optimizer : Optimizer
    start_factor : float, default 1/3
    end_factor : float, default 1
    total_iters : int, default 5
        After how many epochs the end is reached.
    last_epoch : int, default -1

    Examples
    --------
    >>> from autograd import Value
    >>> from nn import SGD
    >>> optimizer = SGD([Value(1.0)], lr=1.0)
    >>> schedule = LinearLR(optimizer, start_factor=0.5, total_iters=2)
    >>> rates = []
    >>> for _ in range(4):
    ...     rates.append(optimizer.lr)
    ...     schedule.step()
    >>> rates
    [0.5, 0.75, 1.0, 1.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        if not 0.0 < start_factor <= 1.0:
            raise ValueError(f"start_factor must lie above 0, up to 1, but is {start_factor!r}")
        if not 0.0 <= end_factor <= 1.0:
            raise ValueError(f"end_factor must lie from 0 to 1, but is {end_factor!r}")
        self.start_factor, self.end_factor = start_factor, end_factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def first_lr(self) -> list[float]:
        """The rates to begin with."""
        factor = 1.0 if self.last_epoch else self.start_factor
        return [rate * factor for rate in self.now()]

    def get_lr(self) -> list[float]:
        """The rates of this epoch, given those of the last."""
        if self.last_epoch > self.total_iters:
            return self.now()
        change = self.end_factor - self.start_factor
        before = self.total_iters * self.start_factor + (self.last_epoch - 1) * change
        return [rate * (1.0 + change / before) for rate in self.now()]


class LambdaLR(LRScheduler):
    """Rates times what a function of the epoch gives: ``torch.optim.lr_scheduler.LambdaLR``.

    ``lr = base · lr_lambda(epoch)``.

    Parameters
    ----------
    optimizer : Optimizer
    lr_lambda : callable, or a list of them, one for each group
    last_epoch : int, default -1

    Notes
    -----
    In its state are the attributes of functions that are objects, and nothing of others.

    Examples
    --------
    >>> from autograd import Value
    >>> from nn import SGD
    >>> optimizer = SGD([Value(1.0)], lr=1.0)
    >>> schedule = LambdaLR(optimizer, lambda epoch: 1.0 / (1 + epoch))
    >>> schedule.step()
    >>> schedule.get_last_lr()
    [0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        lr_lambda: Callable[[int], float] | Sequence[Callable[[int], float]],
        last_epoch: int = -1,
    ) -> None:
        self.lr_lambdas: list[Any] = for_each("lr_lambda", lr_lambda, optimizer)
        super().__init__(optimizer, last_epoch)

    def first_lr(self) -> list[float]:
        """The rates to begin with, which are as any other."""
        return self.get_lr()

    def get_lr(self) -> list[float]:
        """The rates of this epoch."""
        pairs = zip(self.base_lrs, self.lr_lambdas, strict=True)
        return [base * function(self.last_epoch) for base, function in pairs]

    def state_dict(self) -> dict[str, Any]:
        """A copy of all that the schedule knows, but for the optimiser and plain functions."""
        kept = {key: x for key, x in vars(self).items() if key not in ("optimizer", "lr_lambdas")}
        inner = [None if isinstance(f, FunctionType) else vars(f) for f in self.lr_lambdas]
        return copy.deepcopy(kept | {"lr_lambdas": inner})

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from a state."""
        functions = self.lr_lambdas
        super().load_state_dict(state_dict)
        self.lr_lambdas = functions
        for function, known in zip(functions, state_dict["lr_lambdas"], strict=True):
            if known is not None:
                vars(function).update(known)
