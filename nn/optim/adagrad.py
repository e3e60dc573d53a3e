"""Adagrad: gradients over the root of the sum of all their squares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from nn.optim.optimizer import Group, Optimizer, Setting, at_least_zero, direct


class Adagrad(Optimizer):
    """Gradients divided by the root of the sum of all their squares: ``torch.optim.Adagrad``.

    With gradient g (to which weight decay adds ``weight_decay · w``) at step t::

        s ← s + g²        (at first s = initial_accumulator_value)
        w ← w - lr / (1 + (t - 1) · lr_decay) · g / (√s + eps)

    Parameters
    ----------
    params : iterable of Value or Tensor, or of groups of them
        See `Optimizer`.
    lr : float, default 0.01
    lr_decay, weight_decay, initial_accumulator_value : float, default 0
    eps : float, default 1e-10
    maximize : bool, default False
        Whether to go uphill: with ``-g`` in place of g.

    References
    ----------
    Duchi, Hazan & Singer 2011, Adaptive subgradient methods for online learning and stochastic
    optimization, fig. 1, with a diagonal matrix.

    Examples
    --------
    >>> from autograd import Value
    >>> w = Value(1.0)
    >>> optimizer = Adagrad([w], lr=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6)
    0.9
    """

    notes = ("sum",)
    lr_decay, initial_accumulator_value, eps = Setting(), Setting(), Setting()

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ) -> None:
        settings = {"lr": lr, "lr_decay": lr_decay, "weight_decay": weight_decay, "eps": eps}
        settings |= {
            "initial_accumulator_value": initial_accumulator_value,
            "maximize": maximize,
        }
        super().__init__(params, settings)

    def check(self, settings: Mapping[str, Any]) -> None:
        """See that settings are in their ranges."""
        super().check(settings)
        at_least_zero(settings, "lr_decay", "initial_accumulator_value", "eps")

    def move(self, group: Group, step: int, data: Any, grad: Any, *notes: Any) -> None:
        """Move numbers in place, given their gradients."""
        direct(group, data, grad)
        (total,) = notes
        if step == 1:
            total += group["initial_accumulator_value"]
        total += grad * grad
        spread = np.sqrt(total)
        spread += group["eps"]
        grad /= spread
        grad *= group["lr"] / (1.0 + (step - 1) * group["lr_decay"])
        data -= grad
