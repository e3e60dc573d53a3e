"""The rates up and far down again within one training, and the momentum the other way round."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from math import cos, pi
from typing import Any

from nn.optim.optimizer import Optimizer
from nn.optim.schedules.scheduler import LRScheduler, for_each, required

UP = ("initial_lr", "max_lr", "max_momentum", "base_momentum")
DOWN = ("max_lr", "initial_lr", "base_momentum", "max_momentum")
OUT = ("max_lr", "min_lr", "base_momentum", "max_momentum")
FADE = ("initial_lr", "min_lr", "max_momentum", "max_momentum")


class OneCycleLR(LRScheduler):
    """Rates that rise and fall once, at each batch: ``torch.optim.lr_scheduler.OneCycleLR``.

    They go from ``max_lr / div_factor`` up to ``max_lr`` and down to ``max_lr / div_factor /
    final_div_factor``, and the momentum, or the first of the betas, from the largest to the
    smallest and back.

    Parameters
    ----------
    optimizer : Optimizer
    max_lr : float, or a list of them, one for each group
    total_steps : int, optional
        How many steps there are; ``epochs · steps_per_epoch`` if omitted.
    epochs, steps_per_epoch : int, optional
    pct_start : float, default 0.3
        Which share of the steps goes up.
    anneal_strategy : {"cos", "linear"}
    cycle_momentum : bool, default True
        Whether the momentum changes, too.
    base_momentum, max_momentum : float, or a list of them, default 0.85 and 0.95
    div_factor : float, default 25
    final_div_factor : float, default 1e4
    three_phase : bool, default False
        Whether to go down to the first rate as quickly as up, and then further down.
    last_epoch : int, default -1
        The step that is over.

    Raises
    ------
    ValueError
        If it is not said how many steps there are, or an argument is out of its range; or, by
        `step`, if all are over.

    References
    ----------
    Smith & Topin 2019, Super-convergence: very fast training of neural networks using large
    learning rates; the phases are PyTorch's.

    Examples
    --------
    >>> from autograd import Value
    >>> from nn import SGD
    >>> optimizer = SGD([Value(1.0)], lr=1.0, momentum=0.9)
    >>> schedule = OneCycleLR(optimizer, max_lr=1.0, total_steps=5, pct_start=0.4)
    >>> rates = []
    >>> for _ in range(5):
    ...     rates.append((round(optimizer.lr, 4), round(optimizer.momentum, 2)))
    ...     schedule.step()
    >>> rates
    [(0.04, 0.95), (1.0, 0.85), (0.75, 0.88), (0.25, 0.92), (0.0, 0.95)]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        required("OneCycleLR", optimizer)
        self.total_steps = _total(total_steps, epochs, steps_per_epoch)
        if not 0.0 <= pct_start <= 1.0:
            raise ValueError(f"pct_start must lie from 0 to 1, but is {pct_start!r}")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"anneal_strategy is 'cos' or 'linear', not {anneal_strategy!r}")
        self.anneal_strategy, self.cycle_momentum = anneal_strategy, cycle_momentum
        first, last = pct_start * self.total_steps - 1, self.total_steps - 1
        self.phases: list[tuple[float, tuple[str, ...]]] = [(first, UP), (last, OUT)]
        if three_phase:
            self.phases = [(first, UP), (2 * pct_start * self.total_steps - 2, DOWN), (last, FADE)]
        rates = for_each("max_lr", max_lr, optimizer)
        bounds = [
            for_each(name, given, optimizer)
            for name, given in (("max_momentum", max_momentum), ("base_momentum", base_momentum))
        ]
        if cycle_momentum and not {"momentum", "betas"} & optimizer.defaults.keys():
            raise ValueError(
                f"{type(optimizer).__name__} has no momentum to cycle; pass cycle_momentum=False"
            )
        if last_epoch == -1:
            for group, rate, high, low in zip(optimizer.param_groups, rates, *bounds, strict=True):
                start = rate / div_factor
                group |= {"initial_lr": start, "max_lr": rate, "min_lr": start / final_div_factor}
                if cycle_momentum:
                    group |= {"max_momentum": high, "base_momentum": low}
        super().__init__(optimizer, last_epoch)

    def step(self) -> None:
        """Set the rates of the next step.

        Raises
        ------
        ValueError
            If all steps are over.
        """
        if self.last_epoch >= self.total_steps:
            raise ValueError(f"OneCycleLR has {self.total_steps} steps, and all of them are over")
        super().step()

    def first_lr(self) -> list[float]:
        """The rates to begin with, which are as any other."""
        return self.get_lr()

    def get_lr(self) -> list[float]:
        """The rates of this step; it sets the momentum."""
        ends = [end for end, _ in self.phases]
        turn = min(bisect_left(ends, self.last_epoch), len(ends) - 1)
        start, (end, names) = [0.0, *ends][turn], self.phases[turn]
        share = (self.last_epoch - start) / (end - start) if end != start else 1.0
        rates = []
        for group in self.optimizer.param_groups:
            rates.append(self._between(group, names[:2], share))
            if self.cycle_momentum:
                momentum = self._between(group, names[2:], share)
                if "betas" in group:
                    group["betas"] = (momentum, *group["betas"][1:])
                else:
                    group["momentum"] = momentum
        return rates

    def _between(self, group: Mapping[str, Any], names: tuple[str, ...], share: float) -> float:
        """What lies so far on the way from one of a group's settings to another."""
        start, end = (group[name] for name in names)
        if self.anneal_strategy == "linear":
            return float((end - start) * share + start)
        return float(end + (start - end) / 2.0 * (cos(pi * share) + 1))


def _total(steps: int | None, epochs: int | None, per_epoch: int | None) -> int:
    """How many steps there are."""
    given: dict[str, Any] = {"total_steps": steps} if steps is not None else {}
    if steps is None and None not in (epochs, per_epoch):
        given = {"epochs": epochs, "steps_per_epoch": per_epoch}
    if not given:
        raise ValueError("OneCycleLR takes total_steps, or epochs and steps_per_epoch")
    total = 1
    for name, count in given.items():
        if not isinstance(count, int) or count < 1:
            raise ValueError(f"{name} is a whole number, 1 at least, but is {count!r}")
        total *= count
    return total
