"""Which column each box stands in, and in which order: few crossings, short edges."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import fsum

Link = tuple[int, int]

ROUNDS, PASSES = 40, 3  # at most so many rounds, of so many passes
PATIENCE = 8  # rounds that bring nothing, until it no longer pays


@dataclass(slots=True)
class Layers:
    """Boxes in columns, and bends where an edge passes through a column on its way.

    Attributes
    ----------
    boxes : int
        Items below this number are boxes, the others are bends.
    columns : list of list of int
        The items, column by column from the left, each from top to bottom.
    column : list of int
        The column of each item.
    left, right : list of list of int
        The neighbours of each item in the column before and in the column after.
    paths : list of list of int
        The items that each edge leads through. Edges that leave the same box share a trunk;
        the first of them that needs a stretch of it has it in its path.
    """

    boxes: int
    column: list[int]
    columns: list[list[int]]
    left: list[list[int]]
    right: list[list[int]]
    paths: list[list[int]]

    @property
    def places(self) -> list[int]:
        """The place of each item in its column."""
        places = [0] * len(self.left)
        for column in self.columns:
            for place, item in enumerate(column):
                places[item] = place
        return places

    def crossings(self) -> int:
        """Count the pairs of links that cross."""
        places, total = self.places, 0
        for column in self.columns:
            met: list[int] = []
            for item in column:
                ends = sorted(places[v] for v in self.right[item])
                total += sum(len(met) - bisect_right(met, end) for end in ends)
                for end in ends:
                    insort(met, end)
        return total


def in_layers(count: int, edges: Sequence[Link]) -> Layers:
    """Put boxes into columns, left to right along every edge, with few crossings.

    Parameters
    ----------
    count : int
        The number of boxes, which are 0, 1, … in topological order.
    edges : sequence of (int, int)
        Each edge once, from a lower number to a higher.

    Examples
    --------
    >>> in_layers(4, [(0, 1), (1, 2), (0, 3), (2, 3)]).columns  # 4 and 5 are bends
    [[0], [4, 1], [5, 2], [3]]
    """
    layers = _with_bends(columns_of(count, edges), edges)
    _order_by_descent(layers)
    _order_by_balance(layers)
    return layers


def columns_of(count: int, edges: Sequence[Link]) -> list[int]:
    """Choose a column for each box: as late as possible, or earlier if that is shorter.

    Examples
    --------
    >>> columns_of(5, [(0, 2), (1, 2), (2, 4), (3, 4)])  # 3 stands beside 2, not with 0 and 1
    [0, 0, 1, 1, 2]
    """
    sources: list[list[int]] = [[] for _ in range(count)]
    targets: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        sources[target].append(source)
        targets[source].append(target)
    column = [0] * count
    for box in reversed(range(count)):
        column[box] = min((column[t] for t in targets[box]), default=0) - 1
    first = min(column)
    column = [c - first for c in column]
    last = [max((column[t] for t in targets[box]), default=0) for box in range(count)]
    for box in range(count):
        # An edge that goes on to a later box gets no shorter, because they share their way.
        if sum(last[s] == column[box] for s in sources[box]) > 1:
            column[box] = max(column[s] for s in sources[box]) + 1
    return column


def _with_bends(column: list[int], edges: Sequence[Link]) -> Layers:
    count = len(column)
    columns: list[list[int]] = [[] for _ in range(max(column) + 1)]
    for box in range(count):
        columns[column[box]].append(box)
    layers = Layers(count, column, columns, [[] for _ in column], [[] for _ in column], [])
    trunks = [[box] for box in range(count)]
    for source, target in edges:
        trunk, span = trunks[source], column[target] - column[source]
        path = [trunk[min(len(trunk), span) - 1]]
        for c in range(column[source] + len(trunk), column[target]):
            bend = len(layers.left)
            layers.left.append([])
            layers.right.append([])
            column.append(c)
            columns[c].append(bend)
            trunk.append(bend)
            path.append(bend)
        path.append(target)
        for u, v in pairwise(path):
            layers.right[u].append(v)
            layers.left[v].append(u)
        layers.paths.append(path)
    return layers


def _order_by_descent(layers: Layers) -> None:
    """Place items in the order in which a walk back from the output meets them.

    For a tree, which many expressions are, this has no crossings and keeps the operands' order.
    """
    todo = [item for column in layers.columns for item in column if not layers.right[item]][::-1]
    met: set[int] = set()
    columns: list[list[int]] = [[] for _ in layers.columns]
    while todo:
        item = todo.pop()
        if item not in met:
            met.add(item)
            columns[layers.column[item]].append(item)
            todo.extend(reversed(layers.left[item]))
    layers.columns = columns


def _order_by_balance(layers: Layers) -> None:
    """Let each item pull at its neighbours on both sides, and keep the best order that comes of it.

    Each item moves to the mean height of its neighbours, a few times over; then those of a column
    are spaced evenly again, in the order that they have come to. So what belongs together comes
    together over the whole width, as in the eigenvectors by which Koren draws, "Drawing Graphs by
    Eigenvectors" (2005). Sorting column after column by the one before, as is usual, sees no
    further than that, and left up to five times as many crossings.
    """
    near = [_pulls(layers, item) for item in range(len(layers.left))]
    best, fewest, tries = layers.columns, layers.crossings(), 0
    heights = _evenly(layers)
    for _ in range(ROUNDS):
        if fewest == 0 or tries == PATIENCE:
            break
        for _, column in product(range(PASSES), layers.columns):
            for item in column:
                if near[item]:
                    # fsum rounds alike in every version of Python, so ties are broken alike
                    heights[item] = fsum([heights[i] for i in near[item]]) / len(near[item])
        layers.columns = [sorted(column, key=heights.__getitem__) for column in layers.columns]
        _swap_neighbours(layers)
        heights = _evenly(layers)
        crossings, tries = layers.crossings(), tries + 1
        if crossings < fewest:
            best, fewest, tries = layers.columns, crossings, 0
    layers.columns = best


def _pulls(layers: Layers, item: int) -> list[int]:
    """The neighbours of an item on both sides; those of a bend that are bends twice.

    So long edges are straight.
    """
    near = layers.left[item] + layers.right[item]
    return near + [i for i in near if i >= layers.boxes] if item >= layers.boxes else near


def _evenly(layers: Layers) -> list[float]:
    """Heights at which the items of each column are one apart, half of them above zero."""
    heights = [0.0] * len(layers.left)
    for column in layers.columns:
        for place, item in enumerate(column):
            heights[item] = place - len(column) / 2
    return heights


def _swap_neighbours(layers: Layers) -> None:
    """Swap items that stand one above the other wherever fewer of their links then cross."""
    places = layers.places
    for column in layers.columns:
        for i in range(len(column) - 1):
            upper, lower = column[i : i + 2]
            gain = 0
            for near in (layers.left, layers.right):
                for u in near[upper]:
                    for v in near[lower]:
                        gain += (places[u] > places[v]) - (places[u] < places[v])
            if gain > 0:
                column[i : i + 2] = lower, upper
                places[lower], places[upper] = i, i + 1
