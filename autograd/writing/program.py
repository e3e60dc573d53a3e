"""A program as NumPy code that runs alone."""

from __future__ import annotations

import ast
import itertools
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.op import TABLE
from autograd.program.listing import Sources, listing
from autograd.program.program import Program
from autograd.program.windows import Window
from autograd.symbol import literal
from autograd.writing.definitions import Definitions

FILE = """\
{title}

import numpy as np

{definitions}

# All numbers: first those that it starts from, then the results of the steps; and the gradients.
v = np.zeros({size})
g = np.zeros({size})
{numbers}

# Parts of them.
{windows}
{arrays}


{passes}

if __name__ == "__main__":
    forward()
    print("value", v[{outputs}].tolist())
    backward(1.0)
{gradients}
"""
SCRATCH = re.compile(r"[bk]\d+")  # arrays that a step writes before it reads them
WIDE = 96


def source(program: Program, variables: Mapping[str, object]) -> str:
    r"""The NumPy code of a program: the two passes, with all that they need.

    What runs takes views of arrays, and makes arrays of numbers, once; here they stand in place.

    Run as a script, it prints the results, and the derivatives of their sum by the leaves. The
    numbers are those of the last call.

    Parameters
    ----------
    program : Program
    variables : mapping of str to object
        Where to find names for leaves that have none.

    Raises
    ------
    ValueError
        If it calls an operation of the user's own whose function cannot be found in a file, or
        reads variables from around it.

    Examples
    --------
    >>> import autograd
    >>> w = autograd.Value(0.5)
    >>> @autograd.compile
    ... def y(x):
    ...     return (w * x).tanh()
    >>> y(2.0).data
    0.7615941559557649
    >>> print("\n".join(y.program.source().splitlines()[-5:]))
    if __name__ == "__main__":
        forward()
        print("value", v[np.r_[3]].tolist())
        backward(1.0)
        print('w', g[0:1].tolist())
    """
    return _Writer(program, variables).text()


class _Writer:
    """One program, being written."""

    def __init__(self, program: Program, variables: Mapping[str, object]) -> None:
        self.program = program
        self.sources = Sources(program, variables)
        self.variables = variables
        self.found: dict[str, Any] = program.forward.__globals__
        tree = ast.parse(program.text)
        names = (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
        self.used = list(dict.fromkeys(name for name in names if name in self.found))

    def text(self) -> str:
        """The whole file."""
        program = self.program
        listed = listing(program, self.variables).splitlines()
        return FILE.format(
            title="\n".join(f"# {line}" for line in listed),
            definitions="\n\n\n".join(self._definitions()),
            size=program.values.size,
            numbers="\n".join(self._numbers()),
            windows="\n".join(self._windows()),
            arrays="\n".join(self._arrays()),
            passes=program.text.replace("\n\ndef", "\n\n\ndef"),
            outputs=_written(program.outputs),
            gradients="\n".join(self._gradients()),
        )

    def _definitions(self) -> Iterator[str]:
        """The functions that the passes call."""
        definitions = Definitions(TABLE)
        called = [name for name in self.used if callable(self.found[name])]
        aliases: list[str] = []
        for name in called:
            new = definitions.function(self.found[name], name, "array")
            if new != name:
                aliases.append(f"{name} = {new}")
        yield from definitions.texts
        if aliases:
            yield "\n".join(aliases)

    def _sections(self) -> list[tuple[int, int]]:
        """From where to where leaves of one kind stand, and constants."""
        size = self.program.values.size
        first = min((line.out.start for line in self.program.steps), default=size)
        wanted = set(self.program.wanted.tolist())
        names = self.sources.names
        kinds = [
            (re.sub(r"(?<=[\[.])\d+", "", names.get(k, "")), k in wanted) for k in range(first)
        ]
        starts = [k for k, kind in enumerate(kinds) if not k or kind != kinds[k - 1]]
        return list(zip(starts, [*starts[1:], first], strict=True))

    def _about(self, start: int, end: int) -> str:
        """What stands there."""
        return ", ".join(source.name for source in self.sources.of(np.arange(start, end)))

    def _numbers(self) -> Iterator[str]:
        """What the leaves and constants are, those of one kind together."""
        for start, end in self._sections():
            yield f"# {self._about(start, end)}"
            yield _assigned(f"v[{start}:{end}]", literal(self.program.values[start:end].tolist()))

    def _gradients(self) -> Iterator[str]:
        """The lines that print the gradients."""
        for start, end in self._sections():
            if start in self.program.wanted:
                yield f"    print({self._about(start, end)!r}, g[{start}:{end}].tolist())"

    def _windows(self) -> Iterator[str]:
        """The parts that have names, and what is in them."""
        described = {
            where: self.sources.text(where)
            for line in self.program.steps
            for where in (line.out, *line.operands)
            if isinstance(where, Window)
        }
        known = {where.text(array): text for where, text in described.items() for array in "vg"}
        for name, text in self.program.windows.items():
            if name in self.used:
                code = text.replace("as_strided", "np.lib.stride_tricks.as_strided")
                yield f"{name} = {code}" + (f"  # {known[text]}" if text in known else "")

    def _arrays(self) -> Iterator[str]:
        """Indices, signs, and room for what is gathered."""
        known: dict[tuple[str, bytes], str] = {}
        for name in self.used:
            x = self.found[name]
            if not isinstance(x, np.ndarray) or name in self.program.windows or name in ("v", "g"):
                continue
            if SCRATCH.fullmatch(name):
                kind = "" if x.dtype == float else f", {x.dtype.name!r}"
                yield f"{name} = np.empty({x.shape}{kind})"
                continue
            same = known.setdefault((x.dtype.char, x.tobytes()), name)
            alike = same if self.found[same].shape == x.shape else f"{same}.reshape{x.shape}"
            yield _assigned(name, _written(x) if same == name else alike)


def _assigned(name: str, text: str) -> str:
    """A line that assigns, or several where it is long."""
    line = f"{name} = {text}"
    if len(line) <= WIDE + 4:
        return line
    return textwrap.fill(line, WIDE, subsequent_indent="    ", break_long_words=False)


def _written(x: NDArray[Any]) -> str:
    """An array as code."""
    text = _indices(x.ravel().tolist()) if x.dtype.kind == "i" else literal(x.ravel())
    return text if x.ndim == 1 else f"{text}.reshape{x.shape}"


def _indices(numbers: list[int]) -> str:
    """Integers as an array: by ranges, or repeated, where they are.

    Examples
    --------
    >>> _indices([4, 5, 6, 7, 2, 4, 6])
    'np.r_[4:8, 2:7:2]'
    >>> _indices([4, 4, 5, 5, 6, 6])
    'np.repeat(np.r_[4:7], 2)'
    """
    groups = [len(list(group)) for _, group in itertools.groupby(numbers)]
    times = groups[0] if len(set(groups)) == 1 else 1
    runs = list(_runs(numbers[::times]))
    text = ", ".join(runs)
    text = (
        f"np.r_[{text}]"
        if 3 * len(runs) < len(numbers) or len(runs) == 1
        else f"np.array({numbers[::times]})"
    )
    return f"np.repeat({text}, {times})" if times > 1 else text


def _runs(numbers: list[int]) -> Iterator[str]:
    """Ranges, as slices, and numbers that are in none."""
    start = 0
    while start < len(numbers):
        end = start + 1
        step = numbers[end] - numbers[start] if end < len(numbers) else 0
        while step > 0 and end < len(numbers) and numbers[end] - numbers[end - 1] == step:
            end += 1
        if end - start < 3 and step != 1:
            end = start + 1
        first, last = numbers[start], numbers[end - 1]
        every = f":{step}" if step > 1 else ""
        yield f"{first}:{last + 1}{every}" if end > start + 1 else str(first)
        start = end
