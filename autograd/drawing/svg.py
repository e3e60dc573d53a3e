"""A picture as SVG: only attributes, no style and no script, so that every viewer shows it.

For a page that wants to do more with it, boxes, edges and texts have a ``class``, and say in
``data-`` attributes which they are: see `_box` and `_line`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograd.drawing.layout import Point, lay_out
from autograd.drawing.picture import Box, Edge, Picture
from autograd.text import escape, width

FONT = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
TEXT, NAME, SYMBOL, SMALL = 12, 13, 15, 11  # sizes of letters
ROW, TITLE = 17, 22  # heights of lines
SPACE = 10  # between two texts of a line
LEAST_WIDTH = 116  # enough for most numbers, so that most boxes are equally wide
DOUBLE = 4  # from the outer border of the output to the inner
INK, LEAF, OP, GRAD, LINE = "#1A1A1A", "#0072B2", "#555555", "#B34700", "#707070"

# Told apart by shape as well as by colour: thick, dashed, round, double.
FRAMES = {
    "parameter": f'fill="#F0F7FC" stroke="{LEAF}" stroke-width="2.5"',
    "input": f'fill="#F0F7FC" stroke="{LEAF}" stroke-width="1.3"',
    "outside": f'rx="12" fill="#FFFFFF" stroke="{OP}" stroke-dasharray="1 3"',
    "group": f'rx="4" fill="#F3F3F3" stroke="{OP}" stroke-width="2.5"',
    "tag": 'rx="8" fill="#FFFFFF" stroke="none"',
    "constant": f'rx="4" fill="#FFFFFF" stroke="{OP}" stroke-dasharray="4 3"',
    "operation": f'rx="12" fill="#F8F8F8" stroke="{OP}" stroke-width="1.3"',
    "output": f'rx="12" fill="#FFFFFF" stroke="{OP}" stroke-width="1.3"',
}
INNER_FRAME = f'rx="8" fill="#F8F8F8" stroke="{OP}" stroke-width="1.3"'


def to_svg(picture: Picture) -> str:
    """Write a picture as SVG.

    Examples
    --------
    >>> from autograd import Graph, Value
    >>> from autograd.drawing.reading import read
    >>> to_svg(read(Graph(Value(1.0)), {})['']).splitlines()[0][:32]
    '<svg xmlns="http://www.w3.org/20'
    """
    index = {box.key: i for i, box in enumerate(picture.boxes)}
    links = [(index[edge.source], index[edge.target]) for edge in picture.edges]
    layout = lay_out([size(box) for box in picture.boxes], links)
    wide, high = _figure(layout.width), _figure(layout.height)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}" role="img" font-family="{FONT}" font-size="{TEXT}">',
        f"<title>{escape(picture.title)}</title>",
        f"<desc>{escape(picture.description)}</desc>",
        f'<rect width="{wide}" height="{high}" fill="#FFFFFF"/>',
    ]
    routed = list(zip(picture.edges, layout.routes, strict=True))
    lines += [_line(edge, route) for edge, route in routed]
    lines += [_end(edge, route[-1]) for edge, route in routed]
    for box, corner in zip(picture.boxes, layout.corners, strict=True):
        lines += _box(box, corner)
    return "\n".join([*lines, "</svg>", ""])


def size(box: Box) -> tuple[float, float]:
    """Find how wide and how high a box must be for what is written in it."""
    across, down = _padding(box)
    title = (width(box.name, NAME, bold=True), width(box.symbol, SYMBOL))
    rows = [(width(label, TEXT), width(value, TEXT)) for label, value in box.rows]
    widest = max(a + b + (SPACE if a and b else 0) for a, b in [title, *rows])
    least = 0 if box.kind == "constant" else LEAST_WIDTH
    high = len(box.rows) * ROW + (TITLE if box.name or box.symbol else 0)
    return max(least, widest + 2 * across), high + 2 * down


def _padding(box: Box) -> tuple[float, float]:
    """Room between the text and the border, at the sides and above and below."""
    if box.kind == "constant":
        return 8, 4
    return (12, 11) if box.kind == "output" else (9, 7)


def _line(edge: Edge, route: Sequence[Point]) -> str:
    """Draw an edge: level where its points are, and swinging between different levels."""
    (x, y), *rest = route
    path = [f"M{_figure(x)} {_figure(y)}"]
    for to_x, to_y in rest:
        half, end = _figure((x + to_x) / 2), _figure(to_x)
        start, level = _figure(y), _figure(to_y)
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
    head = f'<path class="tip" d="M{_figure(x)} {_figure(y)}l-8 -3.5v7z" fill="{LINE}"/>'
    if not edge.label:
        return head
    wide = width(edge.label, SMALL) + 2
    left, middle = _figure(x - 9 - wide), _figure(x - 9 - wide / 2)
    return (
        f'{head}<g class="edge-label">'
        f'<rect x="{left}" y="{_figure(y - 6)}" width="{wide}" height="12" fill="#FFFFFF"/>'
        f'<text x="{middle}" y="{_figure(y + 4)}" font-size="{SMALL}" text-anchor="middle" '
        f'fill="{OP}">{edge.label}</text></g>'
    )


def _box(box: Box, corner: Point) -> Iterator[str]:
    (x, y), (wide, high), (across, down) = corner, size(box), _padding(box)
    left, middle, right = x + across, x + wide / 2, x + wide - across
    what = f'data-opens="{box.opens}"' if box.opens else f'data-nodes="{_list(box.nodes)}"'
    yield f'<g class="box {box.kind}" data-key="{box.key}" {what}>'
    yield f"<title>{escape(box.hover)}</title>"
    yield _rect(x, y, wide, high, FRAMES[box.kind])
    if box.kind == "output":
        yield _rect(x + DOUBLE, y + DOUBLE, wide - 2 * DOUBLE, high - 2 * DOUBLE, INNER_FRAME)
    y += down
    if box.name or box.symbol:
        ink = LEAF if box.kind in ("parameter", "input") else INK
        if box.name:
            look = f'class="name" font-size="{NAME}" font-weight="bold" fill="{ink}"'
            yield _text(left, y + 14, box.name, look)
        if box.symbol:
            at, anchor = (right, "end") if box.name else (middle, "middle")
            look = f'class="symbol" font-size="{SYMBOL}" fill="{INK}" text-anchor="{anchor}"'
            yield _text(at, y + 14.5, box.symbol, look)
        y += TITLE
    for label, value in box.rows:
        is_grad = "grad" in label
        if label:
            yield _text(left, y + 13, label, f'class="label" fill="{GRAD if is_grad else OP}"')
        at, anchor = (right, "end") if label else (middle, "middle")
        kind = "grad" if is_grad else "data"
        look = f'class="{kind}" fill="{GRAD if is_grad else INK}" text-anchor="{anchor}"'
        yield _text(at, y + 13, value, look)
        y += ROW
    yield "</g>"


def _rect(x: float, y: float, wide: float, high: float, look: str) -> str:
    return (
        f'<rect x="{_figure(x)}" y="{_figure(y)}" width="{_figure(wide)}" '
        f'height="{_figure(high)}" {look}/>'
    )


def _text(x: float, y: float, text: str, look: str) -> str:
    return f'<text x="{_figure(x)}" y="{_figure(y)}" {look}>{escape(text)}</text>'


def _list(nodes: Sequence[int]) -> str:
    return " ".join(map(str, nodes))


def _figure(value: float) -> str:
    """Write a coordinate, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")
