"""What all optimisers share: groups of parameters, and what is remembered of each parameter.

The numbers of all parameters of a group, Values and Tensors alike, are moved at once, as one flat
array.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import numpy as np

from autograd import Blocks, Node


class Group(dict[str, Any]):
    """Parameters, under the key "params", and the settings with which they are moved.

    Attributes
    ----------
    blocks : Blocks
        The numbers of the parameters, and what is noted of each.
    settled : object
        The settings that the notes were made with, where they depend on them.
    """

    blocks: Blocks
    settled: Any = None


class Setting:
    """A setting as an attribute of its optimiser, ``optimizer.lr``: all groups get what is set.

    What is read is that of the first group.
    """

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.name = name

    def __get__(self, optimizer: Any, owner: type[Any] | None = None) -> Any:
        return self if optimizer is None else optimizer.param_groups[0][self.name]

    def __set__(self, optimizer: Any, value: Any) -> None:
        for group in optimizer.param_groups:
            optimizer.check(group | {self.name: value})
        for group in optimizer.param_groups:
            group[self.name] = value


class Optimizer(ABC):
    """The base of all optimisers, as ``torch.optim.Optimizer``.

    A parameter that got no gradient is left alone, and so are those that are frozen. A kind of
    optimiser derives from this, calls ``super().__init__(params, defaults)`` and writes `move`.

    Parameters
    ----------
    params : iterable of Value or Tensor, or of dict
        The parameters; or groups of them, ``{"params": [...], "lr": 0.1}``, with settings of their
        own.
    defaults : dict
        The settings of groups that bring none of their own.

    Attributes
    ----------
    param_groups : list of dict
        The groups, with all their settings, which may be changed on the way.
    defaults : dict
        The same.

    Raises
    ------
    ValueError
        If there is no parameter, or one twice, or a setting is out of its range.
    TypeError
        If a parameter is not a leaf.
    """

    notes: ClassVar[tuple[str, ...]] = ()  # what it notes for each number that it moves
    lr, weight_decay, maximize = Setting(), Setting(), Setting()

    def __init__(self, params: Iterable[Any], defaults: Mapping[str, Any]) -> None:
        self.defaults = dict(defaults)
        self.param_groups: list[Group] = []
        given = self._listed(params)
        if not given:
            raise ValueError(f"{type(self).__name__} was given no parameters")
        for group in given if isinstance(given[0], dict) else [{"params": given}]:
            self.add_param_group(group)

    def _listed(self, params: Any) -> list[Any]:
        if not isinstance(params, Iterable) or isinstance(params, (Node, dict)):
            hint = "; pass its .parameters()" if hasattr(params, "parameters") else ""
            raise TypeError(
                f"{type(self).__name__} takes a list of parameters, but was given {params!r}{hint}"
            )
        return list(params)

    def add_param_group(self, param_group: Mapping[str, Any]) -> None:
        """Move further parameters, too, such as layers that are no longer frozen.

        Parameters
        ----------
        param_group : dict
            The parameters, or one, under "params", settings that differ from the defaults, and
            what else it is to hold, such as a name.
        """
        if not isinstance(param_group, Mapping) or "params" not in param_group:
            raise TypeError(
                f"a group of {type(self).__name__} is a dict with 'params' in it, but this is "
                f"{param_group!r}"
            )
        given = param_group["params"]
        leaves = [given] if isinstance(given, Node) else self._listed(given)
        self._require_leaves(leaves)
        group = Group({"params": leaves, **self.defaults, **param_group} | {"params": leaves})
        self.check(group)
        group.blocks = Blocks(leaves, len(self.notes))
        self.param_groups.append(group)

    def _require_leaves(self, leaves: list[Any]) -> None:
        for leaf in leaves:
            if not isinstance(leaf, Node) or leaf.op:
                raise TypeError(
                    f"{type(self).__name__} moves leaves, such as a Value, but was given {leaf!r}"
                )
        known = [leaf for group in self.param_groups for leaf in group["params"]]
        if len(set(map(id, known + leaves))) < len(known + leaves):
            raise ValueError(f"{type(self).__name__} was given the same parameter twice")

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of the parameters, as ``torch.optim.Optimizer.zero_grad``.

        Parameters
        ----------
        set_to_none : bool, default True
            With False they become zeros, but for parameters that are frozen: then `step` moves also
            what gets none, by what it remembers of it.
        """
        for group in self.param_groups:
            group.blocks.zero_grad(set_to_none)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move each parameter that has a gradient.

        Parameters
        ----------
        closure : callable, optional
            Computes the loss and its gradients first; what it gives is given back.
        """
        loss = None if closure is None else closure()
        for group in self.param_groups:
            self.settle(group)
            for block in group.blocks:
                for step, rows in block.lending():
                    self.move(group, step, *rows)
        return loss

    def state_dict(self) -> dict[str, Any]:
        """A copy of what is remembered of the parameters, and of all settings.

        Returns
        -------
        dict
            Under "state" the notes of each parameter that was moved, by its number; under
            "param_groups" the settings, with the numbers of the parameters in place of them.

        Examples
        --------
        >>> from autograd import Value
        >>> from nn import SGD
        >>> SGD([Value(1.0)], lr=0.1).state_dict()["param_groups"][0]["lr"]
        0.1
        """
        from nn.optim.state import saved

        return saved(self)

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from a state, which may also be that of the same optimiser in PyTorch.

        Raises
        ------
        ValueError
            If it does not fit the groups and the shapes of their parameters; then nothing is
            changed.
        """
        from nn.optim.state import load

        load(self, state_dict)

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__} ("]
        for i, group in enumerate(self.param_groups):
            settings = sorted(group.keys() - {"params"})
            lines += [f"Parameter Group {i}", *(f"    {key}: {group[key]}" for key in settings)]
        return "\n".join([*lines, ")"])

    @abstractmethod
    def move(self, group: Group, step: int, data: Any, grad: Any, *notes: Any) -> None:
        """Move numbers in place, given their gradients, in an array to work in, and the notes."""

    def check(self, settings: Mapping[str, Any]) -> None:
        """See that settings are in their ranges; each kind of optimiser adds its own."""
        at_least_zero(settings, *({"lr", "weight_decay"} & settings.keys()))

    def settle(self, group: Group) -> None:  # noqa: B027 - most have nothing to do
        """Bring the notes of a group in line with settings that were changed."""

    def noted(self, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """Which of the notes are made with some settings."""
        return self.notes

    def adopted(self, entry: Mapping[str, Any], settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a state holds of a parameter, in our words, if it may be in PyTorch's."""
        return entry


def at_least_zero(settings: Mapping[str, Any], *names: str) -> None:
    """See that settings are not negative, nor NaN."""
    for name in names:
        if not settings[name] >= 0.0:
            raise ValueError(f"{name} must not be negative, but is {settings[name]!r}")


def require_betas(settings: Mapping[str, Any]) -> None:
    """See that a setting is two shares that are kept, each below 1."""
    betas = settings["betas"]
    if np.shape(betas) != (2,) or not all(0.0 <= beta < 1.0 for beta in betas):
        raise ValueError(f"betas must be two numbers in [0, 1), but are {betas!r}")


def direct(settings: Mapping[str, Any], data: Any, grad: Any) -> None:
    """Turn a gradient downhill or uphill, as is asked for, and add the decay of weights to it."""
    if settings["maximize"]:
        np.negative(grad, out=grad)
    if settings["weight_decay"]:
        grad += settings["weight_decay"] * data
