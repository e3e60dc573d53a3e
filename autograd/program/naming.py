"""What the leaves of a program are called, one by one and in groups."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd.node import Node
from autograd.program.pick import Given
from autograd.program.tape import Ints, Tape
from autograd.text import clean

BETWEEN = "\0"
FEW = 4  # parts of names that are told one by one


class LeafNames:
    """What to call the leaves of a program, found out when it is asked for.

    Parameters
    ----------
    tape : Tape
    places : array of int
        Where each of its leaves stands.
    modules : sequence of object
        What says of its parameters what they are called.
    """

    def __init__(self, tape: Tape, places: Ints, modules: Sequence[Any]) -> None:
        given = [isinstance(leaf, Given) for leaf in tape.leaves]
        self._given = places[given]
        paths = (leaf.path for leaf in tape.leaves if isinstance(leaf, Given))
        self._paths = zlib.compress(BETWEEN.join(paths).encode(), 1)  # many, and much alike
        self._own_places = places[~np.array(given, bool)]
        self._own = [leaf for leaf in tape.leaves if not isinstance(leaf, Given)]
        self._modules = modules

    @property
    def paths(self) -> dict[int, str]:
        """Of the leaves that each call brings anew, where they stand and their paths."""
        paths = zlib.decompress(self._paths).decode().split(BETWEEN)
        return dict(zip(self._given.tolist(), paths, strict=False))

    def found(self, variables: Mapping[str, object]) -> dict[int, str]:
        """The names of all, by where they stand.

        A leaf's own name comes first, then its path in a module, then the variable that holds it.
        """
        from autograd.graph.modules import named_parameters
        from autograd.variables import find_names

        held = find_names([*self._own, *self._modules], variables)
        first: dict[Node, str] = {leaf: leaf.name for leaf in self._own if leaf.name}
        paths = named_parameters(self._modules, held, first)
        names = self.paths
        for k, (place, leaf) in enumerate(zip(self._own_places.tolist(), self._own, strict=True)):
            name = first.get(leaf) or paths.get(leaf) or held.get(id(leaf))
            names[place] = name or f"{'parameters' if leaf.requires_grad else 'leaves'}[{k}]"
        return {place: clean(name) for place, name in names.items()}


class Pattern:
    """What several names have in common.

    Numbers in which they differ are left out at the end, and ``*`` elsewhere.

    Examples
    --------
    >>> str(Pattern(["layers.0.neurons.0.w[0]", "layers.0.neurons.1.w[1]"]))
    'layers.0.neurons.*.w'
    >>> str(Pattern(["w['q'][0]", "w['k'][0]"])), str(Pattern(["layers.0.w", "layers.0.w[1]"]))
    ("w['q'|'k'][0]", 'layers.0.w…')
    """

    def __init__(self, names: Sequence[str]) -> None:
        split = [_parts(name) for name in dict.fromkeys(names)]
        same_length = len(set(map(len, split))) == 1
        columns = [list(dict.fromkeys(column)) for column in zip(*split, strict=False)]
        text, expression = [], []
        for at, column in enumerate(columns):
            if len(column) == 1:
                text.append(column[0])
                expression.append(re.escape(column[0]))
            elif all(map(_is_number, column)):
                more = any(len(later) == 1 for later in columns[at + 1 :])
                text.append(re.sub(r"\d+", "*", column[0]) if more else "")
                expression.append(re.sub(r"\d+", r"\\d+", re.escape(column[0])))
            elif same_length and len(column) <= FEW:
                text.append(_either(column))
                expression.append(f"(?:{'|'.join(map(re.escape, column))})")
            else:
                same_length = False
            if not same_length and len(column) > 1:
                break
        self._text = "".join(text) + "…" * (not same_length)
        self._fits = re.compile("".join(expression) + ".*" * (not same_length)).fullmatch

    def fits(self, name: str) -> bool:
        """Whether a name has it, too."""
        return self._fits(name) is not None

    def __str__(self) -> str:
        return self._text


def _parts(name: str) -> list[str]:
    """``layers``, ``.0``, ``.w``, ``[1]``."""
    return re.findall(r"\[[^\]]*\]|\.?[^.\[]+|.", name, re.DOTALL)


def _is_number(part: str) -> bool:
    return part.strip(".[]").isdigit()


def _either(parts: Sequence[str]) -> str:
    """Several parts as one: ``['q'|'k']``."""
    start, end = ("[", "]") if parts[0][0] == "[" else ("." if parts[0][0] == "." else "", "")
    return start + "|".join(part.removeprefix(start).removesuffix(end) for part in parts) + end
