"""Whole numbers put in order, in a fraction of the time that `np.unique` takes."""

from __future__ import annotations

import numpy as np

from autograd.program.tape import Ints


def distinct(numbers: Ints) -> Ints:
    """The numbers that occur, in order.

    Examples
    --------
    >>> distinct(np.array([5, 2, 5]))
    array([2, 5])
    """
    ordered = np.sort(numbers, axis=None)
    is_first = np.ones(ordered.size, bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return ordered[is_first]


def ranks(numbers: Ints) -> Ints:
    """The place of each number, none below 0, among those that occur.

    Examples
    --------
    >>> ranks(np.array([5, 2, 5]))
    array([1, 0, 1])
    """
    if numbers.max(initial=0) < 4 * numbers.size:
        return (np.cumsum(np.bincount(numbers) > 0) - 1)[numbers]
    return np.searchsorted(distinct(numbers), numbers)
