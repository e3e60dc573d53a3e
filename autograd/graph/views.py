"""What a graph can be asked to be written as; the rooms above do it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from autograd.node import Node
from autograd.variables import by_name, of_caller

if TYPE_CHECKING:
    from autograd.drawing import Drawing
    from autograd.drawing.page import Stepper
    from autograd.explaining import Explanation
    from autograd.stepping import Step

Names = Mapping[str, object] | None


class Views:
    """The methods of a `Graph` that hand it on: each is a function of `autograd` on its result.

    What the graph calls its nodes goes before the caller's variables.
    """

    if TYPE_CHECKING:
        output: Any
        names: Mapping[Node, str]

    def draw(self, *, names: Names = None, **options: Any) -> Drawing:
        """A picture of the graph; see `autograd.draw`."""
        from autograd.drawing import draw

        return draw(self, names=of_caller() if names is None else names, **options)

    def steps(self, gradient: Any = None, *, names: Names = None) -> Iterator[Step]:
        """The forward and the backward pass, a step at a time; see `autograd.steps`."""
        from autograd.stepping import steps

        names = of_caller() if names is None else names
        return steps(self._result("steps"), gradient, names=self._over(names))

    def step(self, gradient: Any = None, *, names: Names = None) -> Stepper:
        """The same to walk through, in a picture; see `autograd.drawing.page`."""
        from autograd.drawing.page import stepper

        names = of_caller() if names is None else names
        return stepper(self._result("step"), gradient, names=self._over(names))

    def explain(self, wrt: Node | None = None, *, names: Names = None) -> Explanation:
        """How the result was computed, and its derivative by a node; see `autograd.explain`."""
        from autograd.explaining import explain

        names = of_caller() if names is None else names
        return explain(self._result("explain"), wrt, names=self._over(names))

    def latex(self, *, names: Names = None) -> str:
        """The formula of the result in terms of the leaves; see `autograd.latex`."""
        from autograd.writing import latex

        names = of_caller() if names is None else names
        return latex(self._result("latex"), names=self._over(names))

    def source(self, *, names: Names = None) -> str:
        """Python code that computes value and gradients, and runs alone; see `autograd.source`.

        Examples
        --------
        >>> from autograd import trace, Value
        >>> graph = trace(lambda x, w: w * x, Value(2.0), Value(3.0))
        >>> print(graph.source().splitlines()[3])
        def value_and_gradients(w=3.0, x=2.0):
        """
        from autograd.writing import source

        names = of_caller() if names is None else names
        return source(self._result("source"), names=self._over(names))

    def _result(self, asked: str) -> Node:
        """The one result; an error if there are several."""
        if not isinstance(self.output, Node):
            raise TypeError(
                f"{asked} is about one result, but {self!r} has a {type(self.output).__name__} "
                "of them: make a Graph of one"
            )
        return self.output

    def _over(self, variables: Mapping[str, object]) -> dict[str, object]:
        """The graph's names as variables, before and instead of others."""
        own = {name: node for node, name in self.names.items()}
        return {**own, **by_name(variables), **own}
