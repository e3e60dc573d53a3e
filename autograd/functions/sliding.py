"""What functions of windows that slide over samples share: their settings, and unbatched input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd import rules
from autograd.complaints import called, shape_of
from autograd.functions.arguments import integers

Size = int | Sequence[int]
NUMBERS = {1: "a number", 2: "a number or two"}


def each(function: str, name: str, given: Any, axes: int, least: int) -> tuple[int, ...]:
    """A setting with a number for each axis, where one number stands for all.

    Examples
    --------
    >>> each("conv2d", "stride", 2, 2, least=1), each("conv2d", "stride", (1, 2), 2, least=1)
    ((2, 2), (1, 2))
    """
    several = given if isinstance(given, (tuple, list)) else (given,)
    found = integers(function, name, several)
    if len(found) == 1:
        found *= axes
    if len(found) != axes or min(found) < least:
        raise ValueError(
            f"{function}: {name} is {NUMBERS[axes]}, {least} at least, but is {given!r}"
        )
    return found


def pairs(padding: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """As much padding behind as before.

    Examples
    --------
    >>> pairs((1, 2))
    ((1, 1), (2, 2))
    """
    return tuple((pad, pad) for pad in padding)


def on_samples(function: str, axes: int, x: Any, compute: Callable[[Any], Any]) -> Any:
    """Compute on samples, (n, channels, ...), or on one alone, (channels, ...)."""
    shape = shape_of(x)
    if len(shape) not in (axes + 1, axes + 2):
        names = ("length",) if axes == 1 else ("height", "width")
        one = f"(channels, {', '.join(names)})"
        raise ValueError(
            f"{function}: it takes samples, (n, {one[1:]}, or one alone, {one}, but was given "
            f"{called(x, 'x')}"
        )
    if len(shape) == axes + 2:
        return compute(x)
    result = compute(rules.reshape(x, shape=(1, *shape)))
    return rules.reshape(result, shape=shape_of(result)[1:])
