"""The chain rule: from a result back to the leaves."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import nullcontext
from typing import Any

import numpy as np

from autograd import rules
from autograd.complaints import called, no_gradient, shape_of
from autograd.modes import enable_grad, is_recording, lock, observers, state
from autograd.node import Node, describe, plain
from autograd.op import Op
from autograd.order import Mixed, in_words, topological, topological_values
from autograd.pack import PackedLeaf
from autograd.tensor import Tensor, as_array
from autograd.tracing import refuse
from autograd.value import Value, as_float

_wants_gradient = operator.attrgetter("_requires_grad")


def backward(root: Node, gradient: Any = None) -> None:
    """Add the derivative of `root` to the `grad` of each leaf; see `Node.backward`."""
    if state.tracing:
        refuse("backward()", "gradients, which a replay would not leave anywhere")
    seed = starting(root, gradient)
    op: Any = root.op
    with lock:
        if op and op.pull_leaves and op.pull_leaves(root, seed):
            return
        values = isinstance(root, Value)  # then so is all that it was computed from, as a rule
        try:
            order, leaves = topological_values(root) if values else topological(root)
        except Mixed:
            values, (order, leaves) = False, topological(root)
        if not any(map(_wants_gradient, leaves)):
            _forget(order)
            raise no_gradient(in_words(root), root, leaves)
        before = [leaf.grad for leaf in leaves]
        try:
            for node in leaves if values else order + leaves:
                node.grad = None if isinstance(node, Tensor) else 0.0
            root.grad = seed
            sweep(order, values)
            # Leaves add up from pass to pass. Added here in one go, so that two passes give
            # exactly twice the gradient of one.
            for leaf, grad in zip(leaves, before, strict=True):
                if grad is not None or not leaf._requires_grad:
                    leaf.grad = _total(leaf, grad)
        except BaseException:  # Ctrl-C, too, leaves the leaves as they were
            restore(leaves, before)
            _forget(order)
            raise


def restore(leaves: Iterable[Any], before: Iterable[Any]) -> None:
    """Give leaves the gradients back that they had."""
    for leaf, grad in zip(leaves, before, strict=True):
        if grad is None:
            leaf.zero_grad()
        else:
            leaf.grad = grad


def _forget(order: list[Any]) -> None:
    for node in order:
        node.zero_grad()


def _total(leaf: Any, before: Any) -> Any:
    """The gradient that a leaf had, and what this pass found if it wants any.

    A pack of leaves may have found nothing, where no more than a zero came near it.
    """
    if not leaf._requires_grad or leaf.grad is None:
        return before
    if isinstance(leaf, Value):
        return before + leaf.grad
    return np.asarray(before + leaf.grad)


def starting(root: Any, gradient: Any) -> Any:
    """The gradient to start from, in the form that `root` stores."""
    if not root._requires_grad:
        raise no_gradient(in_words(root), root, [])
    if isinstance(gradient, Node):
        gradient = gradient.data
    if isinstance(root, Value):
        return 1.0 if gradient is None else as_float(gradient)
    data = root._data
    if gradient is None and data.size == 1:
        return np.array(1.0, data.dtype, ndmin=data.ndim)
    if gradient is None:
        raise ValueError(
            f"backward() starts from one number, not from {called(root, 'a result of shape')}; "
            "take its .sum() or .mean(), or give a gradient of its shape: backward(gradient)"
        )
    seed = as_array(gradient)
    if seed.shape != root.shape:
        raise ValueError(
            f"backward() was given a gradient of shape {seed.shape} for "
            f"{called(root, 'a result of shape')}"
        )
    return seed.astype(data.dtype)


def sweep(order: list[Any], values: bool, careful: set[Node] | None = None) -> None:
    """Hand each node's gradient on to its operands, the last node first.

    `careful` are the nodes behind a `where`, as far as they are known; the others are added.
    """
    careful = set() if careful is None else careful
    try:
        for node in observed(reversed(order), lambda node: node.grad):
            op: Any = node.op
            if values or node.__class__ is not Tensor:
                if node.grad:  # nothing comes of a zero, also where a partial is infinite
                    op.pull(node)
            elif op.selects or node in careful:
                general_pull(node, careful)
            else:
                op.array_pull(node)
    except (ArithmeticError, ValueError) as error:
        raise not_finite(error, node) from None


def not_finite(error: Exception, node: Any) -> Exception:
    """The same error, saying in which derivative it was."""
    where = "".join(observer.where(node) for observer in observers())
    return type(error)(f"{error}, in the derivative of {describe(node.op, node.operands)}{where}")


def observed(nodes: Iterator[Any], gradient: Callable[[Any], Any]) -> Iterator[Any]:
    """The same nodes; who watches this thread is told when one has handed its gradient on."""
    return _telling(nodes, gradient) if state.watched else nodes


def _telling(nodes: Iterator[Any], gradient: Callable[[Any], Any]) -> Iterator[Any]:
    for node in nodes:
        yield node
        for observer in observers():
            observer.pulled(node, gradient)


def general_pull(node: Tensor, careful: set[Node] | None = None) -> None:
    """Hand the gradient of a Tensor on to its operands."""
    for operand, share in shares(node, node.grad, set() if careful is None else careful):
        receive(operand, share, shared=True)


def receive(operand: Any, share: Any, shared: bool = False) -> None:
    """Add a contribution, an array of its own unless it is `shared`, to an operand's gradient."""
    if operand.__class__ is not Tensor and isinstance(operand, Value):
        operand.grad += float(fit(share, operand))
        return
    data = operand._data
    if share.__class__ is not np.ndarray:
        share = np.asarray(share)  # NumPy makes a scalar of what has no axes
    if share.shape != data.shape:
        rows = share.shape[1:] == data.shape  # as of a bias; `fit` does the same, more slowly
        share = np.asarray(np.add.reduce(share) if rows else fit(share, operand))
        shared = False
    if share.dtype is not data.dtype:
        share, shared = share.astype(data.dtype), False
    if operand.grad is not None:
        operand.grad = np.asarray(operand.grad + share)
    elif operand.op is None and (shared or share.base is not None):
        operand.grad = share.copy()  # the gradient of a leaf is the user's, to change as well
    else:
        operand.grad = share


def shares(
    node: Any,
    g: Any,
    careful: set[Node],
    graph: bool = False,
    between: Container[Node] | None = None,
) -> Iterator[tuple[Any, Any]]:
    """What `g`, the gradient of a node, adds to the gradient of each of its operands.

    Parameters
    ----------
    node : Node
        A node that was computed.
    g : number, array or node
        Its gradient.
    careful : set of Node
        The nodes behind a `where`, as far as they are known; those behind `node` are added.
    graph : bool
        Whether to compute with nodes, so that the result can be differentiated again.
    between : container of Node, optional
        To which operands to restrict it.
    """
    op = node.op
    guarded = node in careful
    if guarded or op.selects:
        careful.update(node.parents)
    if op.composed:
        for operand, share in _at_once(node, g, graph):
            if between is None or operand in between:
                yield operand, share
        return
    vjp = guarded_vjp if guarded or op.unbounded else Op.vjp
    out = node if graph else node.data
    if isinstance(node, Tensor) and not isinstance(g, Tensor):
        g = np.asarray(g)  # NumPy makes a scalar of what has no axes, which is not an array's
    operands = node.operands if graph else tuple(map(plain, node.operands))
    for i, operand in enumerate(node.operands):
        if not isinstance(operand, Node) or not operand.requires_grad or not op.flows_to(i):
            continue
        if between is not None and operand not in between:
            continue
        if op.variadic:  # all operands, handed on as they are, for each of them
            share = op.vjps[0](i, g, out, operands, **node.params)
        else:
            share = vjp(op, i, g, out, *operands, **node.params)
        yield operand, fit(share, operand)


def _at_once(node: Any, g: Any, graph: bool) -> Iterator[tuple[Any, Any]]:
    """`shares` of an operation that is many in one, all of which are found together."""
    op, operands = node.op, node.operands
    wanted = {i: x for i, x in enumerate(operands) if isinstance(x, Node) and x.requires_grad}
    if not graph:
        _, back = op.pullback(*map(plain, operands), **node.params)
        yield from ((x, back(g, i)) for i, x in wanted.items())
        return
    with enable_grad() if not is_recording() else nullcontext():
        out = op.composed(*operands, **node.params)
        found = hand_on(_down_to(out, set(wanted.values())), {out: g}, graph)
    yield from found.items()


def _down_to(root: Any, operands: set[Node]) -> list[Any]:
    """The nodes that `root` was computed by from some operands, each after its own."""
    order: list[Any] = []
    met, stack = set(operands), [root]
    while stack:
        node = stack.pop()
        if node is None:
            order.append(stack.pop())
        elif node not in met:
            met.add(node)
            stack += (node, None, *(x for x in node.parents if x.op is not None))
    return order


def guarded_vjp(op: Op, i: int, g: Any, out: Any, *operands: Any, **params: Any) -> Any:
    """`Op.vjp` where a partial may be infinite or NaN: there 0 · ∞ = 0."""
    if op.multilinear:
        return _guarded_product(op, i, g, out, *operands, **params)
    if not op.partials:
        return op.vjp(i, g, out, *operands, **params)
    if isinstance(out, (Value, float)):
        if float(g) != 0.0:
            return op.vjp(i, g, out, *operands)
        try:
            share = op.vjp(i, g, out, *operands)
        except (ArithmeticError, ValueError):
            return 0.0
        return share if math.isfinite(float(share)) else 0.0
    with np.errstate(all="ignore"):
        partial = op.partial(i, out, *operands)
        singular = (plain(g) == 0) & ~np.isfinite(plain(partial))
        return g * (rules.where(singular, 0.0, partial) if singular.any() else partial)


def _guarded_product(op: Op, i: int, g: Any, out: Any, *operands: Any, **params: Any) -> Any:
    """The same for products of matrices, in which each zero of `g` meets many numbers."""
    wild = [~np.isfinite(plain(x)) for x in operands]
    if not any(x.any() for x in wild):
        return op.vjp(i, g, out, *operands, **params)
    tame = [rules.where(x, 0.0, operand) for x, operand in zip(wild, operands, strict=True)]
    share = op.vjp(i, g, out, *tame, **params)
    # Where what is infinite met something other than a zero, the sum is no number after all.
    met = op.vjp(i, (plain(g) != 0) * 1.0, plain(out), *(x * 1.0 for x in wild), **params)
    return rules.where(np.asarray(met) > 0, math.nan, share) if np.any(met) else share


def fit(share: Any, operand: Node) -> Any:
    """Sum a contribution over the axes along which the operand was broadcast."""
    if share.__class__ is float:
        return share
    given, wanted = shape_of(share), operand.shape
    if given == wanted:
        return share
    extra = len(given) - len(wanted)
    stretched = tuple(i + extra for i, n in enumerate(wanted) if n == 1 and given[i + extra] != 1)
    share = share.sum(axis=(*range(extra), *stretched))
    return share.reshape(wanted) if stretched else share


def reverse(root: Node, seed: Any, sources: list[Node], graph: bool) -> list[Any]:
    """The derivatives of `root` with respect to `sources`, touching no node's `grad`.

    With `graph` they are nodes, computed by the same rules on nodes and differentiable again;
    otherwise numbers and arrays. None where `root` does not depend on a source.
    """
    with lock:
        order, _ = topological(root)
    packs = {source: source._a for source in sources if source.__class__ is PackedLeaf}
    kept = {*sources, *packs.values()}
    between = set(kept)  # what a gradient passes on the way from the root to a source
    for node in order:
        if any(
            operand in between and node.op.flows_to(i)
            for i, operand in enumerate(node.operands)
            if isinstance(operand, Node)
        ):
            between.add(node)
    gradients = hand_on(order, {root: seed}, graph, between, kept)
    for source, pack in packs.items():
        if pack in gradients:
            share, known = gradients[pack][source._b], gradients.get(source)
            gradients[source] = share if known is None else known + share
    return [gradients.get(source) for source in sources]


def hand_on(
    order: list[Any],
    gradients: dict[Node, Any],
    graph: bool,
    between: Container[Node] | None = None,
    kept: Iterable[Node] = (),
) -> dict[Node, Any]:
    """Hand gradients on from each node to its operands, the last node first.

    What a node has handed on is dropped, unless it is to be kept: what remains are the gradients of
    those, and of what the nodes in `order` were computed from.
    """
    careful: set[Node] = set()
    kept = set(kept)
    try:
        for node in observed(reversed(order), gradients.get):
            if node in gradients:
                g = gradients[node] if node in kept else gradients.pop(node)
                if not graph and isinstance(node, Value) and not g:
                    continue  # nothing comes of a zero, as in `sweep`
                for operand, share in shares(node, g, careful, graph, between):
                    known = gradients.get(operand)
                    gradients[operand] = share if known is None else known + share
    except (ArithmeticError, ValueError) as error:
        raise not_finite(error, node) from None
    return gradients


Node._backward = backward
