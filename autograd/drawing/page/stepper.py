"""`Stepper`: the forward and the backward pass, to be walked through in a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from autograd.complaints import require_count
from autograd.drawing.page.animation import to_animation
from autograd.drawing.page.html import to_html, to_page
from autograd.drawing.page.numbers import Numbers
from autograd.drawing.page.recording import MOST, pack
from autograd.drawing.pictures import Pictures, read
from autograd.drawing.svg import to_svg
from autograd.graph import Graph
from autograd.node import Node
from autograd.saving import Path, save
from autograd.stepping import Step, steps
from autograd.variables import of_caller

TEXT = 200  # steps that are printed


@dataclass(frozen=True, repr=False)
class Stepper:
    """The steps of both passes, and the picture in which they happen. A notebook shows it.

    Attributes
    ----------
    pictures : mapping of str to Picture
        The graph by parts, the whole first.
    numbers : Numbers
        Those of its nodes when the stepper was made.
    steps : tuple of Step
        The first 10,000 steps at most, if not said otherwise.
    more : bool
        Whether there were more.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(3.0, name="x")
    >>> print(stepper(x * x))
    L = x · x = 3 × 3 = 9
    ∂L/∂L = 1
    ∂L/∂x += ∂L/∂L · ∂L/∂x = 1 × 3 = 3
        ∂L/∂x = x  (by operand 1 alone)
    ∂L/∂x += ∂L/∂L · ∂L/∂x = 1 × 3 = 3, now 6
        ∂L/∂x = x  (by operand 2 alone)
    """

    pictures: Pictures
    numbers: Numbers
    steps: tuple[Step, ...]
    more: bool
    graph: Graph

    @cached_property
    def html(self) -> str:
        """The stepper as a piece of HTML that needs nothing else."""
        return to_html(self.pictures, self.numbers, pack(self.graph, self.steps, self.more))

    @cached_property
    def svg(self) -> str:
        """The steps as a moving picture, which plays wherever an image may: no script, no style."""
        return to_animation(self.pictures[""], self.graph, self.steps, self.more)

    def save(self, path: Path) -> None:
        """Write the stepper to a file; the name's ending says in which form.

        The file appears whole or not at all, and replaces one that is there.

        Parameters
        ----------
        path : str or path
            A name that ends in ``.html`` for a page to step through, or in ``.svg`` for a picture
            that plays the steps by itself, as in a README.

        Raises
        ------
        ValueError
            If it ends otherwise.
        OSError
            If it cannot be written: its folder is not there, or may not be written into.
        """
        title = f"Steps of {self.steps[0].labels[self.steps[0].root]}"
        save(path, {".html": lambda: to_page(title, self.html), ".svg": lambda: self.svg})

    def __str__(self) -> str:
        left = len(self.steps) - TEXT
        count = f"more than {left}" if self.more else left
        ending = [f"… and {count} more; `for step in node.steps()` gives all"] if left > 0 else []
        return "\n".join([*map(str, self.steps[:TEXT]), *ending])

    def __repr__(self) -> str:
        many = "more than " * self.more + str(len(self.steps))
        return f"<Stepper of {many} step{'s' * (len(self.steps) != 1)}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {
            "text/html": self.html,
            "image/svg+xml": to_svg(self.pictures[""]),
            "text/plain": str(self),
        }


def stepper(
    root: Node,
    gradient: Any = None,
    *,
    names: Mapping[str, object] | None = None,
    most: int = MOST,
) -> Stepper:
    """Record the steps of the forward pass to `root` and of ``root.backward()``, to be shown.

    No `grad` is changed.

    Parameters
    ----------
    root : Value or Tensor
        The result.
    gradient : float or array, optional
        The gradient to start from; 1 if omitted, which takes a result with one element.
    names : mapping of str to object, optional
        Where to find names for nodes that were given none: the variables of the caller, if not
        said otherwise. What has no name is called ``n1``, ``n2``, …; the result, ``L``.
    most : int
        How many steps are kept; if there are more, the page says so.

    Returns
    -------
    Stepper

    Raises
    ------
    TypeError
        If `root` is neither a Value nor a Tensor, `names` no mapping, `most` no whole number.
    RuntimeError, ValueError
        As `backward` does: nothing requires a gradient, `gradient` does not fit; if `most` is less
        than 1.
    """
    require_count("most", "steps", most)
    walk = steps(root, gradient, names=of_caller() if names is None else names)
    graph = Graph(root)
    kept = tuple(islice(walk, most))
    called = kept[0].labels
    more = next(walk, None) is not None
    return Stepper(read(graph, called), Numbers.of(graph, called), kept, more, graph)
