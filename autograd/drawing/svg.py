"""A picture as SVG: only attributes, no style and no script, so that every viewer shows it.

For a page that wants to do more with it, boxes, edges and texts have a ``class``, and say in
``data-`` attributes which they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from autograd.drawing.layout import MARGIN, STUB, Point, lay_out
from autograd.drawing.picture import Bar, Edge, Picture
from autograd.drawing.svg_box import (
    BAR,
    INK,
    LINE,
    OP,
    PAPER,
    SMALL,
    SPACE,
    TEXT,
    draw_box,
    figure,
    rect,
    size,
    text,
)
from autograd.text import escape, width

FONT = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
TIP = 9  # length of an arrow head
SWATCH = 40  # width of a colour in the legend
LEGEND = 24  # its height


def to_svg(picture: Picture) -> str:
    """Write a picture as SVG.

    Examples
    --------
    >>> from autograd import Graph, Value
    >>> from autograd.drawing.pictures import read
    >>> to_svg(read(Graph(Value(1.0)), {})['']).splitlines()[0][:32]
    '<svg xmlns="http://www.w3.org/20'
    """
    index = {box.key: i for i, box in enumerate(picture.boxes)}
    links = [(index[edge.source], index[edge.target]) for edge in picture.edges]
    ends = [max(STUB, _label_width(edge) + TIP + 6) for edge in picture.edges]
    layout = lay_out([size(box) for box in picture.boxes], links, ends)
    legend = list(_legend(picture.legend, layout.height))
    wide = figure(max(layout.width, _legend_width(picture.legend)))
    high = figure(layout.height + (LEGEND if legend else 0))
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}" role="img" font-family="{FONT}" font-size="{TEXT}">',
        f"<title>{escape(picture.title)}</title>",
        f"<desc>{escape(picture.description)}</desc>",
        f'<rect class="paper" width="{wide}" height="{high}" fill="{PAPER}"/>',
    ]
    routed = list(zip(picture.edges, layout.routes, strict=True))
    lines += [_line(edge, route) for edge, route in routed]
    lines += [_end(edge, route[-1]) for edge, route in routed]
    loops = _loops(picture)
    for box, corner in zip(picture.boxes, layout.corners, strict=True):
        lines += draw_box(box, corner, loops.get(box.key, ""))
    if legend:
        lines += ['<g class="legend">', *legend, "</g>"]
    return "\n".join([*lines, "</svg>", ""])


def _loops(picture: Picture) -> dict[str, str]:
    """What to say of the loop at each box that something later leads back to."""
    names = {box.key: box.name or box.symbol for box in picture.boxes}
    sources: dict[str, list[str]] = defaultdict(list)
    for edge in picture.back:
        sources[edge.target].append("itself" if edge.source == edge.target else names[edge.source])
    return {
        key: f"{names[key]}: each is also made from {' and '.join(found)}, of the one before"
        for key, found in sources.items()
    }


def _line(edge: Edge, route: Sequence[Point]) -> str:
    """Draw an edge: level where its points are, and swinging between different levels."""
    (x, y), *rest = route
    path = [f"M{figure(x)} {figure(y)}"]
    for to_x, to_y in rest:
        half, end = figure((x + to_x) / 2), figure(to_x)
        start, level = figure(y), figure(to_y)
        path.append(
            f"H{end}" if start == level else f"C{half} {start} {half} {level} {end} {level}"
        )
        x, y = to_x, to_y
    return (
        f'<path class="edge" data-source="{edge.source}" data-target="{edge.target}" '
        f'd="{"".join(path)}" fill="none" stroke="{LINE}" stroke-width="1.4"/>'
    )


def _end(edge: Edge, tip: Point) -> str:
    """Draw an edge's arrow head, and its label on the line before it."""
    x, y = tip
    head = f'<path class="tip" d="M{figure(x)} {figure(y)}l-8 -3.5v7z" fill="{LINE}"/>'
    if not edge.label:
        return head
    wide = _label_width(edge)
    left, middle = x - TIP - wide, x - TIP - wide / 2
    behind = rect(left, y - 6, wide, 12, f'fill="{PAPER}"')
    look = f'font-size="{SMALL}" text-anchor="middle" fill="{OP}"'
    label = text(middle, y + 4, edge.label, look)
    return f'{head}<g class="edge-label">{behind}{label}</g>'


def _label_width(edge: Edge) -> float:
    return width(edge.label, SMALL) + 2 if edge.label else 0.0


def _legend(bars: Sequence[Bar], y: float) -> Iterator[str]:
    """Say in a line below the picture what the colours mean."""
    x = MARGIN
    for bar in bars:
        look = f'class="bar" fill="{bar.fill}"'
        yield rect(x, y + 2, SWATCH * bar.length, BAR + 3, look)
        x += SWATCH * bar.length + 5
        yield text(x, y + 10, bar.text, f'font-size="{SMALL}" fill="{INK}"')
        x += width(bar.text, SMALL) + SPACE


def _legend_width(bars: Sequence[Bar]) -> float:
    each = (SWATCH * bar.length + 5 + width(bar.text, SMALL) + SPACE for bar in bars)
    return sum(each) + 2 * MARGIN - SPACE
