"""Steps written as NumPy source: one function that computes them, and one that goes back."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Sequence
from keyword import kwlist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.array import FUNCTIONS
from autograd.op import TABLE
from autograd.program.calls import Call, call_of, numpy_call, operations
from autograd.program.runtime import (
    extreme,
    logistic,
    picked,
    ragged_extreme,
    unless,
    where_only,
)
from autograd.program.steps import Step
from autograd.program.tape import CONSTANT, OPS, Ints, Tape
from autograd.program.windows import Places, Window, window
from autograd.symbol import Symbol

SOURCE = """\
def forward():
    {forward}

def backward(seed):
    {backward}
"""

SHORT = 4  # elements of a row
SMALL = 128  # numbers: NumPy keeps the memory of arrays of up to so many at hand

# What an operation of the user's own may be called: nothing that the source calls anything else.
NAME = re.compile(rf"(?!({'|'.join(kwlist)}|[_bgiksv]\d+|[vg]|forward|backward)$)[^\W\d]\w*")
# What the source calls, beside the user's own operations.
CALLED: dict[str, Any] = FUNCTIONS | {
    "np": np,
    "as_strided": np.lib.stride_tricks.as_strided,
    "extreme": extreme,
    "picked": picked,
    "ragged_extreme": ragged_extreme,
    "unless": unless,
    "where_only": where_only,
    "sigmoid": logistic,
}


class Writer:
    """Source that is being written, and the arrays that it names.

    Parameters
    ----------
    tape : Tape
    address : array of int
        Where each slot lies.
    needs : array of bool
        For each slot, whether its gradient is wanted.

    Attributes
    ----------
    trusts : bool
        Whether there is anything that a careful pass does otherwise.
    v, g : array
        The numbers of all slots, and their gradients.
    names : dict
        What the source names beside what it defines.
    reached : array of bool
        Which of the gradients something was written to.
    """

    def __init__(self, tape: Tape, address: Ints, needs: NDArray[np.bool_]) -> None:
        self.tape, self.address, self.needs = tape, address, needs
        size = int(address.max()) + 1
        self.v, self.g = np.zeros(size), np.zeros(size)
        self.trusts = False
        # Each line as it is with care about 0 · ∞, and without.
        self.forward: list[tuple[str, str]] = []
        self.backward: list[tuple[str, str]] = []
        self._lines = self.forward
        self.windows: dict[str, str] = {}
        self.names: dict[str, Any] = CALLED | _customs(tape) | {"v": self.v, "g": self.g}
        self._named: dict[str, str] = {}
        self._dense: set[str] = set()  # the windows whose elements lie in a row
        self._leaves = len(tape.leaves)
        self._scratches: dict[int, str] = {}  # by their sizes
        self._products: dict[bytes, list[tuple[Ints, str, str]]] = {}
        self._seen: dict[int, tuple[Ints, Ints, Places]] = {}  # by the identity of the slots
        # Of each number in the gradient: whether something was written there, and whether it must
        # be 0 before.
        self.reached = np.zeros(size, bool)
        self._zero = np.zeros(size, bool)

    # What the source says.

    def write(self, steps: Sequence[Step]) -> None:
        """Write both passes."""
        comments = [f"# s{k}: {step.title} {step.slots.shape}" for k, step in enumerate(steps, 1)]
        for step, comment in zip(steps, comments, strict=True):
            self.put(comment)
            step.forward(self)
        self._lines = self.backward
        address, out = self.address, self.address[self.tape.outputs]
        if np.unique(out).size == out.size:
            where = f"{out[0]}:{out[0] + 1}" if out.size == 1 else self.name(out, "i")
            self.put(f"g[{where}] = seed")
        else:
            self._zero[out] = True
            self.put(f"np.add.at(g, {self.name(out, 'i')}, seed)")
        self.reached[out] = True
        for step, comment in zip(reversed(steps), reversed(comments), strict=True):
            if self.wanted(step.slots) and self.reached[address[step.slots]].any():
                self.put(comment)
                step.backward(self)
        if self._products:
            self.put("# products of all rows")
        for products in self._products.values():
            self._add_products(products)

    def text(self, careful: bool = True) -> str:
        """Both functions; the way back, if it is not careful, trusts that nothing is infinite."""
        forward = [line for line, _ in self.forward]
        backward = [line if careful else trusting for line, trusting in self.backward]
        edges = np.flatnonzero(np.diff(self._zero, prepend=False, append=False)).tolist()
        runs = list(zip(edges[::2], edges[1::2], strict=True))
        clear = [f"g[{a}:{b}] = 0.0" for a, b in runs] if len(runs) < 5 else ["g.fill(0.0)"]
        return SOURCE.format(
            forward="\n    ".join([*forward, "return"]),
            backward="\n    ".join([*clear, *backward]),
        )

    def namespace(self) -> dict[str, Any]:
        """All that the source names."""
        return self.names | {name: eval(text, self.names) for name, text in self.windows.items()}

    # What steps say.

    def put(self, line: str, trusting: str = "") -> None:
        """Write a line; `trusting` is what stands for it where no gradient is infinite."""
        self._lines.append((line, trusting or line))

    def name(self, array: NDArray[Any], letter: str) -> str:
        """A name for an array that is no part of another."""
        name = f"{letter}{len(self.names)}"
        self.names[name] = array
        return name

    def addresses(self, slots: Ints) -> Ints:
        """Where some slots lie; for the same slots the same array."""
        return self._where(slots)[1]

    def places(self, slots: Ints) -> Places:
        """The same as a window, if there is one."""
        return self._where(slots)[2]

    def _where(self, slots: Ints) -> tuple[Ints, Ints, Places]:
        found = self._seen.get(id(slots))
        if found is None:
            at = self.address[slots]
            found = self._seen[id(slots)] = slots, at, window(at) or at
        return found

    def wanted(self, slots: Ints) -> bool:
        """Whether a gradient is wanted in any of some slots."""
        return bool(self.needs[slots].any())

    def constant(self, slots: Ints) -> float | None:
        """The number in a slot, if it is one, and a constant's."""
        if slots.size > 1 or self.tape.code[slots.flat[0]] != CONSTANT:
            return None
        return float(self.tape.constants[slots.flat[0]])

    def value(self, slots: Ints) -> str:
        """The name of the numbers of some slots that lie together."""
        return self._window(slots, "v") or ""

    def gradient(self, slots: Ints) -> str:
        """The name of their gradients."""
        return self._window(slots, "g") or ""

    def _window(self, slots: Ints, array: str) -> str | None:
        seen = self.places(slots)
        if not isinstance(seen, Window):
            return None
        text = seen.text(array)
        name = self._named.get(text)
        if name is None:
            name = self._named[text] = f"{array}{len(self._named) + 1}"
            self.windows[name] = text
            if seen.is_dense:
                self._dense.add(name)
        return name

    def read(self, slots: Ints, alone: bool = False) -> str:
        """The name of an array that holds some slots, gathered if need be; or a constant."""
        constant = self.constant(slots) if alone else None
        if constant is not None:
            return repr(constant)
        name = self._window(slots, "v")
        if name is not None:
            return name
        at = self.addresses(slots)
        columns = _in_columns(at)
        at = self.name(at.T.copy() if columns else at, "i")
        name = self.name(np.empty(self.names[at].shape), "b")
        self.put(f"v.take({at}, None, {name}, 'clip')")
        return f"{name}.T" if columns else name

    def symbol(self, name: str) -> Any:
        """What stands for it in a rule: a constant is itself."""
        return Symbol(name) if name[0].isalpha() and name not in ("inf", "nan") else float(name)

    def call(self, function: str, *arguments: object) -> Call:
        """A call of a function of NumPy."""
        return numpy_call(function, *arguments)

    def powers(self, x: Any, known: Symbol | None = None) -> Any:
        """The same with powers to plain numbers as products and roots, which are quicker.

        Of a power that is `known`, below 0, the next is that by the base: which was not 0.
        """
        if not isinstance(x, Symbol) or x.op is None:
            return x
        operands = tuple(self.powers(operand, known) for operand in x.operands)
        if x.op is not TABLE["pow"] or not isinstance(operands[1], float):
            return Symbol(x.label, x.op, operands, x.params)
        base, y = operands
        if y < -1.0 and known is not None and known.op is x.op and known.operands[0] is base:
            return Symbol(known.label) / base
        return _power(base, y)

    def put_into(self, out: str, x: Any) -> None:
        """Compute something into an array."""
        self.put(self.into(out, self._call(x)))

    def into(self, out: str, x: Call | str) -> str:
        """The line that computes something into an array, one of the windows."""
        if not isinstance(x, Call):
            return f"{out}[...] = {x}"  # about twice as quick as `np.copyto`
        if x.function == "np.dot" and out not in self._dense:
            x = Call("np.matmul", x.arguments)  # slower, but it writes anywhere
        return x.into(out)

    def _call(self, x: Any) -> Call | str:
        for op in operations(x):
            if self.names.get(op.name) is not op.array and TABLE.get(op.name) is not op:
                raise NotImplementedError(
                    "a compiled function uses a custom operation whose derivative uses "
                    f"{op.name!r}, another one; write that out in its rule"
                )
        return call_of(x)

    def add(
        self, ref: Ints, share: Any, shape: tuple[int, ...], tame: bool = False, g: str = ""
    ) -> None:
        """Add a contribution of some shape to the gradient of some slots."""
        if isinstance(share, float):  # as a rule may say where nothing flows
            share = self.call("full_like", g, share) if share else None
            if share is None:
                share, shape = "0.0", ref.shape
        share = self._call(share)
        summed, stored = self._summed(ref, shape), self._stored(ref)
        trusting = share if tame else isinstance(share, Call) and share.trusting()
        if tame:
            share = f"tamed({g}, {share})"
        self.trusts = self.trusts or bool(trusting)
        lines = stored(summed(share))
        for line, quick in zip(lines, stored(summed(trusting or share)), strict=True):
            self.put(line, quick)

    def _summed(self, ref: Ints, shape: tuple[int, ...]) -> Callable[[Any], Any]:
        """How a contribution of some shape is summed over what is there once for many."""
        axes = tuple(i for i, n in enumerate(ref.shape) if n == 1 and shape[i] != 1)
        if not axes:
            return lambda share: share
        if len(axes) == 1 and len(shape) == 2:  # a product is the quicker sum of rows or columns
            rows = axes == (0,)
            ones = self.name(np.ones((1, shape[0]) if rows else (shape[1], 1)), "s")
            return lambda share: self.call("dot", *((ones, share) if rows else (share, ones)))
        return lambda share: self.call("add.reduce", share, axes, "keepdims=True")

    def _stored(self, ref: Ints) -> Callable[[Any], list[str]]:
        """How a contribution gets into the gradient: the first to write there need not add."""
        at = self.addresses(ref)
        once = np.unique(at).size == at.size
        target = self._window(ref, "g") if once else None
        before = self.reached[at]
        first = once and not before.any()
        self.reached[at] = True
        if not first:
            self._zero[at] |= ~before
        if first and target:
            return lambda share: [self.into(target, share)]
        if target and at.size <= SMALL:
            return lambda share: [f"np.add({target}, {share}, out={target})"]
        columns = not target and _in_columns(at)
        flat, work = self._scratch(at.shape, columns)
        if target:
            return lambda share: (
                [f"np.add({target}, {share}, out={target})"]
                if share in self.windows
                else [self.into(work, share), f"np.add({target}, {work}, out={target})"]
            )
        where = self.name(at.ravel("F" if columns else "C"), "i")
        store = f"g[{where}] = {flat}" if first else f"np.add.at(g, {where}, {flat})"
        return lambda share: [self.into(work, share), store]

    def _scratch(self, shape: tuple[int, ...], columns: bool = False) -> tuple[str, str]:
        """Memory to work in for a moment: the name of all of it in a row, and of it in a shape.

        NumPy takes longer where it has to ask for memory; and `np.add.at`, where it adds a part of
        `g` to others.
        """
        size = int(np.prod(shape))
        if size not in self._scratches:
            self._scratches[size] = self.name(np.empty(size), "b")
        flat = self._scratches[size]
        if len(shape) == 1:
            return flat, flat
        if columns:
            return flat, f"{flat}.reshape{shape[::-1]}.T"
        work = f"{flat}.reshape{shape}"
        self._dense.add(work)
        return flat, work

    def add_product(self, ref: Ints, rows: str, other: str) -> None:
        """Add ``rowsᵀ @ other`` to the gradient of some slots.

        Leaves are read by nobody before the end: those that several steps multiply, as the weights
        of a recurrent loop, get one product of all their rows.
        """
        wanted = np.flatnonzero(self.needs[ref].any(0))
        if len(wanted) < ref.shape[1] and len(wanted) == wanted[-1] + 1 - wanted[0]:
            ref = ref[:, wanted]  # the others need not be computed
            other = f"{other}[:, {wanted[0]}:{wanted[-1] + 1}]"
        at = self.addresses(ref)
        if at.max() < self._leaves and np.unique(at).size == at.size:
            self._products.setdefault(at.tobytes(), []).append((ref, rows, other))
        else:
            self._add_products([(ref, rows, other)])

    def _add_products(self, products: list[tuple[Ints, str, str]]) -> None:
        ref, rows, other = products[0]
        if len(products) > 1:
            rows, other = (
                f"np.concatenate(({', '.join(side)}))"
                for side in ([p[1] for p in products], [p[2] for p in products])
            )
            self.put(f"rows, others = {rows}, {other}")
            rows, other = "rows", "others"
        turned = rows[:-2] if rows.endswith(".T") else f"{rows}.T"
        self.add(ref, self.call("dot", turned, other), ref.shape)

    def scatter(self, slots: Ints, at: str, share: str) -> None:
        """Add a contribution to some of these slots, which a program finds out."""
        places = self.address[slots]
        self._zero[places] |= ~self.reached[places]
        self.reached[places] = True
        flat, _ = self._scratch((len(slots),))
        self.put(f"{flat}[...] = {share}")
        self.put(f"np.add.at(g, {at}, {flat})")


def _customs(tape: Tape) -> dict[str, Any]:
    """The user's own operations, by their names."""
    customs = tape.ops[len(OPS) :]
    own = {op.name: op.array for op in customs}
    if taken := [name for name in own if name in CALLED or not NAME.fullmatch(name)]:
        raise NotImplementedError(
            f"a compiled function uses a custom operation named {taken[0]!r}, which is no name, or "
            "that of something else, in its program; give it another name"
        )
    if len(own) < len(customs):
        twice = next(op.name for op in customs if op.array is not own[op.name])
        raise NotImplementedError(
            f"a compiled function uses two custom operations named {twice!r}; give one another name"
        )
    return own


def _in_columns(places: Ints) -> bool:
    """Whether a table is gathered column by column: NumPy is slow at many short rows."""
    return places.ndim == 2 and places.shape[1] <= SHORT < len(places)


def _power(x: Any, y: float) -> Any:
    """``x ** y`` by products, a root and a reciprocal, where y is a small multiple of one half."""
    if abs(y) > 4.0 or 2.0 * y != int(2.0 * y) or y == 0.0:
        return Symbol("", TABLE["pow"], (x, y))
    factors = [x] * int(abs(y)) + [TABLE["sqrt"].function(x)] * (y % 1.0 != 0.0)
    product = functools.reduce(operator.mul, factors)
    return 1.0 / product if y < 0.0 else product
