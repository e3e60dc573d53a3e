"""What functions of windows that slide over samples share: their settings, and unbatched input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd import rules
from autograd.complaints import called, shape_of
from autograd.functions.arguments import integers
from autograd.rules.windows import spans

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


def window(
    function: str, axes: int, kernel: Any, stride: Any, padding: Any, dilation: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """The size of a window, its stride, and how far it may begin in front.

    Examples
    --------
    >>> window("max_pool2d", 2, 3, None, 1, (1, 1))
    ((3, 3), (3, 3), (1, 1))
    """
    kernel = each(function, "kernel_size", kernel, axes, least=1)
    stride = kernel if stride is None else each(function, "stride", stride, axes, least=1)
    before = each(function, "padding", padding, axes, least=0)
    if any(2 * pad > span for pad, span in zip(before, spans(kernel, dilation), strict=True)):
        raise ValueError(
            f"{function}: padding={padding!r} is more than half of the window, {kernel}"
        )
    return kernel, stride, before


def padded(
    function: str,
    x: Any,
    span: tuple[int, ...],
    stride: tuple[int, ...],
    before: tuple[int, ...],
    ceil_mode: bool,
) -> tuple[tuple[int, int], ...]:
    """How far windows reach out in front and behind; an error if none fits.

    Examples
    --------
    >>> padded("max_pool1d", [[[1.0, 2.0, 3.0]]], (2,), (2,), (0,), ceil_mode=True)
    ((0, 1),)
    """
    found = []
    for n, reach, s, pad in zip(shape_of(x)[2:], span, stride, before, strict=True):
        behind = pad
        if ceil_mode:
            count = -(-(n + 2 * pad - reach) // s) + 1
            if (count - 1) * s >= n + pad:  # the last begins behind all elements
                count -= 1
            behind = (count - 1) * s + reach - n - pad
        if n + pad + behind < reach or not n:
            raise ValueError(
                f"{function}: no window of {span} fits into {called(x, 'x')} with padding {before}"
            )
        found.append((pad, behind))
    return tuple(found)
