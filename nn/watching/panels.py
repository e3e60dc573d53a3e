"""What stands beside the network: the loss, and what the model answers over the plane."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from autograd.text import number
from nn.watching.marks import INK, PAPER, border, digits, point, small, strong
from nn.watching.reading import Frame
from nn.watching.surface import POSITIVE, SIDE, Plane, heat_map, line

PANEL, CURVE = 250, 150  # the sides of the map; the height of the loss curve
BELOW = 84  # from a panel to the next
MOST_LABELS = 7
END, BOLD = 'text-anchor="end"', 'font-weight="bold"'

Place = tuple[float, float]


def is_log(losses: Sequence[float]) -> bool:
    """Whether losses are drawn by their logarithm: they are positive and span a factor of 30."""
    known = [loss for loss in losses if math.isfinite(loss)]
    return bool(known) and 0 < min(known) * 30 < max(known)


def curve(frames: Sequence[Frame]) -> list[Place | None]:
    """Where in its panel the loss of each frame stands; None where it is not finite."""
    log = is_log([frame.loss for frame in frames])
    heights = [
        (math.log(frame.loss) if log else frame.loss) if math.isfinite(frame.loss) else None
        for frame in frames
    ]
    known = [height for height in heights if height is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    first, steps = frames[0].step, max(1, frames[-1].step - frames[0].step)
    return [
        None
        if height is None
        else (
            (frame.step - first) / steps * PANEL,
            CURVE * (1 - (height - low) / (high - low) if high > low else 0.5),
        )
        for frame, height in zip(frames, heights, strict=True)
    ]


def loss_panel(x: float, y: float, frames: Sequence[Frame], at: int) -> Iterator[str]:
    """The loss from the first frame to the last, and where one frame stands on it."""
    losses = [frame.loss for frame in frames if math.isfinite(frame.loss)]
    yield strong(x, y - 10, "loss, log scale" if is_log(losses) else "loss", BOLD)
    yield border(x, y, PANEL, CURVE)
    yield small(x - 6, y + 11, digits(max(losses), 3), END)
    if max(losses) > min(losses):
        yield small(x - 6, y + CURVE, digits(min(losses), 3), END)
    yield small(x, y + CURVE + 17, f"step {frames[0].step}")
    yield small(x + PANEL, y + CURVE + 17, f"{frames[-1].step}", END)
    places = curve(frames)
    path, pen = "", "M"
    for place in places:
        path += f"{pen}{place[0]:.1f} {place[1]:.1f}" if place else ""
        pen = "L" if place else "M"
    yield (
        f'<g transform="translate({x:.1f} {y:.1f})"><path class="positive" d="{path}" fill="none" '
        f'stroke="{POSITIVE}" stroke-width="2" stroke-linejoin="round"/>'
    )
    here = places[at]
    shown = f"translate({here[0]:.1f} {here[1]:.1f})" if here else ""
    yield (
        f'<circle class="marker" transform="{shown}" display="{"inline" if here else "none"}" '
        f'r="5" fill="{INK}" stroke="{PAPER}" stroke-width="1.5"/></g>'
    )


def surface(plane: Plane, frame: Frame) -> tuple[str, str]:
    """The heat map of a frame as a URL, and the boundary as a path."""
    assert frame.surface is not None
    boundary = plane.boundary
    path = "" if boundary is None else line(frame.surface, boundary, PANEL)
    return heat_map(plane.levels(frame.surface), boundary is None), path


def plane_panel(x: float, y: float, plane: Plane, frame: Frame) -> Iterator[str]:
    """The answers over the plane, the boundary between them, and the data."""
    signed = plane.boundary is not None
    title = f"answers, and where they are {number(plane.boundary)}" if signed else "largest output"
    yield strong(x, y - 10, title, BOLD)
    half = PANEL / (SIDE - 1) / 2  # the middles of the outermost points lie on the border
    size = f'width="{PANEL + 2 * half:.2f}" height="{PANEL + 2 * half:.2f}"'
    url, path = surface(plane, frame)
    yield (
        f'<svg x="{x:.1f}" y="{y}" width="{PANEL}" height="{PANEL}">'
        f'<image class="map" x="{-half:.2f}" y="{-half:.2f}" {size} preserveAspectRatio="none" '
        f'href="{url}"/><path class="line" d="{path}" fill="none" stroke="{INK}" '
        'stroke-width="2"/>'
    )
    kinds = plane.targets <= plane.boundary if signed else plane.targets
    for (px, py), kind in zip(plane.places(PANEL), kinds.astype(int).tolist(), strict=True):
        yield point(px, py, kind, signed)
    yield "</svg>"
    yield border(x, y, PANEL, PANEL)
    low, high = plane.low, plane.high
    yield small(x, y + PANEL + 17, digits(low[0], 2))
    yield small(x + PANEL, y + PANEL + 17, digits(high[0], 2), END)
    yield small(x - 6, y + 11, digits(high[1], 2), END)
    yield small(x - 6, y + PANEL, digits(low[1], 2), END)
    labels = ["above", "below"] if signed else np.unique(kinds.astype(int)).tolist()[:MOST_LABELS]
    apart = PANEL / (len(labels) + 1)
    for k, label in enumerate(labels):
        left = x + apart * (k + 0.8)
        yield point(left, y + PANEL + 31, k if signed else label, signed)
        yield small(left + 9, y + PANEL + 35, str(label))
