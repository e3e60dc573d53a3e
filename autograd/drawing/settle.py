"""Small moves at the end: straighten what is nearly straight, bring operands to their operation."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.drawing.align import Distance, preferred
from autograd.drawing.layers import Layers

PASSES = 6
NEAR = 0.05  # heights that differ by less are the same


def settle(layers: Layers, y: list[float], distance: Distance) -> None:
    """Move each straight run of items, in place, as far as the items above and below allow.

    A run that begins with an operation moves to the height of its operands; a leaf, with the
    trunk of edges that leaves it, to where it is used.
    """
    left, _ = preferred(layers)
    places = layers.places
    for _ in range(PASSES):
        for run in _runs(layers, y):
            if left[run[0]]:
                wish = sum(y[u] for u in left[run[0]]) / len(left[run[0]])
            elif all(item >= layers.boxes for item in run[1:]):
                wishes = sorted(_wishes(layers, run, y, distance)) or [y[run[0]]]
                wish = (wishes[(len(wishes) - 1) // 2] + wishes[len(wishes) // 2]) / 2
            else:
                continue
            low, high = _room(layers, places, run, y, distance)
            height = min(max(wish, low), high)
            for item in run:
                y[item] = height


def _runs(layers: Layers, y: Sequence[float]) -> list[list[int]]:
    """Split the items into runs of neighbours of the same height."""
    runs: dict[int, list[int]] = {}
    for column in layers.columns:
        for item in column:
            before = [u for u in layers.left[item] if abs(y[u] - y[item]) < NEAR]
            runs[item] = runs[before[0]] if before else []
            runs[item].append(item)
    return [run for item, run in runs.items() if run[0] == item]


def _wishes(
    layers: Layers, run: Sequence[int], y: Sequence[float], distance: Distance
) -> list[float]:
    """List, for each use of a run's items, the height that would suit it.

    Operands stand evenly about their operation, or about the one that is straight before it.
    """
    wishes = []
    for item in run:
        for target in layers.right[item]:
            if abs(y[target] - y[item]) >= NEAR:
                among = sorted(layers.left[target], key=y.__getitem__)
                straight = [i for i, u in enumerate(among) if abs(y[u] - y[target]) < NEAR]
                middle = straight[0] if straight else (len(among) - 1) / 2
                place = among.index(item)
                beside = among[place - 1 if place > middle else min(place + 1, len(among) - 1)]
                wishes.append(y[target] + (place - middle) * distance(item, beside))
    return wishes


def _room(
    layers: Layers,
    places: Sequence[int],
    run: Sequence[int],
    y: Sequence[float],
    distance: Distance,
) -> tuple[float, float]:
    low, high = -float("inf"), float("inf")
    for item in run:
        column, place = layers.columns[layers.column[item]], places[item]
        if place > 0:
            low = max(low, y[column[place - 1]] + distance(column[place - 1], item))
        if place + 1 < len(column):
            high = min(high, y[column[place + 1]] - distance(item, column[place + 1]))
    return low, high
