"""Schedules that fall as a cosine does, once or again and again."""

from __future__ import annotations

from math import cos, floor, pi

from nn.optim.optimizer import Optimizer
from nn.optim.schedules.scheduler import LRScheduler


class CosineAnnealingLR(LRScheduler):
    """Rates that fall as a cosine: ``torch.optim.lr_scheduler.CosineAnnealingLR``.

    ``lr = eta_min + (base - eta_min) · (1 + cos(π · epoch / T_max)) / 2``, each found from the last
    as PyTorch does; beyond `T_max` they rise again.

    Parameters
    ----------
    optimizer : Optimizer
    T_max : int
        After how many epochs they are lowest.
    eta_min : float, default 0
    last_epoch : int, default -1

    References
    ----------
    Loshchilov & Hutter 2017, SGDR: stochastic gradient descent with warm restarts, eq. 5.

    Examples
    --------
    >>> from autograd import Value
    >>> from nn import SGD
    >>> optimizer = SGD([Value(1.0)], lr=1.0)
    >>> schedule = CosineAnnealingLR(optimizer, T_max=2)
    >>> rates = []
    >>> for _ in range(3):
    ...     rates.append(round(optimizer.lr, 6))
    ...     schedule.step()
    >>> rates
    [1.0, 0.5, 0.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_max: int,
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The rates of this epoch, given those of the last."""
        low, n, epoch = self.eta_min, self.T_max, self.last_epoch
        if (epoch - 1 - n) % (2 * n) == 0:  # from the lowest, whence no factor leads
            pairs = zip(self.now(), self.base_lrs, strict=True)
            return [rate + (base - low) * (1 - cos(pi / n)) / 2 for rate, base in pairs]
        factor = (1 + cos(pi * epoch / n)) / (1 + cos(pi * (epoch - 1) / n))
        return [factor * (rate - low) + low for rate in self.now()]


class CosineAnnealingWarmRestarts(LRScheduler):
    """Rates that fall as a cosine and begin again, as ``CosineAnnealingWarmRestarts`` in PyTorch.

    ``lr = eta_min + (base - eta_min) · (1 + cos(π · T_cur / T_i)) / 2``, where `T_cur` epochs of
    the `T_i` up to the next restart are over.

    Parameters
    ----------
    optimizer : Optimizer
    T_0 : int
        How many epochs there are until the first restart.
    T_mult : int, default 1
        How many times as many there are after each restart.
    eta_min : float, default 0
    last_epoch : int, default -1

    References
    ----------
    Loshchilov & Hutter 2017, SGDR: stochastic gradient descent with warm restarts, eq. 5.

    Examples
    --------
    >>> from autograd import Value
    >>> from nn import SGD
    >>> optimizer = SGD([Value(1.0)], lr=1.0)
    >>> schedule = CosineAnnealingWarmRestarts(optimizer, T_0=2)
    >>> rates = []
    >>> for _ in range(4):
    ...     rates.append(round(optimizer.lr, 6))
    ...     schedule.step()
    >>> rates
    [1.0, 0.5, 1.0, 0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_0: int,
        T_mult: int = 1,
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        for name, given in (("T_0", T_0), ("T_mult", T_mult)):
            if not isinstance(given, int) or given < 1:
                raise ValueError(f"{name} is a whole number, 1 at least, but is {given!r}")
        self.T_0, self.T_mult, self.eta_min = T_0, T_mult, eta_min
        self.T_i: int = T_0
        self.T_cur: float = 0
        super().__init__(optimizer, last_epoch)

    def begin(self, last_epoch: int = -1) -> None:
        """Set the rates of the epoch after one."""
        self._seek(last_epoch + 1)
        super().begin(last_epoch)

    def step(self, epoch: float | None = None) -> None:
        """Set the rates of the next epoch, or of any; a fraction is a part of one, as a batch is.

        Raises
        ------
        ValueError
            If the epoch is below 0.
        """
        if epoch is None:
            self.last_epoch += 1
            self.T_cur += 1
            if self.T_cur >= self.T_i:
                self.T_cur, self.T_i = self.T_cur % self.T_i, self.T_i * self.T_mult
        elif not epoch >= 0:
            raise ValueError(f"epoch must not be negative, but is {epoch!r}")
        else:
            self.last_epoch = floor(epoch)
            self._seek(epoch)
        self.put(self.get_lr())

    def _seek(self, epoch: float) -> None:
        """Find where an epoch stands between two restarts."""
        self.T_i, self.T_cur = self.T_0, epoch
        if self.T_mult == 1:
            self.T_cur %= self.T_0
        while self.T_cur >= self.T_i:
            self.T_cur, self.T_i = self.T_cur - self.T_i, self.T_i * self.T_mult

    def first_lr(self) -> list[float]:
        """The rates to begin with, which are as any other."""
        return self.get_lr()

    def get_lr(self) -> list[float]:
        """The rates of this epoch."""
        low, height = self.eta_min, 1 + cos(pi * self.T_cur / self.T_i)
        return [low + (base - low) * height / 2 for base in self.base_lrs]
