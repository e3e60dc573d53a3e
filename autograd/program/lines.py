"""Lines of NumPy source, and the arrays that they name."""

from __future__ import annotations

import functools
import operator
import re
from keyword import kwlist
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd.array import FUNCTIONS
from autograd.op import TABLE
from autograd.program.calls import Call, call_of, numpy_call, operations
from autograd.program.runtime import (
    extreme,
    logistic,
    picked,
    picked_apart,
    picked_one,
    ragged_extreme,
    unless,
    where_only,
)
from autograd.program.tape import CONSTANT, OPS, Ints, Tape
from autograd.program.windows import Places, Window, window
from autograd.symbol import Symbol

SHORT = 4  # elements of a row

# What an operation of the user's own may be called: nothing that the source calls anything else.
NAME = re.compile(rf"(?!({'|'.join(kwlist)}|[_bgiksv]\d+|[vg]|forward|backward)$)[^\W\d]\w*")
# What the source calls, beside the user's own operations.
CALLED: dict[str, Any] = FUNCTIONS | {
    "np": np,
    "as_strided": np.lib.stride_tricks.as_strided,
    "extreme": extreme,
    "picked": picked,
    "picked_apart": picked_apart,
    "picked_one": picked_one,
    "ragged_extreme": ragged_extreme,
    "unless": unless,
    "where_only": where_only,
    "sigmoid": logistic,
}


class Factor(NamedTuple):
    """A matrix of a product: its name, and the slots of its elements."""

    name: str
    slots: Ints


class Lines:
    """Lines that are being written, and the arrays that they name.

    Parameters
    ----------
    tape : Tape
    address : array of int
        Where each slot lies.
    needs : array of bool
        For each slot, whether its gradient is wanted.

    Attributes
    ----------
    v, g : array
        The numbers of all slots, and their gradients.
    names : dict
        What the source names beside what it defines.
    windows : dict of str to str
        The parts of `v` and `g` that it names.
    """

    def __init__(self, tape: Tape, address: Ints, needs: NDArray[np.bool_]) -> None:
        self.tape, self.address, self.needs = tape, address, needs
        size = int(address.max()) + 1
        self.v, self.g = np.zeros(size), np.zeros(size)
        # Each line as it is with care about 0 · ∞, and without.
        self.lines: list[tuple[str, str]] = []
        self.windows: dict[str, str] = {}
        self.names: dict[str, Any] = CALLED | _customs(tape) | {"v": self.v, "g": self.g}
        self._named: dict[str, str] = {}
        self.seen: dict[str, Window] = {}  # what they show
        self._dense: set[str] = set()  # names of what lies in a row, and is no part of `v` or `g`
        self._seen: dict[int, tuple[Ints, Ints, Places]] = {}  # by the identity of the slots
        self._last = np.zeros(size, int)

    def namespace(self) -> dict[str, Any]:
        """All that the source names."""
        whole = {"v": self.v, "g": self.g}
        return self.names | {name: seen.of(whole[name[0]]) for name, seen in self.seen.items()}

    def put(self, line: str, trusting: str = "") -> None:
        """Write a line; `trusting` is what stands for it where no gradient is infinite."""
        self.lines.append((line, trusting or line))

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

    def all_differ(self, places: Ints) -> bool:
        """Whether none of some places is there twice."""
        number = np.arange(places.size).reshape(places.shape)
        self._last[places] = number
        return bool((self._last[places] == number).all())

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
        return self.named(seen, array) if isinstance(seen, Window) else None

    def named(self, seen: Window, array: str) -> str:
        """The name of a part of an array; for the same part the same."""
        text = seen.text(array)
        name = self._named.get(text)
        if name is None:
            name = self._named[text] = f"{array}{len(self._named) + 1}"
            self.windows[name], self.seen[name] = text, seen
        return name

    def read(self, slots: Ints, alone: bool = False) -> str:
        """The name of an array that holds some slots, gathered if need be; or a constant."""
        constant = self.constant(slots) if alone else None
        if constant is not None:
            return repr(constant)
        name = self._window(slots, "v")
        if name is not None:
            return name
        columns = in_columns(slots)
        at = self.addresses(slots)
        at = at.T.copy() if columns else at
        name = self.name(np.empty(at.shape), "b")
        self.put(f"v.take({self.name(at, 'i')}, None, {name}, 'clip')")
        return f"{name}.T" if columns else name

    def in_columns(self, slots: Ints) -> bool:
        """Whether a table of some slots lies, or is gathered, column by column."""
        seen = self.places(slots)
        if isinstance(seen, Window):
            return len(seen.shape) == 2 and 0 < seen.strides[0] < seen.strides[1]
        return in_columns(seen)

    def symbol(self, name: str) -> Any:
        """What stands for it in a rule: a constant is itself."""
        return Symbol(name) if name[0].isalpha() and name not in ("inf", "nan") else float(name)

    def call(self, function: str, *arguments: object) -> Call:
        """A call of a function of NumPy."""
        return numpy_call(function, *arguments)

    def quicker(self, x: Any, known: Symbol | None = None) -> Any:
        """The same in operations that take less time.

        Powers to plain numbers are products and roots, and of a power that is `known`, below 0, the
        next is that by the base: which was not 0. A product with a reciprocal is a quotient.
        """
        if not isinstance(x, Symbol) or x.op is None:
            return x
        operands = tuple(self.quicker(operand, known) for operand in x.operands)
        if x.op is TABLE["mul"] and _is_reciprocal(operands[1]):
            return operands[0] / operands[1].operands[1]
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
        if x.function == "np.dot" and not self._is_dense(out):
            x = Call("np.matmul", x.arguments)  # slower, but it writes anywhere
        return x.into(out)

    def _is_dense(self, name: str) -> bool:
        return self.seen[name].is_dense if name in self.seen else name in self._dense

    def _call(self, x: Any) -> Call | str:
        for op in operations(x):
            if self.names.get(op.name) is not op.array and TABLE.get(op.name) is not op:
                raise NotImplementedError(
                    "a compiled function uses a custom operation whose derivative uses "
                    f"{op.name!r}, another one; write that out in its rule"
                )
        return call_of(x)


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


def in_columns(places: Ints) -> bool:
    """Whether a table is gathered column by column: NumPy is slow at many short rows."""
    return places.ndim == 2 and places.shape[1] <= SHORT < len(places)


def _is_reciprocal(x: Any) -> bool:
    return isinstance(x, Symbol) and x.op is TABLE["div"] and x.operands[0] == 1.0


def _power(x: Any, y: float) -> Any:
    """``x ** y`` by products, a root and a reciprocal, where y is a small multiple of one half."""
    if abs(y) > 4.0 or 2.0 * y != int(2.0 * y) or y == 0.0:
        return Symbol("", TABLE["pow"], (x, y))
    factors = [x] * int(abs(y)) + [TABLE["sqrt"].function(x)] * (y % 1.0 != 0.0)
    product = functools.reduce(operator.mul, factors)
    return 1.0 / product if y < 0.0 else product
