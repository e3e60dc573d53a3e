"""The numbers of a graph's nodes, packed for a page."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.drawing.rows import full
from autograd.graph import Graph
from autograd.node import Node
from autograd.text import clean

ENTRIES = 64  # of an array that are kept; of a larger one, only its range
ARRAYS = 2_000  # whose entries are kept


@dataclass(frozen=True, repr=False)
class Numbers:
    """The numbers of all nodes of a graph as they were when it was read.

    A page needs them for the parts that are not drawn: of equal parts only the first is, and the
    others are the same picture with other numbers.

    Attributes
    ----------
    packed : dict
        For each node its data, gradient, operation, operands and name, as a page unpacks them.
    """

    packed: dict[str, Any]

    @classmethod
    def of(cls, graph: Graph, names: Mapping[Node, str]) -> Numbers:
        """Read them.

        Examples
        --------
        >>> from autograd import Graph, Value
        >>> graph = Graph(Value(2.0, name="x") * 3.0)
        >>> Numbers.of(graph, graph.names).packed["names"]
        {0: 'x'}
        """
        known = {i: clean(names[node]) for i, node in enumerate(graph.nodes) if names.get(node)}
        return cls(_values(graph) | _structure(graph) | {"names": known, "arrays": _arrays(graph)})


def array_of(value: Any) -> str:
    """Pack numbers as their bytes."""
    return base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()


def entries(value: Any) -> list[float] | None:
    """The entries of a small array of numbers in a row; None of others."""
    if not isinstance(value, np.ndarray) or value.size > ENTRIES or value.dtype.kind == "c":
        return None
    return [float(f"{x:.7g}") for x in value.ravel().tolist()]


def norm_and_peak(gradient: Any) -> tuple[float, float]:
    """What is shown of a gradient: itself, or its norm; and how large its largest entry is."""
    if np.size(gradient) == 1:
        number = np.asarray(gradient).item()
        return number, abs(number)
    with np.errstate(all="ignore"):
        return float(np.linalg.norm(gradient)), float(np.max(np.abs(gradient), initial=0.0))


def _values(graph: Graph) -> dict[str, Any]:
    has = np.array([node.has_grad for node in graph.nodes], np.uint8)
    if all(node.data.__class__ is float for node in graph.nodes):
        data = [node.data for node in graph.nodes]
        grad = [node.grad for node in graph.nodes]
        return {"low": array_of(data), "grad": array_of(grad), "has": array_of(has)}
    low, high = zip(*(_range(node.data) for node in graph.nodes), strict=True)
    norms = [norm_and_peak(node.grad) if node.has_grad else (0.0, 0.0) for node in graph.nodes]
    norm, peak = zip(*norms, strict=True)
    columns = {"low": low, "high": high, "grad": norm, "peak": peak}
    packed = {key: array_of(np.array(column, np.float64)) for key, column in columns.items()}
    return packed | {"has": array_of(has)}


def _range(data: Any) -> tuple[float, float]:
    """From what to what the numbers of a node go; NaN where there are none."""
    if not isinstance(data, np.ndarray):
        return data, data
    return (data.min(), data.max()) if data.size else (np.nan, np.nan)


def _structure(graph: Graph) -> dict[str, Any]:
    ops = {op: i + 1 for i, op in enumerate(dict.fromkeys(n.op for n in graph.nodes if n.op))}
    constants = [
        x if x.__class__ is float else np.asarray(x).item() if np.size(x) == 1 else np.nan
        for node, link in zip(graph.nodes, graph.links, strict=True)
        for x, j in zip(node.operands, link, strict=True)
        if j < 0
    ]
    starts = np.cumsum([0, *map(len, graph.links)], dtype=np.int32)
    links = np.array([j for link in graph.links for j in link], np.int32)
    return {
        "ops": [["", ""], *([clean(op.symbol), op.name] for op in ops)],
        "op": array_of(np.array([ops[n.op] if n.op else 0 for n in graph.nodes], np.uint16)),
        "starts": array_of(starts),
        "links": array_of(links),
        "outputs": sorted(map(graph.index, graph.outputs)),
        "constants": array_of(np.array(constants, np.float64)),
    }


def _arrays(graph: Graph) -> dict[int, dict[str, Any]]:
    arrays = [i for i, n in enumerate(graph.nodes) if isinstance(n.data, np.ndarray)]
    return {i: _array(graph.nodes[i]) for i in arrays[:ARRAYS]}


def _array(node: Node) -> dict[str, Any]:
    return {
        "shape": node.data.shape,
        "text": full(node.data),
        "data": entries(node.data),
        "grad": entries(node.grad) if node.has_grad else None,
    }
