"""Local derivatives of steps that are alike, as those of a recurrent loop are: found at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from autograd.op import TABLE
from autograd.program.windows import Window
from autograd.symbol import Symbol, render

if TYPE_CHECKING:
    from autograd.program.lines import Lines

MANY = 4  # steps: from here on it gains
NEAR = 8  # places: among so many the next at a constant distance is looked for


Windows: TypeAlias = dict[str, Window]


@dataclass(frozen=True, eq=False)
class Share:
    """What a step adds to the gradient of an operand.

    Attributes
    ----------
    i : int
        Which operand.
    g : Symbol
        The gradient of the step.
    x : Symbol or float
        How much it adds.
    """

    i: int
    g: Symbol
    x: Any


@dataclass(eq=False)
class Alike:
    """What is to be computed in several steps alike.

    Attributes
    ----------
    x : Symbol
        The expression of the first of them.
    windows : dict of str to Window
        What the names in it show, in the first; and how far it is to the next, in `strides`.
    strides : tuple of int
    count : int
        How many steps there are.
    name : str
        The array that holds it for all of them; empty before it is computed.
    """

    x: Symbol
    windows: Windows
    strides: tuple[int, ...]
    count: int
    name: str = ""

    def row(self, lines: Lines, k: int) -> Symbol:
        """What stands for it in one of the steps; computed for all when first asked for."""
        if not self.name:
            shape = np.broadcast_shapes(*(seen.shape for seen in self.windows.values()))
            self.name = lines.name(np.empty((self.count, *shape)), "b")
            names = {
                name: lines.named(seen.repeated(self.count, stride), "v")
                for (name, seen), stride in zip(self.windows.items(), self.strides, strict=True)
            }
            lines.put_into(self.name, _renamed(self.x, names))
        return Symbol(f"{self.name}[{k}]")


class Partials:
    """The local derivatives that several steps compute alike, of numbers at a constant distance.

    Parameters
    ----------
    lines : Lines
    shares : dict of object to list of Share
        What each step adds to gradients.
    """

    def __init__(self, lines: Lines, shares: dict[Any, list[Share]]) -> None:
        self._lines, self._shares = lines, shares
        self._found: dict[Share, tuple[Alike, int]] = {}
        alike: dict[Any, dict[tuple[int, ...], list[tuple[Share, Symbol, Windows]]]] = {}
        for share in itertools.chain.from_iterable(shares.values()):
            x = _factor(share)
            names = list(dict.fromkeys(_names(x))) if x is not None else []
            seen = {name: lines.seen[name] for name in names if name in lines.seen}
            if x is not None and names and len(seen) == len(names):
                form = render(_renamed(x, {name: f"x{i}" for i, name in enumerate(names)}), "code")
                kind = form, tuple((each.shape, each.strides) for each in seen.values())
                starts = tuple(each.start for each in seen.values())
                alike.setdefault(kind, {}).setdefault(starts, []).append((share, x, seen))
        for places in alike.values():
            for run in _progressions(sorted(places)):
                if len(run) >= MANY:
                    self._add([places[place] for place in run], run[:2])

    def _add(
        self, run: list[list[tuple[Share, Symbol, Windows]]], starts: list[tuple[int, ...]]
    ) -> None:
        """Add what stands at a constant distance, that of the first two."""
        _, x, seen = run[0][0]
        whole = Alike(x, seen, tuple(b - a for a, b in zip(*starts, strict=True)), len(run))
        for k, here in enumerate(run):
            self._found |= {share: (whole, k) for share, _, _ in here}

    def of(self, step: Any) -> Iterator[tuple[Share, Any]]:
        """What a step adds, and the expression in which what was found at once has a name."""
        for share in self._shares[step]:
            if share in self._found:
                alike, k = self._found[share]
                yield share, share.g * alike.row(self._lines, k)
            else:
                yield share, share.x


def _factor(share: Share) -> Symbol | None:
    """What a gradient is multiplied by, if that is to be computed, and without the gradient."""
    g, whole = share.g, share.x
    if not isinstance(whole, Symbol) or whole.op is not TABLE["mul"]:
        return None
    for one, x in (whole.operands, whole.operands[::-1]):
        if one is g and isinstance(x, Symbol) and x.op is not None and g.label not in _names(x):
            return x
    return None


def _names(x: Any) -> Iterator[str]:
    """The names in an expression."""
    if isinstance(x, Symbol) and x.op is None:
        yield x.label
    elif isinstance(x, Symbol):
        for operand in x.operands:
            yield from _names(operand)


def _renamed(x: Any, names: dict[str, str]) -> Any:
    """The same expression of others."""
    if not isinstance(x, Symbol):
        return x
    if x.op is None:
        return Symbol(names[x.label])
    return Symbol("", x.op, tuple(_renamed(operand, names) for operand in x.operands), x.params)


def _progressions(starts: Sequence[tuple[int, ...]]) -> Iterator[list[tuple[int, ...]]]:
    """All of some places, in rows of a constant distance, the longest that begin with each first.

    Examples
    --------
    >>> list(_progressions([(0,), (3,), (10,), (13,), (20,)]))
    [[(0,), (10,), (20,)], [(3,), (13,)]]
    """
    left = dict.fromkeys(starts)
    while left:
        first, *others = itertools.islice(left, 1 + NEAR)
        found = [first]
        for second in others:
            step = [b - a for a, b in zip(first, second, strict=True)]
            row, place = [first], second
            while place in left:
                row.append(place)
                place = tuple(a + b for a, b in zip(place, step, strict=True))
            found = max(found, row, key=len)
        for place in found:
            del left[place]
        yield found
