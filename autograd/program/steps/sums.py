"""Sums: matrix products where they are, else products of rows, and further terms."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.program.groups import Group
from autograd.program.lines import Factor
from autograd.program.steps.step import Step, compressed, shape_like
from autograd.program.tape import Ints
from autograd.program.windows import window
from autograd.symbol import Symbol

if TYPE_CHECKING:
    from autograd.program.writer import Writer

FEW = 4  # terms of a sum: up to here each is added by itself


class Sum(Step):
    """``± a ± b …``, element by element; or over the last axis, where the terms are many.

    Attributes
    ----------
    signs : array of int
        1 or -1, for each term.
    many : array of int or None
        The slots of many terms, with one more axis than the result.
    """

    gains = 2

    def __init__(self, slots: Ints, plain: Ints, signs: Ints) -> None:
        shape = slots.shape
        self.signs = signs
        self.many = plain.reshape(*shape, -1) if plain.shape[1] > FEW else None
        self.terms = (
            [compressed(column.reshape(shape)) for column in plain.T] if self.many is None else []
        )
        super().__init__(slots, [*self.terms, *([] if self.many is None else [self.many])])

    @classmethod
    def of(cls, group: Group, made_by: dict[int, Step]) -> Sum:
        """The step of a group without products."""
        shape = shape_like(group.slots, list(group.plain.T[:FEW]), made_by)
        return cls(group.slots.reshape(shape), group.plain, group.signs)

    def arrange(self, address: Ints) -> None:
        """Take many terms in the order in which they lie, where there is one sum of them."""
        if self.many is not None and self.slots.size == 1:
            order = np.argsort(address[self.many.ravel()], kind="stable")
            self.many = self.many.ravel()[order].reshape(self.many.shape)
            self.signs = self.signs[order]
            self.refs[-1] = self.many

    @property
    def title(self) -> str:
        """What it does, in a word."""
        return "add" if self.many is None else "sum"

    def formula(self, *operands: Any) -> Any:
        """The same of operands, which are symbols and numbers."""
        return self._sum(None, operands)

    def _sum(self, found: Any, operands: Sequence[Any]) -> Any:
        """What was found so far, and the terms."""
        if self.many is not None:
            total = _total(operands[0], self.signs)
            return total if found is None else found + total
        for sign, x in zip(self.signs, operands, strict=True):
            if found is None:
                found = -x if sign < 0 else x
            else:
                found = found - x if sign < 0 else found + x
        return found

    def forward(self, writer: Writer) -> None:
        """Write the lines that compute it."""
        self.out = writer.value(self.slots)
        self._forward(writer, started=False)

    def _forward(self, writer: Writer, started: bool) -> None:
        out = self.out
        if self.many is not None:
            self.name = writer.read(self.many)
            weights = writer.name(self.signs.astype(float), "s")
            total = writer.call("dot", self.name, weights)  # quicker than `np.add.reduce`
            if started:
                writer.put(f"np.add({out}, {total}, out={out})")
            else:
                writer.put(writer.into(out, total))
            return
        names = [writer.read(ref, alone=True) for ref in self.terms]
        signs = list(self.signs)
        if not started and len(names) > 1:
            (a, b, *names), (p, q, *signs) = names, signs
            if p < 0 < q:
                a, b, p, q = b, a, q, p
            if p < 0:
                writer.put(f"np.negative({a}, out={out})")
                a = out
            writer.put(f"np.{_adding(q)}({a}, {b}, out={out})")
        elif not started:
            names, (sign,) = [], signs  # one term with a sign
            (only,) = [writer.read(ref, alone=True) for ref in self.terms]
            writer.put(f"np.{'positive' if sign > 0 else 'negative'}({only}, out={out})")
            signs = []
        for sign, name in zip(signs, names, strict=True):
            writer.put(f"np.{_adding(sign)}({out}, {name}, out={out})")

    def backward(self, writer: Writer) -> None:
        """Write the lines that hand its gradient on."""
        g, shape = writer.gradient(self.slots), self.slots.shape
        if self.many is not None:
            if writer.wanted(self.many):
                share: Any = f"{g}[..., None]"
                if (self.signs < 0).any():
                    signs = writer.name(self.signs.astype(float), "s")
                    share = writer.call("multiply", share, signs)
                writer.add(self.many, share, self.many.shape)
            return
        for sign, ref in zip(self.signs, self.terms, strict=True):
            if writer.wanted(ref):
                writer.add(ref, g if sign > 0 else writer.call("negative", g), shape)


def _total(x: Any, signs: Ints) -> Any:
    """The formula of a sum over the last axis."""
    if (signs > 0).all():
        return Symbol(f"sum({x})")
    return -Symbol(f"sum({x})") if (signs < 0).all() else Symbol(f"sum(± {x})")


def _adding(sign: int) -> str:
    return "add" if sign > 0 else "subtract"


class Dots(Sum):
    """Sums of products, ``Σₖ xₖ yₖ``, and further terms.

    Attributes
    ----------
    x, y : array of int
        The slots of the factors, with one more axis than the result.
    weights : array of int
        1 or -1, for each product.
    """

    gains = 3

    def __init__(self, slots: Ints, x: Ints, y: Ints, plain: Ints, signs: Ints) -> None:
        k = max(x.shape[-1], y.shape[-1])  # one of them may be one factor for many
        super().__init__(slots, plain, signs[k:])
        self.x, self.y, self.weights = x, y, signs[:k]
        self.refs = [x, y, *self.refs]

    @classmethod
    def of_products(cls, group: Group) -> Dots:
        """The step of a group with products that is no matrix product."""
        x, y = compressed(group.x), compressed(group.y)
        k = group.x.shape[1]
        if x.shape[1] == 1 and y.shape[1] == 1 and k > 1:
            x = group.x[:1] if len(x) == 1 else group.x
        return cls(group.slots, x, y, group.plain, group.signs)

    @property
    def title(self) -> str:
        """What it does, in a word."""
        return "dot" if self.weights.size > 1 else "mul-add"

    def formula(self, *operands: Any) -> Any:
        """The same of operands, which are symbols and numbers."""
        x, y, *others = operands
        found = self._product(x, y)
        return self._sum(found, others) if others else found

    def _product(self, x: Any, y: Any) -> Any:
        if self.weights.size == 1:
            return -(x * y) if self.weights[0] < 0 else x * y
        return _total(x * y, self.weights)

    def arrange(self, address: Ints) -> None:
        """Take the products in the order in which their factors lie, if that is one for all."""
        super().arrange(address)
        sides = [address[side] for side in (self.x, self.y) if side.shape[-1] == self.weights.size]
        if len(sides) < 2 or all(window(side) for side in sides):
            return
        first, second = (side.reshape(-1, self.weights.size)[0] for side in sides)
        order = np.lexsort((second, first))
        if sum(window(side[..., order]) is not None for side in sides) > sum(
            window(side) is not None for side in sides
        ):
            self.x, self.y, self.weights = (
                self.x[..., order],
                self.y[..., order],
                self.weights[order],
            )
            self.refs[:2] = self.x, self.y

    @property
    def squares(self) -> bool:
        """Whether each product is a square."""
        return self.x is self.y or np.array_equal(self.x, self.y)

    def forward(self, writer: Writer) -> None:
        """Write the lines that compute it."""
        self.out = writer.value(self.slots)
        self.left, self.right = writer.read(self.x), writer.read(self.y)
        self._products(writer)
        if self.signs.size:
            self._forward(writer, started=True)

    def _products(self, writer: Writer) -> None:
        left, right = self.left, _weighted(writer, self.right, self.weights)
        if self.weights.size == 1:
            writer.put(f"np.multiply({left}[..., 0], {right}[..., 0], out={self.out})")
        elif self.weights.size <= FEW:  # column by column, which is quickest
            columns = any(map(writer.in_columns, (self.x, self.y)))
            shape = (*self.slots.shape, self.weights.size)
            products = writer.name(np.empty(shape[::-1] if columns else shape), "b")
            products += ".T" * columns
            writer.put(f"np.multiply({left}, {right}, out={products})")
            first, *others = (f"{products}[..., {k}]" for k in range(self.weights.size))
            for column in others:
                writer.put(f"np.add({first}, {column}, out={self.out})")
                first = self.out
        elif self.x.shape[-1] == self.y.shape[-1]:
            writer.put(f"np.vecdot({left}, {right}, out={self.out})")
        else:
            writer.put(f"np.einsum('...k,...k->...', {left}, {right}, out={self.out})")

    def backward(self, writer: Writer) -> None:
        """Write the lines that hand its gradient on."""
        self._back_to_factors(writer)
        if self.signs.size:
            super().backward(writer)

    def _back_to_factors(self, writer: Writer) -> None:
        g, factors = writer.gradient(self.slots), [(self.x, self.y, self.right)]
        if self.squares:  # both ways back are the same
            g = f"(2.0 * {g})"
        else:
            factors.append((self.y, self.x, self.left))
        shape = (*self.slots.shape, self.weights.size)
        for ref, other, name in factors:
            if writer.wanted(ref) and self._in_columns(writer, ref, other):
                for k in range(self.weights.size):
                    share = writer.call("multiply", g, f"{name}[..., {k}]")
                    writer.add(ref[..., k], share, self.slots.shape)
            elif writer.wanted(ref):
                wide = other.shape[-1] < ref.shape[-1]  # one factor for many
                other_side = _weighted(writer, name, self.weights, wide)
                writer.add(ref, writer.call("multiply", f"{g}[..., None]", other_side), shape)

    def _in_columns(self, writer: Writer, ref: Ints, other: Ints) -> bool:
        """Whether it is quickest to go back to one factor of all after the other."""
        return (
            ref.shape == other.shape == (*self.slots.shape, self.weights.size)
            and self.weights.size <= FEW
            and not self.squares
            and bool((self.weights > 0).all() and writer.gradient(ref))
        )


class Matmul(Dots):
    """A matrix product, ``x @ yᵀ``, and further terms.

    Attributes
    ----------
    x, y : array of int, shapes (n, k) and (m, k)
        The slots of the factors' rows, for a result of shape (n, m).
    """

    gains = 0

    @classmethod
    def of_table(cls, group: Group, table: tuple[Ints, Ints, Ints]) -> Matmul:
        """The step of a group in which each row of x meets each row of y."""
        order, x, y = table
        slots = group.slots[order].reshape(len(x), len(y))
        return cls(slots, x, y, group.plain[order], group.signs)

    @property
    def title(self) -> str:
        """What it does, in a word."""
        return "matmul"

    def _product(self, x: Any, y: Any) -> Any:
        if self.weights.size == 1:
            return super()._product(x, y)
        found = Symbol(f"{x} @ {y}ᵀ", binds=2)
        if (self.weights > 0).all():
            return found
        return -found if (self.weights < 0).all() else Symbol(f"{x} @ (± {y})ᵀ", binds=2)

    def _products(self, writer: Writer) -> None:
        right = _weighted(writer, self.right, self.weights)
        product = writer.call(
            "dot" if self.weights.size > 1 else "multiply", self.left, f"{right}.T"
        )
        writer.put(writer.into(self.out, product))

    def _back_to_factors(self, writer: Writer) -> None:
        g, x, y = writer.gradient(self.slots), Factor(self.left, self.x), Factor(self.right, self.y)
        factors = [(self.x, Factor(f"{g}.T", self.slots.T), y), (self.y, Factor(g, self.slots), x)]
        twice = self.slots.size == 1 and self.squares  # both ways back are the same
        for ref, rows, other in factors[:1] if twice else factors:
            if not writer.wanted(ref):
                continue
            if (self.weights > 0).all():
                writer.add_product(ref, rows, other, twice)
            else:
                g = f"(2.0 * {rows.name}.T)" if twice else f"{rows.name}.T"
                product = str(writer.call("dot", g, other.name))
                writer.add(ref, _weighted(writer, product, self.weights), ref.shape)


def _weighted(writer: Writer, text: str, weights: Ints, wide: bool = False) -> str:
    """An array times weights along its last axis, of which it may be `wide` only by them."""
    if (weights > 0).all() and not wide:
        return text
    return f"({text} * {writer.name(weights.astype(float), 's')})"


def cartesian(group: Group) -> tuple[Ints, Ints, Ints] | None:
    """The rows of a matrix product, if a group is one: each row of x with each row of y.

    Returns the order of the slots in the product, and the rows of both factors.
    """
    x, y = group.x, group.y
    found = _table(x, y)
    is_in_order = (x[:, 1:] >= x[:, :-1]).all()
    if found is None and not is_in_order and (group.signs[: x.shape[1]] == group.signs[0]).all():
        # In the order of their first factors: those of a convolution are the same weights at each
        # place, while its pixels were computed in an order of their own.
        by_x = np.argsort(x, axis=1, kind="stable")
        found = _table(*(np.take_along_axis(side, by_x, 1) for side in (x, y)))
    return found


def _table(xs: Ints, ys: Ints) -> tuple[Ints, Ints, Ints] | None:
    (x, of_x), (y, of_y) = _rows(xs), _rows(ys)
    m = len(xs)
    if len(x) * len(y) != m:
        return None
    for left, right, i, j in ((y, x, of_y, of_x), (x, y, of_x, of_y)):
        if np.array_equal(i * len(right) + j, np.arange(m)):
            return np.arange(m), left, right
    place = of_y * len(x) + of_x
    if np.bincount(place, minlength=m).max() > 1:
        return None
    return np.argsort(place), y, x


def _rows(matrix: Ints) -> tuple[Ints, Ints]:
    """The rows that differ, in the order of their first appearance, and which of them each is."""
    weights = _weights(matrix.shape[1])
    _, first, which = np.unique(matrix @ weights, return_index=True, return_inverse=True)
    order = np.argsort(first)
    return matrix[first[order]], np.argsort(order)[which]


@functools.lru_cache
def _weights(n: int) -> Ints:
    """Numbers by which rows of n are told apart."""
    return np.random.default_rng(1).integers(1, 2**62, n) | 1
