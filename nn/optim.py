"""Optimisers: how parameters follow their gradients. PyTorch's definitions and names.

The numbers of all parameters, Values and Tensors alike, are moved at once, as one flat array.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd import Node, Packed

State: TypeAlias = Callable[[str], NDArray[Any]]


class Block(Packed):
    """Parameters laid side by side, and what an optimiser remembers of each number.

    Attributes
    ----------
    steps : list of int
        How often each parameter was moved.
    """

    def __init__(self, params: list[Any]) -> None:
        super().__init__(params)
        self.steps = [0] * len(params)
        self._states: dict[str, NDArray[Any]] = {}

    def state(self, name: str, like: NDArray[Any], place: slice) -> NDArray[Any]:
        """What an optimiser remembers under a name of some of the numbers; zeros at first."""
        if name not in self._states:
            self._states[name] = np.zeros(self.size, like.dtype)
        return self._states[name][place]

    def to_move(self) -> list[tuple[slice, list[int]]]:
        """Where the parameters lie that have a gradient: all at once if all are alike."""
        having = [i for i, parameter in enumerate(self.leaves) if parameter.has_grad]
        if len(having) == len(self.leaves) and len(set(self.steps)) == 1:
            return [(slice(0, self.size), having)]
        return [(self.places[i], [i]) for i in having]


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
        alike: dict[Any, list[Any]] = {}
        for parameter in self.params:
            if not isinstance(parameter, Node) or parameter.op or not parameter.requires_grad:
                raise TypeError(
                    f"{type(self).__name__} moves leaves that require a gradient, but was given "
                    f"{parameter!r}"
                )
            alike.setdefault(getattr(parameter, "dtype", None), []).append(parameter)
        if len(set(map(id, self.params))) < len(self.params):
            raise ValueError(f"{type(self).__name__} was given the same parameter twice")
        self.blocks = [Block(params) for params in alike.values()]

    def zero_grad(self) -> None:
        """Forget the gradients of the parameters."""
        for parameter in self.params:
            parameter.zero_grad()

    @np.errstate(all="ignore")  # what diverges does so as in PyTorch: to nan
    def step(self) -> None:
        """Move each parameter that has a gradient."""
        for block in self.blocks:
            for place, chosen in block.to_move():
                data, grad = block.data(chosen), block.grad(chosen)
                for i in chosen:
                    block.steps[i] += 1
                state = partial(block.state, like=data, place=place)
                self.move(data, grad, state, block.steps[chosen[0]])
                block.store(chosen, data)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.params)} parameters, lr={self.lr!r})"

    @abstractmethod
    def move(self, data: Any, grad: Any, state: State, step: int) -> None:
        """Move numbers in place, given their gradients; `state` names arrays to remember in."""


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

    def move(self, data: Any, grad: Any, state: State, step: int) -> None:
        """Move numbers in place, given their gradients."""
        if self.weight_decay:
            grad = grad + self.weight_decay * data
        if self.momentum:
            velocity = state("velocity")
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

    def move(self, data: Any, grad: Any, state: State, step: int) -> None:
        """Move numbers in place, given their gradients."""
        beta1, beta2 = self.betas
        if self.weight_decay:
            grad = grad + self.weight_decay * data
        m, v = state("m"), state("v")
        m *= beta1
        grad *= 1.0 - beta1
        m += grad
        v *= beta2
        grad *= grad
        grad *= (1.0 - beta2) / (1.0 - beta1) ** 2
        v += grad
        # √(v / c²) + eps is (√v + c · eps) / c, which saves a pass over the numbers (sec. 2).
        c = math.sqrt(1.0 - beta2**step)
        spread = np.sqrt(v, out=grad)
        spread += c * self.eps
        np.divide(m, spread, out=spread)
        spread *= c * self.lr / (1.0 - beta1**step)
        data -= spread
