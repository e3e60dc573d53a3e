"""Sums of sums as one sum, and products that are used once as terms of it: dots.

Chains of `maximum` and of `minimum` are flattened in the same way, and a softmax is one of its
numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograd.op import TABLE
from autograd.program.softmaxes import DIV, Softmaxes, softmaxes
from autograd.program.tape import CODE, CONSTANT, LEAF, Ints, Tape

ADD, SUB, NEG, MUL, MAX, MIN = (
    CODE[TABLE[name]] for name in ("add", "sub", "neg", "mul", "maximum", "minimum")
)


@dataclass(frozen=True, eq=False)
class Terms:
    """The terms of all sums of a tape, sorted by their sum: ``sign · x · y``, or ``sign · x``.

    Attributes
    ----------
    of : array of int
        The slot of the sum.
    x, y : array of int
        The slots of the factors; y is -1 where there is but one.
    sign : array of int
        1 or -1.
    inner : array of bool
        For each slot of the tape, whether it is part of a sum and need not be computed.
    root : array of int
        For each slot, the slot that is computed in its place: itself, or the sum it is part of.
    kind : array of int
        For each slot, what it sums by: `ADD`, `MAX` or `MIN`; `DIV` for a softmax, and -1 for what
        is no sum.
    into : array of int
        For each term of a softmax, the slot of its share; else -1.
    """

    of: Ints
    x: Ints
    y: Ints
    sign: Ints
    inner: Ints
    root: Ints
    kind: Ints
    into: Ints


def terms_of(tape: Tape) -> Terms:
    """Flatten the sums of a tape."""
    code, a, b = tape.code, tape.operands[:, 0], tape.operands[:, 1]
    kind = np.full(len(tape), -1)
    kind[(code == ADD) | (code == SUB) | (code == NEG)] = ADD
    for own in (MAX, MIN):
        kind[code == own] = own
    uses, user = _uses(tape)
    inner = (kind >= 0) & (uses == 1) & (user >= 0) & (kind == kind[user])
    inner &= (kind == ADD) | (a[user] == np.arange(len(tape)))  # where two tie, the order counts
    up, sign = _sum_of_each(code, b, user, inner)

    sums = np.flatnonzero(kind >= 0)
    two = sums[code[sums] != NEG]
    term = np.concatenate([a[sums], b[two]])
    holder = np.concatenate([sums, two])
    own_sign = np.concatenate(
        [np.where(code[sums] == NEG, -1, 1), np.where(code[two] == SUB, -1, 1)]
    )
    kept = ~inner[term]
    term, of = term[kept], up[holder[kept]]
    sign = (own_sign * sign[holder])[kept]

    product = (code[term] == MUL) & (uses[term] == 1) & (kind[of] == ADD)
    x, y = np.where(product, a[term], term), np.where(product, b[term], -1)
    rank = _rank(tape)
    swapped = product & (rank[x] > rank[y])
    x, y = np.where(swapped, y, x), np.where(swapped, x, y)
    inner[term[product]] = True
    up[term[product]] = of[product]
    second = np.arange(len(holder)) >= len(sums)
    place = np.where(kind[of] == ADD, np.where(product, y, term), (2 * holder + second)[kept])
    key = 4 * of + 2 * (~product) + (sign < 0)  # `np.lexsort` of all takes five times as long
    order = np.argsort(2 * len(tape) * key + place, kind="stable")
    of, x, y, sign = of[order], x[order], y[order], sign[order]
    terms = Terms(of, x, y, sign, inner, up, kind, np.full(len(of), -1))
    found = softmaxes(tape, uses, of, np.where((y < 0) & (sign > 0), x, -1), kind)
    return _with_softmaxes(terms, found) if len(found.of) else terms


def _with_softmaxes(terms: Terms, found: Softmaxes) -> Terms:
    """The same with what softmaxes consist of as their parts, and what they are of as terms."""
    inner, up, kind = terms.inner, terms.root, terms.kind
    for part in (found.share, found.power, found.minus, found.total, found.top):
        inner[part], up[part] = True, found.of
    inner[found.of], kind[found.of] = False, DIV
    up = up[up]
    kept = ~inner[terms.of]
    of = np.concatenate([terms.of[kept], found.of])
    order = np.argsort(of, kind="stable")
    none, one = np.full(len(found.of), -1), np.ones(len(found.of), int)
    x, y, sign, into = (
        np.concatenate([own[kept], new])[order]
        for own, new in (
            (terms.x, found.x),
            (terms.y, none),
            (terms.sign, one),
            (terms.into, found.share),
        )
    )
    return Terms(of[order], x, y, sign, inner, up, kind, into)


def _uses(tape: Tape) -> tuple[Ints, Ints]:
    """How often each slot is used, and by which slot, if by an operation."""
    n = len(tape)
    user = np.full(n, -1)
    uses = np.bincount(tape.outputs, minlength=n)
    for column in tape.operands.T:
        by = np.flatnonzero(column >= 0)
        user[column[by]] = by
        uses += np.bincount(column[by], minlength=n)
    for choices in tape.choices.values():
        uses[choices] += 2  # what may be picked must be there
    return uses, user


def _sum_of_each(code: Ints, b: Ints, user: Ints, inner: Ints) -> tuple[Ints, Ints]:
    """The outermost sum that each sum is part of, and the sign that it has there."""
    here = np.arange(len(code))
    minus = (code[user] == NEG) | ((code[user] == SUB) & (b[user] == here))
    sign = np.where(inner & minus, -1, 1)
    up = np.where(inner, user, here)
    further = up[up]
    while (up != further).any():  # each round looks twice as far
        sign = sign * sign[up]
        up, further = further, further[further]
    return up, sign


def _rank(tape: Tape) -> Ints:
    """Which factor of a product comes first: a leaf, a constant, what was given, or computed.

    So ``w * x`` and ``x * w`` are the same.
    """
    rank = np.full(len(tape), 3)
    rank[tape.code == LEAF] = 0
    rank[tape.code == CONSTANT] = 1
    rank[tape.given] = 2
    return rank
