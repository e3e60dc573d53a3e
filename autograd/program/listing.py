"""What `print(program)` writes: a line a step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from autograd.program.naming import Pattern
from autograd.program.steps import Step
from autograd.program.tape import Ints
from autograd.program.windows import Places, Window, where
from autograd.program.writer import Writer
from autograd.symbol import Symbol, render
from autograd.text import number

if TYPE_CHECKING:
    from autograd.program.program import Program

FEW = 3  # sources of one operand that are named


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of a step when it is written.

    Attributes
    ----------
    title : str
        What it does, in a word.
    formula : str
        The same of its operands, which are ``{0}``, ``{1}``, ….
    nodes : int
        How many scalar nodes it stands for.
    out : Window
        Where its result stands.
    operands : tuple
        Where what it reads stands; or a constant.
    wanted : bool
        Whether a gradient passes it.
    """

    title: str
    formula: str
    nodes: int
    out: Window
    operands: tuple[Places | float, ...]
    wanted: bool

    @property
    def shape(self) -> tuple[int, ...]:
        """That of its result."""
        return self.out.shape

    @property
    def reads(self) -> list[Ints]:
        """Where what it reads stands, place by place; without constants."""
        return [where(x) for x in self.operands if not isinstance(x, float)]


def lines_of(steps: Sequence[Step], counts: Ints, writer: Writer) -> list[Line]:
    """The lines of steps that were written; each slot counts for so many scalar nodes."""
    return [_line(step, int(counts[step.slots].sum()), writer) for step in steps]


def _line(step: Step, nodes: int, writer: Writer) -> Line:
    operands: list[Places | float] = []
    symbols: list[Symbol | float] = []
    for ref in step.refs:
        constant = writer.constant(ref)
        symbols.append(Symbol(f"{{{len(operands)}}}") if constant is None else constant)
        operands.append(writer.places(ref) if constant is None else constant)
    out = writer.places(step.slots)
    assert isinstance(out, Window)
    formula = render(step.formula(*symbols), "text")
    return Line(step.title, formula, nodes, out, tuple(operands), writer.wanted(step.slots))


@dataclass(frozen=True)
class Source:
    """One of the things that an operand is read from: a step's result, leaves, or constants.

    Attributes
    ----------
    name : str
    step : int or None
        The number of the step, from 1.
    places : array of int
        Which of its numbers are read, each once.
    whole : bool
        Whether these are all of them.
    constant : float, array or None
        The numbers, if they are constants.
    """

    name: str
    step: int | None
    places: Ints
    whole: bool
    constant: float | NDArray[np.float64] | None = None


class Sources:
    """What the operands of a program are, for those who read it.

    Parameters
    ----------
    program : Program
    variables : mapping of str to object
        Where to find names for leaves that have none.

    Attributes
    ----------
    names : dict of int to str
        The names of the leaves, by where they stand.
    """

    def __init__(self, program: Program, variables: Mapping[str, object]) -> None:
        self._values = program.values
        starts = np.array([line.out.start for line in program.steps], int)
        self._order = np.argsort(starts)  # in which the results lie
        self._starts = starts[self._order]
        self._sizes = [int(np.prod(line.shape)) for line in program.steps]
        self.names = program.names.found(variables)
        self._alike: dict[str, int] = {}  # how many have names like that

    def of(self, places: Places) -> list[Source]:
        """What stands at some places: leaves first, then steps in their order."""
        found = np.unique(where(places))
        before = np.searchsorted(self._starts, found, "right")
        step = np.append(0, self._order + 1)[before]
        sources = list(self._leaves(found[step == 0]))
        for k in np.unique(step[step > 0]).tolist():
            own = found[step == k]
            sources.append(Source(f"s{k}", k, own, own.size == self._sizes[k - 1]))
        return sources

    def _leaves(self, places: Ints) -> Iterator[Source]:
        """Leaves, those of one argument or module together, and constants."""
        named: dict[str, dict[int, str]] = {}
        for place in places.tolist():
            if place in self.names:
                name = self.names[place]
                named.setdefault(name.partition("[")[0].partition(".")[0], {})[place] = name
        constants = np.array([place for place in places.tolist() if place not in self.names], int)
        for names in named.values():
            pattern = Pattern(list(names.values()))
            alike = self._alike.get(str(pattern))
            if alike is None:
                alike = self._alike[str(pattern)] = sum(map(pattern.fits, self.names.values()))
            yield Source(str(pattern), None, np.array(list(names)), len(names) == alike)
        if constants.size:
            yield _constants(constants, self._values[constants])

    def text(self, operand: Places | float) -> str:
        """An operand in a formula; ``[…]`` says that some are chosen, or repeated."""
        if isinstance(operand, float):
            return number(operand)
        sources = self.of(operand)
        names = [source.name for source in sources]
        if len(names) > FEW:
            names = [*names[: FEW - 1], "…", names[-1]]
        read = sum(source.places.size for source in sources)
        once = isinstance(operand, Window) or operand.size == read
        whole = once and all(source.whole for source in sources)
        text = f"[{', '.join(names)}]" if len(names) > 1 else names[0]
        return text + "[…]" * (not whole)


def _constants(places: Ints, numbers: NDArray[np.float64]) -> Source:
    if (numbers == numbers[0]).all():
        return Source(number(numbers[0].item()), None, places, True, numbers[0].item())
    return Source("constants", None, places, True, numbers)


def listing(program: Program, variables: Mapping[str, object]) -> str:
    """Write a program, a line a step; see `Program`."""
    sources = Sources(program, variables)
    rows = [
        (f"s{k} = {line.formula.format(*map(sources.text, line.operands))}", line)
        for k, line in enumerate(program.steps, 1)
    ]
    left = max((len(text) for text, _ in rows), default=0)
    middle = max((len(str(line.shape)) for _, line in rows), default=0)
    right = max((len(f"{line.nodes:,}") for _, line in rows), default=0)
    lines = [
        f"  {text:<{left}}  {line.shape!s:<{middle}}  {line.nodes:>{right},}" for text, line in rows
    ]
    return "\n".join([summary(program), *lines])


def summary(program: Program) -> str:
    """How much there is: ``loss: 65,175 scalar nodes in 12 steps on 7,444 numbers``."""
    steps, nodes = len(program.steps), program.nodes
    if program.straight is not None:
        return f"{program.name}: {nodes:,} scalar nodes as straight-line Python, a line a node"
    return (
        f"{program.name}: {nodes:,} scalar node{'s' * (nodes != 1)} in "
        f"{steps} step{'s' * (steps != 1)} on {program.values.size:,} numbers"
    )
