"""Training, watched: the network with its weights and gradients, the loss, the decision boundary.

From a model to a page, each step plain data:

    reading    which units and weights are drawn, and their numbers at one moment: a frame
    recording  the frames, few enough
    surface    what a model of two inputs answers over the plane, as a heat map and a line
    marks      texts, lines and points
    panels     the loss, and the plane
    scene      a frame as SVG: the network and the panels
    page       all frames as one HTML file that plays them
    watch      `watch`, and the `Watch` that it gives
"""

from nn.watching.watch import Watch, watch

__all__ = ["Watch", "watch"]
