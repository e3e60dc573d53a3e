"""What all schedules share: an optimiser, an epoch, and the rates that this sets."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

from nn.optim.optimizer import Optimizer


class LRScheduler(ABC):
    """The base of the schedules, as ``torch.optim.lr_scheduler.LRScheduler``.

    A schedule derives from this and writes `get_lr`. It sets the rates of all groups of an
    optimiser as soon as it is made, and those of the next epoch at each `step`.

    Parameters
    ----------
    optimizer : Optimizer
    last_epoch : int, default -1
        The epoch that is over. If there was one, its groups know their "initial_lr", and the rates
        are left as they are.

    Attributes
    ----------
    last_epoch : int
        The epoch that goes on, from 0 on.
    base_lrs : list of float
        The rate that each group began with.

    Raises
    ------
    TypeError
        If there is no optimiser.
    KeyError
        If a group that was trained before does not say what rate it began with.
    """

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        self.optimizer = required(type(self).__name__, optimizer)
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", group["lr"])
            elif "initial_lr" not in group:
                raise KeyError(
                    f"{type(self).__name__} goes on from epoch {last_epoch}, but param_groups[{i}] "
                    "has no 'initial_lr': load the state of the optimiser first"
                )
        self.base_lrs: list[float] = [group["initial_lr"] for group in optimizer.param_groups]
        self.begin(last_epoch)

    def begin(self, last_epoch: int = -1) -> None:
        """Set the rates of the epoch after one; from the start if that is -1."""
        self.last_epoch = last_epoch + 1
        self.put(self.first_lr())

    def step(self) -> None:
        """Set the rates of the next epoch: call it after those of the optimiser's own."""
        self.last_epoch += 1
        self.put(self.get_lr())

    @abstractmethod
    def get_lr(self) -> list[float]:
        """The rates of the epoch `last_epoch`, given those that the groups have now."""

    def first_lr(self) -> list[float]:
        """The rates to begin with: those that the groups have, if not said otherwise."""
        return self.now()

    def now(self) -> list[float]:
        """The rates that the groups have."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def put(self, rates: Iterable[float]) -> None:
        """Set the rates of the groups."""
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate
        self._last_lr = self.now()

    def get_last_lr(self) -> list[float]:
        """The rates that were set last."""
        return list(self._last_lr)

    def state_dict(self) -> dict[str, Any]:
        """A copy of all that the schedule knows, but for the optimiser, which has its own."""
        return copy.deepcopy({key: x for key, x in vars(self).items() if key != "optimizer"})

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from a state; that of the optimiser is to be loaded, too.

        Raises
        ------
        ValueError
            If it lacks something; then nothing is changed.
        """
        mine = [key for key in vars(self) if key != "optimizer"]
        missing = [key for key in mine if key not in state_dict]
        if missing:
            raise ValueError(
                f"the state lacks {', '.join(missing)}: is it of {type(self).__name__}?"
            )
        vars(self).update(copy.deepcopy({key: state_dict[key] for key in mine}))


def required(name: str, optimizer: Any) -> Any:
    """An optimiser; an error if it is none."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"{name} sets the rates of an optimiser, but was given {optimizer!r}")
    return optimizer


def for_each(name: str, given: Any, optimizer: Optimizer) -> list[Any]:
    """A setting for each group, given one for all or a list of them."""
    count = len(optimizer.param_groups)
    if not isinstance(given, (list, tuple)):
        return [given] * count
    if len(given) != count:
        raise ValueError(f"{name} has {len(given)} entries for {count} parameter groups")
    return list(given)
