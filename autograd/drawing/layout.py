"""Where boxes and edges go: numbers in, numbers out; left to right; no box touches another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograd.drawing.align import heights
from autograd.drawing.layers import Layers, Link, in_layers
from autograd.drawing.settle import settle

Point = tuple[float, float]
Size = tuple[float, float]

MARGIN = 16.0
BETWEEN_BOXES = 18.0  # from one box down to the next
BETWEEN_LINES = 14.0  # from one edge down to the next, or to a box
STUB = 28.0  # the straight end of an edge, for its arrow head and label
CURVE = 34.0  # the least room in which edges change height
STEEPEST = 120.0  # the most


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything is, in pixels from the top left.

    Attributes
    ----------
    width, height : float
        The size of the whole.
    corners : tuple of (x, y)
        The top left corner of each box.
    routes : tuple of tuple of (x, y)
        The points that each edge leads through. Between two of the same height it is straight,
        between others it swings from level to level. Edges that leave one box share the
        beginning; only the first of them has it in its route.
    """

    width: float
    height: float
    corners: tuple[Point, ...]
    routes: tuple[tuple[Point, ...], ...]

    @property
    def on_its_side(self) -> Layout:
        """The same with across for down: from the left to the right becomes from the top down."""
        return Layout(
            width=self.height,
            height=self.width,
            corners=tuple((y, x) for x, y in self.corners),
            routes=tuple(tuple((y, x) for x, y in route) for route in self.routes),
        )


def lay_out(
    sizes: Sequence[Size],
    edges: Sequence[Link],
    ends: Sequence[float] | None = None,
    lanes: Sequence[float] | None = None,
) -> Layout:
    """Lay out a graph.

    Parameters
    ----------
    sizes : sequence of (width, height)
        The size of each box, in topological order; there is one at least.
    edges : sequence of (int, int)
        Each edge once, from box to box; from a lower number to a higher.
    ends : sequence of float, optional
        How long the straight end of each edge must be, for its label.
    lanes : sequence of float, optional
        How far apart edges enter each box, where it is high enough.

    Examples
    --------
    >>> layout = lay_out([(50, 20), (50, 20)], [(0, 1)])
    >>> layout.corners
    ((16.0, 16.0), (128.0, 16.0))
    >>> layout.routes
    (((66.0, 26.0), (100.0, 26.0), (128.0, 26.0)),)
    """
    layers = in_layers(len(sizes), edges)
    bends = len(layers.left) - len(sizes)
    tall = [height for _, height in sizes] + [0.0] * bends

    def distance(upper: int, lower: int) -> float:
        both_boxes = max(upper, lower) < len(sizes)
        return (tall[upper] + tall[lower]) / 2 + (BETWEEN_BOXES if both_boxes else BETWEEN_LINES)

    y = heights(layers, distance)
    settle(layers, y, distance)
    top = min(at - h / 2 for at, h in zip(y, tall, strict=True)) - MARGIN
    y = [round(at - top, 1) for at in y]
    stubs = [STUB] * len(layers.columns)
    for (_, target), end in zip(edges, ends or (), strict=ends is not None):
        column = layers.column[target]
        stubs[column] = max(stubs[column], end)
    spans = _spans(layers, sizes, y, stubs)
    span_of = [spans[i] for i in layers.column]
    return Layout(
        width=spans[-1][1] + MARGIN,
        height=max(at + h / 2 for at, h in zip(y, tall, strict=True)) + MARGIN,
        corners=tuple(
            (span_of[box][1] - wide, y[box] - high / 2) for box, (wide, high) in enumerate(sizes)
        ),
        routes=tuple(_routes(layers, sizes, y, span_of, stubs, lanes)),
    )


def _spans(
    layers: Layers, sizes: Sequence[Size], y: Sequence[float], stubs: Sequence[float]
) -> list[tuple[float, float]]:
    """Find where each column begins and ends; the steeper its edges, the more room they get."""
    spans: list[tuple[float, float]] = []
    end = MARGIN - CURVE - stubs[0]
    for column, stub in zip(layers.columns, stubs, strict=True):
        steepest = max((abs(y[u] - y[v]) for v in column for u in layers.left[v]), default=0.0)
        begin = end + stub + max(CURVE, min(steepest / 3, STEEPEST))
        end = begin + max((sizes[i][0] for i in column if i < layers.boxes), default=0.0)
        spans.append((begin, end))
    return spans


def _routes(
    layers: Layers,
    sizes: Sequence[Size],
    y: Sequence[float],
    span_of: Sequence[tuple[float, float]],
    stubs: Sequence[float],
    lanes: Sequence[float] | None,
) -> Iterator[tuple[Point, ...]]:
    ports = _ports(layers, sizes, y, lanes or [BETWEEN_LINES] * len(sizes))
    for path in layers.paths:
        *through, target = path
        begin, end = span_of[target]
        points = [(span_of[through[0]][1], y[through[0]])]
        for bend in through[1:]:
            points += [
                (span_of[bend][0] - stubs[layers.column[bend]], y[bend]),
                (span_of[bend][1], y[bend]),
            ]
        port = ports[through[-1], target]
        points += [(begin - stubs[layers.column[target]], port), (end - sizes[target][0], port)]
        yield tuple(points)


def _ports(
    layers: Layers, sizes: Sequence[Size], y: Sequence[float], lanes: Sequence[float]
) -> dict[Link, float]:
    """Choose how high each edge enters its box: in order, and the straight one in the middle."""
    ports = {}
    for box, (_, tall) in enumerate(sizes):
        sources = sorted(layers.left[box], key=y.__getitem__)
        straight = [i for i, source in enumerate(sources) if abs(y[source] - y[box]) < 1]
        middle = straight[0] if straight else (len(sources) - 1) / 2
        most = max(middle, len(sources) - 1 - middle, 1)
        apart = min(lanes[box], (tall / 2 - 6) / most)
        for i, source in enumerate(sources):
            ports[source, box] = y[box] + (i - middle) * apart
    return ports
