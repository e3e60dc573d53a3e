"""How high each item stands: chains in a straight line, the rest balanced between neighbours.

After Brandes and Köpf, "Fast and Simple Horizontal Coordinate Assignment" (2002): items are
aligned with a neighbour into straight blocks, the blocks are packed, this is done four times,
preferring left or right and top or bottom, and the median of the four is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from autograd.drawing.layers import Layers

Distance = Callable[[int, int], float]


def heights(layers: Layers, distance: Distance) -> list[float]:
    """Find the vertical centre of each item.

    Parameters
    ----------
    layers : Layers
        Which items stand in which order.
    distance : callable
        How far apart the centres of two items of one column must be, at least.
    """
    left, right = preferred(layers)
    answers = []
    for leftwards in (True, False):
        columns = layers.columns if leftwards else layers.columns[::-1]
        near = left if leftwards else right
        for downwards in (True, False):
            flipped = columns if downwards else [column[::-1] for column in columns]
            heads = _align(flipped, near, layers.boxes)
            packed = _pack(flipped, heads, distance)
            sign = 1 if downwards else -1
            answers.append([sign * packed[head] for head in heads])
    return _median(answers)


def preferred(layers: Layers) -> tuple[list[list[int]], list[list[int]]]:
    """List the neighbours that each item may stand in line with.

    A bend lines up with bends, so that long edges are straight. An operation lines up with the
    operand that took the most steps to compute, so that a chain is straight and what joins it
    comes from the side; if several took the most, with any of them.
    """
    depth = [0] * len(layers.left)
    for column in layers.columns:
        for item in column:
            step = item < layers.boxes
            depth[item] = max((depth[u] + step for u in layers.left[item]), default=0)
    left: list[list[int]] = []
    right: list[list[int]] = [[] for _ in depth]
    for item, sources in enumerate(layers.left):
        most = max((depth[u] for u in sources), default=0)
        left.append([u for u in sources if depth[u] == most])
        for u in left[item]:
            right[u].append(item)
    for item in range(layers.boxes, len(depth)):
        bends = [v for v in right[item] if v >= layers.boxes]
        for v in set(right[item]) - set(bends) if bends else ():
            left[v].remove(item)
        right[item] = bends or right[item]
    return left, right


def _align(
    columns: Sequence[Sequence[int]], near: Sequence[Sequence[int]], boxes: int
) -> list[int]:
    """Join each item with its middle neighbour into a block; give each item its block's first.

    Lines that join may not cross; where two would, a line between two bends wins.
    """
    heads = list(range(len(near)))
    for before, column in pairwise(columns):
        place = {item: i for i, item in enumerate(before)}
        limit, limits = len(before), {}
        for item in reversed(column):
            limits[item] = limit
            if item >= boxes:
                limit = min([limit, *(place[u] for u in near[item] if u >= boxes)])
        last = -1
        for item in column:
            choices = sorted(place[u] for u in near[item])
            half = len(choices) // 2
            for choice in choices[len(choices) - half - 1 : half + 1]:
                if last < choice < limits[item]:
                    heads[item] = heads[before[choice]]
                    last = choice
                    break
    return heads


def _pack(
    columns: Sequence[Sequence[int]], heads: Sequence[int], distance: Distance
) -> list[float]:
    """Put every block as high as those above it allow, then as low as those below it allow."""
    below: list[list[tuple[int, float]]] = [[] for _ in heads]
    waits = [0] * len(heads)
    for column in columns:
        for upper, lower in pairwise(column):
            below[heads[upper]].append((heads[lower], distance(upper, lower)))
            waits[heads[lower]] += 1
    order = [item for item, head in enumerate(heads) if item == head and not waits[item]]
    at = [0.0] * len(heads)
    for block in order:  # grows while it is walked
        for other, apart in below[block]:
            at[other] = max(at[other], at[block] + apart)
            waits[other] -= 1
            if not waits[other]:
                order.append(other)
    for block in reversed(order):
        at[block] = min((at[other] - apart for other, apart in below[block]), default=at[block])
    return at


def _median(answers: Sequence[Sequence[float]]) -> list[float]:
    """Lay the four answers over the most compact of them; take the mean of the middle two."""
    spans = [(min(answer), max(answer)) for answer in answers]
    low, high = min(spans, key=lambda span: span[1] - span[0])
    shifts = [low - spans[0][0], high - spans[1][1], low - spans[2][0], high - spans[3][1]]
    shifted = [[y + shift for y in answer] for answer, shift in zip(answers, shifts, strict=True)]
    return [sum(sorted(ys)[1:3]) / 2 for ys in zip(*shifted, strict=True)]
