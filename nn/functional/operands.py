"""What functions are given."""

from __future__ import annotations

from typing import Any


def shape_of(function: str, input: Any) -> tuple[int, ...]:
    """The shape of a Tensor or an array; an error, in the name of a function, of anything else.

    Examples
    --------
    >>> shape_of("dropout", None)
    Traceback (most recent call last):
    ...
    TypeError: dropout takes a Tensor or an array, but was given None
    """
    shape = getattr(input, "shape", None)
    if not isinstance(shape, tuple):
        raise TypeError(f"{function} takes a Tensor or an array, but was given {input!r:.60}")
    return shape
