"""A frame as SVG: only attributes, no style and no script, so that every viewer shows it.

What moves from frame to frame carries an index of its number (``data-i`` for a weight or a bias,
``data-o`` for an output), by which `player.js` finds it again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from autograd.drawing.svg import FONT
from autograd.text import escape, number, width
from nn.watching.marks import (
    DASH,
    EDGE,
    PAPER,
    SIGNS,
    share,
    short,
    sign,
    small,
    stroke,
    strong,
    tint,
)
from nn.watching.panels import BELOW, CURVE, PANEL, Place, curve, loss_panel, plane_panel
from nn.watching.reading import Array, Column, Frame
from nn.watching.surface import Plane

RADIUS, PITCH, MOST_PITCH = 20, 44, 76  # of a unit; from unit to unit, the least and the most
GAP, WIDE_GAP, MANY = 128, 176, 64  # from column to column; the same if there are many weights
PAD, HEAD, FOOT = 16, 84, 122  # around all; above the units; below them
LEFT, TOP = 44, 58  # of the panels: room for the numbers beside them, and for the headline
LEAST, WIDEST, RING = 0.3, 6.0, 4.0  # widths: of the thinnest and the widest line, of a border
TINY = 1e-30  # in place of 0, by which no share can be taken
FAINT = 0.2  # how opaque a line is that stands for 0
MIDDLE = 'text-anchor="middle"'


@dataclass(frozen=True)
class Scene:
    """What is drawn of a network, and the frames that it is drawn at.

    Attributes
    ----------
    title : str
        What is watched.
    columns : list of Column
        The units.
    parts : list of str
        The names of all parts, drawn or not.
    plane : Plane or None
        The map, for a model of two inputs.
    frames : list of Frame
        All that are kept. A weight's width is relative to the largest in any of them; a gradient's
        to the largest of its own frame.
    """

    title: str
    columns: list[Column]
    parts: list[str]
    plane: Plane | None
    frames: list[Frame]

    # Numbers

    @cached_property
    def groups(self) -> tuple[Array, Array]:
        """Which column each weight or bias belongs to, and each unit; sizes are compared there."""
        columns = np.arange(len(self.columns))
        own = np.repeat(columns, [self._numbers(i) for i in range(len(self.columns))])
        return own, np.repeat(columns, [len(column.shown) for column in self.columns])

    @cached_property
    def scales(self) -> tuple[Array, Array]:
        """The largest size in the column, in any frame, for each value and each output."""
        own, units = self.groups
        return (
            _largest([frame.values for frame in self.frames], own),
            _largest([frame.outputs for frame in self.frames], units),
        )

    def _weights(self, i: int) -> int:
        """How many weights are drawn before a column."""
        is_layer = self.columns[i].part is not None
        return is_layer * len(self.columns[i - 1].shown) * len(self.columns[i].shown)

    def _numbers(self, i: int) -> int:
        """How many weights and biases are drawn of a column."""
        return self._weights(i) + (self.columns[i].part is not None) * len(self.columns[i].shown)

    def _first(self, i: int) -> int:
        """Where the numbers of a column begin in a frame."""
        return sum(map(self._numbers, range(i)))

    # Places

    @cached_property
    def curve(self) -> list[Place | None]:
        """Where the loss of each frame stands in its panel."""
        return curve(self.frames)

    @cached_property
    def corners(self) -> list[Place]:
        """Where the centre of each column's first unit stands."""
        x, corners = PAD + RADIUS + 28.0, []
        for i, column in enumerate(self.columns):
            if i:
                titles = sum(width(self._name(k), 12, bold=True) for k in (i - 1, i))
                x += max(WIDE_GAP if self._weights(i) > MANY else GAP, titles / 2 + 12)
            slack = self._body - len(column.shown) * self._pitch
            corners.append((x, HEAD + (slack + self._pitch) / 2))
        return corners

    @property
    def _most(self) -> int:
        """How many units are drawn of the longest column."""
        return max((len(column.shown) for column in self.columns), default=1)

    @property
    def _pitch(self) -> float:
        """How far it is from a unit to the next: few units take the room that there is."""
        return min(MOST_PITCH, self._body / self._most)

    @property
    def _body(self) -> float:
        """How high the part of the picture is where the units stand."""
        return max(self._most * PITCH, TOP - 18 + self._panels - HEAD - FOOT)

    @property
    def _panels(self) -> float:
        """How high the loss and the map are, one above the other."""
        return self._loss_height + (self.plane is not None) * (PANEL + BELOW)

    @property
    def _loss_height(self) -> float:
        return any(self.curve) * (CURVE + BELOW)

    def _name(self, i: int) -> str:
        part = self.columns[i].part
        if part is None:
            return f"{self.columns[i].size} input{'s' * (self.columns[i].size > 1)}"
        return part.name if len(part.name) <= 16 else f"…{part.name[-15:]}"

    # Drawing

    def svg(self, at: int = -1, *, gradients: bool = False) -> str:
        """Write the frame at an index as SVG."""
        frame = self.frames[at]
        numbers, scales = frame.values, self.scales[0]
        if gradients:  # they shrink a thousandfold while it learns, so each frame has its own scale
            numbers, scales = frame.gradients, _largest([frame.gradients], self.groups[0])
        x = (self.corners[-1][0] + RADIUS + 48 if self.corners else PAD) + LEFT
        wide = max(430, x + PANEL + 2 * PAD if self._panels else x)
        high = HEAD + self._body + FOOT
        lines = [
            '<svg xmlns="http://www.w3.org/2000/svg" '
            f'width="{wide:.0f}" height="{high:.0f}" viewBox="0 0 {wide:.0f} {high:.0f}" '
            f'role="img" font-family="{FONT}" font-size="12">',
            f"<title>{escape(self.title)}</title>",
            f'<desc class="head">{headline(frame)}</desc>',
            f'<rect class="paper" width="{wide:.0f}" height="{high:.0f}" fill="{PAPER}"/>',
            strong(PAD, 27, headline(frame), 'font-size="15" font-weight="bold"', "ink head"),
            *self._lines(numbers, scales),
        ]
        output = 0
        for i, column in enumerate(self.columns):
            lines += self._around(i, frame)
            lines += self._units(i, frame.outputs[output:], self.scales[1][output:], output)
            lines += self._biases(i, numbers, scales)
            output += len(column.shown)
        if self.columns:
            lines += _legend(high - 34, "gradients" if gradients else "weights")
        if self._loss_height:
            lines += loss_panel(x, TOP, self.frames, at)
        if self.plane is not None:
            lines += plane_panel(x, TOP + self._loss_height, self.plane, frame)
        return "\n".join([*lines, "</svg>", ""])

    def _lines(self, numbers: Array, scales: Array) -> Iterator[str]:
        """The weights, each from a unit to one of the next column."""
        for column in range(1, len(self.columns)):
            (x0, y0), (x1, y1) = self.corners[column - 1 : column + 1]
            before, first = len(self.columns[column - 1].shown), self._first(column)
            widest = round(WIDEST / max(1.0, math.sqrt(self._weights(column) / 40)), 2)
            yield f'<g fill="none" data-widest="{widest}">'
            for k in range(self._weights(column)):
                end, start = divmod(k, before)
                value, scale = float(numbers[first + k]), scales[first + k]
                yield (
                    f'<path class="{sign(value)}" data-i="{first + k}" '
                    f'd="M{x0 + RADIUS:.0f} {y0 + start * self._pitch:.0f}'
                    f'L{x1 - RADIUS:.0f} {y1 + end * self._pitch:.0f}" '
                    f"{stroke(value, scale, LEAST, widest)} "
                    f'stroke-opacity="{FAINT + (1 - FAINT) * share(value, scale):.2f}">'
                    f"<title>{value:.6g}</title></path>"
                )
            yield "</g>"

    def _around(self, i: int, frame: Frame) -> Iterator[str]:
        """What is said of a column above it and below."""
        (x, y), column = self.corners[i], self.columns[i]
        yield strong(x, HEAD - 32, self._name(i), f'{MIDDLE} font-weight="bold"')
        if column.activation:
            yield small(x, HEAD - 17, column.activation, MIDDLE)
        hidden = column.size - len(column.shown)
        if hidden:
            last = y + (len(column.shown) - 1) * self._pitch
            yield small(x, last + RADIUS + 16, f"⋮ {hidden} more", MIDDLE)
        if column.part is not None:
            part = self.parts.index(column.part.name)
            for k, label in enumerate(("|w|", "|grad|")):
                text = f"{label} {number(frame.norms[part][k])}"
                below = HEAD + self._body + 36 + 15 * k
                yield small(x, below, text, f'{MIDDLE} data-norm="{part} {k}"')

    def _units(self, i: int, outputs: Array, scales: Array, first: int) -> Iterator[str]:
        """The units of a column, and what each gave."""
        (x, y), column = self.corners[i], self.columns[i]
        back = f'class="paper" r="{RADIUS}" fill="{PAPER}"'
        if column.part is None:  # it has no bias, which is the border of others
            back = f'class="paper input" r="{RADIUS}" fill="{PAPER}" stroke="{EDGE}"'
        for k, unit in enumerate(column.shown):
            given = float(outputs[k])
            look = f'{MIDDLE} font-size="11" data-o="{first + k}"'
            yield (
                f'<g transform="translate({x:.0f} {y + k * self._pitch:.0f})">'
                f"<title>unit {unit}</title><circle {back}/>"
                f'<circle class="tint {sign(given)}" data-o="{first + k}" r="{RADIUS}" '
                f"{tint(given, scales[k])}/>"
                f"{strong(0, 4 if column.part is None else -2, short(given), look)}</g>"
            )

    def _biases(self, i: int, numbers: Array, scales: Array) -> Iterator[str]:
        """The bias of each unit of a column: its border, and a number."""
        (x, y), first = self.corners[i], self._first(i) + self._weights(i)
        for k in range(self._numbers(i) - self._weights(i)):
            value, scale = float(numbers[first + k]), scales[first + k]
            look = f'{MIDDLE} data-i="{first + k}"'
            yield (
                f'<g transform="translate({x:.0f} {y + k * self._pitch:.0f})">'
                f'<circle class="{sign(value)}" data-i="{first + k}" r="{RADIUS}" fill="none" '
                f"{stroke(value, scale, 1.0, RING)}/>{small(0, 11, short(value), look)}</g>"
            )


def headline(frame: Frame) -> str:
    """What is said of a frame first."""
    loss = "" if math.isnan(frame.loss) else f" · loss {number(frame.loss)}"
    return f"step {frame.step}{loss}"


def _legend(y: float, mode: str) -> Iterator[str]:
    """What lines and numbers mean."""
    for k, name in enumerate(SIGNS):
        dash = f' stroke-dasharray="{DASH}"' if name == "negative" else ""
        left = PAD + 100 * k
        yield (
            f'<path class="{name}" d="M{left} {y - 4:.0f}h30" stroke="{SIGNS[name]}" '
            f'stroke-width="3"{dash}/>'
        )
        yield small(left + 36, y, name)
    yield small(PAD + 200, y, f"{mode}; wide: large for the layer", kind="muted mode")
    yield small(
        PAD, y + 18, "in a unit: its output for one sample; below it the bias, or its gradient"
    )


def _largest(frames: Sequence[Array], groups: Array) -> Array:
    """For each number the largest size in its group, in any of some frames; never 0."""
    sizes = np.abs(np.nan_to_num(np.stack(frames), posinf=0.0, neginf=0.0)).max(axis=0)
    largest = np.full(groups.max(initial=0) + 1, TINY)
    np.maximum.at(largest, groups, sizes)
    return np.asarray(largest[groups])
