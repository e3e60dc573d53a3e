"""How time and the size of the program grow when one dimension doubles and doubles again.

``python -m benchmarks.scaling`` draws ``benchmarks/results/scaling.svg``, too. Forward and backward
in seconds of the processor, the least of some tries; the recursion limit is Python's own.
"""

from __future__ import annotations

import gc
import importlib
import time
from collections.abc import Callable, Sequence
from typing import Any

import autograd
from benchmarks.harness import RESULTS, Row, failure, main
from benchmarks.peers import numbers
from benchmarks.workloads import Workload, lstm, moons

Make = Callable[[int], Workload]
COLOURS = {"glassgrad, compiled": "#0072B2", "glassgrad, eager": "#B34700", "micrograd": "#555555"}
STEPS = "steps of the program"
TRY = 0.02  # seconds

AXES: dict[str, tuple[Make, Sequence[int]]] = {
    "moons: width": (lambda n: moons.make(0, (n, n), 20), (8, 16, 32, 64, 128)),
    "moons: hidden layers": (lambda n: moons.make(0, (16,) * n, 20), (1, 2, 4, 8, 16)),
    "moons: points": (lambda n: moons.make(0, (16, 16), n), (25, 50, 100, 200, 400, 800)),
    "LSTM: sequence": (lambda n: lstm.make(0, 16, n), (5, 10, 20, 40, 80)),
}


def micrograd(workload: Workload) -> tuple[Any, ...]:
    """The arguments with a network of micrograd's, which has neither tanh nor sigmoid."""
    model, *data = workload.args
    theirs = importlib.import_module("micrograd.nn")
    if not hasattr(model, "layers"):
        raise NotImplementedError("micrograd has no sigmoid")
    twin = theirs.MLP(2, [len(layer.neurons) for layer in model.layers])
    for parameter, number in zip(twin.parameters(), numbers(workload.parameters), strict=True):
        parameter.data = float(number)
    return twin, *data


def least(loss: Callable[..., Any], args: Sequence[Any], seconds: float) -> float:
    """The milliseconds of a step in the fastest of as many tries as fit into some seconds."""
    best, spent, steps = float("inf"), 0.0, 1
    while spent < seconds:
        gc.collect()
        start = time.process_time()
        for _ in range(steps):
            loss(*args).backward()
        elapsed = time.process_time() - start
        best, spent = min(best, elapsed / steps), spent + elapsed
        steps = max(1, int(TRY / best))
    return 1e3 * best


def point(make: Make, size: int, seconds: float) -> Row:
    """All engines at one size."""
    workload = make(size)
    loss, args, _ = workload
    row: Row = {"nodes": len(autograd.Graph(loss(*args)).nodes)}

    def compiled() -> float:
        program = autograd.compile(loss)
        program(*args).backward()
        time = least(program, args, seconds)
        row[STEPS] = len(program.program.steps)
        return time

    tries: dict[str, Callable[[], float]] = {
        "glassgrad, compiled": compiled,
        "glassgrad, eager": lambda: least(loss, args, seconds),
        "micrograd": lambda: least(loss, micrograd(workload), seconds),
    }
    for name, job in tries.items():
        try:
            row[f"{name}, ms"] = job()
        except Exception as error:  # a crash is what there is to show
            row[f"{name}, ms"] = failure(error)
    return row


def draw(tables: dict[str, list[Row]]) -> None:
    """Plot time above, and the size of the program below, against the size of the work."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams |= {
        "svg.hashsalt": "scaling",
        "svg.fonttype": "none",
    }  # the same, and small
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(2, len(tables), figsize=(13, 6), sharex="col", sharey="row")
    for (times, sizes), (title, rows) in zip(panels.T, tables.items(), strict=True):
        for panel in (times, sizes):
            panel.set_xscale("log")
            panel.set_yscale("log")
            panel.set_xticks([row["size"] for row in rows], [str(row["size"]) for row in rows])
            panel.minorticks_off()
            panel.grid(alpha=0.3)
        for engine, colour in COLOURS.items():
            line(times, rows, f"{engine}, ms", engine, colour)
        line(sizes, rows, STEPS, STEPS, COLOURS["glassgrad, compiled"])
        line(sizes, rows, "nodes", "scalar nodes", COLOURS["glassgrad, eager"])
        sizes.set_xlabel(title)
    panels[0, 0].set_ylabel("ms, forward and backward")
    for panel in panels[:, 0]:
        panel.legend()
    figure.tight_layout()
    figure.savefig(RESULTS / "scaling.svg", metadata={"Date": None})


def line(panel: Any, rows: list[Row], column: str, label: str, colour: str) -> None:
    """A line through what was measured, and a cross where one step more is a crash."""
    points = [(row["size"], row[column]) for row in rows if type(row.get(column)) in (int, float)]
    if not points:
        return
    panel.plot(*zip(*points, strict=True), "o-", color=colour, label=label, markersize=4)
    if len(points) < len(rows):
        panel.plot(*points[-1], "x", color=colour, markersize=12)


def measure(quick: bool) -> Any:
    tables = {
        title: [
            {"size": size} | point(make, size, 0.1 if quick else 1.0)
            for size in (sizes[:2] if quick else sizes)
        ]
        for title, (make, sizes) in AXES.items()
    }
    if not quick:
        draw(tables)
    return tables


if __name__ == "__main__":
    main("scaling", measure, __doc__)
