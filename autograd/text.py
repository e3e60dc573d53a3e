"""How numbers and names are written in a box, and how wide they will be."""

from __future__ import annotations

import math
import unicodedata
from numbers import Real

MINUS = "\N{MINUS SIGN}"
LONGEST = 28  # characters of a name or a value; what is cut is read by hovering

# Widths in ems, at least those of Helvetica, Arial and DejaVu Sans, the widest of the three.
NARROW, MIDDLE, BROAD, WIDE, EMOJI = 0.44, 0.65, 0.86, 1.1, 1.4
WIDTHS = dict.fromkeys("fijlrtI.,:;'|!()[]/ -", NARROW)
WIDTHS |= dict.fromkeys("w+=<>~^#&ABCDEGHKNOPQRSUVXYZ−×÷≤≥≠", BROAD)
WIDTHS |= dict.fromkeys("mMW@%…", WIDE) | {"–": MIDDLE}

ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def number(value: object) -> str:
    """Write a number in four significant digits, with a real minus sign.

    Examples
    --------
    >>> number(0.881373), number(-2.0), number(1234567.0), number(float("-inf"))
    ('0.8814', '−2', '1.235e6', '−inf')
    """
    if not isinstance(value, Real):
        return clip(clean(str(value)))
    mantissa, exponent, power = f"{value:.4g}".partition("e")
    return f"{mantissa}{exponent}{int(power) if power else ''}".replace("-", MINUS)


def clean(text: str) -> str:
    r"""Replace what cannot be drawn, or would break XML: control characters, lone surrogates.

    Examples
    --------
    >>> clean("loss\n🙂\0")
    'loss 🙂�'
    """
    if text.isprintable():
        return text
    joiner = "\N{ZERO WIDTH JOINER}"  # holds compound emoji together
    return "".join(
        " " if c.isspace() else c if c.isprintable() or c == joiner else "\N{REPLACEMENT CHARACTER}"
        for c in text
    )


def escape(text: str) -> str:
    """Write a text as XML and HTML want it.

    Examples
    --------
    >>> escape('<b> & "c"')
    '&lt;b&gt; &amp; &quot;c&quot;'
    """
    return text.translate(ESCAPES)


def clip(text: str) -> str:
    """Cut the middle out of a long text: the end of a path often says most.

    Examples
    --------
    >>> clip("encoder.layers.11.attention.query.w[3]")
    'encoder.layer…ion.query.w[3]'
    """
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    return f"{text[: half - 1]}…{text[-half:]}"


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Estimate from above how wide a text is, in pixels, in any usual sans-serif font.

    Examples
    --------
    >>> width("−0.5", 12) < width("−0.5", 12, bold=True) < width("−0.5", 16)
    True
    """
    return math.ceil(sum(map(_ems, text)) * size * (1.12 if bold else 1))


def _ems(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    other = MIDDLE if character < "\x80" else WIDE if character < "\u2000" else EMOJI
    return WIDTHS.get(character, other)
