"""What is computed alike, from what is known by then, as one group."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograd.op import TABLE
from autograd.program.numbers import distinct, ranks
from autograd.program.pick import PICK
from autograd.program.rounds import rounds
from autograd.program.softmaxes import DIV
from autograd.program.sums import ADD, MAX, MIN, Terms
from autograd.program.tape import CODE, CONSTANT, Ints, Tape

FIRST = 1_000_000  # added to the code of a sum, a largest and a smallest of many, and a softmax
SUM, LARGEST, SMALLEST, SOFTMAX = (code + FIRST for code in (ADD, MAX, MIN, DIV))
PICKED = CODE[PICK]
FAR = 3  # operations: how far it is looked ahead to what becomes of a number


def _none() -> Ints:
    return np.empty((0, 0), int)


@dataclass(eq=False)
class Group:
    """Slots that are computed alike.

    Attributes
    ----------
    code : int
        The operation; or `SUM`, `LARGEST`, `SMALLEST` or `SOFTMAX` of many.
    slots : array of int, shape (m,)
        What is computed; of a softmax, the first of its shares.
    round : int
        When.
    operands : list of array of int, shape (m,)
        Of an operation: the slots of each operand.
    choices : array of int, shape (m, n)
        Of a pick: what it picks from.
    x, y : array of int, shape (m, k)
        Of a sum: the factors of its products.
    plain : array of int, shape (m, q)
        Of a sum: its other terms.
    signs : array of int, shape (k + q,)
        Of a sum: the signs of both.
    into : array of int, shape (m, q)
        Of a softmax: all its shares.
    """

    code: int
    slots: Ints
    round: int
    operands: list[Ints] = field(default_factory=list)
    choices: Ints = field(default_factory=_none)
    x: Ints = field(default_factory=_none)
    y: Ints = field(default_factory=_none)
    plain: Ints = field(default_factory=_none)
    signs: Ints = field(default_factory=_none)
    into: Ints = field(default_factory=_none)


def groups_of(tape: Tape, terms: Terms, most: int | None = None) -> list[Group] | None:
    """Put what is computed on a tape into groups, in an order in which they can be computed.

    None if that takes more than so many rounds.
    """
    return _Grouping(tape, terms).groups(most)


class _Grouping:
    """The roots of a tape, which are what must be computed, and what each looks like."""

    def __init__(self, tape: Tape, terms: Terms) -> None:
        self.tape, self.terms = tape, terms
        self.roots = roots = np.flatnonzero((tape.code >= 0) & ~terms.inner)
        counts = np.bincount(terms.of, minlength=len(tape))
        self.counts, self.starts = counts[roots], (np.cumsum(counts) - counts)[roots]
        self.products = np.bincount(terms.of[terms.y >= 0], minlength=len(tape))[roots]

    def groups(self, most: int | None) -> list[Group] | None:
        """The groups, in the order of their rounds."""
        roots, is_sum = self.roots, self.counts > 0
        code = np.where(is_sum, self.terms.kind[roots] + FIRST, self.tape.code[roots])
        minus = self._signs()
        operands = self.tape.operands[roots]
        constants = ((self.tape.code[operands] == CONSTANT) & (operands >= 0)) @ [1, 2, 4]
        constants[is_sum] = 0
        choices = np.zeros(len(roots), int)
        for slot, chosen in self.tape.choices.items():
            choices[np.searchsorted(roots, slot)] = len(chosen)
        # Sums of more and of fewer terms may be computed in one round, and even as one group.
        has_products, has_plain = self.products > 0, self.products < self.counts
        alike = (code, constants, choices, minus, has_products, has_plain)
        edges, kinds = self._edges(), _numbered(alike)
        if lone := self._lone_products(alike, edges, kinds):
            for products, likes in lone:
                for key in (kinds, *alike):
                    key[products] = key[likes[0]]
            self._as_sums(np.concatenate([products for products, _ in lone]))
        when = rounds(*edges, kinds, most)
        if when is None:
            return None
        # What goes the same way stands together, so that it is read at once.
        ways = _ways(*edges, kinds)
        keys = (self.products, self.counts, when)  # what is computed in one round is alike
        order = np.lexsort((ways, *keys))
        changes = np.zeros(len(roots), bool)
        for key in keys:
            changes[1:] |= key[order][1:] != key[order][:-1]
        found = np.split(order, np.flatnonzero(changes))
        return [self._group(rows, int(when[rows[0]])) for rows in found if rows.size]

    def _lone_products(
        self, alike: tuple[Any, ...], edges: tuple[Ints, Ints], kinds: Ints
    ) -> list[tuple[Ints, Ints]]:
        """Products that go the same way as sums of more and of fewer, and these sums.

        Of what is averaged over all positions so far, the first has one.
        """
        code, constants, _, minus, has_products, has_plain = alike
        product = (code == CODE[TABLE["mul"]]) & (constants == 0)
        total = (code == SUM) & has_products & ~has_plain & (minus == 0)
        if not product.any() or distinct(self.counts[total]).size < 2:
            return []
        ways = _ways(*edges, kinds)
        found = []
        for way in distinct(ways[product]).tolist():
            likes = np.flatnonzero(total & (ways == way))
            if distinct(self.counts[likes]).size > 1:
                found.append((np.flatnonzero(product & (ways == way)), likes))
        return found

    def _as_sums(self, products: Ints) -> None:
        """Let some products be sums of one each."""
        terms, n = self.terms, len(products)
        slots = self.roots[products]
        self.starts[products] = len(terms.of) + np.arange(n)
        self.counts[products] = self.products[products] = 1
        x, y = self.tape.operands[slots, :2].T
        new = {"of": slots, "x": x, "y": y, "sign": np.ones(n, int), "into": np.full(n, -1)}
        more = {key: np.concatenate([getattr(terms, key), column]) for key, column in new.items()}
        self.terms = replace(terms, kind=terms.kind.copy(), **more)
        self.terms.kind[slots] = ADD

    def _signs(self) -> Ints:
        """A number for each sum that tells which of its terms are subtracted."""
        terms, starts, counts = self.terms, self.starts, self.counts
        some = counts > 0
        place = np.arange(len(terms.of)) - np.repeat(starts[some], counts[some])
        weight = np.random.default_rng(0).integers(1, 2**40, max(counts.max(initial=0), 1))
        minus = np.bincount(terms.of, (terms.sign < 0) * weight[place], len(self.tape))
        return minus[self.roots]

    def _edges(self) -> tuple[Ints, Ints]:
        """Which root is needed by which."""
        tape, terms, roots = self.tape, self.terms, self.roots
        row = np.full(len(tape), -1)
        row[roots] = np.arange(len(roots))
        shares = terms.into >= 0
        row[terms.into[shares]] = row[terms.of[shares]]
        others = roots[self.counts == 0]
        sources = [terms.x, terms.y, *tape.operands[others].T, *tape.choices.values()]
        targets = [terms.of, terms.of, *[others] * 3]
        targets += [np.full(len(chosen), slot) for slot, chosen in tape.choices.items()]
        source, target = np.concatenate(sources), np.concatenate(targets)
        needed = (source >= 0) & (row[source] >= 0)
        return row[source[needed]], row[target[needed]]

    def _group(self, rows: Ints, when: int) -> Group:
        slots, first = self.roots[rows], rows[0]
        count, k = self.counts[first], self.products[first]
        if not count:
            return self._operation(slots, when)
        at = self.starts[rows][:, None] + np.arange(count)
        terms = self.terms
        return Group(
            int(terms.kind[slots[0]]) + FIRST,
            slots,
            when,
            x=terms.x[at[:, :k]],
            y=terms.y[at[:, :k]],
            plain=terms.x[at[:, k:]],
            signs=terms.sign[at[0]],
            into=terms.into[at],
        )

    def _operation(self, slots: Ints, when: int) -> Group:
        operands = self.tape.operands[slots]
        arity = int((operands[0] >= 0).sum())
        group = Group(int(self.tape.code[slots[0]]), slots, when, list(operands[:, :arity].T))
        if group.code == PICKED:
            group.choices = np.array([self.tape.choices[slot] for slot in slots.tolist()])
        return group


def _ways(sources: Ints, targets: Ints, kinds: Ints) -> Ints:
    """A number for each part that tells what is made of it, and what of that, and so on."""
    ways = np.zeros(len(kinds), int)
    for _ in range(FAR):
        here = kinds * (ways.max(initial=0) + 1) + ways
        first = np.full(len(kinds), here.max(initial=0) + 1)
        np.minimum.at(first, sources, here[targets])
        ways = ranks(first)
    return ways


def _numbered(keys: tuple[Any, ...]) -> Ints:
    """A number for each row of some columns, the same where the rows are."""
    numbers = np.zeros(len(keys[0]), int)
    for key in keys:
        own = ranks(key.astype(int))
        numbers = ranks(numbers * (own.max(initial=0) + 1) + own)
    return numbers
