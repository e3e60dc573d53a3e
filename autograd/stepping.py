"""The forward and the backward pass as data: one step for each thing that happens."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from autograd import tensor, value
from autograd.backward import starting, sweep
from autograd.complaints import no_gradient
from autograd.graph import Graph
from autograd.graph.naming import Labels, labels
from autograd.labels import (
    Style,
    derivative,
    figure,
    figures,
    formula,
    handed,
    numbers,
    partial,
    rule,
    summary,
    symbols,
    written,
)
from autograd.modes import lock, observers
from autograd.node import Node, ancestors
from autograd.order import in_words, topological
from autograd.value import Value
from autograd.variables import of_caller

__all__ = ["Step", "contributions", "handing_rule", "local_rule", "reached", "steps"]

WIDEST = 32  # characters of a left side: after a longer one the columns are left


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Step:
    """One step of a pass: a node is computed, or hands its gradient on to one operand.

    Printed it says what happens, with names and with numbers; beneath stands the rule.

    Attributes
    ----------
    index : int
        Its place among the steps, from 0.
    phase : {"forward", "backward"}
        In which pass.
    node : Node
        What is computed; or what hands its gradient on.
    parent : Node or None
        The operand that receives; None in the forward pass. The first step back has no node to
        come from: there the result itself receives the gradient to start from.
    position : int or None
        Which of the operands `parent` is, from 0; ``a + a`` has two steps back. None where no
        operand receives.
    upstream : float, ndarray or None
        ``∂L/∂node``, which is handed on.
    local : float, ndarray or None
        ``∂node/∂parent``; None where it is not one number an element, as of a matrix product.
    contribution : float, ndarray or None
        What is added to the gradient of `parent`.
    total : float, ndarray or None
        What `parent` has then. That of a leaf starts from the gradient that stood before.
    operands : tuple
        The numbers and arrays that `node` was computed from.
    root : Node
        The result of the passes.
    labels : mapping of Node to str
        What each node is called.
    width : int
        How wide the left side is printed, so that steps stand in columns.

    Examples
    --------
    >>> from autograd import Value
    >>> w, x = Value(2.0), Value(-3.0)
    >>> n = w * x
    >>> for step in n.steps():
    ...     print(step)
    n = w · x = 2 × −3 = −6
    ∂n/∂n = 1
    ∂n/∂w += ∂n/∂n · ∂n/∂w = 1 × −3 = −3
        ∂n/∂w = x
    ∂n/∂x += ∂n/∂n · ∂n/∂x = 1 × 2 = 2
        ∂n/∂x = w
    """

    index: int
    phase: Literal["forward", "backward"]
    node: Node
    parent: Node | None = None
    position: int | None = None
    upstream: Any = None
    local: Any = None
    contribution: Any = None
    total: Any = None
    operands: tuple[Any, ...] = ()
    root: Node = field(kw_only=True)
    labels: Labels = field(kw_only=True)
    width: int = field(kw_only=True, default=0)

    def __str__(self) -> str:
        line, left, below = self.line(), self._left("text"), self.rule()
        return left.ljust(self.width) + line[len(left) :] + (f"\n    {below}" if below else "")

    def __repr__(self) -> str:
        return f"<Step {self.index}, {self.phase}: {self.line()}>"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def latex(self) -> str:
        """What `print` says, as LaTeX for mathematical mode."""
        below = self.rule("latex")
        line = self.line("latex")
        return rf"\begin{{gathered}} {line} \\ {below} \end{{gathered}}" if below else line

    def line(self, style: Style = "text") -> str:
        """What happens, in one line: ``∂L/∂w += ∂L/∂n · ∂n/∂w = 0.5 × 2 = 1``."""
        if self.phase == "forward":
            return self._computed(style)
        if self.position is None:
            return f"{self._left(style)} = {summary(self.total, style)}"
        return self._received(style) + self._now(style)

    def rule(self, style: Style = "text") -> str | None:
        """The rule that is used: ``∂n/∂w = x``; None where the line itself says it."""
        if self.position is None:
            return None
        return local_rule(self.node, self.position, self.labels, style)

    def _name(self, node: Node, style: Style) -> str:
        return written(self.labels[node], style)

    def _gradient(self, node: Node, style: Style) -> str:
        return derivative(self._name(self.root, style), self._name(node, style), style)

    def _local(self, style: Style) -> str:
        assert self.parent is not None
        return derivative(self._name(self.node, style), self._name(self.parent, style), style)

    def _left(self, style: Style) -> str:
        """What the line is about: the node that is computed, or the gradient that is added to."""
        if self.phase == "forward":
            return self._name(self.node, style)
        return self._gradient(self.node if self.parent is None else self.parent, style)

    def _computed(self, style: Style) -> str:
        node = self.node
        by_name = formula(node, symbols(node, self.labels, style), style)
        known = f"{self._left(style)} = {by_name}"
        if not isinstance(node, Value):
            gap = "  " if style == "text" else " "
            equals = gap if node.shape else " = "
            return f"{known}{equals}{summary(node.data, style)}"
        with_numbers = formula(node, figures(node, self.operands, style), style)
        out = summary(node.data, style)
        return " = ".join(
            [known, *([_times(with_numbers, style)] if with_numbers != out else []), out]
        )

    def _received(self, style: Style) -> str:
        assert self.parent is not None
        assert self.position is not None
        if self.local is None:
            text = handing_rule(self.node, self.position, self.root, self.labels, style)
            return f"{text}{self._amount(style)}"
        adds, dot = ("+=", " · ") if style == "text" else (r"\mathrel{+}=", r" \cdot ")
        upstream = self._gradient(self.node, style)
        head = f"{self._left(style)} {adds} {upstream}{dot}{self._local(style)}"
        if not isinstance(self.node, Value):
            return f"{head}{self._amount(style)}"
        times = " × " if style == "text" else r" \times "
        factors = f"{figure(self.upstream, style)}{times}{figure(self.local, style)}"
        return f"{head} = {factors} = {figure(self.contribution, style)}"

    def _now(self, style: Style) -> str:
        """What a number has grown to, where that is not what was added."""
        if np.ndim(self.total) or np.ndim(self.contribution):
            return ""
        total = figure(self.total, style)
        if total == figure(self.contribution, style):
            return ""
        return f", now {total}" if style == "text" else rf"\text{{, now }} {total}"

    def _amount(self, style: Style) -> str:
        """The contribution as a number, or its shape, and which shape was summed to it."""
        gap, arrow = ("  ", " → ") if style == "text" else (r" \quad ", r" \to ")
        found = np.shape(self.contribution)
        summed = self.local is not None and found != self.node.shape
        shapes = (
            f"{gap}{self.node.shape}{arrow}{found}" if summed else f"{gap}{found}" * bool(found)
        )
        return shapes if found else f"{shapes} = {figure(self.contribution, style)}"


def _times(text: str, style: Style) -> str:
    """Between numbers a cross reads better than a dot."""
    dot, cross = (" · ", " × ") if style == "text" else (r" \cdot ", r" \times ")
    return text.replace(dot, cross)


def local_rule(node: Node, i: int, called: Labels, style: Style) -> str | None:
    """The local derivative by operand i: ``∂n/∂w = x``; None if it has none to print."""
    text = rule(node, i, called, style)
    if text is None:
        return None
    name, parent = written(called[node], style), written(called[node.operands[i]], style)
    line = f"{derivative(name, parent, style)} = {text}"
    if sum(x is node.operands[i] for x in node.operands) == 1:
        return line
    which = f"by operand {i + 1} alone"
    return f"{line}  ({which})" if style == "text" else rf"{line} \quad \text{{({which})}}"


def handing_rule(node: Node, i: int, root: Node, called: Labels, style: Style) -> str:
    """What operand i receives, of a node that has no local derivative: ``∂L/∂W += xᵀ @ ∂L/∂y``."""
    top, name, parent = (written(called[x], style) for x in (root, node, node.operands[i]))
    adds = "+=" if style == "text" else r"\mathrel{+}="
    share = handed(node, i, derivative(top, name, style), called, style)
    return f"{derivative(top, parent, style)} {adds} {share}"


def steps(
    root: Node, gradient: Any = None, *, names: Mapping[str, object] | None = None
) -> Iterator[Step]:
    """The steps of the forward pass to `root`, and then those of `root.backward()`.

    They are the engine's own, in its order and with its numbers: the last `total` of a leaf is, bit
    for bit, the `grad` that `backward` would leave there. Looking changes no `grad`. A Value whose
    gradient is zero hands nothing on, and takes no step.

    The steps are made while you look, so that a graph of any size can be looked at.

    Parameters
    ----------
    root : Value or Tensor
        The result.
    gradient : float or array, optional
        The gradient to start from; 1 if omitted, which takes a result with one element.
    names : mapping of str to object, optional
        Where to find names for nodes that were given none: the variables of the caller, if not
        said otherwise. What has no name is called ``n1``, ``n2``, …; the result, ``L``.

    Returns
    -------
    iterator of Step

    Raises
    ------
    TypeError
        If `root` is neither a Value nor a Tensor.
    RuntimeError, ValueError
        As `backward` does: `gradient` does not fit; or when the steps are made, nothing requires a
        gradient, or a leaf was changed after it was used.

    Examples
    --------
    >>> import autograd
    >>> a = autograd.Value(3.0)
    >>> y = a + a
    >>> [(s.contribution, s.total) for s in autograd.steps(y) if s.parent is a]
    [(1.0, 1.0), (1.0, 2.0)]
    >>> a.grad
    0.0
    """
    if not isinstance(root, Node):
        raise TypeError(f"steps expects a Value or a Tensor, but was given {root!r:.60}")
    seed = starting(root, gradient)
    return _steps(root, seed, labels(Graph(root), of_caller() if names is None else names))


def _steps(root: Node, seed: Any, called: Labels) -> Iterator[Step]:
    order, leaves = reached(root)
    if not any(leaf.requires_grad for leaf in leaves):
        raise no_gradient(in_words(root), root, leaves)
    before = {leaf: leaf.grad for leaf in leaves}
    count = itertools.count()
    same: dict[str, Any] = {"root": root, "labels": called}
    same["width"] = _widest(name for node, name in called.items() if node.op)
    for node in ancestors([root]):
        if node.op is not None:
            yield Step(next(count), "forward", node, operands=numbers(node), **same)
    handed_to = (name for node, name in called.items() if node.requires_grad)
    same["width"] = _widest(derivative(called[root], name, "text") for name in handed_to)
    total = _onto(before.get(root), seed)
    yield Step(next(count), "backward", root, root, contribution=seed, total=total, **same)
    at, data = None, ()
    for node, i, upstream, share, found in contributions(order, root, seed):
        if node is not at:  # once a node, which may have very many operands
            at, data = node, numbers(node)
        parent = node.operands[i]
        yield Step(
            index=next(count),
            phase="backward",
            node=node,
            parent=parent,
            position=i,
            upstream=upstream,
            local=partial(node, i, data),
            contribution=share,
            total=_onto(before.get(parent), found),
            operands=data,
            **same,
        )


def _widest(texts: Iterable[str]) -> int:
    return min(WIDEST, max(map(len, texts), default=0))


def reached(root: Node) -> tuple[list[Any], list[Any]]:
    """The computed nodes that a gradient of `root` reaches, operands first, and the leaves."""
    with lock:
        return topological(root)


def contributions(
    order: list[Any], root: Node, seed: Any
) -> Iterator[tuple[Any, int, Any, Any, Any]]:
    """Run the engine's sweep and tell what it adds to what, touching no node's `grad`.

    Each node's turn is swept by itself, on a copy of the node whose operands are copies, too, and
    receive in its place. Yields the node, the place of the operand, the gradient that is handed
    on, what the operand receives, and what it has received by then.
    """
    gradients: dict[Node, Any] = {root: seed}
    careful: set[Node] = set()  # what lies behind a `where`, as the engine says
    for node in reversed(order):
        upstream = gradients.pop(node, None)
        if upstream is None:  # nothing was handed on to it, as its gradient is zero
            continue
        # Computed operands stay so: only leaves receive a copy, which may lie otherwise in memory,
        # and products of matrices then round otherwise.
        twins = tuple(_twin(x, x.operands) if isinstance(x, Node) else x for x in node.operands)
        twin = _twin(node, twins)
        twin.grad = upstream
        for observer in observers():
            observer.copied(node, twin)
        care = {twin} if node in careful else set()
        sweep([twin], isinstance(node, Value), care)
        for i, (operand, receiver) in enumerate(zip(node.operands, twins, strict=True)):
            if isinstance(operand, Node) and operand.requires_grad and receiver.has_grad:
                share = _onto(None, receiver.grad)
                gradients[operand] = total = _onto(gradients.get(operand), share)
                if receiver in care:
                    careful.add(operand)
                yield node, i, upstream, share, total


def _twin(node: Node, operands: tuple[Any, ...]) -> Any:
    """A copy of a node, with no gradient yet: a leaf, or computed from the operands given."""
    op = node.op if operands else None
    twin: Any
    if not isinstance(node, Value):
        twin = tensor.made(node.data.view(), op, operands, node.params, node.requires_grad)
    elif op is None:
        twin = Value(node.data, requires_grad=node.requires_grad)
    else:
        twin = value.made(node.data, op, operands)
    twin.name = node.name  # errors say it
    return twin


def _onto(before: Any, share: Any) -> Any:
    """A gradient and what is added to it; an array that nobody changes, for it is shown."""
    total = share if before is None else before + share
    if not isinstance(share, np.ndarray):
        return total
    total = np.asarray(total).view()  # NumPy makes a scalar of what has no axes
    total.setflags(write=False)
    return total
