"""Steps written as NumPy source: one function that computes them, and one that goes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.program.calls import Call
from autograd.program.lines import Factor, Lines, in_columns
from autograd.program.partials import Partials
from autograd.program.steps import Operation, Step
from autograd.program.tape import Ints, Tape
from autograd.program.windows import Window

SOURCE = """\
def forward():
    {forward}

def backward(seed):
    {backward}
"""

ZEROS = 700  # numbers: so many are zeroed in the time that one more line takes
SMALL = 128  # numbers: NumPy keeps the memory of arrays of up to so many at hand


class Writer(Lines):
    """Source that is being written, and the arrays that it names.

    Attributes
    ----------
    trusts : bool
        Whether there is anything that a careful pass does otherwise.
    reached : array of bool
        Which of the gradients something was written to.
    """

    def __init__(self, tape: Tape, address: Ints, needs: NDArray[np.bool_]) -> None:
        super().__init__(tape, address, needs)
        self.trusts = False
        self._forward: list[tuple[str, str]] = []
        self._leaves = len(tape.leaves)
        self._scratches: dict[int, str] = {}  # by their sizes
        self._copies: dict[str, str] = {}  # by what they are copies of
        self._products: dict[tuple[Any, bytes, bool], list[tuple[Ints, Factor, Factor]]] = {}
        # Of each number in the gradient: whether something was written there, and whether it must
        # be 0 before.
        self.reached = np.zeros(self.g.size, bool)
        self._zero = np.zeros(self.g.size, bool)

    # What the source says.

    def write(self, steps: Sequence[Step]) -> None:
        """Write both passes."""
        comments = [f"# s{k}: {step.title} {step.slots.shape}" for k, step in enumerate(steps, 1)]
        for step, comment in zip(steps, comments, strict=True):
            self.put(comment)
            step.forward(self)
        self._forward, self.lines = self.lines, []
        operations = [step for step in steps if isinstance(step, Operation)]
        wanted = [step for step in operations if self.wanted(step.slots)]
        self.partials = Partials(self, {step: list(step.shares(self)) for step in wanted})
        address, out = self.address, self.address[self.tape.outputs]
        if self.all_differ(out):
            name = self._window(self.tape.outputs, "g")
            self.put(f"{name}[...] = seed" if name else f"g[{self.name(out, 'i')}] = seed")
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
        for (*_, twice), products in self._products.items():
            self._add_products(products, twice)

    def text(self, careful: bool = True) -> str:
        """Both functions; the way back, if it is not careful, trusts that nothing is infinite."""
        forward = [line for line, _ in self._forward]
        backward = [line if careful else trusting for line, trusting in self.lines]
        edges = np.flatnonzero(np.diff(self._zero, prepend=False, append=False)).tolist()
        runs = list(zip(edges[::2], edges[1::2], strict=True))
        apart = len(runs) * ZEROS < self.g.size
        parts = [self.named(Window(a, (b - a,), (1,)), "g") for a, b in runs] if apart else ["g"]
        clear = [f"{part}.fill(0.0)" for part in parts]
        return SOURCE.format(
            forward="\n    ".join([*forward, "return"]),
            backward="\n    ".join([*clear, *backward]),
        )

    # What gradients get.

    def add(
        self,
        ref: Ints,
        share: Any,
        shape: tuple[int, ...],
        tame: bool = False,
        g: str = "",
        trusting: Call | None = None,
    ) -> None:
        """Add a contribution of some shape to the gradient of some slots.

        Parameters
        ----------
        ref : array of int
            The slots.
        share : Symbol, Call, str or float
            The contribution.
        shape : tuple of int
        tame : bool
            Whether nothing comes of a zero in the gradient of the step, also times infinity.
        g : str
            That gradient.
        trusting : Call, optional
            The contribution where nothing is infinite, if that is quicker in another way.
        """
        if isinstance(share, float):  # as a rule may say where nothing flows
            share = self.call("full_like", g, share) if share else None
            if share is None:
                share, shape = "0.0", ref.shape
        share = self._call(share)
        if tame:
            share, trusting = f"tamed({g}, {share})", trusting or share
        elif isinstance(share, Call):
            trusting = trusting or share.trusting()
        self.trusts = self.trusts or trusting is not None
        if each := _repeats(ref):
            ref, share, trusting = self._of_repeated(ref, each, share, trusting)
            shape = ref.shape
        summed, stored = self._summed(ref, shape), self._stored(ref)
        lines = stored(summed(share))
        for line, quick in zip(lines, stored(summed(trusting or share)), strict=True):
            self.put(line, quick)

    def _of_repeated(
        self, ref: Ints, each: int, share: Call | str, trusting: Call | None
    ) -> tuple[Ints, Call, None]:
        """The slots once, and the sums of what is added to each."""
        flat, _ = self._scratch(ref.shape)
        self.put(self.into(flat, share), self.into(flat, trusting or share))
        table = f"{flat}.reshape({ref.size // each}, {each})"
        return ref[::each], self.call("dot", table, self.name(np.ones(each), "s")), None

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
        once = self.all_differ(at)
        target = self._window(ref, "g") if once else None
        before = self.reached[at]
        first = once and not before.any()
        self.reached[at] = True
        if not first:
            self._zero[at] |= ~before
        if target and first:
            return lambda share: [self.into(target, share)]
        if target:
            return lambda share: self._added(target, share, at.shape)
        columns = in_columns(at)
        flat, work = self._scratch(at.shape, columns)
        where = self.name(at.ravel("F" if columns else "C"), "i")
        line = f"g[{where}] = {flat}" if first else f"np.add.at(g, {where}, {flat})"
        return lambda share: [self.into(work, share), line]

    def _added(self, target: str, share: Call | str, shape: tuple[int, ...]) -> list[str]:
        """The lines that add to a part of the gradient, without asking for more memory."""
        if share in self.windows or np.prod(shape) <= SMALL:
            return [f"np.add({target}, {share}, out={target})"]
        _, work = self._scratch(shape)
        return [self.into(work, share), f"np.add({target}, {work}, out={target})"]

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

    def add_product(self, ref: Ints, rows: Factor, other: Factor, twice: bool = False) -> None:
        """Add ``rowsᵀ @ other`` to the gradient of some slots; or `twice`.

        Leaves are read by nobody before the end: those that several steps multiply, as the weights
        of a recurrent loop, get one product of all their rows.
        """
        wanted = np.flatnonzero(self.needs[ref].any(0))
        if len(wanted) < ref.shape[1] and len(wanted) == wanted[-1] + 1 - wanted[0]:
            some = slice(int(wanted[0]), int(wanted[-1]) + 1)  # the others need not be computed
            ref, other = ref[:, some], self._copied(other, some)
        at = self.addresses(ref)
        if at.max() < self._leaves and self.all_differ(at):
            key = at.shape, at.tobytes(), twice
            self._products.setdefault(key, []).append((ref, rows, other))
        else:
            self._add_products([(ref, rows, other)], twice)

    def _add_products(self, products: list[tuple[Ints, Factor, Factor]], twice: bool) -> None:
        ref, (rows, _), (other, _) = products[0]
        if len(products) > 1:
            _, gradients, factors = zip(*reversed(products), strict=True)
            rows, other = self._stacked(gradients, "g"), self._stacked(factors, "v")
        turned = rows[:-2] if rows.endswith(".T") else f"{rows}.T"
        self.add(ref, self.call("dot", f"(2.0 * {turned})" if twice else turned, other), ref.shape)

    def _stacked(self, factors: Sequence[Factor], array: str) -> str:
        """The rows of all factors, one below the other."""
        slots = np.concatenate([factor.slots for factor in factors])
        if name := self._window(slots, array):
            return name
        if array == "v":
            return self.read(slots)
        where = self.name(self.addresses(slots), "i")
        name = self.name(np.empty(slots.shape), "b")
        self.put(f"g.take({where}, None, {name}, 'clip')")
        return name

    def _copied(self, factor: Factor, some: slice) -> Factor:
        """Some columns of a factor, copied once a pass: NumPy is slow at products with a part."""
        slots, text = factor.slots[:, some], f"{factor.name}[:, {some.start}:{some.stop}]"
        if text not in self._copies:
            self._copies[text] = name = self.name(np.empty(slots.shape), "b")
            self.put(f"{name}[...] = {text}")
        return Factor(self._copies[text], slots)

    def scatter(self, slots: Ints, at: str, share: str) -> None:
        """Add a contribution to one in each row of these slots, which a program finds out."""
        places = self.address[slots]
        self._zero[places] |= ~self.reached[places]
        self.reached[places] = True
        if len(slots) == 1:
            self.put(f"g[{at}.item()] += {share}.item()")
            return
        flat, _ = self._scratch((len(slots),))
        self.put(f"{flat}[...] = {share}")
        self.put(f"np.add.at(g, {at}, {flat})")


def _repeats(slots: Ints) -> int:
    """How often in a row each of some slots stands, if equally often and then never again; or 0."""
    if slots.ndim != 1:
        return 0
    starts = np.flatnonzero(np.diff(slots, prepend=-1))
    each = slots.size // len(starts)
    evenly = np.array_equal(starts, np.arange(0, slots.size, each))
    return each if each > 1 and evenly and np.unique(slots[starts]).size == len(starts) > 1 else 0
