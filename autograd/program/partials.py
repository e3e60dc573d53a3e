"""Local derivatives of steps that are alike, as those of a recurrent loop are: found at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.op import TABLE
from autograd.program.windows import Window
from autograd.symbol import Symbol, render

if TYPE_CHECKING:
    from autograd.program.lines import Lines

MANY = 4  # steps: from here on it gains
NEAR = 8  # places: among so many the next at a constant distance is looked for


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
    windows: dict[str, Window]
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
            lines.put_into(self.name, renamed(self.x, names))
        return Symbol(f"{self.name}[{k}]")


class Partials:
    """The local derivatives that several steps compute alike, of numbers at a constant distance.

    Parameters
    ----------
    lines : Lines
    shares : sequence of (object, Symbol, Symbol)
        What the steps add to gradients: a key, the gradient of the step, and the expression.
    """

    def __init__(self, lines: Lines, shares: Sequence[tuple[Any, Symbol, Any]]) -> None:
        self._lines = lines
        self._found: dict[Any, tuple[Alike, int]] = {}
        alike: dict[Any, list[tuple[Any, Symbol, dict[str, Window]]]] = {}
        for key, g, share in shares:
            x = _factor(share, g)
            names = list(dict.fromkeys(_names(x))) if x is not None else []
            seen = {name: lines.seen[name] for name in names if name in lines.seen}
            if x is not None and names and len(seen) == len(names):
                form = render(renamed(x, {name: f"x{i}" for i, name in enumerate(names)}), "code")
                kind = form, tuple((each.shape, each.strides) for each in seen.values())
                alike.setdefault(kind, []).append((key, x, seen))
        for each in alike.values():
            self._add(each)

    def _add(self, alike: list[tuple[Any, Symbol, dict[str, Window]]]) -> None:
        keys: dict[tuple[int, ...], list[Any]] = {}
        for key, _, seen in alike:
            keys.setdefault(tuple(each.start for each in seen.values()), []).append(key)
        first = {tuple(each.start for each in seen.values()): (x, seen) for _, x, seen in alike}
        for starts in _progressions(sorted(keys)):
            if len(starts) >= MANY:
                strides = tuple(b - a for a, b in zip(*starts[:2], strict=True))
                whole = Alike(*first[starts[0]], strides, len(starts))
                for k, start in enumerate(starts):
                    self._found |= dict.fromkeys(keys[start], (whole, k))

    def of(self, key: Any, share: Any, g: Symbol) -> Any:
        """An expression, in which what was found for several steps at once has a name."""
        if key not in self._found:
            return share
        alike, k = self._found[key]
        return g * alike.row(self._lines, k)


def _factor(share: Any, g: Symbol) -> Symbol | None:
    """What a gradient is multiplied by, if that is to be computed, and without the gradient."""
    if not isinstance(share, Symbol) or share.op is not TABLE["mul"]:
        return None
    for one, x in (share.operands, share.operands[::-1]):
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


def renamed(x: Any, names: dict[str, str]) -> Any:
    """The same expression of others."""
    if not isinstance(x, Symbol):
        return x
    if x.op is None:
        return Symbol(names[x.label])
    return Symbol("", x.op, tuple(renamed(operand, names) for operand in x.operands), x.params)


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
