"""How a node was computed, and its derivative by another."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograd.backward import starting
from autograd.explaining.check import check, largest_entry
from autograd.explaining.lines import Explanation
from autograd.explaining.paths import UNCOUNTED, Path, count, flowing, largest
from autograd.explaining.rules import operation_of, rules
from autograd.graph import Graph
from autograd.graph.naming import Labels, labels
from autograd.labels import (
    SPECIAL,
    Style,
    derivative,
    figure,
    formula,
    numbers,
    summary,
    symbols,
    written,
)
from autograd.node import Node
from autograd.op import Op
from autograd.stepping import Step, contributions, handing_rule, local_rule, reached
from autograd.text import clean
from autograd.value import Value
from autograd.variables import find_names, of_caller

STYLES: tuple[Style, Style] = ("text", "latex")
MOST_PATHS = 5
MOST_LEAVES = 12
MOST_RULES = 12
LONGEST_PATH = 6  # nodes
Line = tuple[str, str]


def explain(
    x: Op | Node | Callable[..., Any],
    wrt: Node | None = None,
    *,
    names: Mapping[str, object] | None = None,
) -> Explanation:
    """A derivative as text and LaTeX, with the rules that it follows from and its numbers.

    Of an operation such as ``autograd.tanh``: its formula and its derivative by each operand, from
    the table. Of a node: how it was computed, by which rules it hands gradients on, and its
    derivative by each leaf. Of a node with respect to another: that one derivative, the paths that
    it is the sum over, the rules along them, and a check by finite differences.

    Parameters
    ----------
    x : function, Op, Value or Tensor
        What to differentiate.
    wrt : Value or Tensor, optional
        By what: a leaf, or any node between. `x` is then one number.
    names : mapping of str to object, optional
        Where to find names for nodes that were given none: the variables of the caller, if not
        said otherwise.

    Raises
    ------
    TypeError
        If `x` is neither an operation nor a node, or `wrt` no node.
    ValueError
        If `wrt` is given and `x` has more than one element.
    RuntimeError
        If a leaf was changed after it was used, or `x` has nothing to be differentiated by.

    Examples
    --------
    >>> import autograd
    >>> from autograd import Value
    >>> print(autograd.explain(autograd.mul))
    out = x · y
    ∂out/∂x = y
    ∂out/∂y = x
    >>> x = Value(3.0)
    >>> y = x * x + x
    >>> print(y.explain(x))
    ∂y/∂x = 7, the sum over 3 paths
        x → n1 → y: ∂n1/∂x · ∂y/∂n1 = 3 × 1 = 3
        x → n1 → y: ∂n1/∂x · ∂y/∂n1 = 3 × 1 = 3
        x → y: ∂y/∂x = 1
    by the rules
        n1 = x · x, so ∂n1/∂x = x  (by operand 1 alone)
        n1 = x · x, so ∂n1/∂x = x  (by operand 2 alone)
        y = n1 + x, so ∂y/∂n1 = 1
        y = n1 + x, so ∂y/∂x = 1
    by finite differences: 7, a relative difference of ...
    """
    if not isinstance(x, Node):
        op = operation_of(x)
        if wrt is not None:
            raise TypeError(
                f"explain({op.name}) is about every operand; wrt={wrt!r} goes with a node"
            )
        return Explanation(tuple(rules(op)))
    if wrt is not None and not isinstance(wrt, Node):
        raise TypeError(f"explain differentiates by a node, but was given wrt={wrt!r}")
    names = of_caller() if names is None else names
    called = labels(Graph(x), names)
    if wrt is None:
        return _of_node(x, called)
    name = wrt.name or find_names([wrt], names).get(id(wrt), "that node")
    return _by_node(x, wrt, {wrt: clean(name)} | called)


# --- a node by itself


def _of_node(node: Node, called: Labels) -> Explanation:
    """How it was computed, its rules, and its derivative by each leaf."""
    if node.op is None:
        text, latex = _both(lambda s: f"{written(called[node], s)} = {summary(node.data, s)}")
        return Explanation(((f"{text}, a leaf", latex),), node)
    lines = [_both(Step(0, "forward", node, operands=numbers(node), root=node, labels=called).line)]
    if node.requires_grad:
        lines += _rules([(node, i) for i, _ in flowing(node)], node, called)
    if node.requires_grad and np.size(node.data) == 1:
        order, leaves = reached(node)
        gradients = _gradients(order, node)
        reachable = set(leaves)
        shown = [x for x in called if x in reachable and x.requires_grad]
        few = set(sorted(shown, key=lambda leaf: -_size(gradients.get(leaf)))[:MOST_LEAVES])
        chosen = [leaf for leaf in shown if leaf in few]
        lines.append(_note("by the leaves"))
        lines += [_value(node, leaf, gradients.get(leaf), called) for leaf in chosen]
        if len(shown) > len(chosen):
            lines.append(_note(f"    … and {len(shown) - len(chosen):,} more, none larger"))
    return Explanation(tuple(lines), node)


def _value(root: Node, by: Node, gradient: Any, called: Labels) -> Line:
    """``∂y/∂x = 7``; of an array its shape and its largest entry."""
    text, latex = _both(lambda s: _quotient(root, by, called, s) + _amount(by, gradient, s))
    return f"    {text}", latex


def _amount(by: Node, gradient: Any, style: Style) -> str:
    gradient = _nothing(by) if gradient is None else gradient
    if not isinstance(gradient, np.ndarray) or not gradient.ndim:
        return f" = {figure(gradient, style)}"
    shape = summary(gradient, style)
    if not gradient.size:
        return f"  {shape}"
    at = largest_entry(gradient)
    most = figure(gradient[at], style)
    if style == "text":
        return f"  {shape}, largest {most} at {list(at)}"
    return rf" {shape} \text{{, largest }} {most} \text{{ at }} {list(at)}"


def _size(gradient: Any) -> float:
    return 0.0 if gradient is None else float(np.max(np.abs(gradient), initial=0.0))


# --- by another node


def _by_node(root: Node, wrt: Node, called: Labels) -> Explanation:
    """The derivative, the paths that it is the sum over, the rules along them, and a check."""
    seed = starting(root, None)
    order, _ = reached(root)
    between = between_nodes(order, wrt, root)
    ways = count(between, wrt, root)
    if not ways:
        top, by = written(called[root], "text"), written(called[wrt], "text")
        text = f"{derivative(top, by, 'text')} = 0: no gradient flows from {top} to {by}"
        return Explanation((_note(text),), root, wrt, _nothing(wrt), 0)
    gradient = _gradients(order, root, seed).get(wrt, _nothing(wrt))
    scalars = all(isinstance(node, Value) for node in between)
    paths = largest(between, wrt, root, MOST_PATHS) if scalars else ()
    number = "more than 10¹⁸" if ways >= UNCOUNTED else f"{ways:,}"
    text, latex = _value(root, wrt, gradient, called)
    lines = [(text.strip(), latex)]
    if wrt is not root:
        over = ", along one path" if ways == 1 else f", the sum over {number} paths"
        lines = [(text.strip() + over, latex + rf"\text{{{over}}}")]
        lines += [_path(path, called) for path in paths]
    if len(paths) < ways and paths:
        left = number if ways >= UNCOUNTED else f"{ways - len(paths):,}"
        lines.append(_note(f"    … and {left} more, none larger"))
    along = {node for path in paths for node in path.nodes} or {wrt, *between}
    edges = [(n, i) for n in between if n in along for i, x in flowing(n) if x in along]
    if edges:
        lines += [_note("by the rules"), *_rules(edges, root, called, defined=True)]
    checked = check(between, wrt, root, gradient) if np.size(gradient) else None
    lines += [_note(str(checked))] if checked else []
    return Explanation(tuple(lines), root, wrt, gradient, ways, paths, checked)


def _path(path: Path, called: Labels) -> Line:
    """``w → n → L: ∂n/∂w · ∂L/∂n = 2 × 3 = 6``; of a long one the ends, and the product."""

    def line(style: Style) -> str:
        few = len(path.nodes) <= LONGEST_PATH
        nodes = path.nodes if few else (*path.nodes[:2], *path.nodes[-2:])
        names = [written(called[node], style) for node in nodes]
        dot, times, to = (
            (" · ", " × ", " → ") if style == "text" else (r" \cdot ", r" \times ", r" \to ")
        )
        product = figure(path.product, style)
        if not few:
            more, word = f"{len(path.nodes) - 4:,} more", "product"
            if style == "latex":
                more, word = rf"\text{{{more}}}", rf"\text{{{word}}}"
            names[2:2] = [more]
            return f"{to.join(names)}: {word} = {product}"
        factors = [derivative(b, a, style) for a, b in itertools.pairwise(names)]
        numbers = times.join(figure(local, style) for local in path.locals)
        known = f" = {numbers}" if len(factors) > 1 else ""
        return f"{to.join(names)}: {dot.join(factors)}{known} = {product}"

    text, latex = _both(line)
    return f"    {text}", latex


def _rules(
    edges: list[tuple[Any, int]], root: Node, called: Labels, defined: bool = False
) -> list[Line]:
    """The rule of each edge, as many as one reads; where wanted, with what its node is."""

    def line(node: Node, i: int, style: Style) -> str:
        text = local_rule(node, i, called, style) or handing_rule(node, i, root, called, style)
        if not defined:
            return text
        so = ", so " if style == "text" else r"\text{, so } "
        known = formula(node, symbols(node, called, style), style)
        return f"{written(called[node], style)} = {known}{so}{text}"

    lines = []
    for node, i in edges[:MOST_RULES]:
        text, latex = (line(node, i, style) for style in STYLES)
        lines.append((f"    {text}", latex))
    if len(edges) > MOST_RULES:
        lines.append(_note(f"    … and {len(edges) - MOST_RULES:,} more"))
    return lines


def between_nodes(order: list[Any], wrt: Node, root: Node) -> list[Any]:
    """The nodes on the paths from `wrt` to `root`, `wrt` left out."""
    above = {wrt}
    for node in order:
        if node is not wrt and any(x in above for _, x in flowing(node)):
            above.add(node)
    below = {root}
    for node in reversed(order):
        if node in below:
            below.update(x for _, x in flowing(node))
    return [node for node in order if node in above and node in below and node is not wrt]


def _gradients(order: list[Any], root: Node, seed: Any = None) -> dict[Node, Any]:
    """The derivative of `root` by each node that it is handed on to."""
    seed = starting(root, None) if seed is None else seed
    found = {root: seed}
    for node, i, _, _, total in contributions(order, root, seed):
        found[node.operands[i]] = total
    return found


def _nothing(node: Node) -> Any:
    return 0.0 if isinstance(node, Value) else np.zeros(node.shape)


def _quotient(root: Node, by: Node, called: Labels, style: Style) -> str:
    return derivative(written(called[root], style), written(called[by], style), style)


def _both(line: Callable[[Style], str]) -> Line:
    return line("text"), line("latex")


def _note(text: str) -> Line:
    return text, rf"\text{{{text.strip().translate(SPECIAL)}}}"
