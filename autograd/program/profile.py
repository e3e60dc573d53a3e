"""How long each step of a program takes, and how much memory."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd.program.lasting import with_lasting

if TYPE_CHECKING:
    from autograd.program.program import Program

STEP = re.compile(r"    # s(\d+): ")  # how the source says where a step begins
NAME = re.compile(r"\b[a-z]\d+\b")  # of an array
NUMBERS = 2 * 8  # bytes of a value and its gradient


@dataclass(frozen=True)
class Row:
    """What one step takes.

    Attributes
    ----------
    step : int
        Its number, from 1; 0 for what belongs to none.
    title : str
    nodes : int
        How many scalar nodes it stands for.
    forward, backward : float
        Seconds.
    memory : int
        Bytes of its results, their gradients, and of what it keeps for itself: what it gathers, and
        the indices for that. What several use counts for the first.
    """

    step: int
    title: str
    nodes: int
    forward: float
    backward: float
    memory: int


@dataclass(frozen=True)
class Profile:
    """What each step of a program takes; printed, a table.

    Attributes
    ----------
    rows : list of Row
        One a step, in order; before them, if there is such a thing, what belongs to none. Code that
        has no steps has no rows.
    forward, backward : float
        Seconds that the two passes take as a whole, which is less than the sum: reading the clock
        takes time, too.
    memory : int
        Bytes of all arrays.
    """

    rows: list[Row]
    forward: float
    backward: float
    memory: int

    def __str__(self) -> str:
        head = [("step", "nodes", "forward", "backward", "memory")]
        table = [
            (f"s{row.step} {row.title}" if row.step else row.title, f"{row.nodes:,}", *_times(row))
            for row in self.rows
        ]
        nodes = sum(row.nodes for row in self.rows)
        total = [("both passes", f"{nodes:,}", *_times(self))]
        lines = [*head, *table, *total]
        widths = [max(len(line[i]) for line in lines) for i in range(5)]
        return "\n".join(
            "  ".join(text.rjust(w) if i else text.ljust(w) for i, (text, w) in each)
            for each in (list(enumerate(zip(line, widths, strict=True))) for line in lines)
        )


def _times(row: Row | Profile) -> Iterator[str]:
    yield f"{row.forward * 1e6:.1f} µs"
    yield f"{row.backward * 1e6:.1f} µs"
    yield f"{row.memory / 1024:,.1f} KiB"


def profile(program: Program, rounds: int) -> Profile:
    """Run both passes many times, and measure each step by itself; the median counts.

    It runs on the numbers of the last call.
    """
    if rounds < 1:
        raise ValueError(f"rounds must be at least 1, but is {rounds!r}")
    with np.errstate(all="ignore"):
        for _ in range(3):  # the first runs are slower
            program.forward()
            program.backward()
        whole = _median(program.forward, rounds), _median(program.backward, rounds)
        rows = list(_rows(program, rounds)) if program.steps else []
    return Profile(rows, *whole, program.memory)


def _rows(program: Program, rounds: int) -> Iterator[Row]:
    forward, backward = _passes(program.text)
    there = _measured(forward, program.forward, rounds)
    back = _measured(backward, program.trusting, rounds)
    memory = _memory(program, forward, backward)
    if 0 in there or 0 in back:
        yield Row(0, "other", 0, there.get(0, 0.0), back.get(0, 0.0), memory.get(0, 0))
    for k, line in enumerate(program.steps, 1):
        yield Row(k, line.title, line.nodes, there.get(k, 0.0), back.get(k, 0.0), memory[k])


Blocks = Mapping[int, list[str]]


def _passes(text: str) -> tuple[Blocks, Blocks]:
    """The lines of each step, forward and backward; under 0, those that stand before all."""
    passes: list[dict[int, list[str]]] = []
    for line in text.splitlines():
        begins = STEP.match(line)
        if line.startswith("def "):
            passes.append({0: []})
            block = passes[-1][0]
        elif begins:
            block = passes[-1].setdefault(int(begins[1]), [])
        elif line.strip() not in ("", "return"):
            block.append(line)
    forward, backward = passes
    return forward, backward


def _measured(blocks: Blocks, function: Any, rounds: int) -> dict[int, float]:
    """The median time of each block of a function's lines, run one after the other."""
    names = dict(function.__globals__)
    lines = ["def run(seed, clock, tell):", "    start = clock()"]
    filled = {k: block for k, block in blocks.items() if block}
    for block in filled.values():
        lines += [*block, "    end = clock()", "    tell(end - start)", "    start = clock()"]
    exec(with_lasting("\n".join([*lines, "    return"]), names), names)
    times: list[int] = []
    for _ in range(rounds):
        names["run"](1.0, time.perf_counter_ns, times.append)
    table = np.array(times, float).reshape(rounds, len(filled))
    return dict(zip(filled, (np.median(table, axis=0) * 1e-9).tolist(), strict=True))


def _median(run: Any, rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter_ns()
        run()
        times.append(time.perf_counter_ns() - start)
    return float(np.median(times)) * 1e-9


def _memory(program: Program, *passes: Blocks) -> dict[int, int]:
    """The bytes of each step."""
    free: dict[str, NDArray[Any]] = program.arrays
    counted: set[int] = set()
    found = {k: NUMBERS * int(np.prod(line.shape)) for k, line in enumerate(program.steps, 1)}
    for blocks in passes:
        for k, block in blocks.items():
            for name in NAME.findall("\n".join(block)):
                if name in free and id(free[name]) not in counted:
                    counted.add(id(free[name]))
                    found[k] = found.get(k, 0) + free[name].nbytes
    return found
