"""A graph as a formula."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from autograd.graph import Graph
from autograd.graph.naming import Labels, labels
from autograd.labels import constant, summary, written
from autograd.node import Node
from autograd.symbol import Symbol, render
from autograd.variables import of_caller

LONGEST = 50  # characters of names in one line, about


def latex(output: Node, *, names: Mapping[str, object] | None = None) -> str:
    r"""The formula of a node in terms of the leaves, for mathematical mode.

    What is used more than once is named, and has a line of its own before it is used; so has what
    would make a line too long.

    Parameters
    ----------
    output : Value or Tensor
        The result.
    names : mapping of str to object, optional
        Where to find names for nodes that were given none: the variables of the caller, if not
        said otherwise.

    Raises
    ------
    TypeError
        If `output` is neither a Value nor a Tensor.

    Examples
    --------
    >>> import autograd
    >>> w, x, b = map(autograd.Value, (2.0, -3.0, 1.0))
    >>> y = (w * x + b).tanh()
    >>> print(autograd.latex(y))
    y = \tanh(w \cdot x + b)
    >>> n = w * x
    >>> print(autograd.latex(n / (1.0 + n)))
    \begin{aligned}
    n &= w \cdot x \\
    L &= \frac{n}{1 + n}
    \end{aligned}
    """
    if not isinstance(output, Node):
        raise TypeError(f"latex expects a Value or a Tensor, but was given {output!r:.60}")
    called = labels(Graph(output), of_caller() if names is None else names)
    lines = _lines(output, called)
    if len(lines) == 1:
        return " = ".join(lines[0])
    rows = " \\\\\n".join(f"{left} &= {right}" for left, right in lines)
    return f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"


def _lines(output: Node, called: Labels) -> list[tuple[str, str]]:
    """What is named and its formula, the output last."""
    uses = Counter(operand for node in called for operand in node.parents)
    formulas: dict[Node, Any] = {}  # until it is used, or named
    sizes: Counter[Node] = Counter()
    lines = []
    for node in called:
        name = Symbol(written(called[node], "latex"))
        if node.op is None:
            formulas[node], sizes[node] = name, len(called[node])
            continue
        operands = [
            formulas[x] if isinstance(x, Node) else constant(x, "latex") for x in node.operands
        ]
        formulas[node] = Symbol("", node.op, tuple(operands), node.params)
        sizes[node] = 4 + sum(sizes[x] for x in node.parents)
        if node is output or uses[node] > 1 or sizes[node] >= LONGEST:
            lines.append((name.label, render(formulas[node], "latex")))
            formulas[node], sizes[node] = name, len(called[node])
    if output.op is None:
        lines.append((written(called[output], "latex"), summary(output.data, "latex")))
    return lines
