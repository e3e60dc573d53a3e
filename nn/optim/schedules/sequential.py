"""Several schedules, one after the other."""

from __future__ import annotations

import copy
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from nn.optim.optimizer import Optimizer
from nn.optim.schedules.plateau import ReduceLROnPlateau
from nn.optim.schedules.scheduler import LRScheduler, required


class SequentialLR(LRScheduler):
    """Schedules that take turns, such as a warm-up and what follows, as PyTorch's `SequentialLR`.

    At each milestone the next one begins, with the rates that the optimiser began with.

    Parameters
    ----------
    optimizer : Optimizer
    schedulers : list of schedules of this optimiser
    milestones : list of int
        In which epoch each but the first begins.
    last_epoch : int, default -1

    Raises
    ------
    ValueError
        If there is no schedule, or one of another optimiser, or of a kind that must be told
        metrics; or if there is not one milestone less.

    Examples
    --------
    >>> from autograd import Value
    >>> from nn import SGD, ExponentialLR, LinearLR
    >>> optimizer = SGD([Value(1.0)], lr=1.0)
    >>> parts = [LinearLR(optimizer, 0.5, total_iters=2), ExponentialLR(optimizer, 0.5)]
    >>> schedule = SequentialLR(optimizer, parts, milestones=[2])
    >>> rates = []
    >>> for _ in range(5):
    ...     rates.append(optimizer.lr)
    ...     schedule.step()
    >>> rates
    [0.5, 0.75, 1.0, 0.5, 0.25]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        schedulers: Sequence[LRScheduler],
        milestones: Sequence[int],
        last_epoch: int = -1,
    ) -> None:
        self.optimizer = required("SequentialLR", optimizer)
        self._schedulers, self._milestones = list(schedulers), list(milestones)
        if len(self._milestones) != len(self._schedulers) - 1:
            raise ValueError(
                f"SequentialLR takes a milestone between each two schedules, but was given "
                f"{len(self._milestones)} for {len(self._schedulers)}"
            )
        for i, schedule in enumerate(self._schedulers):
            if isinstance(schedule, ReduceLROnPlateau):
                raise ValueError(f"schedulers[{i}] must be told metrics, and so cannot take turns")
            if not isinstance(schedule, LRScheduler) or schedule.optimizer is not optimizer:
                raise ValueError(f"schedulers[{i}] is no schedule of this optimiser: {schedule!r}")
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.begin(last_epoch)

    def begin(self, last_epoch: int = -1) -> None:
        """Let the first of the schedules begin."""
        self.last_epoch = last_epoch + 1
        self._begin(bisect_right(self._milestones, 0))

    def step(self) -> None:
        """Set the rates of the next epoch."""
        self.last_epoch += 1
        turn = bisect_right(self._milestones, self.last_epoch)
        if turn and self._milestones[turn - 1] == self.last_epoch:
            self._begin(turn)
        else:
            self._schedulers[turn].step()
            self._last_lr = self.now()

    def _begin(self, turn: int) -> None:
        self.put(self._schedulers[turn].base_lrs)
        self._schedulers[turn].begin()
        self._last_lr = self.now()

    def get_lr(self) -> list[float]:
        """The rates of this epoch, which the schedule whose turn it is has set."""
        return self.now()

    def state_dict(self) -> dict[str, Any]:
        """A copy of all that this and the schedules know, but for the optimiser."""
        apart = ("optimizer", "_schedulers")
        kept = copy.deepcopy({key: x for key, x in vars(self).items() if key not in apart})
        return kept | {"_schedulers": [schedule.state_dict() for schedule in self._schedulers]}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from a state."""
        schedulers = self._schedulers
        super().load_state_dict(state_dict)
        self._schedulers = schedulers
        for schedule, state in zip(schedulers, state_dict["_schedulers"], strict=True):
            schedule.load_state_dict(state)
