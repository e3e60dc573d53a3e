"""RMSprop: gradients over the root of their mean square."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from nn.optim.optimizer import Group, Optimizer, Setting, at_least_zero, direct


class RMSprop(Optimizer):
    """Gradients divided by the root of the mean of their squares: ``torch.optim.RMSprop``.

    With gradient g (to which weight decay adds ``weight_decay · w``) and velocity u::

        v ← alpha · v + (1 - alpha) g²          m ← alpha · m + (1 - alpha) g
        d = g / (√(v - m² if centered else v) + eps)
        u ← momentum · u + d
        w ← w - lr · u

    Parameters
    ----------
    params : iterable of Value or Tensor, or of groups of them
        See `Optimizer`.
    lr : float, default 0.01
    alpha : float, default 0.99
        How much of the means is left after a step.
    eps : float, default 1e-8
    weight_decay, momentum : float, default 0
    centered : bool, default False
        Whether to divide by the spread around the mean (Graves 2013, Generating sequences with
        recurrent neural networks, eq. 38 - 41).
    maximize : bool, default False
        Whether to go uphill: with ``-g`` in place of g.

    References
    ----------
    Tieleman & Hinton 2012, Neural networks for machine learning, lecture 6.5.

    Examples
    --------
    >>> from autograd import Value
    >>> w = Value(1.0)
    >>> optimizer = RMSprop([w], lr=0.01, alpha=0.75)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6)
    0.98
    """

    notes = ("square_avg", "momentum_buffer", "grad_avg")
    alpha, eps, momentum, centered = Setting(), Setting(), Setting(), Setting()

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        settings = {"lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay}
        settings |= {"momentum": momentum, "centered": centered, "maximize": maximize}
        super().__init__(params, settings)

    def check(self, settings: Mapping[str, Any]) -> None:
        """See that settings are in their ranges."""
        super().check(settings)
        at_least_zero(settings, "alpha", "eps", "momentum")

    def noted(self, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The mean of the squares, and what else there is."""
        needed = (True, settings["momentum"], settings["centered"])
        return tuple(name for name, need in zip(self.notes, needed, strict=True) if need)

    def move(self, group: Group, step: int, data: Any, grad: Any, *notes: Any) -> None:
        """Move numbers in place, given their gradients."""
        direct(group, data, grad)
        square, velocity, mean = notes
        new = 1.0 - group["alpha"]
        square *= group["alpha"]
        square += new * grad * grad
        if group["centered"]:
            mean += new * (grad - mean)
            spread = np.sqrt(square - mean * mean)
        else:
            spread = np.sqrt(square)
        spread += group["eps"]
        grad /= spread
        if group["momentum"]:
            velocity *= group["momentum"]
            velocity += grad
            grad = velocity
        data -= group["lr"] * grad
