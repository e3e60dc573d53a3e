"""In which order the parts of a tape are computed: all that are alike and ready at once."""

from __future__ import annotations

import numpy as np

from autograd.program.numbers import distinct
from autograd.program.tape import Ints


def rounds(sources: Ints, targets: Ints, kinds: Ints, most: int | None = None) -> Ints | None:
    """In which round each part is computed, one kind a round.

    The kind is chosen of which the largest share is ready, so that the others wait for their likes:
    positions of a sequence, say, of which the first have less to do.

    Parameters
    ----------
    sources, targets : array of int
        Part ``sources[i]`` is needed by part ``targets[i]``.
    kinds : array of int, shape (n,)
        Which parts are alike, counted from 0.
    most : int, optional
        How many rounds there may be; if there are more, there is no answer.

    Examples
    --------
    >>> rounds(np.array([0, 2]), np.array([1, 3]), np.array([0, 1, 0, 1]))
    array([0, 1, 0, 1])
    """
    n = len(kinds)
    order = np.argsort(sources, kind="stable")
    sources, targets = sources[order], targets[order]
    first = np.append(0, np.cumsum(np.bincount(sources, minlength=n)))
    waiting = np.bincount(targets, minlength=n)
    remaining = np.bincount(kinds)
    ready: list[list[Ints]] = [[] for _ in remaining]
    count = np.zeros(len(remaining), int)

    def offer(parts: Ints) -> None:
        by_kind = kinds[parts]
        for kind in distinct(by_kind):
            chosen = parts[by_kind == kind]
            ready[kind].append(chosen)
            count[kind] += len(chosen)

    offer(np.flatnonzero(waiting == 0))
    found, number = np.zeros(n, int), 0
    while count.any():
        if number == most:
            return None
        kind = int((count / np.maximum(remaining, 1)).argmax())
        parts = np.concatenate(ready[kind])
        ready[kind] = []
        remaining[kind] -= count[kind]
        count[kind] = 0
        found[parts] = number
        number += 1
        needed_by = targets[_ranges(first[parts], first[parts + 1])]
        np.subtract.at(waiting, needed_by, 1)
        offer(distinct(needed_by[waiting[needed_by] == 0]))
    return found


def _ranges(starts: Ints, ends: Ints) -> Ints:
    """The numbers from each start to its end, in a row."""
    lengths = ends - starts
    return np.arange(int(lengths.sum())) + np.repeat(ends - np.cumsum(lengths), lengths)
