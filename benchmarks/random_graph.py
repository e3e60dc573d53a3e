"""A graph of 10,000 nodes without any repetition: forward and backward.

``python -m benchmarks.random_graph``
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

from benchmarks.harness import Makers, main, race
from benchmarks.peers import cutter, glassgrad, numbers, pytorch, tiny
from benchmarks.workloads import Workload, random_graph

TITLE = "Random graph: 10,000 nodes, forward and backward"


def makers(make: Callable[[], Workload]) -> Makers:
    workload = make()
    cut = cutter((len(workload.parameters),))
    start = cut(numbers(workload.parameters))

    def with_torch() -> Any:
        return pytorch(
            start, lambda parameters: workload.loss(SimpleNamespace(leaves=parameters[0].unbind()))
        )

    return {
        "glassgrad, compiled": lambda: glassgrad(make(), cut, compiled=True),
        "glassgrad, eager": lambda: glassgrad(make(), cut),
        "torch": with_torch,
        "TinyValue": lambda: tiny(make(), cut),
    }


def measure(quick: bool) -> Any:
    ways = makers(partial(random_graph.make, 0))
    return {TITLE: race(ways, "glassgrad, eager", "glassgrad, eager", 3 if quick else 15)}


if __name__ == "__main__":
    main("random_graph", measure, __doc__)
