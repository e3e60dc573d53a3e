"""What a model of two inputs answers over the plane: a heat map, and where its classes part."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from nn.watching.reading import Array

SIDE = 32  # points of the heat map along each side
LEVELS = 31  # shades of each sign
MARGIN = 0.12  # of the extent of the data, around it
MOST_POINTS = 400
POSITIVE, NEGATIVE = "#0072B2", "#B34700"
# The colours of classes are those of Okabe & Ito 2008, which the colour-blind tell apart.
CLASSES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A7A7A")


@dataclass(frozen=True)
class Plane:
    """The part of the plane where the data lie, and what is wanted there.

    Attributes
    ----------
    points : array of shape (samples, 2)
        At most `MOST_POINTS` samples, evenly thinned.
    targets : array of shape (samples,)
        What is wanted for them: a number, or the class.
    low, high : array of shape (2,)
        The corners.
    boundary : float or None
        What answer parts the two classes; None if there are more than two, numbered.
    """

    points: Array
    targets: Array
    low: Array
    high: Array
    boundary: float | None

    @property
    def grid(self) -> Array:
        """The samples for which the model is asked, row by row from the top: (SIDE², 2)."""
        x, y = np.linspace(self.low, self.high, SIDE).T
        return np.stack(np.meshgrid(x, y[::-1]), axis=-1).reshape(-1, 2)

    @property
    def spread(self) -> float:
        """How far from the boundary an answer has the full colour: as far as the targets are."""
        return float(np.abs(self.targets - (self.boundary or 0.0)).max()) or 1.0

    def levels(self, answers: Array) -> Array:
        """Answers as whole numbers from -LEVELS to LEVELS; a class as its number."""
        if self.boundary is None:
            return np.asarray(answers, int)
        share = np.nan_to_num((answers - self.boundary) / self.spread)
        return np.rint(np.clip(share, -1, 1) * LEVELS).astype(int)

    def places(self, size: float) -> Array:
        """Where the points stand in a square with sides of `size`: (samples, 2)."""
        share = (self.points - self.low) / (self.high - self.low)
        return np.column_stack([share[:, 0], 1 - share[:, 1]]) * size


def plane(x: Array, targets: Array, outputs: int, boundary: float) -> Plane:
    """Find the part of the plane that the data take up."""
    every = -(-len(x) // MOST_POINTS)
    low, high = x.min(axis=0), x.max(axis=0)
    margin = MARGIN * np.where(high > low, high - low, 1.0)
    level = boundary if outputs == 1 else None
    return Plane(x[::every], targets[::every], low - margin, high + margin, level)


def heat_map(levels: Array, classes: bool) -> str:
    """A PNG of some levels, as a URL; more transparent where nearer to the boundary.

    Its bytes are not compressed, and so the same on every machine.
    """
    if classes:
        palette, alpha = list(CLASSES), [110] * len(CLASSES)
        levels = levels % len(CLASSES)
    else:
        shades = range(-LEVELS, LEVELS + 1)
        palette = [NEGATIVE if shade < 0 else POSITIVE for shade in shades]
        alpha = [160 * abs(shade) // LEVELS for shade in shades]
        levels = levels + LEVELS
    # Each row begins with how it is filtered: not at all.
    rows = np.pad(levels, ((0, 0), (1, 0))).astype(np.uint8)
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", *levels.shape[::-1], 8, 3, 0, 0, 0),
        b"PLTE": b"".join(bytes.fromhex(colour[1:]) for colour in palette),
        b"tRNS": bytes(alpha),
        b"IDAT": zlib.compress(rows.tobytes(), 0),
        b"IEND": b"",
    }
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks.items()
    )
    return "data:image/png;base64," + base64.b64encode(png).decode()


def line(answers: Array, boundary: float, size: float) -> str:
    """The line where the answers cross the boundary, as the path of an SVG.

    In each cell between four points it runs straight between the edges that it crosses (marching
    squares, Lorensen & Cline 1987), which two pairs of edges may be.
    """
    above = answers - boundary
    step, path = size / (len(above) - 1), []
    sign = above > 0
    count = sign[:-1, :-1] * 1 + sign[1:, :-1] + sign[:-1, 1:] + sign[1:, 1:]
    known = np.isfinite(above)
    known = known[:-1, :-1] & known[1:, :-1] & known[:-1, 1:] & known[1:, 1:]
    for i, j in np.argwhere((count > 0) & (count < 4) & known):
        corners = [(i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j)]
        crossed = [
            _between(a, b, above[a], above[b], step)
            for a, b in pairwise([*corners, corners[0]])
            if sign[a] != sign[b]
        ]
        path += [f"M{a}L{b}" for a, b in zip(crossed[::2], crossed[1::2], strict=True)]
    return "".join(path)


def _between(a: Sequence[int], b: Sequence[int], at_a: Any, at_b: Any, step: float) -> str:
    """Where between two neighbouring points the answer is 0."""
    share = at_a / (at_a - at_b)
    y, x = (p + share * (q - p) for p, q in zip(a, b, strict=True))
    return f"{x * step:.1f} {y * step:.1f}"
