"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from nn.optim.optimizer import Group, Optimizer, Setting, at_least_zero, direct


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum: ``torch.optim.SGD``.

    With gradient g (to which weight decay adds ``weight_decay · w``) and velocity v::

        v ← momentum · v + (1 - dampening) · g        (at first v ← g)
        w ← w - lr · (g + momentum · v if nesterov else v)

    Parameters
    ----------
    params : iterable of Value or Tensor, or of groups of them
        See `Optimizer`.
    lr : float, default 0.001
    momentum, dampening, weight_decay : float, default 0
    nesterov : bool, default False
    maximize : bool, default False
        Whether to go uphill: with ``-g`` in place of g.

    References
    ----------
    Sutskever, Martens, Dahl & Hinton 2013, On the importance of initialization and momentum in deep
    learning, sec. 2; the velocity is PyTorch's, which has no factor lr.

    Examples
    --------
    >>> from autograd import Value
    >>> w = Value(1.0)
    >>> optimizer = SGD([w], lr=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data
    0.8
    """

    notes = ("momentum_buffer",)
    momentum, dampening, nesterov = Setting(), Setting(), Setting()

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        settings = {"lr": lr, "momentum": momentum, "dampening": dampening}
        settings |= {"weight_decay": weight_decay, "nesterov": nesterov, "maximize": maximize}
        super().__init__(params, settings)

    def check(self, settings: Mapping[str, Any]) -> None:
        """See that settings are in their ranges."""
        super().check(settings)
        at_least_zero(settings, "momentum")
        if settings["nesterov"] and (settings["momentum"] <= 0.0 or settings["dampening"] != 0.0):
            raise ValueError("nesterov takes a momentum above 0 and no dampening")

    def noted(self, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The velocity, if there is any."""
        return self.notes if settings["momentum"] else ()

    def move(self, group: Group, step: int, data: Any, grad: Any, *notes: Any) -> None:
        """Move numbers in place, given their gradients."""
        direct(group, data, grad)
        way, momentum = grad, group["momentum"]
        if momentum:
            (velocity,) = notes
            velocity *= momentum
            velocity += grad if step == 1 else (1.0 - group["dampening"]) * grad
            way = grad + momentum * velocity if group["nesterov"] else velocity
        data -= np.multiply(way, group["lr"], out=grad)
