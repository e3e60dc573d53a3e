"""A picture as a page: one piece of HTML that needs nothing else, to look around in and to step.

From a picture to a page, and on to steps:

    numbers     the numbers of all nodes, packed
    html        pictures and numbers as HTML; `numbers.js`, `boxes.js` and `page.js`, each built on
                the one before, and `page.css` make them live
    recording   the steps of both passes, packed; `steps.js` walks through them
    animation   the steps as a moving SVG, without a script
    stepper     `Stepper`: the steps, shown in a notebook and saved to a file
"""

from autograd.drawing.page.html import to_html, to_page
from autograd.drawing.page.numbers import Numbers
from autograd.drawing.page.stepper import Stepper, stepper

__all__ = ["Numbers", "Stepper", "stepper", "to_html", "to_page"]
