"""Softmax, as scalar code writes it: each of some numbers ``e^(x - m) / Σ e^(x - m)``.

With m the largest of them all is computed, and derived, as one: the sum does not depend on m, so
that no gradient comes to it, and what eager code finds there is zero but for rounding.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd.op import TABLE
from autograd.program.tape import CODE, Ints, Tape

ADD, DIV, EXP, SUB, MAX = (CODE[TABLE[name]] for name in ("add", "div", "exp", "sub", "maximum"))


class Softmaxes(NamedTuple):
    """All shares that are part of a softmax, those of one side by side.

    Attributes
    ----------
    of : array of int
        The first share of the same softmax.
    share, power, minus, x, total, top : array of int
        The slots of ``power / total``, of ``power = exp(minus)``, of ``minus = x - top``, and of
        the sum and the largest, which all shares of one have in common; of one number, the power
        is the sum, and what stands for the largest is the difference.
    """

    of: Ints
    share: Ints
    power: Ints
    minus: Ints
    x: Ints
    total: Ints
    top: Ints

    def chosen(self, which: NDArray[Any]) -> Softmaxes:
        """Some of them, by a mask or in an order."""
        return Softmaxes(*(column[which] for column in self))


def softmaxes(tape: Tape, uses: Ints, of: Ints, term: Ints, kind: Ints) -> Softmaxes:
    """Find them on a tape.

    Parameters
    ----------
    tape : Tape
    uses : array of int
        How often each slot is used.
    of, term : array of int
        The terms of all sums and extremes, sorted by these: the slots of both; -1 for a term that
        is subtracted or a product.
    kind : array of int
        What each slot sums by; see `Terms`.
    """
    a, b = tape.operands[:, 0], tape.operands[:, 1]
    share = np.flatnonzero(tape.code == DIV)
    share = share[tape.code[a[share]] == EXP]
    power = a[share]
    minus = a[power]
    fits = (tape.code[minus] == SUB) & (uses[power] == 2) & (uses[minus] == 1)
    share, power, minus = share[fits], power[fits], minus[fits]
    if not share.size:  # as in most programs, which need not be searched for their sums
        return Softmaxes(*[share] * 7)
    found = Softmaxes(share, share, power, minus, a[minus], b[share], b[minus])
    alone = (found.total == power) & (found.top == found.x)  # of one number
    found = found._replace(top=np.where(alone, minus, found.top))
    found = found.chosen(alone | _complete(found, uses, of, term, kind))
    order = np.argsort(found.total, kind="stable")
    found = found.chosen(order)
    _, first, which = np.unique(found.total, return_index=True, return_inverse=True)
    return found._replace(of=found.share[first[which]])


def _complete(found: Softmaxes, uses: Ints, of: Ints, term: Ints, kind: Ints) -> NDArray[np.bool_]:
    """Which are part of a softmax of which nothing is missing, and nothing is used elsewhere."""
    _, which, size = np.unique(found.total, return_inverse=True, return_counts=True)
    n, size = len(uses), size[which]
    fits = (kind[found.top] == MAX) & (kind[found.total] == ADD)
    pairs = (of * n + term)[term >= 0]
    for whole, part in ((found.total, found.power), (found.top, found.x)):
        fits &= (uses[whole] == size) & (_count(of, whole) == size)
        fits &= np.isin(whole * n + part, pairs)
    row = found.total * n + found.top
    fits &= row == row[np.unique(which, return_index=True)[1]][which]  # one for all
    _, first = np.unique(found.total * n + found.x, return_index=True)
    distinct = np.zeros(len(which), bool)
    distinct[first] = True
    fits &= distinct
    incomplete = np.bincount(which, ~fits) > 0
    return ~incomplete[which]


def _count(of: Ints, whole: Ints) -> Ints:
    """How many terms each of some sums has."""
    return np.searchsorted(of, whole, "right") - np.searchsorted(of, whole)
