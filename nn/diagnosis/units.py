"""Units that are dead or saturated, found by what they gave in all calls of their module."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np

from nn.diagnosis.report import Finding, listed
from nn.module import Module
from nn.parts import Part

ACTIVATIONS = ("relu", "tanh", "sigmoid")
FADED = 0.05  # of its greatest slope, a tanh or sigmoid has less where it is saturated
SHARE = 0.5  # of the outputs of a layer, saturated
SAMPLES = 4  # the fewest on which a unit is called dead

Place: TypeAlias = tuple[int, int, int]
Group: TypeAlias = dict[Place, list[Any]]


def sick_units(model: Module, nodes: list[Any], found: list[Part]) -> Iterable[Finding]:
    """Dead ReLUs, and layers of tanh or sigmoid that are saturated."""
    hidden = _hidden(nodes, {leaf for part in found for leaf in part.parameters.values()})
    for (op, name), group in _grouped(model, nodes, found).items():
        if op == "relu":
            yield from _dead(name, group)
        elif any(node in hidden for place in group.values() for node in place):
            yield from _saturated(op, name, group)


def _grouped(model: Module, nodes: list[Any], found: list[Part]) -> dict[tuple[str, str], Group]:
    """The activations by operation and layer, and there by place.

    The place is which neuron, which activation of the call (its first is 0), and how many units:
    what agrees in these is the same unit, or units, on other samples.
    """
    owners: dict[Any, tuple[str, int]] = {
        module: (path or type(module).__name__, 0) for path, module in model.named_modules()
    }
    owners |= {neuron: (part.name, i) for part in found for i, neuron in enumerate(part.neurons)}
    groups: dict[tuple[str, str], Group] = defaultdict(lambda: defaultdict(list))
    counts: Counter[Any] = Counter()
    for node in nodes:
        module = node.scope and node.scope.module
        if node.op is None or node.op.name not in ACTIVATIONS or module not in owners:
            continue
        nth = counts[node.scope, node.op.name]
        counts[node.scope, node.op.name] += 1
        name, unit = owners[module]
        name += f", {node.op.name} {nth + 1}" if nth else ""
        groups[node.op.name, name][unit, nth, _by_unit(node.data).shape[1]].append(node)
    return groups


def _by_unit(data: Any) -> Any:
    """An array as (samples, units)."""
    array = np.asarray(data)
    if array.ndim == 4:
        array = np.moveaxis(array, 1, -1)
    return array.reshape(-1, array.shape[-1] if array.ndim else 1)


def _hidden(nodes: list[Any], parameters: set[Any]) -> set[Any]:
    """The nodes whose numbers meet a parameter further on, or one that was transposed or the like.

    A sum over a parameter is none: the output of a network is not hidden by weight decay.
    """
    like = set(parameters)
    for node in nodes:
        size = np.size(node.data)
        parents = node.parents if size > 1 else ()
        if parents and all(x in like and np.size(x.data) == size for x in parents):
            like.add(node)
    hidden: set[Any] = set()
    for node in reversed(nodes):
        if node in hidden or not like.isdisjoint(node.parents):
            hidden.update(node.parents)
    return hidden


def _dead(name: str, group: Group) -> Iterable[Finding]:
    units = [
        (unit if size == 1 else k, nodes, out)
        for (unit, _, size), nodes in group.items()
        for k, out in enumerate(np.concatenate([_by_unit(node.data) for node in nodes]).T)
    ]
    dead = [(unit, nodes, len(out)) for unit, nodes, out in units if not out.any()]
    samples = min((count for _, _, count in dead), default=0)
    if samples >= SAMPLES:
        which = listed(str(unit) for unit, _, _ in dead)
        measure = f"{len(dead)} of {len(units)} units gave 0 for all {samples} samples: {which}"
        advice = "Use a smaller learning rate, kaiming initialisation, or a leaky ReLU"
        its = dict.fromkeys(node for _, nodes, _ in dead for node in nodes)
        yield Finding("dead", name, measure, advice, tuple(its))


def _saturated(op: str, name: str, group: Group) -> Iterable[Finding]:
    nodes = [node for of in group.values() for node in of]
    slopes = np.concatenate([_slope(node) for node in nodes])
    share = float(np.mean(slopes < FADED))
    if share > SHARE:
        measure = f"{share:.0%} of {len(slopes)} outputs of {op} lie where it is nearly flat"
        advice = "Use smaller initial weights (xavier), scale the inputs, or use ReLU"
        yield Finding("saturated", name, measure, advice, tuple(nodes))


def _slope(node: Any) -> Any:
    """How steep a node is beside how steep it is at 0, where tanh and sigmoid are steepest."""
    op, (operand,) = node.op, node.parents
    greatest = op.partial(0, op.function(0.0), 0.0)
    return np.ravel(op.partial(0, node.data, operand.data) / greatest)
