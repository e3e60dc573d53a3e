"""Pictures of a graph: one box a node, with its name, operation, value and gradient.

The way of a graph to a picture, each step plain data:

    picture    the graph, read once and frozen: boxes and edges
    layers     which column each box stands in, and in which order
    align      how high it stands there: chains straight, the rest balanced
    settle     small moves at the end
    layout     coordinates of boxes and edges; no box touches another
    text       how numbers are written, and how wide they are
    svg, dot   the picture as text
    drawing    `draw`, and the `Drawing` that it gives
"""

from autograd.drawing.drawing import Drawing, draw

__all__ = ["Drawing", "draw"]
