"""What an optimiser remembers, as arrays and numbers: taken out, and put back."""

from __future__ import annotations

import copy
import itertools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.node import plain
from nn.optim.optimizer import Group, Optimizer


def saved(optimizer: Optimizer) -> dict[str, Any]:
    """A copy of all that an optimiser remembers; see `Optimizer.state_dict`."""
    state: dict[int, dict[str, Any]] = {}
    groups: list[dict[str, Any]] = []
    numbers = itertools.count()
    for group in optimizer.param_groups:
        optimizer.settle(group)
        places = list(itertools.islice(numbers, len(group["params"])))
        place = {id(leaf): i for i, leaf in zip(places, group["params"], strict=True)}
        names = optimizer.noted(group)
        for leaf, step, notes in itertools.chain.from_iterable(b.noted() for b in group.blocks):
            if step:
                kept = {
                    name: np.array(note).reshape(leaf.shape)
                    for name, note in zip(optimizer.notes, notes, strict=True)
                    if name in names
                }
                state[place[id(leaf)]] = {"step": step, **kept}
        groups.append({**_settings(group), "params": places})
    return {"state": dict(sorted(state.items())), "param_groups": groups}


def _settings(group: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a group, without its parameters."""
    return copy.deepcopy({key: x for key, x in group.items() if key != "params"})


def load(optimizer: Optimizer, state_dict: Mapping[str, Any]) -> None:
    """Put back what was taken out; see `Optimizer.load_state_dict`."""
    name, groups = type(optimizer).__name__, optimizer.param_groups
    if not isinstance(state_dict, Mapping) or not {"state", "param_groups"} <= state_dict.keys():
        raise ValueError(
            f"the state of {name} is a dict with 'state' and 'param_groups', as state_dict() gives"
        )
    given, state = state_dict["param_groups"], state_dict["state"]
    sizes = [[len(each["params"]) for each in some] for some in (given, groups)]
    if sizes[0] != sizes[1]:
        raise ValueError(
            f"the state is of groups of {sizes[0]} parameters, but {name} has {sizes[1]}"
        )
    numbers = [number for each in given for number in each["params"]]
    strange = [number for number in state if number not in numbers]
    if strange:
        raise ValueError(
            f"the state is of a parameter {strange[0]!r} that is in none of its groups"
        )
    for i, settings in enumerate(given):
        missing = [key for key in optimizer.defaults if key not in settings]
        if missing:
            raise ValueError(f"the state of group {i} lacks {', '.join(missing)}: is it of {name}?")
        optimizer.check(settings)
    found = [
        _entries(optimizer, settings, group, state)
        for settings, group in zip(given, groups, strict=True)
    ]
    for settings, group, entries in zip(given, groups, found, strict=True):
        group.update(_settings(settings))
        group.settled = None  # its notes are as its settings say
        optimizer.settle(group)
        for block in group.blocks:
            block.take_over(entries)


def _entries(
    optimizer: Optimizer, settings: Mapping[str, Any], group: Group, state: Mapping[Any, Any]
) -> dict[Any, list[Any]]:
    """For each parameter of a group: how often it was moved, and its notes, each in a row."""
    names = optimizer.noted(settings)
    found: dict[Any, list[Any]] = {}
    for number, leaf in zip(settings["params"], group["params"], strict=True):
        entry = optimizer.adopted(state.get(number, {}), settings)
        step = int(entry.get("step", bool(entry)))  # of which PyTorch's SGD keeps no count
        found[leaf] = [
            step,
            [
                _row(entry, name, number, leaf) if step and name in names else _zeros(leaf)
                for name in optimizer.notes
            ],
        ]
    return found


def _zeros(leaf: Any) -> NDArray[Any]:
    return np.zeros(math.prod(leaf.shape))


def _row(entry: Mapping[str, Any], name: str, number: Any, leaf: Any) -> NDArray[Any]:
    if entry.get(name) is None:
        raise ValueError(f"the state of parameter {number} has no {name!r}")
    note = entry[name]
    array = np.asarray(plain(note))
    if array.shape != leaf.shape:
        raise ValueError(
            f"the state of parameter {number} has a {name!r} of shape {array.shape}, but the "
            f"parameter has {leaf.shape}"
        )
    return array.ravel()
