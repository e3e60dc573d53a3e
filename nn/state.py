"""What a module remembers, as arrays by name: taken out, and put back."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from autograd import Tensor
from autograd.node import plain
from nn.module import Module


class Incompatible(NamedTuple):
    """The names that a state and a module do not share.

    Attributes
    ----------
    missing_keys : list of str
        Those that the state lacks.
    unexpected_keys : list of str
        Those that the module lacks.
    """

    missing_keys: list[str]
    unexpected_keys: list[str]


def _leaves(module: Module) -> dict[str, Any]:
    """The parameters and persistent buffers of a module and of all below it, by their paths."""
    return {
        f"{path}.{name}" if path else name: leaf
        for path, each in module.named_modules(remove_duplicate=False)
        for name, leaf in itertools.chain(each.own_parameters(), each.own_buffers(persistent=True))
    }


def saved(module: Module) -> dict[str, Any]:
    """A copy of all that a module remembers; see `Module.state_dict`."""
    return {name: np.array(leaf.data) for name, leaf in _leaves(module).items()}


def load(module: Module, state: Mapping[str, Any], strict: bool) -> Incompatible:
    """Put back what was taken out; see `Module.load_state_dict`."""
    leaves = _leaves(module)
    found = Incompatible(
        [name for name in leaves if name not in state],
        [name for name in state if name not in leaves],
    )
    arrays = {name: _array(name, state[name]) for name in leaves if name in state}
    wrong = [
        f"{name} has shape {array.shape}, not {leaves[name].shape}"
        for name, array in arrays.items()
        if array.shape != leaves[name].shape
    ]
    wrong += [
        f"{name} is of {array.dtype}, not {leaves[name].dtype}"
        for name, array in arrays.items()
        if isinstance(leaves[name], Tensor)
        and not np.can_cast(array.dtype, leaves[name].dtype, "same_kind")
    ]
    if strict and found.missing_keys:
        wrong.append(f"missing: {', '.join(found.missing_keys)}")
    if strict and found.unexpected_keys:
        wrong.append(f"unexpected: {', '.join(found.unexpected_keys)}")
    if wrong:
        raise ValueError(f"the state does not fit {type(module).__name__}: {'; '.join(wrong)}")
    for name, array in arrays.items():
        leaf = leaves[name]
        leaf.data = array.astype(leaf.dtype) if isinstance(leaf, Tensor) else array.item()
    return found


def _array(name: str, entry: Any) -> Any:
    if hasattr(entry, "detach"):  # a node, or a tensor of PyTorch's
        entry = entry.detach()
    array = np.asarray(plain(entry))
    if array.dtype.kind not in "fiub":
        raise TypeError(f"the state holds no numbers for {name}, but {entry!r}")
    return array
