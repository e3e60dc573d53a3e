"""Optimisers: how parameters follow their gradients. PyTorch's definitions and names.

The numbers of all parameters, Values and Tensors alike, are moved at once, as one flat array.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

import numpy as np

from autograd import Blocks, Node


class Optimizer(ABC):
    """What all optimisers share: the parameters, and what is remembered of each.

    A parameter that got no gradient is left alone.

    Raises
    ------
    ValueError
        If there is no parameter, or a setting is out of its range.
    TypeError
        If a parameter is not a leaf that requires a gradient.
    """

    notes: ClassVar[int] = 0  # how many numbers it notes for each that it moves

    def __init__(self, params: Iterable[Any], lr: float) -> None:
        if not isinstance(params, Iterable) or isinstance(params, Node):
            hint = "; pass its .parameters()" if hasattr(params, "parameters") else ""
            raise TypeError(
                f"{type(self).__name__} takes a list of parameters, but was given {params!r}{hint}"
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
        self.blocks = Blocks(self.params, self.notes)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of the parameters, as ``torch.optim.Optimizer.zero_grad``.

        Parameters
        ----------
        set_to_none : bool, default True
            With False they become zeros: then `step` moves also parameters that get none, by what
            it remembers of them.
        """
        for block in self.blocks:
            block.zero_grad(set_to_none)

    def step(self) -> None:
        """Move each parameter that has a gradient."""
        for block in self.blocks:
            for step, rows in block.lending():
                self.move(step, *rows)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.params)} parameters, lr={self.lr!r})"

    @abstractmethod
    def move(self, step: int, data: Any, grad: Any, *notes: Any) -> None:
        """Move numbers in place, given their gradients, in an array to work in, and its notes."""


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

    notes = 1

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

    def move(self, step: int, data: Any, grad: Any, *notes: Any) -> None:
        """Move numbers in place, given their gradients."""
        if self.weight_decay:
            grad = grad + self.weight_decay * data
        if self.momentum:
            (velocity,) = notes
            velocity *= self.momentum
            velocity += grad if step == 1 else (1.0 - self.dampening) * grad
            grad = grad + self.momentum * velocity if self.nesterov else velocity
        data -= self.lr * grad


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

    notes = 2

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
        self._betas = (0.0, 0.0)
        self.betas = betas
        self.eps = eps
        self.weight_decay = weight_decay

    @property
    def betas(self) -> tuple[float, float]:
        """How much of the means m and v is left after a step."""
        return self._betas

    @betas.setter
    def betas(self, betas: tuple[float, float]) -> None:
        if np.shape(betas) != (2,) or not all(0.0 <= beta < 1.0 for beta in betas):
            raise ValueError(f"betas must be two numbers in [0, 1), but are {betas!r}")
        for block in self.blocks:  # the sums that give the same means
            for i, (old, new) in enumerate(zip(self._betas, betas, strict=True)):
                block.notes[i] *= (1.0 - old) / (1.0 - new)
        self._betas = betas

    def move(self, step: int, data: Any, grad: Any, *notes: Any) -> None:
        """Move numbers in place, given their gradients."""
        beta1, beta2 = self.betas
        m, v = notes
        if self.weight_decay:
            grad = grad + self.weight_decay * data
        # Noted are the sums m / (1 - β₁) and v / (1 - β₂), which saves two passes over the numbers.
        m *= beta1
        m += grad
        v *= beta2
        grad *= grad
        v += grad
        # √(v / c²) + eps is (√v + c · eps) / c, which saves another (sec. 2).
        c = math.sqrt((1.0 - beta2**step) / (1.0 - beta2))
        spread = np.sqrt(v, out=grad)
        spread += c * self.eps
        np.divide(m, spread, out=spread)
        spread *= c * self.lr * (1.0 - beta1) / (1.0 - beta1**step)
        data -= spread
