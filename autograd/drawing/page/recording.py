"""The steps of both passes, packed for a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd.drawing.page.numbers import entries, norm_and_peak
from autograd.graph import Graph
from autograd.stepping import Step

MOST = 10_000  # steps that are kept


def pack(graph: Graph, steps: Iterable[Step], more: bool) -> dict[str, Any]:
    """Pack steps, and whether there were more.

    Each is the node at work, the operand that receives, what that has then, the line, the rule, and
    of small arrays the entries; nodes by their places in the graph.
    """
    return {"list": [_packed(graph, step) for step in steps], "more": more}


def _packed(graph: Graph, step: Step) -> list[Any]:
    node, line, rule = graph.index(step.node), step.line(), step.rule()
    if step.parent is None:
        return [node, None, None, line, rule]
    packed = [node, graph.index(step.parent), norm_and_peak(step.total), line, rule]
    return [*packed, _entries(step)] if isinstance(step.parent.data, np.ndarray) else packed


def _entries(step: Step) -> dict[str, Any] | None:
    """What each entry of a small array receives; where possible, as a product."""
    total = np.asarray(step.total)
    if entries(total) is None:
        return None
    known = {"share": entries(np.asarray(step.contribution)), "total": entries(total)}
    if step.local is not None and np.shape(step.upstream) == total.shape:
        known["up"] = entries(np.asarray(step.upstream))
        known["local"] = entries(np.broadcast_to(np.asarray(step.local, float), total.shape))
    return known
