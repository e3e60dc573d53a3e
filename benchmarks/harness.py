"""What every benchmark needs: interleaved rounds, medians, a description of the machine, tables.

Rounds are interleaved because a machine is not equally fast from one second to the next: every
candidate runs once in each round, and a ratio is the median of the ratios within rounds.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

RESULTS = Path(__file__).parent / "results"

Job = Callable[[], object]
Row = dict[str, str | float]


@contextmanager
def garbage_collector(enabled: bool) -> Iterator[None]:
    """Run a block with Python's cyclic garbage collector on or off."""
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        yield
    finally:
        (gc.enable if before else gc.disable)()


def interleave(jobs: Mapping[str, Job], rounds: int, warmup: int = 1) -> dict[str, list[float]]:
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
            start = time.perf_counter()
            jobs[name]()
            elapsed = time.perf_counter() - start
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
                "quartiles ms": f"{_cell(1e3 * low)} – {_cell(1e3 * high)}",
                f"÷ {baseline}": statistics.median(ratios),
            }
        )
    return rows


def machine() -> dict[str, Any]:
    """Describe what the numbers were measured on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "numpy": np.__version__,
        "OPENBLAS_NUM_THREADS": os.environ.get("OPENBLAS_NUM_THREADS", "not set"),
        "OPENBLAS_CORETYPE": os.environ.get("OPENBLAS_CORETYPE", "not set"),
        "gc": f"{'on' if gc.isenabled() else 'off'} by default, thresholds {gc.get_threshold()}",
    }


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
    lines += [[_cell(row.get(column, "–")) for column in columns] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def report(name: str, tables: Mapping[str, Sequence[Row]]) -> None:
    """Print tables as Markdown and keep them as JSON.

    Parameters
    ----------
    name : str
        The file to write, ``benchmarks/results/<name>.json``.
    tables : mapping of str to rows
        The tables by their titles.
    """
    about = machine()
    print("\n".join(f"- {key}: {value}" for key, value in about.items()))
    for title, rows in tables.items():
        print(f"\n### {title}\n\n{markdown(rows)}")
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"machine": about, "tables": tables}, indent=2, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(f"\nkept in benchmarks/results/{name}.json", file=sys.stderr)
