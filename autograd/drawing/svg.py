"""A picture as SVG: only attributes, no style and no script, so that every viewer shows it.

For a page that wants to do more with it, boxes, edges and texts have a ``class``, and say in
``data-`` attributes which they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from autograd.drawing.layout import BETWEEN_LINES, MARGIN, STUB, Layout, Point, Size, lay_out
from autograd.drawing.picture import Bar, Direction, Edge, Picture
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
LABEL = 12  # height of an edge's label
WIDEST = 600  # of a box that is widened for the labels of its edges


def to_svg(picture: Picture) -> str:
    """Write a picture as SVG.

    Examples
    --------
    >>> from autograd import Graph, Value
    >>> from autograd.drawing.pictures import read
    >>> to_svg(read(Graph(Value(1.0)), {})['']).splitlines()[0][:32]
    '<svg xmlns="http://www.w3.org/20'
    """
    sizes, layout = _laid_out(picture)
    legend = list(_legend(picture.legend, layout.height))
    wide = figure(max(layout.width, _legend_width(picture.legend)))
    high = figure(layout.height + (LEGEND if legend else 0))
    turned = "" if picture.direction == "right" else f' data-direction="{picture.direction}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}" role="img" font-family="{FONT}" font-size="{TEXT}"{turned}>',
        f"<title>{escape(picture.title)}</title>",
        f"<desc>{escape(picture.description)}</desc>",
        f'<rect class="paper" width="{wide}" height="{high}" fill="{PAPER}"/>',
    ]
    routed = list(zip(picture.edges, layout.routes, strict=True))
    lines += [_line(edge, route, picture.direction) for edge, route in routed]
    lines += [_end(edge, route[-1], picture.direction) for edge, route in routed]
    loops = _loops(picture)
    for box, corner, extent in zip(picture.boxes, layout.corners, sizes, strict=True):
        lines += draw_box(box, corner, extent, loops.get(box.key, ""))
    if legend:
        lines += ['<g class="legend">', *legend, "</g>"]
    return "\n".join([*lines, "</svg>", ""])


def _laid_out(picture: Picture) -> tuple[list[Size], Layout]:
    """How large each box is, and where everything goes.

    Downwards the layout lies on its side; boxes are widened, so that there is room for the labels
    of the edges that enter from above, side by side.
    """
    index = {box.key: i for i, box in enumerate(picture.boxes)}
    links = [(index[edge.source], index[edge.target]) for edge in picture.edges]
    sizes = [size(box) for box in picture.boxes]
    if picture.direction == "right":
        ends = [max(STUB, _label_width(edge) + TIP + 6) for edge in picture.edges]
        return sizes, lay_out(sizes, links, ends)
    lanes = [BETWEEN_LINES] * len(sizes)
    for (_, target), edge in zip(links, picture.edges, strict=True):
        lanes[target] = max(lanes[target], _label_width(edge) + 4)
    entering = Counter(target for _, target in links)
    for i, (wide, high) in enumerate(sizes):
        room = 2 * (entering[i] - 1) * lanes[i] + 12 if lanes[i] > BETWEEN_LINES else 0
        sizes[i] = max(wide, min(room, WIDEST)), high
    lying = lay_out([(high, wide) for wide, high in sizes], links, lanes=lanes)
    return sizes, lying.on_its_side


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


def _line(edge: Edge, route: Sequence[Point], direction: Direction) -> str:
    """Draw an edge: straight where its points are in line, and swinging where they are not."""
    (x, y), *rest = route
    path = [f"M{figure(x)} {figure(y)}"]
    for to_x, to_y in rest:
        from_, to = (figure(x), figure(y)), (figure(to_x), figure(to_y))
        if direction == "right":
            half = figure((x + to_x) / 2)
            curve = f"C{half} {from_[1]} {half} {to[1]} {to[0]} {to[1]}"
            path.append(f"H{to[0]}" if from_[1] == to[1] else curve)
        else:
            half = figure((y + to_y) / 2)
            curve = f"C{from_[0]} {half} {to[0]} {half} {to[0]} {to[1]}"
            path.append(f"V{to[1]}" if from_[0] == to[0] else curve)
        x, y = to_x, to_y
    return (
        f'<path class="edge" data-source="{edge.source}" data-target="{edge.target}" '
        f'd="{"".join(path)}" fill="none" stroke="{LINE}" stroke-width="1.4"/>'
    )


def _end(edge: Edge, tip: Point, direction: Direction) -> str:
    """Draw an edge's arrow head, and its label on the line before it."""
    x, y = tip
    outline = "l-8 -3.5v7z" if direction == "right" else "l-3.5 -8h7z"
    head = f'<path class="tip" d="M{figure(x)} {figure(y)}{outline}" fill="{LINE}"/>'
    if not edge.label:
        return head
    wide = _label_width(edge)
    x, y = (x - TIP - wide / 2, y) if direction == "right" else (x, y - TIP - LABEL / 2)
    behind = rect(x - wide / 2, y - LABEL / 2, wide, LABEL, f'fill="{PAPER}"')
    look = f'font-size="{SMALL}" text-anchor="middle" fill="{OP}"'
    label = text(x, y + 4, edge.label, look)
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
