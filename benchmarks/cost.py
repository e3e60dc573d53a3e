"""What a program costs once: its first call beside an eager step, and its memory.

``python -m benchmarks.cost``. A first call traces, builds and runs; what it takes beyond a later
call is the one-time cost. All are forward and backward, in seconds of the processor; but the first
calls of JAX and torch.compile, which start compilers, by the clock on the wall.
"""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any, NamedTuple

import autograd
from benchmarks import cnn, lstm, microgpt, moons, nbody, workloads
from benchmarks.harness import Makers, Row, at_hand, failure, frozen, main
from benchmarks.workloads import Workload, digits, random_graph

TITLE = "One-time cost and memory of a program"


class Program(NamedTuple):
    """A workload, and the peers that compile it as well."""

    make: Callable[[int], Workload]
    peers: Makers = {}  # noqa: RUF012  nobody writes in it
    data: tuple[Any, ...] = ()  # what those are given besides what they know


def programs() -> dict[str, Program]:
    tokens = workloads.microgpt.tokens_of("rosalind")[: microgpt.BLOCK + 1]
    return {
        "moons": Program(workloads.moons.make, moons.makers(partial(workloads.moons.make, 0))),
        "microgpt": Program(workloads.microgpt.make, microgpt.makers(), (tokens,)),
        "LSTM": Program(workloads.lstm.make, lstm.makers(partial(workloads.lstm.make, 0))),
        "CNN": Program(workloads.cnn.make, cnn.makers(partial(workloads.cnn.make, 0))),
        "N-body": Program(workloads.nbody.make, nbody.makers(partial(workloads.nbody.make, 0))),
        "random graph": Program(random_graph.make),
        "digits": Program(digits.make),
    }


def milliseconds(job: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    job()
    return 1e3 * (time.process_time() - start)


def both_ways(loss: Callable[..., Any], args: tuple[Any, ...]) -> None:
    loss(*args).backward()


def times(make: Callable[[int], Workload], rounds: int) -> Row:
    """Of an eager step, and of the first call of a fresh program, later calls subtracted."""
    loss, args, _ = make(0)
    eager, first, later = [], [], []
    for _ in range(rounds):
        eager.append(milliseconds(partial(both_ways, loss, args)))
        run = partial(both_ways, autograd.compile(loss), args)
        first.append(milliseconds(run))
        later.append(milliseconds(run))
    build = median(first) - median(later)
    return {
        "eager step, ms": median(eager),
        "one-time cost, ms": build,
        "÷ eager step": build / median(eager),
    }


def memory(make: Callable[[int], Workload], nodes: int) -> Row:
    """What stays of a program once it has run, and how that compares with 8 bytes a node."""
    loss, args, _ = make(0)
    both_ways(loss, args)  # what is imported or kept at the first use is not the program's
    both_ways(autograd.compile(loss), args)
    gc.collect()
    tracemalloc.start()
    program = autograd.compile(loss)
    both_ways(program, args)
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {"kB": held / 1e3, "÷ its values": held / (8.0 * nodes)}


def measure(quick: bool) -> Any:
    rows: list[Row] = []
    chosen = list(programs().items())[: 2 if quick else None]
    for name, (make, peers, data) in chosen:
        loss, args, _ = make(0)
        nodes = len(autograd.Graph(loss(*args)).nodes)
        row: Row = {"name": name, "nodes": nodes}
        try:
            with frozen():
                row |= times(make, 3 if quick else 7) | memory(make, nodes)
        except Exception as error:  # as for all candidates
            row["one-time cost, ms"] = failure(error)
        for peer in ("jax.jit", "torch.compile"):
            if peer in at_hand(peers, quick):
                row[f"{peer}: first call, ms"] = first_call(peers[peer], data)
        rows.append(row)
    return {TITLE: rows}


def first_call(make: Callable[[], Any], data: tuple[Any, ...]) -> float | str:
    try:
        candidate = make()
        start = time.perf_counter()
        candidate.gradients(*data)
        return 1e3 * (time.perf_counter() - start)
    except Exception as error:
        return failure(error)


if __name__ == "__main__":
    main("cost", measure, __doc__)
