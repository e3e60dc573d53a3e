"""What every benchmark needs: interleaved rounds, medians, a description of the machine, tables.

Rounds are interleaved because a machine is not equally fast from one second to the next: every
candidate runs once in each round, and a ratio is the median of the ratios within rounds.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

RESULTS = Path(__file__).parent / "results"
MICROSECONDS = "µs a step"

Job = Callable[[], object]
Row = dict[str, str | float]


class Candidate(NamedTuple):
    """One way to do a piece of work.

    Attributes
    ----------
    gradients : callable
        The loss and its gradients, a list of arrays, where the parameters stand now.
    step : callable
        What is timed.
    """

    gradients: Callable[..., tuple[float, list[Any]]]
    step: Callable[..., object]


Makers = Mapping[str, Callable[[], Candidate]]


@contextmanager
def garbage_collector(enabled: bool) -> Iterator[None]:
    """Run a block with Python's cyclic garbage collector on or off."""
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        yield
    finally:
        (gc.enable if before else gc.disable)()


def interleave(
    jobs: Mapping[str, Job],
    rounds: int,
    warmup: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Time every job once in each round.

    Whoever goes first changes from round to round, and what a job leaves behind for the garbage
    collector is collected, off the clock, before the next one starts.

    Parameters
    ----------
    jobs : mapping of str to callable
        What to time, by name.
    rounds : int
        How many times each job is timed.
    warmup : int
        How many rounds come before, untimed.
    clock : callable
        What tells the seconds.

    Returns
    -------
    dict of str to list of float
        The seconds that each job took, a number for each round.
    """
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    names = list(jobs)
    for number in range(-warmup, rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            gc.collect()
            start = clock()
            jobs[name]()
            elapsed = clock() - start
            if number >= 0:
                seconds[name].append(elapsed)
    return seconds


def compare(jobs: Mapping[str, Job], baseline: str, rounds: int, warmup: int = 1) -> list[Row]:
    """Time jobs against one of them.

    Parameters
    ----------
    jobs : mapping of str to callable
        What to time, by name.
    baseline : str
        The name of the job that the others are divided by.
    rounds, warmup : int
        As in `interleave`.

    Returns
    -------
    list of dict
        For each job its name, the median and the quartiles in milliseconds, and its ratio.
    """
    seconds = interleave(jobs, rounds, warmup)
    rows: list[Row] = []
    for name, times in seconds.items():
        low, median, high = statistics.quantiles(times, n=4, method="inclusive")
        ratios = [t / base for t, base in zip(times, seconds[baseline], strict=True)]
        rows.append(
            {
                "name": name,
                "median ms": 1e3 * median,
                "quartiles ms": f"{cell(1e3 * low)} – {cell(1e3 * high)}",
                f"÷ {baseline}": statistics.median(ratios),
            }
        )
    return rows


def agreeing(
    makers: Makers, reference: str, *data: Any, tolerance: float = 1e-9
) -> tuple[dict[str, Candidate], list[Row]]:
    """Make candidates; stop if one has another loss or other gradients than the reference.

    What cannot be made, or fails, is a row that says why.

    Parameters
    ----------
    makers : mapping of str to callable
        What makes the candidates, by name.
    reference : str
        Whose loss and gradients are right.
    data : Any
        What they are to compute them from, besides what they know.
    tolerance : float
        How much of the loss, and of the largest gradient, the others may be off by.

    Returns
    -------
    candidates : dict of str to Candidate
    failed : list of dict
    """
    candidates: dict[str, Candidate] = {}
    failed: list[Row] = []
    value, expected = makers[reference]().gradients(*data)
    largest = max(float(abs(array).max()) for array in expected)
    for name, make in makers.items():
        try:
            candidate = make()
            its_value, found = candidate.gradients(*data)
        except Exception as error:  # whatever a peer fails by
            failed.append({"name": name, MICROSECONDS: failure(error)})
            continue
        off = max(float(abs(a - b).max()) for a, b in zip(found, expected, strict=True))
        if not (abs(its_value - value) <= tolerance * abs(value) and off <= tolerance * largest):
            raise SystemExit(
                f"{name} and {reference} disagree: the losses are {its_value} and {value}, and "
                f"the gradients differ by {off / largest:.1e} of the largest; nothing was timed"
            )
        candidates[name] = candidate
    return candidates, failed


def at_hand(makers: Makers, quick: bool) -> Makers:
    """All candidates, or if time is short those that need no compiler of another language."""
    return {name: make for name, make in makers.items() if not (quick and name == "torch.compile")}


def failure(error: Exception) -> str:
    """What stands in a table in place of a number."""
    if isinstance(error, ModuleNotFoundError):
        return f"{error.name} is not installed"
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0][:80]}"


def race(
    makers: Makers, reference: str, baseline: str, rounds: int, tolerance: float = 1e-9
) -> list[Row]:
    """Time the steps of all candidates that agree.

    A round takes each through as many steps as fill 20 ms, and at least one. The clock is that of
    the processor, on which all threads of the process count and other work on the machine does not.
    Objects that are there already, the modules of all peers among them, are kept from the garbage
    collector meanwhile.

    Parameters
    ----------
    makers, reference, tolerance
        As in `agreeing`.
    baseline : str
        The name of the one that the others are divided by.
    rounds : int
        How many rounds are timed.

    Returns
    -------
    list of dict
        For each candidate its name, the median and the quartiles in microseconds a step, and its
        ratio, or why there is none.
    """
    candidates, failed = agreeing(makers, reference, tolerance=tolerance)
    counts = {name: _steps_in(0.02, candidate.step) for name, candidate in candidates.items()}
    jobs = {
        name: lambda step=candidate.step, count=counts[name]: [step() for _ in range(count)]
        for name, candidate in candidates.items()
    }
    with frozen():
        seconds = interleave(jobs, rounds, clock=time.process_time)
    steps = {name: [1e6 * t / counts[name] for t in times] for name, times in seconds.items()}
    rows = [summary(name, steps, baseline) for name in steps] + failed
    return sorted(rows, key=lambda row: list(makers).index(str(row["name"])))


def summary(name: str, steps: Mapping[str, Sequence[float]], baseline: str) -> Row:
    """The median and the quartiles of microseconds, and the ratio to others of the same rounds."""
    low, median, high = statistics.quantiles(steps[name], n=4, method="inclusive")
    row: Row = {"name": name, MICROSECONDS: median, "quartiles": f"{cell(low)} – {cell(high)}"}
    if baseline in steps:
        pairs = zip(steps[name], steps[baseline], strict=True)
        row[f"÷ {baseline}"] = statistics.median(time / base for time, base in pairs)
    return row


def _steps_in(seconds: float, step: Callable[[], object]) -> int:
    """How many steps take about so long, after some to warm up."""
    for _ in range(3):
        start = time.process_time()
        step()
        elapsed = time.process_time() - start
    return max(1, min(1000, int(seconds / elapsed)))


@contextmanager
def frozen() -> Iterator[None]:
    """Keep all objects that exist from the garbage collector while a block runs."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def machine() -> dict[str, Any]:
    """Describe what the numbers were measured on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "libraries": ", ".join(_versions()),
        "threads": f"one: OPENBLAS_NUM_THREADS={os.environ.get('OPENBLAS_NUM_THREADS')} and so on",
        "OPENBLAS_CORETYPE": os.environ.get("OPENBLAS_CORETYPE", "not set"),
        "gc": f"{'on' if gc.isenabled() else 'off'} by default, thresholds {gc.get_threshold()}",
    }


def _versions() -> Iterator[str]:
    """Name what is installed of NumPy and the peers."""
    for name in ("numpy", "jax", "micrograd", "mygrad", "torch"):
        with suppress(PackageNotFoundError):
            yield f"{name} {version(name)}"


def _processor() -> str:
    """Name the processor, from where Linux keeps it or as well as Python can."""
    cpuinfo = Path("/proc/cpuinfo")
    for line in cpuinfo.read_text().splitlines() if cpuinfo.exists() else []:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def markdown(rows: Sequence[Row]) -> str:
    """Lay rows out as a Markdown table; a column that a row lacks is a dash in it."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [columns, ["---"] * len(columns)]
    lines += [[cell(row.get(column, "–")) for column in columns] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cell(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def report(name: str, tables: Mapping[str, Sequence[Row]]) -> None:
    """Print tables as Markdown, and keep them as Markdown and as JSON.

    Parameters
    ----------
    name : str
        The files to write, ``benchmarks/results/<name>.json`` and ``.md``.
    tables : mapping of str to rows
        The tables by their titles.
    """
    about = machine()
    lines = [f"- {key}: {value}" for key, value in about.items()]
    for title, rows in tables.items():
        lines += ["", f"### {title}", "", markdown(rows)]
    text = "\n".join(lines)
    print(text)
    RESULTS.mkdir(exist_ok=True)
    data = json.dumps({"machine": about, "tables": tables}, indent=2, ensure_ascii=False)
    for ending, content in (("json", data), ("md", text)):
        (RESULTS / f"{name}.{ending}").write_text(content + "\n", encoding="utf-8")
    print(f"\nkept in benchmarks/results/{name}.json and {name}.md", file=sys.stderr)


def main(name: str, measure: Callable[[bool], Mapping[str, Sequence[Row]]], about: str) -> None:
    """Run a benchmark from the command line and report it.

    Parameters
    ----------
    name : str
        What its result is called.
    measure : callable
        Gives the tables; it is told whether to be quick.
    about : str
        What ``--help`` says.
    """
    parser = argparse.ArgumentParser(description=about.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="less work, fewer rounds")
    quick = parser.parse_args().quick
    coretype = os.environ.get("OPENBLAS_CORETYPE", "").lower()
    report(".".join(filter(None, [name, coretype, "quick" * quick])), measure(quick))
