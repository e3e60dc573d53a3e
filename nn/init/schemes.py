"""How the weights of scalar networks are drawn."""

from __future__ import annotations

import math
import operator
import random
from typing import Literal, Protocol, TypeAlias

Scheme: TypeAlias = Literal["uniform", "xavier", "kaiming", "zeros"]


class Generator(Protocol):
    """A source of random numbers: a `random.Random`, or the module `random` itself."""

    def uniform(self, a: float, b: float) -> float:
        """A number between a and b."""
        ...


Seed: TypeAlias = int | Generator | None


def generator(seed: Seed) -> Generator:
    """The source of random numbers that a seed stands for.

    Parameters
    ----------
    seed : int, random.Random or None
        An int starts a generator of its own, a generator is used as it is, and None is Python's
        global one, so that ``random.seed(...)`` holds for it.

    Examples
    --------
    >>> generator(1).uniform(0, 1) == generator(1).uniform(0, 1)
    True
    """
    if seed is None:
        return random
    if hasattr(seed, "uniform"):
        return seed
    try:
        return random.Random(operator.index(seed))
    except TypeError:
        raise TypeError(
            f"a seed is an int, a random.Random or None, but was given {seed!r}"
        ) from None


def limit(scheme: Scheme, fan_in: int, fan_out: int) -> float:
    """How far from 0 a weight may be drawn, uniformly.

    Parameters
    ----------
    scheme : {"uniform", "xavier", "kaiming", "zeros"}
        ``uniform``: 1, as in micrograd. ``xavier``: ``√(6 / (fan_in + fan_out))``, for sigmoid and
        tanh [1]_. ``kaiming``: ``√(6 / fan_in)``, for ReLU [2]_. ``zeros``: 0.
    fan_in, fan_out : int
        How many numbers enter the layer and leave it.

    Raises
    ------
    ValueError
        If there is no such scheme.

    References
    ----------
    .. [1] Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural
       networks, eq. 16.
    .. [2] He, Zhang, Ren & Sun 2015, Delving deep into rectifiers, eq. 10.

    Examples
    --------
    >>> limit("xavier", 2, 4)
    1.0
    """
    limits = {
        "uniform": 1.0,
        "xavier": math.sqrt(6.0 / (fan_in + fan_out)),
        "kaiming": math.sqrt(6.0 / fan_in),
        "zeros": 0.0,
    }
    if scheme not in limits:
        raise ValueError(f"init={scheme!r} is not known; choose one of {', '.join(limits)}")
    return limits[scheme]
