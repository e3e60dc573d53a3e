"""The derivative by finite differences: the result computed again, one number nudged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.node import Node, plain
from autograd.op import TABLE
from autograd.text import number
from autograd.value import Value

NOISE = 1e-6  # slopes that differ by less, relatively, differ by rounding


@dataclass(frozen=True, slots=True)
class Check:
    """One derivative, by the engine and by central differences ``(L(x+h) − L(x−h)) / 2h``.

    Attributes
    ----------
    gradient : float
        What the engine computes.
    numeric : float or None
        What the differences give; None if the result cannot be computed again.
    entry : tuple of int
        Of an array, the entry that was nudged: where the gradient is largest.
    step : float
        How far, ``h``.
    left, right : float or None
        The slopes on both sides.
    kink : bool
        Whether these stay apart however small the step is: there is no derivative, and the engine's
        is the one that the rule states for such a place.
    trouble : str
        Why the result cannot be computed again.
    """

    gradient: float
    numeric: float | None
    entry: tuple[int, ...] = ()
    step: float = 0.0
    left: float | None = None
    right: float | None = None
    kink: bool = False
    trouble: str = ""

    @property
    def difference(self) -> float:
        """How far both are apart, relative to the larger; NaN if there is nothing to compare."""
        if self.numeric is None:
            return float("nan")
        larger = max(abs(self.gradient), abs(self.numeric))
        return abs(self.gradient - self.numeric) / larger if larger else 0.0

    def __str__(self) -> str:
        where = f" at {list(self.entry)}" if self.entry else ""
        if self.numeric is None:
            return f"by finite differences{where}: none, {self.trouble}"
        found = f"by finite differences{where}: {number(self.numeric)}"
        if self.kink:
            left, right = number(self.left), number(self.right)
            return f"{found}, at a kink: {left} from the left and {right} from the right"
        apart = f"a relative difference of {self.difference:.0e}" if self.difference else "the same"
        return f"{found}, {apart}"


def check(behind: list[Any], wrt: Node, root: Node, gradient: Any) -> Check:
    """Nudge one number of `wrt` both ways and compute what lies behind it again, up to `root`.

    An operand to which no gradient flows is held, as a constant is.
    """
    entry: tuple[int, ...] = ()
    if not isinstance(wrt, Value):
        entry = largest_entry(gradient)
    found = float(np.asarray(gradient)[entry])
    for node in behind:
        if node.op.variadic and TABLE.get(node.op.name) is not node.op:
            trouble = f"for {node.op.name} is not computed from its operands alone"
            return Check(found, None, entry, trouble=trouble)
    x = float(np.asarray(wrt.data)[entry])
    h = float(_precision(wrt) ** (1 / 3) * max(1.0, abs(x)))

    def at(change: float) -> float:
        return _again(behind, wrt, root, _nudged(wrt.data, entry, change))

    try:
        low, middle, high = at(-h), float(np.asarray(root.data).item()), at(h)
        left, right = (middle - low) / h, (high - middle) / h
        gap = abs(right - left)
        noise = NOISE * (abs(middle) + abs(left) + abs(right)) * (_precision(wrt) / 2.2e-16) ** 0.5
        # What bends smoothly bends less over a shorter way.
        kink = gap > noise and abs(at(h / 8) - 2.0 * middle + at(-h / 8)) / (h / 8) > gap / 2
    except (ArithmeticError, ValueError) as error:
        return Check(found, None, entry, h, trouble=f"{error} within {h:.1g}")
    return Check(found, (high - low) / (2.0 * h), entry, h, left, right, kink)


def largest_entry(array: NDArray[Any]) -> tuple[int, ...]:
    """Where the entry of the largest magnitude stands."""
    flat = int(np.argmax(np.abs(array)))
    return tuple(int(i) for i in np.unravel_index(flat, array.shape))


def _precision(node: Node) -> float:
    return float(np.finfo(np.asarray(node.data).dtype).eps)


def _nudged(data: Any, entry: tuple[int, ...], change: float) -> Any:
    if not isinstance(data, np.ndarray):
        return data + change
    nudged = data.copy()
    nudged[entry] += change
    return nudged


def _again(behind: list[Any], wrt: Node, root: Node, data: Any) -> float:
    """What `root` is if `wrt` is `data`, by the forward functions of the table."""
    known = {wrt: data}
    with np.errstate(all="ignore"):
        for node in behind:
            op = node.op
            operands = [
                known.get(x, plain(x)) if isinstance(x, Node) and op.flows_to(i) else plain(x)
                for i, x in enumerate(node.operands)
            ]
            if isinstance(node, Value):
                known[node] = op.scalar(*operands)
            else:
                known[node] = np.asarray(op.array(*operands, **node.params))
    return float(np.asarray(known[root]).item())
