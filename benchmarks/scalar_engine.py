"""How fast, how large and how quick to import the scalar engine is, next to its peers.

``python -m benchmarks.scalar_engine`` builds one graph of about 100,000 scalar operations with
every engine, checks that all agree on the loss and on every gradient, and times forward, backward
and the freeing of the graph together, with Python's cyclic garbage collector on, as it is by
default, and off. A graph with reference cycles is not freed at all while the collector is off: what
is left over is collected between the rounds, off the clock, to that engine's advantage.

It says, too, what scopes cost: networks of `nn` go forward and backward as they are, and with
modules whose call is `forward` and nothing else.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import math
import os
import random
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Sequence
from functools import partial
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from autograd import Value
from benchmarks.baselines import ClosureValue, TinyValue
from benchmarks.harness import Row, compare, garbage_collector, report
from nn import MLP, Module

ROOT = Path(__file__).parent.parent
SIZES = (4, 8, 8, 1)
BASELINE = "TinyValue"

Node = Any  # of whichever class; they have no base in common
Activation = Callable[[Node], Node]
Engines = dict[str, type[Node]]


class Problem(NamedTuple):
    """The numbers of a network and its data, drawn once so that every engine gets the same."""

    weights: list[list[list[float]]]
    rows: list[tuple[list[float], float]]


class Tally:
    """Stands in for a node, and counts the operations that are written on it."""

    count = 0

    def __init__(self, data: float) -> None:
        self.data = data

    def _operation(self, *_: object) -> Tally:
        Tally.count += 1
        return self

    __add__ = __sub__ = __mul__ = __truediv__ = __pow__ = __neg__ = _operation
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = tanh = relu = exp = log = _operation


MIXED: tuple[Activation, ...] = (
    lambda x: x.tanh(),
    lambda x: x.relu(),
    lambda x: 1.0 / (1.0 + (-x).exp()),
    lambda x: (1.0 + x.exp()).log(),
    lambda x: x / (1.0 + x**2) ** 0.5,
)
PLAIN: tuple[Activation, ...] = (  # micrograd has no tanh, exp or log
    lambda x: x.relu(),
    lambda x: x**2 * 0.5,
    lambda x: x + x * x * -0.25,
)


def draw(rows: int) -> Problem:
    """Draw the weights of a network and ``rows`` examples for it, always the same ones."""
    rng = random.Random(20260101)
    weights = [
        [[rng.uniform(-0.7, 0.7) for _ in range(fan_in + 1)] for _ in range(fan_out)]
        for fan_in, fan_out in pairwise(SIZES)
    ]
    examples = [
        ([rng.gauss(0.0, 1.0) for _ in range(SIZES[0])], rng.uniform(-1.0, 1.0))
        for _ in range(rows)
    ]
    return Problem(weights, examples)


def affine(weights: list[Node], inputs: Sequence[Node | float]) -> Node:
    """Sum products, the last weight being the bias: Σ wᵢ xᵢ + b."""
    total = weights[-1]
    for weight, x in zip(weights, inputs, strict=False):
        total = total + weight * x
    return total


def network(
    node: type[Node], problem: Problem, activations: Sequence[Activation]
) -> tuple[Node, list[Node]]:
    """Build the graph of a network's loss over all rows.

    Parameters
    ----------
    node : type
        The class of node to build it from.
    problem : Problem
        The numbers that go in.
    activations : sequence of callable
        The functions that the neurons of a hidden layer take in turn.

    Returns
    -------
    loss : node
        The mean of the squared errors.
    leaves : list of node
        The weights, which every row shares.
    """
    layers = [[[node(w) for w in neuron] for neuron in layer] for layer in problem.weights]
    loss = node(0.0)
    for features, target in problem.rows:
        values: list[Node | float] = list(features)
        for layer in layers[:-1]:
            pairs = zip(layer, cycle(activations), strict=False)
            values = [activate(affine(neuron, values)) for neuron, activate in pairs]
        loss = loss + (affine(layers[-1][0], values) - target) ** 2
    leaves = [weight for layer in layers for neuron in layer for weight in neuron]
    return loss / len(problem.rows), leaves


def run(
    node: type[Node], problem: Problem, activations: Sequence[Activation]
) -> tuple[float, list[float]]:
    """Go forward, go backward, and drop the graph; return the loss and its gradients."""
    loss, leaves = network(node, problem, activations)
    loss.backward()
    return loss.data, [leaf.grad for leaf in leaves]


def count_operations(problem: Problem, activations: Sequence[Activation]) -> int:
    """Count the operations as written: `a - b` is one, however many nodes an engine makes of it."""
    Tally.count = 0
    network(Tally, problem, activations)
    return Tally.count


def require_agreement(
    engines: Engines, problem: Problem, activations: Sequence[Activation]
) -> None:
    """Stop unless every engine computes the baseline's loss and gradients."""
    loss, gradients = run(engines[BASELINE], problem, activations)
    for name, node in engines.items():
        its_loss, its_gradients = run(node, problem, activations)
        pairs = zip([loss, *gradients], [its_loss, *its_gradients], strict=True)
        if not all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in pairs):
            raise SystemExit(f"{name} and {BASELINE} disagree: nothing was timed")


def memory(engines: Engines, problem: Problem, activations: Sequence[Activation]) -> list[Row]:
    """Measure the bytes an operation: what stays while the loss is held, and the most there was."""
    operations = count_operations(problem, activations)
    rows: list[Row] = []
    for name, node in engines.items():
        gc.collect()
        tracemalloc.start()
        loss, _ = network(node, problem, activations)
        loss.backward()
        _, peak = tracemalloc.get_traced_memory()
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        rows.append({"name": name, "held": held / operations, "peak": peak / operations})
    return rows


def scopes(rounds: int) -> dict[str, list[Row]]:
    """Compare networks whose modules note each call with the same that do not."""
    tables: dict[str, list[Row]] = {}
    for sizes, samples in (((2, 16, 16, 1), 20), ((64, 32, 10), 5)):
        model = MLP(sizes[0], sizes[1:], "tanh", seed=0)
        rows = [[0.01 * i] * sizes[0] for i in range(samples)]
        calls = {"calls noted": Module.__call__, "forward alone": _forward}
        jobs = {name: partial(_train, model, rows, call) for name, call in calls.items()}
        title = f"Scopes: MLP {'-'.join(map(str, sizes))}, {samples} samples"
        tables[title] = compare(jobs, "forward alone", rounds)
    return tables


def _forward(module: Module, *args: Any) -> Any:
    return module.forward(*args)


def _train(model: MLP, rows: list[list[float]], call: Callable[..., Any]) -> None:
    """Go forward and backward once, each call of a module being `call`."""
    with patch.object(Module, "__call__", call):
        outputs = [model(row) for row in rows]
    sum(y for out in outputs for y in (out if isinstance(out, list) else [out])).backward()


def import_times() -> list[Row]:
    """Time fresh interpreters that import one thing each."""
    unwelcome = "PYTHONDONTWRITEBYTECODE"  # with it, every start would compile the package anew
    environment = {key: value for key, value in os.environ.items() if key != unwelcome}
    start = partial(subprocess.run, cwd=ROOT, env=environment, check=True)
    statements = ("pass", "import numpy", "import autograd")
    jobs = {code: partial(start, [sys.executable, "-c", code]) for code in statements}
    return compare(jobs, baseline="import numpy", rounds=15)


def peer(module: str, name: str) -> type[Node] | None:
    """Import the class of another engine, if that is installed."""
    try:
        return getattr(importlib.import_module(module), name)
    except ModuleNotFoundError:
        return None


def measure(
    mixture: str, activations: Sequence[Activation], problem: Problem, engines: Engines, rounds: int
) -> dict[str, list[Row]]:
    """Compare engines on one mixture of operations: time with and without the collector, bytes."""
    require_agreement(engines, problem, activations)
    operations = count_operations(problem, activations)
    jobs = {name: partial(run, node, problem, activations) for name, node in engines.items()}
    tables: dict[str, list[Row]] = {}
    for state in ("on", "off"):
        title = f"{operations:,} operations, {mixture}: garbage collector {state}"
        with garbage_collector(state == "on"):
            tables[title] = compare(jobs, BASELINE, rounds)
    tables[f"Bytes an operation, {mixture}"] = memory(engines, problem, activations)
    return tables


def main() -> None:
    """Run everything and report it."""
    parser = argparse.ArgumentParser(description="Compare the scalar engine with its peers.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, fewer rounds")
    quick = parser.parse_args().quick
    sys.setrecursionlimit(10_000)  # the baselines recurse, to the depth of the graph
    problem, rounds = draw(rows=40 if quick else 400), 5 if quick else 9
    engines: Engines = {"glassgrad": Value, "TinyValue": TinyValue, "ClosureValue": ClosureValue}
    tables = measure("mixed", MIXED, problem, engines, rounds)
    micrograd = peer("micrograd.engine", "Value")
    if micrograd is not None:
        engines["micrograd"] = micrograd
    plain = measure("+ − × ÷ ** relu", PLAIN, problem, engines, rounds)
    if micrograd is None:
        for rows in plain.values():
            rows.append({"name": "micrograd: not installed"})
    tables |= plain | scopes(5 * rounds) | {"Import": import_times()}
    report("scalar_engine.quick" if quick else "scalar_engine", tables)


if __name__ == "__main__":
    main()
