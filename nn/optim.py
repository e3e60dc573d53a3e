"""Optimisers: how parameters follow their gradients. PyTorch's definitions and names.

One formula serves a Value, whose data is a float, and a Tensor, whose data is an array.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd import Node


class Optimizer(ABC):
    """What all optimisers share: the parameters, and a state for each.

    A parameter that got no gradient is left alone.

    Raises
    ------
    ValueError
        If there is no parameter, or a setting is out of its range.
    TypeError
        If a parameter is not a leaf that requires a gradient.
    """

    def __init__(self, params: Iterable[Any], lr: float) -> None:
        if isinstance(params, Node):
            raise TypeError(
                f"{type(self).__name__} takes a list of parameters, but was given {params!r}"
            )
        self.params = list(params)
        self.lr = lr
        if not self.params:
            raise ValueError(f"{type(self).__name__} was given no parameters")
        for parameter in self.params:
            if not isinstance(parameter, Node) or parameter.op or not parameter.requires_grad:
                raise TypeError(
                    f"{type(self).__name__} moves leaves that require a gradient, but was given "
                    f"{parameter!r}"
                )
        if len(set(map(id, self.params))) < len(self.params):
            raise ValueError(f"{type(self).__name__} was given the same parameter twice")
        self.state: list[dict[str, Any]] = [{} for _ in self.params]

    def zero_grad(self) -> None:
        """Forget the gradients of the parameters."""
        for parameter in self.params:
            parameter.zero_grad()

    def step(self) -> None:
        """Move each parameter that has a gradient."""
        for parameter, state in zip(self.params, self.state, strict=True):
            if parameter.has_grad:
                parameter.data = self.moved(parameter.data, parameter.grad, state)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.params)} parameters, lr={self.lr!r})"

    @abstractmethod
    def moved(self, data: Any, grad: Any, state: dict[str, Any]) -> Any:
        """Where a parameter goes next, given its gradient."""


def _at_least_zero(**settings: float) -> None:
    for name, value in settings.items():
        if not value >= 0.0:
            raise ValueError(f"{name} must not be negative, but is {value!r}")


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum: ``torch.optim.SGD``.

    With gradient g (to which weight decay adds ``weight_decay · w``) and velocity v::

        v ← momentum · v + (1 - dampening) · g        (at first v ← g)
        w ← w - lr · (g + momentum · v if nesterov else v)

    Parameters
    ----------
    params : iterable of Value or Tensor
    lr : float, default 0.001
    momentum, dampening, weight_decay : float, default 0
    nesterov : bool, default False

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

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        super().__init__(params, lr)
        _at_least_zero(lr=lr, momentum=momentum, weight_decay=weight_decay)
        if nesterov and (momentum <= 0.0 or dampening != 0.0):
            raise ValueError("nesterov takes a momentum above 0 and no dampening")
        self.momentum = momentum
        self.dampening = dampening
        self.weight_decay = weight_decay
        self.nesterov = nesterov

    def moved(self, data: Any, grad: Any, state: dict[str, Any]) -> Any:
        """Where a parameter goes next, given its gradient."""
        if self.weight_decay:
            grad = grad + self.weight_decay * data
        if self.momentum:
            if "velocity" in state:
                velocity = self.momentum * state["velocity"] + (1.0 - self.dampening) * grad
            else:
                velocity = 1.0 * grad  # a copy: the gradient is the user's
            state["velocity"] = velocity
            grad = grad + self.momentum * velocity if self.nesterov else velocity
        return data - self.lr * grad


class Adam(Optimizer):
    """Adaptive moment estimation: ``torch.optim.Adam``.

    With gradient g (to which weight decay adds ``weight_decay · w``) at step t::

        m ← β₁ m + (1 - β₁) g          v ← β₂ v + (1 - β₂) g²
        w ← w - lr · m / (1 - β₁ᵗ) / (√(v / (1 - β₂ᵗ)) + eps)

    Parameters
    ----------
    params : iterable of Value or Tensor
    lr : float, default 0.001
    betas : pair of float, default (0.9, 0.999)
    eps : float, default 1e-8
    weight_decay : float, default 0

    References
    ----------
    Kingma & Ba 2015, Adam: a method for stochastic optimization, algorithm 1.

    Examples
    --------
    >>> from autograd import Value
    >>> w = Value(1.0)
    >>> optimizer = Adam([w], lr=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6)
    0.9
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, lr)
        _at_least_zero(lr=lr, eps=eps, weight_decay=weight_decay)
        if np.shape(betas) != (2,) or not all(0.0 <= beta < 1.0 for beta in betas):
            raise ValueError(f"betas must be two numbers in [0, 1), but are {betas!r}")
        self.betas = betas
        self.eps = eps
        self.weight_decay = weight_decay

    def moved(self, data: Any, grad: Any, state: dict[str, Any]) -> Any:
        """Where a parameter goes next, given its gradient."""
        beta1, beta2 = self.betas
        if self.weight_decay:
            grad = grad + self.weight_decay * data
        t = state["step"] = state.get("step", 0) + 1
        m = state["m"] = beta1 * state.get("m", 0.0) + (1.0 - beta1) * grad
        v = state["v"] = beta2 * state.get("v", 0.0) + (1.0 - beta2) * grad * grad
        spread = (v / (1.0 - beta2**t)) ** 0.5 + self.eps
        return data - self.lr / (1.0 - beta1**t) * m / spread
