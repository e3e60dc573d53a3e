"""What errors about shapes say: the operation, both shapes, the user's names, the rule broken."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np


def shape_of(x: Any) -> tuple[int, ...]:
    """The shape of a node, an array, a number, or nested lists of numbers."""
    shape: tuple[int, ...] = x.shape if hasattr(x, "shape") else np.shape(x)
    return shape


def called(x: Any, letter: str) -> str:
    """What the user calls an array, or a letter, and its shape.

    Examples
    --------
    >>> from autograd import Tensor
    >>> called(Tensor([1.0, 2.0], name="W"), "x"), called([1.0, 2.0], "x")
    ('W (2,)', 'x (2,)')
    """
    return f"{getattr(x, 'name', None) or letter} {shape_of(x)}"


def no_axis(function: str, axis: int, ndim: int, x: Any) -> IndexError:
    """The error for an axis that there is not, where `ndim` can be named; x is None if not known.

    Examples
    --------
    >>> no_axis("unsqueeze", 9, 3, [[1.0, 2.0]])
    IndexError('unsqueeze: x has shape (1, 2), so dim must lie in -3 … 2, but is 9')
    """
    known = "" if x is None else f"{getattr(x, 'name', None) or 'x'} has shape {shape_of(x)}, so "
    if not ndim:
        return IndexError(f"{function}: {known}it has no dim {axis}")
    return IndexError(f"{function}: {known}dim must lie in {-ndim} … {ndim - 1}, but is {axis}")


def differ(given: str, what: str, m: int, n: int) -> ValueError:
    """The error for two sizes that ought to be equal.

    Examples
    --------
    >>> differ("mv: A (2, 3) @ v (4,)", "inner", 3, 4)
    ValueError('mv: A (2, 3) @ v (4,): inner sizes 3 and 4 differ')
    """
    return ValueError(f"{given}: {what} sizes {m} and {n} differ")


def first_clash(shapes: Sequence[tuple[int, ...]]) -> tuple[int, int, int, int] | None:
    """Where shapes do not broadcast: ``(i, j, m, n)``, shape i has m where shape j has n.

    Examples
    --------
    >>> first_clash([(8, 3), (4,)]), first_clash([(8, 3), (8, 1)])
    ((0, 1, 3, 4), None)
    """
    for (i, a), (j, b) in itertools.combinations(enumerate(shapes), 2):
        for m, n in zip(reversed(a), reversed(b), strict=False):
            if m != n and 1 not in (m, n):
                return i, j, m, n
    return None


def broadcasting(
    function: str, letters: Sequence[str], operands: Sequence[Any]
) -> ValueError | None:
    """The error for operands that do not broadcast; None if they do.

    Examples
    --------
    >>> broadcasting("add", "xy", [[1.0, 2.0, 3.0], [1.0, 2.0]])
    ValueError('add: x (3,) and y (2,) do not broadcast: 3 and 2 differ')
    """
    clash = first_clash([shape_of(x) for x in operands])
    if clash is None:
        return None
    i, j, m, n = clash
    both = f"{called(operands[i], letters[i])} and {called(operands[j], letters[j])}"
    return ValueError(f"{function}: {both} do not broadcast: {m} and {n} differ")
