"""Where all random numbers of a training come from, taken down and put back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

import autograd
from nn.held import held
from nn.module import Module


class Randomness:
    """The generators that a model can draw from: autograd's, its own, Python's and NumPy's.

    Attributes
    ----------
    held : dict of str to numpy.random.Generator
        Those that modules hold, such as a dropout that was given one, by their paths.
    """

    def __init__(self, model: Module) -> None:
        self.held: dict[str, np.random.Generator] = {
            ".".join([*filter(None, [path]), *map(str, keys)]): generator
            for path, module in model.named_modules()
            for keys, generator in held(np.random.Generator, vars(module).items())
        }

    def state(self) -> dict[str, Any]:
        """Where autograd's stand, in numbers and text; a step draws from no other."""
        return {
            "autograd": autograd.get_rng_state(),
            "modules": {name: dict(each.bit_generator.state) for name, each in self.held.items()},
        }

    def whole_state(self) -> dict[str, Any]:
        """Where all of them stand; this takes longer."""
        others = {"python": random.getstate(), "numpy": np.random.get_state(legacy=False)}
        return self.state() | others

    def restore(self, state: dict[str, Any]) -> None:
        """Let them go on from there."""
        if state["modules"].keys() != self.held.keys():
            raise ValueError(
                f"the state is of a model with generators {sorted(state['modules'])}, but this one "
                f"has {sorted(self.held)}"
            )
        autograd.set_rng_state(state["autograd"])
        for name, generator in self.held.items():
            generator.bit_generator.state = state["modules"][name]
        if "python" in state:
            random.setstate(state["python"])
            np.random.set_state(state["numpy"])


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """A block in which autograd's random numbers start from a seed, and then go on as before."""
    before = autograd.get_rng_state()
    autograd.manual_seed(seed)
    try:
        yield
    finally:
        autograd.set_rng_state(before)
