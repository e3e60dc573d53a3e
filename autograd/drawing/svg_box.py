"""One box as SVG, and how large it must be for what is in it."""

from __future__ import annotations

from collections.abc import Iterator

from autograd.drawing.heat import CELLS, Heat
from autograd.drawing.layout import Point, Size
from autograd.drawing.picture import Box
from autograd.text import escape, width

TEXT, NAME, SYMBOL, SMALL = 12, 13, 15, 11  # sizes of letters
ROW, TITLE = 17, 22  # heights of lines
SPACE = 10  # between two texts of a line
LEAST_WIDTH = 116  # enough for most numbers, so that most boxes are equally wide
DOUBLE = 4  # from the outer border of the output to the inner
CARD = 4  # from one card of a stack to the next
BAR = 5  # height of a colour
CELL, MAPS = 6, 2 * CELLS * 6 + SPACE  # a cell of an array in little, and two arrays side by side
INK, LEAF, OP, GRAD, LINE = "#1A1A1A", "#0072B2", "#555555", "#B34700", "#707070"
PAPER = "#FFFFFF"

# Told apart by shape as well as by colour: thick, dashed, round, double, stacked.
FRAMES = {
    "parameter": f'fill="#F0F7FC" stroke="{LEAF}" stroke-width="2.5"',
    "input": f'fill="#F0F7FC" stroke="{LEAF}" stroke-width="1.3"',
    "outside": f'rx="12" fill="{PAPER}" stroke="{OP}" stroke-dasharray="1 3"',
    "group": f'rx="4" fill="#F3F3F3" stroke="{OP}" stroke-width="2.5"',
    "constant": f'rx="4" fill="{PAPER}" stroke="{OP}" stroke-dasharray="4 3"',
    "operation": f'rx="12" fill="#F8F8F8" stroke="{OP}" stroke-width="1.3"',
    "output": f'rx="12" fill="{PAPER}" stroke="{OP}" stroke-width="1.3"',
    "tag": f'rx="10" fill="{PAPER}" stroke="{LINE}" stroke-width="1"',
}
INNER_FRAME = f'fill="#F8F8F8" stroke="{OP}" stroke-width="1.3"'
# Orange below zero and blue above, the darker the further from it.
BELOW = ("#FDD0A2", "#FDAE6B", "#E6550D", "#A63603")
ABOVE = ("#C6DBEF", "#9ECAE1", "#3182BD", "#08519C")


def size(box: Box) -> Size:
    """Find how wide and how high a box must be for what is written in it."""
    across, down = _padding(box)
    if box.kind == "tag":
        return width(box.name, TEXT) + width(box.symbol, TEXT) + 2 * across, ROW + 2 * down
    title = (width(box.name, NAME, bold=True), width(box.symbol, SYMBOL))
    rows = [(width(label, TEXT), width(value, TEXT)) for label, value in box.rows]
    widest = max(a + b + (SPACE if a and b else 0) for a, b in [title, *rows])
    least = 0 if box.kind == "constant" else LEAST_WIDTH
    wide = max(least, widest + 2 * across, MAPS + 2 * across if box.heat else 0)
    high = len(box.rows) * ROW + (TITLE if box.name or box.symbol else 0)
    high += (BAR + 4 if box.bar else 0) + _heat_height(box)
    return wide, high + 2 * down


def _heat_height(box: Box) -> int:
    return max((len(heat.cells) for heat in box.heat), default=0) * CELL + (6 if box.heat else 0)


def _padding(box: Box) -> tuple[float, float]:
    """Room between the text and the border, at the sides and above and below."""
    if box.kind in ("constant", "tag"):
        return 8, 4 if box.kind == "constant" else 1
    return (12, 11) if box.last else (9, 7)


def draw_box(box: Box, corner: Point, extent: Size, loop: str = "") -> Iterator[str]:
    """Draw a box; with a loop, what leads back to it from later, if that is said."""
    (x, y), (wide, high), (across, down) = corner, extent, _padding(box)
    what = f'data-opens="{box.opens}"' if box.opens else f'data-nodes="{_list(box.nodes)}"'
    yield f'<g class="box {box.kind}" data-key="{box.key}" {what}>'
    yield f"<title>{escape(box.hover)}</title>"
    frame = FRAMES[box.kind]
    if box.count > 1 and box.kind != "tag":
        thin = frame.replace('width="2.5"', 'width="1.3"')
        for n in (2, 1):
            yield rect(x + n * CARD, y + n * CARD, wide, high, f'class="card" {thin}')
    yield rect(x, y, wide, high, f'class="frame" {frame}')
    if box.last:
        inner = (x + DOUBLE, y + DOUBLE, wide - 2 * DOUBLE, high - 2 * DOUBLE)
        yield rect(*inner, f'class="frame" rx="{2 if box.kind == "group" else 8}" {INNER_FRAME}')
    if loop:
        yield _loop(x + wide - 16, y, loop)
    left, right, y = x + across, x + wide - across, y + down
    yield from _title(box, left, right, y)
    y += TITLE if box.kind != "tag" and (box.name or box.symbol) else 0
    for row in box.rows:
        yield from _row(*row, left, right, y)
        y += ROW
    for heat in box.heat:
        at = left if heat.label == "data" else right - len(heat.cells[0]) * CELL
        yield from _heat(heat, at, y + 4)
    if box.bar:
        at = y + _heat_height(box) + 4
        yield rect(
            left,
            at,
            (right - left) * box.bar.length,
            BAR,
            f'class="bar" fill="{box.bar.fill}"',
        )
    yield "</g>"


def _title(box: Box, left: float, right: float, y: float) -> Iterator[str]:
    """Write the name at the left and the operation at the right; alone, in the middle."""
    middle = (left + right) / 2
    if box.kind == "tag":
        name = f"{box.name} {box.symbol}".strip()
        yield text(middle, y + 13, name, f'class="name" fill="{OP}" text-anchor="middle"')
        return
    if box.name:
        ink = LEAF if box.kind in ("parameter", "input") else INK
        look = f'class="name" font-size="{NAME}" font-weight="bold" fill="{ink}"'
        yield text(left, y + 14, box.name, look)
    if box.symbol:
        at, anchor = (right, "end") if box.name else (middle, "middle")
        look = f'class="symbol" font-size="{SYMBOL}" fill="{INK}" text-anchor="{anchor}"'
        yield text(at, y + 14.5, box.symbol, look)


def _row(label: str, value: str, left: float, right: float, y: float) -> Iterator[str]:
    is_grad = "grad" in label
    if label:
        yield text(left, y + 13, label, f'class="label" fill="{GRAD if is_grad else OP}"')
    at, anchor = (right, "end") if label else ((left + right) / 2, "middle")
    kind, ink = ("grad", GRAD) if is_grad else ("data", INK)
    yield text(at, y + 13, value, f'class="{kind}" fill="{ink}" text-anchor="{anchor}"')


def _heat(heat: Heat, x: float, y: float) -> Iterator[str]:
    """Draw cells: full squares above zero, flat bars as minus signs below, a cross for NaN."""
    shapes: dict[tuple[str, str], list[str]] = {}
    for down, row in enumerate(heat.cells):
        for across, level in enumerate(row):
            name, fill, shape = _cell(level)
            shapes.setdefault((name, fill), []).append(
                f"M{figure(x + across * CELL)} {figure(y + down * CELL)}{shape}"
            )
    wide, high = len(heat.cells[0]) * CELL, len(heat.cells) * CELL
    ink = GRAD if heat.label == "grad" else OP
    yield f'<g class="heat {heat.label}">'
    yield rect(x - 1, y - 1, wide + 1, high + 1, f'fill="{PAPER}" stroke="{ink}"')
    for (name, fill), path in sorted(shapes.items()):
        if fill:
            yield f'<path class="{name}" fill="{fill}" d="{"".join(path)}"/>'
    yield "</g>"


def _cell(level: int | None) -> tuple[str, str, str]:
    """What a cell is called, its colour, and its outline from its top left."""
    if level is None:
        return "nan", INK, "l2 2l2-2l1 1l-2 2l2 2l-1 1l-2-2l-2 2l-1-1l2-2l-2-2z"
    side = CELL - 1
    if level < 0:
        return f"below{-level}", BELOW[-level - 1], f"m0 1.5h{side}v2h-{side}z"
    return f"above{level}", (ABOVE[level - 1] if level else ""), f"h{side}v{side}h-{side}z"


def _loop(x: float, y: float, why: str) -> str:
    """Draw a small loop at the upper border: each part is made from the one before."""
    return (
        f'<g class="back"><title>{escape(why)}</title>'
        f'<path d="M{figure(x)} {figure(y)}c0 -12 -16 -12 -16 -5" '
        f'fill="none" stroke="{LINE}" stroke-width="1.4"/>'
        f'<path class="tip" d="M{figure(x - 16)} {figure(y)}l-3 -6h6z" fill="{LINE}"/></g>'
    )


def rect(x: float, y: float, wide: float, high: float, look: str) -> str:
    """Draw a rectangle."""
    return (
        f'<rect x="{figure(x)}" y="{figure(y)}" width="{figure(wide)}" '
        f'height="{figure(high)}" {look}/>'
    )


def text(x: float, y: float, words: str, look: str) -> str:
    """Write a text."""
    return f'<text x="{figure(x)}" y="{figure(y)}" {look}>{escape(words)}</text>'


def figure(value: float) -> str:
    """Write a coordinate, to a tenth of a pixel.

    Examples
    --------
    >>> figure(2.0), figure(2.26)
    ('2', '2.3')
    """
    return f"{value:.1f}".removesuffix(".0")


def _list(nodes: tuple[int, ...]) -> str:
    return " ".join(map(str, nodes))
