"""What was found, as data, as a table and as colours."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias

from autograd import Node
from autograd.text import escape, number
from nn.parts import Part, described
from nn.table import table

Kind: TypeAlias = Literal[
    "not finite", "no gradient", "vanishing", "exploding", "dead", "saturated"
]


COLORS: dict[Kind, str] = {  # of Okabe & Ito 2008, which the colour-blind tell apart
    "not finite": "#D55E00",
    "no gradient": "#7A7A7A",
    "vanishing": "#56B4E9",
    "exploding": "#B34700",
    "dead": "#1A1A1A",
    "saturated": "#CC79A7",
}


HEADS = ("layer", "", "|w|", "|grad|", "|grad|/|w|", "findings")
WELL = "nothing found"


@dataclass(frozen=True)
class Finding:
    """One thing that ails a network.

    Attributes
    ----------
    kind : str
        One of ``not finite``, ``no gradient``, ``vanishing``, ``exploding``, ``dead`` and
        ``saturated``.
    where : str
        The layer, or the operation.
    measure : str
        What was measured.
    advice : str
        What to try.
    nodes : tuple of Node
        Those that it is about.
    """

    kind: Kind
    where: str
    measure: str
    advice: str
    nodes: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}: {self.measure}. {self.advice}."


@dataclass(frozen=True)
class Health:
    """One layer in numbers.

    Attributes
    ----------
    part : Part
        The layer.
    weight, grad : float
        The norms of its parameters and of their gradients; the latter NaN if there is none.
    slope : float
        The gradient per parameter: its root mean square.
    """

    part: Part
    weight: float
    grad: float
    slope: float


@dataclass(frozen=True, repr=False)
class Diagnosis:
    """What `diagnose` found. It prints as a table, and a notebook shows it as one.

    ``autograd.draw(loss, color=diagnosis)`` shows it in the picture of the graph.

    It holds the nodes that it is about, and with them the graph.

    Attributes
    ----------
    layers : list of Health
        Each layer in numbers.
    findings : list of Finding
        What ails it, the gravest first; empty if nothing does.
    """

    layers: list[Health]
    findings: list[Finding]

    @cached_property
    def marks(self) -> dict[Node, str]:
        """What is wrong with a node, for each with which something is; the gravest."""
        return {node: finding.kind for finding in reversed(self.findings) for node in finding.nodes}

    @cached_property
    def colors(self) -> dict[Node, str]:
        """A colour for each of those nodes, as ``draw(loss, color=diagnosis)`` shows it."""
        return {
            node: COLORS[finding.kind]
            for finding in reversed(self.findings)
            for node in finding.nodes
        }

    def _rows(self) -> list[tuple[str, ...]]:
        kinds = defaultdict(list)
        for finding in self.findings:
            kinds[finding.where].append(finding.kind)
        return [
            (
                health.part.name,
                described(health.part.module),
                number(health.weight),
                number(health.grad),
                number(health.grad / health.weight if health.weight else math.nan),
                ", ".join(dict.fromkeys(kinds[health.part.name])) or "–",
            )
            for health in self.layers
        ]

    def __str__(self) -> str:
        lines = list(table(HEADS, self._rows()))
        return "\n".join([*lines, "", *(map(str, self.findings) if self.findings else [WELL])])

    def __repr__(self) -> str:
        counts = Counter(finding.kind for finding in self.findings)
        found = ", ".join(f"{count} {kind}" for kind, count in counts.items())
        return f"<Diagnosis of {len(self.layers)} layers: {found or WELL}>"

    def _repr_html_(self) -> str:
        def row(cells: Iterable[str], tag: str) -> str:
            return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"

        findings = "".join(
            f'<li><b style="border-left:6px solid {COLORS[finding.kind]};padding-left:6px">'
            f"{finding.kind}</b> {escape(finding.where)}: {escape(finding.measure)}. "
            f"<i>{escape(finding.advice)}.</i></li>"
            for finding in self.findings
        )
        return (
            f"<table><thead>{row(HEADS, 'th')}</thead>"
            f"<tbody>{''.join(row(cells, 'td') for cells in self._rows())}</tbody></table>"
            + (f"<ul>{findings}</ul>" if findings else f"<p>{WELL}</p>")
        )


def listed(names: Iterable[str], most: int = 6) -> str:
    """The first few of some names, and how many more there are."""
    names = list(names)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
