"""What `draw` gives: pictures of a graph that show themselves and save themselves to a file."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

from autograd.complaints import require_count
from autograd.drawing.colours import Colour, Marked
from autograd.drawing.dot import to_dot
from autograd.drawing.page import Numbers, to_html, to_page
from autograd.drawing.partials import partial
from autograd.drawing.picture import Direction, Picture
from autograd.drawing.pictures import AT_ONCE, Pictures, read
from autograd.drawing.program import Steps
from autograd.drawing.svg import to_svg
from autograd.graph import Graph, naming
from autograd.node import Node
from autograd.program.program import Program
from autograd.saving import Form, Path, save
from autograd.variables import of_caller

if TYPE_CHECKING:
    import graphviz

Engine = Literal["dot"]

SHARP = 2.0  # pixels of a PNG for each of the picture


@dataclass(frozen=True, repr=False, eq=False)
class Drawing:
    """Pictures of a graph as it was when it was drawn. A notebook shows them by itself.

    Attributes
    ----------
    pictures : mapping of str to Picture
        The boxes and the edges, as plain data: the whole under the empty path, and each part of it
        that is folded under the path that its box `opens`. Of a graph with more than 2,500 boxes,
        the innermost parts are read when they are asked for, with the numbers they have then.
    path : str
        Which of them it shows.
    engine : "dot" or None
        What lays out the SVG: Graphviz, or glassgrad itself.
    graph : Graph
        What was drawn.
    numbers : Numbers
        Those of all its nodes when it was drawn, for the page.
    color : {"gradient", "activation", "operation"} or None
        By what it is coloured.

    Examples
    --------
    >>> from autograd import Value, draw
    >>> a = Value(2.0)
    >>> drawing = draw(a * a)
    >>> drawing
    <Drawing of 2 boxes, 1 edge>
    >>> drawing.svg[:4], drawing.dot[:7]
    ('<svg', 'digraph')
    """

    pictures: Pictures
    path: str
    engine: Engine | None
    graph: Graph
    numbers: Numbers
    color: Colour | None

    @property
    def picture(self) -> Picture:
        """The picture that it shows."""
        return self.pictures[self.path]

    def open(self, path: str) -> Drawing:
        """Show another part of the same graph.

        Parameters
        ----------
        path : str
            Where it stands, as in `Box.opens`; or what it is called, such as ``"MLP"`` or
            ``"MLP › layers.0"``.

        Raises
        ------
        ValueError
            If no part is there, with the parts that are.

        Examples
        --------
        >>> from autograd import Value, draw
        >>> w = [Value(float(i)) for i in range(30)]
        >>> drawing = draw(sum(each * 0.5 for each in w).tanh())
        >>> drawing, drawing.open("mul")
        (<Drawing of 3 boxes, 2 edges>, <Drawing of 3 boxes, 2 edges>)
        """
        for at in self.pictures:
            trail = self.pictures.trail(at)
            if path == at or path in (" › ".join(trail), *trail[-1:]):
                return replace(self, path=at)
        parts = [" › ".join(self.pictures.trail(at)) for at in self.pictures if at]
        there = ", ".join(map(repr, parts[:8])) + ", …" * (len(parts) > 8)
        raise ValueError(
            f"there is no part {path!r:.60} in this drawing; "
            + (f"there are {there}" if parts else "nothing in it is folded")
        )

    @cached_property
    def svg(self) -> str:
        """The picture as SVG, laid out the first time it is asked for."""
        if self.engine == "dot":
            text: str = self.to_graphviz().pipe(format="svg", encoding="utf-8")
            return text
        return to_svg(self.picture)

    @cached_property
    def html(self) -> str:
        """The pictures as a piece of HTML in which parts open, and which needs nothing else."""
        return to_html(self.pictures, self.numbers, path=self.path, colour=self.color)

    @cached_property
    def dot(self) -> str:
        """The picture in the DOT language of Graphviz."""
        return to_dot(self.picture)

    def save(self, path: Path) -> None:
        """Write the picture to a file; the name's ending says in which form.

        The file appears whole or not at all, and replaces one that is there.

        Parameters
        ----------
        path : str or path
            A name that ends in ``.svg``, ``.png`` (with the extra ``png`` installed), ``.html`` for
            a page in which parts open, or ``.dot`` or ``.gv`` for Graphviz.

        Raises
        ------
        ValueError
            If it ends otherwise.
        OSError
            If it cannot be written: its folder is not there, or may not be written into.
        ImportError
            If a PNG is wanted, and what makes it is not installed.
        """
        forms: dict[str, Form] = {
            ".svg": lambda: self.svg,
            ".png": lambda: to_png(self.svg),
            ".html": lambda: to_page(self.picture.title, self.html),
            ".dot": lambda: self.dot,
            ".gv": lambda: self.dot,
        }
        save(path, forms)

    def to_graphviz(self) -> graphviz.Source:
        """Hand the picture to the ``graphviz`` package, to be laid out by its ``dot`` program."""
        import graphviz

        return graphviz.Source(self.dot)

    def __repr__(self) -> str:
        return f"<Drawing of {self.picture.summary}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        shown = {"image/svg+xml": self.svg, "text/plain": repr(self)}
        # What Graphviz laid out is not for our page: then there is the picture alone.
        return shown if self.engine else {"text/html": self.html, **shown}


def to_png(svg: str) -> bytes:
    """Turn SVG into a PNG, twice as fine, so that it is sharp on any screen."""
    try:
        import resvg_py
    except ImportError:
        raise ImportError(
            "to save a PNG, install resvg-py: `pip install 'glassgrad[png]'`; "
            "an .svg needs nothing and is sharp at any size"
        ) from None
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=SHARP))


def draw(
    what: object,
    *,
    names: Mapping[str, object] | None = None,
    at_once: int = AT_ONCE,
    partials: bool = False,
    color: Colour | Marked | None = None,
    direction: Direction = "right",
    path: str = "",
    engine: Engine | None = None,
) -> Drawing:
    """Draw the graph that ends in a node, or in several.

    One box a node, with its name, its operation, its value and its gradient. Where these would be
    many, equal parts are folded (``neurons ×16``), calls of modules are one box each, and each of
    these has a picture of its own, to be seen with ``draw(...).open(...)``.

    Parameters
    ----------
    what : Value, Tensor, Graph, Program, or list, tuple or dict of Values and Tensors
        The outputs, or the graph; of a program the steps, a box each.
    names : mapping of str to object, optional
        Where to find names for nodes that were given none, and are no module's: the variables of
        the caller, if not said otherwise. Lists and dicts of nodes give ``w[0]``, ``w["a"]``, …
    at_once : int
        Up to how many boxes are drawn without folding.
    partials : bool
        Whether to write the local derivatives on the edges: of Values as numbers, of Tensors as the
        rule.
    color : {"gradient", "activation", "operation"} or Diagnosis, optional
        What to show by colour: how large gradients or values are, on a logarithmic scale; which
        operation it is; or what `nn.diagnose` found. A legend stands below.
    direction : {"right", "down"}
        Which way it is drawn, from the leaves to the results.
    path : str
        Which part to show; see `Drawing.open`.
    engine : {"dot"}, optional
        Let Graphviz lay it out; its ``dot`` must be installed. Otherwise glassgrad does it itself.

    Raises
    ------
    TypeError
        If `what` is, or holds, anything else; if an option is of another type.
    ValueError
        If it holds no node; if an option has no such value.
    RuntimeError
        If `engine` is "dot", and there is no such program.

    Examples
    --------
    >>> from autograd import Value, draw
    >>> w, x = Value(2.0), Value(3.0)
    >>> y = (w * x).tanh()
    >>> [box.name for box in draw(y).picture.boxes]
    ['w', 'x', '', 'y']
    """
    if not isinstance(engine, str | None) or engine not in (None, "dot"):
        raise ValueError(f"engine is None or 'dot', but was given {engine!r:.60}")
    if engine == "dot" and shutil.which("dot") is None:
        raise RuntimeError(
            "engine='dot' needs the program `dot` of Graphviz, and it is not on the PATH; "
            "install Graphviz, or leave engine out: glassgrad lays out graphs by itself"
        )
    if not isinstance(direction, str) or direction not in get_args(Direction):
        raise ValueError(f"direction is 'right' or 'down', but was given {direction!r:.60}")
    require_count("at_once", "boxes", at_once)
    variables = of_caller() if names is None else names
    steps = Steps(what, variables) if isinstance(what, Program) else None
    graph = steps.graph if steps else _graph(what)
    called = steps.names if steps else naming.names(graph, variables)
    local = (lambda node, places: partial(node, places, called)) if partials else None
    finish = steps.counted if steps else None
    pictures = read(graph, called, at_once, local, color, direction, finish)
    numbers = Numbers.of(graph, called)
    way = color if isinstance(color, str) else None
    return Drawing(pictures, "", engine, graph, numbers, way).open(path)


def _graph(what: object) -> Graph:
    """The graph to draw; an error that says what was given instead."""
    if isinstance(what, Graph):
        return what
    if isinstance(what, (list, tuple, dict)) and not what:
        raise ValueError(f"draw needs at least one Value or Tensor, but was given {what!r}")
    if not isinstance(what, (Node, list, tuple, dict)):
        raise TypeError(
            "draw expects a Value or a Tensor, several in a list, or a Graph, but was given "
            f"{type(what).__name__}: {what!r:.60}"
        )
    try:
        return Graph(what)
    except TypeError as error:
        raise TypeError(f"draw: {error}") from None
