"""A picture as text for Graphviz."""

from __future__ import annotations

from autograd.drawing.picture import Box, Picture
from autograd.text import escape

RANKDIR = {"right": "LR", "down": "TB"}
LOOKS = {
    "parameter": 'shape=box, color="#0072B2", penwidth=2.5',
    "input": 'shape=box, color="#0072B2"',
    "outside": 'shape=box, style="rounded,dotted", color="#555555"',
    "group": 'shape=box, color="#555555", penwidth=2.5',
    "tag": "shape=plaintext",
    "constant": 'shape=box, style=dashed, color="#555555"',
    "operation": 'shape=box, style=rounded, color="#555555"',
    "output": 'shape=box, style=rounded, color="#555555", peripheries=2',
}


def to_dot(picture: Picture) -> str:
    """Write a picture in the DOT language.

    Examples
    --------
    >>> from autograd import Graph, Value
    >>> from autograd.drawing.pictures import read
    >>> a = Value(2.0, name="a")
    >>> print(to_dot(read(Graph(a + a), {})[""]))
    digraph {
    ...
      "n0" -> "n1" [label="×2"];
    }
    """
    lines = [
        "digraph {",
        f"  rankdir={RANKDIR[picture.direction]};",
        f"  tooltip={_quoted(picture.title)};",
    ]
    lines.append('  node [fontname="Helvetica", fontsize=12];')
    lines.append('  edge [fontname="Helvetica", fontsize=11, color="#707070"];')
    for box in picture.boxes:
        look = f"label=<{_label(box)}>, tooltip={_quoted(box.hover)}, {LOOKS[box.kind]}"
        lines.append(f"  {_quoted(box.key)} [{look}];")
    for edge in picture.edges:
        label = f" [label={_quoted(edge.label)}]" if edge.label else ""
        lines.append(f"  {_quoted(edge.source)} -> {_quoted(edge.target)}{label};")
    return "\n".join([*lines, "}", ""])


def _label(box: Box) -> str:
    """Write what stands in a box in Graphviz's own small part of HTML."""
    title = [f"<b>{escape(box.name)}</b>"] if box.name else []
    title += [escape(box.symbol)] if box.symbol else []
    lines = ["  ".join(title)] if title else []
    for label, value in box.rows:
        text = escape(f"{label} {value}".strip())
        lines.append(f'<font color="#B34700">{text}</font>' if "grad" in label else text)
    return "<br/>".join(lines)


def _quoted(text: str) -> str:
    """Quote a string; Graphviz reads HTML's entities and backslashes in it."""
    lines = escape(text).replace("\\", "\\\\").splitlines()
    return '"' + "\\n".join(lines) + '"'
