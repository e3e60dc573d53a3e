"""Pictures of a graph: one box a node, with its name, operation, value and gradient.

The way of a graph to a picture, each step plain data:

    picture    boxes and edges, frozen
    parts      how nodes and groups hang together
    rows, heat what is written in a box, and arrays in little
    program    a program as a graph, a node a step
    tags       long edges cut short
    reading    one part of a graph, read into a picture
    partials   local derivatives on the edges
    colours    how large gradients are, or which operation it is
    pictures   the pictures of a graph: the whole, and each part that is folded
    layers     which column each box stands in, and in which order
    align      how high it stands there: chains straight, the rest balanced
    settle     small moves at the end
    layout     coordinates of boxes and edges; no box touches another
    svg_box    one box as text, and how large it is
    svg, dot   the picture as text
    page       pictures as a page that opens, finds and colours; and the stepper
    drawing    `draw`, and the `Drawing` that it gives
"""

from autograd.drawing.drawing import Drawing, draw

__all__ = ["Drawing", "draw"]
