"""What pictures of networks are made of: texts, lines that stand for numbers, points."""

from __future__ import annotations

import math

from autograd.text import MINUS, escape, number
from nn.watching.surface import CLASSES, NEGATIVE, POSITIVE

DASH = "5 4"
TINT = 0.25  # how opaque the largest output is in its unit: text on it stays legible
INK, MUTED, EDGE, PAPER = "#1A1A1A", "#555555", "#B0B0B0", "#FFFFFF"
SIGNS = {"positive": POSITIVE, "negative": NEGATIVE}
# Each class, and each sign, has a shape besides its colour.
SHAPES = (
    "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z",
    "M-4 -4h8v8h-8z",
    "M0 -5.5l5 9h-10z",
    "M0 -5.5l5 5.5l-5 5.5l-5 -5.5z",
    "M-1.7 -5h3.4v3.3h3.3v3.4h-3.3v3.3h-3.4v-3.3h-3.3v-3.4h3.3z",
)


def strong(x: float, y: float, text: str, look: str = "", kind: str = "ink") -> str:
    """A text that is read first."""
    return _text(x, y, text, f'class="{kind}" fill="{INK}" {look}')


def small(x: float, y: float, text: str, look: str = "", kind: str = "muted") -> str:
    """A text that is read second."""
    return _text(x, y, text, f'class="{kind}" fill="{MUTED}" font-size="11" {look}')


def _text(x: float, y: float, text: str, look: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {look.strip()}>{escape(text)}</text>'


def border(x: float, y: float, wide: float, high: float) -> str:
    """The border of a panel."""
    return (
        f'<rect class="frame" x="{x:.1f}" y="{y:.1f}" width="{wide}" height="{high}" '
        f'fill="none" stroke="{EDGE}"/>'
    )


def point(x: float, y: float, kind: int, signed: bool) -> str:
    """A sample, in the colour and the shape of its class, or of its sign: 0 positive."""
    sign = ("positive", "negative")[min(kind, 1)]
    colour = SIGNS[sign] if signed else CLASSES[kind % len(CLASSES)]
    name = f'class="{sign}" ' if signed else ""
    return (
        f'<path {name}transform="translate({x:.1f} {y:.1f})" d="{SHAPES[kind % len(SHAPES)]}" '
        f'fill="{colour}" stroke="{PAPER}" stroke-width="1"/>'
    )


def sign(value: float) -> str:
    """The sign of a number; that of 0 and of NaN is positive."""
    return "negative" if value < 0 else "positive"


def share(value: float, scale: float) -> float:
    """How large a number is beside the largest, from 0 to 1."""
    return min(1.0, abs(value) / scale) if math.isfinite(value) else float(math.isinf(value))


def stroke(value: float, scale: float, least: float, most: float) -> str:
    """The colour and the width of a line that stands for a number; dashed if it is negative."""
    dash = f' stroke-dasharray="{DASH}"' if value < 0 else ""
    wide = 0.0 if math.isnan(value) else least + (most - least) * share(value, scale)
    return f'stroke="{SIGNS[sign(value)]}" stroke-width="{wide:.2f}"{dash}'


def tint(value: float, scale: float) -> str:
    """The colour of a unit that gave a number."""
    return f'fill="{SIGNS[sign(value)]}" fill-opacity="{TINT * share(value, scale):.2f}"'


def short(value: float) -> str:
    """Write a number in the few characters that a unit has room for.

    Examples
    --------
    >>> short(-0.1234), short(12.34), short(-1234.0), short(0.0012), short(float("nan"))
    ('−0.12', '12.3', '−1e3', '1e−3', '–')
    """
    if not value or not math.isfinite(value):
        return "–" if math.isnan(value) else number(abs(value) and value)
    size = abs(value)
    if 0.005 <= size < 999.5:
        text = f"{size:.{2 if size < 9.995 else 1 if size < 99.95 else 0}f}"
    else:
        mantissa, _, exponent = f"{size:.0e}".partition("e")
        text = f"{mantissa}e{int(exponent)}".replace("-", MINUS)
    return (MINUS if value < 0 else "") + text


def digits(value: float, count: int) -> str:
    """Write a number in so many significant digits."""
    return number(float(f"{value:.{count}g}"))
