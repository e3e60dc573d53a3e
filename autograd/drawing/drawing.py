"""What `draw` gives: a picture that shows itself in a notebook and saves itself to a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from autograd.drawing.dot import to_dot
from autograd.drawing.picture import Picture, read
from autograd.drawing.svg import to_svg
from autograd.graph import Graph
from autograd.graph.naming import names as found
from autograd.graph.naming import of_caller
from autograd.node import Node

if TYPE_CHECKING:
    import graphviz


@dataclass(frozen=True, repr=False)
class Drawing:
    """A picture of a graph as it was when it was drawn. A notebook shows it by itself.

    Attributes
    ----------
    picture : Picture
        The boxes and the edges, as plain data.

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

    picture: Picture

    @cached_property
    def svg(self) -> str:
        """The picture as SVG, laid out the first time it is asked for."""
        return to_svg(self.picture)

    @cached_property
    def dot(self) -> str:
        """The picture in the DOT language of Graphviz."""
        return to_dot(self.picture)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file; the name's ending says in which form.

        The file appears whole or not at all, and replaces one that is there.

        Parameters
        ----------
        path : str or path
            A name that ends in ``.svg``, or in ``.dot`` or ``.gv`` for Graphviz.

        Raises
        ------
        ValueError
            If it ends otherwise.
        FileNotFoundError
            If its folder is not there.
        """
        folder, file = os.path.split(path)
        ending = os.path.splitext(file)[1].lower()
        if ending not in (".svg", ".dot", ".gv"):
            raise ValueError(
                f"save expects a name that ends in .svg, .dot or .gv, but was given {path!r}"
            )
        if not os.path.isdir(folder or "."):
            raise FileNotFoundError(f"save was given {path!r}, but there is no folder {folder!r}")
        text = self.svg if ending == ".svg" else self.dot
        with TemporaryDirectory(prefix=".draw-", dir=folder or ".") as beside:
            whole = os.path.join(beside, file)
            with open(whole, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            os.replace(whole, path)

    def to_graphviz(self) -> graphviz.Source:
        """Hand the picture to the ``graphviz`` package, to be laid out by its ``dot`` program."""
        import graphviz

        return graphviz.Source(self.dot)

    def __repr__(self) -> str:
        return f"<Drawing of {self.picture.summary}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": repr(self)}


def draw(node: object, *, names: Mapping[str, object] | None = None) -> Drawing:
    """Draw the graph that ends in `node`.

    One box a node, with its name, its operation, its value and its gradient. At most 2,000.

    Parameters
    ----------
    node : Value or Tensor
        The output.
    names : mapping of str to object, optional
        Where to find names for nodes that were given none: the variables of the caller, if not
        said otherwise. Lists of nodes give ``w[0]``, ``w[1]``, …

    Raises
    ------
    TypeError
        If `node` is neither a Value nor a Tensor.
    ValueError
        If there would be more than 2,000 boxes.

    Examples
    --------
    >>> from autograd import Value, draw
    >>> w, x = Value(2.0), Value(3.0)
    >>> y = (w * x).tanh()
    >>> [box.name for box in draw(y).picture.boxes]
    ['w', 'x', '', 'y']
    """
    if not isinstance(node, Node):
        hint = "; draw one of them" if isinstance(node, (list, tuple)) else ""
        raise TypeError(
            f"draw expects a Value or a Tensor, but was given {type(node).__name__}: "
            f"{node!r:.60}{hint}"
        )
    graph = Graph(node)
    return Drawing(read(graph, found(graph, of_caller() if names is None else names))[""])
